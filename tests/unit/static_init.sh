#!/usr/bin/env bash
# static_init.sh EMPTY LIBRARY...: no library runs code when it is loaded or unloaded. Each may have no more
# entries in the loader's tables than EMPTY, a library of the same toolchain without any code.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: static_init.sh EMPTY LIBRARY..." >&2; exit 2; }

# bytes FILE SECTION: the section's size, 0 without it
bytes() {
    local size
    size=$(readelf --section-headers --wide "$1" | sed 's/^ *\[ *[0-9]*\] *//' |
           awk -v section="$2" '$1 == section { print $5 }')
    echo $((16#${size:-0}))
}

empty=$1 failed=0
shift
for library in "$@"; do
    for section in .init_array .fini_array .ctors .dtors .preinit_array; do
        has=$(bytes "$library" "$section") may=$(bytes "$empty" "$section")
        [ "$has" -le "$may" ] && continue
        echo "${library##*/}: $section has $(((has - may) / 8)) entries of its own; look for static objects"
        failed=1
    done
done
exit "$failed"
