/* watchdog.h: its life, what it refuses, and what can be read. Hangs and what looks like them are in fault_watchdog. */
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <signal.h>

static _Atomic int drops;
static gate at; /* where a function of the watchdog is kept */
static _Atomic int stages[4];

static void on_drop(void *user)
{
    (void)user;
    drops++;
}

static void on_hang(const bh_hang *hang, void *user)
{
    stages[hang->stage]++;
    if (user)
        wait_at_gate(user);
}

static const bh_watchdog_options quick = {BH_WATCHDOG_INIT,  .notice_ms = 20, .stack_ms = 60,
                                          .report_ms = 5000, .hang = on_hang, .drop = on_drop};

static int setup(void **state)
{
    drops = 0;
    memset((void *)stages, 0, sizeof stages);
    return with_app(state);
}

static int teardown(void **state)
{
    int failed = bh_app() ? without_app(state) : 0;
    return failed || bh_watchdog_stop() ? -1 : 0;
}

/* Of processor time: what it waits for a processor does not count. */
static void spin(int ms)
{
    struct timespec now;
    double until = 0;
    do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        double ran = (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
        until = until > 0 ? until : ran + ms;
        if (ran >= until)
            return;
    } while (true);
}

static void quit(void *user)
{
    (void)user;
    bh_app_quit(0);
}

/* In an event loop that ends a moment later. */
static void run_in_loop(void (*fn)(void *user), void *user)
{
    bh_timer_single_shot(0, fn, user);
    bh_timer_single_shot(150, quit, NULL);
    bh_app_exec();
}

/* --- its life */

static void it_starts_once_and_stops(void **state)
{
    (void)state;
    assert_int_equal(bh_watchdog_stop(), BH_OK); /* there is none */
    assert_int_equal(bh_watchdog_start(NULL), BH_OK);
    assert_refused(bh_watchdog_start(NULL), BH_ERROR_EXISTS, "a watchdog already");
    assert_int_equal(bh_watchdog_stop(), BH_OK);
    assert_int_equal(bh_watchdog_stop(), BH_OK);
    assert_int_equal(bh_watchdog_start(&quick), BH_OK);
    assert_int_equal(drops, 0);
    assert_int_equal(bh_watchdog_stop(), BH_OK);
    assert_int_equal(drops, 1);
}

static void it_ends_with_the_application(void **state)
{
    (void)state;
    assert_int_equal(bh_watchdog_start(&quick), BH_OK);
    bh_app_destroy();
    assert_int_equal(drops, 1);
    assert_int_equal(bh_watchdog_start(&quick), BH_OK); /* before the next one */
    assert_non_null(bh_app_create(0, NULL));
    run_in_loop(quit, NULL);
    bh_app_destroy();
    assert_int_equal(drops, 2);
}

static void what_is_refused_takes_nothing(void **state)
{
    bh_watchdog_options wrong = quick;
    (void)state;
    wrong.size = 3;
    assert_refused(bh_watchdog_start(&wrong), BH_ERROR_STATE, "BH_WATCHDOG_INIT");
    wrong = quick;
    wrong.notice_ms = 1;
    assert_refused(bh_watchdog_start(&wrong), BH_ERROR_RANGE, "notice_ms is 1");
    wrong = quick;
    wrong.stack_ms = 20;
    assert_refused(bh_watchdog_start(&wrong), BH_ERROR_RANGE, "they rise");
    wrong = quick;
    wrong.report_ms = -1;
    assert_refused(bh_watchdog_start(&wrong), BH_ERROR_RANGE, "report_ms -1");
    assert_refused(bh_watchdog_get_latency(NULL), BH_ERROR_NULL, "out is NULL");
    assert_int_equal(drops, 0);
}

static bh_status try_elsewhere(void *user)
{
    bh_watchdog_latency latency;
    bh_status *got = user;
    got[0] = bh_watchdog_start(NULL);
    got[1] = bh_watchdog_stop();
    got[2] = bh_watchdog_get_latency(&latency);
    return BH_OK;
}

static void it_belongs_to_the_main_thread(void **state)
{
    bh_status got[3];
    (void)state;
    side other = start_side("other");
    assert_int_equal(bh_send(other.object, try_elsewhere, got), BH_OK);
    assert_int_equal(got[0], BH_ERROR_THREAD);
    assert_int_equal(got[1], BH_ERROR_THREAD);
    assert_int_equal(got[2], BH_OK);
    assert_heard(BH_ERROR_THREAD, "main thread");
    stop_side(&other);
}

/* Once it runs, it runs. */
static bool restarted(void)
{
    static bool runs;
    runs = runs || bh_watchdog_start(NULL) == BH_OK;
    return runs;
}

static void a_function_that_hangs_does_not_hold_the_stop_up(void **state)
{
    bh_watchdog_options options = quick;
    (void)state;
    gate_init(&at);
    options.user = &at;
    assert_int_equal(bh_watchdog_start(&options), BH_OK);
    wait_until(stages[BH_HANG_NOTICED] == 1); /* no event loop turns here */
    assert_refused(bh_watchdog_stop(), BH_TIMEOUT, "its function still runs");
    assert_refused(bh_watchdog_start(NULL), BH_ERROR_EXISTS, "when its function has returned");
    assert_int_equal(drops, 0);
    gate_open(&at);
    wait_until(drops == 1);
    wait_until(restarted());
    assert_int_equal(bh_watchdog_stop(), BH_OK);
}

/* --- what can be read */

static void stall(void *user)
{
    (void)user;
    wait_until(stages[BH_HANG_STACK] >= 1);
}

static void nothing(void *user)
{
    (void)user;
}

static void nothing_is_seen_before_the_first_start(void **state)
{
    bh_watchdog_latency latency;
    (void)state;
    assert_int_equal(bh_watchdog_get_latency(&latency), BH_OK);
    assert_int_equal(latency.turns + latency.hangs, 0);
    assert_true(latency.longest_ms <= 0);
}

static void the_longest_stall_and_percentiles_can_be_read(void **state)
{
    bh_watchdog_latency latency;
    (void)state;
    assert_int_equal(bh_watchdog_start(&quick), BH_OK);
    for (int i = 0; i < 150; i++)
        bh_timer_single_shot(i % 100, nothing, NULL);
    run_in_loop(stall, NULL);
    bh_watchdog_get_latency(&latency);
    assert_true(latency.turns >= 1);
    assert_true(latency.longest_ms >= quick.stack_ms);
    assert_true(latency.recent_ms >= quick.stack_ms && latency.recent_ms <= latency.longest_ms);
    assert_true(latency.p50_ms > 0 && latency.p50_ms <= latency.p99_ms);
    assert_true(latency.p99_ms <= latency.longest_ms * 1.13);
    assert_true(latency.hangs >= 1);
    assert_int_equal(bh_watchdog_stop(), BH_OK);
    bh_watchdog_latency after;
    bh_watchdog_get_latency(&after); /* what it has seen stays */
    assert_true(after.longest_ms >= quick.stack_ms);
}

static void the_stall_under_way_counts(void **state)
{
    bh_watchdog_latency latency;
    (void)state;
    assert_int_equal(bh_watchdog_start(NULL), BH_OK);
    spin(40); /* as it is before an event loop */
    bh_watchdog_get_latency(&latency);
    assert_true(latency.longest_ms >= 39);
}

/* --- the signal for stacks */

static void on_signal(int number)
{
    (void)number;
}

static void signals_of_the_program_are_left_alone(void **state)
{
    const struct sigaction mine = {.sa_handler = on_signal};
    struct sigaction now;
    (void)state;
    /* The watchdog has chosen its own by now; it is one that nobody used. */
    int ours = 0;
    for (int i = SIGRTMIN; i <= SIGRTMAX; i++) {
        sigaction(i, NULL, &now);
        ours += (now.sa_flags & SA_SIGINFO) != 0;
    }
    assert_int_equal(ours, 1);
    assert_int_equal(sigaction(SIGRTMIN, &mine, NULL), 0);
    assert_int_equal(bh_watchdog_start(NULL), BH_OK);
    sigaction(SIGRTMIN, NULL, &now);
    assert_ptr_equal(now.sa_handler, on_signal);
    signal(SIGRTMIN, SIG_DFL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_seen_before_the_first_start, setup, teardown),
        cmocka_unit_test_setup_teardown(it_starts_once_and_stops, setup, teardown),
        cmocka_unit_test_setup_teardown(it_ends_with_the_application, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_refused_takes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(it_belongs_to_the_main_thread, setup, teardown),
        cmocka_unit_test_setup_teardown(a_function_that_hangs_does_not_hold_the_stop_up, setup, teardown),
        cmocka_unit_test_setup_teardown(the_longest_stall_and_percentiles_can_be_read, setup, teardown),
        cmocka_unit_test_setup_teardown(the_stall_under_way_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(signals_of_the_program_are_left_alone, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
