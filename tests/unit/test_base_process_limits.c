/* What a worker may not: use more than its limits, leave processes behind, or drown its pool in output. */
#include "process_functions.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = true }; /* they need terabytes of addresses */
#else
enum { SANITIZED = false };
#endif

static bh_status f_eat(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    int64_t megabytes = bh_message_get_int(arguments, "megabytes", 1000);
    for (int64_t i = 0; i < megabytes; i++) {
        unsigned char *more = malloc(1 << 20);
        if (!more)
            return bh_job_fail(self, BH_ERROR_MEMORY, "no more than %d MiB", (int)i);
        memset(more, 1, 1 << 20);
        if (bh_job_attempt(self) < 0)
            free(more); /* it leaks, and that is what it is for */
    }
    return BH_OK;
}

static bh_status f_spin(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    for (volatile unsigned long i = 0; bh_job_attempt(self) > 0; i++)
        continue;
    return BH_OK;
}

static bh_status f_open(bh_job *self, bh_message_view arguments, bh_message *result)
{
    int count = 0;
    (void)self;
    (void)arguments;
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
        count++;
    bh_message_add_int(result, "errno", errno);
    return bh_message_add_int(result, "count", count);
}

static bh_status f_print(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    for (int64_t i = 0; i < bh_message_get_int(arguments, "lines", 100000); i++)
        printf("line %08d\n", (int)i);
    return bh_job_fail(self, BH_ERROR, "said it all");
}

/* Starts a process that outlives the task: in the worker's group, or in a session of its own. */
static bh_status f_leave(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    bool session = bh_message_get_bool(arguments, "session", false);
    char command[128];
    snprintf(command, sizeof command, "%s sleep 300 >/dev/null 2>&1 & echo $! >&2", session ? "setsid" : "");
    if (system(command) != 0)
        return BH_ERROR;
    usleep(20000);
    kill(getpid(), SIGKILL);
    return bh_job_sleep(self, 1000);
}

static const bh_process_function functions[] = {
    PROCESS_FUNCTIONS, {"eat", f_eat}, {"spin", f_spin}, {"open", f_open}, {"print", f_print}, {"leave", f_leave}, {0}};

static void memory_has_a_limit(void **state)
{
    (void)state;
    if (SANITIZED)
        skip();
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .limits = {.memory = 200u << 20}};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = bh_process_pool_submit(pool, "eat", NULL, NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_MEMORY);
    assert_int_equal(failure.status, BH_ERROR_MEMORY);
    bh_future_destroy(future);
    close_pool(pool);
}

static void a_worker_that_grows_is_replaced(void **state)
{
    int64_t first, second;
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .memory_growth = 8 << 20};
    bh_process_pool *pool = bh_process_pool_create(&options);
    static const char *const order[] = {"pid", "pid", "eat", "pid"};
    int64_t pids[4] = {0};
    for (int i = 0; i < 4; i++) {
        bh_future *future = call_with(pool, order[i], "megabytes", 32, NULL, NULL, NULL);
        pids[i] = bh_message_get_int(assert_result(future), "pid", 0);
        bh_future_destroy(future);
    }
    first = pids[1];
    second = pids[3];
    assert_int_equal(pids[0], first);
    assert_int_not_equal(first, second);
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.deaths, 0);
    close_pool(pool);
}

static void processor_time_has_a_limit(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .limits = {.cpu_s = 1}};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = bh_process_pool_submit(pool, "spin", NULL, NULL);
    assert_int_equal(assert_fails(future, BH_FAILURE_SIGNAL).signal, SIGXCPU);
    bh_future_destroy(future);
    close_pool(pool);
}

static void descriptors_have_a_limit(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .limits = {.descriptors = 32}};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = bh_process_pool_submit(pool, "open", NULL, NULL);
    bh_message_view result = assert_result(future);
    assert_int_equal(bh_message_get_int(result, "errno", 0), EMFILE);
    assert_in_range(bh_message_get_int(result, "count", 0), 1, 31);
    bh_future_destroy(future);
    /* A result that needs a descriptor fails, and says so; one that is fetched needs none. */
    future = call_with(pool, "big", "size", 40 << 20, NULL, NULL, NULL);
    assert_fails(future, BH_FAILURE_MEMORY);
    bh_future_destroy(future);
    future = call_with(pool, "big", "size", 1 << 20, NULL, NULL, NULL);
    assert_result(future);
    bh_future_destroy(future);
    close_pool(pool);
}

static void output_is_kept_to_a_cap(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .output = 1000};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = bh_process_pool_submit(pool, "print", NULL, NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_RETURNED);
    assert_int_equal(failure.output_size, 1000);
    assert_string_equal(failure.output + 1000 - strlen("line 00099999\n"), "line 00099999\n");
    bh_future_destroy(future);
    future = call_with(pool, "print", "lines", 1, NULL, NULL, NULL);
    assert_string_equal(assert_fails(future, BH_FAILURE_RETURNED).output, "line 00000000\n");
    bh_future_destroy(future);
    close_pool(pool);
}

/* Ended; who collects it is not our matter. */
static bool is_gone(int pid)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    bool gone = !file || !fgets(text, sizeof text, file) || strstr(text, ") Z ");
    if (file)
        fclose(file);
    return gone;
}

static void what_a_worker_has_started_dies_with_it(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    for (int session = 0; session <= 1; session++) {
        bh_message *arguments = bh_message_create();
        bh_message_add_bool(arguments, "session", session);
        bh_future *future = bh_process_pool_submit(pool, "leave", arguments, NULL);
        bh_message_destroy(arguments);
        int pid = atoi(assert_fails(future, BH_FAILURE_SIGNAL).output);
        assert_true(pid > 1);
        for (int i = 0; i < 5000 && !is_gone(pid); i++)
            usleep(1000);
        assert_true(is_gone(pid));
        bh_future_destroy(future);
    }
    close_pool(pool);
}

static void children_of_the_program_are_left_alone(void **state)
{
    (void)state;
    pid_t own = fork();
    if (own == 0) {
        usleep(200000);
        _exit(9);
    }
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = call_with(pool, "die", NULL, 0, "how", "kill", NULL);
    assert_fails(future, BH_FAILURE_SIGNAL);
    bh_future_destroy(future);
    close_pool(pool);
    int status = 0;
    assert_int_equal(waitpid(own, &status, 0), own);
    assert_int_equal(WEXITSTATUS(status), 9);
}

static void a_program_that_ignores_sigchld_is_served_too(void **state)
{
    (void)state;
    signal(SIGCHLD, SIG_IGN);
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *dies = call_with(pool, "die", NULL, 0, "how", "kill", NULL);
    bh_process_failure failure;
    assert_int_equal(bh_future_wait(dies, 20000), BH_OK);
    assert_int_equal(bh_future_failure(dies, &failure), BH_OK);
    assert_non_null(strstr(failure.text, test_launcher() ? "SIGKILL" : "collected how"));
    bh_future *lives = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_result(lives);
    bh_future_destroy(dies);
    bh_future_destroy(lives);
    close_pool(pool);
    signal(SIGCHLD, SIG_DFL);
}

static void stopped_workers_end_too(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .cancel_grace_ms = 30, .term_grace_ms = 30};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_submit_options submit = {BH_SUBMIT_OPTIONS_INIT, .run_ms = 100};
    bh_future *pid = bh_process_pool_submit(pool, "pid", NULL, NULL);
    int worker = (int)bh_message_get_int(assert_result(pid), "pid", 0);
    bh_future *future = bh_process_pool_submit(pool, "deaf", NULL, &submit);
    while (bh_future_get_state(future) != BH_FUTURE_RUNNING)
        usleep(1000);
    kill(worker, SIGSTOP);
    assert_fails(future, BH_FAILURE_DEADLINE);
    bh_future_destroy(pid);
    bh_future_destroy(future);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_has_a_limit),
        cmocka_unit_test(a_worker_that_grows_is_replaced),
        cmocka_unit_test(processor_time_has_a_limit),
        cmocka_unit_test(descriptors_have_a_limit),
        cmocka_unit_test(output_is_kept_to_a_cap),
        cmocka_unit_test(what_a_worker_has_started_dies_with_it),
        cmocka_unit_test(children_of_the_program_are_left_alone),
        cmocka_unit_test(a_program_that_ignores_sigchld_is_served_too),
        cmocka_unit_test(stopped_workers_end_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
