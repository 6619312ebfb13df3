/* Callbacks of futures: on the thread that the program has chosen, through its mailbox where there is a bridge, or else on the reactor's
 * thread. */
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "process/future.h"

bool bh__watch_place(bh__watch *watch, bh_thread *thread, const char *call)
{
    const bh__host *host = bh__get_host();
    watch->thread = thread;
    watch->through_host = host != NULL;
    if (host)
        return host->check_thread(thread, call);
    if (!thread)
        return true;
    bh__fail(BH_ERROR_NO_APP, call, "thread is %p, and there is no application: pass NULL, and fn runs on the pools' own thread",
             (void *)thread);
    return false;
}

static bool is_wanted(const bh__watch *watch)
{
    return !__atomic_load_n(&watch->task->given_up, __ATOMIC_ACQUIRE);
}

static bh_status call_fn(void *user)
{
    const bh__watch *watch = user;
    if (is_wanted(watch))
        watch->fn(watch->task->handle, watch->user);
    return BH_OK;
}

static void drop_watch(void *user)
{
    bh__watch *watch = user;
    if (watch->drop)
        watch->drop(watch->user);
    bh__task_unref(watch->task);
    bh__free(watch);
}

static void call_and_drop(void *user)
{
    call_fn(user);
    drop_watch(user);
}

static bh_status nothing(void *user)
{
    (void)user;
    return BH_OK;
}

static void post(bh__watch *watch, bh_status (*fn)(void *user), void (*alone)(void *user))
{
    if (!watch->through_host) {
        watch->end = (bh__late){NULL, alone, watch};
        bh__reactor_call(&watch->end);
        return;
    }
    const bh__host *host = bh__get_host();
    if (!host || host->post_completion(watch->thread, fn, watch, drop_watch))
        drop_watch(watch); /* its thread or the application has ended: there is nobody left to tell */
}

void bh__watch_post(bh__watch *watch)
{
    post(watch, call_fn, call_and_drop);
}

void bh__watch_post_end(bh__watch *watch)
{
    post(watch, nothing, drop_watch);
}

/* --- progress */

static bh_status call_progress(void *user)
{
    bh__watch *watch = user;
    __atomic_store_n(&watch->task->progress_posted, false, __ATOMIC_SEQ_CST); /* before it reads: what comes now is posted anew */
    return call_fn(user);
}

static void call_progress_here(void *user)
{
    call_progress(user);
}

void bh__watch_post_progress(bh__watch *watch)
{
    if (__atomic_exchange_n(&watch->task->progress_posted, true, __ATOMIC_SEQ_CST))
        return;
    if (!watch->through_host) {
        watch->progress = (bh__late){NULL, call_progress_here, watch};
        bh__reactor_call(&watch->progress);
        return;
    }
    const bh__host *host = bh__get_host();
    if (!host || host->post_completion(watch->thread, call_progress, watch, NULL))
        __atomic_store_n(&watch->task->progress_posted, false, __ATOMIC_SEQ_CST);
}
