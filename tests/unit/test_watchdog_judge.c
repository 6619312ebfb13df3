/* What the watchdog takes for a hang: its judgement alone, on times that are made up. */
#include "heard.h"

#include "guard/watchdog.h"

enum { EACH = 32 }; /* ms from look to look */

static bh__judge judge;
static bh__look now;

/* --- a machine */

static int setup(void **state)
{
    (void)state;
    judge = (bh__judge){.limit_ms = {128, 1000, 5000}};
    now = (bh__look){.now_ms = 1000000, .boot_ms = 9000000};
    bh__judge_look(&judge, &now);
    return 0;
}

static void pass(int64_t ms)
{
    now.now_ms += ms;
    now.boot_ms += ms;
}

static void turn_begins(void)
{
    now.turn += now.turn % 2 ? 2 : 1;
    now.since_ms = now.now_ms;
}

static void rests(void)
{
    now.turn += now.turn % 2;
}

static int stages; /* told, each as a digit from 1 on */

static bool look(void)
{
    bh_hang_stage stage;
    bool over = bh__judge_look(&judge, &now);
    while (bh__judge_next(&judge, &stage))
        stages = stages * 10 + 1 + (int)stage;
    return over;
}

/* Looks for MS, and returns the stages that were told. */
static int watch(int64_t ms)
{
    stages = 0;
    for (; ms > 0; ms -= EACH) {
        pass(EACH);
        assert_false(look());
    }
    return stages;
}

/* --- tests */

static void each_stage_is_told_once(void **state)
{
    (void)state;
    turn_begins();
    assert_int_equal(watch(96), 0);
    assert_int_equal(watch(32), 1);
    assert_int_equal(watch(800), 0);
    assert_int_equal(watch(96), 2);
    assert_int_equal(watch(3900), 0);
    assert_int_equal(watch(128), 3);
    assert_int_equal(watch(20000), 0);
    assert_true(bh__judge_age(&judge) > 24000);
    rests();
    assert_true(look());
    assert_int_equal(bh__judge_age(&judge), 0);
}

static void all_that_is_due_is_told_at_once(void **state)
{
    (void)state;
    turn_begins();
    look();
    pass(6000);
    stages = 0;
    look();
    assert_int_equal(stages, 123);
}

static void turns_are_no_hang_however_many(void **state)
{
    (void)state;
    stages = 0;
    for (int i = 0; i < 1000; i++) {
        turn_begins();
        assert_false(look());
        pass(100);
        assert_false(look());
    }
    assert_int_equal(stages, 0);
}

static void the_next_turn_may_hang_too(void **state)
{
    (void)state;
    turn_begins();
    assert_int_equal(watch(200), 1);
    turn_begins(); /* without a rest in between */
    assert_true(look());
    assert_int_equal(watch(200), 1);
}

static void a_rest_is_no_hang(void **state)
{
    (void)state;
    turn_begins();
    look();
    rests();
    assert_int_equal(watch(60000), 0);
}

static void a_process_that_stood_still_has_not_hung(void **state)
{
    (void)state;
    turn_begins();
    assert_int_equal(watch(64), 0);
    pass(60000);
    now.late_ms = 60000 - EACH;
    look();
    now.late_ms = 0;
    assert_int_equal(stages, 0);
    assert_int_equal(bh__judge_age(&judge), 64 + EACH);
    assert_int_equal(watch(64), 1); /* and what came before counts */
}

/* It was stopped before the watchdog had seen the turn. */
static void nor_has_one_that_stood_still_at_once(void **state)
{
    (void)state;
    turn_begins();
    pass(60000);
    now.late_ms = 60000;
    look();
    assert_int_equal(bh__judge_age(&judge), 0);
    now.late_ms = 0;
    assert_int_equal(watch(200), 1);
}

/* The watchdog did not run, but the GUI thread did. */
static void a_late_look_at_one_that_ran_excuses_nothing(void **state)
{
    (void)state;
    turn_begins();
    look();
    stages = 0;
    pass(400);
    now.ran_ms += 300;
    now.late_ms = 400 - EACH;
    look();
    assert_int_equal(bh__judge_age(&judge), 300);
    assert_int_equal(stages, 1);
}

static void a_late_look_of_a_rest_excuses_no_turn(void **state)
{
    (void)state;
    look();
    pass(60000);
    turn_begins();
    pass(1);
    now.late_ms = 60000;
    look();
    now.late_ms = 0;
    assert_int_equal(watch(128), 1);
}

static void a_little_late_is_nothing(void **state)
{
    (void)state;
    turn_begins();
    now.late_ms = BH__BEAT_SLACK_MS;
    assert_int_equal(watch(128), 1);
}

static void a_machine_that_slept_has_not_hung(void **state)
{
    (void)state;
    turn_begins();
    assert_int_equal(watch(96), 0);
    now.boot_ms += 3600000; /* CLOCK_MONOTONIC did not go on */
    assert_int_equal(watch(128), 0);
    assert_int_equal(watch(64), 1); /* but what hangs afterwards has */
}

static void the_clocks_may_drift(void **state)
{
    (void)state;
    turn_begins();
    stages = 0;
    for (int i = 0; i < 4; i++) {
        now.boot_ms += 10;
        pass(EACH);
        look();
    }
    assert_int_equal(stages, 1);
}

static void waiting_for_a_processor_is_no_hang(void **state)
{
    (void)state;
    turn_begins();
    look();
    stages = 0;
    for (int i = 0; i < 100; i++) { /* one part in ten is its own */
        pass(EACH);
        now.queued_ms += EACH - 3;
        look();
    }
    assert_int_equal(stages, 1); /* 300 ms of 3200 */
    assert_int_equal(bh__judge_age(&judge), 300);
}

static void what_it_waited_for_before_excuses_nothing(void **state)
{
    (void)state;
    look();
    now.queued_ms = 50000;
    pass(100000);
    turn_begins();
    look(); /* woken by it */
    assert_int_equal(watch(128), 1);
}

static void with_a_debugger_it_counts_from_the_last_look(void **state)
{
    bh_hang_stage stage;
    (void)state;
    turn_begins();
    bh__judge_look(&judge, &now);
    pass(500);
    bh__judge_look(&judge, &now);
    assert_true(bh__judge_next(&judge, &stage));
    assert_int_equal(stage, BH_HANG_NOTICED);
    bh__judge_excuse(&judge, stage);
    assert_false(bh__judge_next(&judge, &stage));
    assert_int_equal(bh__judge_age(&judge), 0);
    assert_int_equal(watch(128), 1); /* and tells once it is gone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_stage_is_told_once, setup),
        cmocka_unit_test_setup(all_that_is_due_is_told_at_once, setup),
        cmocka_unit_test_setup(turns_are_no_hang_however_many, setup),
        cmocka_unit_test_setup(the_next_turn_may_hang_too, setup),
        cmocka_unit_test_setup(a_rest_is_no_hang, setup),
        cmocka_unit_test_setup(a_process_that_stood_still_has_not_hung, setup),
        cmocka_unit_test_setup(nor_has_one_that_stood_still_at_once, setup),
        cmocka_unit_test_setup(a_late_look_at_one_that_ran_excuses_nothing, setup),
        cmocka_unit_test_setup(a_late_look_of_a_rest_excuses_no_turn, setup),
        cmocka_unit_test_setup(a_little_late_is_nothing, setup),
        cmocka_unit_test_setup(a_machine_that_slept_has_not_hung, setup),
        cmocka_unit_test_setup(the_clocks_may_drift, setup),
        cmocka_unit_test_setup(waiting_for_a_processor_is_no_hang, setup),
        cmocka_unit_test_setup(what_it_waited_for_before_excuses_nothing, setup),
        cmocka_unit_test_setup(with_a_debugger_it_counts_from_the_last_look, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
