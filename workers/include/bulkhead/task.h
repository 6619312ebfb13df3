/* Tasks: a function on a thread pool of the program's own, with a result, an error, progress and cancel, whose end is told exactly
 * once on the thread of your choice.
 *
 *     static bh_status load(bh_task_context *self, void *path)     // on a thread of the pool
 *     {
 *         table *read = table_read(path);
 *         if (!read)
 *             return bh_task_fail(self, BH_ERROR_IO, "cannot read %s", (const char *)path);
 *         return bh_task_set_result(self, read, table_free);
 *     }
 *     static void on_loaded(void *window, bh_task *task)           // on the GUI thread
 *     {
 *         if (bh_task_get_state(task) == BH_TASK_FINISHED) …
 *     }
 *     const bh_task_options options = {BH_TASK_INIT, .name = "load", .done = on_loaded};
 *     bh_task_start(pool, load, path, &options);
 *
 * As with workers there are two views and two types: the bh_task of who started it, and the bh_task_context inside its function. */
#ifndef BULKHEAD_TASK_H
#define BULKHEAD_TASK_H

#include <bulkhead/assert.h>
#include <bulkhead/thread.h>
#include <bulkhead/thread_pool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_task bh_task;
typedef struct bh_task_context bh_task_context;
typedef struct bh_task_group bh_task_group;

typedef enum bh_task_state {
    BH_TASK_WAITING, /* for the tasks that it comes after */
    BH_TASK_QUEUED,  /* for a thread of its pool */
    BH_TASK_RUNNING,
    BH_TASK_FINISHED, /* it returned BH_OK */
    BH_TASK_FAILED,   /* bh_task_get_failure says why */
    BH_TASK_CANCELLED /* it returned BH_CANCELLED, or has never begun */
} bh_task_state;

typedef bh_status (*bh_task_function)(bh_task_context *self, void *user);

typedef struct bh_task_options {
    size_t size;      /* set by BH_TASK_INIT */
    const char *name; /* for sentences and lists, copied (31 bytes); NULL: "task" */
    int priority;     /* higher first; 0 is usual */

    /* Runs exactly once, with USER and the task, when it has ended, whichever way: also when the pool is cleared, or the application
     * ends. Never inside bh_task_start or bh_task_cancel. NULL: nobody is told, and a failure goes to the error hook. */
    void (*done)(void *user, bh_task *task);

    /* Runs with what bh_task_progress was told last; what was told before and not delivered yet is left out. Never after `done`. */
    void (*progress)(void *user, bh_task *task, int value, const char *text);

    /* Where `done` and `progress` run; NULL: the GUI thread. If that thread has ended by then, on the GUI thread. */
    bh_thread *thread;

    /* It starts when these have finished. If one of them fails or is cancelled it is cancelled itself, with the reason. They exist
     * before it does, so that there can be no circle. */
    bh_task *const *after;
    size_t after_count;

    bh_task_group *group; /* NULL: none */
    bool keep;            /* the handle stays valid until bh_task_release */

    /* Runs exactly once with USER, when neither the function nor the callbacks will be called any more; NULL: nothing. */
    void (*drop)(void *user);
} bh_task_options;

#define BH_TASK_INIT .size = sizeof(bh_task_options)

/* Queues FN(context, USER) on POOL. OPTIONS may be NULL. The task belongs to the library: its handle is stale once `done` has
 * returned; with `keep` it is valid until bh_task_release, for those who wait for it, or come after it, on another thread. Waiting
 * for others, it counts as queued in its pool. NULL on failure, which takes nothing: no callback and no `drop` runs then.
 * BH_ERROR_SYSTEM where the system gives the pool no thread. Any thread. Does not block. */
BH_API bh_task *bh_task_start(bh_thread_pool *pool, bh_task_function fn, void *user, const bh_task_options *options);

/* Asks it to stop. One that has not begun never will, and ends at once as cancelled; in one that runs bh_task_cancelled becomes true
 * and bh_task_sleep wakes. One that has ended stays as it is. Any thread. Does not block. */
BH_API bh_status bh_task_cancel(bh_task *task);

/* Waits until it has ended, at most TIMEOUT_MS (negative: without limit): BH_OK, whichever way it ended, or BH_TIMEOUT. `done` may not
 * have run yet. Refused on the GUI thread (BH_ERROR_THREAD), which it would freeze: use `done`. Refused where it could never end
 * (BH_DEADLOCK): on the task itself, or on a thread that it waits for. A thread of a pool that waits here lends its place to another
 * one meanwhile, so that tasks may wait for tasks of their own pool. */
BH_API bh_status bh_task_wait(bh_task *task, int timeout_ms);

/* Any thread. BH_TASK_CANCELLED for a bad handle. */
BH_API bh_task_state bh_task_get_state(const bh_task *task);

/* Its name, "" for a bad handle. Valid as long as the task's handle. Any thread. */
BH_API const char *bh_task_get_name(const bh_task *task);

/* Why it failed, or was cancelled; status BH_OK if it finished. Refused before it has ended (BH_ERROR_STATE). The strings are valid as
 * long as the task's handle. Any thread. */
BH_API bh_status bh_task_get_failure(const bh_task *task, bh_failure *failure);

/* What bh_task_set_result gave; NULL if nothing. Belongs to the task and goes with its handle. Refused before it has ended. A result is
 * a pointer that changes hands, and no bh_value, since what tasks make (tables, images, parsed files) is large and of the program's own
 * types. Any thread. */
BH_API bh_status bh_task_get_result(const bh_task *task, void **result);

/* The same, and the result is yours from then on: its `destroy` will not run. */
BH_API bh_status bh_task_take_result(bh_task *task, void **result);

/* Gives back a handle that `keep` has kept; the task goes on. Refused for one without `keep`. NULL is BH_OK. Any thread. */
BH_API bh_status bh_task_release(bh_task *task);

/* --- inside the function, on its thread; the context is stale once it has returned */

/* True once somebody has asked it to stop. Cheap enough for an inner loop. True for a bad handle. */
BH_API bool bh_task_cancelled(bh_task_context *self);

/* Sleeps for MS milliseconds, or until cancelled: BH_OK or BH_CANCELLED. */
BH_API bh_status bh_task_sleep(bh_task_context *self, int ms);

/* Tells `progress` VALUE, by convention 0 to 100, and TEXT (copied, 127 bytes; NULL: ""). The newest wins. Does not block. */
BH_API bh_status bh_task_progress(bh_task_context *self, int value, const char *text);

/* Sets the result. DESTROY(RESULT), if not NULL, runs exactly once when the task goes, unless somebody has taken it. A second result
 * replaces the first. On failure RESULT stays yours. */
BH_API bh_status bh_task_set_result(bh_task_context *self, void *result, void (*destroy)(void *result));

/* Sets the failure's text, function, file and line, and returns STATUS, so that `return bh_task_fail(self, BH_ERROR_IO, "cannot read
 * %s", path);` is one line; BH_OK and BH_CANCELLED, which are no errors, become BH_ERROR. The task fails whatever it returns then. */
BH_API bh_status bh_task_fail(bh_task_context *self, bh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a cause: ": because " and the failure set before, or else the error that a call of this library has reported last in
 * this run. Each level of a program adds its own sentence in this way. */
BH_API bh_status bh_task_fail_because(bh_task_context *self, bh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- groups */

typedef struct bh_task_group_options {
    size_t size;      /* set by BH_TASK_GROUP_INIT */
    const char *name; /* for sentences, copied (31 bytes); NULL: "group" */

    /* Runs exactly once, on THREAD (NULL: the GUI thread), when the group is sealed, all its tasks have ended and their own `done` has
     * run. */
    void (*done)(void *user, bh_task_group *group);
    void *user;
    bh_thread *thread;
    bool cancel_on_failure;   /* the first task that fails cancels the others */
    void (*drop)(void *user); /* runs exactly once, after `done`; NULL: nothing */
} bh_task_group_options;

#define BH_TASK_GROUP_INIT .size = sizeof(bh_task_group_options)

/* How the tasks of a group stand. Fields are only ever added. */
typedef struct bh_task_counts {
    int tasks, finished, failed, cancelled;
} bh_task_counts;

/* Creates a group, which tasks join when they start (bh_task_options.group). Belongs to the caller: bh_task_group_destroy, or the
 * application's end. NULL on failure. Any thread; needs the application. */
BH_API bh_task_group *bh_task_group_create(const bh_task_group_options *options);

/* No more tasks will join: `done` comes when all have ended, at once if they have. Any thread. Does not block. */
BH_API bh_status bh_task_group_seal(bh_task_group *group);

/* Cancels all its tasks, and those that join later. Any thread. Does not block. */
BH_API bh_status bh_task_group_cancel(bh_task_group *group);

/* As bh_task_wait, for all tasks that are in it now. */
BH_API bh_status bh_task_group_wait(bh_task_group *group, int timeout_ms);

BH_API bh_status bh_task_group_get_counts(const bh_task_group *group, bh_task_counts *counts);

/* Of the task that failed first; status BH_OK if none has. The strings are valid as long as the group's handle. */
BH_API bh_status bh_task_group_get_failure(const bh_task_group *group, bh_failure *failure);

/* Frees it. Refused while it has tasks that have not been told, or `done` has still to run; one that was never sealed goes without its
 * `done`. Inside `done` it may be destroyed. NULL is BH_OK. Any thread. */
BH_API bh_status bh_task_group_destroy(bh_task_group *group);

#define bh_task_start(...) BH_AT(bh_task_start(__VA_ARGS__))
#define bh_task_cancel(...) BH_AT(bh_task_cancel(__VA_ARGS__))
#define bh_task_wait(...) BH_AT(bh_task_wait(__VA_ARGS__))
#define bh_task_get_state(...) BH_AT(bh_task_get_state(__VA_ARGS__))
#define bh_task_get_name(...) BH_AT(bh_task_get_name(__VA_ARGS__))
#define bh_task_get_failure(...) BH_AT(bh_task_get_failure(__VA_ARGS__))
#define bh_task_get_result(...) BH_AT(bh_task_get_result(__VA_ARGS__))
#define bh_task_take_result(...) BH_AT(bh_task_take_result(__VA_ARGS__))
#define bh_task_release(...) BH_AT(bh_task_release(__VA_ARGS__))
#define bh_task_cancelled(...) BH_AT(bh_task_cancelled(__VA_ARGS__))
#define bh_task_sleep(...) BH_AT(bh_task_sleep(__VA_ARGS__))
#define bh_task_progress(...) BH_AT(bh_task_progress(__VA_ARGS__))
#define bh_task_set_result(...) BH_AT(bh_task_set_result(__VA_ARGS__))
#define bh_task_fail(...) BH_AT_FUNCTION(bh_task_fail(__VA_ARGS__))
#define bh_task_fail_because(...) BH_AT_FUNCTION(bh_task_fail_because(__VA_ARGS__))
#define bh_task_group_create(...) BH_AT(bh_task_group_create(__VA_ARGS__))
#define bh_task_group_seal(...) BH_AT(bh_task_group_seal(__VA_ARGS__))
#define bh_task_group_cancel(...) BH_AT(bh_task_group_cancel(__VA_ARGS__))
#define bh_task_group_wait(...) BH_AT(bh_task_group_wait(__VA_ARGS__))
#define bh_task_group_get_counts(...) BH_AT(bh_task_group_get_counts(__VA_ARGS__))
#define bh_task_group_get_failure(...) BH_AT(bh_task_group_get_failure(__VA_ARGS__))
#define bh_task_group_destroy(...) BH_AT(bh_task_group_destroy(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
