/* The close of a window, in two phases. The first close event starts it and is ignored: a nested loop inside a close event would
 * end in a use after free with WA_DeleteOnClose or a second close. The event loop goes on; when all parts have settled, or at the
 * deadline, the window is closed for good. */
#include "lifecycle/close.h"

#include "core/door.h"
#include "lifecycle/close_guard.h"
#include "lifecycle/close_panel.h"
#include "lifecycle/close_part.h"
#include "lifecycle/threads.h"
#include "process/process_door.h"

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <bulkhead/timer.h>
#include <stdio.h>

enum { TICK_MS = 10, PANEL_AFTER_MS = 300 };

typedef enum phase { OPEN, WAITING, CLOSING } phase;

typedef struct window_close {
    bh_object *window;
    phase phase;
    int timeout_ms;
    int64_t begun, deadline;
    bh__close_part *parts;
    bh_timer *tick;
    bh__close_panel panel;
    struct window_close *next;
} window_close;

static window_close *closes; /* GUI thread */
static bool loop_runs;

void bh__close_loop(bool runs)
{
    loop_runs = runs;
    if (!runs)
        bh__close_guard_disarm();
}

static window_close *find(bh_object *window)
{
    window_close *at = closes;
    while (at && at->window != window)
        at = at->next;
    return at;
}

bool bh__close_is_under_way(void)
{
    const window_close *at = closes;
    while (at && at->phase == OPEN)
        at = at->next;
    return at != NULL;
}

/* --- reports */

static void list_thread(const bh_thread_info *thread, void *user)
{
    (void)user;
    bh__thread_log(thread, "close", BH_LOG_INFO);
}

static void list_widget(const char *class_name, const char *name, bool visible, void *user)
{
    (void)user;
    bh_log(BH_LOG_INFO, "close", "Top-level widget: %s '%s', %s", class_name, name, visible ? "visible" : "hidden");
}

static void list_part(const char *text, int64_t since_ms, void *user)
{
    (void)user;
    if (since_ms)
        bh_log(BH_LOG_INFO, "close", "Awaited: %s, for %lld ms", text, (long long)(bh__clock_ms() - since_ms));
    else
        bh_log(BH_LOG_INFO, "close", "Awaited: %s", text);
}

static void report_left(const char *text, int64_t since_ms, void *user)
{
    const window_close *self = user;
    (void)since_ms;
    bh__fail(BH_TIMEOUT, "close", "%s has not ended within %lld ms and is left running", text,
             (long long)(self->deadline - self->begun));
}

/* --- the phases */

static bool has_settled(void *user)
{
    return bh__close_parts_settled(((window_close *)user)->parts);
}

/* Waits for what remains of the time. False if something that was delivered meanwhile has destroyed the window, and SELF with it. */
static bool wait_in_time(window_close *self)
{
    bh_object *window = self->window;
    int64_t left = self->deadline - bh__clock_ms();
    bh_log(BH_LOG_INFO, "close", "🛑 Waiting for threads to shut down...");
    bool settled = bh__door_wait_until(has_settled, self, left > 0 ? (int)left : 0);
    if (find(window) != self)
        return false;
    if (!settled) {
        bh__close_parts_left(self->parts, report_left, self);
        bh__door_end_by(self->deadline);
    }
    return true;
}

/* The guard stays until the event loop has ended, where that is what follows. */
static void quit_if_last(bh_object *window)
{
    int code = 0;
    bool all = bh__close_all_wants(&code), last = !all && !bh__door_other_windows(window);
    if (all)
        (bh_timer_single_shot)(0, bh__close_all_go_on, NULL);
    else if (last)
        (bh_app_quit)(0);
    if (!bh__close_is_under_way() && !(loop_runs && (all || last)))
        bh__close_guard_disarm();
}

/* Lists again on every path. From here on a window that is shown once more can be closed once more. */
static bh_event_result close_for_good(window_close *self)
{
    bh_object *window = self->window;
    bh_log(BH_LOG_INFO, "close", "🚪 Main window is closing...");
    bh__threads_each(list_thread, NULL);
    bh__close_parts_left(self->parts, list_part, NULL);
    bh__door_top_level_widgets(list_widget, NULL);
    bool there = wait_in_time(self);
    bh__threads_each(list_thread, NULL);
    if (there)
        self->phase = OPEN;
    quit_if_last(window);
    return BH_EVENT_PASS;
}

static bh_event_result on_close(bh_object *window, void *user, const bh_event *event);

static void finish(window_close *self)
{
    bh_object *window = self->window;
    self->phase = CLOSING;
    (bh_timer_stop)(self->tick);
    self->tick = NULL;
    bh__close_panel_end(&self->panel);
    bh__door_close_only(window, on_close);
    (bh_call_values)(window, "close", NULL, 0, NULL);
    bh__door_close_only(window, NULL);
}

static void wait_longer(void *user)
{
    window_close *self = user;
    self->deadline += self->timeout_ms > 0 ? self->timeout_ms : 1000;
    bh__close_guard_arm(self->deadline, 0);
}

static void leave_now(void *user)
{
    ((window_close *)user)->deadline = bh__clock_ms();
}

static void on_tick(void *user)
{
    window_close *self = user;
    int64_t now = bh__clock_ms();
    if (bh__close_parts_settled(self->parts) || now >= self->deadline) {
        finish(self);
        return;
    }
    if (now - self->begun >= PANEL_AFTER_MS && !self->panel.dialog)
        bh__close_panel_open(&self->panel, self->window, wait_longer, leave_now, self);
    bh__close_panel_update(&self->panel, self->parts, self->deadline - now, self->deadline - self->begun);
}

static bh_event_result start_close(window_close *self)
{
    int code = 0;
    bh__close_all_wants(&code);
    self->begun = bh__clock_ms();
    self->deadline = self->begun + self->timeout_ms;
    self->phase = WAITING;
    bh__close_guard_arm(self->deadline, code);
    bh__close_parts_cancel(self->parts, self->timeout_ms);
    self->tick =
        bh__close_parts_settled(self->parts) ? NULL : (bh_timer_start)(TICK_MS, BH_TIMER_PRECISE, self->window, on_tick, self);
    if (self->tick)
        return BH_EVENT_IGNORE;
    self->phase = CLOSING;
    return close_for_good(self);
}

static bh_event_result on_close(bh_object *window, void *user, const bh_event *event)
{
    window_close *self = user;
    (void)window;
    (void)event;
    if (self->phase == OPEN)
        return start_close(self);
    return self->phase == WAITING ? BH_EVENT_IGNORE : close_for_good(self);
}

/* --- registering */

static void forget(void *from)
{
    window_close *self = from;
    window_close **at = &closes;
    while (*at && *at != self)
        at = &(*at)->next;
    if (*at)
        *at = self->next;
    if (self->phase != OPEN && !bh__close_is_under_way() && !loop_runs)
        bh__close_guard_disarm();
    for (bh__close_part *each = self->parts, *next; each; each = next) {
        next = each->next;
        bh__free(each);
    }
    bh__free(self);
}

static window_close *watch(bh_object *window, const char *call)
{
    window_close *made = bh__calloc(1, sizeof *made);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    made->window = window;
    if (!bh__door_when_gone(window, forget, made, call)) {
        bh__free(made);
        return NULL;
    }
    if (!bh__door_watch_close(window, on_close, made, call))
        return NULL; /* what was made goes with the window */
    made->next = closes;
    closes = made;
    return made;
}

static bool has_part(const window_close *self, const void *handle)
{
    const bh__close_part *at = self->parts;
    while (at && at->handle != handle)
        at = at->next;
    return at != NULL;
}

static bh_status add_part(bh_object *window, const bh__close_kind *kind, void *handle, int timeout_ms, const char *call)
{
    if (timeout_ms < 0)
        return bh__fail(BH_ERROR_RANGE, call, "timeout_ms is %d: a close never waits without limit", timeout_ms);
    if (!bh__door_is_widget(window, call))
        return bh__last_status();
    window_close *self = find(window);
    if (!self && !(self = watch(window, call)))
        return bh__last_status();
    bh__close_part *added = has_part(self, handle) ? NULL : bh__malloc(sizeof *added);
    if (added) {
        *added = (bh__close_part){kind, handle, self->parts};
        self->parts = added;
    } else if (!has_part(self, handle)) {
        return bh__fail(BH_ERROR_MEMORY, call, "no memory");
    }
    if (timeout_ms > self->timeout_ms)
        self->timeout_ms = timeout_ms;
    return BH_OK;
}

bh_status(bh_close_waits_for)(bh_object *window, bh_worker *worker, int timeout_ms)
{
    static const char call[] = "bh_close_waits_for";
    if (bh__door_refuse_off_gui(call) || !bh__door_worker_pin(worker, call))
        return bh__last_status();
    bh__door_worker_unpin(worker);
    return add_part(window, &bh__close_worker, worker, timeout_ms, call);
}

bh_status(bh_close_waits_for_pool)(bh_object *window, bh_thread_pool *pool, int timeout_ms)
{
    static const char call[] = "bh_close_waits_for_pool";
    if (bh__door_refuse_off_gui(call) || !bh__door_pool_check(pool, call))
        return bh__last_status();
    return add_part(window, &bh__close_pool, pool, timeout_ms, call);
}

bh_status(bh_close_waits_for_processes)(bh_object *window, bh_process_pool *pool, int timeout_ms)
{
    static const char call[] = "bh_close_waits_for_processes";
    if (bh__door_refuse_off_gui(call) || !bh__process_door_check(pool, call))
        return bh__last_status();
    return add_part(window, &bh__close_processes, pool, timeout_ms, call);
}
