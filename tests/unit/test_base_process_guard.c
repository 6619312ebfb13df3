/* The guard: what no pool has started does not become a worker, and no pool is made without it. */
#include "process_functions.h"

#include <limits.h>
#include <sys/wait.h>

static char self[PATH_MAX];

static bh_status f_nested(bh_job *job, bh_message_view arguments, bh_message *result)
{
    (void)job;
    (void)arguments;
    bh_message_add_bool(result, "worker", bh_is_worker_process());
    bh_process_pool *pool = bh_process_pool_create(NULL);
    if (!pool)
        return bh_message_add_int(result, "depth", bh_worker_depth());
    bh_future *future = bh_process_pool_submit(pool, "nested", NULL, NULL);
    bh_message_view view;
    bh_status status = bh_future_wait(future, 20000);
    if (!status && !(status = bh_future_result(future, &view)))
        bh_message_add_int(result, "depth", bh_message_get_int(view, "depth", -1));
    bh_future_destroy(future);
    bh_process_pool_close(pool, 1000);
    bh_process_pool_destroy(pool);
    return status;
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {"nested", f_nested}, {0}};

/* Runs this program with a command line, and gives its code and what it said. */
static int run(const char *arguments, char *said, size_t size)
{
    char command[PATH_MAX + 256];
    snprintf(command, sizeof command, "'%s' %s 2>&1 </dev/null", self, arguments);
    FILE *output = popen(command, "re");
    assert_non_null(output);
    size_t got = fread(said, 1, size - 1, output);
    said[got] = 0;
    int status = pclose(output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void what_no_pool_has_started_ends(void **state)
{
    static const char *const lines[] = {"--bulkhead-worker",        "--bulkhead-worker x",          "--bulkhead-worker 1:1:x",
                                        "--bulkhead-worker 77:9:x", "--bulkhead-worker 77:1:other", "--bulkhead-worker a b c"};
    char said[1024];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_int_equal(run(lines[i], said, sizeof said), 2);
        assert_non_null(strstr(said, "a worker process must not go on"));
    }
}

static void without_the_guard_there_is_no_pool(void **state)
{
    char said[1024];
    (void)state;
    assert_int_equal(run("unguarded", said, sizeof said), 7);
    assert_non_null(strstr(said, "bh_main_guard was not called"));
}

static void functions_run_alone(void **state)
{
    char said[4096];
    (void)state;
    assert_int_equal(run("alone run add a=20 b=22", said, sizeof said), 0);
    assert_string_equal(said, "{\"sum\":42}\n");
    assert_int_equal(run("alone run fail", said, sizeof said), 1);
    assert_non_null(strstr(said, "BH_ERROR_IO: cannot read moon.csv"));
    assert_int_equal(run("alone run progress count=2", said, sizeof said), 0);
    assert_non_null(strstr(said, "{\"percent\":2,\"text\":\"on its way\"}\n"));
    assert_int_equal(run("alone run nothing", said, sizeof said), 2);
    assert_non_null(strstr(said, "There is no function 'nothing'"));
    assert_int_equal(run("alone run add oops", said, sizeof said), 2);
    assert_int_equal(run("alone", said, sizeof said), 2);
    assert_int_equal(run("alone list", said, sizeof said), 0);
    assert_non_null(strstr(said, "null\nadd\n"));
}

/* The worker program that is installed stands beside the tests' folder. */
static const char *worker_program(void)
{
    static char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s", self);
    snprintf(strrchr(path, '/') + 1, 64, "../workers/bulkhead-worker");
    return path;
}

static void the_worker_program_knows_checksums(void **state)
{
    char command[PATH_MAX + 256], said[512];
    (void)state;
    snprintf(command, sizeof command, "printf abc >abc.txt; '%s' run sha256 file=abc.txt; rm abc.txt", worker_program());
    FILE *output = popen(command, "re");
    assert_non_null(output);
    assert_non_null(fgets(said, sizeof said, output));
    pclose(output);
    assert_string_equal(said, "{\"file\":\"abc.txt\",\"sha256\":"
                              "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}\n");
}

static void an_interrupt_cancels(void **state)
{
    char command[PATH_MAX + 256];
    (void)state;
    snprintf(command, sizeof command, "timeout -s INT 0.2 '%s' alone run sleep", self);
    assert_int_equal(WEXITSTATUS(system(command)), 124);
    snprintf(command, sizeof command, "'%s' alone run sleep & sleep 0.2; kill -TERM $!; wait $!", self);
    assert_int_equal(WEXITSTATUS(system(command)), 130);
}

static void pools_nest_to_a_depth(void **state)
{
    (void)state;
    assert_int_equal(bh_worker_depth(), 0);
    assert_false(bh_is_worker_process());
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = bh_process_pool_submit(pool, "nested", NULL, NULL);
    bh_message_view result = assert_result(future);
    assert_true(bh_message_get_bool(result, "worker", false));
    assert_int_equal(bh_message_get_int(result, "depth", 0), BH_MAX_WORKER_DEPTH);
    bh_future_destroy(future);
    close_pool(pool);
}

static void a_program_without_the_function_is_an_error(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .program = worker_program()};
    bh_process_pool *pool = bh_process_pool_create(&options);
    assert_non_null(pool);
    bh_future *missing = bh_process_pool_submit(pool, "add", NULL, NULL),
              *there = bh_process_pool_submit(pool, "echo", NULL, NULL);
    assert_non_null(strstr(assert_fails(missing, BH_FAILURE_NO_FUNCTION).text, "is not in the table of the worker program"));
    assert_result(there);
    bh_future_destroy(missing);
    bh_future_destroy(there);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "unguarded") == 0)
        return bh_process_pool_create(NULL) ? 0 : 7;
    if (argc > 1 && strcmp(argv[1], "alone") == 0)
        return bh_worker_main(argc - 1, argv + 1, functions);
    bh_main_guard(argc, argv, functions);
    if (!realpath("/proc/self/exe", self))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_no_pool_has_started_ends),
        cmocka_unit_test(without_the_guard_there_is_no_pool),
        cmocka_unit_test(functions_run_alone),
        cmocka_unit_test(the_worker_program_knows_checksums),
        cmocka_unit_test(an_interrupt_cancels),
        cmocka_unit_test(pools_nest_to_a_depth),
        cmocka_unit_test(a_program_without_the_function_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
