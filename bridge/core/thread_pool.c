/* Thread pools: making, counting, waiting and ending. See thread_pool.h for how they are counted. */
#include "core/thread_pool.h"

#include "base/altstack.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/guard.h"
#include "core/object.h"
#include "core/post.h"
#include "core/thread.h"
#include "core/thread_list.h"

#include <bulkhead/log.h>
#include <bulkhead/thread_pool.h>
#include <stdio.h>
#include <time.h>

#define CLOSED (SIZE_MAX / 2)

static pthread_mutex_t records_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the two lists */
static bh__pool *free_records;
static bh__pool *left_behind; /* at the end of the application; kept so that leak checkers see them */

/* The pool that the calling thread belongs to; a QThreadPool's threads never change. */
static _Thread_local bh__pool *home;
static _Thread_local unsigned my_lane;

/* --- counting */

static bool count_in(bh__pool *self)
{
    if (atomic_fetch_add(&self->started, 1) < CLOSED)
        return true;
    atomic_fetch_sub(&self->started, 1);
    return false;
}

/* Only rises, and never overtakes `started`: if it equals what `started` is afterwards, the pool was idle in between. */
static size_t finished(bh__pool *self)
{
    size_t sum = 0;
    for (int i = 0; i < BH__POOL_LANES; i++)
        sum += atomic_load(&self->finished[i].count);
    return sum;
}

size_t bh__pool_left(bh__pool *self)
{
    size_t ended = finished(self);
    return atomic_load(&self->started) - ended;
}

void bh__pool_wake_if_idle(bh__pool *self)
{
    if (atomic_load(&self->waiters) && bh__pool_left(self) == 0)
        bh__wake_waiters();
}

void bh__pool_release(bh__pool *self)
{
    atomic_fetch_add(&self->finished[my_lane].count, 1);
    bh__pool_wake_if_idle(self);
}

/* Its record may have become another pool's between the two looks at the handle. */
bh__pool *bh__pool_hold(const bh_thread_pool *handle, const char *call)
{
    bh__pool *self = bh__check(handle, BH__POOL, call, "pool");
    if (!self)
        return NULL;
    bool held = count_in(self);
    if (held && bh__slot_of(handle, BH__POOL))
        return self;
    if (held)
        bh__pool_release(self);
    bh__fail(BH_ERROR_STALE, call, "pool is being destroyed on another thread");
    return NULL;
}

/* --- on the pool's threads */

static void enter_home(bh__pool *self)
{
    char name[16];
    home = self;
    bh__altstack_ensure();
    bh__self()->pool = self;
    my_lane = atomic_fetch_add(&self->next_lane, 1) % BH__POOL_LANES;
    bh__copy_text(name, sizeof name, self->name);
    pthread_setname_np(pthread_self(), name);
    bh__thread_list_set(bh__self(), BH__ROLE_POOL, self->name);
}

_Atomic size_t *bh__pool_enter(bh__pool *self)
{
    if (home != self)
        enter_home(self);
    return &self->finished[my_lane].count;
}

/* --- making and ending */

static void push_record(bh__pool **list, bh__pool *self)
{
    pthread_mutex_lock(&records_lock);
    self->next = *list;
    *list = self;
    pthread_mutex_unlock(&records_lock);
}

static bh__pool *take_record(void)
{
    pthread_mutex_lock(&records_lock);
    bh__pool *self = free_records;
    if (self)
        free_records = self->next;
    pthread_mutex_unlock(&records_lock);
    return self ? self : bh__calloc(1, sizeof *self);
}

/* Qt would wait for a lost thread for ever. */
static void free_pool(bh__pool *self)
{
    if (atomic_load(&self->lost_threads)) {
        push_record(&left_behind, self);
        return;
    }
    bh__work_settle(&self->queue);
    if (self->qt)
        bhs_delete(self->qt);
    self->qt = NULL;
    bh__work_deinit(&self->queue);
    push_record(&free_records, self);
}

/* Opens the record for what starts from now on. */
static void open_record(bh__pool *self, const char *name, int max_threads)
{
    bh__copy_text(self->name, sizeof self->name, name && name[0] ? name : "bh-pool");
    bh__clean_text(self->name);
    snprintf(self->what, sizeof self->what, "runnable of pool '%s'", self->name);
    self->qt = bhs_pool_create();
    bh__work_init(&self->queue);
    atomic_store(&self->lost_threads, 0);
    atomic_store(&self->max_threads, 0);
    if (self->qt) {
        bhs_set_name(self->qt, self->name);
        bh__pool_set_max(self, max_threads);
    }
    atomic_store(&self->used, false);
    atomic_store(&self->waiters, 0);
    if (atomic_load(&self->started) >= CLOSED)
        atomic_fetch_sub(&self->started, CLOSED);
}

bh_thread_pool *(bh_thread_pool_create)(const char *name, int max_threads)
{
    static const char call[] = "bh_thread_pool_create";
    if (bh__refuse_no_app(call) || bh__pool_refuse_count(max_threads, call))
        return NULL;
    bh__pool *self = take_record();
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
static bool close_idle(bh__pool *self)
{
    size_t ended = finished(self);
    return atomic_compare_exchange_strong(&self->started, &ended, ended + CLOSED);
}

bh_status(bh_thread_pool_destroy)(bh_thread_pool *handle)
{
    static const char call[] = "bh_thread_pool_destroy";
    if (!handle)
        return BH_OK;
    bh__pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
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

/* --- waiting */

size_t bh__pool_pending(const void *handle, char *name, size_t size)
{
    bh__pool *self = bh__pin(handle, BH__POOL);
    size_t left = self ? bh__pool_left(self) : 0;
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
    bh__pool *self = bh__pin(handle, BH__POOL);
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

static bh_status refuse_circle(const bh__pool *self, const char *name, const char *call)
{
    if (home == self)
        return bh__fail(
            BH_DEADLOCK, call,
            "called on a thread of pool '%s' itself, whose runnable would wait for its own end: wait on another thread", name);
    return bh__fail(BH_DEADLOCK, call,
                    "a runnable of pool '%s' waits for thread '%s' already: neither would ever go on; let it use bh_post", name,
                    bh__self()->name);
}

bh_status(bh_thread_pool_wait_for_done)(bh_thread_pool *handle, int timeout_ms)
{
    static const char call[] = "bh_thread_pool_wait_for_done";
    bh__pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return bh__last_status();
    char name[sizeof self->name];
    bh__copy_text(name, sizeof name, self->name);
    bh__unpin(handle);
    bh__end_wait wait = {.runners = bh__pool_runners, .what = self};
    if (!bh__end_wait_begin(&wait))
        return refuse_circle(self, name, call);
    bool done = wait_until_done(handle, timeout_ms);
    bh__end_wait_end(&wait);
    return done ? BH_OK : BH_TIMEOUT;
}

bool bh__pool_lend(void)
{
    if (home)
        bh__pool_lend_place(home, true);
    return home;
}

void bh__pool_take_back(bool lent)
{
    if (lent)
        bh__pool_lend_place(home, false);
}

/* --- the application's end */

static void clear_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    (void)user;
    bh__pool *self = bh__pin(handle, BH__POOL);
    bool held = self && count_in(self);
    if (self)
        bh__unpin(handle);
    if (!held)
        return;
    bh__pool_clear(self);
    bh__pool_release(self);
}

static void end_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    int64_t left_ms = *(int64_t *)user - bh__clock_ms();
    wait_until_done((void *)handle, left_ms > 0 ? (int)left_ms : 0);
    bh__pool *self = bh__pin(handle, BH__POOL);
    bool closed = self && close_idle(self);
    if (self && !closed)
        bh_log(BH_LOG_WARNING, "pool",
               "pool '%s' still has %zu runnables at the application's end: it is left behind; give its "
               "functions a way to stop, and wait for them before",
               self->name, bh__pool_left(self));
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
