/* The end of a project. A window that closes cancels what it waits for: the pools, and one task here that does nothing but wait for that moment.
 * Then nothing begins any more, what runs ends, the store is closed, and only then that task returns, and with it the window's wait. */
#include "project/inner.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

struct close_keeper {
    atomic_int references;
    pthread_mutex_t lock; /* guards ENDED */
    pthread_cond_t changed;
    bool ended;
    project *of;   /* G */
    bh_task *task; /* G */
};

static void release(void *from)
{
    struct close_keeper *self = from;
    if (atomic_fetch_sub(&self->references, 1) > 1)
        return;
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static struct close_keeper *take(struct close_keeper *self)
{
    atomic_fetch_add(&self->references, 1);
    return self;
}

static void end(struct close_keeper *self)
{
    pthread_mutex_lock(&self->lock);
    self->ended = true;
    pthread_cond_broadcast(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

/* --- the beginning of the close */

static bh_status begin_close(void *from) /* G */
{
    struct close_keeper *self = from;
    if (self->of && !self->of->closing) {
        instance_stop(self->of); /* a window that closes is not brought to the front */
        jobs_close(self->of);
        jobs_schedule(self->of);
    }
    return BH_OK;
}

/* A close that comes before it has begun cancels it as well, and it never does: then the pools alone are waited for, and the store is closed by
 * project_destroy. */
static void has_ended(void *from, bh_task *task) /* G */
{
    (void)task;
    begin_close(from);
}

static bh_status wait_for_close(bh_task_context *context, void *from)
{
    struct close_keeper *self = from;
    while (bh_task_sleep(context, INT_MAX) == BH_OK)
        continue;
    if (bh_post_completion(NULL, begin_close, take(self), release)) {
        release(self);
        return BH_CANCELLED;
    }
    pthread_mutex_lock(&self->lock);
    while (!self->ended)
        pthread_cond_wait(&self->changed, &self->lock);
    pthread_mutex_unlock(&self->lock);
    return BH_CANCELLED;
}

/* --- its end */

static void closed(void *from) /* G or S: the store is closed */
{
    end(from);
    release(from);
}

void project_all_ended(project *self)
{
    if (!self->closing || !self->keeper || self->closed)
        return;
    self->closed = true;
    if (keeper_close(self, closed, take(self->keeper)))
        closed(self->keeper);
}

bh_status project_close_with(project *self, bh_object *window, int budget_ms)
{
    static const char call[] = "project_close_with";
    if (!self || !window)
        return bh_report(BH_ERROR_NULL, call, "project or window is NULL");
    if (self->keeper)
        return bh_report(BH_ERROR_EXISTS, call, "a window waits for this project already");
    struct close_keeper *keeper = calloc(1, sizeof *keeper);
    if (!keeper)
        return bh_report(BH_ERROR_MEMORY, call, "no memory");
    *keeper = (struct close_keeper){.references = 2, .of = self};
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_cond_init(&keeper->changed, NULL);
    const bh_task_options options = {BH_TASK_INIT, .name = "project", .done = has_ended, .drop = release, .keep = true};
    self->keeper_pool = bh_thread_pool_create("closing", 1);
    bh_status status = self->keeper_pool ? bh_close_waits_for_pool(window, self->keeper_pool, budget_ms) : BH_ERROR_SYSTEM;
    if (!status)
        keeper->task = bh_task_start(self->keeper_pool, wait_for_close, keeper, &options);
    if (!keeper->task) {
        keeper->references = 1;
        release(keeper);
        return status ? status : BH_ERROR_SYSTEM;
    }
    self->keeper = keeper;
    self->window = window;
    self->budget_ms = budget_ms;
    return BH_OK;
}

/* --- without a window, or after it */

static void let_go_of_keeper(project *self)
{
    if (!self->keeper)
        return;
    self->keeper->of = NULL;
    end(self->keeper);
    bh_task_cancel(self->keeper->task); /* if no window has */
    bh_task_release(self->keeper->task);
    release(self->keeper);
    self->keeper = NULL;
}

static void end_pool(bh_thread_pool **pool, int timeout_ms)
{
    if (*pool && bh_thread_pool_wait_for_done(*pool, timeout_ms) == BH_OK)
        bh_thread_pool_destroy(*pool);
    *pool = NULL; /* one that still runs is the application's to name, and to leave */
}

void project_destroy(project *self)
{
    enum { BUDGET_MS = 2000, SHORT_MS = 200 };
    if (!self)
        return;
    int budget = self->closed ? SHORT_MS : self->budget_ms ? self->budget_ms : BUDGET_MS;
    for (observer_entry *e = self->observers; e; e = e->next)
        e->gone = true; /* whoever waits here delivers meanwhile, and who observed may be gone */
    instance_stop(self);
    jobs_close(self);
    pools_close(self, budget);
    end_pool(&self->threads, budget);
    let_go_of_keeper(self);
    if (self->keeper_pool)
        bh_thread_pool_clear(self->keeper_pool);
    end_pool(&self->readers, SHORT_MS);
    keeper_stop(self, budget);
    self->gone = true;
    end_pool(&self->keeper_pool, SHORT_MS);
    jobs_clear(self);
    rows_clear(self);
    project_release(self);
}
