/* The reactor on epoll and eventfd. Between events it sleeps without a timeout, unless a time is due. */
#include "base/altstack.h"
#include "base/clock.h"
#include "process/process_pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOST_EVENTS = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards running, pools' head and the list of calls */
static bool running;
static bh__pool *pools; /* only the reactor takes one out */
static bh__late *first_call, **last_call = &first_call;

static int poller = -1, bell = -1;
static atomic_bool asleep; /* or about to: who has news rings the bell */
static atomic_bool has_calls;
static _Thread_local bool here; /* this is the reactor's thread */

bool bh__on_reactor(void)
{
    return here;
}

static void ring(void)
{
    uint64_t one = 1;
    if (!atomic_exchange(&asleep, false))
        return;
    ssize_t written = write(bell, &one, sizeof one);
    (void)written; /* it can only be full, and then it rings already */
}

void bh__reactor_wake(bh__pool *pool)
{
    atomic_store(&pool->attention, true);
    ring();
}

void bh__reactor_call(bh__late *late)
{
    late->next = NULL;
    pthread_mutex_lock(&lock);
    *last_call = late;
    last_call = &late->next;
    atomic_store(&has_calls, true);
    pthread_mutex_unlock(&lock);
    ring();
}

void bh__reactor_add(bh__pool *pool)
{
    bh__pool_ref(pool);
    pthread_mutex_lock(&lock);
    pool->next = pools;
    pools = pool;
    pthread_mutex_unlock(&lock);
    bh__reactor_wake(pool);
}

bool bh__reactor_watch(bh__source *source, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    return epoll_ctl(poller, EPOLL_CTL_ADD, source->descriptor, &event) == 0;
}

void bh__reactor_change(bh__source *source, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    epoll_ctl(poller, EPOLL_CTL_MOD, source->descriptor, &event);
}

void bh__reactor_forget(bh__source *source)
{
    if (source->descriptor >= 0)
        epoll_ctl(poller, EPOLL_CTL_DEL, source->descriptor, NULL);
}

static void run_calls(void)
{
    while (atomic_load(&has_calls)) {
        pthread_mutex_lock(&lock);
        bh__late *call = first_call;
        first_call = NULL;
        last_call = &first_call;
        atomic_store(&has_calls, false);
        pthread_mutex_unlock(&lock);
        while (call) {
            bh__late *next = call->next; /* running it may free it */
            call->run(call->user);
            call = next;
        }
    }
}

static bh__pool *first_pool(void)
{
    pthread_mutex_lock(&lock);
    bh__pool *first = pools;
    pthread_mutex_unlock(&lock);
    return first;
}

void bh__reactor_each(void (*visit)(bh__pool *pool, void *user), void *user)
{
    for (bh__pool *pool = first_pool(); pool; pool = pool->next)
        visit(pool, user);
}

static void take_out(bh__pool *pool)
{
    pthread_mutex_lock(&lock);
    bh__pool **at = &pools;
    while (*at != pool)
        at = &(*at)->next;
    *at = pool->next;
    pthread_mutex_unlock(&lock);
    bh__pool_unref(pool);
}

static bool is_finished(bh__pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool finished = pool->closed && !pool->kept && pool->open == 0 && !pool->processes;
    pthread_mutex_unlock(&pool->lock);
    return finished;
}

static void turn_all(void)
{
    for (bh__pool *pool = first_pool(), *next; pool; pool = next) {
        next = pool->next;
        atomic_store(&pool->attention, false);
        bh__pool_turn(pool);
        if (is_finished(pool))
            take_out(pool);
    }
}

/* Milliseconds until something is due: 0 at once, -1 never. */
static int time_to_sleep(void)
{
    int64_t next = 0;
    if (atomic_load(&has_calls))
        return 0;
    for (bh__pool *pool = first_pool(); pool; pool = pool->next) {
        int64_t due = bh__pool_next_time(pool);
        if (atomic_load(&pool->attention))
            return 0;
        if (due && (!next || due < next))
            next = due;
    }
    if (!next)
        return -1;
    int64_t left = next - bh__clock_ms();
    return left <= 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

static void drain_bell(void *user, uint32_t events)
{
    uint64_t count;
    (void)user;
    (void)events;
    ssize_t got = read(bell, &count, sizeof count);
    (void)got;
}

static _Noreturn void *run(void *user)
{
    struct epoll_event events[MOST_EVENTS];
    (void)user;
    here = true;
    bh__altstack_ensure();
    for (;;) {
        atomic_store(&asleep, true);
        int timeout = time_to_sleep(); /* after that: news from here on rings */
        int count = epoll_wait(poller, events, MOST_EVENTS, timeout);
        atomic_store(&asleep, false);
        for (int i = 0; i < count; i++) {
            const bh__source *source = events[i].data.ptr;
            source->ready(source->user, events[i].events);
        }
        turn_all();
        run_calls();
    }
}

static bool open_descriptors(void)
{
    static bh__source bell_source = {drain_bell, NULL, -1};
    if (poller < 0)
        poller = epoll_create1(EPOLL_CLOEXEC);
    if (bell < 0)
        bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poller < 0 || bell < 0)
        return false;
    bell_source.descriptor = bell;
    return bh__reactor_watch(&bell_source, EPOLLIN) || errno == EEXIST;
}

/* Signals are for the program's threads. */
static bool start_thread(void)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, NULL, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!started)
        return false;
    pthread_setname_np(thread, "bh-reactor");
    pthread_detach(thread);
    return true;
}

bool bh__reactor_owns(int descriptor)
{
    pthread_mutex_lock(&lock);
    bool own = running && (descriptor == poller || descriptor == bell);
    pthread_mutex_unlock(&lock);
    return own;
}

bool bh__reactor_runs(void)
{
    pthread_mutex_lock(&lock);
    bool runs = running;
    pthread_mutex_unlock(&lock);
    return runs;
}

bool bh__reactor_start(void)
{
    pthread_mutex_lock(&lock);
    if (!running)
        running = open_descriptors() && start_thread();
    bool is_running = running;
    pthread_mutex_unlock(&lock);
    return is_running;
}
