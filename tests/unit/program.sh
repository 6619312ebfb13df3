#!/usr/bin/env bash
# program.sh PROGRAM: the command line keeps its word, with and without a display.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_CONFIG_HOME=$folder/config QT_QPA_PLATFORM=offscreen
fail() { echo "program: $*" >&2; exit 1; }

# expect STATUS PART ARGUMENTS...: the program ends with STATUS and says PART.
expect() {
    local status=0 output
    output=$(timeout 30 "$program" "${@:3}" 2>&1) || status=$?
    [ "$status" -eq "$1" ] || fail "${*:3}: ended with $status, not $1: $output"
    [[ $output == *"$2"* ]] || fail "${*:3}: no '$2' in: $output"
    [[ $output != *"bulkhead: error"* ]] || fail "${*:3}: complained: $output"
}

printf 'round,loss\n0,3\n1,2\n2,1\n' >"$folder/good.csv"
printf 'round,loss\n0,3\n1\n' >"$folder/bad.csv"

expect 0 "bulkhead 0." --version
expect 0 "usage: bulkhead" --help
expect 2 "no option --nonsense" --nonsense
expect 2 "a file name must follow" --screenshot
expect 0 "" --quit-when-idle
expect 0 "read $folder/good.csv: 1 curves, 3 rows" --quit-when-idle "$folder/good.csv"
expect 1 "failed $folder/bad.csv: line 3: 1 fields" --quit-when-idle "$folder/good.csv" "$folder/bad.csv"
expect 1 "failed $folder/none.csv" --quit-when-idle "$folder/none.csv"

expect 0 "" --dark --quit-when-idle --screenshot "$folder/picture.png" "$folder/good.csv"
[ "$(head -c 4 "$folder/picture.png" | tail -c 3)" = PNG ] || fail "the picture is none"

# What is remembered of the window comes back; a script's window is not remembered.
[ ! -e "$folder/config/bulkhead/window.conf" ] || fail "a script's window was remembered"
BH_QUIT_AFTER_MS=500 expect 0 ""
grep -q '^geometry ' "$folder/config/bulkhead/window.conf" || fail "the window was not remembered"
printf 'geometry a b\n\xff\xfe\ncolors 99\n' >"$folder/config/bulkhead/window.conf"
BH_QUIT_AFTER_MS=500 expect 0 ""

unset QT_QPA_PLATFORM DISPLAY WAYLAND_DISPLAY
expect 1 "there is no display here"
expect 0 "read $folder/good.csv" --quit-when-idle "$folder/good.csv"
