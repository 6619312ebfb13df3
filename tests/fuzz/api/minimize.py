#!/usr/bin/env python3
"""minimize.py LAST FUZZ_API --seed S [...]: the fewest of the calls 1 to LAST after which fuzz_api still ends by a signal or a sanitizer.

Prints their numbers; run fuzz_api with --only on them to see the crash. Best with --threads 0.
"""
import subprocess
import sys
import tempfile

CRASHED = 2  # 0 and 1 are fuzz_api's own ways to end


def crashes(command, steps):
    with tempfile.NamedTemporaryFile("w", suffix=".steps") as file:
        file.write("\n".join(map(str, steps)) + "\n")
        file.flush()
        run = subprocess.run(command + ["--only", file.name, "--percent", "0"], capture_output=True, check=False)
    return run.returncode < 0 or run.returncode >= CRASHED or b"ERROR: AddressSanitizer" in run.stderr


def minimize(command, steps):
    size = len(steps) // 2
    while size >= 1:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size:]
            if crashes(command, fewer):
                steps = fewer
                print(f"{len(steps)} calls", file=sys.stderr)
            else:
                at += size
        size //= 2
    return steps


def main():
    steps = list(range(1, int(sys.argv[1]) + 1))
    command = sys.argv[2:]
    if not crashes(command, steps):
        sys.exit("does not crash with all of them: it needs other threads, or another time")
    print("\n".join(map(str, minimize(command, steps))))


main()
