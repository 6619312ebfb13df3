/* Thread pools: QThreadPools, and what is counted about them.
 *
 * `started` counts the runnables that were queued, and the calls that may run code of the program for the pool; `finished` counts
 * their ends. Where both are the same the pool is idle. Only an idle pool ends, and whoever ends it adds CLOSED to `started` first,
 * in the same step that finds it idle, so that nothing begins afterwards. They are several counters, a cache line apart, because
 * the starting thread and the pool's threads would slow each other down over one.
 *
 * Records are used again and never freed, like the slots of handles: so one atomic step is all that a start needs to be safe from a
 * destroy on another thread. */
#include "core/thread_pool.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/guard.h"
#include "core/object.h"
#include "core/thread.h"
#include "core/thread_list.h"

#include <bulkhead/log.h>
#include <bulkhead/thread_pool.h>
#include <stdio.h>
#include <time.h>

enum { MOST_THREADS = 4096, LEAST_STACK = 64 * 1024, LARGEST_STACK = 1024 * 1024 * 1024, CACHE_LINE = 64, LANES = 8 };

#define CLOSED (SIZE_MAX / 2)

typedef struct lane {
    _Atomic size_t count;
    char apart[CACHE_LINE - sizeof(size_t)];
} lane;

typedef struct pool {
    bhs_pool *qt;
    bh_thread_pool *handle;
    _Atomic size_t waiters;
    _Atomic bool used; /* something was started */
    char name[32];
    char what[64];     /* "runnable of pool 'fetch'" */
    struct pool *next; /* in free_records or left_behind */
    _Atomic unsigned next_lane;
    char apart[CACHE_LINE];
    _Atomic size_t started;
    char far_apart[CACHE_LINE];
    lane finished[LANES]; /* each thread counts in one of them */
} pool;

typedef struct runnable {
    pool *pool;
    bh_runnable *handle; /* NULL unless the caller wanted it, and once it begins */
    bh_status (*fn)(void *user);
    void (*drop)(void *user);
    void *user;
} runnable;

static pthread_mutex_t records_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the two lists */
static pool *free_records;
static pool *left_behind; /* at the end of the application; kept so that leak checkers see them */

/* The pool that the calling thread belongs to; a QThreadPool's threads never change. */
static _Thread_local pool *home;
static _Thread_local unsigned my_lane;

/* --- counting */

static bool count_in(pool *self)
{
    if (atomic_fetch_add(&self->started, 1) < CLOSED)
        return true;
    atomic_fetch_sub(&self->started, 1);
    return false;
}

/* Only rises, and never overtakes `started`: if it equals what `started` is afterwards, the pool was idle in between. */
static size_t finished(pool *self)
{
    size_t sum = 0;
    for (int i = 0; i < LANES; i++)
        sum += atomic_load(&self->finished[i].count);
    return sum;
}

static size_t pending(pool *self)
{
    size_t ended = finished(self);
    return atomic_load(&self->started) - ended;
}

static void count_out(pool *self)
{
    atomic_fetch_add(&self->finished[my_lane].count, 1);
    if (atomic_load(&self->waiters) && pending(self) == 0)
        bh__wake_waiters();
}

/* The pool, counted in so that it cannot end, or NULL after having reported why not. Its record may have become another pool's
 * between the two looks at the handle. */
static pool *hold(const bh_thread_pool *handle, const char *call)
{
    pool *self = bh__check(handle, BH__POOL, call, "pool");
    if (!self)
        return NULL;
    bool held = count_in(self);
    if (held && bh__slot_of(handle, BH__POOL))
        return self;
    if (held)
        count_out(self);
    bh__fail(BH_ERROR_STALE, call, "pool is being destroyed on another thread");
    return NULL;
}

/* --- on the pool's threads */

static void enter_home(pool *self)
{
    char name[16];
    home = self;
    my_lane = atomic_fetch_add(&self->next_lane, 1) % LANES;
    bh__copy_text(name, sizeof name, self->name);
    pthread_setname_np(pthread_self(), name);
    bh__thread_list_set(bh__self(), BH__ROLE_POOL, self->name);
}

/* Some milliseconds behind, but read without asking the hardware, which may take as long as a small runnable. */
static int64_t roughly_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_thunk(void *payload)
{
    runnable *self = payload;
    bh_status status = self->fn(self->user);
    if (status != BH_OK && status != BH_CANCELLED)
        bh__fail(status, self->pool->what, "ended with %s (%s)", bh_status_name(status), bh_status_text(status));
}

void bh__on_runnable(void *payload)
{
    runnable *self = payload;
    if (home != self->pool)
        enter_home(self->pool);
    if (self->handle)
        bh__handle_destroy(self->handle, BH__RUNNABLE);
    self->handle = NULL;
    _Atomic int64_t *since_ms = &bh__self()->runnable_since_ms;
    atomic_store_explicit(since_ms, roughly_now_ms(), memory_order_relaxed);
    bh__run_handler(run_thunk, self, self->pool->what, NULL);
    atomic_store_explicit(since_ms, 0, memory_order_relaxed);
}

void bh__on_runnable_gone(void *payload)
{
    runnable *self = payload;
    if (self->handle)
        bh__handle_destroy(self->handle, BH__RUNNABLE);
    if (self->drop)
        bh__run_void(self->drop, self->user, self->pool->what);
    count_out(self->pool);
}

/* --- making and ending */

static bool refuse_count(int count, const char *call)
{
    if (count >= 0 && count <= MOST_THREADS)
        return false;
    bh__fail(BH_ERROR_RANGE, call, "%d threads: pass 1 to %d, or 0 for one per core", count, MOST_THREADS);
    return true;
}

static void push_record(pool **list, pool *self)
{
    pthread_mutex_lock(&records_lock);
    self->next = *list;
    *list = self;
    pthread_mutex_unlock(&records_lock);
}

static pool *take_record(void)
{
    pthread_mutex_lock(&records_lock);
    pool *self = free_records;
    if (self)
        free_records = self->next;
    pthread_mutex_unlock(&records_lock);
    return self ? self : bh__calloc(1, sizeof *self);
}

static void free_pool(pool *self)
{
    if (self->qt)
        bhs_pool_destroy(self->qt);
    self->qt = NULL;
    push_record(&free_records, self);
}

/* 0: one per core. */
static void set_max(pool *self, int count)
{
    bhs_pool_set(self->qt, "maxThreadCount", count ? count : bhs_ideal_threads());
}

/* Opens the record for what starts from now on. */
static void open_record(pool *self, const char *name, int max_threads)
{
    bh__copy_text(self->name, sizeof self->name, name && name[0] ? name : "bh-pool");
    bh__clean_text(self->name);
    snprintf(self->what, sizeof self->what, "runnable of pool '%s'", self->name);
    self->qt = bhs_pool_create(self->name);
    if (self->qt)
        set_max(self, max_threads);
    atomic_store(&self->used, false);
    atomic_store(&self->waiters, 0);
    if (atomic_load(&self->started) >= CLOSED)
        atomic_fetch_sub(&self->started, CLOSED);
}

bh_thread_pool *(bh_thread_pool_create)(const char *name, int max_threads)
{
    static const char call[] = "bh_thread_pool_create";
    if (bh__refuse_no_app(call) || refuse_count(max_threads, call))
        return NULL;
    pool *self = take_record();
    if (self)
        open_record(self, name, max_threads);
    if (!self || !self->qt) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a pool");
        if (self)
            free_pool(self);
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
    size_t ended = finished(self);
    return atomic_compare_exchange_strong(&self->started, &ended, ended + CLOSED);
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

bh_status(bh_thread_pool_start)(bh_thread_pool *handle, bh_status (*fn)(void *user), void *user, void (*drop)(void *user),
                                int priority, bh_runnable **out)
{
    static const char call[] = "bh_thread_pool_start";
    if (out)
        *out = NULL;
    if (!fn)
        return bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass the function to run");
    pool *self = hold(handle, call);
    if (!self)
        return bh__last_status();
    runnable *made = bhs_runnable_create(sizeof *made);
    if (!made) {
        count_out(self);
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for a runnable");
    }
    *made = (runnable){.pool = self};
    if (out && !(made->handle = bh__handle_create(BH__RUNNABLE, made, NULL, call))) {
        bhs_runnable_destroy(made);
        return BH_ERROR_MEMORY;
    }
    if (out)
        *out = made->handle;
    made->fn = fn;
    made->user = user;
    made->drop = drop;
    if (!atomic_load_explicit(&self->used, memory_order_relaxed))
        atomic_store(&self->used, true);
    /* From here on it is the pool's: it may have run and be gone when this returns. */
    bh_status status = bhs_pool_start(self->qt, made, priority);
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
    bool foreign = target->pool != self;
    /* It cannot begin, and so not go, while it is pinned. */
    *taken = !foreign && bhs_pool_try_take(self->qt, target);
    if (foreign)
        bh__fail(BH_ERROR_STATE, call, "the runnable is one of pool '%s', not of '%s'", target->pool->name, self->name);
    bh__unpin(handle);
    if (*taken)
        bhs_runnable_destroy(target);
    return foreign ? BH_ERROR_STATE : BH_OK;
}

bh_status(bh_thread_pool_try_take)(bh_thread_pool *handle, bh_runnable *target, bool *taken)
{
    static const char call[] = "bh_thread_pool_try_take";
    if (!taken)
        return bh__fail(BH_ERROR_NULL, call, "taken is NULL: pass the address of a bool");
    *taken = false;
    pool *self = hold(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = take(self, target, taken, call);
    count_out(self);
    return status;
}

bh_status(bh_thread_pool_clear)(bh_thread_pool *handle)
{
    pool *self = hold(handle, "bh_thread_pool_clear");
    if (!self)
        return bh__last_status();
    bhs_pool_clear(self->qt);
    count_out(self);
    return BH_OK;
}

/* --- waiting */

size_t bh__pool_pending(const void *handle, char *name, size_t size)
{
    pool *self = bh__pin(handle, BH__POOL);
    size_t left = self ? pending(self) : 0;
    if (name)
        bh__copy_text(name, size, self ? self->name : "");
    if (self)
        bh__unpin(handle);
    return left >= CLOSED ? 0 : left;
}

/* By handle: the pool may be freed as soon as it is idle. */
static bool is_done(void *handle)
{
    return bh__pool_pending(handle, NULL, 0) == 0;
}

static void add_waiter(void *handle, size_t number)
{
    pool *self = bh__pin(handle, BH__POOL);
    if (!self)
        return;
    atomic_fetch_add(&self->waiters, number);
    bh__unpin(handle);
}

static bool wait_until_done(void *handle, int timeout_ms)
{
    add_waiter(handle, 1);
    bool done = bh__wait_until(is_done, handle, timeout_ms);
    add_waiter(handle, (size_t)-1);
    return done;
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
    return wait_until_done(handle, timeout_ms) ? BH_OK : BH_TIMEOUT;
}

/* --- settings */

bh_status(bh_thread_pool_set_max_threads)(bh_thread_pool *handle, int count)
{
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_max_threads", "pool");
    if (!self)
        return bh__last_status();
    bool refused = refuse_count(count, "bh_thread_pool_set_max_threads");
    if (!refused)
        set_max(self, count);
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
    *count = bhs_pool_get(self->qt, "maxThreadCount");
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
    size_t most = pending(self);
    *count = bhs_pool_get(self->qt, "activeThreadCount");
    if ((size_t)*count > most)
        *count = (int)most;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_expiry_ms)(bh_thread_pool *handle, int expiry_ms)
{
    pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_expiry_ms", "pool");
    if (!self)
        return bh__last_status();
    bhs_pool_set(self->qt, "expiryTimeout", expiry_ms < 0 ? -1 : expiry_ms);
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
        bhs_pool_set(self->qt, "stackSize", (int)bytes);
    bh__unpin(handle);
    return status;
}

/* --- the application's end */

static void clear_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    (void)user;
    pool *self = bh__pin(handle, BH__POOL);
    bool held = self && count_in(self);
    if (self)
        bh__unpin(handle);
    if (!held)
        return;
    bhs_pool_clear(self->qt);
    count_out(self);
}

static void end_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    int64_t left_ms = *(int64_t *)user - bh__now_ms();
    wait_until_done((void *)handle, left_ms > 0 ? (int)left_ms : 0);
    pool *self = bh__pin(handle, BH__POOL);
    bool closed = self && close_idle(self);
    if (self && !closed)
        bh_log(BH_LOG_WARNING, "pool",
               "pool '%s' still has %zu runnables at the application's end: it is left behind; give its "
               "functions a way to stop, and wait for them before",
               self->name, pending(self));
    if (self)
        bh__unpin(handle);
    bh__handle_destroy(handle, BH__POOL);
    if (closed)
        free_pool(self);
    else if (self)
        push_record(&left_behind, self);
}

void bh__pools_destroy(int64_t deadline)
{
    bh__handles_each(BH__POOL, clear_one, NULL);
    bh__handles_each(BH__POOL, end_one, &deadline);
}
