/* Submitting: a task is checked, copied and queued, or refused with nothing left of it. Any thread. */
#include "base/clock.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/handle.h"
#include "process/process_pool.h"
#include "process/worker_side.h"

#include <string.h>

static bool has_room(const bh__pool *pool, size_t count)
{
    return pool->closing || pool->gave_up || pool->queue.count + count <= pool->options.queue;
}

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
    while (status == BH_ERROR_FULL && wait_ms && count <= pool->options.queue) {
        int64_t left = wait_ms < 0 ? -1 : until - bh__clock_ms();
        if (wait_ms > 0 && left <= 0)
            return refuse(pool, BH_TIMEOUT, call);
        bh__pool_wait(pool, has_room, count, (int)left);
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
    bh__pool *pool = bh__pool_find(handle, "bh_process_pool_submit");
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
    bh__pool *pool = bh__pool_find(handle, "bh_process_pool_map");
    if (!pool)
        return bh__last_status();
    const many what = {function, arguments, count, chunk, futures};
    bh_status status = count ? check_and_map(pool, &what, options) : BH_OK;
    bh__pool_unref(pool);
    return status;
}
