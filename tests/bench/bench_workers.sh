#!/usr/bin/env bash
# Workers: a task from the GUI thread and back, beside QtConcurrent.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

"$programs/bench_workers_roundtrip"
