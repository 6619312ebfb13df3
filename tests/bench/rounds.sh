# shellcheck shell=bash
# Sourced by the runners: peers that need moc, alternating rounds, medians of their ratios.
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=${BUILD_DIR:?is set by ./test bench}/tests
PYTHON=${PYTHON:-/usr/bin/python3}
export QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
results=$(mktemp -d)
export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$results} # without one Qt writes a line about it
trap 'rm -rf "$results"' EXIT

# peer NAME: builds peer_NAME.cpp, Qt's own way, as the programs beside it are built (-O2 -g). Signals of C++ need moc.
peer() {
    local source=$bench/peer_$1.cpp program=$programs/peer_$1 moc newer
    moc=$(pkg-config --variable=libexecdir Qt6Core)/moc
    newer=$(find "$source" "$bench"/*.h* -newer "$program" 2>&1 || true) # an error when there is none yet
    [ -n "$newer" ] || return 0
    "$moc" "$bench/source.hpp" -o "$programs/moc_source.cpp"
    # shellcheck disable=SC2046 # flags are words
    g++ -std=c++17 -O2 -g -DNDEBUG -fPIC -I"$bench" $(pkg-config --cflags Qt6Widgets) "$source" \
        "$programs/moc_source.cpp" -o "$program" $(pkg-config --libs Qt6Widgets) -pthread
}

# rounds COUNT FUNCTION...: runs the functions in turn; each prints one number a round.
rounds() {
    local count=$1 round name number
    shift
    for ((round = 0; round < count; round++)); do
        for name in "$@"; do
            number=$("$name") || { echo "bench: $name failed" >&2; exit 1; }
            [[ $number =~ ^[0-9.]+$ ]] || { echo "bench: $name said '$number'" >&2; exit 1; }
            echo "$number" >>"$results/$name"
        done
    done
}

median() { # of the numbers on standard input
    sort -g | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

figure() { # NAME VALUE UNIT
    printf 'figure %s %.*f %s\n' "$1" "$(awk -v v="$2" 'BEGIN { print (v >= 1000 ? 0 : 3) }')" "$2" "$3"
}

figure_median() { # NAME FUNCTION UNIT
    figure "$1" "$(median <"$results/$2")" "$3"
}

figure_ratio() { # NAME OURS THEIRS: the median of the rounds' ratios
    figure "$1" "$(paste "$results/$2" "$results/$3" | awk '{ print $1 / $2 }' | median)" x
}
