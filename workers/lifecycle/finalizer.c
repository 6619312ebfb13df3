/* Finalisers: a list, run backwards, each on a thread of its own so that the end of the program can go on without it. */
#include "lifecycle/finalizer.h"

#include "core/door.h"
#include "lifecycle/life.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLACK_MS = 1 }; /* a wait may end a little early */

typedef struct finalizer {
    bh_finalizer *handle;
    char name[64];
    char what[80]; /* "finaliser 'model'" */
    bh_status (*fn)(void *user);
    void *user;
    int timeout_ms;
    bool done; /* guarded by the lock, as `status` and `next` */
    bh_status status;
    struct finalizer *next; /* in one of the lists */
} finalizer;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the lists */
static pthread_cond_t ended;                             /* one of those that run */
static finalizer *waiting;                               /* the last one first */
static finalizer *late, **late_end = &late;              /* never freed: their threads may still use them */
static _Atomic size_t failed;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pid_t process;

/* --- running */

static bh_status call(void *from)
{
    const finalizer *self = from;
    return self->fn(self->user);
}

static void *run(void *from)
{
    finalizer *self = from;
    bh_status status = bh__door_run(call, self, self->what);
    pthread_mutex_lock(&lock);
    self->status = status;
    self->done = true;
    pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *run_on_its_own(void *from)
{
    bh__door_become("bh-finalizer");
    return run(from);
}

static bool start(finalizer *self)
{
    pthread_t thread;
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    bool started = pthread_create(&thread, &detached, run_on_its_own, self) == 0;
    pthread_attr_destroy(&detached);
    return started;
}

/* True if it ended in time; else it goes to the list of those that are late. */
static bool wait_for(finalizer *self)
{
    int64_t until = bh__clock_ms() + self->timeout_ms + SLACK_MS;
    struct timespec deadline = bh__clock_timespec_ms(until);
    int waited = 0;
    pthread_mutex_lock(&lock);
    while (!self->done && waited == 0)
        waited = pthread_cond_timedwait(&ended, &lock, &deadline);
    bool done = self->done;
    if (!done) {
        self->next = NULL;
        *late_end = self;
        late_end = &self->next;
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static void report(const finalizer *self)
{
    if (self->status == BH_OK || self->status == BH_CANCELLED)
        return;
    failed++;
    if (self->status != BH_ERROR_EXCEPTION) /* which the guard has reported */
        bh__fail(self->status, self->what, "ended with %s (%s)", bh_status_name(self->status), bh_status_text(self->status));
}

static void finalize(finalizer *self)
{
    bh__door_handle_destroy(BH__DOOR_FINALIZER, self->handle);
    if (!start(self))
        run(self);
    if (wait_for(self)) {
        report(self);
        bh__free(self);
        return;
    }
    bh__fail(BH_TIMEOUT, self->what, "has not ended within %d ms and is left running", self->timeout_ms);
}

static finalizer *take_last(void)
{
    pthread_mutex_lock(&lock);
    finalizer *self = waiting;
    if (self)
        waiting = self->next;
    pthread_mutex_unlock(&lock);
    return self;
}

void bh__finalizers_run(void)
{
    for (finalizer *self; (self = take_last());)
        finalize(self);
}

/* --- the process's end */

static void at_process_exit(int code, void *unused)
{
    (void)unused;
    if (getpid() == process)
        bh__life_at_exit(code);
}

static void prepare(void)
{
    bh__cond_init(&ended);
    process = getpid();
    on_exit(at_process_exit, NULL); /* glibc: atexit with the code */
}

void bh__finalizers_at_exit(void)
{
    pthread_once(&once, prepare);
}

/* --- the public calls */

static bool may_add(const char *name, bool has_fn, int timeout_ms, const char *call_name)
{
    if (!name || !has_fn)
        bh__fail(BH_ERROR_NULL, call_name, "%s is NULL: pass %s", name ? "fn" : "name", name ? "a function" : "what it releases");
    else if (timeout_ms < 1)
        bh__fail(BH_ERROR_RANGE, call_name, "timeout_ms of '%.60s' is %d: the end of the program never waits without limit", name,
                 timeout_ms);
    else
        return true;
    return false;
}

bh_finalizer *(bh_finalizer_add)(const char *name, bh_status (*fn)(void *user), void *user, int timeout_ms)
{
    static const char call_name[] = "bh_finalizer_add";
    if (!may_add(name, fn != NULL, timeout_ms, call_name))
        return NULL;
    finalizer *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call_name, "no memory for finaliser '%.60s'", name);
        return NULL;
    }
    *self = (finalizer){.fn = fn, .user = user, .timeout_ms = timeout_ms};
    bh__copy_text(self->name, sizeof self->name, name);
    bh__clean_text(self->name);
    snprintf(self->what, sizeof self->what, "finaliser '%s'", self->name);
    bh_finalizer *handle = self->handle = bh__door_handle_create(BH__DOOR_FINALIZER, self, call_name);
    if (!handle) {
        bh__free(self);
        return NULL;
    }
    bh__finalizers_at_exit();
    pthread_mutex_lock(&lock);
    self->next = waiting;
    waiting = self;
    pthread_mutex_unlock(&lock);
    return handle;
}

static finalizer *take_back(const bh_finalizer *handle)
{
    pthread_mutex_lock(&lock);
    finalizer **at = &waiting;
    while (*at && (*at)->handle != handle)
        at = &(*at)->next;
    finalizer *self = *at;
    if (self)
        *at = self->next;
    pthread_mutex_unlock(&lock);
    return self;
}

bh_status(bh_finalizer_remove)(bh_finalizer *handle)
{
    if (!handle)
        return BH_OK;
    finalizer *self = take_back(handle);
    if (self) {
        bh__door_handle_destroy(BH__DOOR_FINALIZER, handle);
        bh__free(self);
        return BH_OK;
    }
    if (bh__door_handle_check(BH__DOOR_FINALIZER, handle, "bh_finalizer_remove", "finalizer")) /* taken, this very moment */
        return bh__fail(BH_ERROR_STALE, "bh_finalizer_remove", "finalizer is gone: it has begun to run, or was removed");
    return bh__last_status();
}

/* --- for the report */

void bh__finalizers_late(void (*visit)(const char *name, void *user), void *user)
{
    pthread_mutex_lock(&lock);
    const finalizer *at = late;
    pthread_mutex_unlock(&lock);
    while (at) {
        visit(at->name, user);
        pthread_mutex_lock(&lock);
        at = at->next;
        pthread_mutex_unlock(&lock);
    }
}

size_t bh__finalizers_failed(void)
{
    return failed;
}
