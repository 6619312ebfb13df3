/* Thread pools: what the end of the application must do about them. */
#ifndef CORE_THREAD_POOL_H
#define CORE_THREAD_POOL_H

#include <stdint.h>

/* Clears all pools, waits for them until DEADLINE, and frees them. One that still runs is left behind, with a line in
 * the log that names it: to wait for it could last for ever, and to free it would crash. */
void bh__pools_destroy(int64_t deadline);

#endif
