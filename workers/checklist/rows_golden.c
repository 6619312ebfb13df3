/* How the rows of the Golden Checklist are judged. */
#include "checklist/rows.h"

#include "core/door.h"

#include <bulkhead/future.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REFUSED = 2 };

/* --- if __name__ == "__main__" */

bool bh__judge_main(bh__judging *self)
{
    int kind;
    const bh__look *look = &self->look;
    if (!bh__look_run_worker(&self->look, self->at, &kind))
        return bh__fails(self, "no pool can be made of it: %s", look->why);
    if (bh__look_find(look, "creating "))
        return bh__fails(self, "spawned as a worker it went on as a program, up to bh_app_create");
    if (kind != BH_FAILURE_NO_FUNCTION)
        return bh__fails(self, "spawned as a worker it did not serve its pool: %s", look->why);
    if (look->printed)
        return bh__fails(self, "spawned as a worker it printed: %.200s", look->output);
    return bh__passes(self,
                      "spawned as a worker it stayed in bh_main_guard, answered its pool after %lld ms, and printed nothing",
                      (long long)look->took_ms);
}

/* --- freeze_support() */

bool bh__judge_freeze(bh__judging *self)
{
    static const char *const strays[][3] = {
        {"--bulkhead-worker", "1:1:left-over", NULL}, {"--bulkhead-worker", NULL}, {"--bulkhead-stream", NULL}};
    enum { STRAYS = sizeof strays / sizeof strays[0] };
    const bh__look *look = &self->look;
    for (int i = 0; i < STRAYS; i++) {
        if (!bh__see_any_end(self, "close", strays[i]))
            return false;
        if (bh__look_find(look, "creating ") || look->timed_out)
            return bh__fails(self, "started as a worker that no pool wants (%s%s%s) it went on as a program", strays[i][0],
                             strays[i][1] ? " " : "", strays[i][1] ? strays[i][1] : "");
        if (look->signal || look->exit_code != REFUSED)
            return bh__fails(self,
                             "started as a worker that no pool wants it ended with code %d, signal %d, and not with code %d",
                             look->exit_code, look->signal, REFUSED);
        if (!strstr(look->output, "must not go on"))
            return bh__fails(self, "started as a worker that no pool wants it did not say why it ended: %.200s", look->output);
    }
    return bh__passes(self, "%d workers that no pool wants were refused: code %d after %lld ms, '%.*s'", STRAYS, REFUSED,
                      (long long)look->took_ms, (int)strcspn(look->output, "\n"), look->output);
}

/* --- closeEvent() with waitForDone() */

bool bh__judge_close(bh__judging *self)
{
    char pools[300] = "";
    if (!bh__see(self, "busy"))
        return false;
    const bh__look *look = &self->look;
    for (size_t i = 0; i < look->count; i++)
        if (strncmp(look->lines[i].text, "busy ", 5) == 0)
            bh__append_text(pools, sizeof pools, "%s'%s'", pools[0] ? ", " : "", look->lines[i].text + 5);
    if (!bh__look_find(look, "end "))
        return bh__fails(self, "its windows were closed, and it ended with code %d without the end of its event loop",
                         look->exit_code);
    if (bh__number(self, "end ", "busy") > 0)
        return bh__fails(self, "its window closed while %d of its pools (%s) were at work", bh__number(self, "end ", "busy"),
                         pools);
    if (bh__number(self, "end ", "working") > 0)
        return bh__fails(self, "its window closed while %d of its threads were at work: %s", bh__number(self, "end ", "working"),
                         bh__look_find(look, "working "));
    if (!pools[0])
        return bh__passes(self, "it has no pools; no thread of it was at work when its event loop ended, code %d",
                          look->exit_code);
    return bh__passes(self, "its window waited for what was put into its pools (%s), and ended its event loop then, code %d",
                      pools, look->exit_code);
}

/* --- Logging active threads at shutdown */

bool bh__judge_threads(bh__judging *self)
{
    int listed = 0;
    const char *lingering = NULL;
    if (!bh__see(self, "linger"))
        return false;
    const bh__look *look = &self->look;
    for (size_t i = 0; i < look->count; i++) {
        const char *text = look->lines[i].text;
        bool thread = strncmp(text, "log close: Thread: ", 19) == 0 || strncmp(text, "log exit: Thread: ", 18) == 0;
        listed += thread;
        if (thread && strstr(text, "Thread: lingering,"))
            lingering = strstr(text, "Thread: ");
    }
    if (!listed)
        return bh__fails(self, "it ended with code %d and listed no threads: neither at the close nor in an exit report",
                         look->exit_code);
    if (!lingering)
        return bh__fails(self, "a thread that was left running was not among the %d lines about threads", listed);
    return bh__passes(self, "%d lines about threads; one that was left running is named: %s", listed, lingering);
}

/* --- try/finally in GUI event handlers */

static bool is_assertion(const char *line)
{
    int status = 0;
    return sscanf(line, "failed status=%d", &status) == 1 && status == BH_ERROR_ASSERTION;
}

bool bh__judge_finally(bh__judging *self)
{
    if (!bh__see(self, "fail"))
        return false;
    if (bh__number(self, "handler ", "deferred") != 1 || bh__number(self, "handler ", "stopped") != 1)
        return bh__fails(self, "a handler that failed did not end with what it had deferred");
    if (!bh__find_failure(self, is_assertion))
        return bh__fails(self, "a handler failed, and nobody was told");
    if (!bh__look_find(&self->look, "gone "))
        return bh__fails(self, "after a handler had failed it did not come to its end, but ended with code %d",
                         self->look.exit_code);
    if (bh__number(self, "guard ", "unwinds") == 0)
        return bh__fails(self, "its own code has no unwind tables: an exception or a failed assertion inside of it would end "
                               "the program; compile with -fexceptions");
    return bh__passes(self,
                      "a handler of an event failed in the middle: what it had deferred ran, it was reported, the window stayed");
}

/* --- atexit.register() cleanup */

/* What the crash has left: its file is removed with the folder, or here if the program keeps records elsewhere. */
static bool has_record(const bh__judging *self)
{
    const char *folder = bh__look_find(&self->look, "crashing ");
    char number[32], path[8192];
    bool found = false;
    snprintf(number, sizeof number, "-%d.crash", (int)self->look.pid);
    const struct dirent *entry;
    DIR *list = folder && folder[0] ? opendir(folder) : NULL;
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (list && (entry = readdir(list))) {
        if (!strstr(entry->d_name, number))
            continue;
        found = true;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (list)
        closedir(list);
    return found;
}

static bool ends_well(bh__judging *self)
{
    if (!bh__see(self, "final"))
        return false;
    if (!bh__look_find(&self->look, "finalized"))
        return bh__fails(self, "it ended with code %d, and its finalisers did not run", self->look.exit_code);
    int late = bh__number(self, "gone ", "late"), failed = bh__number(self, "gone ", "failed");
    return (late <= 0 && failed <= 0) || bh__fails(self, "of its finalisers %d took too long, and %d failed", late, failed);
}

static bool ends_by_exit(bh__judging *self)
{
    if (!bh__see_any_end(self, "exit", NULL))
        return false;
    int code = bh__number(self, "leaving ", "code");
    if (!bh__look_find(&self->look, "finalized"))
        return bh__fails(self, "exit(%d) in a handler: its finalisers did not run", code);
    return (self->look.exit_code == code && code > 0) ||
           bh__fails(self, "exit(%d) in a handler: it ended with code %d, signal %d", code, self->look.exit_code,
                     self->look.signal);
}

bool bh__judge_atexit(bh__judging *self)
{
    if (!ends_well(self) || !ends_by_exit(self) || !bh__see_any_end(self, "crash", NULL))
        return false;
    if (self->look.timed_out || !bh__look_find(&self->look, "crashing "))
        return bh__fails(self, "it was to crash, and did not within %d ms", self->at->timeout_ms);
    if (!has_record(self))
        return bh__fails(self, "it crashed, and left no record");
    if (!self->look.signal && !self->look.exit_code)
        return bh__fails(self, "it crashed, and ended as if all were well");
    return bh__passes(self, "finalisers ran at the close and at exit() in a handler; a crash left a record and ended it by SIG%s",
                      self->look.signal ? sigabbrev_np(self->look.signal) : "? (a sanitizer)");
}

/* --- Top-down signal flow */

static bool is_wrong_thread(const char *line)
{
    int status = 0, gui = 0;
    return sscanf(line, "failed status=%d gui=%d", &status, &gui) == 2 && status == BH_ERROR_THREAD && !gui;
}

bool bh__judge_signals(bh__judging *self)
{
    enum { SENT = 5 };
    if (!bh__see(self, "signals"))
        return false;
    const char *touched = bh__find_failure(self, is_wrong_thread);
    if (touched)
        return bh__fails(self, "a thread that is not the GUI thread touched what is the GUI thread's: %s", touched);
    int arrived = bh__number(self, "signals ", "arrived"), refused = bh__number(self, "signals ", "refused");
    if (arrived != SENT || bh__number(self, "signals ", "order") != SENT || bh__number(self, "signals ", "gui") != SENT)
        return bh__fails(self, "of %d signals of a worker %d arrived, %d in order, %d on the GUI thread", SENT, arrived,
                         bh__number(self, "signals ", "order"), bh__number(self, "signals ", "gui"));
    if (refused != 1)
        return bh__fails(self, "a widget let itself be changed by a worker's thread");
    return bh__passes(self,
                      "%d signals of a worker arrived in order on the GUI thread; a widget refused the worker's own thread; "
                      "no thread of the program tried",
                      SENT);
}

/* --- QTimer.singleShot to stage UI init */

bool bh__judge_staged(bh__judging *self)
{
    if (!bh__see(self, "close"))
        return false;
    int windows = bh__number(self, "loop ", "windows");
    if (windows > 0)
        return bh__fails(self, "%d windows were visible before the event loop ran", windows);
    return bh__passes(self, "no window was visible when the event loop began to run; then came %s",
                      bh__look_find(&self->look, "window "));
}
