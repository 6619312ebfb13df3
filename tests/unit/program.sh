#!/usr/bin/env bash
# program.sh PROGRAM: the command line keeps its word, with and without a display.
set -euo pipefail
program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/share XDG_RUNTIME_DIR=$folder QT_QPA_PLATFORM=offscreen
fail() { echo "program: $*" >&2; exit 1; }

# expect STATUS PART ARGUMENTS...: the program ends with STATUS and says PART.
expect() {
    local status=0
    output=$(timeout 60 "$program" "${@:3}" 2>&1) || status=$?
    [ "$status" -eq "$1" ] || fail "${*:3}: ended with $status, not $1: $output"
    [[ $output == *"$2"* ]] || fail "${*:3}: no '$2' in: $output"
    [[ $output != *"bulkhead: error"* ]] || fail "${*:3}: complained: $output"
}

expect 0 "bulkhead 0." --version
expect 0 "usage: bulkhead" --help
expect 2 "no option --nonsense" --nonsense
expect 2 "a file name must follow" --screenshot
expect 2 "one project at a time" one two
expect 0 "" --quit-when-idle
[ -e "$folder/share/bulkhead/default/project.db" ] || fail "the usual project is not where it should be"

# The demo: each job says how it ended. A temporary project goes when it ends.
expect 0 "done      train wine: depth 4, eta 0.3: 60 rounds" --demo --quit-when-idle
[ "$(grep -c '^done      fetch .*checksum matches' <<<"$output")" -eq 3 ] || fail "not three files were fetched: $output"
[ "$(grep -c '^done      train' <<<"$output")" -eq 12 ] || fail "not twelve runs: $output"
expect 0 "" --demo --quit-when-idle "$folder/project"
expect 0 "" --demo --quit-when-idle "$folder/project" # there is nothing left to do
[ -z "$(grep ^done <<<"$output")" ] || fail "it did it all again: $output"

# A second start asks the first, and ends; with the first gone, it opens the project.
"$program" "$folder/project" >"$folder/said" 2>&1 &
first=$!
for _ in $(seq 100); do
    [ -z "$(find "$folder" -maxdepth 1 -name 'bulkhead-*')" ] || break
    sleep 0.05
done
expect 0 "is open already, in process $first" "$folder/project"
kill -KILL $first
wait $first 2>/dev/null || true
expect 0 "" --quit-when-idle "$folder/project"

# A project that cannot be used
touch "$folder/file"
expect 1 "" --quit-when-idle "$folder/file/project"

# A database that is damaged is set aside, and said
printf 'garbage that is no database' >"$folder/project/project.db"
expect 0 "damaged" --quit-when-idle "$folder/project"

# A crash is told at the next start that somebody looks at, and once
export XDG_STATE_HOME=$folder/state
records() { find "$folder/state/bulkhead/crashes" -name "*.$1" -size +0 | wc -l; }
"$program" "$folder/crashing" >"$folder/said" 2>&1 &
first=$!
for _ in $(seq 200); do
    [ ! -e "$folder/crashing/project.db" ] || break
    sleep 0.05
done
kill -SEGV $first
wait $first 2>/dev/null || true
[ "$(records crash)" -eq 1 ] || fail "a crash left no record: $(cat "$folder/said")"
expect 0 "" --quit-when-idle "$folder/crashing"
[[ $output != *"bulkhead crashed"* ]] && [ "$(records crash)" -eq 1 ] || fail "it was told to nobody: $output"
expect 0 "bulkhead crashed on " --quit-when-idle --screenshot "$folder/note.png" "$folder/crashing"
[[ $output == *SIGSEGV* ]] && [ "$(records shown)" -eq 1 ] || fail "the note is not right: $output"
expect 0 "" --quit-when-idle --screenshot "$folder/note.png" "$folder/crashing"
[[ $output != *"bulkhead crashed"* ]] || fail "it was told twice: $output"

# A file of the demo that is not what its checksum says
places=$(dirname "$program")/..
mkdir -p "$folder/copy/bin" "$folder/copy/resources"
cp "$program" "$folder/copy/bin/"
cp -r "$places/workers" "$folder/copy/workers" 2>/dev/null || true
cp -r "$places/resources/demo" "$folder/copy/resources/"
chmod -R u+w "$folder/copy/resources"
sed -i '2s/^./9/' "$folder/copy/resources/demo/wine.csv"
program=$folder/copy/bin/bulkhead expect 1 "failed    fetch wine.csv" --demo --quit-when-idle
[[ $output == *"checksum"* ]] || fail "it does not say that the checksum is wrong: $output"

unset QT_QPA_PLATFORM DISPLAY WAYLAND_DISPLAY
expect 1 "there is no display here"
expect 0 "done" --demo --quit-when-idle
