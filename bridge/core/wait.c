/* Waiting without deadlock: the waiter delivers its own mailbox until what it waits for has happened. */
#include "core/mailbox.h"
#include "core/thread.h"

static pthread_mutex_t waiters_lock = PTHREAD_MUTEX_INITIALIZER; /* guards waiters */
static bh__mailbox *waiters;
static atomic_int waiter_count;

static void add_waiter(bh__mailbox *box, bool first)
{
    pthread_mutex_lock(&waiters_lock);
    if (first) {
        box->next_waiter = waiters;
        waiters = box;
    }
    pthread_mutex_unlock(&waiters_lock);
    atomic_fetch_add(&waiter_count, 1);
}

static void remove_waiter(bh__mailbox *box, bool last)
{
    atomic_fetch_sub(&waiter_count, 1);
    pthread_mutex_lock(&waiters_lock);
    bh__mailbox **at = &waiters;
    while (last && *at && *at != box)
        at = &(*at)->next_waiter;
    if (last && *at)
        *at = box->next_waiter;
    pthread_mutex_unlock(&waiters_lock);
}

void bh__wake_waiters(void)
{
    if (!atomic_load(&waiter_count))
        return;
    pthread_mutex_lock(&waiters_lock);
    for (bh__mailbox *box = waiters; box; box = box->next_waiter) {
        pthread_mutex_lock(&box->lock);
        box->woken = true;
        pthread_cond_signal(&box->arrived);
        pthread_mutex_unlock(&box->lock);
    }
    pthread_mutex_unlock(&waiters_lock);
}

/* Sleeps until something arrives, a waker calls, or DEADLINE (negative: none). False at the deadline. */
static bool sleep_until(bh__mailbox *box, int64_t deadline)
{
    struct timespec until = bh__clock_timespec_ms(deadline);
    bool in_time = true;
    pthread_mutex_lock(&box->lock);
    while (in_time && !box->woken && !(box->open && (box->head || box->local))) {
        if (deadline < 0)
            pthread_cond_wait(&box->arrived, &box->lock);
        else
            in_time = pthread_cond_timedwait(&box->arrived, &box->lock, &until) == 0;
    }
    box->woken = false;
    pthread_mutex_unlock(&box->lock);
    return in_time;
}

bool bh__wait_until(bool (*done)(void *user), void *user, int timeout_ms)
{
    bh__mailbox *box = &bh__self()->mailbox;
    int64_t deadline = timeout_ms < 0 ? -1 : bh__clock_ms() + timeout_ms;
    bool outer = box->waiting;
    bool in_time = true;
    pthread_mutex_lock(&box->lock);
    box->waiting = true;
    pthread_mutex_unlock(&box->lock);
    add_waiter(box, !outer);
    bool ended = done(user);
    while (!ended && in_time) {
        bool more = box->open && bh__mailbox_deliver(box);
        in_time = deadline < 0 || bh__clock_ms() < deadline;
        ended = done(user);
        if (!ended && in_time && !more)
            in_time = sleep_until(box, deadline);
        ended = ended || done(user);
    }
    remove_waiter(box, !outer);
    pthread_mutex_lock(&box->lock);
    box->waiting = outer;
    pthread_mutex_unlock(&box->lock);
    return ended;
}
