/* The staged start. All of it happens on the GUI thread, from timers, but the run of a stage in the background, which tells its end by
 * a completion. What waits in timers, dialogs and the splash screen holds the handle, not the record: it finds nothing once the start
 * has ended. */
#include "lifecycle/startup.h"

#include "core/door.h"
#include "lifecycle/startup_show.h"

#include <bulkhead/app.h>
#include <bulkhead/connect.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <bulkhead/property.h>
#include <bulkhead/thread_pool.h>
#include <bulkhead/timer.h>
#include <bulkhead/window.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { QUIT_TIMEOUT_MS = 1000, LAST_STEPS_MS = 1000, EXIT_CODE = 1 };

typedef enum mark { OPEN, DONE, LEFT_OUT } mark;

typedef struct startup {
    bh_startup *handle;
    bh_startup_options options;
    mark *marks; /* one for each stage */
    bh_thread_pool *pool;
    bh_object *window, *box;
    bh_connection *last_closed;
    bool quits_on_close; /* what quitOnLastWindowClosed was */
    bool window_closed;  /* the last one that was seen, since `window` was set */
    int next, attempt;
    bool running;          /* a stage does */
    _Atomic bool returned; /* the stage in the background has */
    _Atomic bool cancelled;
    _Atomic int refs;

    /* Of the running stage; written by its thread. */
    bh_status status;
    bool failed; /* by bh_startup_fail */
    char sentence[1024];
} startup;

static startup *current;              /* GUI thread */
static _Thread_local startup *inside; /* the one whose stage the calling thread runs */

static void unref(void *from)
{
    startup *self = from;
    if (atomic_fetch_sub(&self->refs, 1) != 1)
        return;
    bh__free(self->marks);
    bh__free(self);
}

static startup *find(const void *handle)
{
    return current && current->handle == handle ? current : NULL;
}

/* Stages may have been compiled with a smaller struct than this library's: the first one tells the size of all. */
static const bh_startup_stage *stage_at(const startup *self, int index)
{
    const char *first = (const char *)self->options.stages;
    return (const bh_startup_stage *)(const void *)(first + (size_t)index * self->options.stages->size);
}

static int weight_of(const bh_startup_stage *stage)
{
    return stage->weight > 0 ? stage->weight : 1;
}

static int percent_done(const startup *self)
{
    int64_t done = 0, all = 0;
    for (int i = 0; i < self->options.stage_count; i++) {
        all += self->marks[i] == LEFT_OUT ? 0 : weight_of(stage_at(self, i));
        done += self->marks[i] == DONE ? weight_of(stage_at(self, i)) : 0;
    }
    return all ? (int)(100 * done / all) : 100;
}

/* --- the end */

struct undo_call {
    void (*fn)(void *user);
    void *user;
};

static bh_status call_undo(void *from)
{
    const struct undo_call *undo = from;
    undo->fn(undo->user);
    return BH_OK;
}

static void call_with_user(const startup *self, void (*fn)(void *user), const char *what)
{
    struct undo_call undo = {fn, self->options.user};
    if (fn)
        bh__door_run(call_undo, &undo, what);
}

/* The last one first, each once; one that throws does not keep the others from it. */
static void undo_all(startup *self)
{
    for (int i = self->options.stage_count - 1; i >= 0; i--) {
        if (self->marks[i] != DONE)
            continue;
        self->marks[i] = OPEN;
        call_with_user(self, stage_at(self, i)->undo, stage_at(self, i)->name);
    }
}

struct ended_call {
    const startup *self;
    bh_status status;
};

static bh_status call_ended(void *from)
{
    const struct ended_call *ended = from;
    ended->self->options.ended(ended->self->options.user, ended->status);
    return BH_OK;
}

static void tell_ended(const startup *self, bh_status status)
{
    struct ended_call ended = {self, status};
    if (self->options.ended)
        bh__door_run(call_ended, &ended, "end of the start-up");
    call_with_user(self, self->options.drop, "drop of the start-up");
}

/* Its last runnable has returned, or is left behind: then the application's end sees to the pool. */
static void release_pool(const startup *self)
{
    if (self->pool && atomic_load(&self->returned) && (bh_thread_pool_wait_for_done)(self->pool, LAST_STEPS_MS) == BH_OK)
        (bh_thread_pool_destroy)(self->pool);
}

static void release_application(const startup *self)
{
    (bh_disconnect)(self->last_closed);
    (bh_set_bool)(bh_app(), "quitOnLastWindowClosed", self->quits_on_close);
}

static bool was_closed(const startup *self)
{
    bool visible = false;
    if (!self->window || !self->window_closed || !self->quits_on_close)
        return false;
    return !bh_is_alive(self->window) || ((bh_get_bool)(self->window, "visible", &visible) == BH_OK && !visible);
}

/* From here on nothing finds it any more. What it has shown goes, but the main window. */
static void end(startup *self, bh_status status)
{
    bool quit = status == BH_OK && was_closed(self);
    current = NULL;
    bh__door_handle_destroy(BH__DOOR_STARTUP, self->handle);
    if (bh_is_alive(self->box))
        (bh_destroy)(self->box);
    (bh_splash_finish)(status == BH_OK && bh_is_alive(self->window) ? self->window : NULL);
    release_application(self);
    tell_ended(self, status);
    release_pool(self);
    unref(self);
    if (quit)
        (bh_app_quit)(0);
}

static void give_up(startup *self, bh_status status)
{
    undo_all(self);
    end(self, status);
    (bh_app_quit)(EXIT_CODE);
}

static void stop_here(startup *self)
{
    undo_all(self);
    end(self, BH_CANCELLED);
}

/* --- a failure */

static void begin_attempt(void *handle);

/* FN from the event loop; where not even a timer can be had the program ends. */
static void chain(startup *self, void (*fn)(void *handle))
{
    bh_status status = (bh_timer_single_shot)(0, fn, self->handle);
    if (status)
        give_up(self, status);
}

static void decide(startup *self, bh_startup_decision decision)
{
    const bh_startup_stage *stage = stage_at(self, self->next);
    if (decision == BH_STARTUP_CONTINUE_WITHOUT && !stage->optional) {
        bh__fail(BH_ERROR_STATE, "bh_startup",
                 "the program cannot continue without stage '%.80s', which is not optional: it quits", stage->name);
        decision = BH_STARTUP_QUIT;
    }
    if (decision != BH_STARTUP_RETRY && decision != BH_STARTUP_CONTINUE_WITHOUT) {
        give_up(self, self->status);
        return;
    }
    if (decision == BH_STARTUP_CONTINUE_WITHOUT)
        self->marks[self->next] = LEFT_OUT;
    self->next = 0;
    self->attempt++;
    chain(self, begin_attempt);
}

static void on_answer(void *handle, int button)
{
    startup *self = find(handle);
    if (self && self->box) {
        self->box = NULL; /* it deletes itself */
        decide(self, bh__startup_decision_of(button));
    }
}

struct failure_call {
    const startup *self;
    const bh_startup_failure *failure;
    bh_startup_decision decision;
};

static bh_status call_on_failure(void *from)
{
    struct failure_call *call = from;
    call->decision = call->self->options.on_failure(call->self->options.user, call->failure);
    return BH_OK;
}

static void ask_program(startup *self, const bh_startup_failure *failure)
{
    struct failure_call call = {self, failure, BH_STARTUP_QUIT};
    bh__door_run(call_on_failure, &call, "on_failure of the start-up");
    if (current != self)
        return; /* what it has delivered meanwhile has stopped the start */
    if (atomic_load(&self->cancelled))
        stop_here(self);
    else
        decide(self, call.decision);
}

static void fail(startup *self)
{
    const bh_startup_stage *stage = stage_at(self, self->next);
    bh_startup_failure failure = {stage->name, self->next, self->status, self->sentence, stage->optional, self->attempt};
    bh_log(BH_LOG_WARNING, "startup", "stage '%s' failed: %s", stage->name, self->sentence);
    undo_all(self);
    (bh_splash_finish)(NULL); /* it would cover the question */
    if (self->options.on_failure) {
        ask_program(self, &failure);
        return;
    }
    self->box = bh__startup_ask(&failure, on_answer, self->handle);
    if (!self->box)
        give_up(self, self->status);
}

/* --- the stages */

static bh_status call_run(void *from)
{
    startup *self = from;
    return stage_at(self, self->next)->run(self->handle, self->options.user);
}

/* On the thread of the stage. */
static void run_stage(startup *self)
{
    startup *outer = inside;
    unsigned before = bh__failure_count();
    self->failed = false;
    self->sentence[0] = 0;
    inside = self;
    bh_status status = bh__door_run(call_run, self, stage_at(self, self->next)->name);
    inside = outer;
    if (self->failed)
        return;
    self->status = status;
    if (status)
        bh__copy_text(self->sentence, sizeof self->sentence,
                      bh__failure_count() != before ? bh_last_error() : bh_status_text(status));
}

static void next_stage(void *handle);

/* The running stage has returned. */
static void conclude(startup *self)
{
    self->running = false;
    if (self->status == BH_OK)
        self->marks[self->next++] = DONE;
    if (atomic_load(&self->cancelled))
        stop_here(self);
    else if (self->status == BH_OK)
        chain(self, next_stage);
    else
        fail(self);
}

static bh_status on_returned(void *from)
{
    startup *self = from;
    if (current == self && self->running)
        conclude(self);
    return BH_OK;
}

/* The completion must get there, or the start would stand still: without memory for it, there will be some. */
static void tell_returned(startup *self)
{
    struct timespec nap = {0, 10000000};
    atomic_fetch_add(&self->refs, 1);
    while (!atomic_load(&self->cancelled)) {
        if (bh_app() && (bh_post_completion)(NULL, on_returned, self, unref) == BH_OK)
            return;
        nanosleep(&nap, NULL);
    }
    if (!bh_app() || (bh_post_completion)(NULL, on_returned, self, unref) != BH_OK)
        unref(self);
}

static bh_status run_in_background(void *from)
{
    startup *self = from;
    run_stage(self);
    atomic_store(&self->returned, true);
    bh__door_wake_waiters();
    tell_returned(self);
    return BH_OK;
}

static void start_in_background(startup *self)
{
    atomic_store(&self->returned, false);
    atomic_fetch_add(&self->refs, 1);
    bh_status status = (bh_thread_pool_start)(self->pool, run_in_background, self, unref, 0, NULL);
    if (!status)
        return;
    unref(self);
    atomic_store(&self->returned, true);
    self->status = status;
    bh__copy_text(self->sentence, sizeof self->sentence, bh_last_error());
    conclude(self);
}

static void complete(startup *self)
{
    (bh_splash_set_progress)(100);
    bh_log(BH_LOG_DEBUG, "startup", "all stages are done, at attempt %d", self->attempt);
    end(self, BH_OK);
}

static void next_stage(void *handle)
{
    startup *self = find(handle);
    if (!self)
        return;
    while (self->next < self->options.stage_count && self->marks[self->next] == LEFT_OUT)
        self->next++;
    if (self->next == self->options.stage_count) {
        complete(self);
        return;
    }
    const bh_startup_stage *stage = stage_at(self, self->next);
    bh_log(BH_LOG_DEBUG, "startup", "stage '%s' begins", stage->name);
    bh__startup_show_stage(stage->name, percent_done(self));
    self->running = true;
    if (stage->background) {
        start_in_background(self);
        return;
    }
    run_stage(self);
    conclude(self);
}

/* The first stage waits for the first paint; without a splash screen it does not wait. */
static void begin_attempt(void *handle)
{
    startup *self = find(handle);
    if (!self)
        return;
    if (self->options.no_splash || (bh_splash_show)(self->options.splash, next_stage, handle) != BH_OK)
        next_stage(handle);
}

/* --- stopping */

static bool has_returned(void *self)
{
    return atomic_load(&((startup *)self)->returned);
}

/* False if it has not, in time. What is delivered meanwhile may have ended the start. */
static bool await_background(startup *self)
{
    int timeout_ms = self->options.quit_timeout_ms > 0 ? self->options.quit_timeout_ms : QUIT_TIMEOUT_MS;
    if (atomic_load(&self->returned) || bh__door_wait_until(has_returned, self, timeout_ms))
        return true;
    bh__fail(BH_TIMEOUT, "bh_startup",
             "stage '%.80s' has not returned within %d ms of the program's end and is left running; the stages before it are not "
             "undone, as it may be using what they have made",
             stage_at(self, self->next)->name, timeout_ms);
    return false;
}

void bh__startup_stop(void)
{
    startup *self = current;
    if (!self)
        return;
    atomic_fetch_add(&self->refs, 1);
    atomic_store(&self->cancelled, true);
    bool returned = await_background(self);
    if (current == self && !returned)
        end(self, BH_CANCELLED);
    else if (current == self && self->running)
        conclude(self);
    else if (current == self)
        stop_here(self);
    unref(self);
}

static bh_status on_cancel(void *handle)
{
    startup *self = find(handle);
    if (!self)
        return BH_OK;
    atomic_store(&self->cancelled, true);
    if (!self->running)
        stop_here(self);
    return BH_OK;
}

bh_status(bh_startup_cancel)(bh_startup *handle)
{
    startup *self = bh__door_handle_pin(BH__DOOR_STARTUP, handle, "bh_startup_cancel", "self");
    if (!self)
        return bh__last_status();
    bh_status status = (bh_post_completion)(NULL, on_cancel, handle, NULL);
    if (status == BH_OK)
        atomic_store(&self->cancelled, true);
    bh__door_handle_unpin(handle);
    return status;
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

bh_status(bh_startup_set_window)(bh_startup *handle, bh_object *window)
{
    static const char call[] = "bh_startup_set_window";
    if (bh__door_refuse_off_gui(call))
        return bh__last_status();
    if (!bh__door_handle_check(BH__DOOR_STARTUP, handle, call, "self") || !bh__door_is_widget(window, call))
        return bh__last_status();
    current->window = window;
    current->window_closed = false;
    return BH_OK;
}

/* --- starting */

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

static bool check_options(const bh_startup_options *options, const char *call)
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

static bool needs_pool(const startup *self)
{
    int i = 0;
    while (i < self->options.stage_count && !stage_at(self, i)->background)
        i++;
    return i < self->options.stage_count;
}

static void on_last_closed(void *handle)
{
    startup *self = find(handle);
    if (self)
        self->window_closed = true;
}

/* What it takes of the application. */
static bool prepare(startup *self, const char *call)
{
    self->handle = bh__door_handle_create(BH__DOOR_STARTUP, self, call);
    if (!self->handle || (bh_get_bool)(bh_app(), "quitOnLastWindowClosed", &self->quits_on_close) != BH_OK)
        return false;
    self->pool = needs_pool(self) ? (bh_thread_pool_create)("bh-startup", 1) : NULL;
    if (needs_pool(self) && !self->pool)
        return false;
    self->last_closed = (bh_connect)(bh_app(), "lastWindowClosed", BH_CALLBACK(on_last_closed), self->handle, NULL);
    if (!self->last_closed || (bh_timer_single_shot)(0, begin_attempt, self->handle) != BH_OK)
        return false;
    return (bh_set_bool)(bh_app(), "quitOnLastWindowClosed", false) == BH_OK;
}

static bh_startup *prepare_or_free(startup *self, const char *call)
{
    if (prepare(self, call)) {
        current = self;
        return self->handle;
    }
    (bh_disconnect)(self->last_closed);
    (bh_thread_pool_destroy)(self->pool);
    if (self->handle)
        bh__door_handle_destroy(BH__DOOR_STARTUP, self->handle);
    unref(self);
    return NULL;
}

bh_startup *(bh_startup_start)(const bh_startup_options *options)
{
    static const char call[] = "bh_startup_start";
    if (bh__door_refuse_off_gui(call) || !check_options(options, call))
        return NULL;
    if (current) {
        bh__fail(BH_ERROR_EXISTS, call, "a start-up is under way already: a program has one at a time");
        return NULL;
    }
    startup *self = bh__calloc(1, sizeof *self);
    mark *marks = bh__calloc((size_t)options->stage_count, sizeof *marks);
    if (!self || !marks) {
        bh__free(self);
        bh__free(marks);
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a start-up of %d stages", options->stage_count);
        return NULL;
    }
    self->options = *options;
    self->marks = marks;
    self->attempt = 1;
    atomic_init(&self->refs, 1);
    atomic_init(&self->returned, true);
    return prepare_or_free(self, call);
}
