/* How the rows of the lists DO and DON'T are judged. */
#include "checklist/rows.h"

#include "core/door.h"

#include <bulkhead/future.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CPU_MS = 1000 };

/* --- DO */

bool bh__judge_do_main(bh__judging *self)
{
    bool well = bh__see(self, "close");
    int threads = bh__number(self, "guard ", "threads"), descriptors = bh__number(self, "guard ", "descriptors");
    int cpu_ms = bh__number(self, "guard ", "cpu_ms");
    if (well && threads < 0)
        return bh__fails(self, "bh_app_create came first: bh_main_guard was not called before it");
    if (bh__number(self, "guard ", "app") > 0)
        return bh__fails(self, "there was an application before bh_main_guard");
    if (bh__number(self, "guard ", "failures") > 0)
        return bh__fails(self, "before bh_main_guard it had tried what was refused: %s", bh__look_find(&self->look, "before "));
    if (threads > 1 || descriptors > 0)
        return bh__fails(self, "before bh_main_guard it had started %d threads and opened %d descriptors", threads - 1,
                         descriptors);
    if (cpu_ms > MOST_CPU_MS)
        return bh__fails(self, "before bh_main_guard it had used %d ms of processor time", cpu_ms);
    return well && bh__passes(self,
                              "bh_main_guard came first: one thread, no descriptor, no application, %d ms of processor time "
                              "since the program was loaded",
                              cpu_ms);
}

bool bh__judge_do_freeze(bh__judging *self)
{
    enum { WORKERS = 2 };
    char wanted[32];
    if (!bh__see(self, "pool"))
        return false;
    const bh__look *look = &self->look;
    snprintf(wanted, sizeof wanted, "task kind=%d ", BH_FAILURE_NO_FUNCTION);
    if (bh__look_find(look, "pool none: "))
        return bh__fails(self, "it cannot have worker processes: %s", bh__look_find(look, "pool none: "));
    if (bh__look_count(look, wanted) != WORKERS)
        return bh__fails(self, "of %d workers that it started of itself %d answered: %s", WORKERS, bh__look_count(look, wanted),
                         bh__look_find(look, "task ") ? bh__look_find(look, "task ") : "nothing");
    if (bh__number(self, "pool ", "closed") != 1 || look->left)
        return bh__fails(self, "its workers did not end in good: %d processes were left behind it", look->left);
    return bh__passes(self, "%d workers of itself answered its pool, and ended; no process was left behind it", WORKERS);
}

static bool is_too_early(const char *line)
{
    int status = 0, gui = 0, app = 1;
    return sscanf(line, "failed status=%d gui=%d app=%d", &status, &gui, &app) == 3 && status == BH_ERROR_NO_APP && !app;
}

static const char *too_early(const bh__judging *self)
{
    const char *before = bh__look_find(&self->look, "before ");
    return before ? before : bh__find_failure(self, is_too_early);
}

bool bh__judge_do_delay(bh__judging *self)
{
    if (!bh__see(self, "close"))
        return false;
    const char *early = too_early(self);
    if (early)
        return bh__fails(self, "it asked for Qt before there was an application: %s", early);
    if (bh__number(self, "created ", "windows") != 0)
        return bh__fails(self, "%d widgets existed when bh_app_create returned", bh__number(self, "created ", "windows"));
    return bh__passes(self, "nothing of Qt was asked for before bh_app_create, and no widget existed when that returned");
}

bool bh__judge_do_window(bh__judging *self)
{
    if (!bh__see(self, "close"))
        return false;
    const bh__look *look = &self->look;
    const char *early = bh__look_find(look, "before ");
    if (early)
        return bh__fails(self, "something was shown, or asked for, outside of main: %s", early);
    if (!bh__look_find(look, "guard "))
        return bh__fails(self, "its window came without bh_main_guard: nothing tells the program from what imports it");
    return bh__passes(self, "its window, %s, came from what main had started, behind bh_main_guard",
                      bh__look_find(look, "window "));
}

/* --- DON'T */

static bool is_timer_or_splash(const char *line)
{
    return is_too_early(line) &&
           (strstr(line, "call=bh_timer") || strstr(line, "call=bh_splash") || strstr(line, "call=bh_startup"));
}

/* What Qt says of its own timers and pixmaps that are made before the application, to stderr as nobody else listens yet. */
static const char *complaint_of_qt(const char *output)
{
    static const char *const begins[] = {"QObject::startTimer", "QBasicTimer", "QPixmap: Must construct",
                                         "QWidget: Must construct"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (strstr(output, begins[i]))
            return strstr(output, begins[i]);
    return NULL;
}

bool bh__judge_dont_module(bh__judging *self)
{
    bool well = bh__see(self, "close");
    const char *qt = complaint_of_qt(self->look.output), *early = bh__look_find(&self->look, "before ");
    if (!early)
        early = bh__find_failure(self, is_timer_or_splash);
    if (qt)
        return bh__fails(self, "Qt complains of what was made before the application: %.*s", (int)strcspn(qt, "\n"), qt);
    if (early)
        return bh__fails(self, "a splash screen or a timer was asked for before there was an application: %s", early);
    return well && bh__passes(self, "no splash screen and no timer was asked for before bh_app_create");
}

static bool is_in_worker(const char *line)
{
    return strstr(line, "this is a worker process") != NULL;
}

bool bh__judge_dont_qt(bh__judging *self)
{
    int children = 0, loaded = 0;
    if (!bh__see(self, "pool"))
        return false;
    const bh__look *look = &self->look;
    const char *tried = bh__find_failure(self, is_in_worker);
    if (tried)
        return bh__fails(self, "a worker process asked for Qt: %s", tried);
    for (size_t i = 0; i < look->count; i++) {
        int pid = 0, qt = 0, windows = 0, end = 0;
        const char *text = look->lines[i].text;
        if (sscanf(text, "child pid=%d qt=%d windows=%d %n", &pid, &qt, &windows, &end) != 3)
            continue;
        children++;
        loaded += qt;
        if (windows)
            return bh__fails(self, "worker process %s has loaded Qt's plugin for windows: it runs an application", text + end);
    }
    if (!children)
        return bh__fails(self, "it had no worker process to look at: %s",
                         bh__look_find(look, "pool none: ") ? bh__look_find(look, "pool none: ") : "none was found");
    return bh__passes(self, "%d worker processes: none asked for Qt, none runs an application; in %d Qt is not even loaded",
                      children, children - loaded);
}

static bool is_second(const char *line)
{
    return strstr(line, "call=bh_app_create") != NULL;
}

bool bh__judge_dont_global(bh__judging *self)
{
    bool well = bh__see(self, "close");
    const char *again = bh__find_failure(self, is_second), *before = bh__look_find(&self->look, "before ");
    if (bh__number(self, "creating ", "guarded") == 0 || bh__number(self, "guard ", "app") > 0)
        return bh__fails(self, "the application was made before bh_main_guard was called");
    if (!well)
        return false;
    if (again || (before && strstr(before, "bh_app_create")))
        return bh__fails(self, "bh_app_create was refused: %s", again ? again : before);
    if (bh__look_count(&self->look, "creating ") != 1)
        return bh__fails(self, "it made %d applications", bh__look_count(&self->look, "creating "));
    if (!bh__look_find(&self->look, "gone "))
        return bh__fails(self, "its application was not taken down: it ended with code %d", self->look.exit_code);
    return bh__passes(self, "one application, made behind bh_main_guard, and gone before the program ended");
}

bool bh__judge_dont_ui(bh__judging *self)
{
    int kind;
    const bh__look *look = &self->look;
    if (!bh__look_run_worker(&self->look, self->at, &kind))
        return bh__fails(self, "no pool can be made of it: %s", look->why);
    if (bh__look_find(look, "window "))
        return bh__fails(self, "spawned as a worker it opened a window: %s", bh__look_find(look, "window "));
    if (bh__look_find(look, "creating "))
        return bh__fails(self, "spawned as a worker it made an application");
    if (bh__find_failure(self, is_in_worker))
        return bh__fails(self, "spawned as a worker it tried to: %s", bh__find_failure(self, is_in_worker));
    if (!bh__look_find(look, "worker"))
        return bh__fails(self, "spawned as a worker it did not become one: %s", look->why);
    return bh__passes(self, "spawned as a worker it made no application and opened no window");
}
