/* Workers: the run, the slots and what they call, on the worker's thread. */
#include "thread/tell.h"
#include "thread/worker_record.h"

#include <pthread.h>
#include <stdarg.h>

/* --- the run, on the worker's thread */

static bh_status call_run(void *from)
{
    bh__worker *self = from;
    return self->description->run(self->context, self->user);
}

/* Takes FAILURE. It tells the worker's signal "error", or the error hook where nobody listens. */
static void fail_worker(bh__worker *self, bh__failure *failure)
{
    bh_value text = BH_VALUE(bh__failure_view(failure).text);
    if (bh__door_has_listeners(self->head.object, "error"))
        bh__door_emit_surely(self->head.object, "error", 1, &text);
    else
        bh__failure_report(failure, self->description->name, "Worker");
    pthread_mutex_lock(&self->cancel.lock);
    bh__failure *before = self->failure;
    self->failure = failure;
    pthread_mutex_unlock(&self->cancel.lock);
    bh__failure_free(before);
    self->since = bh__failure_count();
}

void bh__worker_slot_failed(void *from, const bh__door_caught *caught)
{
    bh__worker *self = from;
    fail_worker(self, bh__failure_of_run(caught->status, caught, NULL, self->since));
}

/* One that was cancelled before its start does not call the class's run. */
static bh_status run_guarded(bh__worker *self, bh__failure **failure)
{
    bh__door_caught caught = {.status = BH_OK};
    bh_status status = BH_CANCELLED;
    self->since = bh__failure_count();
    self->in_run = true;
    if (!self->skips)
        status = bh__door_try(call_run, self, self->description->name, &caught);
    self->in_run = false;
    *failure = bh__failure_of_run(status, &caught, self->told, self->since);
    self->told = NULL;
    return status;
}

static void forget_failure(bh__worker *self)
{
    pthread_mutex_lock(&self->cancel.lock);
    bh__failure *before = self->failure;
    self->failure = NULL;
    pthread_mutex_unlock(&self->cancel.lock);
    bh__failure_free(before);
}

bh_status bh__worker_run(void *from)
{
    bh__worker *self = from;
    bh__failure *failure;
    forget_failure(self);
    bh__door_emit(self->head.object, "started", 0, NULL);
    bh_status status = run_guarded(self, &failure);
    if (failure)
        fail_worker(self, failure);
    atomic_store(&self->state, failure ? BH_WORKER_FAILED : status == BH_CANCELLED ? BH_WORKER_CANCELLED : BH_WORKER_FINISHED);
    bh__door_emit_surely(self->head.object, "finished", 0, NULL);
    atomic_fetch_add(&self->refs, 1);
    bh__tell(NULL, bh__worker_settle, self);
    bh__door_wake_waiters();
    return BH_OK;
}

/* --- inside the bh__worker */

bool(bh_cancelled)(bh_worker_context *context)
{
    bh__worker *self = bh__door_context_check(context, "bh_cancelled");
    return !self || bh__cancel_asked(&self->cancel);
}

bh_status(bh_worker_sleep)(bh_worker_context *context, int ms)
{
    bh__worker *self = bh__door_context_check(context, "bh_worker_sleep");
    if (!self)
        return bh__last_status();
    return bh__cancel_sleep(&self->cancel, ms);
}

bh_worker_context *(bh_worker_self)(bh_object *object)
{
    return bh__door_worker_context_of(object, "bh_worker_self");
}

/* In a run it is the run's failure, told at its end. A slot has no end that others see: it is told at once. */
static bh_status fail_with(bh_worker_context *context, bh_status status, bool because, const char *call, const char *format,
                           va_list arguments)
{
    bh_status failure = status == BH_OK || status == BH_CANCELLED ? BH_ERROR : status;
    bh__worker *self = bh__door_context_check(context, call);
    if (!self)
        return failure;
    self->told = bh__failure_told(failure, because, self->told, self->since, format, arguments);
    if (self->in_run)
        return failure;
    bh__failure *told = self->told;
    self->told = NULL;
    fail_worker(self, told);
    return failure;
}

bh_status(bh_fail)(bh_worker_context *context, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = fail_with(context, status, false, "bh_fail", format, arguments);
    va_end(arguments);
    return status;
}

bh_status(bh_fail_because)(bh_worker_context *context, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    status = fail_with(context, status, true, "bh_fail_because", format, arguments);
    va_end(arguments);
    return status;
}
