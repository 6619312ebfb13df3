/* The rows, in the words of the document. */
#include "checklist/rows.h"

#define GOLDEN "Golden Checklist"
#define DO "DO"
#define DONT "DON'T"

const bh__row bh__rows[] = {
    {"golden-main", GOLDEN, "if __name__ == \"__main__\"", "Prevents multiprocessing chaos on Windows",
     "bh_main_guard: what is spawned as a worker never gets past it", bh__judge_main},
    {"golden-freeze", GOLDEN, "freeze_support()", "Required for multiprocessing start-up safety",
     "bh_main_guard: refuses what no pool has started, and ends it with code 2", bh__judge_freeze},
    {"golden-close", GOLDEN, "closeEvent() with waitForDone()", "Ensures graceful thread shutdown",
     "bh_close_waits_for and its kin: the window waits for workers and pools", bh__judge_close},
    {"golden-threads", GOLDEN, "Logging active threads at shutdown", "Helps catch lingering daemon threads",
     "the lists of the close, and the exit report", bh__judge_threads},
    {"golden-finally", GOLDEN, "try/finally in GUI event handlers", "Prevents half-torn state on exceptions",
     "bh_defer, and the guard of each handler", bh__judge_finally},
    {"golden-atexit", GOLDEN, "atexit.register() cleanup", "Captures exit logic even on fatal errors",
     "bh_finalizer_add; after a crash, its record", bh__judge_atexit},
    {"golden-signals", GOLDEN, "Top-down signal flow (progress_signal.emit(\xE2\x80\xA6))",
     "Maintains separation between GUI and workers", "bh_emit and bh_connect; widgets refuse other threads", bh__judge_signals},
    {"golden-staged", GOLDEN, "Using QTimer.singleShot(\xE2\x80\xA6) to stage UI init",
     "Avoids race conditions in UI bootstrapping",
     "bh_startup_start or bh_timer_single_shot: windows come once the event loop runs", bh__judge_staged},

    {"do-main", DO, "Use if __name__ == \"__main__\" as the starting point for all Qt and top-level logic.", "",
     "bh_main_guard is the first statement of main", bh__judge_do_main},
    {"do-freeze", DO, "Use freeze_support() when Multiprocessing on Windows.", "",
     "a pool starts workers of this program, and ends them", bh__judge_do_freeze},
    {"do-delay", DO, "Delay heavy Qt creation until QApplication exists.", "", "bh_app_create comes before all of Qt",
     bh__judge_do_delay},
    {"do-window", DO, "Define show_main_window() globally but call it from inside __main__.", "",
     "the window comes from what main has started", bh__judge_do_window},

    {"dont-module", DONT, "Put splash screens or QTimer at module level.", "", "there are none before bh_app_create",
     bh__judge_dont_module},
    {"dont-qt", DONT, "Let subprocesses trigger Qt code.", "", "worker processes return data, and no part of them asks for Qt",
     bh__judge_dont_qt},
    {"dont-global", DONT, "Use global QApplication objects outside guarded code.", "",
     "one bh_app_create, inside main and behind the guard", bh__judge_dont_global},
    {"dont-ui", DONT, "Start UI in worker subprocesses.", "", "what is spawned as a worker opens no window", bh__judge_dont_ui},
    {0},
};
