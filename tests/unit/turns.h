/* For tests with threads: giving the event loop its turns until something holds, and threads that wait where the test wants them. */
#ifndef TEST_TURNS_H
#define TEST_TURNS_H

#include "refused.h"

#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

enum { PATIENCE_MS = 20000 }; /* how long a condition may take before the test has failed */

static inline int64_t test_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Processes events until CONDITION holds. */
#define pump_until(condition)                                                 \
    do {                                                                      \
        int64_t deadline_ = test_now_ms() + PATIENCE_MS;                      \
        while (!(condition) && test_now_ms() < deadline_) {                   \
            bh_app_process_events(1);                                         \
            sched_yield();                                                    \
        }                                                                     \
        if (!(condition))                                                     \
            fail_msg("line %d: never became true: %s", __LINE__, #condition); \
    } while (0)

/* Waits until CONDITION holds while the event loop stands still. */
#define wait_until(condition)                                                 \
    do {                                                                      \
        int64_t deadline_ = test_now_ms() + PATIENCE_MS;                      \
        while (!(condition) && test_now_ms() < deadline_)                     \
            sched_yield();                                                    \
        if (!(condition))                                                     \
            fail_msg("line %d: never became true: %s", __LINE__, #condition); \
    } while (0)

/* Handles all that is waiting now. */
static inline void pump(void)
{
    for (int i = 0; i < 20; i++)
        bh_app_process_events(1);
}

/* A bh_thread that runs, with a QObject on it, by which one posts to it. */
typedef struct side {
    bh_thread *thread;
    bh_object *object;
} side;

static inline side start_side(const char *name)
{
    side made = {bh_thread_create(name), bh_create("QObject", NULL)};
    assert_int_equal(bh_move_to_thread(made.object, made.thread), BH_OK);
    assert_int_equal(bh_thread_start(made.thread), BH_OK);
    return made;
}

static inline void stop_side(side *one)
{
    if (bh_is_alive(one->object))
        assert_int_equal(bh_destroy(one->object), BH_OK);
    assert_int_equal(bh_thread_quit(one->thread), BH_OK);
    assert_int_equal(bh_thread_wait(one->thread, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_thread_destroy(one->thread), BH_OK);
}

/* A gate that a thread waits at: to be posted with bh_post(object, wait_at_gate, &gate, NULL). */
typedef struct gate {
    sem_t open;
    _Atomic bool reached;
} gate;

static inline void gate_init(gate *one)
{
    sem_init(&one->open, 0, 0);
    atomic_init(&one->reached, false);
}

static inline void gate_open(gate *one)
{
    sem_post(&one->open);
}

static inline bh_status wait_at_gate(void *from)
{
    gate *one = from;
    atomic_store(&one->reached, true);
    while (sem_wait(&one->open))
        ;
    return BH_OK;
}

/* Holds ONE's thread at GATE; returns when it is there. */
static inline void hold(const side *one, gate *at)
{
    gate_init(at);
    assert_int_equal(bh_post(one->object, wait_at_gate, at, NULL), BH_OK);
    wait_until(atomic_load(&at->reached));
}

static inline bh_mailbox_stats stats_of(bh_thread *thread)
{
    bh_mailbox_stats stats;
    assert_int_equal(bh_mailbox_get_stats(thread, &stats), BH_OK);
    return stats;
}

/* Functions to post, with an atomic counter as user. */
static inline bh_status count_run(void *counter)
{
    atomic_fetch_add((_Atomic int *)counter, 1);
    return BH_OK;
}

static inline void count_drop(void *counter)
{
    atomic_fetch_add((_Atomic int *)counter, 1);
}

/* A system thread that the library did not make. */
static inline pthread_t start_pthread(void *(*run)(void *), void *user)
{
    pthread_t made;
    assert_int_equal(pthread_create(&made, NULL, run, user), 0);
    return made;
}

#endif
