/* The close of a window: what it waits for, and for how long. Python's closeEvent with waitForDone(timeout).
 *
 * Two phases. The first close event starts the close and is ignored: work is cancelled, the event loop goes on, so that last results
 * arrive, and after a moment the window says what it waits for, with "Wait longer" and "Leave now". When all has ended, or at
 * the deadline, the window is closed for good, in this order: list threads, list top-level widgets, wait for what remains of the
 * time, list again whatever happened, quit the event loop, accept. The lists go to the log, category "close", level info. The event loop
 * is quit if no other window without a parent is visible; the others go on otherwise.
 *
 * A veto comes before all this: a handler of BH_EVENT_CLOSE that answers BH_EVENT_IGNORE, because of unsaved work, say. It is
 * asked once, at the first close event. To close a window that is closing changes nothing.
 *
 * These take the same path: the window's close button, bh_call(window, "close"), SIGINT (Ctrl+C), SIGTERM and SIGHUP, the session manager's
 * logout, the slot quit() of the application, the last window closed, and bh_close_all_windows.
 *
 * The deadline holds whatever hangs. Work that has not ended by then is named in the log and to the error hook (BH_TIMEOUT) and
 * is left running, the application's end does not wait for it again, and at exit() the process ends without the destructors
 * that could collide with it. If the window's own thread hangs, in a callback say, the process is ended from another thread with code
 * 1, after a list of threads on standard error and the finalisers. */
#ifndef BULKHEAD_CLOSE_H
#define BULKHEAD_CLOSE_H

#include <bulkhead/process_pool.h>
#include <bulkhead/thread_pool.h>
#include <bulkhead/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Closing WINDOW cancels WORKER and waits for it until TIMEOUT_MS after the close began; the longest of a window's timeouts counts.
 * GUI thread. */
BH_API bh_status bh_close_waits_for(bh_object *window, bh_worker *worker, int timeout_ms);

/* The same for a pool of threads: its tasks are cancelled, runnables that have not begun are cleared, and those that run are waited
 * for. GUI thread. */
BH_API bh_status bh_close_waits_for_pool(bh_object *window, bh_thread_pool *pool, int timeout_ms);

/* The same for a pool of worker processes: it takes no more tasks, those that there are are cancelled, and what has not ended shortly
 * before the deadline is killed. The pool stays the caller's: bh_process_pool_close, which has little left to do, and
 * bh_process_pool_destroy; or the application's end does both. GUI thread. */
BH_API bh_status bh_close_waits_for_processes(bh_object *window, bh_process_pool *pool, int timeout_ms);

/* Asks the windows to close, dialogs first, one after the other, each with its veto and its wait; then quits the event loop with
 * CODE. A veto ends it. GUI thread. Does not block. */
BH_API bh_status bh_close_all_windows(int code);

#define bh_close_waits_for(...) BH_AT(bh_close_waits_for(__VA_ARGS__))
#define bh_close_waits_for_pool(...) BH_AT(bh_close_waits_for_pool(__VA_ARGS__))
#define bh_close_waits_for_processes(...) BH_AT(bh_close_waits_for_processes(__VA_ARGS__))
#define bh_close_all_windows(...) BH_AT(bh_close_all_windows(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
