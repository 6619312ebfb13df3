#!/usr/bin/env bash
# The program: from exec to the first paint of its main window, beside an empty window in C++; its memory; how the window answers while it
# fetches and trains; and how long its close takes then.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

read -ra cflags < <(pkg-config --cflags Qt6Widgets)
read -ra libs < <(pkg-config --libs Qt6Widgets)
g++ -std=c++17 -O2 -fPIC "${cflags[@]}" "$bench/hello.cpp" -o "$results/hello_cpp" "${libs[@]}"
export XDG_CONFIG_HOME=$results/config XDG_RUNTIME_DIR=$results

"$programs/bench_app_start" "$results/project" 2>"$results/log" || { cat "$results/log" >&2; exit 1; } # makes the project
# Qt says each time that the offscreen platform has no size hints
spawned=$(timeout 300 "$programs/bench_start_spawn" 25 "$programs/bench_app_start" "$results/project" -- "$results/hello_cpp" \
    2>"$results/log") || { cat "$results/log" >&2; exit 1; }
value() { # NAME
    awk -v name="$1" '$1 == name { print $2 }' <<<"$spawned"
}
figure app.start_to_window_vs_qt "$(value time_ratio)" x
figure app.start_to_window_ms "$(value ours_ms)" ms
figure app.start_to_window_qt_ms "$(value theirs_ms)" ms
figure app.rss_mb "$(value ours_mb)" MB

mkdir "$results/load"
timeout 300 "$programs/bench_app_load" "$results/load" 5 2>"$results/log" || { cat "$results/log" >&2; exit 1; }
