/* The stages of a start-up: whether they are described as they should be, and the run of one, on whichever thread. */
#include "core/door.h"
#include "lifecycle/startup_record.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local startup *inside; /* the one whose stage the calling thread runs */

/* They may have been compiled with a larger struct than this library's: the first one tells the size of all. */
const bh_startup_stage *bh__startup_stage_at(const startup *self, int index)
{
    const char *first = (const char *)self->options.stages;
    return (const bh_startup_stage *)(const void *)(first + (size_t)index * self->options.stages->size);
}

/* --- progress */

static int weight_of(const bh_startup_stage *stage)
{
    return stage->weight > 0 ? stage->weight : 1;
}

int bh__startup_percent(const startup *self)
{
    int64_t done = 0, all = 0;
    for (int i = 0; i < self->options.stage_count; i++) {
        all += self->marks[i] == LEFT_OUT ? 0 : weight_of(bh__startup_stage_at(self, i));
        done += self->marks[i] == DONE ? weight_of(bh__startup_stage_at(self, i)) : 0;
    }
    return all ? (int)(100 * done / all) : 100;
}

bool bh__startup_needs_pool(const startup *self)
{
    int i = 0;
    while (i < self->options.stage_count && !bh__startup_stage_at(self, i)->background)
        i++;
    return i < self->options.stage_count;
}

/* --- its functions */

struct user_call {
    void (*fn)(void *user);
    void *user;
};

static bh_status call_user(void *from)
{
    const struct user_call *call = from;
    call->fn(call->user);
    return BH_OK;
}

void bh__startup_call(startup *self, void (*fn)(void *user), const char *what)
{
    struct user_call call = {fn, self->options.user};
    self->busy++;
    if (fn)
        bh__door_run(call_user, &call, what);
    self->busy--;
}

static bh_status call_run(void *from)
{
    startup *self = from;
    return bh__startup_stage_at(self, self->next)->run(self->handle, self->options.user);
}

/* On the thread of the stage. */
void bh__startup_run_stage(startup *self)
{
    startup *outer = inside;
    unsigned before = bh__failure_count();
    self->failed = false;
    self->sentence[0] = 0;
    inside = self;
    bh_status status = bh__door_run(call_run, self, bh__startup_stage_at(self, self->next)->name);
    inside = outer;
    if (self->failed)
        return;
    self->status = status;
    if (status)
        bh__copy_text(self->sentence, sizeof self->sentence,
                      bh__failure_count() != before ? bh_last_error() : bh_status_text(status));
}

bool(bh_startup_cancelled)(bh_startup *handle)
{
    if (inside && inside->handle == handle)
        return atomic_load(&inside->cancelled);
    startup *self = bh__door_handle_pin(BH__DOOR_STARTUP, handle, "bh_startup_cancelled", "self");
    bool cancelled = !self || atomic_load(&self->cancelled);
    if (self)
        bh__door_handle_unpin(handle);
    return cancelled;
}

/* --- inside a stage */

bh_status(bh_startup_fail)(bh_startup *handle, bh_status status, const char *format, ...)
{
    bh_status failure = status == BH_OK || status == BH_CANCELLED ? BH_ERROR : status;
    if (!inside || inside->handle != handle) {
        if (bh__door_handle_check(BH__DOOR_STARTUP, handle, "bh_startup_fail", "self"))
            bh__fail(BH_ERROR_STATE, "bh_startup_fail", "no stage of it runs on this thread: call it inside run");
        return failure;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(inside->sentence, sizeof inside->sentence, format ? format : "", arguments);
    va_end(arguments);
    bh__clean_text(inside->sentence);
    inside->failed = true;
    inside->status = failure;
    return failure;
}

/* --- the description */

static bool refuse(const char *call, const char *why)
{
    bh__fail(BH_ERROR_RANGE, call, "%s", why);
    return false;
}

static bool check_stages(const bh_startup_options *options, const char *call)
{
    const char *at = (const char *)options->stages;
    for (int i = 0; i < options->stage_count; i++, at += options->stages->size) {
        const bh_startup_stage *stage = (const bh_startup_stage *)(const void *)at;
        if (stage->size != options->stages->size || stage->size < sizeof *stage)
            return refuse(call, "a stage has no size: begin each with BH_STARTUP_STAGE_INIT");
        if (stage->name && stage->run)
            continue;
        bh__fail(BH_ERROR_NULL, call, "stage %d has no %s: set .%s", i, stage->name ? "function" : "name",
                 stage->name ? "run" : "name");
        return false;
    }
    return true;
}

bool bh__startup_check(const bh_startup_options *options, const char *call)
{
    if (!options || !options->stages) {
        bh__fail(BH_ERROR_NULL, call, "%s is NULL", options ? "stages" : "options");
        return false;
    }
    if (options->size < sizeof *options)
        return refuse(call, "the options have no size: begin with BH_STARTUP_INIT");
    if (options->stage_count < 1)
        return refuse(call, "stage_count is less than 1: give the number of the stages");
    if (options->quit_timeout_ms < 0)
        return refuse(call, "quit_timeout_ms is negative: the end of the program never waits without limit");
    return check_stages(options, call);
}
