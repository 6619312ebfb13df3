/* Tasks: running, ending, telling. See task.h. */
#include "thread/task.h"

#include "thread/tell.h"

#include <stdio.h>
#include <string.h>

/* The lock is the one thing that all tasks share: list, links and groups change under it. */
static pthread_mutex_t tasks_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void bh__tasks_lock(void)
{
    pthread_mutex_lock(&tasks_lock);
}

void bh__tasks_unlock(void)
{
    pthread_mutex_unlock(&tasks_lock);
}

/* --- the record */

void bh__task_ref(bh__task *self)
{
    atomic_fetch_add(&self->refs, 1);
}

void bh__task_unref(bh__task *self)
{
    if (atomic_fetch_sub(&self->refs, 1) != 1)
        return;
    bh__cancel_deinit(&self->cancel);
    bh__failure_free(self->failure);
    bh__failure_free(self->told_failure);
    bh__free(self);
}

typedef struct void_call {
    void (*fn)(void *user);
    void *user;
} void_call;

static bh_status call_void(void *from)
{
    void_call *call = from;
    call->fn(call->user);
    return BH_OK;
}

static void release_user(bh__task *self)
{
    void_call call = {self->options.drop, self->user};
    if (atomic_fetch_sub(&self->users, 1) == 1 && call.fn)
        bh__door_run(call_void, &call, "drop of a task");
}

void bh__task_destroy_result(bh__task *self)
{
    pthread_mutex_lock(&self->cancel.lock);
    void_call call = {self->destroy_result, self->result};
    self->result = NULL;
    self->destroy_result = NULL;
    pthread_mutex_unlock(&self->cancel.lock);
    if (call.fn)
        bh__door_run(call_void, &call, "destroy of a task's result");
}

/* --- telling */

static bh_status call_done(void *from)
{
    bh__task *self = from;
    self->options.done(self->user, self->handle);
    return BH_OK;
}

/* The last that happens to a task, on the thread of its choice. The reference of the list is given back here. */
static bh_status tell(void *from)
{
    bh__task *self = from;
    bh__task_ref(self); /* once it is settled it may be released */
    if (self->options.done)
        bh__door_run(call_done, self, self->name);
    bh__tasks_lock();
    bool kept = self->kept;
    bh__task_group *group = self->group;
    atomic_store(&self->settled, true);
    bh__task_delist(self);
    if (kept)
        bh__task_keep(self);
    bh__tasks_unlock();
    if (!kept) {
        bh__door_handle_destroy(BH__DOOR_TASK, self->handle);
        bh__task_destroy_result(self);
    }
    release_user(self);
    if (group)
        bh__task_group_told(group);
    bh__door_wake_waiters();
    if (!kept)
        bh__task_unref(self);
    bh__task_unref(self);
    return BH_OK;
}

/* Where nobody listens there is nothing to wait for. */
static void post_tell(bh__task *self)
{
    if (self->options.done || self->options.progress)
        bh__tell(self->options.thread, tell, self);
    else
        tell(self);
}

/* --- ending */

typedef struct ending {
    bh__task *first;
} ending;

static bool claim(bh__task *self, int from)
{
    return atomic_compare_exchange_strong(&self->state, &from, BH__TASK_ENDING);
}

/* A claimed one, for the worklist. */
static void add_ending(ending *list, bh__task *self, bh_task_state state, bh__failure *failure)
{
    bh__tasks_lock();
    self->failure = failure;
    self->last_state = (int)state;
    bh__tasks_unlock();
    self->next_ending = list->first;
    list->first = self;
}

static void cancel_into(ending *list, bh__task *self, bh__failure *reason)
{
    bh__cancel_ask(&self->cancel);
    if (claim(self, BH_TASK_WAITING) || claim(self, BH_TASK_QUEUED)) {
        release_user(self); /* for the function, which will not be called */
        add_ending(list, self, BH_TASK_CANCELLED, reason);
    } else {
        bh__failure_free(reason);
    }
}

static void submit_later(ending *list, bh__task *self);

/* One that it came after has ended: it starts if that was the last, or is cancelled with it. */
static void resolve(ending *list, bh__task_link *link, const bh__task *dependency)
{
    bh__task *dependent = link->dependent;
    bh__tasks_lock();
    link->dependency = NULL;
    bool last = --dependent->unmet == 0;
    bh__tasks_unlock();
    int state = atomic_load(&dependency->state);
    if (state != BH_TASK_FINISHED)
        cancel_into(list, dependent,
                    bh__failure_make(BH_CANCELLED, "task '%s' comes after '%s', which %s%s%s", dependent->name, dependency->name,
                                     state == BH_TASK_FAILED ? "failed" : "was cancelled", dependency->failure ? ": " : "",
                                     bh__failure_view(dependency->failure).text));
    else if (last)
        submit_later(list, dependent);
    bh__task_unref(dependent);
}

typedef struct group_end {
    ending *list;
    const bh__task *cause;
} group_end;

static void cancel_member(bh__task *task, void *user)
{
    group_end *end = user;
    if (task != end->cause)
        cancel_into(end->list, task,
                    bh__failure_make(BH_CANCELLED, "'%s', of the same group, failed: %s", end->cause->name,
                                     bh__failure_view(end->cause->failure).text));
}

static void end_one(ending *list, bh__task *self)
{
    bh__tasks_lock();
    int state = self->last_state;
    void *held = self->held;
    bh__task_link *links = self->dependents;
    self->held = NULL;
    self->dependents = NULL;
    self->runner = NULL;
    self->since_ms = bh__clock_ms();
    bool cancels = self->group && bh__task_group_ended(self->group, state, self->failure);
    atomic_store(&self->state, state);
    bh__tasks_unlock();
    group_end end = {list, self};
    if (cancels)
        bh__tasks_visit(NULL, self->group, cancel_member, &end);
    for (bh__task_link *next; links; links = next) {
        next = links->next;
        resolve(list, links, self);
        bh__task_unref(self); /* the link's */
    }
    if (held)
        bh__door_pool_release(held);
    bh__door_wake_waiters();
    post_tell(self);
}

static void report_unheard(const bh__task *self)
{
    char who[48];
    snprintf(who, sizeof who, "task '%s'", self->name);
    if (!self->options.done && self->last_state == (int)BH_TASK_FAILED)
        bh__failure_report(self->failure, who, "Task");
}

/* A worklist, because a chain of dependents may be longer than a stack is deep. */
static void end_all(ending *list)
{
    for (bh__task *self; (self = list->first);) {
        list->first = self->next_ending;
        report_unheard(self);
        end_one(list, self);
    }
}

static void end_with(bh__task *self, bh_task_state state, bh__failure *failure)
{
    ending list = {NULL};
    add_ending(&list, self, state, failure);
    end_all(&list);
}

void bh__task_cancel(bh__task *self, bh__failure *reason)
{
    ending list = {NULL};
    cancel_into(&list, self, reason);
    end_all(&list);
}

void bh__task_abandon(bh__task *self, bh__failure *reason)
{
    if (claim(self, BH_TASK_RUNNING))
        end_with(self, BH_TASK_FAILED, reason);
    else
        bh__failure_free(reason);
}

/* --- running, on a thread of the pool */

static bh_status call_fn(void *from)
{
    bh__task *self = from;
    return self->fn(self->context, self->user);
}

static void set_runner(bh__task *self, bh__thread *thread)
{
    bh__tasks_lock();
    self->runner = thread;
    self->since_ms = bh__clock_ms();
    bh__tasks_unlock();
}

static void begin(bh__task *self)
{
    bh__door_caught caught = {.status = BH_OK};
    bh_status status = BH_CANCELLED;
    bh__failure *told = NULL;
    bool cancelled = bh__cancel_asked(&self->cancel);
    set_runner(self, bh__door_self());
    self->since = bh__failure_count();
    if (!cancelled)
        self->context = bh__door_handle_create(BH__DOOR_TASK_CONTEXT, self, "bh_task_start");
    if (self->context) {
        status = bh__door_try(call_fn, self, self->name, &caught);
        bh__door_handle_destroy(BH__DOOR_TASK_CONTEXT, self->context);
        pthread_mutex_lock(&self->cancel.lock);
        told = self->told_failure;
        self->told_failure = NULL;
        pthread_mutex_unlock(&self->cancel.lock);
    } else if (!cancelled) {
        status = BH_ERROR_MEMORY;
    }
    bh__failure *failure = bh__failure_of_run(status, &caught, told, self->since);
    bool ours = claim(self, BH_TASK_RUNNING);
    release_user(self);
    if (ours)
        end_with(self, failure ? BH_TASK_FAILED : status == BH_CANCELLED ? BH_TASK_CANCELLED : BH_TASK_FINISHED, failure);
    else
        bh__failure_free(failure);
}

static bh_status run(void *from)
{
    bh__task *self = from;
    int state = BH__TASK_STARTING;
    while (state == BH__TASK_STARTING || state == (int)BH_TASK_QUEUED)
        if (atomic_compare_exchange_weak(&self->state, &state, BH_TASK_RUNNING)) {
            begin(self);
            break;
        }
    return BH_OK;
}

/* Its place in the pool is gone: after its run, after it was ended otherwise, or because the pool was cleared. */
static void leave_pool(void *from)
{
    bh__task *self = from;
    if (claim(self, BH_TASK_QUEUED) || claim(self, BH__TASK_STARTING)) {
        release_user(self);
        end_with(self, BH_TASK_CANCELLED, bh__failure_make(BH_CANCELLED, "its pool was cleared"));
    }
    bh__task_unref(self);
}

/* --- starting */

bh_status bh__task_submit(bh__task *self)
{
    bh__task_ref(self);
    bh_status status = (bh_thread_pool_start)(self->pool, run, self, leave_pool, self->options.priority, NULL);
    int starting = BH__TASK_STARTING;
    if (status)
        bh__task_unref(self);
    else
        atomic_compare_exchange_strong(&self->state, &starting, BH_TASK_QUEUED);
    return status;
}

/* All that it came after have finished. */
static void submit_later(ending *list, bh__task *self)
{
    int waiting = BH_TASK_WAITING;
    if (!atomic_compare_exchange_strong(&self->state, &waiting, BH__TASK_STARTING))
        return;
    bh__tasks_lock();
    void *held = self->held;
    self->held = NULL;
    self->since_ms = bh__clock_ms();
    bh__tasks_unlock();
    bh_status status = bh__task_submit(self);
    if (status && claim(self, BH__TASK_STARTING)) {
        release_user(self);
        add_ending(list, self, BH_TASK_FAILED, bh__failure_make(status, "could not start: %s", bh_last_error()));
    }
    if (held)
        bh__door_pool_release(held);
}
