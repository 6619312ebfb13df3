/* Process pools: tasks come back with results, deaths cost one task, and everything has its limits. */
#include "process_functions.h"

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {0}};

static void a_function_gives_its_result(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    assert_non_null(pool);
    bh_message *arguments = bh_message_create();
    bh_message_add_int(arguments, "a", 20);
    bh_message_add_int(arguments, "b", 22);
    bh_future *future = bh_process_pool_submit(pool, "add", arguments, NULL);
    bh_message_destroy(arguments);
    assert_int_equal(bh_message_get_int(assert_result(future), "sum", 0), 42);
    assert_string_equal(bh_future_function(future), "add");
    assert_int_equal(bh_future_get_state(future), BH_FUTURE_DONE);
    bh_future_destroy(future);
    close_pool(pool);
}

static void thousands_come_back(void **state)
{
    enum { COUNT = 5000 };
    static bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    for (int i = 0; i < COUNT; i++)
        futures[i] = call_with(pool, "add", "a", i, NULL, NULL, NULL);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(bh_message_get_int(assert_result(futures[i]), "sum", -1), i);
    bh_process_pool_statistics statistics;
    assert_int_equal(bh_process_pool_get_statistics(pool, &statistics), BH_OK);
    assert_int_equal(statistics.done, COUNT);
    assert_int_equal(statistics.submitted, COUNT);
    assert_int_equal(statistics.queued + statistics.running, 0);
    assert_int_equal(statistics.deaths, 0);
    for (int i = 0; i < COUNT; i++)
        bh_future_destroy(futures[i]);
    close_pool(pool);
}

static void errors_are_values(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = bh_process_pool_submit(pool, "fail", NULL, NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_RETURNED);
    assert_int_equal(failure.status, BH_ERROR_IO);
    assert_string_equal(failure.text, "function 'fail' failed: cannot read moon.csv");
    assert_string_equal(failure.output, "before it failed\n");
    assert_int_equal(failure.output_size, strlen(failure.output));
    assert_int_equal(failure.attempts, 1);
    assert_true(failure.worker_pid > 0);
    bh_future_destroy(future);
    future = bh_process_pool_submit(pool, "silent", NULL, NULL);
    failure = assert_fails(future, BH_FAILURE_RETURNED);
    assert_int_equal(failure.status, BH_ERROR_RANGE);
    bh_future_destroy(future);
    close_pool(pool);
}

static void deaths_are_values(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = call_with(pool, "die", "at", 0x1238, "how", "segv", NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_SIGNAL);
    assert_int_equal(failure.signal, SIGSEGV);
    assert_int_equal(failure.address, 0x1238);
    assert_non_null(strstr(failure.output, "about to segv"));
    assert_non_null(strstr(failure.text, "SIGSEGV at address 0x1238"));
    bh_future_destroy(future);
    future = call_with(pool, "die", NULL, 0, "how", "abort", NULL);
    assert_int_equal(assert_fails(future, BH_FAILURE_SIGNAL).signal, SIGABRT);
    bh_future_destroy(future);
    future = call_with(pool, "die", NULL, 0, "how", "exit", NULL);
    assert_int_equal(assert_fails(future, BH_FAILURE_EXIT).exit_code, 0);
    bh_future_destroy(future);
    future = call_with(pool, "die", "code", 7, "how", "exit", NULL);
    assert_int_equal(assert_fails(future, BH_FAILURE_EXIT).exit_code, 7);
    bh_future_destroy(future);
    future = call_with(pool, "die", NULL, 0, "how", "kill", NULL);
    failure = assert_fails(future, BH_FAILURE_SIGNAL);
    assert_int_equal(failure.signal, SIGKILL);
    assert_non_null(strstr(failure.text, "possibly for memory"));
    bh_future_destroy(future);
    future = bh_process_pool_submit(pool, "overflow", NULL, NULL);
    assert_int_equal(assert_fails(future, BH_FAILURE_SIGNAL).signal, SIGSEGV);
    bh_future_destroy(future);
    future = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_result(future);
    bh_future_destroy(future);
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.deaths, 6);
    assert_int_equal(statistics.failed, 6);
    close_pool(pool);
}

static void a_death_costs_one_task(void **state)
{
    enum { COUNT = 400 };
    static bh_future *futures[COUNT];
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .budget_deaths = 1000};
    bh_process_pool *pool = bh_process_pool_create(&options);
    for (int i = 0; i < COUNT; i++)
        futures[i] = i % 8 == 3 ? call_with(pool, "die", NULL, 0, "how", i % 16 == 3 ? "kill" : "exit", NULL)
                                : call_with(pool, "add", "a", i, NULL, NULL, NULL);
    for (int i = 0; i < COUNT; i++) {
        if (i % 8 == 3)
            assert_fails(futures[i], i % 16 == 3 ? BH_FAILURE_SIGNAL : BH_FAILURE_EXIT);
        else
            assert_int_equal(bh_message_get_int(assert_result(futures[i]), "sum", -1), i);
        bh_future_destroy(futures[i]);
    }
    close_pool(pool);
}

static void what_is_cancelled_ends(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .cancel_grace_ms = 50, .term_grace_ms = 50};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *polite = bh_process_pool_submit(pool, "sleep", NULL, NULL);
    bh_future *queued = bh_process_pool_submit(pool, "null", NULL, NULL);
    bh_future *last = bh_process_pool_submit(pool, "null", NULL, NULL);
    while (bh_future_get_state(polite) != BH_FUTURE_RUNNING)
        usleep(1000);
    assert_int_equal(bh_future_get_state(queued), BH_FUTURE_QUEUED);
    bh_future_cancel(queued);
    assert_fails(queued, BH_FAILURE_CANCELLED);
    assert_int_equal(bh_future_get_state(queued), BH_FUTURE_CANCELLED);
    bh_future_cancel(polite);
    assert_fails(polite, BH_FAILURE_CANCELLED);
    assert_result(last);
    assert_int_equal(bh_future_cancel(last), BH_OK);
    assert_int_equal(bh_future_get_state(last), BH_FUTURE_DONE);
    bh_future *deaf = bh_process_pool_submit(pool, "deaf", NULL, NULL);
    bh_future *deafer = NULL;
    bh_future_cancel(deaf);
    assert_fails(deaf, BH_FAILURE_CANCELLED);
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "term", true);
    deafer = bh_process_pool_submit(pool, "deaf", arguments, NULL);
    bh_message_destroy(arguments);
    while (bh_future_get_state(deafer) != BH_FUTURE_RUNNING)
        usleep(1000);
    bh_future_cancel(deafer);
    assert_fails(deafer, BH_FAILURE_CANCELLED);
    bh_future *after = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_result(after);
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.deaths, 0); /* what we end ourselves is no death of the budget's */
    assert_true(statistics.killed >= 1);
    bh_future *all[] = {polite, queued, last, deaf, deafer, after};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        bh_future_destroy(all[i]);
    close_pool(pool);
}

/* With graces of minutes: kill does not wait for them, neither at once nor after a cancel that does. */
static void what_is_killed_ends_at_once(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .cancel_grace_ms = 300000,
                                       .term_grace_ms = 300000};
    bh_process_pool *pool = bh_process_pool_create(&options);
    for (int cancel_first = 0; cancel_first < 2; cancel_first++) {
        bh_message *arguments = bh_message_create();
        bh_message_add_bool(arguments, "term", true);
        bh_future *deaf = bh_process_pool_submit(pool, "deaf", arguments, NULL);
        bh_future *queued = bh_process_pool_submit(pool, "null", NULL, NULL);
        bh_message_destroy(arguments);
        while (bh_future_get_state(deaf) != BH_FUTURE_RUNNING)
            usleep(1000);
        if (cancel_first) {
            assert_int_equal(bh_future_cancel(deaf), BH_OK);
            assert_int_equal(bh_future_wait(deaf, 50), BH_TIMEOUT);
        }
        assert_int_equal(bh_future_kill(deaf), BH_OK);
        assert_fails(deaf, BH_FAILURE_CANCELLED);
        assert_int_equal(bh_future_kill(deaf), BH_OK); /* of what has ended: nothing */
        assert_result(queued);
        bh_future_destroy(deaf);
        bh_future_destroy(queued);
    }
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.deaths, 0);
    assert_int_equal(bh_future_kill(NULL), BH_ERROR_NULL);
    close_pool(pool);
}

static void times_run_out(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .cancel_grace_ms = 50, .term_grace_ms = 50};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_submit_options run = {BH_SUBMIT_OPTIONS_INIT, .run_ms = 60};
    bh_submit_options deadline = {BH_SUBMIT_OPTIONS_INIT, .deadline_ms = 100};
    bh_future *slow = bh_process_pool_submit(pool, "sleep", NULL, &run);
    assert_non_null(strstr(assert_fails(slow, BH_FAILURE_DEADLINE).text, "60 ms"));
    bh_future *deaf = bh_process_pool_submit(pool, "deaf", NULL, &run);
    assert_int_equal(assert_fails(deaf, BH_FAILURE_DEADLINE).status, BH_TIMEOUT);
    bh_future *late = bh_process_pool_submit(pool, "deaf", NULL, &deadline);
    bh_future *behind = bh_process_pool_submit(pool, "null", NULL, &deadline);
    assert_fails(late, BH_FAILURE_DEADLINE);
    assert_non_null(strstr(assert_fails(behind, BH_FAILURE_DEADLINE).text, "before it began"));
    bh_future *fast = bh_process_pool_submit(pool, "null", NULL, &run);
    assert_result(fast);
    bh_future *all[] = {slow, deaf, late, behind, fast};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        bh_future_destroy(all[i]);
    close_pool(pool);
}

static void retries_and_quarantine(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .retries = 5};
    bh_future *second = call_with(pool, "retry", "tries", 2, NULL, NULL, &options);
    assert_int_equal(bh_message_get_int(assert_result(second), "attempt", 0), 2);
    bh_future *never = call_with(pool, "retry", "tries", 9, NULL, NULL, &options);
    assert_int_equal(assert_fails(never, BH_FAILURE_QUARANTINED).attempts, 2);
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.retried, 2);
    bh_future_destroy(second);
    bh_future_destroy(never);
    close_pool(pool);
}

static void the_budget_ends_a_storm(void **state)
{
    enum { COUNT = 60 };
    bh_future *futures[COUNT];
    int lost = 0, refused = 0;
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .name = "storm"};
    bh_process_pool *pool = bh_process_pool_create(&options);
    for (int i = 0; i < COUNT; i++) {
        futures[i] = call_with(pool, "die", NULL, 0, "how", "kill", NULL);
        refused += futures[i] == NULL;
    }
    for (int i = 0; i < COUNT; i++) {
        if (!futures[i])
            continue;
        bh_process_failure failure;
        assert_int_equal(bh_future_wait(futures[i], 20000), BH_OK);
        assert_int_equal(bh_future_failure(futures[i], &failure), BH_OK);
        lost += failure.kind == BH_FAILURE_BUDGET;
        bh_future_destroy(futures[i]);
    }
    assert_true(lost + refused >= COUNT - 30);
    assert_null(bh_process_pool_submit(pool, "null", NULL, NULL));
    assert_non_null(strstr(bh_last_error(), "pool 'storm' has given up"));
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_true(statistics.gave_up);
    close_pool(pool);
}

static void the_initialiser_runs_first_or_nothing_does(void **state)
{
    (void)state;
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "well", true);
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .initialiser = "initialise",
                                       .initialiser_arguments = arguments};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *future = call_with(pool, "env", NULL, 0, "name", "INITIALISED", NULL);
    assert_string_equal(bh_message_get_string(assert_result(future), "value", ""), "yes");
    bh_future_destroy(future);
    close_pool(pool);
    bh_message_destroy(arguments);

    options.initialiser_arguments = NULL;
    pool = bh_process_pool_create(&options);
    future = bh_process_pool_submit(pool, "null", NULL, NULL);
    if (future)
        assert_non_null(strstr(assert_fails(future, BH_FAILURE_INITIALISER).text, "no licence"));
    bh_future_destroy(future);
    close_pool(pool);

    arguments = bh_message_create();
    bh_message_add_bool(arguments, "die", true);
    options.initialiser_arguments = arguments;
    options.budget_deaths = 3;
    pool = bh_process_pool_create(&options);
    future = bh_process_pool_submit(pool, "null", NULL, NULL);
    if (future)
        assert_fails(future, BH_FAILURE_BUDGET);
    bh_future_destroy(future);
    close_pool(pool);
    bh_message_destroy(arguments);
}

static void environment_folder_and_threads(void **state)
{
    static const char *const changes[] = {"COLOUR=blue", "HOME", NULL};
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .environment = changes, .folder = "/", .threads = 3};
    bh_process_pool *pool = bh_process_pool_create(&options);
    static const char *const expected[][2] = {{"COLOUR", "blue"}, {"HOME", "(none)"}, {"OMP_NUM_THREADS", "3"}};
    for (int i = 0; i < 3; i++) {
        bh_future *future = call_with(pool, "env", NULL, 0, "name", expected[i][0], NULL);
        bh_message_view result = assert_result(future);
        assert_string_equal(bh_message_get_string(result, "value", ""), expected[i][1]);
        assert_string_equal(bh_message_get_string(result, "folder", ""), "/");
        bh_future_destroy(future);
    }
    close_pool(pool);
}

static void large_ones_travel_too(void **state)
{
    enum { SIZE = 5 << 20 };
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    unsigned char *bytes = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 251);
    for (size_t size = 30000; size <= SIZE; size = size * 13 + 1) {
        bh_message *arguments = bh_message_create();
        bh_message_add_bytes(arguments, "bytes", bytes, size);
        bh_future *future = bh_process_pool_submit(pool, "echo", arguments, NULL);
        bh_message_destroy(arguments);
        const void *back;
        size_t length;
        assert_int_equal(bh_message_read_bytes(assert_result(future), "bytes", &back, &length), BH_OK);
        assert_int_equal(length, size);
        assert_memory_equal(back, bytes, size);
        bh_future_destroy(future);
    }
    free(bytes);
    close_pool(pool);
}

static void workers_are_replaced(void **state)
{
    enum { COUNT = 12 };
    bh_future *futures[COUNT];
    int64_t pids[COUNT];
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .tasks_per_worker = 3};
    bh_process_pool *pool = bh_process_pool_create(&options);
    for (int i = 0; i < COUNT; i++)
        futures[i] = bh_process_pool_submit(pool, "pid", NULL, NULL);
    for (int i = 0; i < COUNT; i++) {
        pids[i] = bh_message_get_int(assert_result(futures[i]), "pid", 0);
        assert_true(i % 3 ? pids[i] == pids[i - 1] : !i || pids[i] != pids[i - 1]);
        bh_future_destroy(futures[i]);
    }
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_true(statistics.replaced >= 3);
    assert_int_equal(statistics.deaths, 0);
    close_pool(pool);
}

static void higher_priority_first(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_submit_options high = {BH_SUBMIT_OPTIONS_INIT, .priority = 5};
    bh_future *first = call_with(pool, "sleep", "ms", 100, NULL, NULL, NULL);
    while (bh_future_get_state(first) != BH_FUTURE_RUNNING)
        usleep(1000);
    bh_future *next = call_with(pool, "sleep", "ms", 1, NULL, NULL, NULL); /* is at hand in the worker already */
    bh_future *low = call_with(pool, "sleep", "ms", 200, NULL, NULL, NULL);
    bh_future *urgent = bh_process_pool_submit(pool, "null", NULL, &high);
    assert_result(urgent);
    assert_false(bh_future_is_done(low));
    bh_future *all[] = {first, next, low, urgent};
    for (int i = 0; i < 4; i++) {
        assert_result(all[i]);
        bh_future_destroy(all[i]);
    }
    close_pool(pool);
}

static void a_full_queue_says_so(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .queue = 3};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_future *futures[32];
    int count = 0;
    bh_submit_options waits = {BH_SUBMIT_OPTIONS_INIT, .wait_ms = 10};
    while (count < 32 && (futures[count] = call_with(pool, "sleep", "ms", 200, NULL, NULL, &waits)))
        count++;
    assert_true(count >= 3 && count < 32);
    assert_non_null(strstr(bh_last_error(), "no room in that time"));
    assert_null(bh_process_pool_submit(pool, "null", NULL, NULL));
    assert_non_null(strstr(bh_last_error(), "is full: it holds 3"));
    waits.wait_ms = 20000;
    bh_future *late = bh_process_pool_submit(pool, "null", NULL, &waits);
    assert_result(late);
    bh_future_destroy(late);
    for (int i = 0; i < count; i++) {
        assert_result(futures[i]);
        bh_future_destroy(futures[i]);
    }
    close_pool(pool);
}

static void map_gives_one_future_each(void **state)
{
    enum { COUNT = 300 };
    bh_message *arguments[COUNT];
    bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    for (int i = 0; i < COUNT; i++) {
        arguments[i] = bh_message_create();
        bh_message_add_int(arguments[i], "a", i);
    }
    for (size_t chunk = 0; chunk <= 50; chunk += 25) {
        assert_int_equal(bh_process_pool_map(pool, "add", arguments, COUNT, chunk, NULL, futures), BH_OK);
        assert_int_equal(bh_process_pool_wait_for_done(pool, 20000), BH_OK);
        for (int i = 0; i < COUNT; i++) {
            assert_int_equal(bh_message_get_int(assert_result(futures[i]), "sum", -1), i);
            bh_future_destroy(futures[i]);
        }
    }
    for (int i = 0; i < COUNT; i++)
        bh_message_destroy(arguments[i]);
    close_pool(pool);
}

static void closing_names_what_it_had_to_kill(void **state)
{
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .name = "stubborn"};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "term", true);
    bh_future *deaf = bh_process_pool_submit(pool, "deaf", arguments, NULL);
    bh_message_destroy(arguments);
    bh_future *polite = bh_process_pool_submit(pool, "sleep", NULL, NULL);
    while (bh_future_get_state(deaf) != BH_FUTURE_RUNNING || bh_future_get_state(polite) != BH_FUTURE_RUNNING)
        usleep(1000);
    bh_future *queued = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_int_equal(bh_process_pool_destroy(pool), BH_ERROR_STATE);
    assert_int_equal(bh_process_pool_close(pool, 100), BH_TIMEOUT);
    assert_non_null(strstr(bh_last_error(), "pool 'stubborn'"));
    assert_non_null(strstr(bh_last_error(), "deaf (process "));
    bh_future *all[] = {deaf, polite, queued};
    for (int i = 0; i < 3; i++) {
        assert_true(bh_future_is_done(all[i]));
        assert_fails(all[i], BH_FAILURE_CLOSED);
        bh_future_destroy(all[i]);
    }
    assert_null(bh_process_pool_submit(pool, "null", NULL, NULL));
    bh_process_pool_statistics statistics;
    bh_process_pool_get_statistics(pool, &statistics);
    assert_int_equal(statistics.workers, 0);
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
    assert_int_equal(bh_process_pool_destroy(pool), BH_ERROR_STALE);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    assert_null(bh_process_pool_submit(pool, "nul", NULL, NULL));
    assert_non_null(strstr(bh_last_error(), "did you mean 'null'"));
    assert_null(bh_process_pool_submit(NULL, "null", NULL, NULL));
    assert_null(bh_process_pool_submit((bh_process_pool *)&pool, "null", NULL, NULL));
    assert_non_null(strstr(bh_last_error(), "which is no bh_process_pool"));
    assert_null(bh_process_pool_submit(pool, NULL, NULL, NULL));
    assert_null(bh_process_pool_submit(pool, "", NULL, NULL));
    assert_int_equal(bh_future_wait((bh_future *)pool, 0), BH_ERROR_CLASS);
    assert_int_equal(bh_future_cancel(NULL), BH_ERROR_NULL);
    assert_int_equal(bh_future_destroy(NULL), BH_OK);
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = -1};
    assert_null(bh_process_pool_create(&options));
    options = (bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .program = "/nowhere/worker"};
    assert_null(bh_process_pool_create(&options));
    options = (bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .folder = "/nowhere"};
    assert_null(bh_process_pool_create(&options));
    options = (bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .initialiser = "nothing"};
    assert_null(bh_process_pool_create(&options));
    options = (bh_process_pool_options){.size = 0};
    assert_null(bh_process_pool_create(&options));
    bh_future *future = bh_process_pool_submit(pool, "null", NULL, NULL);
    bh_message_view view;
    bh_process_failure failure;
    assert_result(future);
    assert_int_equal(bh_future_failure(future, &failure), BH_ERROR_STATE);
    assert_int_equal(bh_future_result(future, NULL), BH_ERROR_NULL);
    bh_future_destroy(future);
    assert_int_equal(bh_future_result(future, &view), BH_ERROR_STALE);
    assert_true(bh_future_is_done(future));
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_gives_its_result),
        cmocka_unit_test(thousands_come_back),
        cmocka_unit_test(errors_are_values),
        cmocka_unit_test(deaths_are_values),
        cmocka_unit_test(a_death_costs_one_task),
        cmocka_unit_test(what_is_cancelled_ends),
        cmocka_unit_test(what_is_killed_ends_at_once),
        cmocka_unit_test(times_run_out),
        cmocka_unit_test(retries_and_quarantine),
        cmocka_unit_test(the_budget_ends_a_storm),
        cmocka_unit_test(the_initialiser_runs_first_or_nothing_does),
        cmocka_unit_test(environment_folder_and_threads),
        cmocka_unit_test(large_ones_travel_too),
        cmocka_unit_test(workers_are_replaced),
        cmocka_unit_test(higher_priority_first),
        cmocka_unit_test(a_full_queue_says_so),
        cmocka_unit_test(map_gives_one_future_each),
        cmocka_unit_test(closing_names_what_it_had_to_kill),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
