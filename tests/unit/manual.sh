#!/usr/bin/env bash
# manual.sh SOURCE CC LIBRARY...: the manuals keep their word. Every complete program in them compiles without a warning
# and runs without an error; every public function is named in its manual; every name in the manuals is in a header.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: manual.sh SOURCE CC LIBRARY..." >&2; exit 2; }
source=$1 cc=$2
shift 2
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
failed=0
fail() { echo "manual: $*" >&2; failed=1; }

# Each ```c block that has a main becomes a file named after its document and line.
extract() { # DOCUMENT
    awk -v name="$temporary/$(tr / _ <<<"${1#"$source"/}")" '
        /^```c$/ { inside = 1; text = ""; line = NR; next }
        /^```$/ && inside { inside = 0; if (text ~ /int main\(/) { file = name "." line ".c"; printf "%s", text >file; close(file) } }
        inside { text = text $0 "\n" }' "$1"
}

libraries=("$@")
for library in "$@"; do
    libraries+=("-Wl,-rpath,$(dirname "$library")")
done

try() { # FILE.c
    local program=${1%.c} output
    "$cc" -std=c11 -Wall -Wextra -Werror "-I$source/bridge/include" "-I$source/workers/include" "$1" -o "$program" \
        "${libraries[@]}" || { fail "${program##*/} does not compile"; return; }
    output=$(BH_QUIT_AFTER_MS=300 QT_QPA_PLATFORM=offscreen timeout 20 "$program" 2>&1) ||
        { fail "${program##*/} ended with $?: $output"; return; }
    ! grep "bulkhead: error" <<<"$output" || fail "${program##*/} has something to complain about"
}

# The names of functions and of macros that stand for one.
declared() { # HEADER...
    grep -ohE '^(BH_API [^(;]*|#define )bh_[a-z0-9_]+\(' "$@" | grep -oE 'bh_[a-z0-9_]+\($' | tr -d '(' | sort -u
}

names_missing() { # MANUAL HEADER...
    comm -13 <(grep -oE '\bbh_[a-z0-9_]+' "$1" | sort -u) <(declared "${@:2}")
}

documents=("$source"/README.md "$source"/CHANGELOG.md "$source"/CONTRIBUTING.md "$source"/{bridge,workers}/MANUAL.md)
for document in "${documents[@]}"; do
    extract "$document"
done
programs=0
for file in "$temporary"/*.c; do
    try "$file"
    programs=$((programs + 1))
done

for room in bridge workers; do
    missing=$(names_missing "$source/$room/MANUAL.md" "$source/$room"/include/bulkhead/*.h)
    [ -z "$missing" ] || fail "$room/MANUAL.md does not name:"$'\n'"$missing"
done
# What a program in a manual calls its own is not ours, hence only our prefixes; bh__ is internal.
unknown=$(comm -23 <(grep -ohE '\b(bh_[a-z]|BH_[A-Z])[A-Za-z0-9_]*[A-Za-z0-9]' "${documents[@]}" | sort -u) \
    <(grep -ohE '\b(bh|BH)_[A-Za-z0-9_]+' "$source"/{bridge,workers}/include/bulkhead/*.h | sort -u))
[ -z "$unknown" ] || fail "no header has:"$'\n'"$unknown"

echo "$programs programs, $(declared "$source"/{bridge,workers}/include/bulkhead/*.h | wc -l) functions"
exit "$failed"
