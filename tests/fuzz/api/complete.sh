#!/usr/bin/env bash
# complete.sh FUZZ_API LIBRARY...: the fuzzer has an entry for each function that the libraries export, and no other.
set -euo pipefail
fuzz_api=$1
shift
exported=$(nm -D --defined-only "$@" | awk '$2 == "T" && $3 ~ /^bh_[^_]/ { sub(/@.*/, "", $3); print $3 }' | sort -u)
entries=$("$fuzz_api" --list | sort)
twice=$(uniq -d <<<"$entries")
[ -z "$twice" ] || { echo "more than one entry: $twice" >&2; exit 1; }
difference=$(diff <(echo "$exported") <(echo "$entries")) || {
    echo "exported (<) and fuzzed (>) differ:" >&2
    grep '^[<>]' <<<"$difference" >&2
    exit 1
}
echo "$(wc -l <<<"$entries") functions"
