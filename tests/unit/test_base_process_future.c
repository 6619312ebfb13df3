/* Futures in a program without Qt: callbacks on the pools' own thread, each exactly once, and what they may not do. */
#include "process_functions.h"

#include <pthread.h>
#include <stdatomic.h>

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {0}};

typedef struct calls {
    atomic_int done, progress, dropped;
    _Atomic bh_status waited, closed;
    bh_process_pool *pool;
    atomic_int newest;
} calls;

static bh_process_pool *pool;

static int setup(void **state)
{
    (void)state;
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

static void wait_for(atomic_int *counter, int value)
{
    for (int i = 0; i < 20000 && atomic_load(counter) < value; i++)
        usleep(1000);
    assert_int_equal(atomic_load(counter), value);
}

static void on_done(bh_future *future, void *user)
{
    calls *of = user;
    assert_true(bh_future_is_done(future));
    atomic_fetch_add(&of->done, 1);
}

static void on_drop(void *user)
{
    calls *of = user;
    atomic_fetch_add(&of->dropped, 1);
}

static void each_callback_runs_once(void **state)
{
    calls of = {0};
    (void)state;
    bh_future *future = call_with(pool, "sleep", "ms", 20, NULL, NULL, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK);
    wait_for(&of.dropped, 3);
    assert_int_equal(of.done, 3);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK); /* it is done already */
    wait_for(&of.dropped, 4);
    assert_int_equal(of.done, 4);
    bh_future_destroy(future);
    usleep(20000);
    assert_int_equal(of.done, 4);
}

static void a_destroyed_future_calls_nobody(void **state)
{
    calls of = {0};
    (void)state;
    bh_future *future = call_with(pool, "sleep", "ms", 30, NULL, NULL, NULL);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK);
    assert_int_equal(bh_future_destroy(future), BH_OK);
    wait_for(&of.dropped, 1);
    assert_int_equal(of.done, 0);
}

static void refused_callbacks_take_nothing(void **state)
{
    calls of = {0};
    (void)state;
    bh_future *future = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_int_equal(bh_future_when_done(future, NULL, NULL, &of, on_drop), BH_ERROR_NULL);
    assert_int_equal(bh_future_when_done(future, (bh_thread *)&of, on_done, &of, on_drop), BH_ERROR_NO_APP);
    assert_int_equal(bh_future_when_done(NULL, NULL, on_done, &of, on_drop), BH_ERROR_NULL);
    assert_result(future);
    bh_future_destroy(future);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_ERROR_STALE);
    usleep(10000);
    assert_int_equal(of.done + of.dropped, 0);
}

static void on_forbidden(bh_future *future, void *user)
{
    calls *of = user;
    bh_future *other = bh_process_pool_submit(of->pool, "sleep", NULL, NULL); /* submitting is fine */
    of->waited = bh_future_wait(other, 1000);
    of->closed = bh_process_pool_close(of->pool, 10);
    bh_future_cancel(other);
    bh_future_destroy(other);
    bh_future_destroy(future);
    atomic_fetch_add(&of->done, 1);
}

static void callbacks_may_not_wait(void **state)
{
    calls of = {.pool = pool};
    (void)state;
    bh_future *future = bh_process_pool_submit(pool, "null", NULL, NULL);
    assert_int_equal(bh_future_when_done(future, NULL, on_forbidden, &of, on_drop), BH_OK);
    wait_for(&of.dropped, 1);
    assert_int_equal(of.waited, BH_DEADLOCK);
    assert_int_equal(of.closed, BH_DEADLOCK);
    assert_int_equal(bh_future_wait(future, 0), BH_ERROR_STALE);
}

static void on_progress(bh_future *future, void *user)
{
    calls *of = user;
    bh_message_view view;
    bh_message *progress = bh_message_create();
    if (!bh_future_progress(future, progress) && !bh_message_complete(progress, &view)) {
        int percent = (int)bh_message_get_int(view, "percent", -1);
        assert_true(percent >= of->newest);
        assert_string_equal(bh_message_get_string(view, "text", ""), "on its way");
        atomic_store(&of->newest, percent);
    }
    bh_message_destroy(progress);
    assert_int_equal(of->done, 0); /* never after the end */
    atomic_fetch_add(&of->progress, 1);
}

static void the_newest_progress_wins(void **state)
{
    enum { COUNT = 20000 };
    calls of = {0};
    (void)state;
    bh_future *future = call_with(pool, "progress", "count", COUNT, NULL, NULL, NULL);
    assert_int_equal(bh_future_when_progress(future, NULL, on_progress, &of, on_drop), BH_OK);
    assert_int_equal(bh_future_when_progress(future, NULL, on_progress, &of, on_drop), BH_ERROR_EXISTS);
    assert_int_equal(bh_future_when_done(future, NULL, on_done, &of, on_drop), BH_OK);
    wait_for(&of.dropped, 2);
    assert_int_equal(of.done, 1);
    assert_true(of.progress >= 1 && of.progress <= COUNT);
    assert_int_equal(of.newest, COUNT); /* the last one arrives, too */
    bh_future_destroy(future);
}

static void what_nobody_sees_goes_to_the_hook(void **state)
{
    (void)state;
    bh_future *future = bh_process_pool_submit(pool, "fail", NULL, NULL);
    assert_int_equal(bh_future_wait(future, 20000), BH_OK);
    assert_int_equal(bh_future_destroy(future), BH_OK);
    assert_non_null(strstr(bh_last_error(), "cannot read moon.csv; nobody has asked"));
}

static void *submits(void *user)
{
    long sum = 0;
    for (int i = 0; i < 500; i++) {
        bh_future *future = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        bh_message_view view;
        if (i % 7 == 0)
            bh_future_cancel(future);
        bh_future_wait(future, 20000);
        if (bh_future_get_state(future) == BH_FUTURE_DONE && !bh_future_result(future, &view))
            sum += bh_message_get_int(view, "sum", 0) == i;
        else
            sum += bh_future_get_state(future) == BH_FUTURE_CANCELLED;
        bh_future_destroy(future);
    }
    *(long *)user = sum;
    return NULL;
}

static void many_threads_submit_and_cancel(void **state)
{
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    long sums[THREADS];
    (void)state;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, submits, &sums[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(sums[i], 500);
    }
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_callback_runs_once),        cmocka_unit_test(a_destroyed_future_calls_nobody),
        cmocka_unit_test(refused_callbacks_take_nothing), cmocka_unit_test(callbacks_may_not_wait),
        cmocka_unit_test(the_newest_progress_wins),       cmocka_unit_test(what_nobody_sees_goes_to_the_hook),
        cmocka_unit_test(many_threads_submit_and_cancel),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
