/* The parent of one round: makes a pool, gives it tasks while things go wrong, and holds what became of each against the log. */
#ifndef FAULT_CHAOS_PARENT_H
#define FAULT_CHAOS_PARENT_H

#include "fault/chaos_plan.h"
#include "fault/left.h"

#include "base/memory.h"

#include <pthread.h>

enum { TASKS = 16, SPACE = 70000, HIT = 0, WRONG = 1, NOT_REACHED = 4 };

typedef struct task {
    bh_future *future;
    fate what;
    bool cancelled, watched;
    int done, dropped; /* the lock */
    int64_t done_ns;
} task;

static FILE *report;
static plan round_plan;
static task all[TASKS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t dropped = PTHREAD_COND_INITIALIZER;
static int wrongs;

#define WRONG_IF(condition, ...)                                                             \
    do {                                                                                     \
        if (condition) {                                                                     \
            wrongs++;                                                                        \
            fprintf(report, "wrong: '%s' %ld: ", sweep_names[round_plan.of], round_plan.at); \
            fprintf(report, __VA_ARGS__);                                                    \
            fputc('\n', report);                                                             \
        }                                                                                    \
    } while (0)

/* --- what goes wrong */

/* One of the workers, at a step of the parent's: the reactor's thread has started them all. */
static void hit_a_worker(void)
{
    int pids[64], count = 0;
    FILE *list = fopen("/proc/thread-self/children", "re");
    while (list && count < 64 && fscanf(list, "%d", &pids[count]) == 1)
        count++;
    if (list)
        fclose(list);
    if (count)
        kill(pids[draw(&round_plan, (uint64_t)count)], round_plan.stops && draw(&round_plan, 2) == 0 ? SIGSTOP : SIGKILL);
    if (round_plan.of == SWEEP_RANDOM)
        bh__fault_plan(BH__FAULT_STEP, 1 + (long)draw(&round_plan, 60));
}

static void stop_a_worker(void)
{
    int pid = 0;
    FILE *list = fopen("/proc/thread-self/children", "re");
    if (list && fscanf(list, "%d", &pid) == 1)
        kill(pid, SIGSTOP);
    if (list)
        fclose(list);
}

static void begin_faults(plan *of)
{
    static const bh__fault own[SWEEP_COUNT] = {
        [SWEEP_PARENT] = BH__FAULT_STEP, [SWEEP_VICTIM] = BH__FAULT_STEP,    [SWEEP_STOP] = BH__FAULT_STEP,
        [SWEEP_SPAWN] = BH__FAULT_SPAWN, [SWEEP_SEND] = BH__FAULT_SEND,      [SWEEP_MEMFD] = BH__FAULT_MEMFD,
        [SWEEP_FETCH] = BH__FAULT_FETCH, [SWEEP_CORRUPT] = BH__FAULT_CORRUPT};
    if (of->of == SWEEP_MEMORY)
        bh__fail_allocation(of->at);
    else if (of->of != SWEEP_WORKERS && of->of != SWEEP_LIES && of->of != SWEEP_RANDOM)
        bh__fault_plan(own[of->of], of->at);
    if (of->of == SWEEP_VICTIM)
        bh__fault_on_step(hit_a_worker);
    if (of->of == SWEEP_STOP)
        bh__fault_on_step(stop_a_worker);
    if (of->of != SWEEP_RANDOM)
        return;
    if (!of->parent_dies)
        bh__fault_on_step(hit_a_worker);
    bh__fault_plan(BH__FAULT_STEP, 1 + (long)draw(of, of->parent_dies ? 250 : 60));
    for (bh__fault f = BH__FAULT_SPAWN; f < BH__FAULT_COUNT; f++)
        bh__fault_plan(f, (long)draw(of, 40)); /* 0: not this time */
    if (draw(of, 3) == 0)
        bh__fail_allocation(1 + (long)draw(of, 150));
}

/* True if what this round was about has happened. */
static bool was_hit(const plan *of, uint64_t deaths)
{
    switch (of->of) {
    case SWEEP_PARENT:
        return false; /* it would not be here */
    case SWEEP_WORKERS:
    case SWEEP_LIES:
        return deaths > 0;
    case SWEEP_VICTIM:
    case SWEEP_STOP:
        return bh__fault_seen(BH__FAULT_STEP) >= of->at;
    case SWEEP_MEMORY:
        return bh__allocation_failed();
    case SWEEP_SPAWN:
    case SWEEP_SEND:
    case SWEEP_MEMFD:
    case SWEEP_FETCH:
    case SWEEP_CORRUPT:
        return bh__fault_seen((bh__fault)(BH__FAULT_SPAWN + (of->of - SWEEP_SPAWN))) >= of->at;
    case SWEEP_RANDOM:
    case SWEEP_COUNT:
        break;
    }
    return true;
}

static void end_faults(void)
{
    for (bh__fault f = BH__FAULT_STEP; f < BH__FAULT_COUNT; f++)
        bh__fault_plan(f, 0);
    bh__fail_allocation(0);
}

/* --- the tasks */

static void on_done(bh_future *future, void *user)
{
    task *of = user;
    (void)future;
    pthread_mutex_lock(&lock);
    of->done++;
    of->done_ns = bh__clock_ns();
    pthread_mutex_unlock(&lock);
}

static void on_drop(void *user)
{
    task *of = user;
    pthread_mutex_lock(&lock);
    of->dropped++;
    pthread_cond_broadcast(&dropped);
    pthread_mutex_unlock(&lock);
}

static bh_process_pool *make_pool(plan *of)
{
    char faults[64];
    const char *environment[] = {faults, NULL};
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .environment = environment, .budget_deaths = 60};
    options.workers = 1 + (int)draw(of, 4);
    options.spares = (int)draw(of, 3) - 1;
    options.tasks_per_worker = draw(of, 3) == 0 ? 3 : 0;
    options.cancel_grace_ms = options.term_grace_ms = 20;
    options.start_timeout_ms = of->stops ? 500 : 0;
    options.launch = getenv("TEST_LAUNCH"); /* NULL: local workers */
    bool each = of->of == SWEEP_WORKERS || of->of == SWEEP_LIES;
    long at = each ? of->at : of->of == SWEEP_RANDOM ? (long)draw(of, 80) : 0;
    snprintf(faults, sizeof faults, "BH_FAULT=%s=%ld", of->of == SWEEP_LIES ? "corrupt" : "step", at);
    return bh_process_pool_create(&options);
}

static bh_future *submit(bh_process_pool *pool, plan *of, uint32_t number)
{
    static unsigned char space[SPACE];
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .retries = retries_of(number), .priority = (int)(number % 3)};
    fate what = fate_of(of, number);
    bh_message *arguments = bh_message_create();
    bh_message_add_int(arguments, "task", number);
    bh_message_add_int(arguments, "fate", what);
    bh_message_add_uint(arguments, "seed", of->seed);
    if (number % 5 == 4)
        bh_message_add_bytes(arguments, "space", space, sizeof space);
    if (what == FATE_DEAF || what == FATE_STOP)
        options.run_ms = 100;
    if (of->stops) {
        options.run_ms = options.run_ms ? options.run_ms : 400;
        options.deadline_ms = 1500;
    }
    bh_future *future = arguments ? bh_process_pool_submit(pool, "chaos", arguments, &options) : NULL;
    bh_message_destroy(arguments);
    return future;
}

static void submit_all(bh_process_pool *pool, plan *of)
{
    for (uint32_t i = 0; i < TASKS; i++) {
        task *one = &all[i];
        one->what = fate_of(of, i);
        one->future = submit(pool, of, i);
        if (!one->future)
            continue;
        one->watched = bh_future_when_done(one->future, NULL, on_done, one, on_drop) == BH_OK;
        one->cancelled = of->cancels && draw(of, 3) == 0;
        if (one->cancelled)
            bh_future_cancel(one->future);
    }
}

static void wait_for_all(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    for (int i = 0; i < TASKS; i++)
        WRONG_IF(all[i].future && bh_future_wait(all[i].future, 20000), "task %d does not end", i);
    pthread_mutex_lock(&lock);
    for (int i = 0, late = 0; i < TASKS && !late; i++)
        while (all[i].watched && !all[i].dropped && !late)
            late = pthread_cond_timedwait(&dropped, &lock, &until);
    pthread_mutex_unlock(&lock);
}

#endif
