#!/usr/bin/env python3
"""practices.py SOURCE TESTS: the table of the practices in workers/MANUAL.md keeps its word.

Each heading of the document has its rows; each row says what stands for it here and what shows it; each test that is named is one
of TESTS (a file with a name per line), each function of a test is in its file, each benchmark, example and heading is there.
"""
import pathlib
import re
import sys

HEADINGS = [
    "Crash Resistant Python",
    "Guard All Entry Points",
    "Design (Q)Threads Carefully",
    "Avoid GUI Access from Worker Threads",
    "Use try except",
    "Handle Multiprocessing Explicitly",
    "Crash-Resistant UI Initialization",
    "Catch Global Exceptions",
    "Graceful Exit & Finalization",
    "Avoid Race Conditions",
    "Safe Use of Native Code",
    "DO",
    "DON'T",
    "Multiprocessing on Windows",
    "Examples of defensive use of `__main__` and `closeEvent()` methods",
    "The Golden Checklist",
]
ROWS = {"DO": 4, "DON'T": 4, "The Golden Checklist": 8}  # these are lists: neither more nor less


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1])
    tests = set(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").split())
    manual = (source / "workers/MANUAL.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"(?m)^#+ (.+)$", manual))
    problems = []
    rows = read_rows(manual, problems)
    for heading, row in rows:
        check_row(source, tests, headings, f"{heading}: {row[0][:60]}", row, problems)
    for heading in HEADINGS:
        count = sum(1 for of, _ in rows if of == heading)
        if count == 0 or count != ROWS.get(heading, count):
            problems.append(f"{heading}: {count} rows")
    print(*problems, f"{len(rows)} rows, {len(problems)} problems", sep="\n")
    sys.exit(1 if problems else 0)


def read_rows(manual, problems):
    """(heading, [the document, here, shown by]) of each row."""
    section = manual.split("\n## The practices, sentence by sentence\n")[1].split("\n## ")[0]
    rows, heading, seen = [], None, []
    for line in section.splitlines():
        title = re.fullmatch(r"\*\*(.+)\*\*", line)
        if title:
            heading = title.group(1)
            seen.append(heading)
        elif line.startswith("| ") and not line.startswith("| the document |"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if len(cells) != 3 or not all(cells):
                problems.append(f"not three cells: {line}")
            else:
                rows.append((heading, cells))
    if seen != HEADINGS:
        problems.append(f"headings are not the document's, in its order: {[h for h in seen if h not in HEADINGS] or seen}")
    return rows


def check_row(source, tests, headings, where, row, problems):
    for part in row[2].split(";"):
        match = re.fullmatch(r"\s*`([^`]+)`(?: \(([^)]+)\))?(?:: (.+))?\s*", part)
        if not match:
            problems.append(f"{where}: '{part.strip()}' names no test")
            continue
        name, titles, functions = match.groups()
        bench = name.removeprefix("./test bench ")
        if bench != name:
            if not list((source / "tests/bench").glob(f"bench_{bench}*")):
                problems.append(f"{where}: there is no benchmark '{bench}'")
        elif name not in tests:
            problems.append(f"{where}: there is no test '{name}'")
        for title in titles.split(", ") if titles else []:
            if title not in headings:
                problems.append(f"{where}: the manual has no heading '{title}'")
        check_functions(source, where, name, functions, problems)


def check_functions(source, where, name, functions, problems):
    files = [file for file in (source / f"tests/{room}/{name}.c" for room in ("unit", "fault")) if file.is_file()]
    text = files[0].read_text(encoding="utf-8") if files else ""
    for function in functions.split(", ") if functions else []:
        if not re.search(rf"(?m)^static void {re.escape(function)}\(void \*\*state\)", text):
            problems.append(f"{where}: {name} has no test {function}")


main()
