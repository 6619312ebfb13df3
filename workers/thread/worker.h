/* Inside the workers: what the close needs of them. */
#ifndef THREAD_WORKER_H
#define THREAD_WORKER_H

#include <bulkhead/worker.h>

/* False while it runs, or its last signals are under way; true for a handle that is stale. Reports nothing. */
bool bh__worker_is_settled(bh_worker *worker);

/* The application ends: asks all to stop; waits for each, at most until DEADLINE, and destroys it. Those that do not end in time are
 * named. GUI thread. */
void bh__workers_cancel(void);
void bh__workers_end(int64_t deadline);

/* The class's name, for reports; "" for a stale handle. */
const char *bh__worker_class(bh_worker *worker);

/* When its run began, on the clock of bh__clock_ms; 0 for a stale handle. */
int64_t bh__worker_since(bh_worker *worker);

#endif
