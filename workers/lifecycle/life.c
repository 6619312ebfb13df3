/* The life of the program, moment by moment. The bridge finds this table where the library is loaded, so that all is in place once
 * bh_app_create has returned, without static initialisers. */
#include "lifecycle/life.h"

#include "checklist/inside.h"
#include "core/door.h"
#include "guard/crash.h"
#include "guard/watchdog.h"
#include "lifecycle/close.h"
#include "lifecycle/exit_report.h"
#include "lifecycle/finalizer.h"
#include "lifecycle/startup.h"
#include "lifecycle/threads.h"
#include "thread/end.h"
#include "thread/task.h"

#include <stdio.h>
#include <unistd.h>

static void on_creating(void)
{
    bh__crash_hook_begin(); /* first: what follows may crash */
    bh__inside_creating();
    bh__exit_report_before_app();
    bh__door_when_pool_cleared(bh__tasks_cancel_waiting);
    bh__finalizers_at_exit(); /* before what the bridge registers: handlers run backwards, and it takes the application down first */
}

static void on_created(void)
{
    bh__exit_report_app_created();
    bh__door_quit_ask_with(bh__close_all);
    bh__watchdog_app_created();
    bh__inside_created();
}

static void on_loop_begins(void)
{
    bh__exit_report_loop_begins();
    bh__close_loop(true);
    bh__watchdog_loop_begins();
    bh__inside_loop_begins();
}

static void on_loop_ended(int code)
{
    bh__watchdog_loop_ended();
    bh__close_loop(false);
    bh__inside_loop_ended(code);
    bh__exit_report_loop_ended(code);
    bh__startup_stop();
}

static void on_ending(void)
{
    bh__startup_stop();
    bh__exit_report_ending();
}

static void on_gone(void)
{
    bh__finalizers_run();
    bh__exit_report_write();
    bh__inside_gone();
    bh__watchdog_gone(); /* last: what hangs in the others is seen */
}

/* --- the end of the process */

static void count_ours(const bh_thread_info *thread, void *count)
{
    *(int *)count += thread->alive && thread->kind >= BH_THREAD_WORKER && thread->kind <= BH_THREAD_POOL;
}

/* Not fflush(NULL): a thread that hangs in a write would hold it up. */
static void flush(FILE *stream)
{
    if (ftrylockfile(stream))
        return;
    fflush(stream);
    funlockfile(stream);
}

/* Threads that were left running would go on while the destructors of Qt's globals, and of the program's, take away what they use. */
static void leave_threads_behind(int code)
{
    int ours = 0;
    bh__threads_each(count_ours, &ours);
    if (!ours)
        return;
    flush(stdout);
    flush(stderr);
    _exit(code);
}

void bh__life_at_exit(int code)
{
    on_gone();
    bh__crash_hook_end();
    leave_threads_behind(code);
}

const bh__door_life bh__door_life_above = {on_creating, on_created,   on_loop_begins, on_loop_ended,
                                           on_ending,   bh__end_work, on_gone};
