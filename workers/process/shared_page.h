/* The page that a pool shares with one worker: what either side must know of the other at once, without a message and even after a
 * kill. A worker on a stream shares it with its relay; the pool has a copy, which messages keep up. No lock: each field has one writer, or is changed by compare and exchange.
 *
 * The worker may crash and write anything here. The parent believes nothing of it but what can only harm the worker's own tasks. */
#ifndef PROCESS_SHARED_PAGE_H
#define PROCESS_SHARED_PAGE_H

#include <bulkhead/process_job.h>
#include <stdatomic.h>

enum {
    BH__RING = 256,     /* tasks that may be on their way to one worker */
    BH__NAME_SIZE = 64, /* of functions, with the 0 */
    BH__CRASH_SIZE = 48 * 1024
};

/* Of one task on its way. The worker begins only what it moves from SENT to STARTED, the parent takes back only what it moves from SENT
 * to REVOKED: so both always agree on whether it has begun. */
typedef enum bh__slot_state {
    BH__SLOT_FREE,
    BH__SLOT_SENT,
    BH__SLOT_STARTED,
    BH__SLOT_CANCEL, /* started, and asked to end */
    BH__SLOT_REVOKED,
    BH__SLOT_ASKED,  /* of a worker on a stream, in the pool's copy: it was asked to give the task back, or to end it */
    BH__SLOT_UNKNOWN /* the same: the stream has ended, and nobody can say whether the task had begun */
} bh__slot_state;

/* A result that lies in the worker's memory: the worker keeps it there until the parent has answered. */
typedef enum bh__fetched {
    BH__FETCH_OPEN,
    BH__FETCH_DONE,
    BH__FETCH_REFUSED /* the system does not let the parent: it is to be sent */
} bh__fetched;

/* What the child does to itself before it works. Written by the parent before the child exists. */
typedef struct bh__setup {
    uint32_t magic; /* BH__PAGE_MAGIC: the page is what we think it is */
    int32_t niceness;
    int32_t cpu_s;
    int32_t descriptors;
    uint64_t memory, core, file;
    uint64_t memory_growth;
} bh__setup;

#define BH__PAGE_MAGIC 0x31504842u

/* Written by the handler of a fatal signal: `signal` when the fields above it are there, `used` after each line of the record. */
typedef struct bh__crash {
    int32_t code;
    uint64_t address;
    _Atomic int32_t signal;
    _Atomic uint32_t used;
    char record[BH__CRASH_SIZE]; /* crash_record.h */
} bh__crash;

typedef struct bh__page {
    bh__setup setup;
    _Atomic uint8_t states[BH__RING]; /* bh__slot_state, by sequence number */
    _Atomic int64_t started_ns;       /* when the running task began */
    _Atomic uint32_t cancels;         /* counts requests to end; a futex that bh_job_sleep waits for */
    _Atomic uint32_t fetched;         /* bh__fetched: what the parent says to a result that it shall fetch; a futex */

    /* The newest progress. `progress_version` is odd while it is written; what is between is stored with release and loaded with
     * acquire, so that who sees a new word sees the new version too. */
    _Atomic uint32_t progress_version;
    _Atomic uint32_t progress_rung;     /* the parent has been told that there is some, and has not looked yet */
    _Atomic uint32_t progress_sequence; /* the task it is of */
    _Atomic uint32_t progress_size;
    _Atomic uint64_t progress[BH_JOB_MAX_PROGRESS / 8];
    bh__crash crash; /* last: it is touched by those only that crash */
} bh__page;

#endif
