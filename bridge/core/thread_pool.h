/* Thread pools: QThreadPools with a queue of ours, and what is counted about them.
 *
 * The threads are those of a QThreadPool: it starts them, keeps them and lets them go. What it is given to run is always the same: to
 * take one runnable after the other from the queue (base/work.h) until none is left.
 *
 * `started` counts the runnables that were queued, and the calls that may run code of the program for the pool; `finished` counts
 * their ends. Where both are the same the pool is idle. Only an idle pool ends, and whoever ends it adds CLOSED to `started` first,
 * in the same step that finds it idle, so that nothing begins afterwards. They are several counters, a cache line apart, because
 * the starting thread and the pool's threads would slow each other down over one.
 *
 * Records are used again and never freed, like the slots of handles: so one atomic step is all that a start needs to be safe from a
 * destroy on another thread. */
#ifndef CORE_THREAD_POOL_H
#define CORE_THREAD_POOL_H

#include "base/work.h"
#include "core/handle.h"
#include "shim/shim.h"

#include <bulkhead/thread_pool.h>

enum { BH__CACHE_LINE = 64, BH__POOL_LANES = 8 };

typedef struct bh__lane {
    _Atomic size_t count;
    char apart[BH__CACHE_LINE - sizeof(size_t)];
} bh__lane;

typedef struct bh__pool {
    bhs_object *qt; /* a QThreadPool */
    bh_thread_pool *handle;
    _Atomic size_t waiters;
    _Atomic bool used;        /* something was started */
    _Atomic int max_threads;  /* as asked for */
    _Atomic int lent;         /* threads that wait, and have lent their places */
    _Atomic int lost_threads; /* that the system has refused, and Qt counts all the same */
    char name[32];
    char what[64];         /* "runnable of pool 'fetch'" */
    struct bh__pool *next; /* in free_records or left_behind */
    _Atomic unsigned next_lane;
    char apart[BH__CACHE_LINE];
    _Atomic size_t started;
    char far_apart[BH__CACHE_LINE];
    bh__work_queue queue;
    char also_apart[BH__CACHE_LINE];
    bh__lane finished[BH__POOL_LANES]; /* each thread counts in one of them */
} bh__pool;

size_t bh__pool_left(bh__pool *self); /* how many runnables run or wait */
bool bh__pool_refuse_count(int count, const char *call);
void bh__pool_set_max(bh__pool *self, int count); /* 0: one per core */

/* For a seat at the queue that is taken already. It is free again if there is none: BH_ERROR_SYSTEM, or BH_ERROR_EXCEPTION. Says nothing. */
bh_status bh__pool_bring_thread(bh__pool *self);

/* The calling thread, one of the pool's, lends its place to another, or takes it back. */
void bh__pool_lend_place(bh__pool *self, bool lends);

/* Counts a use of the pool, which cannot end before bh__pool_release. NULL after having reported. */
bh__pool *bh__pool_hold(const bh_thread_pool *handle, const char *call);
void bh__pool_release(bh__pool *self);

/* On a thread of the pool that begins to run what is queued: where it counts the ends. */
_Atomic size_t *bh__pool_enter(bh__pool *self);
void bh__pool_wake_if_idle(bh__pool *self);

/* Drops what has not begun. Held. */
void bh__pool_clear(bh__pool *self);

/* The calling thread, if it is one of a pool's, lends its place while it waits. Returns whether it did, for bh__pool_take_back. */
bool bh__pool_lend(void);
void bh__pool_take_back(bool lent);

/* FN runs when a pool is cleared, also at the end of the application. */
void bh__pool_when_cleared(void (*fn)(const bh_thread_pool *pool));

/* Clears all pools, waits for them until DEADLINE, and frees them. One that still runs is left behind, with a line in
 * the log that names it: to wait for it could last for ever, and to free it would crash. */
void bh__pools_destroy(int64_t deadline);

/* How many runnables run or wait; 0 for a stale handle. NAME, if not NULL, gets the pool's. Any thread. */
size_t bh__pool_pending(const void *handle, char *name, size_t size);

#endif
