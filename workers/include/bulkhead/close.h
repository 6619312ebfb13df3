/* The close of a window: what it waits for, and for how long.
 *
 * Two phases. The first close event starts the close and is ignored: workers are cancelled, the event loop goes on, so that their last
 * results arrive. When all have ended, or at the deadline, the window is closed for good, in this order: list threads, list top-level
 * widgets, wait for what remains of the time, list again whatever happened, quit the event loop, accept. */
#ifndef BULKHEAD_CLOSE_H
#define BULKHEAD_CLOSE_H

#include <bulkhead/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Closing WINDOW cancels WORKER and waits for it until TIMEOUT_MS after the close began; the longest of a window's timeouts counts.
 * A handler of BH_EVENT_CLOSE that answers BH_EVENT_IGNORE vetoes the close before any of this. GUI thread. */
BH_API bh_status bh_close_waits_for(bh_object *window, bh_worker *worker, int timeout_ms);

#define bh_close_waits_for(...) BH_AT(bh_close_waits_for(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
