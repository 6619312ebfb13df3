/* The guard of a close. It must not need what the hanging thread may hold: no log, whose handler is the program's, no allocation, no
 * lock of the bridge; it writes to standard error itself. */
#include "lifecycle/close_guard.h"

#include "core/door.h"
#include "lifecycle/finalizer.h"
#include "lifecycle/threads.h"

#include <bulkhead/log.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_MS = 40 }; /* what a close that does not hang needs after its deadline, on a busy machine */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t changed;
static bool ready, running, armed;
static int64_t deadline;
static int exit_code;

static void print_thread(const bh_thread_info *thread, void *user)
{
    (void)user;
    dprintf(STDERR_FILENO, "bulkhead: close: thread %s, %s, %s\n", thread->name, bh_thread_kind_name(thread->kind), thread->what);
}

static void leave(int code)
{
    dprintf(STDERR_FILENO,
            "bulkhead: error: close: the window's thread hangs past the deadline of the close: the process ends\n");
    bh__threads_each(print_thread, NULL);
    bh__finalizers_run();
    _exit(code ? code : 1);
}

/* Ends when it is disarmed. */
static void *watch(void *unused)
{
    bh__door_become("bh-close-guard");
    pthread_mutex_lock(&lock);
    while (armed) {
        struct timespec at = bh__clock_timespec_ms(deadline + GRACE_MS);
        if (pthread_cond_timedwait(&changed, &lock, &at) == ETIMEDOUT && armed && bh__clock_ms() >= deadline + GRACE_MS) {
            int code = exit_code;
            pthread_mutex_unlock(&lock);
            leave(code);
        }
    }
    running = false;
    pthread_mutex_unlock(&lock);
    return unused;
}

void bh__close_guard_arm(int64_t deadline_ms, int code)
{
    pthread_t thread;
    pthread_attr_t detached;
    pthread_mutex_lock(&lock);
    if (!ready)
        bh__cond_init(&changed);
    ready = true;
    if (!armed || deadline_ms > deadline)
        deadline = deadline_ms;
    armed = true;
    exit_code = code;
    pthread_cond_signal(&changed);
    int error = 0;
    if (!running) {
        pthread_attr_init(&detached);
        pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
        error = pthread_create(&thread, &detached, watch, NULL);
        pthread_attr_destroy(&detached);
        running = !error;
    }
    pthread_mutex_unlock(&lock);
    if (error)
        bh_log(BH_LOG_WARNING, "close", "no thread that could end the program if the window hangs: error %d", error);
}

void bh__close_guard_disarm(void)
{
    pthread_mutex_lock(&lock);
    armed = false;
    if (ready)
        pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}
