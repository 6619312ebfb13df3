/* Tasks: what the owner calls, and what the function calls. */
#include "thread/task.h"
#include "thread/tell.h"

#include <stdio.h>
#include <string.h>

bh__task *bh__task_check(const bh_task *handle, const char *call)
{
    bh__task *self = bh__door_handle_pin(BH__DOOR_TASK, handle, call, "task");
    if (!self)
        return NULL;
    bh__task_ref(self);
    bh__door_handle_unpin(handle);
    return self;
}

/* --- the owner's */

bh_status(bh_task_cancel)(bh_task *handle)
{
    bh__task *self = bh__task_check(handle, "bh_task_cancel");
    if (!self)
        return bh__last_status();
    bh__task_cancel(self, NULL);
    bh__task_unref(self);
    return BH_OK;
}

static bh_task_state public_state(const bh__task *self)
{
    int state = atomic_load(&self->state);
    if (state == BH__TASK_STARTING)
        return BH_TASK_QUEUED;
    return state == BH__TASK_ENDING ? BH_TASK_RUNNING : (bh_task_state)state;
}

bh_task_state(bh_task_get_state)(const bh_task *handle)
{
    bh__task *self = bh__task_check(handle, "bh_task_get_state");
    if (!self)
        return BH_TASK_CANCELLED;
    bh_task_state state = public_state(self);
    bh__task_unref(self);
    return state;
}

const char *(bh_task_get_name)(const bh_task *handle)
{
    bh__task *self = bh__door_handle_pin(BH__DOOR_TASK, handle, "bh_task_get_name", "task");
    if (self)
        bh__door_handle_unpin(handle);
    return self ? self->name : "";
}

static bh_status refuse_unended(const bh__task *self, const char *call)
{
    return bh__fail(BH_ERROR_STATE, call, "task '%s' has not ended: ask in its `done`, or after bh_task_wait", self->name);
}

bh_status(bh_task_get_failure)(const bh_task *handle, bh_failure *failure)
{
    static const char call[] = "bh_task_get_failure";
    if (!failure)
        return bh__fail(BH_ERROR_NULL, call, "failure is NULL: pass the address of a bh_failure");
    *failure = bh__failure_view(NULL);
    bh__task *self = bh__task_check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = bh__task_has_ended(self) ? BH_OK : refuse_unended(self, call);
    if (!status && self->failure)
        *failure = bh__failure_view(self->failure);
    else if (!status && atomic_load(&self->state) == (int)BH_TASK_CANCELLED)
        *failure = (bh_failure){BH_CANCELLED, bh_status_text(BH_CANCELLED), "", ""};
    bh__task_unref(self);
    return status;
}

static bh_status read_result(const bh_task *handle, void **result, bool take, const char *call)
{
    if (!result)
        return bh__fail(BH_ERROR_NULL, call, "result is NULL: pass the address of a pointer");
    *result = NULL;
    bh__task *self = bh__task_check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = bh__task_has_ended(self) ? BH_OK : refuse_unended(self, call);
    if (!status) {
        pthread_mutex_lock(&self->cancel.lock);
        *result = self->result;
        self->result = take ? NULL : self->result;
        self->destroy_result = take ? NULL : self->destroy_result;
        pthread_mutex_unlock(&self->cancel.lock);
    }
    bh__task_unref(self);
    return status;
}

bh_status(bh_task_get_result)(const bh_task *handle, void **result)
{
    return read_result(handle, result, false, "bh_task_get_result");
}

bh_status(bh_task_take_result)(bh_task *handle, void **result)
{
    return read_result(handle, result, true, "bh_task_take_result");
}

/* Its last signal frees one that has not settled; one that has is freed here. */
bh_status(bh_task_release)(bh_task *handle)
{
    if (!handle)
        return BH_OK;
    bh__task *self = bh__task_check(handle, "bh_task_release");
    if (!self)
        return bh__last_status();
    bh__tasks_lock();
    bool kept = self->kept;
    bool last = kept && atomic_load(&self->settled);
    self->kept = false;
    if (last)
        bh__task_delist(self);
    bh__tasks_unlock();
    if (last) {
        bh__door_handle_destroy(BH__DOOR_TASK, handle);
        bh__task_destroy_result(self);
        bh__task_unref(self);
    }
    bh_status status = kept ? BH_OK
                            : bh__fail(BH_ERROR_STATE, "bh_task_release",
                                       "task '%s' is not kept: only .keep in its options gives "
                                       "you a handle to release",
                                       self->name);
    bh__task_unref(self);
    return status;
}

/* --- the function's, on the thread that runs it: its context lives as long as the call, so no reference is needed */

static bh__task *check_context(bh_task_context *context, const char *call)
{
    bh__task *self = bh__door_handle_pin(BH__DOOR_TASK_CONTEXT, context, call, "self");
    if (!self)
        return NULL;
    bh__task_ref(self);
    bh__door_handle_unpin(context);
    return self;
}

bool(bh_task_cancelled)(bh_task_context *context)
{
    bh__task *self = bh__door_handle_pin(BH__DOOR_TASK_CONTEXT, context, "bh_task_cancelled", "self");
    bool asked = !self || bh__cancel_asked(&self->cancel);
    if (self)
        bh__door_handle_unpin(context);
    return asked;
}

bh_status(bh_task_sleep)(bh_task_context *context, int ms)
{
    bh__task *self = check_context(context, "bh_task_sleep");
    if (!self)
        return bh__last_status();
    bh_status status = bh__cancel_sleep(&self->cancel, ms);
    bh__task_unref(self);
    return status;
}

typedef struct progress_call {
    bh__task *task;
    int value;
    char text[128];
} progress_call;

static bh_status call_progress(void *from)
{
    progress_call *call = from;
    call->task->options.progress(call->task->user, call->task->handle, call->value, call->text);
    return BH_OK;
}

/* Where `progress` runs. A task that was abandoned may have been told its end before. */
static bh_status tell_progress(void *from)
{
    progress_call call = {.task = from};
    bh__task *self = from;
    pthread_mutex_lock(&self->cancel.lock);
    self->progress_posted = false;
    call.value = self->progress_value;
    memcpy(call.text, self->progress_text, sizeof call.text);
    pthread_mutex_unlock(&self->cancel.lock);
    if (!atomic_load(&self->settled))
        bh__door_run(call_progress, &call, self->name);
    bh__task_unref(self);
    return BH_OK;
}

bh_status(bh_task_progress)(bh_task_context *context, int value, const char *text)
{
    bh__task *self = check_context(context, "bh_task_progress");
    if (!self)
        return bh__last_status();
    bool first = false;
    if (self->options.progress) {
        pthread_mutex_lock(&self->cancel.lock);
        first = !self->progress_posted;
        self->progress_posted = true;
        self->progress_value = value;
        bh__copy_text(self->progress_text, sizeof self->progress_text, text);
        pthread_mutex_unlock(&self->cancel.lock);
    }
    if (first) {
        bh__task_ref(self);
        bh__tell(self->options.thread, tell_progress, self);
    }
    bh__task_unref(self);
    return BH_OK;
}

bh_status(bh_task_set_result)(bh_task_context *context, void *result, void (*destroy)(void *result))
{
    bh__task *self = check_context(context, "bh_task_set_result");
    if (!self)
        return bh__last_status();
    pthread_mutex_lock(&self->cancel.lock);
    bool runs = atomic_load(&self->state) == (int)BH_TASK_RUNNING;
    void (*destroy_before)(void *) = runs ? self->destroy_result : NULL;
    void *before = self->result;
    if (runs) {
        self->result = result;
        self->destroy_result = result ? destroy : NULL;
    }
    pthread_mutex_unlock(&self->cancel.lock);
    if (destroy_before)
        destroy_before(before);
    bh_status status = runs
                           ? BH_OK
                           : bh__fail(BH_ERROR_STATE, "bh_task_set_result",
                                      "task '%s' was given up at the application's end: nobody waits for its result", self->name);
    bh__task_unref(self);
    return status;
}

static bh_status fail_with(bh_task_context *context, bh_status status, bool because, const char *call, const char *format,
                           va_list arguments)
{
    bh_status failure = status == BH_OK || status == BH_CANCELLED ? BH_ERROR : status;
    bh__task *self = check_context(context, call);
    if (!self)
        return failure;
    pthread_mutex_lock(&self->cancel.lock);
    bh__failure *before = self->told_failure;
    self->told_failure = NULL;
    pthread_mutex_unlock(&self->cancel.lock);
    bh__failure *told = bh__failure_told(failure, because, before, self->since, format, arguments);
    pthread_mutex_lock(&self->cancel.lock);
    self->told_failure = told;
    pthread_mutex_unlock(&self->cancel.lock);
    bh__task_unref(self);
    return failure;
}

bh_status(bh_task_fail)(bh_task_context *context, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = fail_with(context, status, false, "bh_task_fail", format, arguments);
    va_end(arguments);
    return status;
}

bh_status(bh_task_fail_because)(bh_task_context *context, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = fail_with(context, status, true, "bh_task_fail_because", format, arguments);
    va_end(arguments);
    return status;
}
