#!/usr/bin/env bash
# Trainings beside XGBoost's own command line (Debian's package xgboost, the same library), both from the same CSV file; what checkpoints
# cost; whether runs that were killed and resumed give the same model; how long a kill takes.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
worker=$programs/../workers/bulkhead-worker
threads=$(nproc)
data=$results/fashion.csv
small=$results/small.csv
"$PYTHON" "$bench/train_data.py" "$data" 4000
head -n 1500 "$data" | cut -d, -f1,300-330 >"$small"
number=0

seconds() { # COMMAND...: how long it takes
    local began=$EPOCHREALTIME
    "$@" >"$results/log" 2>&1 || { cat "$results/log" >&2; return 1; }
    awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}

train() { # FILE RUN PARAMETER...
    "$worker" run train file="$1" header=false 'target="#1"' target_is=class run="$2" "${@:3}"
}

# shellcheck disable=SC2317 # rounds calls these
{
    our_training() {
        rm -rf "$results/run"
        seconds train "$data" "$results/run" validation=0 rounds=10 nthread="$threads"
    }
    cli_training() {
        seconds xgboost "$results/cli.conf"
    }
    short_with() {
        rm -rf "$results/run"
        seconds train "$small" "$results/run" rounds=300 nthread=1 max_depth=3 objective=multi-class
    }
    short_without() {
        rm -rf "$results/run"
        seconds train "$small" "$results/run" rounds=300 nthread=1 max_depth=3 objective=multi-class checkpoint_every=300
    }
}

cat >"$results/cli.conf" <<END
objective = multi:softprob
num_class = 10
num_round = 10
tree_method = hist
nthread = $threads
eval_train = 1
eval_metric = mlogloss
data = "$data?format=csv&label_column=0"
model_out = "$results/cli.json"
END

rounds 3 our_training cli_training
# A fast wrong answer does not count
"$PYTHON" - "$results/cli.json" "$results/run/model.json" <<'END'
import json, sys
theirs, ours = (json.load(open(path, encoding="utf-8"))["learner"]["gradient_booster"] for path in sys.argv[1:])
sys.exit(None if ours == theirs else "bench: not so: the trees are those of the command line")
END
figure_ratio train.speed_vs_cli cli_training our_training
figure_median train.seconds our_training s
figure_median train.seconds_cli cli_training s
rounds 5 short_with short_without
figure_ratio train.short_rounds_with_checkpoints short_with short_without

# Killed at moments that differ from run to run, until one comes to its end.
resume_one() { # PARAMETER...
    local run=$results/resume$number resumed pid child
    number=$((number + 1))
    train "$small" "$run.calm" "$@" >/dev/null 2>&1
    for ((resumed = 0; resumed < 6; resumed++)); do
        train "$small" "$run.rough" resume=true "$@" >/dev/null 2>&1 &
        pid=$!
        sleep "0.$((RANDOM % 4 + 1))$((RANDOM % 10))"
        child=$(pgrep -P $pid || true)
        if [ -n "$child" ] && kill -9 "$child" 2>/dev/null; then killed=$((killed + 1)); fi
        wait "$pid" 2>/dev/null || true
    done
    train "$small" "$run.rough" resume=true "$@" >/dev/null 2>&1
    cmp -s "$run.calm/model.json" "$run.rough/model.json"
}

identical=0
killed=0
for seed in 1 2 3 4 5 6 7 8 9 10; do
    drawn=(seed=$seed rounds=150 max_depth=3 subsample=0.7 colsample_bytree=0.6 checkpoint_every=$((7 + seed * 3)))
    if resume_one "${drawn[@]}" nthread=1; then identical=$((identical + 1)); fi
    if resume_one "${drawn[@]}" nthread=2 early_stopping_rounds=8; then identical=$((identical + 1)); fi
done
figure train.resume_identical_of_20 "$identical" runs
figure train.resume_kills "$killed" kills
"$programs/bench_train_kill" "$worker" "$data" "$results" 10
