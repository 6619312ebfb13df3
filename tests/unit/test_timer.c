/* Timers: when they fire, what stops them, and what is refused. */
#include "refused.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static bh_timer *timer;
static int count;

static void on_tick(void *user)
{
    (void)user;
    count++;
}

static void count_up(void *number)
{
    ++*(int *)number;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void process_for(int ms)
{
    double until = now_ms() + ms;
    do {
        bh_app_process_events(1);
        usleep(200);
    } while (now_ms() < until);
}

static int setup(void **state)
{
    timer = NULL;
    count = 0;
    return with_app(state);
}

static void single_shots_fire_once(void **state)
{
    (void)state;
    assert_int_equal(bh_timer_single_shot(0, on_tick, NULL), BH_OK);
    assert_int_equal(bh_timer_single_shot(10, on_tick, NULL), BH_OK);
    assert_int_equal(bh_timer_single_shot(10000, on_tick, NULL), BH_OK);
    assert_int_equal(count, 0);
    process_for(60);
    assert_int_equal(count, 2);
    assert_silent();
}

static void single_shot_waits_its_time(void **state)
{
    (void)state;
    double start = now_ms();
    bh_timer_single_shot(50, on_tick, NULL);
    while (!count)
        process_for(1);
    assert_true(now_ms() - start >= 49);
}

static void again(void *user)
{
    if (++count < 5)
        bh_timer_single_shot(0, again, user);
}

static void single_shots_may_chain(void **state)
{
    (void)state;
    bh_timer_single_shot(0, again, NULL);
    process_for(40);
    assert_int_equal(count, 5);
}

static void repeating_timer_repeats(void **state)
{
    (void)state;
    timer = bh_timer_start(5, BH_TIMER_PRECISE, NULL, on_tick, NULL);
    assert_non_null(timer);
    process_for(100);
    assert_in_range(count, 5, 21);
    assert_int_equal(bh_timer_stop(timer), BH_OK);
    count = 0;
    process_for(20);
    assert_int_equal(count, 0);
    assert_refused(bh_timer_stop(timer), BH_ERROR_STALE, "bh_timer_stop: timer is gone");
    assert_refused(bh_timer_set_interval(timer, 1), BH_ERROR_STALE, "bh_timer_set_interval: timer is gone");
}

static void interval_can_change(void **state)
{
    (void)state;
    timer = bh_timer_start(60000, BH_TIMER_COARSE, NULL, on_tick, NULL);
    process_for(10);
    assert_int_equal(count, 0);
    assert_int_equal(bh_timer_set_interval(timer, 0), BH_OK);
    process_for(10);
    assert_true(count > 1);
    assert_refused(bh_timer_set_interval(timer, -5), BH_ERROR_RANGE, "-5 ms");
}

static void stop_at_three(void *user)
{
    (void)user;
    if (++count == 3)
        assert_int_equal(bh_timer_stop(timer), BH_OK);
}

static void may_stop_inside_itself(void **state)
{
    (void)state;
    timer = bh_timer_start(0, BH_TIMER_PRECISE, NULL, stop_at_three, NULL);
    process_for(30);
    assert_int_equal(count, 3);
    assert_silent();
}

static void nested_loop(void *user)
{
    int *inner = user;
    if (count++)
        return;
    bh_timer_single_shot(0, count_up, inner);
    bh_app_process_events(20);
    bh_timer_stop(timer);
}

static void may_run_a_nested_loop(void **state)
{
    int inner = 0;
    (void)state;
    timer = bh_timer_start(1, BH_TIMER_PRECISE, NULL, nested_loop, &inner);
    process_for(40);
    assert_int_equal(inner, 1);
    assert_int_equal(count, 1); /* Qt does not let a timer interrupt itself */
}

static void context_ends_it(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    bh_object *bystander = bh_create("QObject", NULL);
    timer = bh_timer_start(0, BH_TIMER_PRECISE, context, on_tick, NULL);
    assert_int_equal(bh_timer_single_shot_for(context, 0, on_tick, NULL), BH_OK);
    bh_destroy(bystander);
    process_for(5);
    assert_true(count > 0);
    assert_int_equal(bh_timer_single_shot_for(context, 0, on_tick, NULL), BH_OK);
    bh_destroy(context);
    count = 0;
    process_for(20);
    assert_int_equal(count, 0);
    assert_refused(bh_timer_stop(timer), BH_ERROR_STALE, "timer is gone");
}

static void destroy_context(void *context)
{
    count++;
    bh_destroy(context);
}

static void context_may_go_inside(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    bh_timer_start(0, BH_TIMER_PRECISE, context, destroy_context, context);
    process_for(20);
    assert_int_equal(count, 1);
    context = bh_create("QObject", NULL);
    bh_timer_single_shot_for(context, 0, destroy_context, context);
    process_for(20);
    assert_int_equal(count, 2);
    assert_silent();
}

static void stopping_leaves_the_context(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    timer = bh_timer_start(0, BH_TIMER_PRECISE, context, on_tick, NULL);
    assert_int_equal(bh_timer_stop(timer), BH_OK);
    assert_true(bh_is_alive(context));
    assert_int_equal(bh_destroy(context), BH_OK);
}

static void end_of_the_application_frees_all(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    timer = bh_timer_start(0, BH_TIMER_PRECISE, NULL, on_tick, NULL);
    bh_timer_start(5, BH_TIMER_COARSE, context, on_tick, NULL);
    bh_timer_single_shot(100000, on_tick, NULL);
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_refused(bh_timer_stop(timer), BH_ERROR_NO_APP, "bh_timer_stop");
    assert_refused(bh_timer_single_shot(0, on_tick, NULL), BH_ERROR_NO_APP, "bh_app_create");
    assert_not_made(bh_timer_start(0, BH_TIMER_COARSE, NULL, on_tick, NULL), BH_ERROR_NO_APP, "bh_app_create");
    assert_non_null(bh_app_create(0, NULL));
    count = 0;
    process_for(20);
    assert_int_equal(count, 0);
}

static void refusals(void **state)
{
    (void)state;
    bh_object *object = bh_create("QObject", NULL);
    bh_object *stale = bh_create("QObject", NULL);
    bh_destroy(stale);
    assert_refused(bh_timer_single_shot(-1, on_tick, NULL), BH_ERROR_RANGE, "bh_timer_single_shot: -1 ms");
    assert_refused(bh_timer_single_shot(0, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_refused(bh_timer_single_shot_for(NULL, 0, on_tick, NULL), BH_ERROR_NULL, "context");
    assert_refused(bh_timer_single_shot_for(stale, 0, on_tick, NULL), BH_ERROR_STALE, "context");
    assert_refused(bh_timer_single_shot_for((bh_object *)&count, 0, on_tick, NULL), BH_ERROR_NOT_A_HANDLE, "context");
    assert_not_made(bh_timer_start(-7, BH_TIMER_COARSE, NULL, on_tick, NULL), BH_ERROR_RANGE, "-7 ms");
    assert_not_made(bh_timer_start(1, BH_TIMER_COARSE, NULL, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_not_made(bh_timer_start(1, (bh_timer_type)9, NULL, on_tick, NULL), BH_ERROR_RANGE, "type 9");
    assert_not_made(bh_timer_start(1, BH_TIMER_COARSE, stale, on_tick, NULL), BH_ERROR_STALE, "context");
    assert_refused(bh_timer_stop((bh_timer *)object), BH_ERROR_CLASS, "bh_object");
    assert_refused(bh_timer_set_interval(NULL, 5), BH_ERROR_NULL, "timer is NULL");
    forget_heard();
    assert_int_equal(bh_timer_stop(NULL), BH_OK);
    assert_silent();
    process_for(5);
    assert_int_equal(count, 0);
}

static void *start_on_a_plain_thread(void *context)
{
    assert_refused(bh_timer_single_shot(0, on_tick, NULL), BH_ERROR_THREAD, "has no event loop");
    assert_not_made(bh_timer_start(0, BH_TIMER_COARSE, NULL, on_tick, NULL), BH_ERROR_THREAD, "has no event loop");
    assert_refused(bh_timer_stop(timer), BH_ERROR_THREAD, "thread");
    assert_refused(bh_timer_set_interval(timer, 5), BH_ERROR_THREAD, "thread");
    assert_refused(bh_timer_single_shot_for(context, 0, on_tick, NULL), BH_ERROR_THREAD, "thread");
    return NULL;
}

static void other_threads_are_refused(void **state)
{
    pthread_t thread;
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    timer = bh_timer_start(10000, BH_TIMER_COARSE, NULL, on_tick, NULL);
    assert_int_equal(pthread_create(&thread, NULL, start_on_a_plain_thread, context), 0);
    pthread_join(thread, NULL);
}

static atomic_int ticks;
static bh_thread *home;

static void tick_there(void *user)
{
    (void)user;
    assert_ptr_equal(bh_thread_current(), home);
    atomic_fetch_add(&ticks, 1);
}

static bh_status start_there(void *context)
{
    bh_timer_single_shot(1, tick_there, NULL);
    timer = bh_timer_start(1, BH_TIMER_PRECISE, context, tick_there, NULL);
    return timer ? BH_OK : BH_ERROR;
}

static void threads_of_ours_have_timers(void **state)
{
    (void)state;
    home = bh_thread_create("ticker");
    bh_object *context = bh_create("QObject", NULL);
    assert_int_equal(bh_thread_start(home), BH_OK);
    assert_int_equal(bh_move_to_thread(context, home), BH_OK);
    assert_int_equal(bh_send(context, start_there, context), BH_OK);
    for (int i = 0; i < 1000 && atomic_load(&ticks) < 5; i++)
        usleep(1000);
    assert_true(atomic_load(&ticks) >= 5);
    assert_int_equal(bh_thread_quit(home), BH_OK); /* with the timer running */
    assert_int_equal(bh_thread_wait(home, 5000), BH_OK);
    assert_int_equal(bh_thread_destroy(home), BH_OK);
}

static bh_status destroy_there(void *context)
{
    return bh_destroy(context);
}

static void context_may_move_and_go_elsewhere(void **state)
{
    (void)state;
    bh_thread *thread = bh_thread_create("other");
    bh_thread_start(thread);
    for (int stopped = 0; stopped < 2; stopped++) {
        bh_object *context = bh_create("QObject", NULL);
        timer = bh_timer_start(0, BH_TIMER_PRECISE, context, on_tick, NULL);
        assert_int_equal(bh_move_to_thread(context, thread), BH_OK);
        process_for(5);
        assert_true(count > 0);
        if (stopped)
            assert_int_equal(bh_timer_stop(timer), BH_OK);
        assert_int_equal(bh_send(context, destroy_there, context), BH_OK);
        process_for(5);
        count = 0;
        process_for(10);
        assert_int_equal(count, 0);
    }
    bh_thread_quit(thread);
    bh_thread_wait(thread, 5000);
    bh_thread_destroy(thread);
}

static void defer_mark(void *user)
{
    (void)user;
    bh_defer(on_tick, NULL);
    assert_int_equal(count, 0);
}

static void callback_is_a_handler(void **state)
{
    (void)state;
    bh_timer_single_shot(0, defer_mark, NULL);
    process_for(10);
    assert_int_equal(count, 1);
    assert_silent();
}

static void without_memory(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    for (long n = 1; !timer; n++) {
        forget_heard();
        bh__fail_allocation(n);
        timer = bh_timer_start(0, BH_TIMER_COARSE, context, on_tick, NULL);
        bh__fail_allocation(0);
        if (!timer)
            assert_heard(BH_ERROR_MEMORY, "memory");
    }
    bh__fail_allocation(1);
    assert_refused(bh_timer_single_shot(0, on_tick, NULL), BH_ERROR_MEMORY, "memory");
    bh__fail_allocation(0);
    bh_timer_stop(timer);
    process_for(5);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(single_shots_fire_once, setup, without_app),
        cmocka_unit_test_setup_teardown(single_shot_waits_its_time, setup, without_app),
        cmocka_unit_test_setup_teardown(single_shots_may_chain, setup, without_app),
        cmocka_unit_test_setup_teardown(repeating_timer_repeats, setup, without_app),
        cmocka_unit_test_setup_teardown(interval_can_change, setup, without_app),
        cmocka_unit_test_setup_teardown(may_stop_inside_itself, setup, without_app),
        cmocka_unit_test_setup_teardown(may_run_a_nested_loop, setup, without_app),
        cmocka_unit_test_setup_teardown(context_ends_it, setup, without_app),
        cmocka_unit_test_setup_teardown(context_may_go_inside, setup, without_app),
        cmocka_unit_test_setup_teardown(stopping_leaves_the_context, setup, without_app),
        cmocka_unit_test_setup_teardown(end_of_the_application_frees_all, setup, without_app),
        cmocka_unit_test_setup_teardown(refusals, setup, without_app),
        cmocka_unit_test_setup_teardown(other_threads_are_refused, setup, without_app),
        cmocka_unit_test_setup_teardown(threads_of_ours_have_timers, setup, without_app),
        cmocka_unit_test_setup_teardown(context_may_move_and_go_elsewhere, setup, without_app),
        cmocka_unit_test_setup_teardown(callback_is_a_handler, setup, without_app),
        cmocka_unit_test_setup_teardown(without_memory, setup, without_app),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
