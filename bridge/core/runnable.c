/* Runnables: starting them in a pool, running them on its threads, and taking them back. */
#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/thread.h"
#include "core/thread_pool.h"

#include <bulkhead/thread_pool.h>

/* Behind a bh_runnable, until the runnable begins, or is dropped. */
typedef struct ticket {
    bh__work_ticket in_queue;
    bh__pool *pool;
    bh_runnable *handle;
} ticket;

/* --- on the pool's threads */

static void end_ticket(bh__work_ticket *first)
{
    ticket *self = (ticket *)first;
    if (!self)
        return;
    bh__handle_destroy(self->handle, BH__RUNNABLE);
    bh__free(self);
}

static void drop_user(bh__pool *self, const bh__work *item)
{
    if (item->drop)
        bh__run_void(item->drop, item->user, self->what);
}

/* One that does not run. */
static void drop_item(bh__pool *self, const bh__work *item)
{
    end_ticket(item->ticket);
    drop_user(self, item);
    bh__pool_release(self);
}

typedef struct run_frame {
    const bh__pool *pool;
    const bh__work *item;
} run_frame;

static void run_thunk(void *from)
{
    const run_frame *call = from;
    bh_status status = call->item->fn(call->item->user);
    if (status != BH_OK && status != BH_CANCELLED)
        bh__fail(status, call->pool->what, "ended with %s (%s)", bh_status_name(status), bh_status_text(status));
}

/* As long as something is left the pool is not idle: so only the last look tells those who wait. */
void bh__on_pool_thread(void *record)
{
    bh__pool *self = record;
    bh__work item;
    run_frame call = {self, &item};
    _Atomic size_t *ended = bh__pool_enter(self);
    _Atomic int64_t *since_ms = &bh__self()->runnable_since_ms;
    while (bh__work_next(&self->queue, &item)) {
        end_ticket(item.ticket);
        atomic_store_explicit(since_ms, bh__clock_coarse_ms(), memory_order_relaxed);
        bh__run_handler(run_thunk, &call, self->what, NULL);
        atomic_store_explicit(since_ms, 0, memory_order_relaxed);
        drop_user(self, &item);
        atomic_fetch_add(ended, 1);
        if (bh__work_is_empty(&self->queue)) {
            bh__pool_wake_if_idle(self);
            bh__work_look_on(&self->queue);
        }
    }
    bh__pool_wake_if_idle(self);
}

/* --- starting */

/* Without a thread it is not taken, unless one that the pool had has run it meanwhile. Other runnables may be the same in all: then
 * it does not matter which. */
static bh_status without_thread(bh__pool *self, bh_status why, const bh__work *item, bh_runnable **out, const char *call)
{
    if (!bh__work_withdraw(&self->queue, item))
        return BH_OK;
    end_ticket(item->ticket);
    if (out)
        *out = NULL;
    bh_status status =
        why == BH_ERROR_SYSTEM
            ? bh__fail(why, call, "the system gives pool '%s' no more threads: end some, or ask for a smaller stack", self->name)
            : bh__fail(why, call, "Qt threw a C++ exception: %s", bhs_exception_text());
    bh__pool_release(self);
    return status;
}

/* The ticket of one that may be taken back; NULL after having reported. */
static bh__work_ticket *new_ticket(bh__pool *self, bh_runnable **out, const char *call)
{
    ticket *made = bh__calloc(1, sizeof *made);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a runnable");
        return NULL;
    }
    made->pool = self;
    *out = made->handle = bh__handle_create(BH__RUNNABLE, made, NULL, call);
    if (made->handle)
        return &made->in_queue;
    bh__free(made);
    return NULL;
}

/* Held, and released if it fails. */
static bh_status start(bh__pool *self, const bh__work *item, int priority, bh_runnable **out, const char *call)
{
    bool wanted;
    if (!bh__work_add(&self->queue, priority, item, &wanted)) {
        end_ticket(item->ticket);
        if (out)
            *out = NULL;
        bh__pool_release(self);
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for a runnable");
    }
    /* From here on it is the pool's: it may have run and be gone when this returns. */
    if (!wanted)
        return BH_OK;
    bh_status status = bh__pool_bring_thread(self);
    if (status)
        status = without_thread(self, status, item, out, call);
    bh__work_brought(&self->queue);
    return status;
}

bh_status(bh_thread_pool_start)(bh_thread_pool *handle, bh_status (*fn)(void *user), void *user, void (*drop)(void *user),
                                int priority, bh_runnable **out)
{
    static const char call[] = "bh_thread_pool_start";
    if (out)
        *out = NULL;
    if (!fn)
        return bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass the function to run");
    bh__pool *self = bh__pool_hold(handle, call);
    if (!self)
        return bh__last_status();
    bh__work item = {fn, user, drop, NULL};
    if (out && !(item.ticket = new_ticket(self, out, call))) {
        bh__pool_release(self);
        return BH_ERROR_MEMORY;
    }
    if (!atomic_load_explicit(&self->used, memory_order_relaxed))
        atomic_store(&self->used, true);
    return start(self, &item, priority, out, call);
}

/* --- taking back */

/* Tells one that has begun or ended, which is no error, from what never was a runnable. The layout is in handle.h. */
static bool was_runnable(const void *handle)
{
    return (uint64_t)(uintptr_t)handle >> 48 == (0xB400 | BH__RUNNABLE);
}

static bh_status take(bh__pool *self, bh_runnable *handle, bool *taken, const char *call)
{
    bh__work item;
    ticket *target = bh__pin(handle, BH__RUNNABLE);
    if (!target && was_runnable(handle))
        return BH_OK;
    if (!target)
        return bh__check(handle, BH__RUNNABLE, call, "runnable"), bh__last_status();
    bool foreign = target->pool != self;
    /* It cannot begin, and so not go, while it is pinned. */
    *taken = !foreign && bh__work_take(&self->queue, &target->in_queue, &item);
    if (foreign)
        bh__fail(BH_ERROR_STATE, call, "the runnable is one of pool '%s', not of '%s'", target->pool->name, self->name);
    bh__unpin(handle);
    if (*taken)
        drop_item(self, &item);
    return foreign ? BH_ERROR_STATE : BH_OK;
}

bh_status(bh_thread_pool_try_take)(bh_thread_pool *handle, bh_runnable *target, bool *taken)
{
    static const char call[] = "bh_thread_pool_try_take";
    if (!taken)
        return bh__fail(BH_ERROR_NULL, call, "taken is NULL: pass the address of a bool");
    *taken = false;
    bh__pool *self = bh__pool_hold(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = take(self, target, taken, call);
    bh__pool_release(self);
    return status;
}

static void (*_Atomic when_cleared)(const bh_thread_pool *pool);

void bh__pool_when_cleared(void (*fn)(const bh_thread_pool *pool))
{
    atomic_store(&when_cleared, fn);
}

void bh__pool_clear(bh__pool *self)
{
    void (*tell)(const bh_thread_pool *pool) = atomic_load(&when_cleared);
    for (bh__work item; bh__work_pop(&self->queue, &item);)
        drop_item(self, &item);
    if (tell)
        tell(self->handle);
}

bh_status(bh_thread_pool_clear)(bh_thread_pool *handle)
{
    bh__pool *self = bh__pool_hold(handle, "bh_thread_pool_clear");
    if (!self)
        return bh__last_status();
    bh__pool_clear(self);
    bh__pool_release(self);
    return BH_OK;
}
