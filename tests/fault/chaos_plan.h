/* One round of the chaos run: what is going to go wrong in it. Follows from the seed and the round's number alone. */
#ifndef FAULT_CHAOS_PLAN_H
#define FAULT_CHAOS_PLAN_H

#include "fault/chaos_log.h"

#include "process/fault.h"

/* What is gone through step by step, N = 1, 2, 3 … until a round has no Nth step any more. */
typedef enum sweep {
    SWEEP_PARENT,  /* the parent is killed at its Nth step */
    SWEEP_WORKERS, /* each worker is killed at its Nth step */
    SWEEP_VICTIM,  /* a worker is killed at the parent's Nth step */
    SWEEP_STOP,    /* the same, with SIGSTOP */
    SWEEP_MEMORY,  /* the Nth allocation fails */
    SWEEP_SPAWN,
    SWEEP_SEND,
    SWEEP_MEMFD,
    SWEEP_FETCH,
    SWEEP_CORRUPT, /* a bit of the parent's Nth packet */
    SWEEP_LIES,    /* a bit of each worker's Nth packet */
    SWEEP_RANDOM,  /* several of these at once; has no end */
    SWEEP_COUNT
} sweep;

static const char *const sweep_names[SWEEP_COUNT] = {"parent killed", "workers killed", "one worker killed", "one worker stopped",
                                                     "no memory",     "no spawn",       "full socket",       "no memory file",
                                                     "no fetch",      "wrong packets",  "wrong answers",     "at random"};

typedef struct plan {
    sweep of;
    long at;
    uint64_t seed;
    uint64_t state; /* of the random numbers */
    bool parent_dies, stops, cancels, closes_early, full_disk, no_memory, lies;
} plan;

static inline uint64_t draw(plan *of, uint64_t below)
{
    of->state = mix(of->state);
    return of->state % below;
}

static inline plan make_plan(sweep of, long at, uint64_t seed)
{
    plan made = {.of = of, .at = at, .seed = seed, .state = mix(seed ^ ((uint64_t)of << 56))};
    bool any = of == SWEEP_RANDOM;
    if (any)
        made.state = mix(made.state + (uint64_t)at);
    made.parent_dies = of == SWEEP_PARENT || (any && draw(&made, 4) == 0);
    made.stops = of == SWEEP_STOP || (any && draw(&made, 6) == 0);
    made.cancels = any && draw(&made, 3) == 0;
    made.closes_early = any && draw(&made, 4) == 0;
    made.full_disk = any && draw(&made, 3) == 0;
    made.no_memory = of == SWEEP_MEMORY || of == SWEEP_MEMFD || any;
    made.lies = of == SWEEP_CORRUPT || of == SWEEP_LIES || any;
    return made;
}

/* Kept apart from the plan's own numbers: whoever reads the log needs them too. */
static inline int retries_of(uint32_t task)
{
    return task % 4 == 3 ? 2 : 0;
}

static inline fate fate_of(const plan *of, uint32_t task)
{
    uint64_t number = mix(of->seed + (uint64_t)of->at * 1000 + task);
    fate what = (fate)(number % (3 * FATE_COUNT));
    if (of->of != SWEEP_RANDOM)
        return task % 3 == 1 ? FATE_LARGE : task % 5 == 2 ? FATE_PRINT : task % 7 == 6 ? FATE_FAIL : FATE_WELL;
    if (what >= FATE_COUNT || (what == FATE_LEAVE && of->parent_dies)) /* nobody is left to end what a function has left behind */
        return FATE_WELL;
    return what;
}

#endif
