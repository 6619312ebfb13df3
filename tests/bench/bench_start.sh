#!/usr/bin/env bash
# Start: a small window, from exec to exit after its first paint, beside the same in C++; its memory; how long it takes to
# compile; and how much C++ there is in the library.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
root=$bench/../..

read -ra cflags < <(pkg-config --cflags Qt6Widgets)
read -ra libs < <(pkg-config --libs Qt6Widgets)
c=(gcc -std=c11 -O2 "-I$root/bridge/include" "$bench/hello.c" -o "$results/hello_c"
    "-L$BUILD_DIR/bridge" "-Wl,-rpath,$BUILD_DIR/bridge" -lbulkhead-qt -lbulkhead-base)
cpp=(g++ -std=c++17 -O2 -fPIC "${cflags[@]}" "$bench/hello.cpp" -o "$results/hello_cpp" "${libs[@]}")

spawn() { # ROUNDS OURS... -- THEIRS...: leaves its lines "name value" in $spawned
    # Qt says each time that the offscreen platform has no size hints
    spawned=$(timeout 300 "$programs/bench_start_spawn" "$@" 2>"$results/log") || { cat "$results/log" >&2; exit 1; }
}

value() { # NAME
    awk -v name="$1" '$1 == name { print $2 }' <<<"$spawned"
}

spawn 3 "${c[@]}" -- "${cpp[@]}"
compile=$(value ours_ms) compile_qt=$(value theirs_ms)

spawn 15 "$results/hello_c" -- "$results/hello_cpp"
figure start.hello_vs_qt "$(value time_ratio)" x
figure start.hello_ms "$(value ours_ms)" ms
figure start.hello_qt_ms "$(value theirs_ms)" ms
figure memory.hello_vs_qt "$(value memory_ratio)" x
figure memory.hello_mb "$(value ours_mb)" MB
figure memory.hello_qt_mb "$(value theirs_mb)" MB
figure compile.hello_s "$(awk "BEGIN { print $compile / 1000 }")" s
figure compile.hello_qt_s "$(awk "BEGIN { print $compile_qt / 1000 }")" s
figure shim.cpp_lines "$(cat "$root"/bridge/shim/*.cpp "$root"/bridge/shim/*.hpp | wc -l)" lines
