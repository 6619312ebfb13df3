/* Inside the workers: what the close needs of them. */
#ifndef THREAD_WORKER_H
#define THREAD_WORKER_H

#include <bulkhead/worker.h>

/* FN runs on the GUI thread each time that a worker has finished and its last signals have been delivered. One function. */
void bh__worker_when_settled(void (*fn)(void));

/* False while it runs, or its last signals are under way; true for a handle that is stale. Reports nothing. */
bool bh__worker_is_settled(bh_worker *worker);

/* The class's name, for reports; "" for a stale handle. */
const char *bh__worker_class(bh_worker *worker);

#endif
