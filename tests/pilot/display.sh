#!/usr/bin/env bash
# display.sh PILOT SUBJECT PROGRAM SMOKE: on X11: the program's smoke tests; and what is recorded there while xdotool uses the subject and the
# program is the script that it should be, and passes when it is replayed, on the display and offscreen.
set -Eeuo pipefail
pilot=$1 subject=$2 program=$3 smoke=$4
output=$(mktemp -d)
started=()

finish() {
    [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
    rm -rf "$output"
}
trap finish EXIT
trap 'echo "display: line $LINENO failed" >&2' ERR
fail() { echo "display: $*" >&2; exit 1; }

# until COMMAND…: waits for it to succeed, for a minute
until_true() {
    for _ in $(seq 600); do
        ! "$@" >/dev/null || return 0
        sleep 0.1
    done
    fail "in vain: $*"
}

# Xvfb chooses a free display by itself and says which. Without -noreset it begins anew when its last client goes, and who comes then is refused.
mkfifo "$output/display"
Xvfb -noreset -displayfd 3 -screen 0 1280x1024x24 3>"$output/display" >/dev/null 2>&1 &
started+=($!)
read -r number <"$output/display"
export DISPLAY=:$number
unset QT_QPA_PLATFORM

"$pilot" --headed --output "$output" "$smoke" -- "$program"

# window TITLE: waits until it is there, and gives it the keyboard, as there is no window manager that would
window() { until_true focus "$1"; }
focus() { found=$(search "$1") && timeout 10 xdotool windowfocus --sync "$found" 2>/dev/null; }
search() { xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1 | grep .; }

# Menus and lists have no titles: how many windows show
shown() { [ "$(xdotool search --onlyvisible --class . 2>/dev/null | wc -l)" -eq "$1" ]; }
open() { until_true shown "$1"; }

at() { # X Y command…: in the main window
    xdotool mousemove --sync --window "$main" "$1" "$2" "${@:3}"
}
expect_at() { at "$1" "$2" keydown ctrl keydown shift click 1 keyup shift keyup ctrl; }
type_text() { xdotool type --delay 20 "$1"; }

# record NAME PROGRAM TITLE: begins
record() {
    "$pilot" record "$2" >"$output/$1.lua" &
    recorder=$!
    started+=("$recorder")
    until_true test -s "$output/$1.lua"
    window "$3"
    main=$found
}

# recorded NAME PROGRAM: it has ended; what was recorded is as on standard input, and passes
recorded() {
    wait "$recorder" || fail "the recorder ended with $?"
    diff -u - "$output/$1.lua" || fail "$1 was not recorded as it should be"
    "$pilot" --headed --output "$output" "$output/$1.lua" -- "$2"
    "$pilot" --output "$output" "$output/$1.lua" -- "$2"
}

record subject "$subject" '^Subject$'
at 300 66 click 1 # the first field of the form
type_text "Ada Lovelacee"
xdotool key BackSpace Tab
type_text 17
at 300 123 click 1 # the choice
open 2
at 300 160 click 1
open 1
at 105 150 click 1 # the box
at 49 439 keydown shift click 1 keyup shift
at 15 10 click 1 # File, and on by keys
open 2
xdotool key Down Down Right
open 3
xdotool key Return
open 1
at 49 439 click 3
open 2
at 59 449 click 1
open 1
at 361 439 click 1
window '^Question$'
type_text yes
xdotool key Return
open 1
window '^Subject$'
expect_at 49 467
at 75 32 click 1 # another tab
at 100 90 click 1
at 100 105 click 5 click 5 click 5
at 100 120 click 1
expect_at 100 120
xdotool key ctrl+q
recorded subject "$subject" <<'END'
test("recorded", function()
    fill("#name", "Ada Lovelace")
    fill("#count", 17)
    choose("#colour", "blue")
    check("#agreed")
    click("#go", { modifiers = "Shift" })
    menu("File/Recent/First")
    right_click("#go")
    choose("QMenu", "Slowly")
    click("#ask")
    fill("#answer", "yes")
    press("Return")
    expect("#log"):to_have_text("answered yes")
    choose("#tabs", "Views")
    choose("#list", "item 3")
    choose("#list", "item 14")
    expect('#list item("item 14")'):to_be_selected()
    press("Ctrl+Q")
    same(wait_for_exit(), 0)
end)
END

record program "$program" 'default.*Bulkhead$'
xdotool key alt+f
open 2
xdotool key a
window '^Add'
type_text nothing-there
xdotool key Escape
open 1
window 'default.*Bulkhead$'
xdotool key ctrl+comma
window '^Settings'
xdotool key Escape
open 1
window 'default.*Bulkhead$'
xdotool key ctrl+3
expect_at 700 300
xdotool key ctrl+q
recorded program "$program" <<'END'
test("recorded", function()
    menu("File/Add File")
    fill("#fileNameEdit", "nothing-there")
    press("Escape")
    press("Ctrl+,")
    press("Escape")
    press("Ctrl+3")
    expect("#compare-empty-new"):to_be_enabled()
    press("Ctrl+Q")
    same(wait_for_exit(), 0)
end)
END

# An end that nobody asked for: the script is the way to it
record killed "$subject" '^Subject$'
at 361 439 click 1
window '^Question$'
kill -KILL "$(pgrep -P "$recorder")"
ended=0
wait "$recorder" || ended=$?
[ "$ended" -eq 3 ] || fail "after a signal the recorder ended with $ended"
grep -q 'click("#ask")' "$output/killed.lua" || fail "the way to the signal was not recorded: $(cat "$output/killed.lua")"

"$pilot" inspect "$subject" >"$output/inspected" &
inspector=$!
started+=($inspector)
window '^Subject$'
main=$found
pointed() {
    at $((300 + RANDOM % 9)) 66
    at $((300 + RANDOM % 9)) 68
    grep -qx '#name' "$output/inspected"
}
until_true pointed
at 75 32
until_true grep -qx '#tabs tab("Views")' "$output/inspected"
xdotool key ctrl+q
wait "$inspector" || fail "inspect ended with $?"
