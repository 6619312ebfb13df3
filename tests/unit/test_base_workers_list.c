/* The list of all worker processes. */
#include "process_functions.h"

#include <semaphore.h>
#include <stdatomic.h>

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {0}};

/* All there are; none while the pools' own thread is too busy to say. */
static bh_process_worker_info *list(size_t *count)
{
    bh_process_worker_info *all;
    bh_status status = bh_process_workers_list(&all, count);
    assert_true(status == BH_OK || status == BH_TIMEOUT);
    assert_true(*count == 0 || all);
    return all;
}

/* The worker that runs FUNCTION; its pid, or 0. */
static int find(const char *function, bh_process_worker_info *out)
{
    size_t count;
    int pid = 0;
    bh_process_worker_info *all = list(&count);
    for (size_t i = 0; i < count && !pid; i++) {
        if (strcmp(all[i].function, function) != 0)
            continue;
        *out = all[i];
        pid = all[i].pid;
    }
    bh_free(all);
    return pid;
}

static size_t count_of(bh_process_worker_state state)
{
    size_t count, found = 0;
    bh_process_worker_info *all = list(&count);
    for (size_t i = 0; i < count; i++)
        found += all[i].state == state;
    bh_free(all);
    return found;
}

static void moment(void)
{
    const struct timespec short_one = {0, 1000000};
    nanosleep(&short_one, NULL);
}

static void without_pools_there_are_none(void **state)
{
    bh_process_worker_info *all = (void *)&all;
    size_t count = 7;
    (void)state;
    assert_int_equal(bh_process_workers_list(&all, &count), BH_OK);
    assert_null(all);
    assert_int_equal(count, 0);
    assert_int_equal(bh_process_workers_list(NULL, &count), BH_ERROR_NULL);
    assert_int_equal(bh_process_workers_list(&all, NULL), BH_ERROR_NULL);
}

static void each_says_what_it_does(void **state)
{
    bh_process_worker_info worker = {0};
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(
        &(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .name = "sleepers", .workers = 2, .spares = 1});
    bh_future *one = call_with(pool, "sleep", "ms", 60000, NULL, NULL, NULL);
    bh_future *two = call_with(pool, "deaf", NULL, 0, NULL, NULL, NULL);
    while (!find("sleep", &worker) || count_of(BH_PROCESS_WORKER_WORKING) < 2)
        moment();
    find("sleep", &worker);
    assert_string_equal(worker.pool, "sleepers");
    assert_int_equal(worker.state, BH_PROCESS_WORKER_WORKING);
    assert_true(worker.pid > 1 && kill(worker.pid, 0) == 0);
    assert_in_range(worker.for_ms, 0, 60000);
    assert_int_equal(worker.served, 1);
    while (worker.for_ms < 5)
        find("sleep", &worker); /* time goes on */
    assert_true(find("deaf", &worker) > 1);
    bh_future_kill(one);
    bh_future_kill(two);
    while (find("sleep", &worker) || find("deaf", &worker))
        moment();
    bh_future_destroy(one);
    bh_future_destroy(two);
    close_pool(pool);
    bh_process_worker_info *all;
    size_t count;
    assert_int_equal(bh_process_workers_list(&all, &count), BH_OK);
    assert_int_equal(count, 0);
}

static void more_than_a_few_are_listed_too(void **state)
{
    enum { WORKERS = 20 };
    (void)state;
    bh_process_pool *pool = bh_process_pool_create(&(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .workers = WORKERS});
    bh_future *futures[WORKERS];
    for (int i = 0; i < WORKERS; i++)
        futures[i] = call_with(pool, "sleep", "ms", 60000, NULL, NULL, NULL);
    while (count_of(BH_PROCESS_WORKER_WORKING) < WORKERS)
        moment();
    close_pool(pool);
    for (int i = 0; i < WORKERS; i++)
        bh_future_destroy(futures[i]);
}

static sem_t go_on;
static atomic_int inside;
static bh_status listed_inside;

static void hold_thread(bh_future *future, void *user)
{
    bh_process_worker_info *all;
    size_t count;
    (void)future;
    (void)user;
    listed_inside = bh_process_workers_list(&all, &count);
    bh_free(all);
    atomic_store(&inside, 1);
    while (sem_wait(&go_on))
        continue;
}

static void a_callback_that_hangs_is_not_waited_for(void **state)
{
    bh_process_worker_info *all = (void *)&all;
    size_t count = 7;
    (void)state;
    sem_init(&go_on, 0, 0);
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = call_with(pool, "null", NULL, 0, NULL, NULL, NULL);
    bh_future_when_done(future, NULL, hold_thread, NULL, NULL);
    while (!atomic_load(&inside))
        moment();
    assert_int_equal(bh_process_workers_list(&all, &count), BH_TIMEOUT);
    assert_null(all);
    assert_int_equal(count, 0);
    sem_post(&go_on);
    bh_future_destroy(future);
    close_pool(pool);
    assert_int_equal(listed_inside, BH_OK);
    assert_int_equal(bh_process_workers_list(&all, &count), BH_OK);
}

static void states_have_names(void **state)
{
    (void)state;
    assert_string_equal(bh_process_worker_state_name(BH_PROCESS_WORKER_STARTING), "starting");
    assert_string_equal(bh_process_worker_state_name(BH_PROCESS_WORKER_WORKING), "working");
    assert_string_equal(bh_process_worker_state_name((bh_process_worker_state)77), "ending");
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_pools_there_are_none),
        cmocka_unit_test(each_says_what_it_does),
        cmocka_unit_test(more_than_a_few_are_listed_too),
        cmocka_unit_test(a_callback_that_hangs_is_not_waited_for),
        cmocka_unit_test(states_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
