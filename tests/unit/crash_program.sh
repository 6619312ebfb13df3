#!/usr/bin/env bash
# crash_program.sh BULKHEAD_CRASH CRASHER: what bulkhead-crash says of a record, as text and as JSON, and of what is none.
set -euo pipefail
show=$1 crasher=$2
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
fail() { echo "$*" >&2; exit 1; }

XDG_STATE_HOME=$folder "$crasher" worker segv >/dev/null 2>&1 && fail "it did not crash"
record=$(echo "$folder"/*/crashes/*.crash)
[ -s "$record" ] || fail "there is no record"

"$show" "$record" >"$folder/text"
grep -q 'SIGSEGV at address 0x2468' "$folder/text" || fail "no signal: $(cat "$folder/text")"
grep -Eq '^#0 +crasher_write_nowhere \(.*crasher\.h:[0-9]+\) \[' "$folder/text" || fail "no place: $(cat "$folder/text")"
grep -q '^  job crashing$' "$folder/text" || fail "no note"
[ "$("$show" - <"$record")" = "$(cat "$folder/text")" ] || fail "standard input says something else"

"$show" "$record" --json | python3 -c '
import json, sys
record = json.load(sys.stdin)
assert record["signal"] == "SIGSEGV" and record["address"] == "0x2468" and record["whole"], record
places = [place for frame in record["frames"] for place in frame["places"]]
assert places[0]["function"] == "crasher_write_nowhere" and places[0]["line"] > 0, places
assert any(place["function"] == "crasher_on_worker" for place in places), places
assert "job crashing" in record["notes"] and record["registers"], record
assert any(len(module["build_id"]) >= 16 and module["path"].startswith("/") for module in record["modules"]), record
'

# Cut anywhere it is still shown, or refused; a module that is another file now is not believed
for size in 10 100 1000 3000; do
    head -c "$size" "$record" >"$folder/cut"
    "$show" "$folder/cut" >"$folder/out" 2>&1 || [ "$size" = 10 ] || fail "cut at $size: $(cat "$folder/out")"
    "$show" "$folder/cut" --json >"$folder/out" 2>&1 || [ "$size" = 10 ] || fail "cut at $size, as JSON"
done
sed -E 's/^(module .* )[0-9a-f]{40} /\10000000000000000000000000000000000000000 /' "$record" >"$folder/changed"
"$show" "$folder/changed" >"$folder/out"
grep -Eq '^#0 +[^ ]+\+0x[0-9a-f]+$' "$folder/out" || fail "it believes another build: $(head -8 "$folder/out")"

for wrong in /nowhere /dev/null "$show"; do
    code=0
    "$show" "$wrong" >/dev/null 2>"$folder/out" || code=$?
    if [ "$code" != 1 ] || ! grep -q "$wrong" "$folder/out"; then
        fail "$wrong: code $code: $(cat "$folder/out")"
    fi
done
