#!/usr/bin/env bash
# bench_pilot.sh [COUNT]: what steps of scripts cost, and how many of COUNT tests on a loaded machine do not pass: 1000, or what
# BENCH_PILOT_COUNT says; the figure of the target needs 10000, and about a quarter of an hour.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
pilot=$BUILD_DIR/tests/pilot/bulkhead-pilot
subject=$BUILD_DIR/tests/pilot/pilot-subject
count=${1:-${BENCH_PILOT_COUNT:-1000}}
output=$(mktemp -d)
started=()

finish() {
    [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
    rm -rf "$output"
}
trap finish EXIT

"$pilot" --output "$output" "$here/pilot_steps.lua" -- "$subject" | grep '^figure'

# On a display: a click of ours, and one of xdotool, which looks for the window, moves the pointer and clicks
display=:$((90 + RANDOM % 100))
Xvfb "$display" -screen 0 1280x1024x24 >/dev/null 2>&1 &
started+=($!)
for _ in $(seq 100); do
    [ ! -e "/tmp/.X11-unix/X${display#:}" ] || break
    sleep 0.1
done
ours=$(DISPLAY=$display "$pilot" --headed --output "$output" "$here/pilot_clicks.lua" -- "$subject" | sed -n 's/^clicks_ms //p')
DISPLAY=$display QT_QPA_PLATFORM=xcb "$subject" &
started+=($!)
DISPLAY=$display xdotool search --sync --name '^Subject$' >/dev/null
began=$(date +%s%N)
for _ in $(seq 50); do
    DISPLAY=$display xdotool search --name '^Subject$' mousemove --window %1 --sync 30 150 click 1 mousemove 0 0
done
theirs=$(($(date +%s%N) - began))
awk -v ours="$ours" -v theirs="$theirs" 'BEGIN { printf "figure pilot.click_vs_xdotool %.1f x\n", theirs / 50 / 1e6 / ours }'

# The machine is loaded: as many programs as processors that only reckon
for _ in $(seq "$(nproc)"); do
    sh -c 'while :; do :; done' &
    started+=($!)
done
status=0
"$pilot" -j "$(nproc)" --limit 100000 --repeat $((count / 2)) --output "$output" "$here/pilot_once.lua" "$here/pilot_once.lua" -- "$subject" \
    >"$output/many" || status=$?
passed=$(grep -c '^pass' "$output/many" || true)
grep -v '^pass' "$output/many" >&2 || true
echo "figure pilot.flaky_of_$((count / 2 * 2)) $((count / 2 * 2 - passed)) tests"
exit "$status"
