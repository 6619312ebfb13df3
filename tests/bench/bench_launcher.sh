#!/usr/bin/env bash
# Null tasks in worker processes behind a launcher, on a stream, beside those of local ones, on a socket; chunked equally, two workers each.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
ours=$programs/bench_process_ours

# shellcheck disable=SC2317 # rounds calls these
{
    socket_null() { timeout 60 "$ours" null 200000; }
    stream_null() { BENCH_LAUNCH=env timeout 60 "$ours" null 200000; }
    socket_big() { timeout 60 "$ours" big 30; }
    stream_big() { BENCH_LAUNCH=env timeout 60 "$ours" big 30; }
}

rounds 7 socket_null stream_null
figure_ratio launcher.stream_vs_socket stream_null socket_null
figure_median launcher.null_tasks_per_ms stream_null 1/ms
rounds 5 socket_big stream_big
figure_median launcher.result_16mb_ms stream_big ms
figure_median launcher.result_16mb_socket_ms socket_big ms
