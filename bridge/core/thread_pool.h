/* Thread pools: what the end of the application must do about them. */
#ifndef CORE_THREAD_POOL_H
#define CORE_THREAD_POOL_H

#include <stddef.h>
#include <stdint.h>

/* Clears all pools, waits for them until DEADLINE, and frees them. One that still runs is left behind, with a line in
 * the log that names it: to wait for it could last for ever, and to free it would crash. */
void bh__pools_destroy(int64_t deadline);

/* How many runnables run or wait; 0 for a stale handle. NAME, if not NULL, gets the pool's. Any thread. */
size_t bh__pool_pending(const void *handle, char *name, size_t size);

#endif
