/* Groups: all done, and the first failure that cancels the others. */
#include "thread/task.h"
#include "thread/tell.h"

#include <stdio.h>
#include <string.h>

struct bh__task_group {
    bh_task_group *handle;
    bh_task_group_options options;
    char name[32];
    _Atomic int refs;

    /* Guarded by the tasks lock. */
    bh_task_counts counts;
    int running;   /* have not ended */
    int unsettled; /* have not been told */
    bool sealed, cancelled;
    bool telling; /* `done` is under way */
    bool told;
    bool abandoned; /* the application ends: it is freed once it was told */
    bh__failure *failure;
    struct bh__task_group *next, **place;
};

static bh__task_group *all; /* guarded by the tasks lock */

static bh__task_group *ref(bh__task_group *self)
{
    atomic_fetch_add(&self->refs, 1);
    return self;
}

void bh__task_group_unref(bh__task_group *self)
{
    if (atomic_fetch_sub(&self->refs, 1) != 1)
        return;
    bh__failure_free(self->failure);
    bh__free(self);
}

bh__task_group *bh__task_group_check(const bh_task_group *handle, const char *call)
{
    bh__task_group *self = bh__door_handle_pin(BH__DOOR_TASK_GROUP, handle, call, "group");
    if (!self)
        return NULL;
    ref(self);
    bh__door_handle_unpin(handle);
    return self;
}

/* --- its end */

/* The reference of the list goes. False if somebody else has done so. */
static bool remove_group(bh__task_group *self)
{
    if (!bh__door_handle_destroy(BH__DOOR_TASK_GROUP, self->handle))
        return false;
    bh__tasks_lock();
    *self->place = self->next;
    if (self->next)
        self->next->place = self->place;
    bh__tasks_unlock();
    bh__task_group_unref(self);
    return true;
}

static bh_status call_done(void *from)
{
    bh__task_group *self = from;
    self->options.done(self->options.user, self->handle);
    return BH_OK;
}

static bh_status call_drop(void *from)
{
    bh__task_group *self = from;
    self->options.drop(self->options.user);
    return BH_OK;
}

static bh_status tell(void *from)
{
    bh__task_group *self = from;
    bh__tasks_lock();
    self->told = true; /* from here on it may be destroyed */
    bh__tasks_unlock();
    if (self->options.done)
        bh__door_run(call_done, self, self->name);
    if (self->options.drop)
        bh__door_run(call_drop, self, self->name);
    bh__tasks_lock();
    bool abandoned = self->abandoned;
    bh__tasks_unlock();
    if (abandoned)
        remove_group(self);
    bh__task_group_unref(self);
    return BH_OK;
}

/* Under the lock: true for who must tell, once. */
static bool becomes_done(bh__task_group *self)
{
    if (!self->sealed || self->unsettled || self->telling)
        return false;
    self->telling = true;
    return true;
}

static void tell_if(bh__task_group *self, bool is_done)
{
    if (is_done)
        bh__tell(self->options.thread, tell, ref(self));
}

/* --- its tasks */

bool bh__task_group_join(bh__task_group *self, bool *cancelled)
{
    if (self->sealed)
        return false;
    *cancelled = self->cancelled;
    self->counts.tasks++;
    self->running++;
    self->unsettled++;
    return true;
}

const char *bh__task_group_name(const bh__task_group *self)
{
    return self->name;
}

void bh__task_group_leave(bh__task_group *self)
{
    self->counts.tasks--;
    self->running--;
    self->unsettled--;
}

bool bh__task_group_ended(bh__task_group *self, int state, const bh__failure *failure)
{
    self->running--;
    self->counts.finished += state == (int)BH_TASK_FINISHED;
    self->counts.cancelled += state == (int)BH_TASK_CANCELLED;
    self->counts.failed += state == (int)BH_TASK_FAILED;
    if (state != (int)BH_TASK_FAILED || self->failure)
        return false;
    self->failure = bh__failure_copy(failure);
    bool cancels = self->options.cancel_on_failure && !self->cancelled;
    self->cancelled = self->cancelled || cancels;
    return cancels;
}

void bh__task_group_told(bh__task_group *self)
{
    bh__tasks_lock();
    self->unsettled--;
    bool is_done = becomes_done(self);
    bh__tasks_unlock();
    tell_if(self, is_done);
    bh__task_group_unref(self);
}

bool bh__task_group_has_ended(void *from)
{
    bh__task_group *self = from;
    bh__tasks_lock();
    bool ended = self->running == 0;
    bh__tasks_unlock();
    return ended;
}

/* --- the owner's calls */

static bool valid_options(const bh_task_group_options *options, const char *call)
{
    if (!options)
        return true;
    if (options->size < sizeof *options || options->size > 4096) {
        bh__fail(BH_ERROR_STATE, call, "options.size is %zu: begin the options with BH_TASK_GROUP_INIT", options->size);
        return false;
    }
    return !options->thread || bh__door_is_thread(options->thread, call);
}

static void enlist(bh__task_group *self)
{
    bh__tasks_lock();
    self->next = all;
    self->place = &all;
    if (all)
        all->place = &self->next;
    all = self;
    bh__tasks_unlock();
}

bh_task_group *(bh_task_group_create)(const bh_task_group_options *options)
{
    static const char call[] = "bh_task_group_create";
    if (bh__door_refuse_no_app(call) || !valid_options(options, call))
        return NULL;
    bh__task_group *made = bh__calloc(1, sizeof *made);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more group");
        return NULL;
    }
    if (options)
        made->options = *options;
    bh__copy_text(made->name, sizeof made->name, made->options.name ? made->options.name : "group");
    bh__clean_text(made->name);
    atomic_init(&made->refs, 1);
    made->handle = bh__door_handle_create(BH__DOOR_TASK_GROUP, made, call);
    if (!made->handle) {
        bh__task_group_unref(made);
        return NULL;
    }
    bh_task_group *handle = made->handle;
    enlist(made);
    return handle;
}

static void seal(bh__task_group *self)
{
    bh__tasks_lock();
    self->sealed = true;
    bool is_done = becomes_done(self);
    bh__tasks_unlock();
    tell_if(self, is_done);
}

bh_status(bh_task_group_seal)(bh_task_group *handle)
{
    bh__task_group *self = bh__task_group_check(handle, "bh_task_group_seal");
    if (!self)
        return bh__last_status();
    seal(self);
    bh__task_group_unref(self);
    return BH_OK;
}

bh_status(bh_task_group_cancel)(bh_task_group *handle)
{
    bh__task_group *self = bh__task_group_check(handle, "bh_task_group_cancel");
    if (!self)
        return bh__last_status();
    bh__tasks_lock();
    self->cancelled = true;
    bh__tasks_unlock();
    bh__tasks_cancel_all(NULL, self);
    bh__task_group_unref(self);
    return BH_OK;
}

bh_status(bh_task_group_get_counts)(const bh_task_group *handle, bh_task_counts *counts)
{
    if (!counts)
        return bh__fail(BH_ERROR_NULL, "bh_task_group_get_counts", "counts is NULL: pass the address of a bh_task_counts");
    *counts = (bh_task_counts){0, 0, 0, 0};
    bh__task_group *self = bh__task_group_check(handle, "bh_task_group_get_counts");
    if (!self)
        return bh__last_status();
    bh__tasks_lock();
    *counts = self->counts;
    bh__tasks_unlock();
    bh__task_group_unref(self);
    return BH_OK;
}

bh_status(bh_task_group_get_failure)(const bh_task_group *handle, bh_thread_failure *failure)
{
    if (!failure)
        return bh__fail(BH_ERROR_NULL, "bh_task_group_get_failure", "failure is NULL: pass the address of a bh_thread_failure");
    *failure = bh__failure_view(NULL);
    bh__task_group *self = bh__task_group_check(handle, "bh_task_group_get_failure");
    if (!self)
        return bh__last_status();
    bh__tasks_lock();
    *failure = bh__failure_view(self->failure);
    bh__tasks_unlock();
    bh__task_group_unref(self);
    return BH_OK;
}

/* One without tasks that was never sealed has nothing to tell any more, and drops what it was given here. */
bh_status(bh_task_group_destroy)(bh_task_group *handle)
{
    static const char call[] = "bh_task_group_destroy";
    if (!handle)
        return BH_OK;
    bh__task_group *self = bh__task_group_check(handle, call);
    if (!self)
        return bh__last_status();
    bh__tasks_lock();
    bool idle = !self->unsettled && !self->telling;
    bool allowed = idle || self->told;
    self->sealed = self->sealed || idle;
    self->telling = self->telling || idle;
    bh__tasks_unlock();
    if (!allowed)
        bh__fail(BH_ERROR_STATE, call,
                 "group '%s' is not done: bh_task_group_cancel and bh_task_group_seal, then its `done` comes", self->name);
    else if (remove_group(self) && idle && self->options.drop)
        bh__door_run(call_drop, self, self->name);
    bh__task_group_unref(self);
    return allowed ? BH_OK : BH_ERROR_STATE;
}

/* --- the application's end */

static bh__task_group *first_not_abandoned(void)
{
    bh__tasks_lock();
    bh__task_group *self = all;
    while (self && self->abandoned)
        self = self->next;
    if (self) {
        self->abandoned = true;
        ref(self);
    }
    bh__tasks_unlock();
    return self;
}

void bh__task_groups_end(void)
{
    for (bh__task_group *self; (self = first_not_abandoned());) {
        seal(self);
        bh__tasks_lock();
        bool told = self->told;
        bh__tasks_unlock();
        if (told)
            remove_group(self);
        bh__task_group_unref(self);
    }
}
