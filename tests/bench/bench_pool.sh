#!/usr/bin/env bash
# Thread pools: empty runnables started, and waited for, beside C++ and PyQt. Two threads each.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

"$programs/bench_pool_start"

# shellcheck disable=SC2317 # rounds calls these
{
    ours() { timeout 60 "$programs/bench_pool_start" 300000; }
    pyqt() { timeout 60 "$PYTHON" "$bench/peer_pool.py" 30000; }
}
rounds 5 ours pyqt
figure_ratio pool.tasks_vs_pyqt ours pyqt
figure_median pool.tasks_pyqt_mps pyqt M/s
