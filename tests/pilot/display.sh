#!/usr/bin/env bash
# display.sh PILOT SUBJECT PROGRAM SMOKE: on X11: the program's smoke tests; and what is recorded there while xdotool uses the
# subject passes when it is replayed, on the display and offscreen.
set -euo pipefail
pilot=$1 subject=$2 program=$3 smoke=$4
output=$(mktemp -d)
started=()

finish() {
    [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
    rm -rf "$output"
}
trap finish EXIT
fail() { echo "display: $*" >&2; exit 1; }

# Xvfb chooses a free display by itself and says which
mkfifo "$output/display"
Xvfb -displayfd 3 -screen 0 1280x1024x24 3>"$output/display" >/dev/null 2>&1 &
started+=($!)
read -r number <"$output/display"
export DISPLAY=:$number
unset QT_QPA_PLATFORM

"$pilot" --headed --output "$output" "$smoke" -- "$program"

"$pilot" record "$subject" >"$output/recorded.lua" &
recorder=$!
started+=($recorder)
window=$(timeout 20 xdotool search --sync --name '^Subject$' | head -1)
sleep 0.5 # until it is painted and takes input, which nobody outside can ask it

at() { # X Y command…
    xdotool mousemove --sync --window "$window" "$1" "$2" "${@:3}"
}
xdotool windowfocus --sync "$window" || true
at 300 75 click 1 # into the first field of the form
xdotool type --delay 20 "Ada 1"
xdotool key Tab
xdotool key ctrl+o
at 300 75 keydown ctrl keydown shift click 1 keyup shift keyup ctrl # what is in it is expected
xdotool key ctrl+q
wait "$recorder" || fail "the recorder ended with $?"
cat "$output/recorded.lua"
grep -q 'fill("#name", "Ada 1")' "$output/recorded.lua" || fail "nothing was recorded of the typing"
grep -q 'press("Ctrl+O")' "$output/recorded.lua" || fail "nothing was recorded of the shortcut"
grep -q 'expect("#name"):to_have_text("Ada 1")' "$output/recorded.lua" || fail "nothing was recorded of what is expected"
"$pilot" --headed --output "$output" "$output/recorded.lua" -- "$subject"
"$pilot" --output "$output" "$output/recorded.lua" -- "$subject"

"$pilot" inspect "$subject" >"$output/inspected" &
inspector=$!
started+=($inspector)
window=$(timeout 20 xdotool search --sync --name '^Subject$' | head -1)
sleep 0.5
at 300 75
at 302 77
xdotool windowfocus --sync "$window" || true
xdotool key ctrl+q
wait "$inspector" || fail "inspect ended with $?"
grep -qx '#name' "$output/inspected" || fail "inspect has not named the field: $(cat "$output/inspected")"
