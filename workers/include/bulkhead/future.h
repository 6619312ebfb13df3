/* Futures: what will become of a task that was given to a process pool.
 *
 *     bh_future *future = bh_process_pool_submit(pool, "sum", arguments, NULL);
 *     bh_future_when_done(future, NULL, on_done, window, NULL);
 *
 *     static void on_done(bh_future *future, void *window)
 *     {
 *         bh_message_view result;
 *         bh_process_failure failure;
 *         if (bh_future_result(future, &result) == BH_OK)
 *             bh_set_int(window, "value", (int)bh_message_get_int(result, "total", 0));
 *         else if (bh_future_failure(future, &failure) == BH_OK)
 *             show(failure.text);
 *         bh_future_destroy(future);
 *     }
 *
 * Each future completes exactly once, whatever happens to the worker, the pool, memory or the system. How it failed is a value;
 * reading it never crashes, and blocks only where it says so.
 *
 * Any thread, unless a call says otherwise. A future is a checked handle. */
#ifndef BULKHEAD_FUTURE_H
#define BULKHEAD_FUTURE_H

#include <bulkhead/message.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_future bh_future;

/* A thread of the bridge: thread.h. */
typedef struct bh_thread bh_thread;

typedef enum bh_future_state {
    BH_FUTURE_QUEUED,   /* waits for a worker, or waits in one */
    BH_FUTURE_RUNNING,  /* its function runs */
    BH_FUTURE_DONE,     /* there is a result */
    BH_FUTURE_FAILED,   /* there is a failure */
    BH_FUTURE_CANCELLED /* it was cancelled before it ended; there is a failure of kind BH_FAILURE_CANCELLED */
} bh_future_state;

/* Numbers are frozen; new kinds are added at the end. */
typedef enum bh_failure_kind {
    BH_FAILURE_NONE = 0,
    BH_FAILURE_RETURNED = 1, /* the function returned an error: `status` and `text` */
    BH_FAILURE_SIGNAL = 2,   /* the worker died of a signal in the task: `signal`; SIGKILL from nobody we know: possibly memory */
    BH_FAILURE_EXIT = 3,     /* the worker ended in the task without a result: `exit_code`; exit(0) too */
    BH_FAILURE_DEADLINE = 4, /* deadline_ms or run_ms ran out */
    BH_FAILURE_CANCELLED = 5,    /* bh_future_cancel */
    BH_FAILURE_MEMORY = 6,       /* no memory, here or there */
    BH_FAILURE_PROTOCOL = 7,     /* the worker sent what is no message, and was ended */
    BH_FAILURE_CLOSED = 8,       /* the pool was closed before the task ended */
    BH_FAILURE_QUARANTINED = 9,  /* the task has killed two workers and is not tried a third time */
    BH_FAILURE_BUDGET = 10,      /* workers died faster than the pool's budget allows: the pool has given up */
    BH_FAILURE_INITIALISER = 11, /* the pool's initialiser failed, so no worker can work */
    BH_FAILURE_NO_FUNCTION = 12, /* the worker's table has no function of that name */
    BH_FAILURE_LAUNCHER = 13     /* the pool's launcher starts no worker to work with: the pool has given up */
} bh_failure_kind;

/* Why a task failed. Texts belong to the future and are good until bh_future_destroy. Fields are only ever added. */
typedef struct bh_process_failure {
    bh_failure_kind kind;
    bh_status status;   /* what the function returned; for other kinds what comes nearest. Never BH_OK */
    const char *text;   /* one sentence, with the function's name; never NULL */
    int signal;         /* BH_FAILURE_SIGNAL: its number, else 0 */
    uintptr_t address;  /* of a SIGSEGV, SIGBUS, SIGFPE or SIGILL, else 0 */
    int exit_code;      /* BH_FAILURE_EXIT: else -1 */
    int attempts;       /* how many workers have begun it */
    int worker_pid;     /* of the last one, on its machine; 0: none has begun it */
    const char *output; /* the end of what the worker printed on stdout and stderr since about the task's beginning; never NULL */
    size_t output_size; /* bytes, without the 0 behind them */

    /* Of a worker that has crashed (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP): the stack of the thread that did, a frame per
     * line, innermost first, "#0  work (job.c:12) [program+0x1234]"; without function or file where the debug information does not
     * say. "": none; never NULL. */
    const char *stack;
} bh_process_failure;

/* BH_FUTURE_FAILED for a bad handle, after having reported. */
BH_API bh_future_state bh_future_get_state(bh_future *future);

/* True once it is done, failed or cancelled. True for a bad handle: nothing more will happen to it. */
BH_API bool bh_future_is_done(bh_future *future);

/* The name of the function. "" for a bad handle. Good until bh_future_destroy. */
BH_API const char *bh_future_function(bh_future *future);

/* Waits until it is done, for at most TIMEOUT_MS (negative: without limit). BH_OK: it is done, well or not. BH_TIMEOUT. On a thread
 * with a mailbox what arrives there is delivered meanwhile. Refused with BH_DEADLOCK on the GUI thread, unless TIMEOUT_MS is 0, since
 * the window would stand still: use bh_future_when_done; and in a callback that runs on the pools' own thread. Blocks. */
BH_API bh_status bh_future_wait(bh_future *future, int timeout_ms);

/* The result of a task that is done. RESULT is good until bh_future_destroy, and lies where it was received: large ones are not
 * copied. Refused: BH_ERROR_STATE before the end and after a failure (bh_future_failure then), BH_ERROR_FORMAT if it cannot be read. */
BH_API bh_status bh_future_result(bh_future *future, bh_message_view *result);

/* Why it failed or was cancelled. BH_ERROR_STATE before the end, and if it did not fail. */
BH_API bh_status bh_future_failure(bh_future *future, bh_process_failure *failure);

/* The newest progress, copied to PROGRESS, which is cleared first and is the caller's. Empty if there was none. */
BH_API bh_status bh_future_progress(bh_future *future, bh_message *progress);

/* Asks that it end. What has not begun is cancelled at once. What runs sees bh_job_cancelled, after the pool's first grace SIGTERM,
 * after the second SIGKILL, and is done when it has ended. A task that comes to its end nevertheless keeps its result. BH_OK and
 * nothing if it is done already. Does not block. */
BH_API bh_status bh_future_cancel(bh_future *future);

/* As bh_future_cancel, but what runs is not asked: its worker is ended with SIGKILL now, without the pool's graces, also after a
 * cancel that still waits for them. What the task has begun outside of its process stays as it is just then. */
BH_API bh_status bh_future_kill(bh_future *future);

/* Runs FN(FUTURE, USER) once when the future is done, or soon if it is done already. THREAD is where: NULL for the GUI thread, or a
 * thread of the bridge; through its mailbox, as a completion that is never dropped. In a program without the bridge, or without
 * application, THREAD must be NULL, and FN runs on the pools' own thread: it must be short and must not wait.
 * DROP(USER), if not NULL, runs exactly once, after FN or instead of it. FN does not run if the future was destroyed before. A future may
 * have several. A call that fails takes nothing. Does not block. */
BH_API bh_status bh_future_when_done(bh_future *future, bh_thread *thread, void (*fn)(bh_future *future, void *user), void *user,
                                     void (*drop)(void *user));

/* Runs FN(FUTURE, USER) when there is newer progress than FN has seen, until the future is done: never twice at a time, and not more
 * often than THREAD takes it; read it with bh_future_progress. Before what bh_future_when_done runs on the same thread. THREAD and DROP
 * as there. One per future (BH_ERROR_EXISTS). */
BH_API bh_status bh_future_when_progress(bh_future *future, bh_thread *thread, void (*fn)(bh_future *future, void *user),
                                         void *user, void (*drop)(void *user));

/* Gives it up, with its result. A task that has not ended goes on (bh_future_cancel first, if it should not), but callbacks do not run
 * any more; a failure that nobody can read goes to the error hook. NULL is BH_OK and does nothing. */
BH_API bh_status bh_future_destroy(bh_future *future);

/* The kind's name, "BH_FAILURE_SIGNAL". A static string, never NULL. */
BH_API const char *bh_failure_kind_name(bh_failure_kind kind);

#define bh_future_get_state(...) BH_AT(bh_future_get_state(__VA_ARGS__))
#define bh_future_is_done(...) BH_AT(bh_future_is_done(__VA_ARGS__))
#define bh_future_function(...) BH_AT(bh_future_function(__VA_ARGS__))
#define bh_future_wait(...) BH_AT(bh_future_wait(__VA_ARGS__))
#define bh_future_result(...) BH_AT(bh_future_result(__VA_ARGS__))
#define bh_future_failure(...) BH_AT(bh_future_failure(__VA_ARGS__))
#define bh_future_progress(...) BH_AT(bh_future_progress(__VA_ARGS__))
#define bh_future_cancel(...) BH_AT(bh_future_cancel(__VA_ARGS__))
#define bh_future_kill(...) BH_AT(bh_future_kill(__VA_ARGS__))
#define bh_future_when_done(...) BH_AT(bh_future_when_done(__VA_ARGS__))
#define bh_future_when_progress(...) BH_AT(bh_future_when_progress(__VA_ARGS__))
#define bh_future_destroy(...) BH_AT(bh_future_destroy(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
