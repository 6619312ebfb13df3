/* Caused faults, for the tests: the Nth call of a kind fails, or the process kills itself at the Nth step of the protocol.
 *
 * Steps are the points between which the order of events matters to somebody else: before and after each packet that is sent, received
 * or acted upon. A test counts them in a run without fault, and then kills at 1, 2, 3 … until a run has none left. In a worker process
 * the environment says what is planned: BH_FAULT="step=17" or "spawn=1,send=3", counted from 1. */
#ifndef PROCESS_FAULT_H
#define PROCESS_FAULT_H

#include <bulkhead/status.h>

typedef enum bh__fault {
    BH__FAULT_STEP,    /* SIGKILL to oneself */
    BH__FAULT_SPAWN,   /* posix_spawn fails with EAGAIN */
    BH__FAULT_SEND,    /* a packet finds the socket full */
    BH__FAULT_MEMFD,   /* no memory file */
    BH__FAULT_FETCH,   /* a result cannot be fetched */
    BH__FAULT_CORRUPT, /* a bit of a packet that is sent is wrong */
    BH__FAULT_COUNT
} bh__fault;

/* The COUNTth time from now on fails, and only that; 0: none. */
BH_API void bh__fault_plan(bh__fault fault, long count);

/* Reads BH_FAULT. */
void bh__fault_from_environment(void);

/* How often it has been asked for since the plan. */
BH_API long bh__fault_seen(bh__fault fault);

/* True if this time is to fail. */
bool bh__fault_now(bh__fault fault);

/* One step of the protocol. */
void bh__fault_step(void);

/* What the planned step does instead of SIGKILL to oneself; NULL: that again. FN runs on the thread that takes the step, and may plan the
 * next one. */
BH_API void bh__fault_on_step(void (*fn)(void));

#endif
