#!/usr/bin/env bash
# The job inspect beside pandas, on the same file. inspect: the whole process bulkhead-worker, from start to end. pandas: read_csv and, of
# each column, missing, unique, the ten most frequent, min, max and mean, without the start of Python. inspect counts different values
# up to 10,000 a column, pandas all of them; so read_csv alone, which computes nothing, has a figure too.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
worker=$programs/../workers/bulkhead-worker
file=$results/table.csv
rows=500000
"$PYTHON" "$bench/peer_inspect.py" make $rows "$file"

# shellcheck disable=SC2317 # rounds calls these
{
    our_inspect() { # thousands of rows a second
        local begun ended
        begun=$(date +%s%N)
        timeout 60 "$worker" run inspect file="$file" >"$results/ours.json" 2>/dev/null
        ended=$(date +%s%N)
        "$PYTHON" - "$results/ours.json" $rows $((ended - begun)) <<'END'
import json, sys
facts, rows, took = json.load(open(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
missing = " ".join(f"{column['name']}:{column['missing']}" for column in facts["columns"])
assert facts["rows"] == rows and facts["bad_rows"]["count"] == 0
open(sys.argv[1].replace("ours.json", "ours_found"), "w").write(f"{rows} {missing}\n")
print(f"{rows / took * 1e6:.3f}")
END
    }
    pandas() { timeout 120 "$PYTHON" "$bench/peer_inspect.py" read "$file" 2>"$results/said"; }
    pandas_read_csv() { # what the round before has measured
        read -r number found <"$results/said"
        [ "$found" = "$(cat "$results/ours_found")" ] || { echo "bench: pandas found $found" >&2; return 1; }
        echo "$number"
    }
}

rounds 7 our_inspect pandas pandas_read_csv
figure_ratio inspect.rows_per_s_vs_pandas our_inspect pandas
figure_ratio inspect.rows_per_s_vs_read_csv_alone our_inspect pandas_read_csv
figure_median inspect.rows_per_ms our_inspect 1/ms
figure_median inspect.rows_pandas_per_ms pandas 1/ms
