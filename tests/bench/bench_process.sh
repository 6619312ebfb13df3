#!/usr/bin/env bash
# Process pools beside CPython's ProcessPoolExecutor (spawn), two workers each. Death, orphans and idling have figures of their own.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
ours=$programs/bench_process_ours
worker=$programs/../workers/bulkhead-worker
# Where both scatter, as processes do, CPython's worst is not held against it: medians only.

# shellcheck disable=SC2317 # rounds calls these
{
    our_null() { timeout 60 "$ours" null 200000; }
    python_null() { timeout 60 "$PYTHON" "$bench/peer_process.py" null 10000; }
    our_start() { timeout 60 "$ours" start "$worker"; }
    python_start() { timeout 60 "$PYTHON" "$bench/peer_process.py" start 1; }
    our_big() { timeout 60 "$ours" big 30; }
    python_big() { timeout 60 "$PYTHON" "$bench/peer_process.py" big 15; }
    python_lost() { timeout 120 "$PYTHON" "$bench/peer_process.py" lost 5; }
}

rounds 5 our_null python_null
figure_ratio process.null_tasks_vs_cpython our_null python_null
figure_median process.null_tasks_per_ms our_null 1/ms
figure_median process.null_tasks_cpython_per_ms python_null 1/ms

rounds 21 our_start python_start
figure_median process.start_to_first_result_ms_p50 our_start ms
figure_ratio process.start_vs_cpython python_start our_start
figure_median process.start_cpython_ms_p50 python_start ms

"$ours" deaths 300
"$ours" innocents 1000
rounds 1 python_lost
figure_median process.lost_per_kill_cpython python_lost tasks
"$ours" orphans 200
"$ours" idle

rounds 5 our_big python_big
figure_ratio process.result_16mb_vs_cpython python_big our_big
figure_median process.result_16mb_ms our_big ms
