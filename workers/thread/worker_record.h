/* Inside the workers: the record behind a bh_worker, and what its two files call of each other.
 *
 *     worker.c       what the owner calls, on the GUI thread
 *     worker_run.c   what happens on the worker's thread */
#ifndef THREAD_WORKER_RECORD_H
#define THREAD_WORKER_RECORD_H

#include "core/door.h"
#include "guard/failure.h"
#include "thread/cancel.h"

#include <bulkhead/worker.h>

typedef struct bh__worker {
    bh__worker_head head; /* first: the bridge finds the object there */
    bh_worker *handle;
    bh_worker_context *context;
    bh_thread *thread;
    const bh_class *description;
    void *user;
    bool moved;     /* the object lives on the thread */
    bool abandoned; /* it did not end with the application */
    _Atomic int refs;
    _Atomic int state;
    _Atomic bool settled;
    int64_t begun_ms;    /* GUI thread */
    _Atomic int answers; /* of the thread, to its owner who wants to end it */
    bh__cancel cancel;
    bool skips;                       /* it was cancelled before its start */
    bool in_run;                      /* the worker's thread */
    unsigned since;                   /* failures of the thread when the run, or slot, began; likewise */
    bh__failure *told;                /* of bh_fail in this run; likewise */
    bh__failure *failure;             /* of the last run; guarded by the lock of `cancel`, and freed with the next */
    struct bh__worker *next, **place; /* GUI thread: the list of all */
} bh__worker;

void bh__worker_unref(bh__worker *self);

/* On the worker's thread, as a completion there: one run from "started" to "finished". */
bh_status bh__worker_run(void *worker);

/* What comes out of a slot. */
void bh__worker_slot_failed(void *worker, const bh__door_caught *caught);

/* On the GUI thread, behind all that the run has emitted: it is settled, and a reference goes. */
bh_status bh__worker_settle(void *worker);

#endif
