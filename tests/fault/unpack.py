#!/usr/bin/env python3
"""unpack.py WORKER: the job "unpack", run alone, on archives of all kinds, damaged and malicious ones among them."""
import bz2
import gzip
import io
import json
import lzma
import pathlib
import random
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile

WORKER = sys.argv.pop(1)
DATA = random.Random(1).randbytes(300_000) + b"a,b,c\n" * 100_000


def tar_of(entries):
    """Bytes of a tar of (name, kind, content or link) each."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", encoding="utf-8", errors="surrogateescape") as archive:
        for name, kind, content in entries:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.linkname = content
                archive.addfile(info)
    return out.getvalue()


class Unpack(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bulkhead-unpack-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.output = self.folder / "out"

    def start(self, name, data, **arguments):
        if data is not None:
            (self.folder / name).write_bytes(data)
        words = [f"{key}={value}" for key, value in arguments.items()]
        return subprocess.Popen([WORKER, "run", "unpack", f"file={self.folder / name}", f"output={self.output}", *words],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def unpack(self, name, data, **arguments):
        process = self.start(name, data, **arguments)
        out, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, said)
        self.assertFalse((self.folder / "out.unpacking").exists())
        return json.loads(out)

    def refuse(self, name, data, *words, **arguments):
        process = self.start(name, data, **arguments)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 1, said)
        for word in words:
            self.assertIn(word, said)
        self.assertFalse(self.output.exists())
        self.assertFalse((self.folder / "out.unpacking").exists(), "something is left over")

    def test_single_files(self):
        zstd = subprocess.run(["zstd", "-c"], input=DATA, capture_output=True, check=True).stdout if shutil.which("zstd") else None
        for name, data in (("x.csv.gz", gzip.compress(DATA)), ("x.csv.xz", lzma.compress(DATA)), ("x.csv.bz2", bz2.compress(DATA)),
                           ("x.csv.zst", zstd)):
            if data is None:
                continue
            result = self.unpack(name, data)
            self.assertEqual((result["kind"], result["bytes"], result["first"]), ("file", len(DATA), "x.csv"))
            self.assertTrue(self.output.read_bytes() == DATA)
            self.output.unlink()

    def test_gzip_that_is_damaged(self):
        """Its checksum and its length stand at the end, and are looked at: also behind the last file of a .tar."""
        tar = tar_of([("a.csv", tarfile.REGTYPE, DATA)])
        for name, data in (("x.csv.gz", gzip.compress(DATA)), ("x.tar.gz", gzip.compress(tar)), ("x.tgz", gzip.compress(tar))):
            for at in (-8, -4):
                broken = bytearray(data)
                broken[at] ^= 1
                self.refuse(name, bytes(broken), "check")
            self.refuse(name, data[:-5], "too early")
        self.unpack("x.csv.gz", gzip.compress(DATA) + gzip.compress(DATA))
        self.assertTrue(self.output.read_bytes() == DATA + DATA)

    def test_archives(self):
        tar = tar_of([("./d/", tarfile.DIRTYPE, ""), ("./d/ü.csv", tarfile.REGTYPE, DATA), ("d/e/f", tarfile.REGTYPE, b""),
                      ("d/same", tarfile.LNKTYPE, "d/ü.csv")])
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("d/ü.csv", DATA)
            archive.writestr("d/e/f", b"")
            archive.writestr("d/same", DATA)
        for name, data in (("x.tar", tar), ("x.tar.gz", gzip.compress(tar)), ("x.tar.xz", lzma.compress(tar)), ("x.zip", packed.getvalue())):
            result = self.unpack(name, data)
            self.assertEqual(result["kind"], "folder")
            self.assertTrue((self.output / "d" / "ü.csv").read_bytes() == DATA)
            self.assertTrue((self.output / "d" / "same").read_bytes() == DATA)
            self.assertEqual((self.output / "d" / "e" / "f").read_bytes(), b"")
            shutil.rmtree(self.output)

    def test_names_that_lead_out(self):
        for name in ("../evil", "a/../../evil", "/tmp/evil", "a/..", ".."):
            self.refuse("x.tar", tar_of([("good", tarfile.REGTYPE, b"1"), (name, tarfile.REGTYPE, b"2")]), "leads out")
        self.assertFalse(pathlib.Path("/tmp/evil").exists())

    def test_links_that_lead_out(self):
        outside = self.folder / "x.tar"
        result = self.unpack("x.tar", tar_of([("link", tarfile.SYMTYPE, "/tmp"), ("ok", tarfile.REGTYPE, b"1")]))
        self.assertEqual(result["skipped"], 1)
        self.assertEqual([entry.name for entry in self.output.iterdir()], ["ok"])
        shutil.rmtree(self.output)
        # through a link that was not made: the folder of that name is a real one, inside
        self.unpack("x.tar", tar_of([("link", tarfile.SYMTYPE, "/tmp"), ("link/evil", tarfile.REGTYPE, b"1")]))
        self.assertTrue((self.output / "link" / "evil").is_file())
        self.assertFalse(pathlib.Path("/tmp/evil").exists())
        shutil.rmtree(self.output)
        self.refuse("x.tar", tar_of([("hard", tarfile.LNKTYPE, "../x.tar")]), "leads out")
        self.refuse("x.tar", tar_of([("hard", tarfile.LNKTYPE, "/etc/passwd")]), "leads out")
        self.refuse("x.tar", tar_of([("hard", tarfile.LNKTYPE, "none")]), "No such file")
        self.assertTrue(outside.exists())

    def test_devices_are_not_made(self):
        result = self.unpack("x.tar", tar_of([("null", tarfile.CHRTYPE, ""), ("pipe", tarfile.FIFOTYPE, ""), ("ok", tarfile.REGTYPE, b"1")]))
        self.assertEqual(result["skipped"], 2)
        self.assertTrue(all(stat.S_ISREG(entry.stat().st_mode) for entry in self.output.iterdir()))

    def test_names_that_are_taken_and_odd_ones(self):
        result = self.unpack("x.tar", tar_of([("a", tarfile.REGTYPE, b"1"), ("./a", tarfile.REGTYPE, b"2"), ("a", tarfile.REGTYPE, b"3"),
                                              ("b\udcff\n", tarfile.REGTYPE, b"4"), ("a//.//", tarfile.DIRTYPE, "")]))
        self.assertEqual(result["renamed"], 2)
        self.assertEqual({entry.name: entry.read_bytes() for entry in self.output.iterdir()},
                         {"a": b"1", "a~2": b"2", "a~3": b"3", "b%FF%0A": b"4"})
        shutil.rmtree(self.output)
        self.refuse("x.tar", tar_of([("a", tarfile.REGTYPE, b"1"), ("a/b", tarfile.REGTYPE, b"2")]), "Not a directory")

    def test_traps(self):
        zeros = gzip.compress(bytes(300_000_000))
        self.refuse("x.gz", zeros, "max_ratio", max_ratio=100)
        self.refuse("x.gz", zeros, "max_bytes", max_bytes=1_000_000)
        self.refuse("x.tar", tar_of([(str(i), tarfile.REGTYPE, b"") for i in range(20)]), "max_files", max_files=10)
        sparse = tar_of([("a", tarfile.REGTYPE, b"")])
        self.refuse("x.tar", sparse[:100], "x.tar")

    def test_damaged_and_foreign(self):
        packed = gzip.compress(tar_of([("a", tarfile.REGTYPE, DATA)]))
        self.refuse("x.tar.gz", packed[: len(packed) // 2], "cannot unpack")
        wrong = bytearray(packed)
        wrong[len(wrong) // 2 :] = bytes(len(wrong) - len(wrong) // 2)
        self.refuse("x.tar.gz", bytes(wrong), "cannot unpack")
        self.refuse("x.csv", b"a,b\n1,2\n", "neither")
        self.refuse("x.zip", b"")
        self.refuse("none", None, "No such file")

    def test_many_files(self):
        result = self.unpack("x.tar", tar_of([(f"{i % 50}/{i}", tarfile.REGTYPE, b"%d" % i) for i in range(5000)]))
        self.assertEqual(result["files"], 5000)
        self.assertEqual((self.output / "7" / "4957").read_bytes(), b"4957")

    def test_what_is_there_stays(self):
        self.output.write_text("mine")
        process = self.start("x.tar", tar_of([("a", tarfile.REGTYPE, b"1")]))
        self.assertIn("already", process.communicate()[1])
        self.assertEqual(self.output.read_text(), "mine")

    def test_cancelled_and_killed(self):
        packed = gzip.compress(bytes(1_000_000_000), 1)
        for number in (signal.SIGINT, signal.SIGKILL):
            process = self.start("x.gz", packed)
            while not (self.folder / "out.unpacking").exists():
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            process.send_signal(number)
            process.communicate(timeout=10)
            self.assertFalse(self.output.exists())
            self.assertEqual((self.folder / "out.unpacking").exists(), number == signal.SIGKILL)
        self.unpack("x.gz", gzip.compress(DATA))


if __name__ == "__main__":
    unittest.main(verbosity=1)
