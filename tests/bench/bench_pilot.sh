#!/usr/bin/env bash
# bench_pilot.sh [COUNT]: what steps of scripts cost, and how many of COUNT tests on a loaded machine do not pass: 1000, or what
# BENCH_PILOT_COUNT says; the figure of the target needs 10000.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
pilot=$BUILD_DIR/tests/pilot/bulkhead-pilot
subject=$BUILD_DIR/tests/pilot/pilot-subject
count=${1:-${BENCH_PILOT_COUNT:-1000}}
source "$here/rounds.sh"
started=()

finish() {
    [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
    rm -rf "$results"
}
trap finish EXIT

"$pilot" --output "$results" "$here/pilot_steps.lua" -- "$subject" | grep '^figure'

# On a display: a click on a box of the same program, and the check that it arrived. Ours goes through all rules of the pilot, and expects
# the box's new state. For xdotool the window was looked up once, and the box's place is known, so a click is what it is in a script that
# uses it: one run of the program, which moves the pointer, presses and releases; and the check is the cheapest that there is: the program
# tells each change in a pipe, of which the shell reads a line, without a further process. Of what xdotool takes, most is a pause of its own,
# 100 ms after each click unless it is told otherwise. That is how scripts use it, and so it is in the figure of the target; the other one is
# without that pause.
mkfifo "$results/display" "$results/told"
Xvfb -noreset -displayfd 3 -screen 0 1280x1024x24 3>"$results/display" >/dev/null 2>&1 &
started+=($!)
read -r number <"$results/display"
export DISPLAY=:$number
QT_QPA_PLATFORM=xcb "$subject" --tell >"$results/told" &
started+=($!)
exec 4<"$results/told"
read -r x y <&4
window=$(timeout 60 xdotool search --sync --name '^Subject$' | head -1)

ours() { # ms for a click
    "$pilot" --headed --output "$results" "$here/pilot_clicks.lua" -- "$subject" | sed -n 's/^clicks_ms //p'
}

clicks_of_xdotool() { # OPTIONS of click
    local i said began=${EPOCHREALTIME/./} wanted=("not checked" checked)
    for i in {1..100}; do
        xdotool mousemove --window "$window" "$x" "$y" click "$@" 1
        read -r -t 10 said <&4 || { echo "bench: a click of xdotool did not arrive" >&2; exit 1; }
        [ "$said" = "${wanted[i % 2]}" ] || { echo "bench: the box is $said after click $i" >&2; exit 1; }
    done
    awk -v us=$((${EPOCHREALTIME/./} - began)) 'BEGIN { print us / 1000 / 100 }'
}

xdotool_as_used() { clicks_of_xdotool; }
xdotool_no_pause() { clicks_of_xdotool --delay 0; }

rounds 5 ours xdotool_as_used xdotool_no_pause
figure_median pilot.click_headed_ms ours ms
figure_median pilot.click_xdotool_ms xdotool_as_used ms
figure_median pilot.click_xdotool_no_pause_ms xdotool_no_pause ms
figure_ratio pilot.click_vs_xdotool xdotool_as_used ours
figure_ratio pilot.click_vs_xdotool_no_pause xdotool_no_pause ours
unset DISPLAY

# The machine is loaded: as many programs as processors that only reckon
for _ in $(seq "$(nproc)"); do
    sh -c 'while :; do :; done' &
    started+=($!)
done
status=0
began=$SECONDS
"$pilot" -j "$(nproc)" --limit 100000 --repeat $((count / 2)) --output "$results" "$here/pilot_once.lua" "$here/pilot_once.lua" -- "$subject" \
    >"$results/many" || status=$?
passed=$(grep -c '^pass' "$results/many" || true)
grep -v '^pass' "$results/many" >&2 || true
echo "figure pilot.flaky_of_$((count / 2 * 2)) $((count / 2 * 2 - passed)) tests"
figure pilot.single_test_loaded_ms "$(((SECONDS - began) * 1000 / count))" ms
exit "$status"
