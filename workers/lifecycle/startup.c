/* The staged start. All of it happens on the GUI thread, from timers, but the run of a stage in the background, which tells its end by
 * a completion. What waits in timers, dialogs and the splash screen holds the handle, not the record: it finds nothing once the start
 * has ended. */
#include "lifecycle/startup.h"

#include "core/door.h"
#include "lifecycle/startup_record.h"
#include "lifecycle/startup_show.h"

#include <bulkhead/app.h>
#include <bulkhead/connect.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <bulkhead/property.h>
#include <bulkhead/thread_pool.h>
#include <bulkhead/timer.h>
#include <bulkhead/window.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { QUIT_TIMEOUT_MS = 1000, LAST_STEPS_MS = 1000, EXIT_CODE = 1 };

static startup *current; /* GUI thread */

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

/* What a timer goes on with. An event loop inside an undo may have run the timer while the start ends. */
static startup *find_idle(const void *handle)
{
    startup *self = find(handle);
    return self && !self->busy ? self : NULL;
}

/* --- the end */

/* The last one first, each once; one that throws does not keep the others from it. */
static void undo_all(startup *self)
{
    for (int i = self->options.stage_count - 1; i >= 0; i--) {
        if (self->marks[i] != DONE)
            continue;
        self->marks[i] = OPEN;
        bh__startup_call(self, bh__startup_stage_at(self, i)->undo, bh__startup_stage_at(self, i)->name);
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

/* Behind the end and behind the stage in the background, which may be left running. */
static void let_go(startup *self)
{
    if (atomic_fetch_sub(&self->users, 1) == 1)
        bh__startup_call(self, self->options.drop, "drop of the start-up");
}

static void tell_ended(startup *self, bh_status status)
{
    struct ended_call ended = {self, status};
    if (self->options.ended)
        bh__door_run(call_ended, &ended, "end of the start-up");
    let_go(self);
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
    const bh_startup_stage *stage = bh__startup_stage_at(self, self->next);
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
    self->busy++;
    bh__door_run(call_on_failure, &call, "on_failure of the start-up");
    self->busy--;
    if (atomic_load(&self->cancelled))
        stop_here(self);
    else
        decide(self, call.decision);
}

static void fail(startup *self)
{
    const bh_startup_stage *stage = bh__startup_stage_at(self, self->next);
    bh_startup_failure failure = {stage->name, self->next, self->status, self->sentence, stage->optional, self->attempt};
    bh_log(BH_LOG_WARNING, "startup", "stage '%s' failed: %s", stage->name, self->sentence);
    undo_all(self);
    (bh_splash_finish)(NULL); /* it would cover the question */
    if (atomic_load(&self->cancelled)) {
        end(self, BH_CANCELLED);
        return;
    }
    if (self->options.on_failure) {
        ask_program(self, &failure);
        return;
    }
    self->box = bh__startup_ask(&failure, on_answer, self->handle);
    if (!self->box)
        give_up(self, self->status);
}

/* --- the stages */

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
    if (!atomic_load(&self->cancelled))
        bh__startup_run_stage(self);
    return BH_OK;
}

/* Also if it has never begun. */
static void on_gone(void *from)
{
    startup *self = from;
    let_go(self);
    atomic_store(&self->returned, true);
    bh__door_wake_waiters();
    tell_returned(self);
    unref(self);
}

static void start_in_background(startup *self)
{
    self->status = BH_CANCELLED;
    atomic_store(&self->returned, false);
    atomic_fetch_add(&self->refs, 1);
    atomic_fetch_add(&self->users, 1);
    bh_status status = (bh_thread_pool_start)(self->pool, run_in_background, self, on_gone, 0, NULL);
    if (!status)
        return;
    unref(self);
    atomic_fetch_sub(&self->users, 1);
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
    startup *self = find_idle(handle);
    if (!self)
        return;
    while (self->next < self->options.stage_count && self->marks[self->next] == LEFT_OUT)
        self->next++;
    if (self->next == self->options.stage_count) {
        complete(self);
        return;
    }
    const bh_startup_stage *stage = bh__startup_stage_at(self, self->next);
    self->busy++;
    bh_log(BH_LOG_DEBUG, "startup", "stage '%s' begins", stage->name);
    bh__startup_show_stage(stage->name, bh__startup_percent(self));
    self->busy--;
    if (atomic_load(&self->cancelled)) {
        stop_here(self);
        return;
    }
    self->running = true;
    if (stage->background) {
        start_in_background(self);
        return;
    }
    self->busy++;
    bh__startup_run_stage(self);
    self->busy--;
    conclude(self);
}

/* The first stage waits for the first paint; without a splash screen it does not wait. */
static void begin_attempt(void *handle)
{
    startup *self = find_idle(handle);
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
             bh__startup_stage_at(self, self->next)->name, timeout_ms);
    return false;
}

bool bh__startup_is_under_way(void)
{
    return current != NULL;
}

void bh__startup_stop(void)
{
    startup *self = current;
    if (!self)
        return;
    atomic_store(&self->cancelled, true);
    if (self->busy) /* an event loop inside one of its functions has ended: it stops when that has returned */
        return;
    atomic_fetch_add(&self->refs, 1);
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
    if (!self->running && !self->busy)
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
    self->pool = bh__startup_needs_pool(self) ? (bh_thread_pool_create)("bh-startup", 1) : NULL;
    if (bh__startup_needs_pool(self) && !self->pool)
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
    if (bh__door_refuse_off_gui(call) || !bh__startup_check(options, call))
        return NULL;
    if (current) {
        bh__fail(BH_ERROR_EXISTS, call, "a start-up is under way already: a program has one at a time");
        return NULL;
    }
    startup *self = bh__calloc(1, sizeof *self);
    bh__mark *marks = bh__calloc((size_t)options->stage_count, sizeof *marks);
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
    atomic_init(&self->users, 1);
    atomic_init(&self->returned, true);
    return prepare_or_free(self, call);
}
