/* One fault at a time, at the first, second, third … point where it can happen, until a run has none left: whatever it hits, each
 * future completes once and with the truth, and nothing is left. */
#include "process_functions.h"

#include "base/memory.h"
#include "process/fault.h"

#include <dirent.h>

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {0}};

enum { TASKS = 6, BIG = 70000 };

static int descriptors(void)
{
    DIR *list = opendir("/proc/self/fd");
    int count = 0;
    while (list && readdir(list))
        count++;
    closedir(list);
    return count;
}

/* Tasks of all sizes; those that were refused are NULL. */
static void submit_all(bh_process_pool *pool, bh_future **futures, const bh_submit_options *options)
{
    static unsigned char bytes[BIG];
    for (int i = 0; i < TASKS; i++) {
        bh_message *arguments = bh_message_create();
        if (i % 3 == 2)
            bh_message_add_bytes(arguments, "bytes", bytes, sizeof bytes);
        bh_message_add_int(arguments, "number", i);
        futures[i] = arguments ? bh_process_pool_submit(pool, i % 3 == 1 ? "progress" : "echo", arguments, options) : NULL;
        bh_message_destroy(arguments);
    }
}

/* What came is right, or a failure that the fault explains. Returns how many failed. */
static int check_all(bh_future **futures, bool memory)
{
    int failed = 0;
    for (int i = 0; i < TASKS; i++) {
        bh_message_view view;
        bh_process_failure failure;
        if (!futures[i])
            continue;
        assert_int_equal(bh_future_wait(futures[i], 20000), BH_OK);
        if (bh_future_get_state(futures[i]) == BH_FUTURE_DONE) {
            assert_int_equal(bh_future_result(futures[i], &view), BH_OK);
            if (i % 3 != 1)
                assert_int_equal(bh_message_get_int(view, "number", -1), i);
        } else {
            assert_int_equal(bh_future_failure(futures[i], &failure), BH_OK);
            assert_true(failure.kind == BH_FAILURE_SIGNAL || failure.kind == BH_FAILURE_PROTOCOL ||
                        failure.kind == BH_FAILURE_BUDGET || failure.kind == BH_FAILURE_EXIT ||
                        (memory && failure.kind == BH_FAILURE_MEMORY));
            failed++;
        }
        bh_future_destroy(futures[i]);
    }
    return failed;
}

static bh_process_pool *make_pool(const char *plan)
{
    const char *environment[] = {plan, NULL};
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .budget_deaths = 6,
                                       .environment = plan ? environment : NULL};
    return bh_process_pool_create(&options);
}

static void run_once(const char *plan)
{
    bh_future *futures[TASKS];
    bh_process_pool *pool = make_pool(plan);
    assert_non_null(pool);
    submit_all(pool, futures, NULL);
    check_all(futures, false);
    close_pool(pool);
}

/* Each worker kills itself at its Nth step: in the hello, before a task, in it, before and after the result. */
static void workers_die_at_each_step(void **state)
{
    char plan[64];
    (void)state;
    for (int n = 1; n <= 60; n++) {
        snprintf(plan, sizeof plan, "BH_FAULT=step=%d", n);
        run_once(plan);
    }
}

static void workers_send_nonsense(void **state)
{
    char plan[64];
    (void)state;
    for (int n = 1; n <= 8; n++) {
        snprintf(plan, sizeof plan, "BH_FAULT=corrupt=%d", n);
        run_once(plan);
    }
}

static void workers_have_no_memory_files(void **state)
{
    bh_future *futures[TASKS];
    (void)state;
    if (test_launcher())
        skip(); /* who fetches there is the relay, which has no faults */
    bh_process_pool *pool = make_pool("BH_FAULT=memfd=1");
    bh__fault_plan(BH__FAULT_FETCH, 1); /* so that it needs one */
    submit_all(pool, futures, NULL);
    assert_true(check_all(futures, true) >= 1);
    bh__fault_plan(BH__FAULT_FETCH, 0);
    close_pool(pool);
}

/* In this process: the Nth start, packet, memory file. */
static void the_program_has_faults_of_its_own(void **state)
{
    static const bh__fault faults[] = {BH__FAULT_SPAWN, BH__FAULT_SEND, BH__FAULT_MEMFD, BH__FAULT_FETCH};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        for (int n = 1; n <= 12; n++) {
            bh_future *futures[TASKS];
            bh__fault_plan(faults[i], n);
            bh_process_pool *pool = make_pool(NULL);
            submit_all(pool, futures, NULL);
            int failed = check_all(futures, faults[i] == BH__FAULT_MEMFD);
            assert_true(failed <= (faults[i] == BH__FAULT_MEMFD)); /* the others are got over without a loss */
            bh__fault_plan(faults[i], 0);
            close_pool(pool);
        }
    }
}

static void a_packet_of_ours_that_is_wrong_ends_the_worker(void **state)
{
    (void)state;
    for (int n = 1; n <= 8; n++) {
        bh_future *futures[TASKS];
        bh__fault_plan(BH__FAULT_CORRUPT, n);
        bh_process_pool *pool = make_pool(NULL);
        submit_all(pool, futures, NULL);
        check_all(futures, false);
        bh__fault_plan(BH__FAULT_CORRUPT, 0);
        close_pool(pool);
    }
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    for (long n = 1; n < 400; n++) {
        bh_future *futures[TASKS] = {NULL};
        bh__fail_allocation(n);
        bh_process_pool *pool = make_pool(NULL);
        if (pool) {
            submit_all(pool, futures, NULL);
            check_all(futures, true);
        }
        bool hit = bh__allocation_failed();
        bh__fail_allocation(0);
        if (pool)
            close_pool(pool);
        if (!hit)
            return;
    }
    fail_msg("there are always more allocations");
}

static void nothing_is_left(void **state)
{
    (void)state;
    run_once(NULL);
    int before = descriptors();
    workers_die_at_each_step(state);
    each_allocation_may_fail(state);
    the_program_has_faults_of_its_own(state);
    usleep(50000);
    assert_int_equal(descriptors(), before);
}

static void ignore(const bh_error *error, void *user)
{
    (void)error;
    (void)user;
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    bh_set_error_hook((bh_error_hook){ignore, NULL});
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(workers_die_at_each_step),
        cmocka_unit_test(workers_send_nonsense),
        cmocka_unit_test(workers_have_no_memory_files),
        cmocka_unit_test(the_program_has_faults_of_its_own),
        cmocka_unit_test(a_packet_of_ours_that_is_wrong_ends_the_worker),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
