/* The door of process pools for the close of a window, which must not block: what bh_process_pool_close does, in two halves. */
#ifndef PROCESS_PROCESS_DOOR_H
#define PROCESS_PROCESS_DOOR_H

#include <bulkhead/process_pool.h>

/* False, reported for CALL, for what is no pool. */
BH_API bool bh__process_door_check(bh_process_pool *pool, const char *call);

/* Takes no more tasks and cancels all that there are; what has not ended in TIMEOUT_MS is killed. Nothing for a stale handle. Does not
 * block. */
BH_API void bh__process_door_begin_close(bh_process_pool *pool, int timeout_ms);

/* How many tasks have not ended; 0 for a stale handle, and reports nothing. NAME, if not NULL, gets the pool's. */
BH_API size_t bh__process_door_left(bh_process_pool *pool, char *name, size_t size);

/* Whether the thread that watches all pools has DESCRIPTOR, which lasts as long as the program. Any thread. */
BH_API bool bh__process_door_owns(int descriptor);

#endif
