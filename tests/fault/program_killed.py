#!/usr/bin/env python3
"""program_killed.py PROGRAM [MOMENTS [SEED]]: the demo of the program is killed with SIGKILL at many moments. Each time nothing that it had said
is lost, no process is left, and the next start goes on; in the end it has made the same models as one that nobody killed."""
import hashlib
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ENDED = {"done", "failed", "stopped", "killed"}


def fail(text):
    sys.exit(f"program_killed: {text}")


def processes_of(folder):
    """Command lines and open folders of all processes that still work for the project."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            files = [os.readlink(f) for f in (entry / "fd").iterdir()]
            if any(f.startswith(str(folder) + "/") for f in files):
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def children_of(pid):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
        except (OSError, IndexError):
            continue
    return found


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def rows(folder, sql):
    try:
        with sqlite3.connect(f"file:{folder}/project.db?mode=ro", uri=True) as base:
            return base.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []  # it was killed before there was one


def models(folder):
    found = {}
    for number, name in rows(folder, "SELECT id, name FROM runs WHERE state = 'done'"):
        found[name] = hashlib.sha256((folder / "runs" / str(number) / "model.json").read_bytes()).hexdigest()
    return found


def said_done(output, kind):
    return sum(line.startswith("done") and f" {kind} " in line for line in output.splitlines())


def check_kept(folder, before, output):
    """What was said to be done is in the database: it is said after it has been committed."""
    for kind, table in (("train", "runs"), ("fetch", "fetches")):
        count = rows(folder, f"SELECT count(*) FROM {table} WHERE state = 'done'")
        now = count[0][0] if count else 0
        if now < before[kind] + said_done(output, kind):
            fail(f"{kind}: {before[kind]} were done before, and {said_done(output, kind)} more said so, but {now} are kept")
        before[kind] = now


def kill_once(program, folder, after, environment):
    with open(folder.parent / "output", "w+") as output:
        started = subprocess.Popen([program, "--demo", "--quit-when-idle", str(folder)], stdout=output,
                                   stderr=subprocess.DEVNULL, env=environment)
        time.sleep(after)
        workers = children_of(started.pid)
        ended = started.poll() is not None
        started.send_signal(signal.SIGKILL)
        code = started.wait()
        if ended and code != 0:
            fail(f"it ended by itself with {code} after {after:.3f} s")
        until = time.monotonic() + 3
        while any(alive(w) for w in workers) or processes_of(folder):
            if time.monotonic() > until:
                fail(f"left after SIGKILL at {after:.3f} s: {processes_of(folder)}")
            time.sleep(0.01)
        output.seek(0)
        return output.read(), ended


def finish(program, folder, environment):
    done = subprocess.run([program, "--demo", "--quit-when-idle", str(folder)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, env=environment, timeout=60)
    if done.returncode != 0:
        fail(f"the next start ended with {done.returncode}: {done.stdout}{done.stderr}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, moments = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10
    chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    base = pathlib.Path(tempfile.mkdtemp(prefix="program-killed-"))
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(base), XDG_CONFIG_HOME=str(base / "config"))
    began = time.monotonic()
    finish(program, base / "whole", environment)
    takes = time.monotonic() - began
    expected = models(base / "whole")
    if len(expected) < 8:
        fail(f"the demo has made {len(expected)} models only")
    kills = rounds = 0
    while kills < moments:
        rounds += 1
        folder, before, ended = base / f"project-{rounds}", {"train": 0, "fetch": 0}, False
        while kills < moments and not ended:
            output, ended = kill_once(program, folder, chance.uniform(0, takes), environment)
            check_kept(folder, before, output)
            kills += not ended
        finish(program, folder, environment)
        if models(folder) != expected:
            fail(f"other models than without kills, in {folder}")
        shutil.rmtree(folder)
    shutil.rmtree(base)
    print(f"killed {kills} times, in {rounds} projects: nothing lost")


main()
