/* The side of a task that the program sees: what completes a future, between process_task.c and future.c. */
#ifndef PROCESS_FUTURE_H
#define PROCESS_FUTURE_H

#include "process/process_pool.h"

/* Writes the outcome, wakes who waits, and sends the callbacks on their way. Once per task. */
void bh__future_complete(bh__task *task, const bh__outcome *outcome, bh_future_state state);

/* Sends a callback on its way; it is freed when it has run. */
void bh__watch_post(bh__watch *watch);

/* Where it shall run: false, reported, where that is no place. */
bool bh__watch_place(bh__watch *watch, bh_thread *thread, const char *call);

/* The progress callback: there is some; there will be none any more. */
void bh__watch_post_progress(bh__watch *watch);
void bh__watch_post_end(bh__watch *watch);

#endif
