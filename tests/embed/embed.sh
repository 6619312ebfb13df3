#!/usr/bin/env bash
# embed.sh SOURCE BUILD CC CXX: installs to a temporary prefix and uses that as a stranger would: one cc line with
# pkg-config, a CMake project, a C++ program. Then looks at what the libraries export.
set -euo pipefail
[ $# -eq 4 ] || { echo "usage: embed.sh SOURCE BUILD CC CXX" >&2; exit 2; }
source=$1 build=$2 cc=$3 cxx=$4
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
prefix=$temporary/prefix
cd "$temporary"
fail() { echo "embed: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$prefix" >install.log || { cat install.log; fail "cmake --install"; }
pc=$(find "$prefix" -name bulkhead.pc)
libdir=$(dirname "$(dirname "$pc")")
# Only our .pc files, as on a machine without Qt's development files
export PKG_CONFIG_LIBDIR=$libdir/pkgconfig LD_LIBRARY_PATH=$libdir QT_QPA_PLATFORM=offscreen

echo "== pkg-config: every example with one cc line"
warnings=(-Wall -Wextra -Werror)
for file in "$source"/{bridge,workers}/examples/*.c; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .c)
    # shellcheck disable=SC2046 # the flags are words
    "$cc" -std=c11 "${warnings[@]}" "$file" -o "$name" $(pkg-config --cflags --libs bulkhead) || fail "$name"
    echo "$name"
done
echo "== pkg-config bulkhead-process: programs without Qt"
for name in checksum_plain faults; do
    # shellcheck disable=SC2046
    "$cc" -std=c11 "${warnings[@]}" "$source/workers/examples/$name.c" -o "plain_$name" \
        $(pkg-config --cflags --libs bulkhead-process) || fail "$name"
    grep -q libbulkhead-process <<<"$(ldd "plain_$name")" || fail "$name does not use libbulkhead-process"
    if ldd "plain_$name" | grep -E 'Qt|libffi|libbulkhead-qt'; then
        fail "$name needs more than libbulkhead-process"
    fi
done
mkdir files
printf 123456789 >files/nine
[ "$(./plain_checksum_plain files)" = "cbf43926            9  files/nine" ] || fail "checksum_plain: $(./plain_checksum_plain files)"
./plain_faults >faults.out || fail "faults ended with $?"
grep -q "^crash .*SIGSEGV" faults.out || fail "faults: $(cat faults.out)"

# shellcheck disable=SC2046
"$cxx" -std=c++17 "${warnings[@]}" "$source/tests/embed/cmake-project/main.cpp" -o cpp \
    $(pkg-config --cflags --libs bulkhead) || fail "C++ program"
./cpp
if [ -x hello ]; then
    BH_QUIT_AFTER_MS=200 ./hello || fail "hello ended with $?"
fi

echo "== without Qt: messages alone"
# shellcheck disable=SC2046
"$cc" -std=c11 "${warnings[@]}" -x c - -x none -o messages $(pkg-config --cflags --libs bulkhead-process) <<'END' || fail "messages"
#include <bulkhead/message.h>
int main(void)
{
    return bh_message_destroy(bh_message_create());
}
END
./messages
! ldd messages | grep -i qt || fail "bulkhead-process brings Qt along"

echo "== bulkhead-worker: runs where it is installed, and without Qt"
(unset LD_LIBRARY_PATH; [ "$("$prefix/bin/bulkhead-worker" run echo a=1)" = '{"a":1}' ]) || fail "bulkhead-worker"
! ldd "$prefix/bin/bulkhead-worker" | grep -i qt || fail "bulkhead-worker links Qt"

echo "== bulkhead-pilot: drives the program, both where they are installed"
echo 'test("shows", function() expect("#data-empty"):to_be_visible() end)' >shows.lua
(unset LD_LIBRARY_PATH; "$prefix/bin/bulkhead-pilot" shows.lua -- "$prefix/bin/bulkhead") || fail "bulkhead-pilot"

echo "== bulkhead-crash: runs where it is installed, and is found there by the library"
(unset LD_LIBRARY_PATH; "$prefix/bin/bulkhead-crash" 2>usage.txt) && fail "bulkhead-crash without a file"
grep -q -- --json usage.txt || fail "bulkhead-crash"
cat >crash.c <<'END'
#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <stdio.h>
#include <stdlib.h>
static bh_status ends_badly(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self, (void)arguments, (void)result;
    abort();
}
static const bh_process_function functions[] = {{"ends_badly", ends_badly}, {0}};
int main(int argc, char **argv)
{
    bh_process_failure failure = {.stack = ""};
    bh_main_guard(argc, argv, functions);
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = bh_process_pool_submit(pool, "ends_badly", NULL, NULL);
    bh_future_wait(future, -1);
    bh_future_failure(future, &failure);
    printf("%s\n", failure.stack);
    bh_process_pool_close(pool, 1000);
    return 0;
}
END
# shellcheck disable=SC2046 # pkg-config gives words
"$cc" -g crash.c -o crash $(pkg-config --cflags --libs bulkhead-process)
grep -q 'ends_badly (.*crash.c:8)' <<<"$(./crash)" || fail "the stack of a crash names no function and line"

echo "== CMake: find_package(bulkhead)"
cmake -S "$source/tests/embed/cmake-project" -B cmake-build -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON >configure.log 2>&1 ||
    { cat configure.log; fail "the project does not configure"; }
cmake --build cmake-build >build.log || { cat build.log; fail "the project does not build"; }
./cmake-build/c_program
./cmake-build/cpp_program

echo "== what the libraries show"
for name in bulkhead-base bulkhead-process bulkhead-qt bulkhead; do
    library=$libdir/lib$name.so
    grep -q "SONAME.*\[lib$name\.so\.0\]" <<<"$(readelf --dynamic "$library")" || fail "$name: wrong SONAME"
    # The version node itself is an absolute symbol
    symbols=$(nm --dynamic --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }')
    [ -n "$symbols" ] || fail "$name exports nothing"
    strangers=$(grep -v '^bh_' <<<"$symbols" || true)
    [ -z "$strangers" ] || fail "$name exports more than bh_*:"$'\n'"$strangers"
    echo "$name: $(wc -l <<<"$symbols") symbols"
done
