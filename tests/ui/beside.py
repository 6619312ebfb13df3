#!/usr/bin/env python3
"""beside.py PROGRAM: what bulkhead-pilot starts instead of PROGRAM where a script needs company. It becomes PROGRAM, and leaves a helper beside it
that does what no window can:

- It serves files over HTTP on loopback; list.txt in the test's folder has their addresses and checksums, a file each: kinds.csv, tables.zip, and
  slow.bin, which does not come to its end before the test has written a file "hurry".
- A file "kill" that the test writes is a signal's name: PROGRAM gets it.
- A file "project.db" is there in place of the project's database at the next start.
- For a file "big" it writes big.csv.gz, which takes seconds to look at.
- The file "asked" says how many bytes of slow.bin somebody has asked for since the start, "size" how many it has.

The helper ends with PROGRAM. A test that starts PROGRAM again finds the same addresses."""
import gzip
import hashlib
import io
import os
import pathlib
import random
import select
import shutil
import signal
import sys
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
sys.dont_write_bytecode = True
from fetch_server import Server  # noqa: E402

HERE = pathlib.Path(os.environ["TMPDIR"]).parent / "files"
DATABASE = pathlib.Path(os.environ["XDG_DATA_HOME"]) / "bulkhead/default/project.db"


def put(name, content):
    """Whole, or not there."""
    (HERE / (name + ".new")).write_bytes(content)
    os.replace(HERE / (name + ".new"), HERE / name)


def taken(name):
    """What the test has written to a file of that name, if it has; the file goes."""
    try:
        text = (HERE / name).read_text()
    except FileNotFoundError:
        return None
    if text:
        (HERE / name).unlink()
    return text


def table(rows):
    lines, chance = ["length,width,kind"], random.Random(7)
    for _ in range(rows):
        length, width = chance.uniform(0, 10), chance.uniform(0, 10)
        lines.append(f"{length:.3f},{width:.3f},{'long' if length > width else 'wide'}")
    return "\n".join(lines).encode() + b"\n"


def archive():
    bytes_ = io.BytesIO()
    with zipfile.ZipFile(bytes_, "w") as made:
        made.writestr("inside.csv", table(20))
    return bytes_.getvalue()


def serve():
    """The port of an earlier start, which its helper gives back as soon as it sees that its program has gone."""
    kept = HERE / "port"
    deadline = time.monotonic() + 30
    while True:
        try:
            server = Server(int(kept.read_text()) if kept.exists() else 0)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    kept.write_text(str(server.server_address[1]))
    files = {"kinds.csv": table(100), "tables.zip": archive(), "slow.bin": random.Random(8).randbytes(8000000)}
    for name, body in files.items():
        server.add("/" + name, body)
    (HERE / "asked").unlink(missing_ok=True)  # of an earlier start
    put("size", str(len(files["slow.bin"])).encode())
    put("list.txt", "".join(
        f"{server.url('/' + name)}\n  out={name}\n  checksum=sha-256={hashlib.sha256(body).hexdigest()}\n"
        for name, body in files.items()).encode())
    return server


def bytes_asked(requests, size):
    """Each counts once, however often it was asked for. NONE asks for all."""
    count = end = 0
    for begin, to in sorted(asked or (0, size) for asked in requests):
        begin, to = max(begin, end), min(to, size)
        count += max(0, to - begin)
        end = max(end, to)
    return count


def accompany(pidfd, server):
    """Until the program has gone, which its descriptor tells."""
    slow = server.files["/slow.bin"]
    gone = select.poll()
    gone.register(pidfd, select.POLLIN)
    said = before = 0
    while not gone.poll(10):
        slow.rate = None if (HERE / "hurry").exists() else 10000
        asked = bytes_asked(list(slow.requests), len(slow.body))
        if said != asked and asked == before:  # a request that has just come is not understood yet
            said = asked
            put("asked", str(asked).encode())
        before = asked
        if taken("big"):
            put("big.csv.gz", gzip.compress(b"a,b,c\n" + b"1,2,3\n" * 1500000, 1) * 60)
        name = taken("kill")
        if name:
            signal.pidfd_send_signal(pidfd, signal.Signals["SIG" + name])


def help_beside(pid, ready):
    """In a process of its own, which keeps nothing of the program's open."""
    pidfd = os.pidfd_open(pid)
    for entry in os.listdir("/proc/self/fd"):
        if int(entry) > 2 and int(entry) not in (pidfd, ready):
            try:
                os.close(int(entry))
            except OSError:
                pass  # that of the listing
    server = serve()
    os.write(ready, b"1")
    os.close(ready)
    accompany(pidfd, server)


def main():
    # What the runner puts before PROGRAM is for Qt
    before, program = sys.argv[1:3], sys.argv[3]
    if (HERE / "project.db").exists():
        shutil.move(HERE / "project.db", DATABASE)
    there, ready = os.pipe()
    pid = os.getpid()
    if os.fork() == 0:
        if os.fork() == 0:
            help_beside(pid, ready)
        os._exit(0)
    os.wait()
    os.close(ready)
    if os.read(there, 1) != b"1":
        sys.exit("beside.py: the helper did not start")
    os.close(there)
    os.execv(program, [program, *before, *sys.argv[4:]])


main()
