/* See inside.h. */
#include "checklist/inside.h"

#include "core/door.h"
#include "lifecycle/finalizer.h"
#include "lifecycle/startup.h"
#include "lifecycle/threads.h"
#include "process/probe.h"

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/exit_report.h>
#include <bulkhead/timer.h>
#include <string.h>

enum { TICK_MS = 10, SETTLED_TICKS = 5 };

static bh_timer *timer;
static bh__inside_action action;
static bool window_seen;
static int settled; /* for how many ticks */

/* --- windows */

typedef struct windows {
    int all, visible;
    char first[96]; /* visible: class and name */
} windows;

static void look_at_widget(const char *class_name, const char *name, bool visible, void *user)
{
    windows *found = user;
    if (strcmp(class_name, "QSplashScreen") == 0)
        return;
    found->all++;
    found->visible += visible;
    if (visible && found->visible == 1)
        bh__append_text(found->first, sizeof found->first, "%s '%s'", class_name, name);
}

static windows look_at_windows(void)
{
    windows found = {0, 0, ""};
    bh__door_top_level_widgets(look_at_widget, &found);
    return found;
}

/* --- the program is up, and what is wanted is done */

static void close_windows(void)
{
    (bh_timer_stop)(timer);
    timer = NULL;
    bh__probe_say("closing");
    (bh_call_values)(bh_app(), "closeAllWindows", NULL, 0, NULL);
}

static void on_tick(void *user)
{
    windows now = look_at_windows();
    (void)user;
    if (now.visible && !window_seen) {
        window_seen = true;
        bh__probe_say("window %s", now.first);
    }
    settled = now.visible && !bh__startup_is_under_way() ? settled + 1 : 0;
    if (settled >= SETTLED_TICKS && (!action || action()))
        close_windows();
}

/* --- the moments */

void bh__inside_creating(void)
{
    bh__probe_app();
}

void bh__inside_created(void)
{
    if (bh__probe_action())
        bh__probe_say("created windows=%d", look_at_windows().all);
}

void bh__inside_loop_begins(void)
{
    const char *wanted = bh__probe_action();
    if (!wanted)
        return;
    windows now = look_at_windows();
    bh__probe_say("loop windows=%d %s", now.visible, now.first);
    action = bh__inside_action_find(wanted);
    timer = (bh_timer_start)(TICK_MS, BH_TIMER_PRECISE, NULL, on_tick, NULL);
}

static void look_at_thread(const bh_thread_info *thread, void *user)
{
    bool ours = thread->kind >= BH_THREAD_WORKER && thread->kind <= BH_THREAD_POOL;
    if (!ours || !thread->alive || strcmp(thread->what, "idle") == 0)
        return;
    ++*(int *)user;
    bh__probe_say("working %s '%s': %s", bh_thread_kind_name(thread->kind), thread->name, thread->what);
}

void bh__inside_loop_ended(int code)
{
    int working = 0;
    if (!bh__probe_action())
        return;
    bh__threads_each(look_at_thread, &working);
    bh__probe_say("end code=%d working=%d busy=%d", code, working, bh__inside_busy());
}

static void count_name(const char *name, void *user)
{
    (void)name;
    ++*(int *)user;
}

void bh__inside_gone(void)
{
    int late = 0;
    if (!bh__probe_action())
        return;
    bh__finalizers_late(count_name, &late);
    bh__probe_say("gone late=%d failed=%d", late, (int)bh__finalizers_failed());
}
