/* The close of a window, in two phases. The first close event starts it and is ignored: a nested loop inside a close event would
 * end in a use after free with WA_DeleteOnClose or a second close. The event loop goes on; when all workers have settled, or at the
 * deadline, the window is closed for good. */
#include "core/door.h"
#include "thread/worker.h"

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/close.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <bulkhead/timer.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

typedef enum phase { OPEN, WAITING, CLOSING } phase;

typedef struct awaited {
    bh_worker *worker;
    struct awaited *next;
} awaited;

typedef struct window_close {
    bh_object *window;
    phase phase;
    int timeout_ms;
    int64_t deadline;
    awaited *workers;
    struct window_close *next;
} window_close;

static window_close *closes; /* GUI thread */

/* --- reports */

static void list_threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    // cppcheck-suppress readdirCalled ; the stream is this function's own
    while (tasks && (task = readdir(tasks))) {
        char path[300], name[32] = "";
        if (task->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        if (fgets(name, sizeof name, file))
            name[strcspn(name, "\n")] = 0;
        fclose(file);
        bh_log(BH_LOG_INFO, "close", "Thread: %s, id %s, alive", name, task->d_name);
    }
    if (tasks)
        closedir(tasks);
}

static void list_workers(const window_close *self)
{
    for (const awaited *each = self->workers; each; each = each->next)
        if (!bh__worker_is_settled(each->worker))
            bh_log(BH_LOG_INFO, "close", "Worker: %s, awaited, still running", bh__worker_class(each->worker));
}

static void list_widget(const char *class_name, const char *name, bool visible, void *user)
{
    (void)user;
    bh_log(BH_LOG_INFO, "close", "Top-level widget: %s '%s', %s", class_name, name, visible ? "visible" : "hidden");
}

/* --- the phases */

static bool all_settled(const window_close *self)
{
    const awaited *each = self->workers;
    while (each && bh__worker_is_settled(each->worker))
        each = each->next;
    return !each;
}

static window_close *find(bh_object *window)
{
    window_close *at = closes;
    while (at && at->window != window)
        at = at->next;
    return at;
}

/* Waits for what remains of the time. False if something that was delivered meanwhile has destroyed the window, and SELF with it. */
static bool wait_in_time(window_close *self)
{
    bh_object *window = self->window;
    bool there = true;
    bh_log(BH_LOG_INFO, "close", "🛑 Waiting for threads to shut down...");
    for (const awaited *each = self->workers; there && each; each = there ? each->next : NULL) {
        int64_t left = self->deadline - bh__door_now_ms();
        bh_worker *worker = each->worker;
        if (bh__worker_is_settled(worker))
            continue;
        int timeout_ms = self->timeout_ms;
        if (bh_worker_wait(worker, left > 0 ? (int)left : 0) == BH_TIMEOUT)
            bh__fail(BH_TIMEOUT, "close", "worker '%s' has not ended within %d ms and is left running", bh__worker_class(worker),
                     timeout_ms);
        there = find(window) == self;
    }
    return there;
}

/* Lists again on every path. From here on a window that is shown once more can be closed once more. */
static bh_event_result close_for_good(window_close *self)
{
    bh_log(BH_LOG_INFO, "close", "🚪 Main window is closing...");
    list_threads();
    list_workers(self);
    bh__door_top_level_widgets(list_widget, NULL);
    bool there = wait_in_time(self);
    list_threads();
    if (there) {
        list_workers(self);
        self->phase = OPEN;
    }
    bh_app_quit(0);
    return BH_EVENT_PASS;
}

static void finish(window_close *self)
{
    if (self->phase != WAITING)
        return;
    self->phase = CLOSING;
    bh_call(self->window, "close");
}

static void on_worker_settled(void)
{
    window_close *each = closes;
    while (each) {
        bool ready = each->phase == WAITING && all_settled(each);
        if (ready)
            finish(each);
        each = ready ? closes : each->next; /* closing one may have destroyed others */
    }
}

/* The window may be gone by then, or be in a later close, which has a timer of its own. */
static void on_deadline(void *window)
{
    enum { EARLY_MS = 2 }; /* a timer may be */
    window_close *self = find(window);
    if (self && bh__door_now_ms() + EARLY_MS >= self->deadline)
        finish(self);
}

static bh_event_result start_close(window_close *self)
{
    self->deadline = bh__door_now_ms() + self->timeout_ms;
    self->phase = WAITING;
    for (const awaited *each = self->workers; each; each = each->next)
        if (!bh__worker_is_settled(each->worker))
            bh_worker_cancel(each->worker);
    if (all_settled(self)) {
        self->phase = CLOSING;
        return close_for_good(self);
    }
    bh_timer_single_shot_for(self->window, self->timeout_ms, on_deadline, self->window);
    return BH_EVENT_IGNORE;
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
    for (awaited *each = self->workers, *next; each; each = next) {
        next = each->next;
        bh__free(each);
    }
    bh__free(self);
}

static window_close *watch(bh_object *window)
{
    window_close *made = bh__calloc(1, sizeof *made);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, "bh_close_waits_for", "no memory");
        return NULL;
    }
    made->window = window;
    if (!bh__door_when_gone(window, forget, made, "bh_close_waits_for")) {
        bh__free(made);
        return NULL;
    }
    if (!bh__door_watch_close(window, on_close, made, "bh_close_waits_for"))
        return NULL; /* what was made goes with the window */
    made->next = closes;
    closes = made;
    bh__worker_when_settled(on_worker_settled);
    return made;
}

bh_status(bh_close_waits_for)(bh_object *window, bh_worker *worker, int timeout_ms)
{
    if (bh__door_refuse_off_gui("bh_close_waits_for"))
        return bh__last_status();
    if (timeout_ms < 0)
        return bh__fail(BH_ERROR_RANGE, "bh_close_waits_for", "timeout_ms is %d: a close never waits without limit", timeout_ms);
    if (!bh__door_worker_pin(worker, "bh_close_waits_for"))
        return bh__last_status();
    bh__door_worker_unpin(worker);
    if (!bh__door_is_widget(window, "bh_close_waits_for"))
        return bh__last_status();
    window_close *self = find(window);
    if (!self && !(self = watch(window)))
        return bh__last_status();
    awaited *added = bh__malloc(sizeof *added);
    if (!added)
        return bh__fail(BH_ERROR_MEMORY, "bh_close_waits_for", "no memory");
    *added = (awaited){worker, self->workers};
    self->workers = added;
    if (timeout_ms > self->timeout_ms)
        self->timeout_ms = timeout_ms;
    return BH_OK;
}
