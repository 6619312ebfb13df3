/* Faults of a staged start: a stage fails, throws, hangs, quits or cancels at each position; memory fails at each allocation; the
 * application goes meanwhile; a signal arrives in each stage. After each: what ran and was not completed is undone, once, in reverse. */
#include "../unit/stages.h"
#include "child.h"

#include <stdlib.h>

static int setup(void **state)
{
    return with_app(state);
}

static int teardown(void **state)
{
    (void)state;
    bh__fail_allocation(0);
    return bh_app() ? bh_app_destroy() != BH_OK : 0;
}

/* In the trail each stage that ran was undone, or none was and the start is complete; `ended` and drop came last, once. */
static void check_trail(bool complete)
{
    char open[STAGES + 1] = "";
    size_t depth = 0;
    const char *at = my.trail;
    for (; *at && *at != 'e'; at++) {
        if (*at >= 'a' && *at < 'a' + STAGES && depth < STAGES)
            open[depth++] = *at;
        else if (*at >= 'A' && *at < 'A' + STAGES && depth && open[depth - 1] == *at - 'A' + 'a')
            depth--;
        else if (*at != '!')
            fail_msg("'%c' does not belong there: %s", *at, my.trail);
    }
    if (strcmp(at, "ex") != 0 || (complete ? depth == 0 : depth != 0))
        fail_msg("not as it should be: %s", my.trail);
}

static void a_stage_fails_at_each_position(void **state)
{
    (void)state;
    static const accident accidents[] = {RETURNS, SAYS, THROWS, CANCELLED_BY_ITSELF};
    for (int i = 0; i < 4; i++) {
        for (int place = 0; place < STAGES; place++) {
            for (bh_startup_decision decision = BH_STARTUP_QUIT; decision <= BH_STARTUP_CONTINUE_WITHOUT; decision++) {
                bh_startup_options options = test_options(accidents[i], place);
                my.answers[0] = decision;
                start_stages(&options);
                pump_until(has_ended());
                bool optional = place == 1 || place == 2;
                bool goes_on = decision == BH_STARTUP_RETRY || (decision == BH_STARTUP_CONTINUE_WITHOUT && optional);
                check_trail(goes_on);
                assert_int_equal(my.ended == BH_OK, goes_on);
            }
        }
    }
}

static void it_fails_again_and_again(void **state)
{
    (void)state;
    bh_startup_options options = test_options(SAYS, 3);
    for (int i = 0; i < 8; i++)
        my.answers[i] = BH_STARTUP_RETRY;
    my.times = 100;
    start_stages(&options);
    pump_until(my.asked >= 8); /* the trail is full of attempts; the screen answers between them */
    my.times = 0;
    my.trail[0] = 0;
    pump_until(has_ended());
    assert_int_equal(my.ended, BH_OK);
}

static void the_program_quits_in_each_stage(void **state)
{
    (void)state;
    static const char *const trails[] = {"aAex", "abBAex", "abcCBAex", "abcdDCBAex"};
    for (int place = 0; place < STAGES; place++) {
        bh_startup_options options = test_options(QUITS, place);
        start_stages(&options);
        assert_int_equal(bh_app_exec(), 7);
        assert_string_equal(my.trail, trails[place]);
        assert_int_equal(my.ended, BH_CANCELLED);
    }
    assert_silent();
}

static void it_is_cancelled_in_each_stage(void **state)
{
    (void)state;
    for (int place = 0; place < STAGES; place++) {
        bh_startup_options options = test_options(CANCELS, place);
        start_stages(&options);
        pump_until(has_ended());
        check_trail(false);
        assert_int_equal(my.ended, BH_CANCELLED);
    }
    assert_silent();
}

/* --- a stage that hangs */

static void quit_with_nine(void *user)
{
    (void)user;
    bh_app_quit(9);
}

static void one_that_hangs_does_not_keep_the_program(void **state)
{
    (void)state;
    static const char *const trails[] = {"", "ae", "", "abce"}; /* nothing is undone under it, or dropped */
    for (int place = 1; place < STAGES; place += 2) {
        bh_startup_options options = test_options(HANGS, place);
        options.quit_timeout_ms = 50;
        start_stages(&options);
        pump_until(atomic_load(&my.at.reached));
        bh_timer_single_shot(0, quit_with_nine, NULL);
        int64_t begun = test_now_ms();
        assert_int_equal(bh_app_exec(), 9);
        assert_true(test_now_ms() - begun >= 50);
        assert_string_equal(my.trail, trails[place]);
        assert_heard(BH_TIMEOUT, "has not returned within 50 ms of the program's end and is left running");
        gate_open(&my.at);
        wait_until(strcmp(my.trail, place == 1 ? "aebx" : "abcedx") == 0); /* it goes on, with nobody to tell */
    }
}

static void one_that_returns_in_time_is_undone(void **state)
{
    (void)state;
    bh_startup_options options = test_options(HANGS, 1);
    start_stages(&options);
    pump_until(atomic_load(&my.at.reached));
    bh_app_quit(9);
    gate_open(&my.at);
    bh_timer_single_shot(0, quit_with_nine, NULL);
    assert_int_equal(bh_app_exec(), 9);
    check_trail(false);
    assert_silent();
}

/* --- the application goes */

static void the_application_is_destroyed_at_each_turn(void **state)
{
    for (int turns = 0; turns < 12; turns++) {
        bh_startup_options options = test_options(NOTHING, -1);
        options.no_splash = turns % 2;
        start_stages(&options);
        for (int i = 0; i < turns; i++)
            bh_app_process_events(0);
        bool complete = has_ended();
        assert_int_equal(bh_app_destroy(), BH_OK);
        check_trail(complete);
        assert_true(has_ended());
        with_app(state);
    }
}

static void it_goes_while_the_dialog_is_open(void **state)
{
    (void)state;
    bh_startup_options options = test_options(SAYS, 3);
    options.on_failure = NULL;
    start_stages(&options);
    pump_until(strcmp(my.trail, "abcCBA") == 0);
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_string_equal(my.trail, "abcCBAex");
    assert_int_equal(my.ended, BH_CANCELLED);
    assert_silent();
}

static void a_hung_stage_outlives_the_application(void **state)
{
    (void)state;
    bh_startup_options options = test_options(HANGS, 1);
    options.quit_timeout_ms = 1;
    start_stages(&options);
    pump_until(atomic_load(&my.at.reached));
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_string_equal(my.trail, "ae");
    gate_open(&my.at);
    wait_until(strcmp(my.trail, "aebx") == 0); /* it goes on, with nobody to tell */
}

static bh_status run_loop_inside(bh_startup *self, void *user)
{
    (void)user;
    bh_timer_single_shot(0, quit_with_nine, NULL);
    assert_int_equal(bh_app_exec(), 9);
    assert_true(bh_startup_cancelled(self));
    note_stage('a');
    return BH_OK;
}

static void undo_with_loop_inside(void *user)
{
    (void)user;
    bh_timer_single_shot(0, quit_with_nine, NULL);
    assert_int_equal(bh_app_exec(), 9);
    note_stage('A');
}

/* The first is undone with a loop inside. */
static void start_two_stages(const char *name, bh_status (*run)(bh_startup *self, void *user))
{
    static bh_startup_stage stages[2]; /* which are not copied */
    stages[0] = (bh_startup_stage){BH_STARTUP_STAGE_INIT, .name = name, .run = run, .undo = undo_with_loop_inside};
    stages[1] = test_stages[1];
    bh_startup_options options = test_options(NOTHING, -1);
    options.stages = stages;
    options.stage_count = 2;
    start_stages(&options);
}

/* It ends with the loop, but not under the feet of the function that runs it. */
static void a_loop_inside_a_stage_ends(void **state)
{
    (void)state;
    start_two_stages("loop", run_loop_inside);
    pump_until(has_ended());
    assert_string_equal(my.trail, "aAex");
    assert_int_equal(my.ended, BH_CANCELLED);
    assert_silent();
}

static bh_status quit_in_stage(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    note_stage('a');
    return bh_app_quit(7);
}

/* The next stage was about to begin when the program quit. */
static void a_loop_inside_an_undo_begins_no_stage(void **state)
{
    (void)state;
    start_two_stages("quits", quit_in_stage);
    assert_int_equal(bh_app_exec(), 7);
    assert_string_equal(my.trail, "aAex");
    assert_silent();
}

/* --- memory */

/* False once no allocation has failed. */
static bool start_without_allocation(long n)
{
    bh_startup_options options = test_options(NOTHING, -1);
    options.no_splash = n % 2;
    bh__fail_allocation(n);
    bh_startup *started = bh_startup_start(&options);
    if (started) {
        int64_t until = test_now_ms() + PATIENCE_MS;
        while (!has_ended() && test_now_ms() < until)
            bh_app_process_events(1);
    }
    bool failed = bh__allocation_failed();
    bh__fail_allocation(0);
    if (!started)
        assert_string_equal(my.trail, "");
    else
        check_trail(my.ended == BH_OK);
    return failed;
}

static void memory_fails_at_each_allocation(void **state)
{
    (void)state;
    long n = 1;
    while (start_without_allocation(n) && n < 10000)
        n++;
    assert_in_range(n, 10, 9999);
    assert_int_equal(my.ended, BH_OK);
    bool quits;
    assert_int_equal(bh_get_bool(bh_app(), "quitOnLastWindowClosed", &quits), BH_OK);
    assert_true(quits);
}

static void memory_fails_while_a_failure_is_shown(void **state)
{
    (void)state;
    bool failed = true;
    long n = 1;
    for (; failed && n < 10000; n++) {
        bh_startup_options options = test_options(SAYS, 2);
        options.on_failure = NULL;
        my.allocation = n;
        start_stages(&options);
        pump_until(strstr(my.trail, "A"));
        pump();
        failed = bh__allocation_failed();
        bh__fail_allocation(0);
        if (!has_ended())
            bh_startup_cancel(my.handle);
        pump_until(has_ended());
        check_trail(false);
    }
    assert_in_range(n, 3, 9999);
}

/* --- signals, each in a process of its own */

static bh_status wait_for_signal(bh_startup *self, void *user)
{
    (void)user;
    printf("waits\n");
    fflush(stdout);
    struct timespec nap = {0, 1000000};
    for (int i = 0; i < 20000 && !bh_startup_cancelled(self); i++)
        nanosleep(&nap, NULL);
    return BH_CANCELLED;
}

/* The event loop, and so the signal, waits for it. */
static bh_status hold_the_gui_thread(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    printf("waits\n");
    fflush(stdout);
    nanosleep(&(struct timespec){0, 300000000}, NULL);
    return BH_OK;
}

static bh_status fail_and_ask(bh_startup *self, void *user)
{
    (void)user;
    return bh_startup_fail(self, BH_ERROR_IO, "no such thing");
}

static void say_undone(void *user)
{
    (void)user;
    printf("undone\n");
    fflush(stdout);
}

static bh_status do_nothing(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    return BH_OK;
}

static int be_child(int place)
{
    bh_startup_stage stages[STAGES];
    for (int i = 0; i < STAGES; i++)
        stages[i] = (bh_startup_stage){BH_STARTUP_STAGE_INIT, .name = "stage", .run = i == place ? wait_for_signal : do_nothing,
                                       .undo = say_undone, .background = true};
    if (place == STAGES)
        stages[0].run = fail_and_ask;
    if (place == STAGES + 1)
        stages[0] = (bh_startup_stage){BH_STARTUP_STAGE_INIT, .name = "gui", .run = hold_the_gui_thread, .undo = say_undone};
    if (!bh_app_create(0, NULL))
        return 1;
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = place < STAGES ? STAGES : 1});
    return bh_app_exec();
}

static void sigterm_in_each_stage(void **state)
{
    (void)state;
    for (int place = 0; place < STAGES; place++) {
        char number[2] = {(char)('0' + place), 0};
        child self;
        child_start(&self, number, NULL);
        child_read(&self, "waits\n");
        kill(self.pid, SIGTERM);
        child_end(&self);
        assert_code(&self, 128 + SIGTERM);
        int undone = 0;
        for (const char *at = self.text; (at = strstr(at, "undone")); at++)
            undone++;
        assert_int_equal(undone, place);
    }
}

static void sigterm_while_the_dialog_is_open(void **state)
{
    (void)state;
    child self;
    char number[2] = {'0' + STAGES, 0};
    child_start(&self, number, NULL);
    child_read(&self, "stage 'stage' failed");
    kill(self.pid, SIGTERM);
    child_end(&self);
    assert_code(&self, 128 + SIGTERM);
}

static void sigterm_in_a_stage_on_the_gui_thread(void **state)
{
    (void)state;
    child self;
    char number[2] = {'0' + STAGES + 1, 0};
    child_start(&self, number, NULL);
    child_read(&self, "waits\n");
    kill(self.pid, SIGTERM);
    child_end(&self);
    assert_code(&self, 128 + SIGTERM);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    if (argc > 1)
        return be_child(atoi(argv[1]));
    const struct CMUnitTest tests[] = {
        TEST(a_stage_fails_at_each_position),
        TEST(it_fails_again_and_again),
        TEST(the_program_quits_in_each_stage),
        TEST(it_is_cancelled_in_each_stage),
        TEST(one_that_hangs_does_not_keep_the_program),
        TEST(one_that_returns_in_time_is_undone),
        TEST(the_application_is_destroyed_at_each_turn),
        TEST(it_goes_while_the_dialog_is_open),
        TEST(a_hung_stage_outlives_the_application),
        TEST(a_loop_inside_a_stage_ends),
        TEST(a_loop_inside_an_undo_begins_no_stage),
        TEST(memory_fails_at_each_allocation),
        TEST(memory_fails_while_a_failure_is_shown),
        cmocka_unit_test(sigterm_in_each_stage),
        cmocka_unit_test(sigterm_while_the_dialog_is_open),
        cmocka_unit_test(sigterm_in_a_stage_on_the_gui_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
