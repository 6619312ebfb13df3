/* Inside the tasks: the record behind a bh_task, and what the files of the tasks call of each other.
 *
 *     task_start.c   starting
 *     task.c         running, ending, telling
 *     task_calls.c   what the owner calls, and what the function calls
 *     task_wait.c    waiting, and who it is that a waiter waits for
 *     task_group.c   groups
 *     task_list.c    the list of all; the end of the application
 *
 * A task ends once: whoever brings its state from one that has not ended to ENDING has that right, and gives it its last state. Then it
 * is told, on the thread of its choice, and with that it has settled. Who has asked for it runs through both ends: `user` is dropped when
 * the function will not be called any more and the task was told.
 *
 * Lock order: the wait lock of the bridge, then the tasks lock, then a task's own (its bh__cancel). No code of the program runs under
 * them. The tasks lock is recursive, because a walk through the waits comes back to it. */
#ifndef THREAD_TASK_H
#define THREAD_TASK_H

#include "guard/failure.h"
#include "thread/cancel.h"

#include <bulkhead/task.h>

/* States beside the public ones. */
enum {
    BH__TASK_STARTING = -1, /* on its way into the pool, whose thread may have it already */
    BH__TASK_ENDING = -2
};

typedef struct bh__task bh__task;
typedef struct bh__task_group bh__task_group;

/* DEPENDENT comes after DEPENDENCY; both are referenced while the link is in the dependency's list. */
typedef struct bh__task_link {
    bh__task *dependent, *dependency; /* dependency NULL: resolved */
    struct bh__task_link *next;       /* of the same dependency */
} bh__task_link;

struct bh__task {
    bh_task *handle;
    bh_task_context *context; /* while it runs */
    bh_task_function fn;
    void *user;
    bh_task_options options; /* without after and name */
    bh_thread_pool *pool;
    char name[32];
    _Atomic int refs;
    _Atomic int users; /* who may still need `user`: the function, and those who are told */
    _Atomic int state;
    _Atomic bool settled;
    bh__cancel cancel;

    /* Guarded by the lock of `cancel`. */
    void *result;
    void (*destroy_result)(void *result);
    bh__failure *told_failure; /* of bh_task_fail */
    unsigned since;            /* failures of its thread when it began */
    int progress_value;
    char progress_text[128];
    bool progress_posted;

    /* Guarded by the tasks lock. */
    bh__failure *failure; /* written before the last state, not changed after it */
    bh__thread *runner;   /* while it runs */
    int64_t since_ms;
    uint64_t number; /* they are listed in this order */
    void *held;      /* its pool, while it waits for others */
    bh__task_group *group;
    bool kept;      /* the program has its handle until it releases it */
    int unmet;      /* of what it comes after */
    int last_state; /* while it ends */
    bh__task_link *dependents;
    bh__task *next, **place; /* in the list of those that have not settled, or of those that are kept */
    bh__task *next_ending;
    size_t link_count;
    bh__task_link links[]; /* to what it comes after */
};

void bh__tasks_lock(void);
void bh__tasks_unlock(void);

/* --- task.c */

void bh__task_ref(bh__task *self);
void bh__task_unref(bh__task *self);
static inline bool bh__task_has_ended(const bh__task *self)
{
    return atomic_load(&self->state) >= (int)BH_TASK_FINISHED;
}

/* Hands it to its pool, STARTING; a thread of the pool may have it before this returns. */
bh_status bh__task_submit(bh__task *self);

/* Asks it to stop, and ends it, with REASON (taken; may be NULL), if it has not begun. */
void bh__task_cancel(bh__task *self, bh__failure *reason);

/* Ends it as failed though its function still runs, for the end of the application. */
void bh__task_abandon(bh__task *self, bh__failure *reason);

void bh__task_destroy_result(bh__task *self);

/* --- task_calls.c: the record with a reference, NULL after having reported */
bh__task *bh__task_check(const bh_task *handle, const char *call);

/* --- task_group.c */

/* Under the tasks lock: false if it is sealed. With true the task counts in it; CANCELLED tells whether the group was. */
bool bh__task_group_join(bh__task_group *group, bool *cancelled);
const char *bh__task_group_name(const bh__task_group *group);
void bh__task_group_leave(bh__task_group *group); /* of one that did not start after all */

/* Under the tasks lock: SELF has ended in STATE. True if the group wants the others cancelled. */
bool bh__task_group_ended(bh__task_group *group, int state, const bh__failure *failure);
void bh__task_group_told(bh__task_group *group); /* one of it has settled */
bool bh__task_group_has_ended(void *group);      /* none of its tasks has still to end */
bh__task_group *bh__task_group_check(const bh_task_group *handle, const char *call);
void bh__task_group_unref(bh__task_group *group);
void bh__task_groups_end(void); /* the application ends: seals all, and frees them as they settle */

/* --- task_list.c */

/* Under the tasks lock. */
void bh__task_enlist(bh__task *self);
void bh__task_delist(bh__task *self);
bh__task *bh__tasks_first(void);
void bh__task_keep(bh__task *self); /* a settled one that was delisted: to those that are kept */

/* Those that have not begun first: none of them shall begin in the place of one that ends. */
void bh__tasks_cancel_all(const bh_thread_pool *pool, const bh__task_group *group);

/* Cancels those that wait for others, as the pool's own clear does those that are queued. */
void bh__tasks_cancel_waiting(const bh_thread_pool *pool);

/* Calls VISIT for each that has not settled, of POOL or GROUP if they are not NULL, without the lock. */
void bh__tasks_visit(const bh_thread_pool *pool, const bh__task_group *group, void (*visit)(bh__task *task, void *user),
                     void *user);

/* The application ends: for all that have not settled by then. */
void bh__tasks_end(int64_t deadline);

#endif
