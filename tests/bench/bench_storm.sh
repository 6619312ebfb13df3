#!/usr/bin/env bash
# Storm: two threads emit to the GUI thread as fast as they can. How long does a key press wait, how much memory grows?
#
# For 5 s with each policy, to a receiver that only checks that the last value arrives (newest), or every message (block). It
# is faster than any sender. "Busy" is the receiver that shows what it gets: it takes 5 us a message, and its queue fills.
# Qt's queued connections have no bound: they get 2 s, lest they eat the machine, and then run dry.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
peer storm

newest=$(timeout 60 "$programs/bench_storm_ours" newest 5 0)
block=$(timeout 60 "$programs/bench_storm_ours" block 5 0)
qt=$(timeout 120 "$programs/peer_storm" 2 0)
busy=$(timeout 60 "$programs/bench_storm_ours" block 2 5)
busy_qt=$(timeout 120 "$programs/peer_storm" 2 5)

value() { # TEXT NAME
    awk -v name="$2" '$1 == name { print $2 }' <<<"$1"
}

worse() { # NAME: the larger of the two modes
    printf '%s\n' "$(value "$newest" "$1")" "$(value "$block" "$1")" | sort -g | tail -1
}

figure storm.gui_latency_p99_ms "$(worse p99_ms)" ms
figure storm.gui_latency_max_ms "$(worse max_ms)" ms
figure storm.gui_latency_newest_p99_ms "$(value "$newest" p99_ms)" ms
figure storm.gui_latency_block_p99_ms "$(value "$block" p99_ms)" ms
figure storm.rss_growth_mb "$(worse rss_mb)" MB
figure storm.newest_sent_mps "$(value "$newest" sent_mps)" M/s
figure storm.newest_delivered_mps "$(value "$newest" delivered_mps)" M/s
figure storm.block_delivered_mps "$(value "$block" delivered_mps)" M/s
figure storm.qt_gui_latency_p99_ms "$(value "$qt" p99_ms)" ms
figure storm.qt_gui_latency_max_ms "$(value "$qt" max_ms)" ms
figure storm.qt_rss_growth_mb "$(value "$qt" rss_mb)" MB
figure storm.qt_delivered_mps "$(value "$qt" delivered_mps)" M/s
figure storm.busy_gui_latency_p99_ms "$(value "$busy" p99_ms)" ms
figure storm.busy_rss_growth_mb "$(value "$busy" rss_mb)" MB
figure storm.busy_qt_gui_latency_p99_ms "$(value "$busy_qt" p99_ms)" ms
figure storm.busy_qt_rss_growth_mb "$(value "$busy_qt" rss_mb)" MB
