/* A program that crashes: the places where it may, and the ways in which it can. Each crash is a process of its own. */
#ifndef FAULT_CRASHER_H
#define FAULT_CRASHER_H

#include <bulkhead/bulkhead.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* --- ways */

static volatile uintptr_t crasher_nowhere = 0x2468;
static volatile int crasher_zero;
static void (*crasher_extra)(const char *how); /* ways that not each program has */
static void (*crasher_before)(void);           /* called right before */

static inline volatile char *crasher_deeper(volatile char *above, int depth)
{
    volatile char here[4096];
    here[0] = above ? above[0] : 1;
    return depth < 0 ? above : crasher_deeper(here, depth + 1) + (here[0] - here[0]);
}

static inline void *crasher_write_nowhere(void *user)
{
    *(volatile int *)crasher_nowhere = 1;
    return user;
}

static inline void crasher_damage_heap(void)
{
    volatile char *block = malloc(40);
    for (long i = -64; i < 30000; i++)
        block[i] = 0x41;
}

static inline void crasher_two_at_once(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, crasher_write_nowhere, NULL);
    crasher_write_nowhere(NULL);
}

static const char *const crasher_ways[] = {"segv", "abort", "ill", "trap", "fpe", "overflow", "call", "heap", "two"};
enum { CRASHER_WAYS = sizeof crasher_ways / sizeof crasher_ways[0] };

__attribute__((noinline)) static void crasher_crash(const char *how)
{
    if (crasher_before)
        crasher_before();
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "ill") == 0)
        __builtin_trap();
    if (strcmp(how, "trap") == 0)
        raise(SIGTRAP);
    if (strcmp(how, "fpe") == 0)
        raise(SIGFPE);
    if (strcmp(how, "overflow") == 0)
        crasher_deeper(NULL, 0);
    if (strcmp(how, "call") == 0)
        ((void (*)(void))crasher_nowhere)();
    if (strcmp(how, "heap") == 0)
        crasher_damage_heap();
    if (strcmp(how, "two") == 0)
        crasher_two_at_once();
    if (crasher_extra)
        crasher_extra(how);
    crasher_write_nowhere(NULL);
    crasher_zero = 0;
}

/* --- places */

static const char *crasher_how;

static inline void crasher_on_timer(void *user)
{
    (void)user;
    crasher_crash(crasher_how);
}

static inline bh_status crasher_on_worker(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    crasher_crash(crasher_how);
    return BH_OK;
}

static const bh_class crasher_worker = {BH_CLASS_INIT, .name = "Crasher", .run = crasher_on_worker};

static inline bh_status crasher_on_pool(void *user)
{
    (void)user;
    crasher_crash(crasher_how);
    return BH_OK;
}

static inline void crasher_on_signal(int number)
{
    (void)number;
    crasher_crash(crasher_how);
}

static inline void crasher_raise(void *user)
{
    (void)user;
    signal(SIGUSR1, crasher_on_signal);
    raise(SIGUSR1);
}

static inline void crasher_quit(void *user)
{
    (void)user;
    bh_app_quit(0);
}

static inline void crasher_on_close(bh_object *object, bh_event *event, void *user)
{
    (void)object;
    (void)event;
    (void)user;
    crasher_crash(crasher_how);
}

static inline void crasher_at_exit(void)
{
    crasher_crash(crasher_how);
}

static const char *const crasher_places[] = {"gui", "worker", "pool", "finalizer", "signal", "start", "end"};
enum { CRASHER_PLACES = sizeof crasher_places / sizeof crasher_places[0] };

/* Does not come back, or with a code that is not 0. */
static inline int crasher_run(const char *where, const char *how)
{
    crasher_how = how;
    if (strcmp(where, "end") == 0) /* after the application, and after all that it has registered */
        atexit(crasher_at_exit);
    if (!bh_app_create(0, NULL))
        return 1;
    bh_crash_note("job", "crashing");
    bh_log(BH_LOG_DEBUG, "crasher", "about to crash");
    if (strcmp(where, "start") == 0)
        crasher_crash(how);
    if (strcmp(where, "gui") == 0)
        bh_timer_single_shot(0, crasher_on_timer, NULL);
    else if (strcmp(where, "signal") == 0)
        bh_timer_single_shot(0, crasher_raise, NULL);
    else if (strcmp(where, "worker") == 0)
        bh_worker_start(bh_worker_create(&crasher_worker, NULL));
    else if (strcmp(where, "pool") == 0)
        bh_thread_pool_start(bh_thread_pool_create("pool", 1), crasher_on_pool, NULL, NULL, 0, NULL);
    else
        bh_timer_single_shot(0, crasher_quit, NULL);
    if (strcmp(where, "finalizer") == 0)
        bh_finalizer_add("crash", crasher_on_pool, NULL, 10000);
    bh_app_exec();
    if (strcmp(where, "end") == 0)
        exit(0);
    bh_app_destroy();
    return 2;
}

#endif
