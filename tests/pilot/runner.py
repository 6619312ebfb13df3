#!/usr/bin/env python3
"""runner.py PILOT SCRIPTS SUBJECT: how the runner ends, and what it says, in its formats."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

PILOT, SCRIPTS, SUBJECT = (os.path.abspath(path) for path in sys.argv[1:4])
OUTPUT = tempfile.mkdtemp(prefix="pilot-runner-")


def run(*words, code, program=SUBJECT):
    done = subprocess.run([PILOT, "--output", OUTPUT, *words, "--", program], capture_output=True, text=True, timeout=120)
    if code is not None and done.returncode != code:
        sys.exit(f"{words}: ended with {done.returncode} and not {code}\n{done.stdout}{done.stderr}")
    return done.stdout


def odd(name):
    return os.path.join(SCRIPTS, "odd", name + ".lua")


def has(text, *parts):
    for part in parts:
        if not re.search(part, text, re.S):
            sys.exit(f"not there: {part}\nin:\n{text}")


def failures():
    junit = os.path.join(OUTPUT, "junit.xml")
    text = run("--junit", junit, odd("fails"), code=1)
    has(text, r'fails.lua:3: #log is expected to have text "another", and has "nothing yet"', "QLabel#log", "picture: .*\\.png",
        "unexpected warnings of Qt:\n *something is odd", "left open: QDialog#ask-dialog", "skip .*for a reason", "3 fail")
    suite = xml.etree.ElementTree.parse(junit).getroot().find("testsuite")
    assert suite.get("tests") == "5" and suite.get("failures") == "3" and suite.get("skipped") == "1", suite.attrib
    assert any("passes # and <is> fine" == case.get("name") for case in suite), "names are as they were"


def tap():
    text = run("--tap", odd("fails"), code=1)
    has(text, "^TAP version 13\n", "\nnot ok 1 - .*fails.lua: a wrong text\n  ---\n", r"\nok 4 - .*passes \\# and <is> fine\n",
        "\nok 5 - .*skipped # SKIP for a reason\n", "\n1..5\n$")
    parser = shutil.which("tap-parser")
    if parser:
        done = subprocess.run([parser], input=text, capture_output=True, text=True)
        has(done.stdout, "plan|PLAN|1\\.\\.5")


def ends():
    has(run(odd("crash"), code=3), "crash .*crash.lua: crashes", "signal 11|code 1", "pass .*and goes on after it")
    has(run("--limit", "1", odd("late"), code=4), "timeout .*takes too long", "limit of 1 s")
    has(run("--retries", "1", odd("flaky"), code=1), "flaky .*now and then", "1 flaky")
    has(run(odd("flaky"), code=1), "fail .*now and then")
    has(run(odd("wrong"), code=2), "wrong .*wrong.lua:2:")
    run("--no-such-option", odd("fails"), code=2)
    run("--grep", "(", odd("fails"), code=2)
    has(run(odd("flaky"), code=3, program="/bin/false"), "ended with code 1 before its event loop ran")


def choices():
    has(run("--grep", "^passes", odd("fails"), code=0), "1 tests")
    has(run("--grep", "^passes", "--repeat", "5", odd("fails"), code=0), "5 tests", "5 pass")
    both = [run("--shard", f"{i}/2", odd("fails"), odd("flaky"), odd("crash"), code=None) for i in (1, 2)]
    counts = [int(re.search(r"(\d+) tests", text).group(1)) for text in both]
    assert sum(counts) == 8, counts
    has(run("-j", "2", "--grep", "passes|fine", odd("fails"), odd("flaky"), code=0), "1 tests")


def lint():
    done = subprocess.run([PILOT, "lint", SUBJECT], env={k: v for k, v in os.environ.items() if k != "DISPLAY"}, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == "", done


def leftovers():
    folder = tempfile.mkdtemp(dir=OUTPUT)
    subprocess.run([PILOT, odd("crash"), "--", SUBJECT], env={**os.environ, "TMPDIR": folder}, capture_output=True, cwd=OUTPUT)
    assert os.listdir(folder) == [], os.listdir(folder)


for part in (failures, tap, ends, choices, lint, leftovers):
    part()
shutil.rmtree(OUTPUT)
print("all as it should be")
