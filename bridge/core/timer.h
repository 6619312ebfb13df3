/* Timers: what the end of a thread must do about them. */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include "core/thread.h"

/* Stops and frees the timers of THREAD, which must be the calling one: the last thing before its event loop's objects go. */
void bh__timers_destroy(bh__thread *thread);

#endif
