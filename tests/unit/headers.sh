#!/usr/bin/env bash
# headers.sh SOURCE CC CXX: every public header compiles alone, as C11 and as C++17.
set -euo pipefail
[ $# -eq 3 ] || { echo "usage: headers.sh SOURCE CC CXX" >&2; exit 2; }
source=$1 cc=$2 cxx=$3
flags=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only "-I$source/bridge/include" "-I$source/workers/include")

headers=0 failed=0
for file in "$source"/{bridge,workers}/include/bulkhead/*.h; do
    [ -e "$file" ] || continue
    line="#include <bulkhead/${file##*/}>"
    headers=$((headers + 1))
    "$cc" -std=c11 "${flags[@]}" -x c - <<<"$line" || { echo "${file##*/}: not alone as C11"; failed=1; }
    "$cxx" -std=c++17 "${flags[@]}" -x c++ - <<<"$line" || { echo "${file##*/}: not alone as C++17"; failed=1; }
done
echo "$headers headers"
[ "$headers" -gt 0 ] && exit "$failed"
