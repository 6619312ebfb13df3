"""python3-pandas for bench_inspect.sh. make ROWS FILE: a table with numbers, text, categories and missing values. read FILE: prints
thousands of rows a second of read_csv and the figures that inspect gives of each column, from the beginning of the work, without the
start of Python and of pandas; to stderr the same for read_csv alone, and what it found, to compare."""
import csv
import random
import sys
import time


def make(rows, path):
    random.seed(1)
    cities = ["Berlin", "Paris", "Rome", "New York", "Oslo", "Lima, Peru"]
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "age", "income", "score", "city", "member", "weight", "code"])
        for i in range(rows):
            income = "" if random.random() < 0.02 else round(random.lognormvariate(10, 1), 2)
            out.writerow([i, random.randint(18, 90), income, random.gauss(0, 1), random.choice(cities),
                          random.choice(["true", "false"]), round(random.gauss(70, 12), 1), f"K{random.randrange(1000):04d}"])


def read(path):
    import pandas

    begun = time.monotonic()
    table = pandas.read_csv(path)
    alone = time.monotonic() - begun
    facts = []
    for name in table.columns:
        column = table[name]
        facts.append([name, int(column.isna().sum()), int(column.nunique()), column.value_counts().head(10).to_dict()])
        if column.dtype.kind in "if":
            facts[-1] += [column.min(), column.max(), column.mean()]
    took = time.monotonic() - begun
    print(f"{len(table) / alone / 1000:.3f} {len(table)}", *(f"{fact[0]}:{fact[1]}" for fact in facts), file=sys.stderr)
    print(f"{len(table) / took / 1000:.3f}")


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), sys.argv[3])
    else:
        read(sys.argv[2])
