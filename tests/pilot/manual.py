#!/usr/bin/env python3
"""manual.py PILOT SOURCE PREFIX-LIBS CC FLAGS…: the manual's program and scripts do what it says, and it names all words."""
import pathlib
import re
import subprocess
import sys
import tempfile

pilot, source, compiler, *flags = sys.argv[1:]
manual = (pathlib.Path(source) / "tests/pilot/MANUAL.md").read_text(encoding="utf-8")
prelude = "".join(file.read_text(encoding="utf-8") for file in pathlib.Path(source).glob("tests/pilot/runner/prelude/*.lua"))


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", manual, re.S)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")
    return done.stdout


words = set(re.findall(r"^function api\.(\w+)|^api\.(\w+) =", prelude, re.M))
words = {a or b for a, b in words} | set(re.findall(r"(to_\w+) = ", prelude))
missing = [word for word in sorted(words) if not re.search(rf"\b{word}\b", manual)]
if missing:
    sys.exit(f"the manual does not name: {', '.join(missing)}")

with tempfile.TemporaryDirectory() as folder:
    here = pathlib.Path(folder)
    (program,) = blocks("c")
    (here / "greet.c").write_text(program, encoding="utf-8")
    run(compiler, "-std=c11", str(here / "greet.c"), "-o", str(here / "greet"), *flags)
    scripts = []
    for i, block in enumerate(blocks("lua")):
        scripts.append(str(here / f"{i}.lua"))
        pathlib.Path(scripts[-1]).write_text(block, encoding="utf-8")
    out = run(pilot, "--output", folder, *scripts, "--", str(here / "greet"))
    print(out)
    if len(scripts) < 4 or "skip" not in out:
        sys.exit("not all scripts were run")
    (here / "wrong.lua").write_text(blocks("lua")[0].replace('"#greet"', '"#great"', 1), encoding="utf-8")
    done = subprocess.run([pilot, "--step-limit", "200", "--output", folder, str(here / "wrong.lua"), "--", str(here / "greet")],
                          capture_output=True, text=True)
    if done.returncode != 1 or "#great matches nothing; near to it:\n          #greet\n" not in done.stdout:
        sys.exit(f"the failure is not as in the manual:\n{done.stdout}")
