#!/usr/bin/env python3
"""record.py PILOT SCRIPT SUBJECT: what the recorder writes of what SCRIPT does is as it should be; run, it does the same
and is recorded as the same; but for expectations and what is set, which leave no trace."""
import os
import re
import subprocess
import sys
import tempfile

pilot, script, subject = (os.path.abspath(path) for path in sys.argv[1:4])


def run(path):
    done = subprocess.run([pilot, "--output", "out", path, "--", subject], capture_output=True, text=True, timeout=300)
    if done.returncode:
        sys.exit(f"{path} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    with open("here.txt", "w", encoding="utf-8") as file:
        file.write("something\n")
    written = re.findall(r"^recorded (\w*)\n(.*?)^end of it$", run(script), re.M | re.S)
    if len(written) < 15:
        sys.exit(f"only {len(written)} recordings")
    with open("again.lua", "w", encoding="utf-8") as file:
        for i, (scene, lines) in enumerate(written):
            begin = f'call("#subject", "scene", "{scene}")\n' if scene else ""
            run_again = lines if re.search(r"^(expect|set)\(", lines, re.M) else f"same(recorded(function()\n{lines}end), [==[\n{lines}]==])\n"
            file.write(f'test("{i}", function()\n{begin}{run_again}end)\n')
    print(run("again.lua"))
