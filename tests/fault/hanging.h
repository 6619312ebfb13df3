/* A program that hangs, or seems to, with a watchdog that has short times. What that tells comes out as "STAGE n of HANG: where | text", and
 * at the end of the event loop "HANGS n LONGEST ms". */
#ifndef FAULT_HANGING_H
#define FAULT_HANGING_H

#include "guard/watchdog.h"

#include <bulkhead/bulkhead.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NOTICE_MS = 150, STACK_MS = 300, REPORT_MS = 600, PATIENCE_MS = 30000 };

static int64_t now_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ssize_t written = write(STDOUT_FILENO, line, strlen(line));
    (void)written;
}

static atomic_int told[BH_HANG_OVER + 1]; /* how often each stage was */

static void on_hang(const bh_hang *hang, void *user)
{
    (void)user;
    say("STAGE %d of %d: %s | ", (int)hang->stage, (int)hang->number, hang->where);
    ssize_t written = write(STDOUT_FILENO, hang->text, strlen(hang->text));
    (void)written;
    atomic_fetch_add(&told[hang->stage], 1);
}

static void on_drop(void *user)
{
    (void)user;
    say("DROPPED\n");
}

static void pause_for(int ms)
{
    int64_t until = now_ms(CLOCK_MONOTONIC) + ms;
    const struct timespec at = {until / 1000, until % 1000 * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL))
        continue;
}

/* Waits, as for a disk, until STAGE was told. */
__attribute__((noinline)) static void hang_in_reader(bh_hang_stage stage)
{
    const struct timespec moment = {0, 50 * 1000000};
    for (int i = 0; i < PATIENCE_MS / 50 && !atomic_load(&told[stage]); i++)
        nanosleep(&moment, NULL);
}

/* Uses so much time of the processor. */
__attribute__((noinline)) static void compute(int ms)
{
    int64_t until = now_ms(CLOCK_THREAD_CPUTIME_ID) + ms;
    while (now_ms(CLOCK_THREAD_CPUTIME_ID) < until)
        continue;
}

static void say_latency(void)
{
    bh_watchdog_latency latency;
    bh_watchdog_get_latency(&latency);
    say("HANGS %d LONGEST %d\n", (int)latency.hangs, (int)latency.longest_ms);
}

/* What was told of is told to its end first. */
static void quit(void *user)
{
    if (atomic_load(&told[BH_HANG_NOTICED]) > atomic_load(&told[BH_HANG_OVER])) {
        bh_timer_single_shot(20, quit, user);
        return;
    }
    say_latency();
    bh_app_quit(0);
}

static const bh_watchdog_options quick = {BH_WATCHDOG_INIT,       .notice_ms = NOTICE_MS, .stack_ms = STACK_MS,
                                          .report_ms = REPORT_MS, .hang = on_hang,        .drop = on_drop};

/* WHAT runs in the event loop, once that rests; and a moment later the program ends. */
static void (*what)(void *user);
static const bh_watchdog_options *how;

static void run_what(void *user)
{
    bh_watchdog_start(how); /* here: how long the application takes is not what is looked at */
    what(user);
    bh_timer_single_shot(NOTICE_MS, quit, NULL);
}

static int run_in_loop(void (*fn)(void *user), const bh_watchdog_options *options)
{
    what = fn;
    how = options;
    if (!bh_app_create(0, NULL))
        return 1;
    bh_call(bh_create("QWidget", NULL), "show"); /* the loop does not end with a dialog */
    bh_timer_single_shot(30, run_what, NULL);
    return bh_app_exec();
}

static void hang_long(void *user)
{
    (void)user;
    hang_in_reader(BH_HANG_REPORT);
}

static void hang_for_a_stack(void *user)
{
    (void)user;
    hang_in_reader(BH_HANG_STACK);
}

static bh_status wait_for_cancel(bh_worker_context *self, void *user)
{
    (void)user;
    bh_worker_sleep(self, 60000);
    return BH_OK;
}

static const bh_class waiting = {BH_CLASS_INIT, .name = "Waiting", .run = wait_for_cancel};

static void hang_beside_a_worker(void *user)
{
    bh_worker *worker = bh_worker_create(&waiting, NULL);
    bh_worker_start(worker);
    hang_long(user);
    bh_worker_cancel(worker);
}

/* --- nested loops */

static bh_object *dialog;

static void close_dialog(void *user)
{
    (void)user;
    bh_call(dialog, "accept");
}

static void turn_in_a_dialog(void *user)
{
    (void)user;
    dialog = bh_create("QDialog", NULL);
    bh_timer_single_shot(3 * REPORT_MS / 2, close_dialog, NULL);
    bh_call(dialog, "exec");
    bh_destroy(dialog);
}

static void hang_and_close(void *user)
{
    hang_long(user);
    close_dialog(user);
}

static void hang_in_a_dialog(void *user)
{
    (void)user;
    dialog = bh_create("QDialog", NULL);
    bh_timer_single_shot(20, hang_and_close, NULL);
    bh_call(dialog, "exec");
}

static void hang_after_a_dialog(void *user)
{
    dialog = bh_create("QDialog", NULL);
    bh_timer_single_shot(20, close_dialog, NULL);
    bh_call(dialog, "exec");
    hang_long(user);
}

static void process_events(void *user)
{
    (void)user;
    int64_t until = now_ms(CLOCK_MONOTONIC) + 3 * REPORT_MS / 2;
    while (now_ms(CLOCK_MONOTONIC) < until) {
        bh_app_process_events(0);
        pause_for(10);
    }
}

/* --- what is none */

static void sleep_with_the_machine(void *user)
{
    (void)user;
    for (int i = 0; i < 10; i++) {
        pause_for(NOTICE_MS / 2);
        bh__watchdog_sleep_machine(60000);
    }
}

static void be_stopped(void *user)
{
    (void)user;
    say("READY\n");
    compute(60);
}

static bool is_traced(void)
{
    return bh__system_has_debugger();
}

static void be_traced(void *user)
{
    (void)user;
    pause_for(2 * REPORT_MS);
    say(is_traced() ? "STILL TRACED\n" : "NOT TRACED\n");
}

static void wait_for_tracer(void *user)
{
    static int turns;
    if (!is_traced() && turns++ < 2000) {
        bh_timer_single_shot(5, wait_for_tracer, NULL);
        return;
    }
    be_traced(user);
    quit(NULL);
}

static int run_traced(void)
{
    if (!bh_app_create(0, NULL) || bh_watchdog_start(&quick))
        return 1;
    say("READY\n");
    bh_timer_single_shot(0, wait_for_tracer, NULL);
    return bh_app_exec();
}

static void compute_a_little(void *user)
{
    int *left = user;
    compute(50);
    if (--*left > 0)
        bh_timer_single_shot(0, compute_a_little, left);
    else
        quit(NULL);
}

/* Work in turns of 50 ms while others want the processors, too; with HANGS, one that is too long. */
static int run_under_load(bool hangs)
{
    static int left = 10;
    const bh_watchdog_options options = {BH_WATCHDOG_INIT, .hang = on_hang};
    if (!bh_app_create(0, NULL) || bh_watchdog_start(&options))
        return 1;
    say("READY\n");
    if (hangs)
        bh_timer_single_shot(0, hang_for_a_stack, NULL);
    bh_timer_single_shot(10, compute_a_little, &left);
    return bh_app_exec();
}

static _Noreturn void burn(void)
{
    pid_t parent = getppid();
    while (getppid() == parent)
        compute(10);
    _exit(0);
}

/* --- where there is no event loop */

static int hang_before(void)
{
    if (bh_watchdog_start(&quick))
        return 1;
    hang_long(NULL);
    if (!bh_app_create(0, NULL))
        return 1;
    bh_timer_single_shot(0, quit, NULL);
    return bh_app_exec();
}

static bh_status hang_in_stage(bh_startup *self, void *user)
{
    (void)self;
    hang_long(user);
    return BH_OK;
}

static void on_started(void *user, bh_status status)
{
    (void)status;
    bh_timer_single_shot(0, quit, user);
}

static int hang_in_startup(void)
{
    static const bh_startup_stage stages[] = {{BH_STARTUP_STAGE_INIT, .name = "Reading", .run = hang_in_stage}};
    if (!bh_app_create(0, NULL) || bh_watchdog_start(&quick))
        return 1;
    bh_startup_start(
        &(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 1, .no_splash = true, .ended = on_started});
    return bh_app_exec();
}

static bh_status slow_finalizer(void *user)
{
    hang_long(user);
    return BH_OK;
}

static int hang_at_the_end(void)
{
    if (!bh_app_create(0, NULL) || bh_watchdog_start(&quick))
        return 1;
    bh_finalizer_add("slow", slow_finalizer, NULL, PATIENCE_MS);
    bh_timer_single_shot(0, quit, NULL);
    return bh_app_exec();
}

/* --- the log hangs, and with it the GUI thread */

static void write_slowly(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)level;
    (void)line;
    if (strcmp(category, "slow") == 0)
        hang_long(user);
}

static void hang_in_the_log(void *user)
{
    (void)user;
    bh_set_log_handler((bh_log_handler){write_slowly, NULL});
    bh_log(BH_LOG_INFO, "slow", "a line");
}

static int run_idle(void)
{
    const bh_watchdog_options options = {BH_WATCHDOG_INIT, .hang = on_hang};
    if (bh_watchdog_start(&options) || !bh_app_create(0, NULL))
        return 1;
    bh_object *window = bh_create("QWidget", NULL);
    bh_call(window, "show");
    say("READY\n");
    return bh_app_exec();
}

/* --- verbs */

static int run_verb(const char *verb)
{
    static const struct {
        const char *verb;
        void (*fn)(void *user);
    } in_loop[] = {{"hang", hang_long},
                   {"worker", hang_beside_a_worker},
                   {"dialog", turn_in_a_dialog},
                   {"hang-dialog", hang_in_a_dialog},
                   {"after-dialog", hang_after_a_dialog},
                   {"process", process_events},
                   {"suspend", sleep_with_the_machine},
                   {"stop", be_stopped},
                   {"log", hang_in_the_log}};
    static const struct {
        const char *verb;
        int (*fn)(void);
    } whole[] = {{"traced", run_traced},
                 {"before", hang_before},
                 {"startup", hang_in_startup},
                 {"end", hang_at_the_end},
                 {"idle", run_idle}};
    for (size_t i = 0; i < sizeof in_loop / sizeof in_loop[0]; i++)
        if (strcmp(verb, in_loop[i].verb) == 0)
            return run_in_loop(in_loop[i].fn, &quick);
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (strcmp(verb, whole[i].verb) == 0)
            return whole[i].fn();
    if (strcmp(verb, "usual") == 0)
        return run_in_loop(hang_long, &(bh_watchdog_options){BH_WATCHDOG_INIT, .hang = on_hang});
    if (strcmp(verb, "load") == 0 || strcmp(verb, "load-hang") == 0)
        return run_under_load(strcmp(verb, "load") != 0);
    burn();
}

static inline int hanging_run(const char *verb, const char *argument)
{
    if (strcmp(argument, "unix") == 0)
        setenv("QT_NO_GLIB", "1", 1);
    return run_verb(verb);
}

#endif
