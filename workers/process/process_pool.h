/* Pools, their tasks and their processes, as the files of the parent's side see them.
 *
 * Who may touch what. A pool's lock guards its queue, where each task is, and the counters. The processes, and what is on its way to
 * them, belong to the reactor's thread alone. What a future shows is guarded by one of a few locks that are chosen by its address
 * (future.c). Lock order: pool, future; the handle table's lock and the reactor's are taken last. No code of the program runs under any. */
#ifndef PROCESS_PROCESS_POOL_H
#define PROCESS_PROCESS_POOL_H

#include "process/heap.h"
#include "process/output.h"
#include "process/reactor.h"
#include "process/spawn.h"
#include "process/stack.h"
#include "process/wire.h"

#include <bulkhead/process_pool.h>
#include <pthread.h>

typedef struct bh__task bh__task;
typedef struct bh__process bh__process;
typedef struct bh__link bh__link;
typedef struct bh__pool bh__pool;

/* --- tasks: what is behind a bh_future */

typedef enum bh__place { BH__NEW, BH__IN_QUEUE, BH__IN_WORKER, BH__OVER } bh__place;

/* Why a task is ended from outside. */
typedef enum bh__reason { BH__NO_REASON, BH__CANCELLED, BH__DEADLINE, BH__RUN_TIME, BH__CLOSING } bh__reason;

typedef struct bh__failure {
    bh_process_failure facts; /* whose texts stand behind it */
} bh__failure;

/* A function that the program wants to have called. */
typedef struct bh__watch {
    struct bh__watch *next;
    bh__task *task; /* counted */
    bh_thread *thread;
    bool through_host; /* else on the reactor's thread */
    void (*fn)(bh_future *future, void *user);
    void *user;
    void (*drop)(void *user);
    bh__late progress, end; /* on the reactor's thread: the two ways in which it may wait there */
} bh__watch;

struct bh__task {
    _Atomic uint32_t refs;
    bh_future *handle;
    bh__pool *pool; /* counted */

    /* the pool's lock */
    bh__heap_node in_queue, in_deadlines;
    bh__place place;
    bool has_deadline; /* and is among the deadlines */
    bool asked;        /* is in the list of those that are to end */
    bool kill;         /* at once, without graces */
    bh__task *next_asked;
    bh__reason reason;
    bh__process *process; /* IN_WORKER */
    _Atomic int slot;     /* in the process's page; -1: not sent yet */

    /* fixed */
    uint64_t order; /* of submission */
    int64_t deadline_ms;
    int priority, run_ms, retries;
    bool chained; /* goes with the one before it */
    const char *name;
    const void *payload;
    size_t payload_size;

    /* the reactor's thread */
    int attempts, kills;
    pid_t last_pid;
    int64_t sent_ms;

    /* the future's lock, but for the state, which is written last */
    _Atomic int state;    /* bh_future_state */
    bool given_up;        /* the program has destroyed the future; atomic */
    bool seen;            /* somebody has looked at the failure, or will be told */
    bool progress_posted; /* atomic */
    bool progress_taken;  /* there is a callback for it, or was */
    bool opened;          /* `view` is that of the result */
    bh_status unreadable;
    bh__watch *watches, *progress_watch;
    const void *result;
    size_t result_size;
    bool result_mapped;
    bh_message_view view;
    const bh__failure *failure;
    void *progress;
    size_t progress_size;
};

static inline bh__task *bh__task_of_queue(bh__heap_node *node)
{
    return (bh__task *)((char *)node - offsetof(bh__task, in_queue));
}

static inline bh__task *bh__task_of_deadlines(bh__heap_node *node)
{
    return (bh__task *)((char *)node - offsetof(bh__task, in_deadlines));
}

/* NULL without memory. The payload is copied; the task has one reference and no handle. */
bh__task *bh__task_create(bh__pool *pool, const char *name, const void *payload, size_t size);
void bh__task_ref(bh__task *task);
void bh__task_unref(bh__task *task);

/* What became of a task. */
typedef struct bh__outcome {
    const void *result; /* allocated, or mapped; the future's from here. May be NULL: failed */
    size_t size;
    bool mapped;
    const bh__failure *failure; /* the future's from here */
} bh__outcome;

/* Completes the future: exactly once, of several callers the first. Without the pool's lock. */
void bh__task_finish(bh__task *task, bh__outcome outcome);

/* The same with a failure; FORMAT is what follows "function 'NAME' ". Never fails: without memory the sentence is shorter. */
void bh__task_fail(bh__task *task, bh_process_failure facts, const bh__output *output, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Fails it for REASON. */
void bh__task_end_for(bh__task *task, bh__reason reason, const bh__output *output);

/* New progress, from the worker. */
void bh__task_progress(bh__task *task, const void *data, size_t size);

bool bh__task_is_over(const bh__task *task);

/* Wakes those who wait with their mailbox open: host.h. */
void bh__wake_host(void);

/* Reports and returns true on the reactor's thread. */
bool bh__refuse_on_reactor(const char *call);

/* --- processes */

typedef enum bh__process_state {
    BH__STARTING,
    BH__READY,
    BH__LEAVING, /* told to end, with nothing left to do */
    BH__DEAD     /* what it was doing may wait for the stack of its crash */
} bh__process_state;

struct bh__process {
    bh__pool *pool;
    bh__link *link; /* NULL: it is a child of ours; or what stands between: link.h */
    bh__process *next;
    bh__process_state state;
    bh__spawned at;
    bh__source on_channel, on_room, on_output, on_end;
    bh__output output;
    uint32_t sent, acked;      /* sequence numbers */
    uint32_t tasks;            /* with it, and not taken back */
    bh__task *slots[BH__RING]; /* by sequence number; NULL: taken back, or the initialiser */
    uint64_t served;           /* tasks that were sent to it */
    uint32_t progress_seen;    /* version of the progress in its page */
    bool wants_room;           /* and is watched for it */
    bool held;                 /* a task in it is being ended: it gets no others */
    bool retiring;             /* gets no more */
    bool killed;               /* a signal of ours has gone to it */
    bool expected;             /* its end is no death that the budget counts */
    bool initialised;
    bool gone;                                                   /* its socket has ended */
    const char *broken;                                          /* why nothing that it sends is read any more; NULL: it is */
    bh__end end;                                                 /* once it is dead */
    char death[256];                                             /* in words */
    bh__stack *stack;                                            /* of its crash, on its way; NULL: none is */
    bh__late_packet *waiting, *last_waiting;                     /* packets for which its socket has no room */
    int64_t start_by_ms, term_ms, kill_ms, abandon_ms, check_ms; /* 0: no such time */
};

/* A packet that waits for room; or what of a task's payload has still to go in chunks. */
struct bh__late_packet {
    bh__late_packet *next;
    int file;
    bh__task *task; /* counted; NULL: it is a packet */
    size_t size;    /* of the packet; of the payload what has gone */
    _Alignas(8) unsigned char bytes[];
};

/* NULL: it could not be started; errno. */
bh__process *bh__process_start(bh__pool *pool);

/* True if it may get tasks now; ROOM: how many. */
bool bh__process_is_open(const bh__process *process);

/* Sends tasks that were assigned to it. Those that cannot be sent are failed or go back. */
void bh__process_send(bh__process *process, bh__task **tasks, int count);

/* Ends a task that is with it. */
void bh__process_end_task(bh__process *process, bh__task *task, bh__reason reason);

/* Takes back up to COUNT of the tasks that it has not begun, the latest first, and queues them again. Returns how many. */
int bh__process_take_back(bh__process *process, int count);

/* Lets it end, once it has nothing to do. */
void bh__process_leave(bh__process *process);
void bh__process_kill(bh__process *process, const char *broken);

/* What waits for its stack waits no longer. */
void bh__process_settle(bh__process *process);

/* What its times have brought; the next of them, or 0. */
void bh__process_tick(bh__process *process, int64_t now);
int64_t bh__process_next_time(const bh__process *process);

/* Frees one that is dead. */
void bh__process_free(bh__process *process);

/* --- pools */

struct bh__pool {
    _Atomic uint32_t refs;
    _Atomic bool attention; /* the reactor is to look at it */
    bh__pool *next;         /* in the reactor's list */

    /* fixed */
    bh_process_pool_options options;
    char *name, *program, *folder, *initialiser, *launch;
    char **launch_words;   /* NULL: none */
    char **remote_changes; /* of the environment, behind a launcher; NULL ends it */
    char **environment;
    void *initialiser_payload;
    size_t initialiser_size;
    bh__spawn_plan plan;
    const bh_process_function *functions; /* NULL: the program's table is not this one's */

    pthread_mutex_t lock;   /* guards all down to `processes` */
    pthread_cond_t changed; /* something that a call may wait for */
    bh__heap queue, deadlines;
    uint64_t orders;
    bh__task *asked; /* those to end that are with a worker */
    size_t open;     /* tasks that are not over */
    size_t with_workers;
    bool closing, gave_up;
    bool closed; /* no process is left */
    bool kept;   /* the handle exists */
    bh_failure_kind gave_up_kind;
    char gave_up_text[512];
    int64_t close_ms; /* when what is left is killed; 0: not closing */
    char leftovers[256];
    bh_process_pool_statistics counts;

    /* the reactor's thread */
    bh__process *processes;
    int alive;          /* that are neither leaving nor dead */
    int64_t average_ns; /* of the latest tasks; 0: none yet */
    int64_t spawn_ms;   /* not before; 0: at any time */
    int spawn_failures; /* in a row */
    int64_t steal_ms;
    int64_t idle_ms;  /* when workers are looked at that have nothing to do; 0: not */
    int64_t spare_ms; /* when one more spare is started; 0: none is wanted */
    int64_t *deaths;  /* a ring of the latest budget_deaths times */
    uint64_t death_count;
};

void bh__pool_ref(bh__pool *pool);
void bh__pool_unref(bh__pool *pool);

/* The pool, with a reference; NULL after having reported. */
bh__pool *bh__pool_find(bh_process_pool *pool, const char *call);

/* The first half of a close: no more tasks, what is queued ends, what is with workers is ended, in TIMEOUT_MS by SIGKILL. Does not
 * block. */
void bh__pool_begin_close(bh__pool *pool, int timeout_ms);

/* Waits until DONE(POOL, COUNT), which runs under the lock; with the thread's mailbox open, where it has one. False at the timeout
 * (negative: none). */
bool bh__pool_wait(bh__pool *pool, bool (*done)(const bh__pool *pool, size_t count), size_t count, int timeout_ms);

/* Puts a task into the queue again, at its old place. False if the pool takes none: then it was failed. */
bool bh__pool_requeue(bh__pool *pool, bh__task *task);

/* The same for one whose worker died in it. */
void bh__pool_retry(bh__pool *pool, bh__task *task);

/* What the reactor does for it whenever something has happened; when it wants to be called again, in ms, or 0. */
void bh__pool_turn(bh__pool *pool);
int64_t bh__pool_next_time(bh__pool *pool);

/* A process has died unexpectedly, or none could be started: counts against the budget. */
void bh__pool_count_death(bh__pool *pool, const char *text);

/* Nothing more is to be had from it: all that is queued fails. */
void bh__pool_give_up(bh__pool *pool, bh_failure_kind kind, const char *text);

#endif
