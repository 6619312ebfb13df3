/* Process pools in a program with a window: completions and progress on the GUI thread, no waiting there, and no Qt in workers. */
#include "process_functions.h"

#include "base/clock.h"

#include <bulkhead/bulkhead.h>

typedef struct seen {
    int done, progress, dropped;
    bool gui;
    bh_future *future;
} seen;

static bh_status f_window(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    bh_message_add_bool(result, "app", bh_app_create(0, NULL) != NULL);
    bh_message_add_string(result, "app_said", bh_last_error());
    bh_message_add_bool(result, "object", bh_create("QObject", NULL) != NULL);
    return bh_message_add_string(result, "object_said", bh_last_error());
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {"window", f_window}, {0}};
static bh_process_pool *pool;

static int setup(void **state)
{
    (void)state;
    if (!bh_app())
        bh_app_create(0, NULL);
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .cancel_grace_ms = 50, .term_grace_ms = 50};
    pool = bh_process_pool_create(&options);
    return pool ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    close_pool(pool);
    return 0;
}

static void on_done(bh_future *future, void *user)
{
    seen *of = user;
    of->gui = bh_is_gui_thread();
    of->future = future;
    of->done++;
}

static void on_progress(bh_future *future, void *user)
{
    seen *of = user;
    (void)future;
    assert_true(bh_is_gui_thread());
    assert_int_equal(of->done, 0);
    of->progress++;
}

static void on_drop(void *user)
{
    seen *of = user;
    of->dropped++;
}

static void run_until(const int *counter, int value)
{
    for (int i = 0; i < 20000 && *counter < value; i++) {
        bh_app_process_events(0);
        usleep(1000);
    }
    assert_int_equal(*counter, value);
}

static void completions_reach_the_gui_thread(void **state)
{
    seen of = {0};
    (void)state;
    bh_future *future = call_with(pool, "progress", "count", 50, NULL, NULL, NULL);
    assert_int_equal(bh_future_when_progress(future, NULL, on_progress, &of, on_drop), BH_OK);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK);
    usleep(50000);
    assert_int_equal(of.done, 0); /* only from its event loop */
    run_until(&of.dropped, 2);
    assert_int_equal(of.done, 1);
    assert_true(of.gui && of.future == future);
    assert_true(of.progress >= 1);
    bh_future_destroy(future);
}

static void waiting_on_the_gui_thread_is_refused(void **state)
{
    (void)state;
    bh_future *future = bh_process_pool_submit(pool, "sleep", NULL, NULL);
    assert_int_equal(bh_future_wait(future, 1000), BH_DEADLOCK);
    assert_non_null(strstr(bh_last_error(), "use bh_future_when_done"));
    assert_int_equal(bh_future_wait(future, 0), BH_TIMEOUT);
    bh_future_cancel(future);
    assert_int_equal(bh_process_pool_wait_for_done(pool, 20000), BH_OK); /* bounded, and delivers meanwhile */
    assert_true(bh_future_is_done(future));
    bh_future_destroy(future);
}

static void waiting_for_the_pool_delivers(void **state)
{
    seen of = {0};
    (void)state;
    bh_future *first = bh_process_pool_submit(pool, "null", NULL, NULL);
    bh_future *second = call_with(pool, "sleep", "ms", 200, NULL, NULL, NULL);
    assert_int_equal(bh_future_when_done(first, NULL, on_done, &of, NULL), BH_OK);
    assert_int_equal(bh_process_pool_wait_for_done(pool, 20000), BH_OK);
    assert_int_equal(of.done, 1);
    bh_future_destroy(first);
    bh_future_destroy(second);
}

static void a_thread_of_ones_own(void **state)
{
    seen of = {0};
    (void)state;
    bh_thread *thread = bh_thread_create("reader");
    bh_thread_start(thread);
    bh_future *future = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_int_equal(bh_future_when_done(future, thread, on_done, &of, on_drop), BH_OK);
    for (int i = 0; i < 5000 && !__atomic_load_n(&of.dropped, __ATOMIC_ACQUIRE); i++)
        usleep(1000);
    assert_int_equal(of.done, 1);
    assert_false(of.gui);
    bh_thread_quit(thread);
    bh_thread_wait(thread, -1);
    assert_int_equal(bh_future_when_done(future, (bh_thread *)pool, on_done, &of, on_drop), BH_ERROR_NOT_A_HANDLE);
    bh_thread_destroy(thread);
    assert_int_equal(bh_future_when_done(future, thread, on_done, &of, on_drop), BH_ERROR_STALE);
    bh_future_destroy(future);
}

static void no_qt_in_a_worker_process(void **state)
{
    (void)state;
    bh_future *future = bh_process_pool_submit(pool, "window", NULL, NULL);
    assert_int_equal(bh_process_pool_wait_for_done(pool, 20000), BH_OK);
    bh_message_view result = assert_result(future);
    assert_false(bh_message_get_bool(result, "app", true));
    assert_non_null(strstr(bh_message_get_string(result, "app_said", ""), "this is a worker process"));
    assert_false(bh_message_get_bool(result, "object", true));
    assert_non_null(strstr(bh_message_get_string(result, "object_said", ""), "this is a worker process"));
    bh_future_destroy(future);
}

static void the_application_takes_its_pools_along(void **state)
{
    seen of = {0};
    (void)state;
    bh_process_pool *left = bh_process_pool_create(NULL);
    bh_future *future = bh_process_pool_submit(left, "deaf", NULL, NULL);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK);
    assert_int_equal(teardown(NULL), 0);
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_int_equal(of.done, 1);
    assert_int_equal(of.dropped, 1);
    assert_fails(future, BH_FAILURE_CLOSED);
    assert_null(bh_process_pool_submit(left, "null", NULL, NULL));
    bh_future_destroy(future);
    assert_int_equal(setup(NULL), 0);
}

static void close_window(void *window)
{
    bh_call(window, "close");
}

/* What hears the cancel, what does not, and what waits in the queue: all are told their end before the window is gone. */
static void a_closing_window_takes_its_pool_along(void **state)
{
    enum { TASKS = 6, TIMEOUT_MS = 1500 };
    static const char *const names[] = {"deaf", "sleep"};
    seen of[TASKS] = {{0}};
    (void)state;
    bh_object *window = bh_create("QMainWindow", NULL);
    bh_message *arguments = bh_message_create();
    bh_message_add_int(arguments, "ms", 60000);
    for (int i = 0; i < TASKS; i++) {
        of[i].future = bh_process_pool_submit(pool, names[i % 2], arguments, NULL);
        bh_future_when_done(of[i].future, NULL, on_done, &of[i], NULL);
    }
    bh_message_destroy(arguments);
    assert_int_equal(bh_close_waits_for_processes(window, pool, TIMEOUT_MS), BH_OK);
    assert_int_equal(bh_close_waits_for_processes(window, NULL, TIMEOUT_MS), BH_ERROR_NULL);
    assert_int_equal(bh_close_waits_for_processes(window, pool, -1), BH_ERROR_RANGE);
    bh_call(window, "show");
    bh_timer_single_shot(100, close_window, window);
    int64_t begun = bh__clock_ms();
    assert_int_equal(bh_app_exec(), 0);
    assert_true(bh__clock_ms() - begun < 100 + TIMEOUT_MS + 2000);
    for (int i = 0; i < TASKS; i++) {
        assert_int_equal(of[i].done, 1);
        assert_true(bh_future_get_state(of[i].future) != BH_FUTURE_DONE);
        bh_future_destroy(of[i].future);
    }
    assert_null(bh_process_pool_submit(pool, "null", NULL, NULL));
    bh_destroy(window);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completions_reach_the_gui_thread),
        cmocka_unit_test(waiting_on_the_gui_thread_is_refused),
        cmocka_unit_test(waiting_for_the_pool_delivers),
        cmocka_unit_test(a_thread_of_ones_own),
        cmocka_unit_test(no_qt_in_a_worker_process),
        cmocka_unit_test(the_application_takes_its_pools_along),
        cmocka_unit_test(a_closing_window_takes_its_pool_along), /* last: it closes the pool of all */
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
