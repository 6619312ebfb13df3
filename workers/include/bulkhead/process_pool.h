/* Process pools: functions that run in worker processes, so that what crashes, hangs, leaks or is killed there costs one task, and
 * neither the program nor another task.
 *
 *     bh_process_pool *pool = bh_process_pool_create(NULL);
 *     bh_message *arguments = bh_message_create();
 *     bh_message_add_int(arguments, "to", 1000);
 *     bh_future *future = bh_process_pool_submit(pool, "sum", arguments, NULL);
 *     bh_message_destroy(arguments);
 *
 * Workers are always spawned (posix_spawn and exec), never forked. Each has its own channel; no queue and no lock is shared between
 * processes. A worker that dies is replaced, and the tasks that it had not begun go to others. All pools share one thread that watches
 * sockets, processes and times and sleeps while nothing happens; it and its workers last as long as the program.
 *
 * A task runs at most once unless it is submitted with retries. That it runs exactly once cannot be promised by anybody.
 *
 * When the program dies, be it of SIGKILL, its workers die too. A process that a function has started dies with its worker unless it has
 * both left the worker's process group (setsid) and cleared its environment; but where the program was killed nobody is left to see to
 * that, and what functions have started goes on.
 *
 * Any thread, unless a call says otherwise. A pool is a checked handle. */
#ifndef BULKHEAD_PROCESS_POOL_H
#define BULKHEAD_PROCESS_POOL_H

#include <bulkhead/future.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_process_pool bh_process_pool;

/* What a worker may use. 0 each: no limit but the system's. */
typedef struct bh_process_limits {
    int cpu_s;       /* seconds of processor time for one task; then SIGXCPU */
    uint64_t memory; /* bytes of address space (RLIMIT_AS): allocation fails beyond */
    int descriptors; /* open at a time */
    uint64_t core;   /* bytes of a core dump; 0 means none here */
    uint64_t file;   /* bytes of the largest file that it may write; then SIGXFSZ */
} bh_process_limits;

/* Begin with BH_PROCESS_POOL_OPTIONS_INIT, which sets the size. 0 and NULL mean what stands in brackets. All is copied. */
typedef struct bh_process_pool_options {
    size_t size;         /* set by the initialiser */
    const char *name;    /* of the pool, in sentences ["pool"] */
    int workers;         /* how many work at a time; 0: as many as this process may use processors */
    int spares;          /* started beyond those that work, so that a death costs no start [1]; -1: none */
    const char *program; /* of a worker: a path, or a name without slash beside this program; NULL: this program itself */
    const char *folder;  /* working folder; NULL: this program's */
    const char *const *environment;    /* "NAME=VALUE"… and NULL, in addition to this program's; "NAME" alone removes one */
    const char *initialiser;           /* a function that each worker runs first; NULL: none. If it fails, so does the pool */
    bh_message *initialiser_arguments; /* NULL: none */
    bh_process_limits limits;
    int niceness;           /* added to this program's, 0 to 19 [0]; 10 keeps a window smooth while all processors are busy */
    int threads;            /* of OpenMP and BLAS in each worker (OMP_NUM_THREADS and its like) [1]; -1: leaves them alone */
    int tasks_per_worker;   /* a worker is replaced after so many; 0: never */
    uint64_t memory_growth; /* a worker is replaced when it holds so many bytes more than after its first task; 0: never */
    size_t output;          /* bytes of a worker's stdout and stderr that are kept, the newest [16384] */
    size_t queue;           /* tasks that may wait; then submitting is refused or waits; 0: without bound */
    int cancel_grace_ms;    /* from the wish to end a task to SIGTERM [200] */
    int term_grace_ms;      /* from SIGTERM to SIGKILL [500] */
    int start_timeout_ms;   /* a worker that is not ready, or does not begin what it has got, by then is killed [10000] */
    int budget_deaths;      /* more deaths than these… [20] */
    int budget_ms;          /* …in this time, and the pool gives up: all its futures fail [10000] */

    /* Words to put in front of the worker's command line: "nice -n 5", "srun -Q -n1 -c2", "ssh host" [none]. Blanks separate words; 'text',
     * "text" and a backslash keep them together, as in a shell; nothing is expanded, and no shell runs. The launcher must give its
     * standard input and output to the worker unchanged, and stay until the worker has ended. With it there are no spares unless they are
     * asked for, and start_timeout_ms is [60000]. What else is different the manual says: "Workers behind a launcher" */
    const char *launch;
    int idle_ms;    /* behind a launcher: a worker beyond the spares that has nothing to do for so long ends [10000] */
    int silence_ms; /* behind a launcher: pool and worker take each other for dead who have not been heard of for so long [30000] */
} bh_process_pool_options;

#define BH_PROCESS_POOL_OPTIONS_INIT .size = sizeof(bh_process_pool_options)

/* What bh_process_pool_create would say to LAUNCH: BH_OK; text that is no command line (BH_ERROR_FORMAT); a program that is not there or
 * cannot be run (BH_ERROR_IO). "" and blanks are no launcher, and BH_OK. Any thread; looks at files. */
BH_API bh_status bh_process_pool_check_launch(const char *launch);

/* OPTIONS NULL: BH_PROCESS_POOL_OPTIONS_INIT alone. Starts the spares, and returns without waiting for them. Belongs to the caller:
 * bh_process_pool_close, then bh_process_pool_destroy. NULL on failure: bh_main_guard was not called (BH_ERROR_STATE), too deep inside
 * workers (BH_ERROR_STATE), no such program or launcher (BH_ERROR_IO), a launcher that is no command line (BH_ERROR_FORMAT), a value out of range, no
 * thread, no memory. */
BH_API bh_process_pool *bh_process_pool_create(const bh_process_pool_options *options);

/* Begin with BH_SUBMIT_OPTIONS_INIT. */
typedef struct bh_submit_options {
    size_t size;     /* set by the initialiser */
    int deadline_ms; /* from now; the task is ended then, also if it has not begun; 0: none */
    int run_ms;      /* how long its function may run, from its beginning; 0: without limit */
    int priority;    /* higher goes first; 0 is usual */
    int retries; /* how often it is run anew when a worker died in it. Only for functions that may run twice (idempotent); [0] */
    int wait_ms; /* how long to wait for room in a full queue; negative: without limit; 0: not at all */
} bh_submit_options;

#define BH_SUBMIT_OPTIONS_INIT .size = sizeof(bh_submit_options)

/* Queues FUNCTION with ARGUMENTS, which are copied (NULL: none). OPTIONS NULL: BH_SUBMIT_OPTIONS_INIT alone. The future belongs to the
 * caller: bh_future_destroy. NULL on failure, and nothing was queued: no such function in this program's table (BH_ERROR_NAME; with
 * a worker program of another table the future fails instead), the queue is full (BH_ERROR_FULL; BH_TIMEOUT after waiting), pool closed
 * (BH_ERROR_CLOSED) or given up (BH_ERROR_STATE), arguments that had failed, no memory. Blocks only with wait_ms, which is refused on
 * the GUI thread (BH_DEADLOCK). */
BH_API bh_future *bh_process_pool_submit(bh_process_pool *pool, const char *function, bh_message *arguments,
                                         const bh_submit_options *options);

/* Queues FUNCTION COUNT times, with ARGUMENTS[i] each, and gives one future each in FUTURES[i]: all, or none. CHUNK of them, in a row,
 * go to a worker at a time, which is for functions that gain from what the one before has loaded; 0: by how long they take. A death
 * costs one task of a chunk. Otherwise as bh_process_pool_submit. */
BH_API bh_status bh_process_pool_map(bh_process_pool *pool, const char *function, bh_message *const *arguments, size_t count,
                                     size_t chunk, const bh_submit_options *options, bh_future **futures);

/* Waits until no task is queued or running, for at most TIMEOUT_MS (negative: without limit): BH_OK or BH_TIMEOUT. On a thread with a
 * mailbox what arrives there is delivered meanwhile. Not in a callback on the pools' own thread (BH_DEADLOCK). Blocks. */
BH_API bh_status bh_process_pool_wait_for_done(bh_process_pool *pool, int timeout_ms);

/* Takes no more tasks, cancels all that there are, and waits until they and the workers have ended: for at most TIMEOUT_MS in good, then
 * they are killed. BH_OK, or BH_TIMEOUT with a sentence that names the functions that had to be killed. All futures are done when it
 * returns. Closing twice is BH_OK. To let tasks come to their end, bh_process_pool_wait_for_done first. As there, delivers meanwhile, and
 * is refused on the pools' own thread. Blocks for TIMEOUT_MS and little more. */
BH_API bh_status bh_process_pool_close(bh_process_pool *pool, int timeout_ms);

/* Counters since the pool was made. Fields are only ever added. */
typedef struct bh_process_pool_statistics {
    uint64_t submitted, done, failed, cancelled; /* tasks */
    uint64_t retried;                            /* runs of tasks whose worker had died in them */
    uint64_t requeued;                           /* tasks that went to another worker before they had begun */
    uint64_t spawned;                            /* workers */
    uint64_t deaths;                             /* of workers, that nobody had planned */
    uint64_t killed;                             /* workers that were ended by a signal of ours */
    uint64_t replaced;                           /* workers, for tasks_per_worker or memory_growth */
    size_t queued, running;                      /* tasks now: not with a worker, with a worker */
    int workers;                                 /* processes now */
    bool gave_up;                                /* the budget was exceeded, or the initialiser failed */
} bh_process_pool_statistics;

BH_API bh_status bh_process_pool_get_statistics(bh_process_pool *pool, bh_process_pool_statistics *out);

typedef enum bh_process_worker_state {
    BH_PROCESS_WORKER_STARTING,
    BH_PROCESS_WORKER_IDLE,
    BH_PROCESS_WORKER_WORKING,
    BH_PROCESS_WORKER_ENDING /* gets no more tasks */
} bh_process_worker_state;

/* One worker process. Fields are only ever added. */
typedef struct bh_process_worker_info {
    int pid;
    bh_process_worker_state state;
    char pool[32];     /* its name, cut */
    char function[64]; /* that runs now, cut; "" if none does */
    int64_t for_ms;    /* for how long it has been running; 0 if none does */
    uint64_t served;   /* tasks that it has got so far */
} bh_process_worker_info;

/* All worker processes of all pools now: one block, yours: bh_free. Without any *OUT is NULL and *COUNT 0, and that is BH_OK. Asks the
 * pools' own thread; BH_TIMEOUT if that has no answer within a tenth of a second, because it is busy, or a callback of the program's
 * hangs there. Any thread; before there is a pool, too. */
BH_API bh_status bh_process_workers_list(bh_process_worker_info **out, size_t *count);

/* "starting", "idle", "working", "ending". Static, never NULL. */
BH_API const char *bh_process_worker_state_name(bh_process_worker_state state);

/* Frees it. Refused while it is open (BH_ERROR_STATE): close it first. Its futures stay, and are destroyed by themselves. NULL is BH_OK and
 * does nothing. */
BH_API bh_status bh_process_pool_destroy(bh_process_pool *pool);

#define bh_process_pool_create(...) BH_AT(bh_process_pool_create(__VA_ARGS__))
#define bh_process_pool_check_launch(...) BH_AT(bh_process_pool_check_launch(__VA_ARGS__))
#define bh_process_pool_submit(...) BH_AT(bh_process_pool_submit(__VA_ARGS__))
#define bh_process_pool_map(...) BH_AT(bh_process_pool_map(__VA_ARGS__))
#define bh_process_pool_wait_for_done(...) BH_AT(bh_process_pool_wait_for_done(__VA_ARGS__))
#define bh_process_pool_close(...) BH_AT(bh_process_pool_close(__VA_ARGS__))
#define bh_process_pool_get_statistics(...) BH_AT(bh_process_pool_get_statistics(__VA_ARGS__))
#define bh_process_workers_list(...) BH_AT(bh_process_workers_list(__VA_ARGS__))
#define bh_process_pool_destroy(...) BH_AT(bh_process_pool_destroy(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
