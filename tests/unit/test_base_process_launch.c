/* Workers behind a launcher: of many kinds, and of those that are none. */
#include "process_functions.h"
#include "progress.h"

#include "fault/left.h"

#include "base/clock.h"

#include <limits.h>
#include <sys/stat.h>

static bh_status f_forever(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    bh_message *where = bh_message_create();
    bh_message_add_int(where, "pid", getpid());
    bh_message_add_int(where, "relay", getppid());
    bh_job_progress(self, where);
    bh_message_destroy(where);
    return bh_job_sleep(self, 60000);
}

/* What is printed must not get into the stream. */
static bh_status f_print(bh_job *self, bh_message_view arguments, bh_message *result)
{
    for (int i = 0; i < 2000; i++)
        printf("line %d of what nobody asked for\n", i);
    fflush(stdout);
    ssize_t written = write(STDOUT_FILENO, "BHPW\n", 5);
    int input = getchar();
    bh_message_add_int(result, "input", input);
    bh_message_add_int(result, "written", written);
    return bh_message_get_bool(arguments, "fails", false) ? bh_job_fail(self, BH_ERROR_IO, "printed enough") : BH_OK;
}

static bh_status f_storm(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    for (int i = 1; i <= 100000; i++)
        bh_job_percent(self, i, "on its way");
    return bh_message_add_int(result, "count", 100000);
}

static bh_status f_leaves_process(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    (void)self;
    return bh_message_add_int(result, "child", child);
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS,  {"forever", f_forever},      {"print", f_print},
                                                {"storm", f_storm}, {"leave", f_leaves_process}, {0}};

static char folder[] = "/tmp/bulkhead-launch-XXXXXX";

static bh_process_pool *make_pool(const char *launch)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .launch = launch, .cancel_grace_ms = 100,
                                       .term_grace_ms = 100};
    bh_process_pool *pool = bh_process_pool_create(&options);
    assert_non_null(pool);
    return pool;
}

/* An executable file of shell text. Returns its path, good until the next call. */
static const char *script(const char *name, const char *text)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

static int64_t wait_for_progress(bh_future *future, const char *key)
{
    int64_t value = 0;
    for (int i = 0; i < 20000 && !(value = progress_of(future, key)); i++)
        usleep(1000);
    assert_true(value != 0);
    return value;
}

static void assert_gone(pid_t pid)
{
    for (int i = 0; i < 10000 && kill(pid, 0) == 0; i++)
        usleep(1000);
    assert_int_equal(kill(pid, 0), -1);
}

static void assert_adds(const char *launch)
{
    bh_process_pool *pool = make_pool(launch);
    bh_future *future = call_with(pool, "add", "a", 42, NULL, NULL, NULL);
    assert_int_equal(bh_message_get_int(assert_result(future), "sum", 0), 42);
    bh_future_destroy(future);
    close_pool(pool);
}

/* --- launchers */

static void launchers_of_many_kinds(void **state)
{
    (void)state;
    assert_adds("env");
    assert_adds("nice -n 3");
    assert_adds("  env\tA=1   nice -n 1 ");
    assert_adds("sh -c 'exec \"$@\"' sh");
    assert_adds("sh -c '\"$@\"; exit $?' sh");
    assert_adds("sh -c 'cat | \"$@\" | cat' sh"); /* as those do that pass on what comes and goes */
    char quoted[PATH_MAX + 64];
    snprintf(quoted, sizeof quoted, "'%s' \"with 'two' words\" a\\ b",
             script("a launcher", "[ \"$1\" = \"with 'two' words\" ] || exit 9\n"
                                  "[ \"$2\" = 'a b' ] || exit 8\nshift 2\nexec \"$@\""));
    assert_adds(quoted);
}

static void what_is_no_launcher_is_refused(void **state)
{
    static const struct {
        const char *launch, *said;
        bh_status status;
    } wrong[] = {
        {"nice 'n", "a quote or a backslash has no end", BH_ERROR_FORMAT},
        {"nice \\", "a quote or a backslash has no end", BH_ERROR_FORMAT},
        {"''", "it names no program", BH_ERROR_FORMAT},
        {"there-is-no-such-launcher -n1", "there is no program 'there-is-no-such-launcher' in PATH", BH_ERROR_IO},
        {"/nowhere/srun -n1", "there is no program '/nowhere/srun'", BH_ERROR_IO},
        {"/etc/passwd", "that can be run", BH_ERROR_IO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .launch = wrong[i].launch};
        assert_int_equal(bh_process_pool_check_launch(wrong[i].launch), wrong[i].status);
        assert_non_null(strstr(bh_last_error(), wrong[i].said));
        assert_null(bh_process_pool_create(&options));
        assert_non_null(strstr(bh_last_error(), wrong[i].said));
    }
    assert_int_equal(bh_process_pool_check_launch(NULL), BH_ERROR_NULL);
    assert_int_equal(bh_process_pool_check_launch(" \t"), BH_OK);
    assert_int_equal(bh_process_pool_check_launch("nice -n '5'"), BH_OK);
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .launch = "nice", .silence_ms = 5};
    assert_null(bh_process_pool_create(&options));
}

/* Each is an error with a sentence, and soon. */
static void assert_starts_nothing(const char *launch, const char *said)
{
    int64_t begun = bh__clock_ms();
    bh_process_pool *pool = make_pool(launch);
    bh_future *future = call_with(pool, "add", "a", 1, NULL, NULL, NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_LAUNCHER);
    if (!strstr(failure.text, said))
        fail_msg("%s: expected '%s'", failure.text, said);
    assert_true(bh__clock_ms() - begun < 15000);
    bh_future_destroy(future);
    close_pool(pool);
}

static void a_launcher_that_starts_nothing_says_so(void **state)
{
    (void)state;
    assert_starts_nothing("false", "its launcher ended with code 1");
    assert_starts_nothing("sh -c 'echo no node is free >&2; exit 7'", "code 7; it printed: no node is free");
    assert_starts_nothing("sh -c 'kill -9 $$'", "its launcher died of SIGKILL");
    assert_starts_nothing("echo Welcome", "where a worker greets");
    assert_starts_nothing("sh -c 'echo Welcome to node 7; exec \"$@\"' sh", "it sent 'Welcome to node 7.");
    assert_starts_nothing("sh -c 'echo bulkhead-stream 99 what ever; cat' sh", "version 99 of the stream");
    assert_starts_nothing("sh -c 'echo bulkhead-stream 1 9.9.9-9 le64,chunks x 1 moon; cat' sh",
                          "it is Bulkhead 9.9.9-9 on moon");
    assert_starts_nothing("sh -c 'echo bulkhead-stream 1 0.1.0-1 be64 x 1 moon; cat' sh", "its machine is of another kind");
    assert_starts_nothing("sh -c 'echo bulkhead-stream 1 0.1.0-1 le64,chunks 0123 1 moon; cat' sh", "of another start");
    assert_starts_nothing("sh -c 'echo bulkhead-stream 1 0.1.0-1; cat' sh", "breaks off");
}

static void a_launcher_that_hangs_has_a_time(void **state)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .launch = "sleep 60", .start_timeout_ms = 200};
    (void)state;
    options.launch = "sh -c 'exec sleep 60' sh";
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = call_with(pool, "add", "a", 1, NULL, NULL, NULL);
    assert_non_null(strstr(assert_fails(future, BH_FAILURE_LAUNCHER).text, "was not ready in time"));
    bh_future_destroy(future);
    close_pool(pool);
}

/* --- what travels */

static void large_ones_travel_both_ways(void **state)
{
    enum { SIZE = 16 << 20 };
    bh_process_pool *pool = make_pool("env");
    unsigned char *bytes = malloc(SIZE);
    const void *back;
    size_t size;
    (void)state;
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 7 + (i >> 11));
    for (int i = 0; i < 3; i++) {
        bh_message *arguments = bh_message_create();
        bh_message_add_bytes(arguments, "bytes", bytes, SIZE - (size_t)i);
        bh_future *echo = bh_process_pool_submit(pool, "echo", arguments, NULL),
                  *add = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        bh_message_destroy(arguments);
        assert_int_equal(bh_message_read_bytes(assert_result(echo), "bytes", &back, &size), BH_OK);
        assert_int_equal(size, SIZE - i);
        assert_memory_equal(back, bytes, size);
        assert_int_equal(bh_message_get_int(assert_result(add), "sum", -1), i);
        bh_future_destroy(echo);
        bh_future_destroy(add);
    }
    free(bytes);
    close_pool(pool);
}

static void printing_does_not_harm_the_stream(void **state)
{
    bh_process_pool *pool = make_pool("env");
    bh_future *well = call_with(pool, "print", NULL, 0, NULL, NULL, NULL);
    bh_message *arguments = bh_message_create();
    (void)state;
    bh_message_add_bool(arguments, "fails", true);
    bh_future *failing = bh_process_pool_submit(pool, "print", arguments, NULL);
    bh_message_destroy(arguments);
    bh_message_view view = assert_result(well);
    assert_int_equal(bh_message_get_int(view, "input", 0), -1);
    assert_int_equal(bh_message_get_int(view, "written", 0), 5);
    bh_process_failure failure = assert_fails(failing, BH_FAILURE_RETURNED);
    assert_non_null(strstr(failure.output, "line 1999 of what nobody asked for"));
    assert_non_null(strstr(failure.output, "BHPW"));
    bh_future_destroy(well);
    bh_future_destroy(failing);
    close_pool(pool);
}

static void progress_is_the_newest(void **state)
{
    bh_process_pool *pool = make_pool("sh -c 'cat | \"$@\" | cat' sh");
    bh_future *future = call_with(pool, "storm", NULL, 0, NULL, NULL, NULL);
    (void)state;
    assert_result(future);
    assert_int_equal(progress_of(future, "percent"), 100000);
    bh_future_destroy(future);
    close_pool(pool);
}

static void thousands_come_back_in_chunks(void **state)
{
    enum { COUNT = 5000 };
    static bh_future *futures[COUNT];
    static bh_message *arguments[COUNT];
    bh_process_pool *pool = make_pool("env");
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        arguments[i] = bh_message_create();
        bh_message_add_int(arguments[i], "a", i);
    }
    assert_int_equal(bh_process_pool_map(pool, "add", arguments, COUNT, 50, NULL, futures), BH_OK);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(bh_message_get_int(assert_result(futures[i]), "sum", -1), i);
        bh_message_destroy(arguments[i]);
        bh_future_destroy(futures[i]);
    }
    close_pool(pool);
}

/* --- ends */

static void garbage_on_the_stream_ends_its_worker(void **state)
{
    bh_process_pool *pool = make_pool("sh -c '{ sleep 0.7; head -c 300 /dev/zero; } & \"$@\"; s=$?; wait; exit $s' sh");
    bh_future *future = call_with(pool, "sleep", "ms", 20000, NULL, NULL, NULL);
    (void)state;
    assert_non_null(strstr(assert_fails(future, BH_FAILURE_PROTOCOL).text, "sent what is no message"));
    bh_future_destroy(future);
    assert_int_equal(bh_process_pool_close(pool, 5000), BH_OK);
    bh_process_pool_destroy(pool);
}

/* LAUNCHER or relay are killed, as SIGNAL does it: the task is over soon, says so, and nothing goes on. */
static void kill_one(const char *launch, bool relay, int number, bh_failure_kind kind, const char *said)
{
    bh_process_pool *pool = make_pool(launch);
    bh_future *future = call_with(pool, "forever", NULL, 0, NULL, NULL, NULL);
    pid_t worker = (pid_t)wait_for_progress(future, "pid"), between = (pid_t)wait_for_progress(future, "relay");
    kill(relay ? between : worker, number);
    bh_process_failure failure = assert_fails(future, kind);
    if (!strstr(failure.text, said))
        fail_msg("%s: expected '%s'", failure.text, said);
    assert_int_equal(failure.worker_pid, worker);
    assert_gone(worker);
    assert_gone(between);
    bh_future_destroy(future);
    bh_future *next = call_with(pool, "add", "a", 3, NULL, NULL, NULL);
    assert_result(next);
    bh_future_destroy(next);
    close_pool(pool);
}

static void whoever_is_killed_leaves_no_orphan(void **state)
{
    static const char *const launchers[] = {"env", "sh -c '\"$@\"; exit $?' sh", "sh -c 'cat | \"$@\" | cat' sh"};
    (void)state;
    for (size_t i = 0; i < sizeof launchers / sizeof launchers[0]; i++) {
        kill_one(launchers[i], false, SIGKILL, BH_FAILURE_SIGNAL, "killed (SIGKILL), possibly for memory");
        kill_one(launchers[i], false, SIGSEGV, BH_FAILURE_SIGNAL, "died of SIGSEGV");
        kill_one(launchers[i], true, SIGTERM, BH_FAILURE_SIGNAL, "was told to end by SIGTERM");
    }
    kill_one("env", true, SIGKILL, BH_FAILURE_SIGNAL, "its launcher died of SIGKILL");
    kill_one("sh -c '\"$@\"; exit $?' sh", true, SIGKILL, BH_FAILURE_EXIT, "its launcher ended with code 137");
}

static void a_shell_that_is_killed_takes_all_along(void **state)
{
    char launch[PATH_MAX], path[PATH_MAX];
    snprintf(path, sizeof path, "%s/shell", folder);
    snprintf(launch, sizeof launch, "sh -c 'echo $$ >\"$0\"; \"$@\"; exit $?' %.200s", path);
    bh_process_pool *pool = make_pool(launch);
    bh_future *future = call_with(pool, "forever", NULL, 0, NULL, NULL, NULL);
    pid_t worker = (pid_t)wait_for_progress(future, "pid"), relay = (pid_t)wait_for_progress(future, "relay");
    int shell = 0;
    (void)state;
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &shell), 1);
    fclose(file);
    unlink(path);
    kill(shell, SIGKILL);
    assert_fails(future, BH_FAILURE_SIGNAL);
    assert_gone(worker);
    assert_gone(relay);
    bh_future_destroy(future);
    close_pool(pool);
}

static void a_relay_that_is_stopped_is_not_heard_of(void **state)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .launch = "env", .silence_ms = 600};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = call_with(pool, "forever", NULL, 0, NULL, NULL, NULL);
    pid_t worker = (pid_t)wait_for_progress(future, "pid"), relay = (pid_t)wait_for_progress(future, "relay");
    (void)state;
    kill(relay, SIGSTOP);
    assert_non_null(strstr(assert_fails(future, BH_FAILURE_PROTOCOL).text, "was not heard of any more"));
    assert_gone(worker);
    bh_future_destroy(future);
    close_pool(pool);
}

/* A pool that says nothing is not there any more, as far as a worker can know. */
static void a_long_task_outlives_many_silences(void **state)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .launch = "env", .silence_ms = 1200};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = call_with(pool, "sleep", "ms", 4000, NULL, NULL, NULL);
    (void)state;
    assert_result(future);
    bh_future_destroy(future);
    close_pool(pool);
}

static void what_is_cancelled_or_killed_ends(void **state)
{
    bh_process_pool *pool = make_pool("sh -c 'cat | \"$@\" | cat' sh");
    bh_future *sleeping = call_with(pool, "forever", NULL, 0, NULL, NULL, NULL),
              *deaf = call_with(pool, "deaf", NULL, 0, NULL, NULL, NULL);
    bh_future *queued = call_with(pool, "add", "a", 1, NULL, NULL, NULL);
    (void)state;
    wait_for_progress(sleeping, "pid");
    bh_future_cancel(sleeping);
    bh_future_cancel(deaf);
    assert_int_equal(assert_fails(sleeping, BH_FAILURE_CANCELLED).kind, BH_FAILURE_CANCELLED);
    assert_fails(deaf, BH_FAILURE_CANCELLED);
    assert_result(queued);
    bh_future *killed = call_with(pool, "deaf", NULL, 0, NULL, NULL, NULL);
    usleep(100000);
    int64_t begun = bh__clock_ms();
    bh_future_kill(killed);
    assert_fails(killed, BH_FAILURE_CANCELLED);
    assert_true(bh__clock_ms() - begun < 3000);
    bh_future *const all[] = {sleeping, deaf, queued, killed};
    for (size_t i = 0; i < 4; i++)
        bh_future_destroy(all[i]);
    close_pool(pool);
}

static void wait_for_workers(bh_process_pool *pool, int count)
{
    bh_process_pool_statistics counts;
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(bh_process_pool_get_statistics(pool, &counts), BH_OK);
        if (counts.workers == count)
            return;
        usleep(1000);
    }
    fail_msg("%d workers, not %d", counts.workers, count);
}

/* It holds a machine, or waits for one. */
static void what_nobody_needs_is_ended(void **state)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .launch = "env", .idle_ms = 200};
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(&options);
    for (int i = 0; i < 2; i++) {
        bh_future *future = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        assert_result(future);
        bh_future_destroy(future);
        wait_for_workers(pool, 0);
    }
    close_pool(pool);

    options.launch = "sh -c 'exec sleep 60' sh"; /* as one does that waits for a machine */
    pool = bh_process_pool_create(&options);
    bh_future *future = call_with(pool, "add", "a", 1, NULL, NULL, NULL);
    wait_for_workers(pool, 1);
    bh_future_cancel(future);
    assert_fails(future, BH_FAILURE_CANCELLED);
    wait_for_workers(pool, 0);
    bh_future_destroy(future);
    close_pool(pool);
}

static void what_functions_start_ends_with_the_worker(void **state)
{
    bh_process_pool *pool = make_pool("env");
    bh_future *future = call_with(pool, "leave", NULL, 0, NULL, NULL, NULL);
    pid_t child = (pid_t)bh_message_get_int(assert_result(future), "child", 0);
    (void)state;
    assert_int_equal(kill(child, 0), 0);
    bh_future_destroy(future);
    close_pool(pool);
    assert_gone(child);
}

/* Neither by hand nor by another one than the pool that started it. */
static void a_relay_is_not_for_people(void **state)
{
    static const char *const lines[] = {"",   "x", "1:1", "1:9:0123456789abcdef", "1:0:0123456789abcdef", "1:1:0123456789abcdeF",
                                        "a b"};
    char command[PATH_MAX + 200], self[PATH_MAX] = "";
    (void)state;
    assert_non_null(realpath("/proc/self/exe", self));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(command, sizeof command, "'%s' --bulkhead-stream %s </dev/null >/dev/null 2>&1", self, lines[i]);
        assert_int_equal(WEXITSTATUS(system(command)), 2);
    }
    snprintf(command, sizeof command,
             "'%s' --bulkhead-stream 1:1:0123456789abcdef </dev/null 2>&1 | grep -q '^bulkhead-stream 1 '", self);
    assert_int_equal(WEXITSTATUS(system(command)), 0);
    snprintf(command, sizeof command, "echo what is this | '%s' --bulkhead-stream 1:1:0123456789abcdef >/dev/null 2>&1", self);
    assert_int_equal(WEXITSTATUS(system(command)), 2);
}

static void nothing_is_left(void **state)
{
    left before, after;
    (void)state;
    assert_adds("env");
    before = left_now();
    for (int i = 0; i < 5; i++)
        assert_adds("env");
    if (!left_settles(&before, &after, 3000)) {
        left_print(stderr, "before", &before);
        left_print(stderr, "after", &after);
        fail();
    }
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(launchers_of_many_kinds),
        cmocka_unit_test(what_is_no_launcher_is_refused),
        cmocka_unit_test(a_launcher_that_starts_nothing_says_so),
        cmocka_unit_test(a_launcher_that_hangs_has_a_time),
        cmocka_unit_test(large_ones_travel_both_ways),
        cmocka_unit_test(printing_does_not_harm_the_stream),
        cmocka_unit_test(progress_is_the_newest),
        cmocka_unit_test(thousands_come_back_in_chunks),
        cmocka_unit_test(garbage_on_the_stream_ends_its_worker),
        cmocka_unit_test(whoever_is_killed_leaves_no_orphan),
        cmocka_unit_test(a_shell_that_is_killed_takes_all_along),
        cmocka_unit_test(a_relay_that_is_stopped_is_not_heard_of),
        cmocka_unit_test(a_long_task_outlives_many_silences),
        cmocka_unit_test(what_is_cancelled_or_killed_ends),
        cmocka_unit_test(what_nobody_needs_is_ended),
        cmocka_unit_test(what_functions_start_ends_with_the_worker),
        cmocka_unit_test(a_relay_is_not_for_people),
        cmocka_unit_test(nothing_is_left),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char launcher[PATH_MAX];
    snprintf(launcher, sizeof launcher, "%s/a launcher", folder);
    unlink(launcher);
    rmdir(folder);
    return failed;
}
