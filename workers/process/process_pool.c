/* bh_process_pool: what the program calls. Any thread. */
#include "process/process_pool.h"

#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/clock.h"
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

static bh__pool *find(bh_process_pool *pool, const char *call)
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
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->changed, &attributes);
    pthread_condattr_destroy(&attributes);
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
    bh__pool *pool = find(handle, call);
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
    bool (*done)(const bh__pool *pool, size_t count); /* under the lock */
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

static bool wait_for(wait *what, int timeout_ms)
{
    bh__pool *pool = what->pool;
    const bh__host *host = bh__get_host();
    if (host)
        return host->wait_until(is_done, what, timeout_ms);
    int64_t until = bh__clock_ns() + (int64_t)timeout_ms * 1000000;
    struct timespec time = {until / 1000000000, until % 1000000000};
    int error = 0;
    pthread_mutex_lock(&pool->lock);
    bool done;
    while (!(done = what->done(pool, what->count)) && error != ETIMEDOUT)
        error = timeout_ms < 0 ? pthread_cond_wait(&pool->changed, &pool->lock)
                               : pthread_cond_timedwait(&pool->changed, &pool->lock, &time);
    pthread_mutex_unlock(&pool->lock);
    return done;
}

static bool has_room(const bh__pool *pool, size_t count)
{
    return pool->closing || pool->gave_up || pool->queue.count + count <= pool->options.queue;
}

static bool is_empty(const bh__pool *pool, size_t count)
{
    return pool->open == count;
}

static bool is_closed(const bh__pool *pool, size_t count)
{
    return pool->closed && pool->open == count;
}

/* --- submitting */

static bool check_function(const bh__pool *pool, const char *function, const char *call)
{
    char hint[96];
    bh__nearest nearest;
    if (!function) {
        bh__fail(BH_ERROR_NULL, call, "function is NULL: pass the name of a function");
        return false;
    }
    if (strnlen(function, BH__NAME_SIZE) - 1 >= BH_PROCESS_FUNCTION_MAX_NAME) {
        bh__fail(BH_ERROR_NAME, call, "'%.80s' is no name of a function: from 1 to %d bytes", function,
                 BH_PROCESS_FUNCTION_MAX_NAME);
        return false;
    }
    if (!pool->functions || bh__function_find(pool->functions, function))
        return true;
    bh__nearest_begin(&nearest, function);
    for (const bh_process_function *f = pool->functions; f->name; f++)
        bh__nearest_offer(&nearest, f->name);
    bh__fail(BH_ERROR_NAME, call, "there is no function '%s' in the table that bh_main_guard got%s", function,
             bh__nearest_hint(&nearest, hint, sizeof hint));
    return false;
}

static bool check_options(const bh_submit_options *given, bh_submit_options *own, const char *call)
{
    static const bh_submit_options usual = {BH_SUBMIT_OPTIONS_INIT};
    *own = usual;
    if (!given)
        return true;
    if (given->size < sizeof given->size + sizeof given->deadline_ms) {
        bh__fail(BH_ERROR_RANGE, call, "options.size is %zu: begin the options with BH_SUBMIT_OPTIONS_INIT", given->size);
        return false;
    }
    memcpy(own, given, given->size < sizeof *own ? given->size : sizeof *own);
    if (own->deadline_ms >= 0 && own->run_ms >= 0 && own->retries >= 0)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "deadline_ms %d, run_ms %d, retries %d: 0 or more each", own->deadline_ms, own->run_ms,
             own->retries);
    return false;
}

static bh__task *make_task(bh__pool *pool, const char *function, bh_message *arguments, const bh_submit_options *options,
                           const char *call)
{
    const void *data = NULL;
    size_t size = 0;
    if (arguments && (bh_message_data)(arguments, &data, &size))
        return NULL;
    bh__task *task = bh__task_create(pool, function, data, size);
    if (!task) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more task, with %zu bytes of arguments", size);
        return NULL;
    }
    task->handle = bh__process_handle_create(BH__PROCESS_FUTURE, task, call);
    if (!task->handle) {
        bh__task_unref(task);
        return NULL;
    }
    bh__task_ref(task); /* one is the handle's, one the pool's */
    task->priority = options->priority;
    task->run_ms = options->run_ms;
    task->retries = options->retries;
    task->deadline_ms = options->deadline_ms ? bh__clock_ms() + options->deadline_ms : 0;
    return task;
}

static void unmake_task(bh__task *task)
{
    bh__process_handle_destroy(task->handle, BH__PROCESS_FUTURE);
    bh__task_unref(task);
    bh__task_unref(task);
}

static bool is_full(const bh__pool *pool, size_t count)
{
    return pool->options.queue && pool->queue.count + count > pool->options.queue;
}

/* Queues all, or none: BH_OK, or why not. */
static bh_status enqueue(bh__pool *pool, bh__task **tasks, size_t count)
{
    pthread_mutex_lock(&pool->lock);
    bh_status status = pool->closing          ? BH_ERROR_CLOSED
                       : pool->gave_up        ? BH_ERROR_STATE
                       : is_full(pool, count) ? BH_ERROR_FULL
                                              : BH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        tasks[i]->order = pool->orders++;
        tasks[i]->place = BH__IN_QUEUE;
        bh__heap_add(&pool->queue, &tasks[i]->in_queue);
        if (tasks[i]->deadline_ms) {
            bh__heap_add(&pool->deadlines, &tasks[i]->in_deadlines);
            tasks[i]->has_deadline = true;
        }
    }
    if (!status) {
        pool->open += count;
        pool->counts.submitted += count;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!status)
        bh__reactor_wake(pool);
    return status;
}

static bh_status refuse(bh__pool *pool, bh_status status, const char *call)
{
    if (status == BH_ERROR_CLOSED)
        return bh__fail(status, call, "pool '%s' is closed: it takes no more tasks", pool->name);
    if (status == BH_ERROR_STATE)
        return bh__fail(status, call, "pool '%s' has given up: %s", pool->name, pool->gave_up_text);
    if (status == BH_TIMEOUT)
        return bh__fail(status, call, "the queue of pool '%s' has had no room in that time: it holds %zu", pool->name,
                        pool->options.queue);
    return bh__fail(status, call, "the queue of pool '%s' is full: it holds %zu; wait for some to be done, or set wait_ms",
                    pool->name, pool->options.queue);
}

/* With wait_ms, waits for room; several may, so it tries again. */
static bh_status enqueue_waiting(bh__pool *pool, bh__task **tasks, size_t count, int wait_ms, const char *call)
{
    const bh__host *host = bh__get_host();
    int64_t until = bh__clock_ms() + wait_ms;
    bh_status status = enqueue(pool, tasks, count);
    if (status == BH_ERROR_FULL && wait_ms && host && host->is_gui_thread())
        return bh__fail(BH_DEADLOCK, call, "the window would stand still until there is room: wait_ms is for other threads");
    if (status == BH_ERROR_FULL && wait_ms && bh__refuse_on_reactor(call))
        return BH_DEADLOCK;
    wait room = {pool, has_room, count};
    while (status == BH_ERROR_FULL && wait_ms && count <= pool->options.queue) {
        int64_t left = wait_ms < 0 ? -1 : until - bh__clock_ms();
        if (wait_ms > 0 && left <= 0)
            return refuse(pool, BH_TIMEOUT, call);
        wait_for(&room, (int)left);
        status = enqueue(pool, tasks, count);
    }
    return status ? refuse(pool, status, call) : BH_OK;
}

static bh_future *submit(bh__pool *pool, const char *function, bh_message *arguments, const bh_submit_options *options)
{
    static const char call[] = "bh_process_pool_submit";
    bh_submit_options own;
    if (!check_function(pool, function, call) || !check_options(options, &own, call))
        return NULL;
    bh__task *task = make_task(pool, function, arguments, &own, call);
    if (!task)
        return NULL;
    bh_future *future = task->handle; /* the task may be over and gone once it is queued */
    if (!enqueue_waiting(pool, &task, 1, own.wait_ms, call))
        return future;
    unmake_task(task);
    return NULL;
}

bh_future *(bh_process_pool_submit)(bh_process_pool *handle, const char *function, bh_message *arguments,
                                    const bh_submit_options *options)
{
    bh__pool *pool = find(handle, "bh_process_pool_submit");
    if (!pool)
        return NULL;
    bh_future *future = submit(pool, function, arguments, options);
    bh__pool_unref(pool);
    return future;
}

typedef struct many {
    const char *function;
    bh_message *const *arguments;
    size_t count, chunk;
    bh_future **futures;
} many;

static bh_status map(bh__pool *pool, const many *what, const bh_submit_options *options, bh__task **tasks)
{
    static const char call[] = "bh_process_pool_map";
    size_t made = 0;
    while (made < what->count) {
        bh__task *task = make_task(pool, what->function, what->arguments ? what->arguments[made] : NULL, options, call);
        if (!task)
            break;
        task->chained = what->chunk > 1 && made % what->chunk != 0;
        what->futures[made] = task->handle;
        tasks[made++] = task;
    }
    bh_status status = made < what->count ? bh__last_status() : enqueue_waiting(pool, tasks, made, options->wait_ms, call);
    for (size_t i = 0; i < made && status; i++) {
        unmake_task(tasks[i]);
        what->futures[i] = NULL;
    }
    return status;
}

static bh_status check_and_map(bh__pool *pool, const many *what, const bh_submit_options *options)
{
    static const char call[] = "bh_process_pool_map";
    bh_submit_options own;
    if (!check_function(pool, what->function, call) || !check_options(options, &own, call))
        return bh__last_status();
    bh__task **tasks = bh__calloc(what->count, sizeof(bh__task *));
    if (!tasks)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for %zu tasks", what->count);
    bh_status status = map(pool, what, &own, tasks);
    bh__free(tasks);
    return status;
}

bh_status(bh_process_pool_map)(bh_process_pool *handle, const char *function, bh_message *const *arguments, size_t count,
                               size_t chunk, const bh_submit_options *options, bh_future **futures)
{
    if (!futures && count)
        return bh__fail(BH_ERROR_NULL, "bh_process_pool_map", "futures is NULL: pass an array of %zu", count);
    for (size_t i = 0; i < count; i++)
        futures[i] = NULL;
    bh__pool *pool = find(handle, "bh_process_pool_map");
    if (!pool)
        return bh__last_status();
    const many what = {function, arguments, count, chunk, futures};
    bh_status status = count ? check_and_map(pool, &what, options) : BH_OK;
    bh__pool_unref(pool);
    return status;
}

/* --- waiting for all, closing */

bh_status(bh_process_pool_wait_for_done)(bh_process_pool *handle, int timeout_ms)
{
    static const char call[] = "bh_process_pool_wait_for_done";
    bh__pool *pool = find(handle, call);
    if (!pool)
        return bh__last_status();
    bh_status status = BH_DEADLOCK;
    wait empty = {pool, is_empty, 0};
    if (!bh__refuse_on_reactor(call))
        status = wait_for(&empty, timeout_ms) ? BH_OK : BH_TIMEOUT;
    bh__pool_unref(pool);
    return status;
}

/* Stops intake; what is queued ends now, what is with workers the reactor ends. */
static void begin_close(bh__pool *pool, int timeout_ms)
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
    begin_close(pool, timeout_ms);
    wait closed = {pool, is_closed, 0};
    bool ended = wait_for(&closed, timeout_ms + AFTER_MS);
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
    bh__pool *pool = find(handle, call);
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
    bh__pool *pool = find((bh_process_pool *)(uintptr_t)handle, "bh_app_destroy");
    if (!pool)
        return;
    begin_close(pool, *(int *)user);
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
    bh__pool *pool = find(handle, call);
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
