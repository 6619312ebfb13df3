/* bh_process_pool: its life, its close, and waiting for it. Any thread. Submitting is in submit.c. */
#include "process/process_pool.h"

#include "base/clock.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/handle.h"
#include "process/options.h"
#include "process/worker_side.h"

#include <errno.h>
#include <string.h>

enum { MOST_CLOSE_MS = 24 * 3600 * 1000 };

/* --- life */

void bh__pool_ref(bh__pool *pool)
{
    atomic_fetch_add_explicit(&pool->refs, 1, memory_order_relaxed);
}

void bh__pool_unref(bh__pool *pool)
{
    if (atomic_fetch_sub_explicit(&pool->refs, 1, memory_order_acq_rel) != 1)
        return;
    bh__options_free(pool);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->changed);
    bh__free(pool);
}

static void keep(void *pool)
{
    bh__pool_ref(pool);
}

bh__pool *bh__pool_find(bh_process_pool *pool, const char *call)
{
    return bh__process_find(pool, BH__PROCESS_POOL, keep, call, "pool");
}

static bool goes_first(const bh__heap_node *a, const bh__heap_node *b)
{
    const bh__task *left = bh__task_of_queue((bh__heap_node *)(uintptr_t)a);
    const bh__task *right = bh__task_of_queue((bh__heap_node *)(uintptr_t)b);
    return left->priority != right->priority ? left->priority > right->priority : left->order < right->order;
}

static bool is_due_first(const bh__heap_node *a, const bh__heap_node *b)
{
    return bh__task_of_deadlines((bh__heap_node *)(uintptr_t)a)->deadline_ms <
           bh__task_of_deadlines((bh__heap_node *)(uintptr_t)b)->deadline_ms;
}

static void init_lock(bh__pool *pool)
{
    pthread_mutex_init(&pool->lock, NULL);
    bh__cond_init(&pool->changed);
}

static bool may_create(const char *call)
{
    if (!bh__is_guarded())
        bh__fail(BH_ERROR_STATE, call,
                 "bh_main_guard was not called: make it the first statement of main, or each worker would be one more program");
    else if (bh_worker_depth() >= BH_MAX_WORKER_DEPTH)
        bh__fail(BH_ERROR_STATE, call, "this is a worker of depth %d already, and %d is the most: return the work to the program",
                 bh_worker_depth(), BH_MAX_WORKER_DEPTH);
    else if (!bh__reactor_start())
        bh__fail(BH_ERROR_SYSTEM, call, "the system gives no thread or descriptor for the pools");
    else
        return true;
    return false;
}

static void close_all_before_exit(int64_t left_ms);

bh_process_pool *(bh_process_pool_create)(const bh_process_pool_options *options)
{
    static const char call[] = "bh_process_pool_create";
    if (!may_create(call))
        return NULL;
    bh__pool *pool = bh__calloc(1, sizeof *pool);
    if (!pool) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more pool");
        return NULL;
    }
    atomic_init(&pool->refs, 1);
    init_lock(pool);
    pool->queue.before = goes_first;
    pool->deadlines.before = is_due_first;
    pool->kept = true;
    bh_process_pool *handle = bh__options_take(pool, options) ? bh__process_handle_create(BH__PROCESS_POOL, pool, call) : NULL;
    if (!handle) {
        bh__pool_unref(pool);
        return NULL;
    }
    bh__set_before_destroy(close_all_before_exit);
    bh__reactor_add(pool);
    return handle;
}

bh_status(bh_process_pool_destroy)(bh_process_pool *handle)
{
    static const char call[] = "bh_process_pool_destroy";
    if (!handle)
        return BH_OK;
    bh__pool *pool = bh__pool_find(handle, call);
    if (!pool)
        return bh__last_status();
    pthread_mutex_lock(&pool->lock);
    bool open = !pool->closing;
    pthread_mutex_unlock(&pool->lock);
    bh_status status = BH_OK;
    if (open)
        status = bh__fail(BH_ERROR_STATE, call, "pool '%s' is open: bh_process_pool_close it first", pool->name);
    else if (!bh__process_take(handle, BH__PROCESS_POOL, call, "pool"))
        status = bh__last_status();
    if (!status) {
        pthread_mutex_lock(&pool->lock);
        pool->kept = false;
        pthread_mutex_unlock(&pool->lock);
        bh__reactor_wake(pool);
        bh__pool_unref(pool); /* the handle's */
    }
    bh__pool_unref(pool);
    return status;
}

/* --- waiting: for room, for the last task, for the last process */

typedef struct wait {
    bh__pool *pool;
    bool (*done)(const bh__pool *pool, size_t count);
    size_t count;
} wait;

static bool is_done(void *user)
{
    const wait *what = user;
    pthread_mutex_lock(&what->pool->lock);
    bool done = what->done(what->pool, what->count);
    pthread_mutex_unlock(&what->pool->lock);
    return done;
}

bool bh__pool_wait(bh__pool *pool, bool (*done)(const bh__pool *pool, size_t count), size_t count, int timeout_ms)
{
    wait what = {pool, done, count};
    const bh__host *host = bh__get_host();
    if (host)
        return host->wait_until(is_done, &what, timeout_ms);
    int64_t until = bh__clock_ns() + (int64_t)timeout_ms * 1000000;
    struct timespec time = bh__clock_timespec(until);
    int error = 0;
    pthread_mutex_lock(&pool->lock);
    bool over;
    while (!(over = done(pool, count)) && error != ETIMEDOUT)
        error = timeout_ms < 0 ? pthread_cond_wait(&pool->changed, &pool->lock)
                               : pthread_cond_timedwait(&pool->changed, &pool->lock, &time);
    pthread_mutex_unlock(&pool->lock);
    return over;
}

static bool is_empty(const bh__pool *pool, size_t count)
{
    return pool->open == count;
}

static bool is_closed(const bh__pool *pool, size_t count)
{
    return pool->closed && pool->open == count;
}

/* --- waiting for all, closing */

bh_status(bh_process_pool_wait_for_done)(bh_process_pool *handle, int timeout_ms)
{
    static const char call[] = "bh_process_pool_wait_for_done";
    bh__pool *pool = bh__pool_find(handle, call);
    if (!pool)
        return bh__last_status();
    bh_status status = BH_DEADLOCK;
    if (!bh__refuse_on_reactor(call))
        status = bh__pool_wait(pool, is_empty, 0, timeout_ms) ? BH_OK : BH_TIMEOUT;
    bh__pool_unref(pool);
    return status;
}

/* Stops intake; what is queued ends now, what is with workers the reactor ends. */
void bh__pool_begin_close(bh__pool *pool, int timeout_ms)
{
    bh__heap_node *node;
    pthread_mutex_lock(&pool->lock);
    int64_t until = bh__clock_ms() + timeout_ms;
    pool->closing = true;
    if (!pool->close_ms || until < pool->close_ms)
        pool->close_ms = until;
    pthread_cond_broadcast(&pool->changed);
    while ((node = bh__heap_take(&pool->queue))) {
        bh__task *task = bh__task_of_queue(node);
        task->place = BH__NEW;
        bh__task_ref(task); /* a cancel that comes meanwhile may let go of it */
        pthread_mutex_unlock(&pool->lock);
        bh__task_end_for(task, BH__CLOSING, NULL);
        bh__task_unref(task);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    bh__reactor_wake(pool);
}

static bh_status close_pool(bh__pool *pool, int timeout_ms)
{
    enum { AFTER_MS = 4000 }; /* SIGKILL, and what does not die of it */
    static const char call[] = "bh_process_pool_close";
    bh__pool_begin_close(pool, timeout_ms);
    bool ended = bh__pool_wait(pool, is_closed, 0, timeout_ms + AFTER_MS);
    char names[sizeof pool->leftovers];
    pthread_mutex_lock(&pool->lock);
    memcpy(names, pool->leftovers, sizeof names);
    pthread_mutex_unlock(&pool->lock);
    if (!ended)
        return bh__fail(BH_TIMEOUT, call, "pool '%s' has a worker that does not even end when it is killed", pool->name);
    if (names[0])
        return bh__fail(BH_TIMEOUT, call, "pool '%s': these did not end within %d ms and were killed: %s", pool->name, timeout_ms,
                        names);
    return BH_OK;
}

bh_status(bh_process_pool_close)(bh_process_pool *handle, int timeout_ms)
{
    static const char call[] = "bh_process_pool_close";
    bh__pool *pool = bh__pool_find(handle, call);
    if (!pool)
        return bh__last_status();
    bh_status status = BH_DEADLOCK;
    if (timeout_ms < 0 || timeout_ms > MOST_CLOSE_MS)
        status = bh__fail(BH_ERROR_RANGE, call, "timeout_ms is %d: from 0 to %d; a close without end is none", timeout_ms,
                          MOST_CLOSE_MS);
    else if (!bh__refuse_on_reactor(call))
        status = close_pool(pool, timeout_ms);
    bh__pool_unref(pool);
    return status;
}

static void begin_one(const void *handle, void *user)
{
    bh__pool *pool = bh__pool_find((bh_process_pool *)(uintptr_t)handle, "bh_app_destroy");
    if (!pool)
        return;
    bh__pool_begin_close(pool, *(int *)user);
    bh__pool_unref(pool);
}

static void close_one(const void *handle, void *user)
{
    bh_process_pool *pool = (bh_process_pool *)(uintptr_t)handle;
    if ((bh_process_pool_close)(pool, *(int *)user) != BH_ERROR_STALE)
        (bh_process_pool_destroy)(pool);
}

/* The application takes along what the program has left open: all at a time, in the time that is left. */
static void close_all_before_exit(int64_t left_ms)
{
    int timeout = left_ms < 0 ? 0 : left_ms > MOST_CLOSE_MS ? MOST_CLOSE_MS : (int)left_ms;
    bh__process_each(BH__PROCESS_POOL, begin_one, &timeout);
    bh__process_each(BH__PROCESS_POOL, close_one, &timeout);
}

bh_status(bh_process_pool_get_statistics)(bh_process_pool *handle, bh_process_pool_statistics *out)
{
    static const char call[] = "bh_process_pool_get_statistics";
    if (!out)
        return bh__fail(BH_ERROR_NULL, call, "out is NULL: pass the address of a bh_process_pool_statistics");
    memset(out, 0, sizeof *out);
    bh__pool *pool = bh__pool_find(handle, call);
    if (!pool)
        return bh__last_status();
    pthread_mutex_lock(&pool->lock);
    *out = pool->counts;
    out->queued = pool->queue.count;
    out->running = pool->with_workers;
    out->gave_up = pool->gave_up;
    pthread_mutex_unlock(&pool->lock);
    bh__pool_unref(pool);
    return BH_OK;
}
