#!/usr/bin/env bash
# The job fetch beside aria2 and curl, from nginx on loopback. All files are in memory (/dev/shm), so that no disk is measured: aria2
# and curl leave what they wrote to the system, fetch syncs it.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
worker=$programs/../workers/bulkhead-worker
many=$programs/bench_fetch_many
export no_proxy='*' PATH=$PATH:/usr/sbin
for program in nginx aria2c curl; do
    command -v $program >/dev/null || { echo "bench: $program is missing" >&2; exit 1; }
done

place=$(mktemp -d -p /dev/shm)
chmod 755 "$place"
mkdir "$place/root" "$place/root/many"
server=
slow=
# shellcheck disable=SC2317 # the trap calls it
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$slow" ] || kill "$slow" 2>/dev/null || true
    rm -rf "$place" "$results"
}
trap finish EXIT

port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$place/nginx.conf" <<END
daemon off; master_process off; pid $place/pid; error_log $place/error.log;
events { worker_connections 256; }
http {
    log_format bytes '\$body_bytes_sent'; access_log off; sendfile on; keepalive_requests 100000;
    client_body_temp_path $place/t1; proxy_temp_path $place/t2; fastcgi_temp_path $place/t3; uwsgi_temp_path $place/t4; scgi_temp_path $place/t5;
    server {
        listen 127.0.0.1:$port; root $place/root;
        location /counted/ { alias $place/root/; access_log $place/bytes.log bytes; limit_rate 3m; }
    }
}
END
nginx -c "$place/nginx.conf" -p "$place" -e "$place/error.log" 2>/dev/null &
server=$!

head -c 1G /dev/urandom >"$place/root/large"
head -c 60000000 /dev/urandom >"$place/root/medium"
for ((i = 0; i < 200; i++)); do
    head -c 1000000 /dev/urandom >"$place/root/many/$i"
done
sum=$(sha256sum "$place/root/large" | cut -d' ' -f1)
base=http://127.0.0.1:$port
coproc slow_server { "$PYTHON" "$bench/peer_fetch_server.py" "$place/root/medium" 10e6; }
slow=$slow_server_PID
read -r slow_port <&"${slow_server[0]}"

seconds() { # COMMAND...: how long it takes
    local from=$EPOCHREALTIME
    "$@" >/dev/null 2>"$place/said" || { cat "$place/said" >&2; return 1; }
    awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }'
}
same() { # FILE OUTPUT: what was fetched is right, and goes
    cmp -s "$place/root/$1" "$2" || { echo "bench: $2 is wrong" >&2; return 1; }
    rm -f "$2"
}
ours_fetch() { # URL OUTPUT [ARGUMENT...]
    "$worker" run fetch "url=$1" "output=$2" "${@:3}"
}
aria() { # URL OUTPUT CONNECTIONS [OPTION...]
    aria2c -q --no-conf --file-allocation=none -x "$3" -s "$3" -k 1M -d "${2%/*}" -o "${2##*/}" "${@:4}" "$1"
}

# shellcheck disable=SC2317 # rounds calls these
{
    our_large() { seconds ours_fetch "$base/large" "$place/out" "hash=sha256:$sum" && same large "$place/out"; }
    aria_large() { seconds aria "$base/large" "$place/out" 4 --checksum="sha-256=$sum" && same large "$place/out"; }
    our_slow() { seconds ours_fetch "http://127.0.0.1:$slow_port/data" "$place/out" connections=8 && same medium "$place/out"; }
    aria_slow() { seconds aria "http://127.0.0.1:$slow_port/data" "$place/out" 8 && same medium "$place/out"; }
    all_many() { # each of the 200 is right
        for ((i = 0; i < 200; i++)); do same "many/$i" "$place/got/$i" || return 1; done
    }
    our_many() {
        mkdir -p "$place/got"
        "$many" "$worker" 2 "$base/many" "$place/got" 200 1000000 && all_many
    }
    curl_many() {
        mkdir -p "$place/got"
        seconds curl -s -Z --parallel-max 8 --output "$place/got/#1" "$base/many/[0-199]" && all_many
    }
    refetched() { # COMMAND...: MB that were sent in excess when it was killed once, and run again
        : >"$place/bytes.log"
        "$@" >/dev/null 2>&1 &
        local pid=$!
        sleep 1.5
        kill -9 "$pid"
        wait "$pid" 2>/dev/null || true
        sleep 0.3
        ("$@") >/dev/null 2>&1 || return 1
        sleep 0.3
        same medium "$place/out" || return 1
        rm -f "$place/out".*
        awk '{ sum += $1 } END { printf "%.3f\n", (sum - 60000000) / 1e6 }' "$place/bytes.log"
    }
    our_kill() { refetched exec_ours; }
    aria_kill() { refetched exec_aria; }
    exec_ours() { exec "$worker" run fetch "url=$base/counted/medium" "output=$place/out"; }
    exec_aria() {
        exec aria2c -q --no-conf -c --file-allocation=none -x 4 -s 4 -k 1M -d "$place" -o out "$base/counted/medium"
    }
}

rounds 5 our_large aria_large
figure_ratio fetch.large_vs_aria2 aria_large our_large
figure_median fetch.large_s our_large s
figure_median fetch.large_aria2_s aria_large s

rounds 7 our_many curl_many
figure_ratio fetch.many_vs_curl curl_many our_many
figure_median fetch.many_s our_many s
figure_median fetch.many_curl_s curl_many s

rounds 5 our_slow aria_slow
figure_ratio fetch.slow_server_vs_aria2 aria_slow our_slow
figure_median fetch.slow_server_s our_slow s
figure_median fetch.slow_server_aria2_s aria_slow s

rounds 3 our_kill aria_kill
figure_median fetch.refetched_mb_after_kill our_kill MB
figure_median fetch.refetched_mb_after_kill_aria2 aria_kill MB
