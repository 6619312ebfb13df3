/* Thread pools: runnables run, are taken back, fail, are waited for; and what is refused. */
#include "refused.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <unistd.h>

enum { LONG_MS = 20000 };

static bh_thread_pool *pool;
static atomic_int ran, dropped;
static atomic_bool gate; /* block() waits for it */

static int setup(void **state)
{
    atomic_store(&ran, 0);
    atomic_store(&dropped, 0);
    atomic_store(&gate, false);
    if (with_app(state))
        return -1;
    pool = bh_thread_pool_create("test", 2);
    return pool ? 0 : -1;
}

static int teardown(void **state)
{
    atomic_store(&gate, true);
    return without_app(state);
}

static bh_status run(void *user)
{
    (void)user;
    atomic_fetch_add(&ran, 1);
    return BH_OK;
}

static bh_status block(void *user)
{
    while (!atomic_load(&gate))
        usleep(500);
    return run(user);
}

static void drop(void *user)
{
    (void)user;
    atomic_fetch_add(&dropped, 1);
}

/* Both threads of the pool busy until the gate opens. */
static void occupy(void)
{
    for (int i = 0; i < 2; i++)
        assert_int_equal(bh_thread_pool_start(pool, block, NULL, drop, 0, NULL), BH_OK);
    for (int active = 0; active < 2; usleep(500))
        assert_int_equal(bh_thread_pool_get_active_threads(pool, &active), BH_OK);
}

static void runs_and_drops_each_once(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++)
        assert_int_equal(bh_thread_pool_start(pool, run, NULL, drop, i % 3, NULL), BH_OK);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&ran), 10000);
    assert_int_equal(atomic_load(&dropped), 10000);
    int active = -1;
    assert_int_equal(bh_thread_pool_get_active_threads(pool, &active), BH_OK);
    assert_int_equal(active, 0);
    assert_int_equal(bh_thread_pool_destroy(pool), BH_OK);
    assert_silent();
}

static bh_status check_name(void *user)
{
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    assert_string_equal(name, user);
    assert_false(bh_is_gui_thread());
    return run(NULL);
}

static void threads_are_named(void **state)
{
    static char given[] = "test", cut[] = "a name of more ", ours[] = "bh-pool";
    (void)state;
    bh_thread_pool *longer = bh_thread_pool_create("a name of more than 15", 1);
    bh_thread_pool *nameless = bh_thread_pool_create(NULL, 1);
    bh_thread_pool_start(pool, check_name, given, NULL, 0, NULL);
    bh_thread_pool_start(longer, check_name, cut, NULL, 0, NULL);
    bh_thread_pool_start(nameless, check_name, ours, NULL, 0, NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(bh_thread_pool_wait_for_done(longer, LONG_MS), BH_OK);
    assert_int_equal(bh_thread_pool_wait_for_done(nameless, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&ran), 3);
}

static atomic_int order[8];

static bh_status note(void *user)
{
    atomic_store(&order[atomic_fetch_add(&ran, 1)], (int)(intptr_t)user);
    return BH_OK;
}

static void higher_priority_runs_first(void **state)
{
    static const int priorities[] = {-5, 0, 9, 3};
    (void)state;
    bh_thread_pool_set_max_threads(pool, 1);
    bh_thread_pool_start(pool, block, NULL, NULL, 0, NULL);
    for (int i = 0; i < 4; i++)
        bh_thread_pool_start(pool, note, (void *)(intptr_t)priorities[i], NULL, priorities[i], NULL);
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&order[1]), 9);
    assert_int_equal(atomic_load(&order[2]), 3);
    assert_int_equal(atomic_load(&order[3]), 0);
    assert_int_equal(atomic_load(&order[4]), -5);
}

static void take_back_in_time_and_too_late(void **state)
{
    (void)state;
    bh_runnable *queued = NULL;
    bool taken = false;
    occupy();
    assert_int_equal(bh_thread_pool_start(pool, run, NULL, drop, 0, &queued), BH_OK);
    assert_int_equal(bh_thread_pool_try_take(pool, queued, &taken), BH_OK);
    assert_true(taken);
    assert_int_equal(atomic_load(&dropped), 1);
    assert_int_equal(bh_thread_pool_try_take(pool, queued, &taken), BH_OK);
    assert_false(taken);
    assert_int_equal(bh_thread_pool_start(pool, run, NULL, drop, 0, &queued), BH_OK);
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    taken = true;
    assert_int_equal(bh_thread_pool_try_take(pool, queued, &taken), BH_OK);
    assert_false(taken);
    assert_int_equal(atomic_load(&ran), 3);
    assert_int_equal(atomic_load(&dropped), 4);
    assert_silent();
}

/* A drop that calls the pool: it must not run under a lock of the pool's. */
static void drop_and_ask(void *user)
{
    int count = 0;
    assert_int_equal(bh_thread_pool_get_active_threads(pool, &count), BH_OK);
    assert_int_equal(bh_thread_pool_start(pool, run, NULL, NULL, 0, NULL), BH_OK);
    drop(user);
}

static void clear_drops_what_waits(void **state)
{
    (void)state;
    occupy();
    for (int i = 0; i < 100; i++)
        bh_thread_pool_start(pool, run, NULL, i < 50 ? drop : drop_and_ask, 0, NULL);
    assert_int_equal(bh_thread_pool_clear(pool), BH_OK);
    assert_int_equal(atomic_load(&dropped), 100);
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&dropped), 102);
    assert_silent();
}

static bh_status fail_with_io(void *user)
{
    (void)user;
    return BH_ERROR_IO;
}

static bh_status cancel(void *user)
{
    (void)user;
    return BH_CANCELLED;
}

static void errors_reach_the_hook(void **state)
{
    (void)state;
    bh_thread_pool_start(pool, cancel, NULL, drop, 0, NULL);
    bh_thread_pool_wait_for_done(pool, LONG_MS);
    assert_silent();
    bh_thread_pool_start(pool, fail_with_io, NULL, drop, 0, NULL);
    bh_thread_pool_wait_for_done(pool, LONG_MS);
    assert_heard(BH_ERROR_IO, "pool 'test'");
    bh_thread_pool_start(pool, run, NULL, drop, 0, NULL);
    bh_thread_pool_wait_for_done(pool, LONG_MS);
    assert_int_equal(atomic_load(&ran), 1);
    assert_int_equal(atomic_load(&dropped), 3);
}

static void waiting_ends_in_time(void **state)
{
    (void)state;
    occupy();
    assert_int_equal(bh_thread_pool_wait_for_done(pool, 0), BH_TIMEOUT);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, 30), BH_TIMEOUT);
    assert_refused(bh_thread_pool_destroy(pool), BH_ERROR_STATE, "pool 'test' still has");
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, -1), BH_OK);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, 0), BH_OK);
    assert_int_equal(bh_thread_pool_destroy(pool), BH_OK);
    assert_refused(bh_thread_pool_destroy(pool), BH_ERROR_STALE, "pool is gone");
    assert_refused(bh_thread_pool_wait_for_done(pool, 5), BH_ERROR_STALE, "pool is gone");
}

static bh_status open_gate(void *user)
{
    (void)user;
    assert_true(bh_is_gui_thread());
    atomic_store(&gate, true);
    return BH_OK;
}

static bh_status ask_gui(void *user)
{
    assert_int_equal(bh_send(NULL, open_gate, NULL), BH_OK);
    return block(user);
}

/* The runnable needs the GUI thread, which waits for the runnable. */
static void waiting_delivers_the_mailbox(void **state)
{
    (void)state;
    bh_thread_pool_start(pool, ask_gui, NULL, NULL, 0, NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&ran), 1);
}

static bh_status wait_for_oneself(void *user)
{
    (void)user;
    assert_refused(bh_thread_pool_wait_for_done(pool, -1), BH_DEADLOCK, "pool 'test'");
    assert_refused(bh_thread_pool_destroy(pool), BH_ERROR_STATE, "still has");
    return run(NULL);
}

static void a_pool_does_not_wait_for_itself(void **state)
{
    (void)state;
    bh_thread_pool_start(pool, wait_for_oneself, NULL, NULL, 0, NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&ran), 1);
}

static bh_status wait_for_other(void *other)
{
    assert_int_equal(bh_thread_pool_wait_for_done(other, LONG_MS), BH_OK);
    return run(NULL);
}

static void one_pool_may_wait_for_another(void **state)
{
    (void)state;
    bh_thread_pool *other = bh_thread_pool_create("other", 1);
    bh_thread_pool_start(other, block, NULL, NULL, 0, NULL);
    bh_thread_pool_start(pool, wait_for_other, other, NULL, 0, NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, 20), BH_TIMEOUT);
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&ran), 2);
}

static void settings(void **state)
{
    (void)state;
    int count = -1;
    assert_int_equal(bh_thread_pool_get_max_threads(pool, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_int_equal(bh_thread_pool_set_max_threads(pool, 7), BH_OK);
    bh_thread_pool_get_max_threads(pool, &count);
    assert_int_equal(count, 7);
    assert_int_equal(bh_thread_pool_set_max_threads(pool, 0), BH_OK);
    bh_thread_pool_get_max_threads(pool, &count);
    assert_true(count >= 1);
    assert_int_equal(bh_thread_pool_set_expiry_ms(pool, 1), BH_OK);
    assert_int_equal(bh_thread_pool_set_expiry_ms(pool, -1), BH_OK);
    assert_int_equal(bh_thread_pool_set_stack_size(pool, 256 * 1024), BH_OK);
    assert_int_equal(bh_thread_pool_set_stack_size(pool, 0), BH_OK);
    bh_thread_pool_start(pool, run, NULL, NULL, 0, NULL);
    assert_refused(bh_thread_pool_set_stack_size(pool, 256 * 1024), BH_ERROR_STATE, "before the first runnable");
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
}

static void refusals(void **state)
{
    (void)state;
    int count = 5;
    bool taken = true;
    bh_runnable *runnable = (bh_runnable *)&count;
    bh_object *object = bh_create("QObject", NULL);
    assert_not_made(bh_thread_pool_create("p", -1), BH_ERROR_RANGE, "-1 threads");
    assert_not_made(bh_thread_pool_create("p", INT32_MAX), BH_ERROR_RANGE, "2147483647 threads");
    assert_refused(bh_thread_pool_start(pool, NULL, NULL, drop, 0, &runnable), BH_ERROR_NULL, "fn is NULL");
    assert_null(runnable);
    assert_refused(bh_thread_pool_start(NULL, run, NULL, drop, 0, NULL), BH_ERROR_NULL, "pool is NULL");
    assert_refused(bh_thread_pool_start((bh_thread_pool *)object, run, NULL, drop, 0, NULL), BH_ERROR_CLASS, "bh_object");
    assert_refused(bh_thread_pool_start((bh_thread_pool *)&count, run, NULL, drop, 0, NULL), BH_ERROR_NOT_A_HANDLE, "pool");
    assert_refused(bh_thread_pool_try_take(pool, NULL, &taken), BH_ERROR_NULL, "runnable is NULL");
    assert_false(taken);
    assert_refused(bh_thread_pool_try_take(pool, (bh_runnable *)object, &taken), BH_ERROR_CLASS, "runnable");
    assert_refused(bh_thread_pool_try_take(pool, NULL, NULL), BH_ERROR_NULL, "taken is NULL");
    assert_refused(bh_thread_pool_clear(NULL), BH_ERROR_NULL, "pool is NULL");
    assert_refused(bh_thread_pool_wait_for_done(NULL, 0), BH_ERROR_NULL, "pool is NULL");
    assert_refused(bh_thread_pool_set_max_threads(pool, -3), BH_ERROR_RANGE, "-3 threads");
    assert_refused(bh_thread_pool_get_max_threads(pool, NULL), BH_ERROR_NULL, "count is NULL");
    assert_refused(bh_thread_pool_get_max_threads(NULL, &count), BH_ERROR_NULL, "pool is NULL");
    assert_int_equal(count, 0);
    assert_refused(bh_thread_pool_get_active_threads(pool, NULL), BH_ERROR_NULL, "count is NULL");
    assert_refused(bh_thread_pool_set_stack_size(pool, 1), BH_ERROR_RANGE, "1 bytes");
    assert_refused(bh_thread_pool_set_stack_size(pool, SIZE_MAX), BH_ERROR_RANGE, "bytes");
    assert_refused(bh_thread_pool_set_expiry_ms(NULL, 1), BH_ERROR_NULL, "pool is NULL");
    forget_heard();
    assert_int_equal(bh_thread_pool_destroy(NULL), BH_OK);
    assert_silent();
    assert_int_equal(atomic_load(&dropped), 0); /* a call that fails takes nothing */
}

static void a_runnable_belongs_to_its_pool(void **state)
{
    (void)state;
    bh_thread_pool *other = bh_thread_pool_create("other", 1);
    bh_runnable *runnable = NULL;
    bool taken = true;
    occupy();
    bh_thread_pool_start(pool, run, NULL, drop, 0, &runnable);
    assert_refused(bh_thread_pool_try_take(other, runnable, &taken), BH_ERROR_STATE, "pool 'test'");
    assert_false(taken);
    atomic_store(&gate, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
}

static void *hammer(void *user)
{
    (void)user;
    for (int i = 0; i < 3000; i++) {
        bh_runnable *runnable = NULL;
        bool taken = false;
        assert_int_equal(bh_thread_pool_start(pool, run, NULL, drop, 0, i % 2 ? &runnable : NULL), BH_OK);
        if (runnable)
            assert_int_equal(bh_thread_pool_try_take(pool, runnable, &taken), BH_OK);
        if (i % 500 == 0)
            bh_thread_pool_clear(pool);
    }
    return NULL;
}

static void any_thread_may_use_it(void **state)
{
    pthread_t threads[4];
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, LONG_MS), BH_OK);
    assert_int_equal(atomic_load(&dropped), 12000);
    assert_silent();
    assert_int_equal(bh_thread_pool_destroy(pool), BH_OK);
}

/* In bursts, and between them the pool is idle for a moment: faster starts than ends would keep it from ever being. */
static void *start_until_it_ends(void *doomed)
{
    int before = atomic_load(&dropped);
    intptr_t started = 0;
    while (bh_thread_pool_start(doomed, run, NULL, drop, 0, NULL) == BH_OK) {
        started++;
        while (started % 3 == 0 && atomic_load(&dropped) - before < started)
            sched_yield();
    }
    return (void *)started;
}

static void a_start_may_race_with_the_end(void **state)
{
    (void)state;
    intptr_t started = 0;
    for (int i = 0; i < 100; i++) {
        pthread_t thread;
        void *result = NULL;
        bh_thread_pool *doomed = bh_thread_pool_create("doomed", 2);
        assert_int_equal(pthread_create(&thread, NULL, start_until_it_ends, doomed), 0);
        while (atomic_load(&dropped) == started) /* nothing of this round ended yet */
            sched_yield();
        while (bh_thread_pool_destroy(doomed))
            sched_yield();
        pthread_join(thread, &result);
        assert_true((intptr_t)result > 0);
        started += (intptr_t)result;
        assert_int_equal(atomic_load(&dropped), started);
    }
    assert_int_equal(atomic_load(&ran), started);
}

static void end_of_the_application_frees_pools(void **state)
{
    (void)state;
    bh_thread_pool_create("idle", 1);
    occupy();
    for (int i = 0; i < 10; i++)
        bh_thread_pool_start(pool, run, NULL, drop, 0, NULL);
    bh_timer_single_shot(0, (void (*)(void *))drop, NULL);
    atomic_store(&gate, true);
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_true(atomic_load(&dropped) >= 12);
    assert_refused(bh_thread_pool_clear(pool), BH_ERROR_NO_APP, "bh_thread_pool_clear");
    assert_not_made(bh_thread_pool_create("late", 1), BH_ERROR_NO_APP, "bh_thread_pool_create");
    assert_non_null(bh_app_create(0, NULL));
}

static char logged[512];

static void keep_line(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)level;
    (void)user;
    if (strcmp(category, "pool") == 0)
        strncpy(logged, line, sizeof logged - 1);
}

static void a_stuck_pool_is_left_behind(void **state)
{
    (void)state;
    occupy();
    bh_thread_pool_start(pool, run, NULL, drop, 0, NULL);
    bh_set_log_handler((bh_log_handler){keep_line, NULL});
    assert_int_equal(bh_app_destroy(), BH_OK);
    bh_set_log_handler((bh_log_handler){NULL, NULL});
    assert_non_null(strstr(logged, "pool 'test' still has 2"));
    assert_int_equal(atomic_load(&dropped), 1);
    atomic_store(&gate, true);
    for (int i = 0; i < 5000 && atomic_load(&dropped) < 3; i++)
        usleep(1000);
    assert_int_equal(atomic_load(&dropped), 3);
    assert_non_null(bh_app_create(0, NULL));
}

static void without_memory(void **state)
{
    bh_runnable *runnable = NULL;
    (void)state;
    bh__fail_allocation(1);
    while (bh_thread_pool_create("p", 1)) /* as long as there are records of pools that have ended */
        assert_silent();
    assert_heard(BH_ERROR_MEMORY, "memory");
    bh__fail_allocation(1);
    assert_refused(bh_thread_pool_start(pool, run, NULL, drop, 0, &runnable), BH_ERROR_MEMORY, "memory");
    bh__fail_allocation(0);
    assert_null(runnable);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, 0), BH_OK);
    assert_int_equal(atomic_load(&dropped), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(runs_and_drops_each_once, setup, teardown),
        cmocka_unit_test_setup_teardown(threads_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(higher_priority_runs_first, setup, teardown),
        cmocka_unit_test_setup_teardown(take_back_in_time_and_too_late, setup, teardown),
        cmocka_unit_test_setup_teardown(clear_drops_what_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_reach_the_hook, setup, teardown),
        cmocka_unit_test_setup_teardown(waiting_ends_in_time, setup, teardown),
        cmocka_unit_test_setup_teardown(waiting_delivers_the_mailbox, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pool_does_not_wait_for_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(one_pool_may_wait_for_another, setup, teardown),
        cmocka_unit_test_setup_teardown(settings, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals, setup, teardown),
        cmocka_unit_test_setup_teardown(a_runnable_belongs_to_its_pool, setup, teardown),
        cmocka_unit_test_setup_teardown(any_thread_may_use_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_start_may_race_with_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(end_of_the_application_frees_pools, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stuck_pool_is_left_behind, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
