/* The kinds of work that a window can wait for. */
#include "lifecycle/close_part.h"

#include "core/door.h"
#include "thread/worker.h"

#include <bulkhead/thread_pool.h>
#include <stdio.h>

/* --- workers */

static bool worker_settled(void *handle)
{
    return bh__worker_is_settled(handle);
}

static void worker_cancel(void *handle)
{
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
    return bh__door_pool_pending(handle, NULL, 0) == 0;
}

static void pool_cancel(void *handle)
{
    (bh_thread_pool_clear)(handle);
}

static void pool_left(void *handle, bh__close_line line, void *user)
{
    char name[32], text[96];
    size_t count = bh__door_pool_pending(handle, name, sizeof name);
    snprintf(text, sizeof text, "%zu runnable%s of pool '%s'", count, count == 1 ? "" : "s", name);
    line(text, 0, user);
}

const bh__close_kind bh__close_pool = {pool_settled, pool_cancel, pool_left};

/* --- all of a window's */

bool bh__close_parts_settled(const bh__close_part *first)
{
    while (first && first->kind->settled(first->handle))
        first = first->next;
    return !first;
}

void bh__close_parts_cancel(const bh__close_part *first)
{
    for (; first; first = first->next)
        if (!first->kind->settled(first->handle))
            first->kind->cancel(first->handle);
}

void bh__close_parts_left(const bh__close_part *first, bh__close_line line, void *user)
{
    for (; first; first = first->next)
        if (!first->kind->settled(first->handle))
            first->kind->left(first->handle, line, user);
}
