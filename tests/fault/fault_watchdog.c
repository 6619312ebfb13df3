/* Hangs of the GUI thread, and what merely looks like one. Each case is a process of its own: this program, called with a verb; what the
 * watchdog tells comes out as lines "STAGE n: where | first line of the text". */
#include "child.h"

#include "guard/watchdog.h"

#include <bulkhead/bulkhead.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { NOTICE_MS = 100, STACK_MS = 250, REPORT_MS = 600, BURNERS = 6 };

/* --- what the child does */

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
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    ssize_t written = write(STDOUT_FILENO, line, (size_t)length);
    (void)written;
}

static void on_hang(const bh_hang *hang, void *user)
{
    (void)user;
    say("STAGE %d of %d: %s | %s", (int)hang->stage, (int)hang->number, hang->where, hang->text);
}

static void on_drop(void *user)
{
    (void)user;
    say("DROPPED\n");
}

/* Waits, as for a disk. */
__attribute__((noinline)) static void hang_in_reader(int ms)
{
    const struct timespec moment = {0, 5 * 1000000};
    int64_t until = now_ms(CLOCK_MONOTONIC) + ms;
    while (now_ms(CLOCK_MONOTONIC) < until)
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

static void quit(void *user)
{
    (void)user;
    say_latency();
    bh_app_quit(0);
}

/* WHAT runs in the event loop, once that rests; and a moment later the program ends. */
static void (*what)(void *user);
static int later_ms = 150;

static void run_what(void *user)
{
    what(user);
    bh_timer_single_shot(later_ms, quit, NULL);
}

static int run_in_loop(void (*fn)(void *user), const bh_watchdog_options *options)
{
    what = fn;
    if (bh_watchdog_start(options) || !bh_app_create(0, NULL))
        return 1;
    bh_timer_single_shot(30, run_what, NULL);
    return bh_app_exec();
}

static const bh_watchdog_options quick = {BH_WATCHDOG_INIT,       .notice_ms = NOTICE_MS, .stack_ms = STACK_MS,
                                          .report_ms = REPORT_MS, .hang = on_hang,        .drop = on_drop};

static void hang_long(void *user)
{
    (void)user;
    hang_in_reader(2 * REPORT_MS);
}

static void hang_six_seconds(void *user)
{
    (void)user;
    hang_in_reader(6000);
}

static bh_status wait_for_cancel(bh_worker_context *self, void *user)
{
    (void)user;
    bh_worker_sleep(self, 60000);
    return BH_OK;
}

static const bh_class waiting = {BH_CLASS_INIT, .name = "Waiting", .run = wait_for_cancel};

static void hang_three_seconds(void *user)
{
    (void)user;
    hang_in_reader(3000);
}

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
        hang_in_reader(10);
    }
}

/* --- what is none */

static void sleep_with_the_machine(void *user)
{
    (void)user;
    for (int i = 0; i < 10; i++) {
        hang_in_reader(NOTICE_MS / 2);
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
    hang_in_reader(2 * REPORT_MS);
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
    if (bh_watchdog_start(&quick) || !bh_app_create(0, NULL))
        return 1;
    say("READY\n");
    wait_for_tracer(NULL);
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
    if (bh_watchdog_start(&options) || !bh_app_create(0, NULL))
        return 1;
    say("READY\n");
    if (hangs)
        bh_timer_single_shot(0, hang_three_seconds, NULL);
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
    hang_in_reader(2 * REPORT_MS);
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
    bh_timer_single_shot(later_ms, quit, user);
}

static int hang_in_startup(void)
{
    static const bh_startup_stage stages[] = {{BH_STARTUP_STAGE_INIT, .name = "Reading", .run = hang_in_stage}};
    if (bh_watchdog_start(&quick) || !bh_app_create(0, NULL))
        return 1;
    bh_startup_start(
        &(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 1, .no_splash = true, .ended = on_started});
    return bh_app_exec();
}

static bh_status slow_finalizer(void *user)
{
    (void)user;
    hang_in_reader(2 * REPORT_MS);
    return BH_OK;
}

static int hang_at_the_end(void)
{
    if (bh_watchdog_start(&quick) || !bh_app_create(0, NULL))
        return 1;
    bh_finalizer_add("slow", slow_finalizer, NULL, 10000);
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
        return run_in_loop(hang_six_seconds, &(bh_watchdog_options){BH_WATCHDOG_INIT, .hang = on_hang});
    if (strcmp(verb, "load") == 0 || strcmp(verb, "load-hang") == 0)
        return run_under_load(strcmp(verb, "load") != 0);
    burn();
}

static int run_child(const char *verb, const char *argument)
{
    if (strcmp(argument, "unix") == 0)
        setenv("QT_NO_GLIB", "1", 1);
    return run_verb(verb);
}

/* --- what the test looks at */

static int count(const child *one, const char *text)
{
    int found = 0;
    for (const char *at = one->text; (at = strstr(at, text)); at += strlen(text))
        found++;
    return found;
}

static child run(const char *verb, const char *argument)
{
    static child one;
    child_run(&one, verb, argument);
    assert_code(&one, 0);
    return one;
}

/* One hang was told of, from beginning to end, in FUNCTION; and nothing else. */
static void check_told_once(const child *one, const char *function, const char *phase)
{
    char where[128], sentence[128];
    snprintf(where, sizeof where, "STAGE 1 of 1: %s (fault_watchdog.c:", function);
    snprintf(sentence, sizeof sentence, " ms, %s, in %s (fault_watchdog.c:", phase, function);
    assert_order(one, "STAGE 0 of 1: ", where, "hang 1: the GUI thread has been busy for ", sentence, function,
                 "STAGE 2 of 1: ", "; all threads:", "Thread: GUI, gui: ", "#0 ", function,
                 "Thread: bh-watchdog, library: ", "STAGE 3 of 1: ", "hang 1 is over after ");
    assert_int_equal(count(one, "STAGE"), 4);
    assert_non_null(strstr(one->text, "bulkhead: warning: watchdog: hang 1: the GUI thread has been busy for "));
}

static void check_quiet(const child *one)
{
    if (count(one, "STAGE") || !strstr(one->text, "HANGS 0 "))
        print_error("told of:\n%s\n", one->text);
    assert_int_equal(count(one, "STAGE"), 0);
    assert_non_null(strstr(one->text, "HANGS 0 "));
}

static int longest_of(const child *one)
{
    const char *at = strstr(one->text, "LONGEST ");
    assert_non_null(at);
    return atoi(at + strlen("LONGEST "));
}

/* --- hangs */

static const char *const loops[] = {"glib", "unix"};

static void a_hang_is_told_of_once(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        child one = run("hang", loops[i]);
        check_told_once(&one, "hang_in_reader", "in its event loop");
        assert_in_range(longest_of(&one), 2 * REPORT_MS, 10 * REPORT_MS);
        assert_int_equal(count(&one, "DROPPED"), 1);
    }
}

static void the_usual_times_are_those_of_the_manual(void **state)
{
    (void)state;
    child one = run("usual", "glib");
    check_told_once(&one, "hang_in_reader", "in its event loop");
    assert_order(&one, "busy for 1", "busy for 1", "busy for 5");
}

static void a_report_has_the_stacks_of_workers(void **state)
{
    (void)state;
    child one = run("worker", "glib");
    check_told_once(&one, "hang_in_reader", "in its event loop");
    assert_order(&one, "Thread: Waiting, worker: ", "wait_for_cancel (");
}

static void a_dialog_that_turns_is_no_hang(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        child one = run("dialog", loops[i]);
        check_quiet(&one);
        assert_true(longest_of(&one) < REPORT_MS);
    }
}

static void a_loop_of_ones_own_is_no_hang(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        child one = run("process", loops[i]);
        check_quiet(&one);
    }
}

static void a_dialog_that_hangs_is_one(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        child one = run("hang-dialog", loops[i]);
        check_told_once(&one, "hang_in_reader", "in its event loop");
        one = run("after-dialog", loops[i]);
        check_told_once(&one, "hang_in_reader", "in its event loop");
    }
}

static void a_start_that_hangs_is_one(void **state)
{
    (void)state;
    child one = run("before", "glib");
    check_told_once(&one, "hang_in_reader", "before its event loop");
    one = run("startup", "glib");
    check_told_once(&one, "hang_in_reader", "in its event loop");
}

static void an_end_that_hangs_is_one(void **state)
{
    (void)state;
    child one = run("end", "glib");
    assert_order(&one, "STAGE 0 of 1: ", "STAGE 1 of 1: ", " (finalizer.c:", "after its event loop, in ", "slow_finalizer",
                 "DROPPED");
    assert_int_equal(count(&one, "STAGE 1"), 1);
}

static void a_hang_in_the_log_is_told_to_the_program(void **state)
{
    (void)state;
    child one = run("log", "glib");
    assert_order(&one, "STAGE 0 of 1: ", "STAGE 1 of 1: hang_in_reader (", "STAGE 2 of 1: ", "STAGE 3 of 1: ");
}

/* --- what looks like a hang */

static void a_machine_that_sleeps_does_not_hang(void **state)
{
    (void)state;
    child one = run("suspend", "glib");
    check_quiet(&one);
}

static void a_process_that_is_stopped_does_not_hang(void **state)
{
    const struct timespec stopped = {1, 0};
    static child one;
    (void)state;
    for (int i = 0; i < 2; i++) {
        child_start(&one, "stop", loops[i]);
        child_read(&one, "READY");
        kill(one.pid, SIGSTOP);
        nanosleep(&stopped, NULL);
        kill(one.pid, SIGCONT);
        child_end(&one);
        assert_code(&one, 0);
        check_quiet(&one);
        assert_true(longest_of(&one) < 1000);
    }
}

static void with_a_debugger_nothing_is_told(void **state)
{
    static child one;
    (void)state;
    child_start(&one, "traced", "glib");
    child_read(&one, "READY");
    if (ptrace(PTRACE_SEIZE, one.pid, NULL, NULL)) {
        kill(one.pid, SIGKILL);
        child_end(&one);
        skip(); /* where nobody may trace */
    }
    child_end(&one);
    assert_code(&one, 0);
    assert_non_null(strstr(one.text, "STILL TRACED"));
    check_quiet(&one);
}

static void a_busy_machine_is_no_hang_and_hides_none(void **state)
{
    static child burners[BURNERS];
    static child one, two;
    (void)state;
    for (int i = 0; i < BURNERS; i++)
        child_start(&burners[i], "burn", "glib");
    child_run(&one, "load", "glib");
    child_run(&two, "load-hang", "glib");
    for (int i = 0; i < BURNERS; i++) {
        kill(burners[i].pid, SIGKILL);
        child_end(&burners[i]);
    }
    assert_code(&one, 0);
    check_quiet(&one);
    assert_code(&two, 0);
    assert_non_null(strstr(two.text, "STAGE 1 of 1: hang_in_reader (fault_watchdog.c:"));
    assert_int_equal(count(&two, "STAGE 0"), 1);
}

/* --- rest */

static long number_of_line(FILE *file, const char *format)
{
    char line[256];
    long value = -1;
    while (value < 0 && fgets(line, sizeof line, file))
        sscanf(line, format, &value);
    return value;
}

/* How often the GUI thread and the watchdog have gone to sleep. */
static long switches_of(pid_t pid)
{
    char path[300], name[64] = "";
    long sum = 0;
    int threads = 0;
    const struct dirent *entry;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *list = opendir(path);
    while (list && (entry = readdir(list))) {
        snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid, entry->d_name);
        FILE *file = fopen(path, "re");
        if (file && fscanf(file, "Name: %63[^\n]", name) == 1 &&
            (atoi(entry->d_name) == pid || strcmp(name, "bh-watchdog") == 0)) {
            sum += number_of_line(file, "voluntary_ctxt_switches: %ld");
            threads++;
        }
        if (file)
            fclose(file);
    }
    if (list)
        closedir(list);
    assert_int_equal(threads, 2);
    return sum;
}

/* The same, once it does not change any more. */
static long settled(pid_t pid)
{
    const struct timespec moment = {0, 100 * 1000000};
    long before = -1, now = 0;
    for (int i = 0; i < 100 && now != before; i++) {
        before = now;
        nanosleep(&moment, NULL);
        now = switches_of(pid);
    }
    assert_int_equal(now, before);
    return now;
}

static void nobody_wakes_while_nothing_happens(void **state)
{
    const struct timespec rest = {1, 0};
    static child one;
    (void)state;
    for (int i = 0; i < 2; i++) {
        child_start(&one, "idle", loops[i]);
        child_read(&one, "READY");
        long before = settled(one.pid);
        nanosleep(&rest, NULL);
        assert_int_equal(switches_of(one.pid), before);
        kill(one.pid, SIGTERM);
        child_end(&one);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return run_child(argv[1], argv[2]);
    setenv("QT_QPA_PLATFORM", "offscreen", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hang_is_told_of_once),
        cmocka_unit_test(the_usual_times_are_those_of_the_manual),
        cmocka_unit_test(a_report_has_the_stacks_of_workers),
        cmocka_unit_test(a_dialog_that_turns_is_no_hang),
        cmocka_unit_test(a_loop_of_ones_own_is_no_hang),
        cmocka_unit_test(a_dialog_that_hangs_is_one),
        cmocka_unit_test(a_start_that_hangs_is_one),
        cmocka_unit_test(an_end_that_hangs_is_one),
        cmocka_unit_test(a_hang_in_the_log_is_told_to_the_program),
        cmocka_unit_test(a_machine_that_sleeps_does_not_hang),
        cmocka_unit_test(a_process_that_is_stopped_does_not_hang),
        cmocka_unit_test(with_a_debugger_nothing_is_told),
        cmocka_unit_test(a_busy_machine_is_no_hang_and_hides_none),
        cmocka_unit_test(nobody_wakes_while_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
