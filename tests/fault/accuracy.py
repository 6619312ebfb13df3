#!/usr/bin/env python3
"""accuracy.py WORKER DATA: what the jobs train and predict on real data, beside XGBoost's own command line on the same rows with the same
parameters. DATA is the folder of the test package_data.

Each is trained on two thirds of the rows, and asked about the rest. How often each is wrong may differ by chance alone."""
import bz2
import csv
import gzip
import lzma
import math
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile

NAMES = {b"\x1f\x8b": gzip, b"BZ": bz2, b"\xfd7": lzma}
SYMBOL, PAIRS, TEXT, LOGICALS, INTEGERS, NUMBERS, TEXTS, LIST = 1, 2, 9, 10, 13, 14, 16, 19
REFERENCE, NOTHING = 255, 254


class Rda:
    """What R's save() writes: the first object, as Python's own."""

    def __init__(self, path):
        packed = pathlib.Path(path).read_bytes()
        self.bytes = NAMES[packed[:2]].decompress(packed)
        assert self.bytes[:7] == b"RDX2\nX\n", self.bytes[:7]
        self.at = 7 + 12
        self.symbols = []

    def take(self, format_, size):
        self.at += size
        return struct.unpack(">" + format_, self.bytes[self.at - size : self.at])

    def number(self):
        return self.take("i", 4)[0]

    def pairs(self, flags):
        found = {}
        while flags & 255 == PAIRS:
            if flags & 0x200:
                self.item()
            tag = self.item() if flags & 0x400 else None
            found[tag] = self.item()
            flags = self.number()
        return found

    def vector(self, flags, kind):
        count = self.number()
        if kind in (TEXTS, LIST):
            values = [self.item() for _ in range(count)]
        else:
            size = 8 if kind == NUMBERS else 4
            values = list(self.take(f"{count}{'d' if size == 8 else 'i'}", size * count))
        attributes = self.item() if flags & 0x200 else {}
        if "levels" in attributes:
            values = [attributes["levels"][value - 1] for value in values]
        return dict(zip(attributes["names"], values)) if kind == LIST and "names" in attributes else values

    def item(self):
        flags = self.number()
        kind = flags & 255
        if kind == NOTHING:
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == TEXT:
            length = self.number()
            return self.take(f"{length}s", length)[0].decode() if length >= 0 else None
        if kind == PAIRS:
            return self.pairs(flags)
        assert kind in (LOGICALS, INTEGERS, NUMBERS, TEXTS, LIST), kind
        return self.vector(flags, kind)


# --- the data: rows of numbers, the first is what is to be predicted; how many classes, 0 for a number


def spam(data):
    table = next(iter(Rda(data / "spam.rda").item().values()))
    label = table.pop("type")
    kinds = sorted(set(label))
    return [[kinds.index(kind), *row] for kind, row in zip(label, zip(*table.values()))], 2


def breast_cancer(data):
    rows = list(csv.reader(open(data / "breast_cancer.csv", encoding="utf-8")))[1:]
    return [[int(row[-1]), *map(float, row[:-1])] for row in rows], 2


def randhie(data):
    rows = list(csv.reader(open(data / "randhie.csv", encoding="utf-8")))
    target = rows[0].index("mdvis")
    return [[float(row[target]), *(float(v) for i, v in enumerate(row) if i != target)] for row in rows[1:]], 0


def fashion(data):
    count, pixels = 2000, 784
    images = gzip.open(data / "train-images-idx3-ubyte.gz").read(16 + count * pixels)[16:]
    labels = gzip.open(data / "train-labels-idx1-ubyte.gz").read(8 + count)[8:]
    return [[labels[i], *images[i * pixels : (i + 1) * pixels]] for i in range(count)], 10


# --- both ways


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def write(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(",".join(map(repr, row)) + "\n")


def theirs(folder, classes, rounds):
    kind = f"multi:softmax\nnum_class = {classes}" if classes > 2 else "binary:logistic" if classes else "reg:squarederror"
    (folder / "conf").write_text(f"""objective = {kind}
eta = 0.3
max_depth = 6
num_round = {rounds}
tree_method = hist
nthread = 2
data = "{folder}/train.csv?format=csv&label_column=0"
model_out = "{folder}/cli.json"
test:data = "{folder}/test.csv?format=csv&label_column=0"
name_pred = "{folder}/cli.txt"
""")
    run("xgboost", folder / "conf", "task=train")
    run("xgboost", folder / "conf", "task=pred", f"model_in={folder}/cli.json")
    said = [float(line) for line in (folder / "cli.txt").read_text().split()]
    return [float(value > 0.5) for value in said] if classes == 2 else said


def ours(worker, folder, classes, rounds):
    run(worker, "run", "train", f"file={folder}/train.csv", "header=false", "target=#1", f"target_is={'class' if classes else 'number'}",
        f"run={folder}/run", "validation=0", f"rounds={rounds}", "eta=0.3", "max_depth=6", "nthread=2")
    run(worker, "run", "predict", f"model={folder}/run/model.json", f"file={folder}/test.csv", f"output={folder}/ours.csv")
    rows = list(csv.reader(open(folder / "ours.csv", encoding="utf-8")))[1:]
    return [float(row[1]) for row in rows]


def error(said, rows, classes):
    assert len(said) == len(rows), (len(said), len(rows))
    if classes:
        return sum(value != row[0] for value, row in zip(said, rows)) / len(rows)
    return math.sqrt(sum((value - row[0]) ** 2 for value, row in zip(said, rows)) / len(rows))


def compare(worker, name, rows, classes, rounds):
    random.Random(7).shuffle(rows)
    cut = len(rows) * 2 // 3
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bulkhead-accuracy-"))
    try:
        write(folder / "train.csv", rows[:cut])
        write(folder / "test.csv", rows[cut:])
        mine, other = (error(said, rows[cut:], classes)
                       for said in (ours(worker, folder, classes, rounds), theirs(folder, classes, rounds)))
    finally:
        shutil.rmtree(folder)
    noise = 2 * math.sqrt(other * (1 - other) / (len(rows) - cut)) if classes else 0.02 * other
    print(f"{name}: {mine:.4f}, the command line {other:.4f}, noise {noise:.4f}")
    return mine <= other + noise


def main():
    worker, data = sys.argv[1], pathlib.Path(sys.argv[2])
    os.environ["OMP_WAIT_POLICY"] = "passive"  # threads that spin while they wait cost more than all the rest
    if not shutil.which("xgboost"):
        print("NOT TESTED: there is no xgboost, the command line")
        return
    bad = [f.__name__ for f, rounds in ((breast_cancer, 30), (spam, 30), (randhie, 30), (fashion, 4))
           if not compare(worker, f.__name__, *f(data), rounds)]
    if bad:
        sys.exit(f"worse than the command line: {bad}")


main()
