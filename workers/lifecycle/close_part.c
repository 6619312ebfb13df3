/* The kinds of work that a window can wait for. */
#include "lifecycle/close_part.h"

#include "core/door.h"
#include "process/process_door.h"
#include "thread/task_list.h"
#include "thread/worker.h"

#include <bulkhead/thread_pool.h>
#include <stdio.h>

/* --- workers */

static bool worker_settled(void *handle)
{
    return bh__worker_is_settled(handle);
}

static void worker_cancel(void *handle, int timeout_ms)
{
    (void)timeout_ms;
    (bh_worker_cancel)(handle);
}

static void worker_left(void *handle, bh__close_line line, void *user)
{
    char text[96];
    snprintf(text, sizeof text, "worker '%s'", bh__worker_class(handle));
    line(text, bh__worker_since(handle), user);
}

const bh__close_kind bh__close_worker = {worker_settled, worker_cancel, worker_left};

/* --- pools */

static bool pool_settled(void *handle)
{
    return bh__door_pool_pending(handle, NULL, 0) == 0 && bh__tasks_are_settled(handle);
}

static void pool_cancel(void *handle, int timeout_ms)
{
    (void)timeout_ms;
    bh__tasks_cancel(handle);
    (bh_thread_pool_clear)(handle);
}

typedef struct task_lines {
    const char *pool;
    bh__close_line line;
    void *user;
    size_t count; /* of those that have not ended: each is one of the pool's runnables */
} task_lines;

static void task_left(const bh__task_info *task, void *from)
{
    task_lines *lines = from;
    char text[128];
    lines->count += task->state < BH_TASK_FINISHED;
    snprintf(text, sizeof text, "task '%s' of pool '%s'", task->name, lines->pool);
    lines->line(text, task->since_ms, lines->user);
}

static void pool_left(void *handle, bh__close_line line, void *user)
{
    char name[32], text[96];
    task_lines lines = {name, line, user, 0};
    size_t count = bh__door_pool_pending(handle, name, sizeof name);
    bh__tasks_each(handle, task_left, &lines);
    if (count <= lines.count)
        return;
    count -= lines.count;
    snprintf(text, sizeof text, "%zu runnable%s of pool '%s'", count, count == 1 ? "" : "s", name);
    line(text, 0, user);
}

const bh__close_kind bh__close_pool = {pool_settled, pool_cancel, pool_left};

/* --- pools of worker processes, in which nothing can outlive the deadline */

enum { KILL_EARLIER_MS = 50 }; /* so that what was killed has ended, and its futures are done, before the deadline */

static bool processes_settled(void *handle)
{
    return bh__process_door_left(handle, NULL, 0) == 0;
}

static void processes_cancel(void *handle, int timeout_ms)
{
    bh__process_door_begin_close(handle, timeout_ms > KILL_EARLIER_MS ? timeout_ms - KILL_EARLIER_MS : 0);
}

static void processes_left(void *handle, bh__close_line line, void *user)
{
    char name[64], text[128];
    size_t count = bh__process_door_left(handle, name, sizeof name);
    snprintf(text, sizeof text, "%zu task%s of process pool '%s'", count, count == 1 ? "" : "s", name);
    line(text, 0, user);
}

const bh__close_kind bh__close_processes = {processes_settled, processes_cancel, processes_left};

/* --- all of a window's */

bool bh__close_parts_settled(const bh__close_part *first)
{
    while (first && first->kind->settled(first->handle))
        first = first->next;
    return !first;
}

void bh__close_parts_cancel(const bh__close_part *first, int timeout_ms)
{
    for (; first; first = first->next)
        if (!first->kind->settled(first->handle))
            first->kind->cancel(first->handle, timeout_ms);
}

void bh__close_parts_left(const bh__close_part *first, bh__close_line line, void *user)
{
    for (; first; first = first->next)
        if (!first->kind->settled(first->handle))
            first->kind->left(first->handle, line, user);
}
