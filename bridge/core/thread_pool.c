/* Thread pools: QThreadPools, and what is counted about them.
 *
 * `pending` is the number of runnables that are queued or run, and of calls that may run code of the program for the pool.
 * Nobody frees a pool whose count is not 0, and the one who frees it sets CLOSED first, so that nothing begins afterwards. The last
 * thing that a runnable does is to count itself out: it must not look at its pool any more. */
#include "core/thread_pool.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/guard.h"
#include "core/object.h"
#include "core/thread.h"

#include <bulkhead/log.h>
#include <bulkhead/thread_pool.h>
#include <stdio.h>

enum { MOST_THREADS = 4096, LEAST_STACK = 64 * 1024, LARGEST_STACK = 1024 * 1024 * 1024, END_WAIT_MS = 2000 };

#define CLOSED (SIZE_MAX / 2)

typedef struct pool {
    bhs_pool *qt;
    bh_thread_pool *handle;
    _Atomic size_t pending;
    _Atomic bool used; /* something was started */
    char name[32];
    char what[64];     /* "runnable of pool 'fetch'" */
    struct pool *next; /* left behind */
} pool;

typedef struct runnable {
    void *qt; /* the QRunnable that this is inside of */
    pool *pool;
    bh_runnable *handle; /* NULL unless the caller wanted it, and once it begins */
    bh_status (*fn)(void *user);
    void (*drop)(void *user);
    void *user;
} runnable;

static pool *left_behind;        /* at the end of the application; kept so that leak checkers see them */
static _Thread_local pool *home; /* the pool that the calling thread belongs to; a QThreadPool's threads never change */

/* --- counting */

/* Keeps the pool from being freed. False if that has begun. */
static bool hold(pool *self)
{
    if (atomic_fetch_add(&self->pending, 1) < CLOSED)
        return true;
    atomic_fetch_sub(&self->pending, 1);
    return false;
}

static void let_go(pool *self)
{
    if (atomic_fetch_sub(&self->pending, 1) == 1)
        bh__wake_waiters();
}

/* The pool, held, or NULL after having reported why not. */
static pool *check_hold(const bh_thread_pool *handle, const char *call)
{
    pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return NULL;
    bool held = hold(self);
    if (!held)
        bh__fail(BH_ERROR_STALE, call, "pool '%s' is being destroyed", self->name);
    bh__unpin(handle);
    return held ? self : NULL;
}

/* --- on the pool's threads */

static void enter_home(pool *self)
{
    char name[16];
    home = self;
    bh__copy_text(name, sizeof name, self->name);
    pthread_setname_np(pthread_self(), name);
}

void bh__on_runnable(void *payload)
{
    runnable *self = payload;
    if (home != self->pool)
        enter_home(self->pool);
    if (self->handle)
        bh__handle_destroy(self->handle, BH__RUNNABLE);
    self->handle = NULL;
    bh__run_status(self->fn, self->user, self->pool->what, true);
}

void bh__on_runnable_gone(void *payload)
{
    runnable *self = payload;
    if (self->handle)
        bh__handle_destroy(self->handle, BH__RUNNABLE);
    if (self->drop)
        bh__run_void(self->drop, self->user, self->pool->what);
    let_go(self->pool);
}

/* --- making and ending */

static bool refuse_count(int count, const char *call)
{
    if (count >= 0 && count <= MOST_THREADS)
        return false;
    bh__fail(BH_ERROR_RANGE, call, "%d threads: pass 1 to %d, or 0 for one per core", count, MOST_THREADS);
    return true;
}

static void free_pool(pool *self)
{
    bhs_pool_destroy(self->qt);
    bh__free(self);
}

bh_thread_pool *(bh_thread_pool_create)(const char *name, int max_threads)
{
    static const char call[] = "bh_thread_pool_create";
    if (bh__refuse_no_app(call) || refuse_count(max_threads, call))
        return NULL;
    pool *self = bh__calloc(1, sizeof *self);
    if (self) {
        bh__copy_text(self->name, sizeof self->name, name && name[0] ? name : "bh-pool");
        snprintf(self->what, sizeof self->what, "runnable of pool '%s'", self->name);
        self->qt = bhs_pool_create(self->name, max_threads);
    }
    if (!self || !self->qt) {
        bh__free(self);
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a pool");
        return NULL;
    }
    bh_thread_pool *handle = self->handle = bh__handle_create(BH__POOL, self, NULL, call);
    if (!handle)
        free_pool(self);
    return handle;
}

/* Whoever closes a pool frees it; nobody else can then. */
static bool close_idle(pool *self)
{
    size_t idle = 0;
    return atomic_compare_exchange_strong(&self->pending, &idle, CLOSED);
}

bh_status(bh_thread_pool_destroy)(bh_thread_pool *handle)
{
    static const char call[] = "bh_thread_pool_destroy";
    if (!handle)
        return BH_OK;
    pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return bh__last_status();
    bool closed = close_idle(self);
    if (!closed)
        bh__fail(BH_ERROR_STATE, call,
                 "pool '%s' still has something queued or running: bh_thread_pool_clear and "
                 "bh_thread_pool_wait_for_done first",
                 self->name);
    bh__unpin(handle);
    if (!closed)
        return BH_ERROR_STATE;
    bh__handle_destroy(handle, BH__POOL);
    free_pool(self);
    return BH_OK;
}

/* --- runnables */

static runnable *make_runnable(pool *self, const char *call)
{
    void *payload = NULL;
    void *qt = bhs_runnable_create(sizeof(runnable), &payload);
    if (!qt) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a runnable");
        return NULL;
    }
    runnable *made = payload;
    *made = (runnable){.qt = qt, .pool = self};
    return made;
}

bh_status(bh_thread_pool_start)(bh_thread_pool *handle, bh_status (*fn)(void *user), void *user, void (*drop)(void *user),
                                int priority, bh_runnable **out)
{
    static const char call[] = "bh_thread_pool_start";
    if (out)
        *out = NULL;
    if (!fn)
        return bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass the function to run");
    pool *self = check_hold(handle, call);
    if (!self)
        return bh__last_status();
    runnable *made = make_runnable(self, call);
    if (!made) {
        let_go(self);
        return BH_ERROR_MEMORY;
    }
    if (out && !(made->handle = bh__handle_create(BH__RUNNABLE, made, NULL, call))) {
        bhs_runnable_destroy(made->qt);
        return BH_ERROR_MEMORY;
    }
    if (out)
        *out = made->handle;
    made->fn = fn;
    made->user = user;
    made->drop = drop;
    atomic_store_explicit(&self->used, true, memory_order_relaxed);
    /* From here on it is the pool's: it may have run and be gone when this returns. */
    bh_status status = bhs_pool_start(self->qt, made->qt, priority);
    return status ? bh__fail(status, call, "Qt threw a C++ exception: %s", bhs_exception_text()) : BH_OK;
}

/* Tells one that has begun or ended, which is no error, from what never was a runnable. The layout is in handle.h. */
static bool was_runnable(const void *handle)
{
    return (uint64_t)(uintptr_t)handle >> 48 == (0xB400 | BH__RUNNABLE);
}

static bh_status take(pool *self, bh_runnable *handle, bool *taken, const char *call)
{
    runnable *target = bh__pin(handle, BH__RUNNABLE);
    if (!target && was_runnable(handle))
        return BH_OK;
    if (!target)
        return bh__check(handle, BH__RUNNABLE, call, "runnable"), bh__last_status();
    void *qt = target->qt;
    bool foreign = target->pool != self;
    /* It cannot begin, and so not go, while it is pinned. */
    *taken = !foreign && bhs_pool_try_take(self->qt, qt);
    if (foreign)
        bh__fail(BH_ERROR_STATE, call, "the runnable is one of pool '%s', not of '%s'", target->pool->name, self->name);
    bh__unpin(handle);
    if (*taken)
        bhs_runnable_destroy(qt);
    return foreign ? BH_ERROR_STATE : BH_OK;
}

bh_status(bh_thread_pool_try_take)(bh_thread_pool *handle, bh_runnable *target, bool *taken)
{
    static const char call[] = "bh_thread_pool_try_take";
    if (!taken)
        return bh__fail(BH_ERROR_NULL, call, "taken is NULL: pass the address of a bool");
    *taken = false;
    pool *self = check_hold(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = take(self, target, taken, call);
    let_go(self);
    return status;
}

bh_status(bh_thread_pool_clear)(bh_thread_pool *handle)
{
    pool *self = check_hold(handle, "bh_thread_pool_clear");
    if (!self)
        return bh__last_status();
    bhs_pool_clear(self->qt);
    let_go(self);
    return BH_OK;
}

/* --- waiting */

/* By handle: the pool may be freed as soon as it is idle. */
static bool is_done(void *handle)
{
    pool *self = bh__pin(handle, BH__POOL);
    size_t pending = self ? atomic_load(&self->pending) : 0;
    if (self)
        bh__unpin(handle);
    return pending == 0 || pending >= CLOSED;
}

bh_status(bh_thread_pool_wait_for_done)(bh_thread_pool *handle, int timeout_ms)
{
    static const char call[] = "bh_thread_pool_wait_for_done";
    pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return bh__last_status();
    bool own = home == self;
    if (own)
        bh__fail(BH_DEADLOCK, call,
                 "called on a thread of pool '%s' itself, whose runnable would wait for its own end: wait on another thread",
                 self->name);
    bh__unpin(handle);
    if (own)
        return BH_DEADLOCK;
    return bh__wait_until(is_done, handle, timeout_ms) ? BH_OK : BH_TIMEOUT;
}

/* --- settings */

bh_status(bh_thread_pool_set_max_threads)(bh_thread_pool *handle, int count)
{
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_max_threads", "pool");
    if (!self)
        return bh__last_status();
    bool refused = refuse_count(count, "bh_thread_pool_set_max_threads");
    if (!refused)
        bhs_pool_set_max(self->qt, count);
    bh__unpin(handle);
    return refused ? BH_ERROR_RANGE : BH_OK;
}

bh_status(bh_thread_pool_get_max_threads)(const bh_thread_pool *handle, int *count)
{
    if (!count)
        return bh__fail(BH_ERROR_NULL, "bh_thread_pool_get_max_threads", "count is NULL: pass the address of an int");
    *count = 0;
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_get_max_threads", "pool");
    if (!self)
        return bh__last_status();
    *count = bhs_pool_max(self->qt);
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_get_active_threads)(const bh_thread_pool *handle, int *count)
{
    if (!count)
        return bh__fail(BH_ERROR_NULL, "bh_thread_pool_get_active_threads", "count is NULL: pass the address of an int");
    *count = 0;
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_get_active_threads", "pool");
    if (!self)
        return bh__last_status();
    /* Qt counts a thread a little longer than its runnable. */
    size_t pending = atomic_load(&self->pending);
    *count = bhs_pool_active(self->qt);
    if ((size_t)*count > pending)
        *count = (int)pending;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_expiry_ms)(bh_thread_pool *handle, int expiry_ms)
{
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_expiry_ms", "pool");
    if (!self)
        return bh__last_status();
    bhs_pool_set_expiry(self->qt, expiry_ms < 0 ? -1 : expiry_ms);
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_stack_size)(bh_thread_pool *handle, size_t bytes)
{
    static const char call[] = "bh_thread_pool_set_stack_size";
    pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return bh__last_status();
    bh_status status = BH_OK;
    if (bytes && (bytes < LEAST_STACK || bytes > LARGEST_STACK))
        status = bh__fail(BH_ERROR_RANGE, call, "%zu bytes: pass %d to %d, or 0 for the system's default", bytes, LEAST_STACK,
                          LARGEST_STACK);
    else if (atomic_load(&self->used))
        status =
            bh__fail(BH_ERROR_STATE, call, "pool '%s' has run something already: set it before the first runnable", self->name);
    else
        bhs_pool_set_stack_size(self->qt, bytes);
    bh__unpin(handle);
    return status;
}

/* --- the application's end */

static void clear_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    (void)user;
    pool *self = bh__pin(handle, BH__POOL);
    bool held = self && hold(self);
    if (self)
        bh__unpin(handle);
    if (!held)
        return;
    bhs_pool_clear(self->qt);
    let_go(self);
}

static void end_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    int64_t left_ms = *(int64_t *)user - bh__now_ms();
    bh__wait_until(is_done, (void *)handle, left_ms > 0 ? (int)left_ms : 0);
    pool *self = bh__pin(handle, BH__POOL);
    bool closed = self && close_idle(self);
    if (self && !closed)
        bh_log(BH_LOG_WARNING, "pool",
               "pool '%s' still has %zu runnables at the application's end: it is left behind; give its "
               "functions a way to stop, and wait for them before",
               self->name, atomic_load(&self->pending));
    if (self)
        bh__unpin(handle);
    bh__handle_destroy(handle, BH__POOL);
    if (closed) {
        free_pool(self);
    } else if (self) {
        self->next = left_behind;
        left_behind = self;
    }
}

void bh__pools_destroy(void)
{
    int64_t deadline = bh__now_ms() + END_WAIT_MS;
    bh__handles_each(BH__POOL, clear_one, NULL);
    bh__handles_each(BH__POOL, end_one, &deadline);
}
