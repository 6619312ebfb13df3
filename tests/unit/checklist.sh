#!/usr/bin/env bash
# checklist.sh PROGRAM: the program passes every row of its checklist, where there is no display and nobody's home; as text and as JSON.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "checklist: $*" >&2; exit 1; }
bare=(env -i PATH="$PATH" HOME="$folder/home" TMPDIR="$folder" ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0")

"${bare[@]}" "$program" --checklist >"$folder/text" 2>"$folder/errors" || fail "code $?: $(grep -A2 ^fail "$folder/text")"
[ ! -s "$folder/errors" ] || fail "it said: $(cat "$folder/errors")"
[ "$(grep -c '^pass  ' "$folder/text")" -eq 16 ] || fail "not sixteen rows: $(cat "$folder/text")"
grep -q '^16 rows: 16 pass, 0 fail$' "$folder/text" || fail "no sum: $(tail -1 "$folder/text")"
rm "$folder/text" "$folder/errors"
[ -z "$(ls -A "$folder")" ] || fail "it left something behind: $(find "$folder" | head)"

# The rows are the document's, in its order and its words
"${bare[@]}" "$program" --checklist=json >"$folder/json" || fail "as JSON: code $?"
python3 - "$folder/json" <<'PYTHON' || fail "the JSON is not right: $(cat "$folder/json")"
import json, sys
result = json.load(open(sys.argv[1]))
rows = result["rows"]
assert result["passed"] == len(rows) == 16 and result["failed"] == 0 and result["program"].endswith("bulkhead")
assert all(row["passed"] is True and row["seen"] and row["here"] and row["took_ms"] >= 0 for row in rows)
assert [row["list"] for row in rows] == ["Golden Checklist"] * 8 + ["DO"] * 4 + ["DON'T"] * 4
assert [row["practice"] + ": " + row["why"] for row in rows[:8]] == [
    'if __name__ == "__main__": Prevents multiprocessing chaos on Windows',
    "freeze_support(): Required for multiprocessing start-up safety",
    "closeEvent() with waitForDone(): Ensures graceful thread shutdown",
    "Logging active threads at shutdown: Helps catch lingering daemon threads",
    "try/finally in GUI event handlers: Prevents half-torn state on exceptions",
    "atexit.register() cleanup: Captures exit logic even on fatal errors",
    "Top-down signal flow (progress_signal.emit(…)): Maintains separation between GUI and workers",
    "Using QTimer.singleShot(…) to stage UI init: Avoids race conditions in UI bootstrapping",
]
assert [row["practice"] for row in rows[8:]] == [
    'Use if __name__ == "__main__" as the starting point for all Qt and top-level logic.',
    "Use freeze_support() when Multiprocessing on Windows.",
    "Delay heavy Qt creation until QApplication exists.",
    "Define show_main_window() globally but call it from inside __main__.",
    "Put splash screens or QTimer at module level.",
    "Let subprocesses trigger Qt code.",
    "Use global QApplication objects outside guarded code.",
    "Start UI in worker subprocesses.",
]
assert len({row["name"] for row in rows}) == 16
PYTHON
