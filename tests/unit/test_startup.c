/* The staged start: order, splash screen, progress, failures and the three answers, the dialog, the end. */
#include "stages.h"

static bh_object *top_level(const char *class_name)
{
    bh_live_object all[256];
    size_t count = bh_live_objects(all, 256);
    for (size_t i = 0; i < count && i < 256; i++)
        if (strcmp(all[i].class_name, class_name) == 0)
            return all[i].object;
    return NULL;
}

/* --- a start that is well */

static void stages_run_in_order_and_nothing_is_undone(void **state)
{
    (void)state;
    bh_startup_options options = test_options(NOTHING, -1);
    start_stages(&options);
    assert_string_equal(my.trail, ""); /* from the event loop only */
    pump_until(has_ended());
    assert_string_equal(my.trail, "abcdex");
    assert_int_equal(my.ended, BH_OK);
    assert_refused(bh_startup_cancel(my.handle), BH_ERROR_STALE, "self is gone");
    forget_heard();
    start_stages(&options); /* one after the other may be */
    pump_until(my.trail[6] && strlen(my.trail) == 12);
    assert_string_equal(my.trail, "abcdexabcdex");
    assert_silent();
}

static bool quits_on_close(void)
{
    bool quits;
    assert_int_equal(bh_get_bool(bh_app(), "quitOnLastWindowClosed", &quits), BH_OK);
    return quits;
}

static bh_status make_window(bh_startup *self, void *user)
{
    bh_object **window = user;
    *window = bh_create("QMainWindow", NULL);
    assert_false(quits_on_close());
    bh_call(*window, "show");
    return bh_startup_set_window(self, *window);
}

static bh_status check_splash(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    bool visible = false;
    bh_object *splash = top_level("QSplashScreen");
    assert_non_null(splash);
    assert_int_equal(bh_get_bool(splash, "visible", &visible), BH_OK);
    assert_true(visible);
    return BH_OK;
}

static void the_splash_comes_first_and_ends_with_the_window(void **state)
{
    (void)state;
    bh_object *window = NULL;
    const bh_startup_stage stages[] = {
        {BH_STARTUP_STAGE_INIT, .name = "look", .run = check_splash},
        {BH_STARTUP_STAGE_INIT, .name = "window", .run = make_window},
    };
    assert_non_null(
        bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 2, .user = &window}));
    pump_until(window && !top_level("QSplashScreen"));
    assert_true(quits_on_close());
    assert_true(bh_is_alive(window));
    assert_silent();
}

static char messages[256];

static void on_message(void *user, const char *text)
{
    (void)user;
    strncat(messages, text, sizeof messages - strlen(messages) - 1);
    strncat(messages, "|", sizeof messages - strlen(messages) - 1);
}

static bh_status listen_to_splash(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    return bh_connect(top_level("QSplashScreen"), "messageChanged", BH_CALLBACK(on_message, const char *), NULL, NULL) ? BH_OK
                                                                                                                       : BH_ERROR;
}

static bh_status nothing(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    return BH_OK;
}

static void the_splash_shows_the_names_of_stages(void **state)
{
    (void)state;
    const bh_startup_stage stages[] = {
        {BH_STARTUP_STAGE_INIT, .name = "Listening", .run = listen_to_splash},
        {BH_STARTUP_STAGE_INIT, .name = "Opening the data", .run = nothing, .background = true},
        {BH_STARTUP_STAGE_INIT, .name = "<b>", .run = nothing},
    };
    messages[0] = 0;
    bh_startup_start(
        &(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 3, .user = &my, .drop = on_startup_drop});
    memset(&my, 0, sizeof my);
    pump_until(has_ended());
    assert_string_equal(messages, "Opening the data…|<b>…|");
}

static void the_gui_is_alive_while_a_stage_is_in_the_background(void **state)
{
    (void)state;
    bh_startup_options options = test_options(HANGS, 1);
    _Atomic int turns = 0;
    start_stages(&options);
    pump_until(atomic_load(&my.at.reached));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bh_post(NULL, count_run, &turns, NULL), BH_OK);
        pump_until(atomic_load(&turns) == i + 1);
    }
    assert_string_equal(my.trail, "a");
    gate_open(&my.at);
    pump_until(has_ended());
    assert_string_equal(my.trail, "abcdex");
}

/* --- failures */

static void a_failure_undoes_in_reverse_and_quits(void **state)
{
    (void)state;
    static const char *const trails[] = {"!ex", "aA!ex", "abBA!ex", "abcCBA!ex"};
    for (int place = 0; place < STAGES; place++) {
        bh_startup_options options = test_options(SAYS, place);
        start_stages(&options);
        assert_int_equal(bh_app_exec(), 1);
        assert_string_equal(my.trail, trails[place]);
        assert_int_equal(my.ended, BH_ERROR_IO);
        assert_string_equal(my.sentence, "cannot read data.csv");
        assert_int_equal(my.stage[6], 'a' + place);
        assert_int_equal(my.attempt, 1);
        assert_int_equal(my.optional, place == 1 || place == 2);
        assert_true(quits_on_close());
    }
    assert_silent();
}

static void retry_begins_again_with_the_first_stage(void **state)
{
    (void)state;
    bh_startup_options options = test_options(RETURNS, 3);
    my.answers[0] = my.answers[1] = BH_STARTUP_RETRY;
    my.times = 2;
    start_stages(&options);
    pump_until(has_ended());
    assert_string_equal(my.trail, "abcCBA!abcCBA!abcdex");
    assert_int_equal(my.ended, BH_OK);
    assert_int_equal(my.attempt, 2);
    assert_string_equal(my.sentence, bh_status_text(BH_ERROR_SYSTEM));
}

static void continue_without_leaves_the_stage_out(void **state)
{
    (void)state;
    bh_startup_options options = test_options(THROWS, 2);
    my.answers[0] = BH_STARTUP_CONTINUE_WITHOUT;
    start_stages(&options);
    pump_until(has_ended());
    assert_string_equal(my.trail, "abBA!abdex");
    assert_int_equal(my.ended, BH_OK);
    assert_non_null(strstr(my.sentence, "no such thing"));
}

static void without_one_that_is_not_optional_it_cannot_continue(void **state)
{
    (void)state;
    bh_startup_options options = test_options(RETURNS, 3);
    my.answers[0] = BH_STARTUP_CONTINUE_WITHOUT;
    start_stages(&options);
    assert_int_equal(bh_app_exec(), 1);
    assert_string_equal(my.trail, "abcCBA!ex");
    assert_heard(BH_ERROR_STATE, "cannot continue without stage 'stage d', which is not optional");
}

static bh_status refused_call(bh_startup *self, void *user)
{
    (void)self;
    (void)user;
    return bh_call(NULL, "show");
}

static void a_failed_call_says_why(void **state)
{
    (void)state;
    bh_startup_options options = test_options(NOTHING, 0);
    const bh_startup_stage only = {BH_STARTUP_STAGE_INIT, .name = "call", .run = refused_call};
    options.stages = &only;
    options.stage_count = 1;
    my.answers[0] = BH_STARTUP_RETRY;
    start_stages(&options);
    assert_int_equal(bh_app_exec(), 1);
    assert_non_null(strstr(my.sentence, "object is NULL"));
    assert_int_equal(my.attempt, 2);
}

/* --- the dialog */

static bh_object *button(bh_object *box, const char *text)
{
    bh_object **all = NULL, *found = NULL;
    assert_int_equal(bh_find_all(box, NULL, "QPushButton", &all, NULL), BH_OK);
    for (int i = 0; all[i]; i++) {
        char *label = NULL;
        assert_int_equal(bh_get_string(all[i], "text", &label), BH_OK);
        if (strcmp(label, text) == 0)
            found = all[i];
        bh_free(label);
    }
    bh_free(all);
    return found;
}

static bh_object *wait_for_box(void)
{
    pump_until(top_level("QMessageBox"));
    bh_object *box = top_level("QMessageBox");
    pump();
    return box;
}

static void the_dialog_asks_with_three_buttons(void **state)
{
    (void)state;
    bh_startup_options options = test_options(SAYS, 1);
    options.on_failure = NULL;
    options.no_splash = false;
    start_stages(&options);
    bh_object *box = wait_for_box();
    char *text;
    assert_string_equal(my.trail, "aA");
    assert_null(top_level("QSplashScreen")); /* it would cover the dialog */
    assert_int_equal(bh_get_string(box, "text", &text), BH_OK);
    assert_string_equal(text, "“stage b” failed.");
    bh_free(text);
    assert_int_equal(bh_get_string(box, "informativeText", &text), BH_OK);
    assert_non_null(strstr(text, "cannot read data.csv"));
    bh_free(text);
    assert_non_null(button(box, "&Retry"));
    assert_non_null(button(box, "&Quit"));
    bh_call(button(box, "Continue &Without"), "click");
    pump_until(has_ended());
    assert_string_equal(my.trail, "aAacdex");
    assert_silent();
}

static void the_dialog_retries(void **state)
{
    (void)state;
    bh_startup_options options = test_options(SAYS, 3);
    options.on_failure = NULL;
    start_stages(&options);
    bh_object *box = wait_for_box();
    assert_null(button(box, "Continue &Without")); /* not optional */
    bh_call(button(box, "&Retry"), "click");
    pump_until(has_ended());
    assert_string_equal(my.trail, "abcCBAabcdex");
    assert_int_equal(my.ended, BH_OK);
}

static void press_escape(void *user)
{
    (void)user;
    bh_object *box = top_level("QMessageBox");
    if (box)
        bh_call(box, "reject");
    else
        bh_timer_single_shot(5, press_escape, NULL);
}

static void escape_quits(void **state)
{
    (void)state;
    bh_startup_options options = test_options(SAYS, 3);
    options.on_failure = NULL;
    start_stages(&options);
    bh_timer_single_shot(0, press_escape, NULL);
    assert_int_equal(bh_app_exec(), 1);
    assert_string_equal(my.trail, "abcCBAex");
    assert_int_equal(my.ended, BH_ERROR_IO);
    assert_silent();
}

/* --- windows that are closed meanwhile */

static bh_status close_window(bh_startup *self, void *user)
{
    (void)self;
    return bh_call(*(bh_object **)user, "close");
}

static void a_window_closed_meanwhile_ends_the_program_at_the_end(void **state)
{
    (void)state;
    bh_object *window = NULL;
    const bh_startup_stage stages[] = {
        {BH_STARTUP_STAGE_INIT, .name = "window", .run = make_window},
        {BH_STARTUP_STAGE_INIT, .name = "close", .run = close_window},
        {BH_STARTUP_STAGE_INIT, .name = "more", .run = nothing, .background = true},
    };
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 3, .user = &window});
    assert_int_equal(bh_app_exec(), 0);
    assert_silent();
}

/* --- refusals */

static void *start_elsewhere(void *options)
{
    assert_not_made(bh_startup_start(options), BH_ERROR_THREAD, "only the GUI thread may");
    return NULL;
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    bh_startup_options options = test_options(NOTHING, -1);
    assert_not_made(bh_startup_start(NULL), BH_ERROR_NULL, "options is NULL");
    pthread_join(start_pthread(start_elsewhere, &options), NULL);
    bh_startup_options wrong = options;
    wrong.size = 0;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_RANGE, "begin with BH_STARTUP_INIT");
    wrong = options;
    wrong.stages = NULL;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_NULL, "stages is NULL");
    wrong = options;
    wrong.stage_count = 0;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_RANGE, "stage_count is less than 1");
    wrong = options;
    wrong.quit_timeout_ms = -1;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_RANGE, "quit_timeout_ms is negative");
    bh_startup_stage bad[2] = {test_stages[0], {BH_STARTUP_STAGE_INIT, .name = "no function"}};
    wrong = options;
    wrong.stages = bad;
    wrong.stage_count = 2;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_NULL, "stage 1 has no function: set .run");
    bad[1] = (bh_startup_stage){BH_STARTUP_STAGE_INIT, .run = nothing};
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_NULL, "stage 1 has no name");
    bad[1].size = 0;
    assert_not_made(bh_startup_start(&wrong), BH_ERROR_RANGE, "BH_STARTUP_STAGE_INIT");
    assert_string_equal(my.trail, ""); /* a call that fails takes nothing */
    start_stages(&options);
    assert_not_made(bh_startup_start(&options), BH_ERROR_EXISTS, "under way already");
    assert_int_equal(bh_startup_fail(my.handle, BH_OK, "x"), BH_ERROR);
    assert_heard(BH_ERROR_STATE, "no stage of it runs on this thread");
}

static void in_the_wrong_place(void **state)
{
    (void)state;
    bh_startup_options options = test_options(NOTHING, -1);
    start_stages(&options);
    bh_object *object = bh_create("QObject", NULL);
    assert_refused(bh_startup_set_window(my.handle, NULL), BH_ERROR_NULL, "window is NULL");
    assert_refused(bh_startup_set_window(my.handle, object), BH_ERROR_CLASS, "bh_startup_set_window");
    assert_refused(bh_startup_set_window(NULL, object), BH_ERROR_NULL, "self is NULL");
    assert_false(bh_startup_cancelled(my.handle));
    assert_int_equal(bh_startup_cancel(my.handle), BH_OK);
    pump_until(has_ended());
    assert_string_equal(my.trail, "ex");
    assert_int_equal(my.ended, BH_CANCELLED);
    forget_heard();
    assert_true(bh_startup_cancelled(my.handle));
    assert_heard(BH_ERROR_STALE, "self is gone");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_app, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stages_run_in_order_and_nothing_is_undone),
        TEST(the_splash_comes_first_and_ends_with_the_window),
        TEST(the_splash_shows_the_names_of_stages),
        TEST(the_gui_is_alive_while_a_stage_is_in_the_background),
        TEST(a_failure_undoes_in_reverse_and_quits),
        TEST(retry_begins_again_with_the_first_stage),
        TEST(continue_without_leaves_the_stage_out),
        TEST(without_one_that_is_not_optional_it_cannot_continue),
        TEST(a_failed_call_says_why),
        TEST(the_dialog_asks_with_three_buttons),
        TEST(the_dialog_retries),
        TEST(escape_quits),
        TEST(a_window_closed_meanwhile_ends_the_program_at_the_end),
        TEST(wrong_arguments_are_refused),
        TEST(in_the_wrong_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
