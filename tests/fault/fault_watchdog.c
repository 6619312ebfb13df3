/* Hangs of the GUI thread, and what merely looks like one. Each case is a process of its own: this program, called with a verb. */
#include "child.h"

#include "fault/hanging.h"

#include <bulkhead/bulkhead.h>
#include <dirent.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { BURNERS = 6 };

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
    snprintf(where, sizeof where, "STAGE 1 of 1: %s (hanging.h:", function);
    snprintf(sentence, sizeof sentence, " ms, %s, in %s (hanging.h:", phase, function);
    assert_order(one, "STAGE 0 of 1: ", where, "hang 1: the GUI thread has been busy for ", sentence, function,
                 "STAGE 2 of 1: ", "; all threads:", "Thread: ", "#0 ", function,
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
        assert_true(longest_of(&one) >= REPORT_MS);
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
        assert_true(longest_of(&one) < NOTICE_MS);
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
    char *options = getenv("LSAN_OPTIONS") ? strdup(getenv("LSAN_OPTIONS")) : NULL;
    setenv("LSAN_OPTIONS", "detect_leaks=0", 1); /* LeakSanitizer traces, too: one debugger is all that a process may have */
    child_start(&one, "traced", "glib");
    if (options)
        setenv("LSAN_OPTIONS", options, 1);
    else
        unsetenv("LSAN_OPTIONS");
    free(options);
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
    assert_non_null(strstr(two.text, "STAGE 1 of 1: hang_in_reader (hanging.h:"));
    assert_int_equal(count(&two, "STAGE 0"), 1);
}

/* --- rest */

static long switches_in(FILE *file)
{
    char line[256];
    long value = -1;
    while (value < 0 && fgets(line, sizeof line, file))
        sscanf(line, "voluntary_ctxt_switches: %ld", &value);
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
            sum += switches_in(file);
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
        return hanging_run(argv[1], argv[2]);
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
