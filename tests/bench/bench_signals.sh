#!/usr/bin/env bash
# Signals: queued from a thread to the GUI thread, and direct, beside C++ and PyQt.
#
# Both sides do the same work. A text goes in as const char * and comes out as const char *: C++ makes the QString with
# fromUtf8 and its slot calls toUtf8; ours takes and gives UTF-8. Both queues hold at most 1,024 messages: ours by the
# signal's policy, theirs by a QSemaphore that is taken and given for 128 messages at a time, which costs it nothing
# that one could measure. The receivers check that every message arrives, in order.
set -euo pipefail
# shellcheck source=tests/bench/rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"
peer signals

ours() { timeout 60 "$programs/bench_signals_ours" "$@"; }
qt() { timeout 60 "$programs/peer_signals" "$@"; }
# shellcheck disable=SC2317 # rounds calls these
{
    ours_queued() { ours queued 2000000; }
    qt_queued() { qt queued 300000; }
    pyqt_queued() { timeout 60 "$PYTHON" "$bench/peer_signals.py" 100000; }
    ours_int() { ours int 5000000; }
    qt_int() { qt int 20000000; }
    ours_string() { ours string 2000000; }
    qt_string() { qt string 5000000; }
}

rounds 7 ours_queued qt_queued pyqt_queued
figure_ratio signals.queued_vs_qt ours_queued qt_queued
figure_ratio signals.queued_vs_pyqt ours_queued pyqt_queued
figure_median signals.queued_mps ours_queued M/s
figure_median signals.queued_qt_mps qt_queued M/s
figure_median signals.queued_pyqt_mps pyqt_queued M/s

"$programs/bench_signals_slider"

rounds 5 ours_int qt_int ours_string qt_string
figure_median signals.direct_int_mps ours_int M/s
figure_median signals.direct_int_qt_mps qt_int M/s
figure_median signals.direct_string_mps ours_string M/s
figure_median signals.direct_string_qt_mps qt_string M/s
