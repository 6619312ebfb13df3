#!/usr/bin/env bash
# The staged start: from exec to the first paint of its splash screen, beside the same in C++.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
root=$bench/../..

read -ra cflags < <(pkg-config --cflags Qt6Widgets)
read -ra libs < <(pkg-config --libs Qt6Widgets)
gcc -std=c11 -O2 "-I$root/bridge/include" "-I$root/workers/include" "$bench/startup.c" -o "$results/startup_c" \
    "-L$BUILD_DIR/workers" "-L$BUILD_DIR/bridge" "-Wl,-rpath,$BUILD_DIR/workers:$BUILD_DIR/bridge" \
    -lbulkhead -lbulkhead-qt -lbulkhead-base
g++ -std=c++17 -O2 -fPIC "${cflags[@]}" "$bench/startup.cpp" -o "$results/startup_cpp" "${libs[@]}"

# Qt says each time that the offscreen platform has no size hints
spawned=$(timeout 300 "$programs/bench_start_spawn" 25 "$results/startup_c" -- "$results/startup_cpp" 2>"$results/log") ||
    { cat "$results/log" >&2; exit 1; }
value() { # NAME
    awk -v name="$1" '$1 == name { print $2 }' <<<"$spawned"
}
figure startup.first_paint_vs_qt "$(value time_ratio)" x
figure startup.first_paint_ms "$(value ours_ms)" ms
figure startup.first_paint_qt_ms "$(value theirs_ms)" ms
