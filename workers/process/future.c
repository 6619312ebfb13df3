/* bh_future: what the program sees of a task. Any thread. */
#include "process/future.h"

#include "base/clock.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "process/handle.h"

#include <errno.h>
#include <string.h>

/* Futures are many and rarely waited for: a few locks serve all, by address. */
enum { LOCKS = 16 };
static struct {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int waiting;
} places[LOCKS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_places(void)
{
    for (int i = 0; i < LOCKS; i++) {
        pthread_mutex_init(&places[i].lock, NULL);
        bh__cond_init(&places[i].ended);
    }
}

static size_t place_of(const bh__task *task)
{
    pthread_once(&once, init_places);
    return (uintptr_t)task / 64 % 251 % LOCKS;
}

static void lock(const bh__task *task)
{
    pthread_mutex_lock(&places[place_of(task)].lock);
}

static void unlock(const bh__task *task)
{
    pthread_mutex_unlock(&places[place_of(task)].lock);
}

static void keep_task(void *task)
{
    bh__task_ref(task);
}

/* With a reference, or NULL after having reported. */
static bh__task *find(bh_future *future, const char *call)
{
    return bh__process_find(future, BH__PROCESS_FUTURE, keep_task, call, "future");
}

/* --- completion */

/* A failure that nobody has looked at, and that nobody has wished for. */
static bool is_news(const bh__task *task, const bh__failure *failure)
{
    return failure && !task->seen && failure->facts.kind != BH_FAILURE_CANCELLED && failure->facts.kind != BH_FAILURE_CLOSED;
}

void bh__future_complete(bh__task *task, const bh__outcome *outcome, bh_future_state state)
{
    size_t place = place_of(task);
    pthread_mutex_lock(&places[place].lock);
    task->result = outcome->result;
    task->result_size = outcome->size;
    task->result_mapped = outcome->mapped;
    task->failure = outcome->failure;
    bh__watch *watches = task->watches, *progress = task->progress_watch;
    task->watches = task->progress_watch = NULL;
    task->seen = task->seen || watches;
    bool silent = task->given_up && is_news(task, outcome->failure);
    atomic_store_explicit(&task->state, state, memory_order_release);
    if (places[place].waiting)
        pthread_cond_broadcast(&places[place].ended);
    pthread_mutex_unlock(&places[place].lock);
    if (progress)
        bh__watch_post_end(progress);
    while (watches) {
        bh__watch *next = watches->next;
        bh__watch_post(watches);
        watches = next;
    }
    if (silent)
        bh__fail(outcome->failure->facts.status, "bh_future", "%s; its future had been destroyed", outcome->failure->facts.text);
}

void bh__task_progress(bh__task *task, const void *data, size_t size)
{
    void *copy = bh__malloc(size);
    if (!copy)
        return; /* the next one may find some */
    memcpy(copy, data, size);
    lock(task);
    void *old = task->progress;
    task->progress = copy;
    task->progress_size = size;
    bh__watch *watch = task->progress_watch;
    unlock(task);
    bh__free(old);
    if (watch) /* it stays until the task is over, which what is with a worker becomes on this thread only */
        bh__watch_post_progress(watch);
}

/* --- state */

static bh_future_state state_now(bh__task *task)
{
    bh_future_state state = (bh_future_state)atomic_load_explicit(&task->state, memory_order_acquire);
    if (state != BH_FUTURE_QUEUED)
        return state;
    pthread_mutex_lock(&task->pool->lock);
    int slot = atomic_load(&task->slot);
    if (task->place == BH__IN_WORKER && task->process && slot >= 0) {
        uint8_t now = atomic_load(&task->process->at.page->states[slot]);
        state = now == BH__SLOT_STARTED || now == BH__SLOT_CANCEL ? BH_FUTURE_RUNNING : BH_FUTURE_QUEUED;
    }
    pthread_mutex_unlock(&task->pool->lock);
    return bh__task_is_over(task) ? (bh_future_state)atomic_load(&task->state) : state;
}

bh_future_state(bh_future_get_state)(bh_future *future)
{
    bh__task *task = find(future, "bh_future_get_state");
    if (!task)
        return BH_FUTURE_FAILED;
    bh_future_state state = state_now(task);
    bh__task_unref(task);
    return state;
}

bool(bh_future_is_done)(bh_future *future)
{
    bh__task *task = find(future, "bh_future_is_done");
    if (!task)
        return true;
    bool over = bh__task_is_over(task);
    bh__task_unref(task);
    return over;
}

const char *(bh_future_function)(bh_future *future)
{
    bh__task *task = find(future, "bh_future_function");
    if (!task)
        return "";
    const char *name = task->name;
    bh__task_unref(task);
    return name;
}

/* --- waiting */

void bh__wake_host(void)
{
    const bh__host *host = bh__get_host();
    if (host)
        host->wake_waiters();
}

bool bh__refuse_on_reactor(const char *call)
{
    if (!bh__on_reactor())
        return false;
    bh__fail(BH_DEADLOCK, call, "called in a callback on the pools' own thread, which is what it would wait for: %s",
             "use bh_future_when_done, or wait on another thread");
    return true;
}

static bool is_over(void *task)
{
    return bh__task_is_over(task);
}

static bool wait_here(const bh__task *task, int timeout_ms)
{
    size_t place = place_of(task);
    int64_t until = bh__clock_ns() + (int64_t)timeout_ms * 1000000;
    struct timespec time = bh__clock_timespec(until);
    int error = 0;
    pthread_mutex_lock(&places[place].lock);
    places[place].waiting++;
    while (!bh__task_is_over(task) && error != ETIMEDOUT) {
        if (timeout_ms < 0)
            pthread_cond_wait(&places[place].ended, &places[place].lock);
        else
            error = pthread_cond_timedwait(&places[place].ended, &places[place].lock, &time);
    }
    places[place].waiting--;
    pthread_mutex_unlock(&places[place].lock);
    return bh__task_is_over(task);
}

static bh_status wait_for(bh__task *task, int timeout_ms)
{
    static const char call[] = "bh_future_wait";
    const bh__host *host = bh__get_host();
    if (bh__task_is_over(task))
        return BH_OK;
    if (timeout_ms == 0)
        return BH_TIMEOUT;
    if (host && host->is_gui_thread())
        return bh__fail(BH_DEADLOCK, call, "the window would stand still until function '%s' ends: use bh_future_when_done",
                        task->name);
    if (bh__refuse_on_reactor(call))
        return BH_DEADLOCK;
    bool over = host ? host->wait_until(is_over, task, timeout_ms) : wait_here(task, timeout_ms);
    return over ? BH_OK : BH_TIMEOUT;
}

bh_status(bh_future_wait)(bh_future *future, int timeout_ms)
{
    bh__task *task = find(future, "bh_future_wait");
    if (!task)
        return bh__last_status();
    bh_status status = wait_for(task, timeout_ms);
    bh__task_unref(task);
    return status;
}

/* --- result, failure, progress */

static bh_status refuse_state(bh__task *task, const char *call)
{
    lock(task);
    task->seen = true;
    unlock(task);
    if (!bh__task_is_over(task))
        return bh__fail(BH_ERROR_STATE, call, "function '%s' has not ended: bh_future_when_done, or bh_future_wait, first",
                        task->name);
    if (task->failure)
        return bh__fail(BH_ERROR_STATE, call, "there is no result, as %s: bh_future_failure tells why",
                        task->failure->facts.text);
    return bh__fail(BH_ERROR_STATE, call, "function '%s' has not failed: bh_future_result has what it gave", task->name);
}

/* The message is checked once, by the first who wants to see it. */
static bh_status open_result(bh__task *task, bh_message_view *result)
{
    lock(task);
    if (!task->opened)
        task->unreadable = (bh_message_open)(task->result, task->result_size, &task->view);
    task->opened = true;
    bh_status status = task->unreadable;
    *result = task->view;
    unlock(task);
    if (!status)
        return BH_OK;
    *result = (bh_message_view){NULL};
    return bh__fail(status, "bh_future_result", "what function '%s' gave cannot be read", task->name);
}

bh_status(bh_future_result)(bh_future *future, bh_message_view *result)
{
    if (!result)
        return bh__fail(BH_ERROR_NULL, "bh_future_result", "result is NULL: pass the address of a bh_message_view");
    *result = (bh_message_view){NULL};
    bh__task *task = find(future, "bh_future_result");
    if (!task)
        return bh__last_status();
    bh_status status;
    if (!bh__task_is_over(task) || task->failure)
        status = refuse_state(task, "bh_future_result");
    else
        status = open_result(task, result);
    bh__task_unref(task);
    return status;
}

bh_status(bh_future_failure)(bh_future *future, bh_process_failure *failure)
{
    if (!failure)
        return bh__fail(BH_ERROR_NULL, "bh_future_failure", "failure is NULL: pass the address of a bh_process_failure");
    *failure = (bh_process_failure){.text = "", .output = "", .exit_code = -1};
    bh__task *task = find(future, "bh_future_failure");
    if (!task)
        return bh__last_status();
    bh_status status = BH_OK;
    if (bh__task_is_over(task) && task->failure) {
        *failure = task->failure->facts;
        lock(task);
        task->seen = true;
        unlock(task);
    } else {
        status = refuse_state(task, "bh_future_failure");
    }
    bh__task_unref(task);
    return status;
}

/* A copy of the bytes in the program's own message. */
static bh_status copy_progress(const void *data, size_t size, bh_message *out)
{
    bh_message_view view;
    bh_status status = (bh_message_open)(data, size, &view);
    return status ? status : (bh_message_add_view)(out, NULL, view);
}

bh_status(bh_future_progress)(bh_future *future, bh_message *progress)
{
    _Alignas(8) unsigned char bytes[BH_JOB_MAX_PROGRESS];
    bh_status status = (bh_message_clear)(progress);
    if (status)
        return status;
    bh__task *task = find(future, "bh_future_progress");
    if (!task)
        return bh__last_status();
    lock(task);
    size_t size = task->progress_size;
    if (size)
        memcpy(bytes, task->progress, size);
    unlock(task);
    if (size)
        status = copy_progress(bytes, size, progress);
    bh__task_unref(task);
    return status;
}

/* --- cancel */

static bh_status end_task(bh_future *future, bool kill, const char *call)
{
    bh__task *task = find(future, call);
    if (!task)
        return bh__last_status();
    bh__pool *pool = task->pool;
    pthread_mutex_lock(&pool->lock);
    bool queued = task->place == BH__IN_QUEUE;
    bool with_worker = task->place == BH__IN_WORKER && !task->asked;
    task->kill |= kill;
    if (with_worker) {
        bh__task_ref(task); /* the list's */
        task->asked = true;
        task->next_asked = pool->asked;
        pool->asked = task;
    }
    if (queued) { /* taken out here, so that nobody gives it to a worker meanwhile */
        bh__heap_remove(&pool->queue, &task->in_queue);
        task->place = BH__NEW;
    }
    pthread_mutex_unlock(&pool->lock);
    if (queued)
        bh__task_end_for(task, BH__CANCELLED, NULL);
    if (with_worker || (queued && pool->launch)) /* a launcher may wait for a machine that nobody needs now */
        bh__reactor_wake(pool);
    bh__task_unref(task);
    return BH_OK;
}

bh_status(bh_future_cancel)(bh_future *future)
{
    return end_task(future, false, "bh_future_cancel");
}

bh_status(bh_future_kill)(bh_future *future)
{
    return end_task(future, true, "bh_future_kill");
}

/* --- callbacks */

typedef void callback(bh_future *future, void *user);

/* With a reference to the task of its own, or NULL after having reported. */
static bh__watch *make_watch(bh_future *future, bh_thread *thread, callback *fn, void *user, void (*drop)(void *user),
                             const char *call)
{
    if (!fn) {
        bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass a function");
        return NULL;
    }
    bh__task *task = find(future, call);
    if (!task)
        return NULL;
    bh__watch *watch = bh__calloc(1, sizeof *watch);
    if (!watch)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more callback");
    else if (bh__watch_place(watch, thread, call)) {
        watch->task = task;
        watch->fn = fn;
        watch->user = user;
        watch->drop = drop;
        return watch;
    }
    bh__free(watch);
    bh__task_unref(task);
    return NULL;
}

bh_status(bh_future_when_done)(bh_future *future, bh_thread *thread, callback *fn, void *user, void (*drop)(void *user))
{
    bh__watch *watch = make_watch(future, thread, fn, user, drop, "bh_future_when_done");
    if (!watch)
        return bh__last_status();
    bh__task *task = watch->task;
    bh__watch **last = &task->watches;
    lock(task);
    bool over = bh__task_is_over(task);
    task->seen = true;
    while (*last)
        last = &(*last)->next;
    if (!over)
        *last = watch;
    unlock(task);
    if (over)
        bh__watch_post(watch);
    return BH_OK;
}

static void install_progress(bh__task *task, bh__watch *watch)
{
    lock(task);
    bool over = bh__task_is_over(task);
    if (!over)
        task->progress_watch = watch;
    unlock(task);
    if (over)
        bh__watch_post_end(watch);
}

bh_status(bh_future_when_progress)(bh_future *future, bh_thread *thread, callback *fn, void *user, void (*drop)(void *user))
{
    static const char call[] = "bh_future_when_progress";
    bh__watch *watch = make_watch(future, thread, fn, user, drop, call);
    if (!watch)
        return bh__last_status();
    bh__task *task = watch->task;
    lock(task);
    bool taken = task->progress_taken, some = task->progress != NULL;
    task->progress_taken = true;
    unlock(task);
    if (!taken) {
        if (some) /* before it is the task's, which may let go of it at any time */
            bh__watch_post_progress(watch);
        install_progress(task, watch);
        return BH_OK;
    }
    bh_status status = bh__fail(BH_ERROR_EXISTS, call, "the future of function '%s' has one already", task->name);
    bh__free(watch);
    bh__task_unref(task);
    return status;
}

/* --- the end of the handle */

bh_status(bh_future_destroy)(bh_future *future)
{
    if (!future)
        return BH_OK;
    bh__task *task = bh__process_take(future, BH__PROCESS_FUTURE, "bh_future_destroy", "future");
    if (!task)
        return bh__last_status();
    lock(task);
    __atomic_store_n(&task->given_up, true, __ATOMIC_RELEASE);
    bool silent = bh__task_is_over(task) && is_news(task, task->failure);
    unlock(task);
    if (silent)
        bh__fail(task->failure->facts.status, "bh_future_destroy", "%s; nobody has asked for it", task->failure->facts.text);
    bh__task_unref(task);
    return BH_OK;
}

const char *bh_failure_kind_name(bh_failure_kind kind)
{
    static const char *const names[] = {
        "BH_FAILURE_NONE",        "BH_FAILURE_RETURNED",    "BH_FAILURE_SIGNAL", "BH_FAILURE_EXIT",
        "BH_FAILURE_DEADLINE",    "BH_FAILURE_CANCELLED",   "BH_FAILURE_MEMORY", "BH_FAILURE_PROTOCOL",
        "BH_FAILURE_CLOSED",      "BH_FAILURE_QUARANTINED", "BH_FAILURE_BUDGET", "BH_FAILURE_INITIALISER",
        "BH_FAILURE_NO_FUNCTION", "BH_FAILURE_LAUNCHER",
    };
    return (unsigned)kind < sizeof names / sizeof names[0] ? names[kind] : "BH_FAILURE_?";
}
