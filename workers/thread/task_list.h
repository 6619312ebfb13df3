/* Inside the workers: all tasks that have not settled, for the close and the exit report. A task has settled when its `done` has
 * returned. */
#ifndef THREAD_TASK_LIST_H
#define THREAD_TASK_LIST_H

#include <bulkhead/task.h>

typedef struct bh__task_info {
    char name[32];
    bh_thread_pool *pool;
    bh_task_state state; /* RUNNING, QUEUED, WAITING; an ended one still has its `done` to run */
    bool cancelled;      /* it was asked to stop */
    int64_t since_ms;    /* when it came into this state, on the clock of bh__clock_ms */
} bh__task_info;

/* Calls VISIT, without a lock, for each task of POOL (NULL: of all pools) in the order of their start. Any thread; reports nothing for
 * a stale pool, which has none. */
void bh__tasks_each(const bh_thread_pool *pool, void (*visit)(const bh__task_info *task, void *user), void *user);

/* Asks them all to stop, as bh_task_cancel does. Any thread. Does not block. */
void bh__tasks_cancel(const bh_thread_pool *pool);

/* True if all have settled. Any thread. For bh__door_wait_until too: waiters are woken each time that one settles. */
bool bh__tasks_are_settled(const bh_thread_pool *pool);

#endif
