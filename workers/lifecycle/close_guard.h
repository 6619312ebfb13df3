/* The last resort of a close: a thread that ends the process when the window's thread hangs past the deadline. */
#ifndef LIFECYCLE_CLOSE_GUARD_H
#define LIFECYCLE_CLOSE_GUARD_H

#include <stdint.h>

/* From here on the process is ended a little after DEADLINE_MS (of bh__clock_ms), with CODE, unless it is disarmed before. Armed again:
 * the later deadline counts. Without memory or threads there is no guard, which is logged. GUI thread. */
void bh__close_guard_arm(int64_t deadline_ms, int code);

/* GUI thread. */
void bh__close_guard_disarm(void);

#endif
