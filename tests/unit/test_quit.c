/* Requests from outside to end the program: signals, and Qt's own. */
#include "turns.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static bh_object *window;

static int setup(void **state)
{
    int status = with_app(state);
    window = bh_create("QMainWindow", NULL);
    bh_call(window, "show");
    return status;
}

static bool is_visible(bh_object *widget)
{
    bool visible = false;
    return bh_get_bool(widget, "visible", &visible) == BH_OK && visible;
}

static void raise_signal(void *number)
{
    raise((int)(intptr_t)number);
}

static void signals_close_the_windows(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    for (int i = 0; i < 3; i++) {
        bh_call(window, "show");
        bh_timer_single_shot(0, raise_signal, (void *)(intptr_t)signals[i]);
        assert_int_equal(bh_app_exec(), 128 + signals[i]);
        assert_false(is_visible(window));
    }
    assert_silent();
}

static void one_before_the_loop_is_not_lost(void **state)
{
    (void)state;
    raise(SIGTERM);
    assert_true(is_visible(window));
    assert_int_equal(bh_app_exec(), 128 + SIGTERM);
    assert_false(is_visible(window));
}

static void open_dialog(void *state)
{
    (void)state;
    bh_message_box(window, BH_MESSAGE_QUESTION, "Question", "Well?", BH_BUTTON_YES | BH_BUTTON_CANCEL, NULL, NULL);
    bh_timer_single_shot(0, raise_signal, (void *)(intptr_t)SIGTERM);
}

static void a_modal_dialog_closes_first(void **state)
{
    (void)state;
    bh_timer_single_shot(0, open_dialog, NULL);
    assert_int_equal(bh_app_exec(), 128 + SIGTERM);
    assert_false(is_visible(window));
    assert_silent();
}

static bh_event_result veto(bh_object *self, void *user, const bh_event *event)
{
    (void)self;
    (void)event;
    ++*(int *)user;
    return BH_EVENT_IGNORE;
}

static void quit_with_7(void *user)
{
    (void)user;
    bh_app_quit(7);
}

static void a_window_may_veto(void **state)
{
    int asked = 0;
    (void)state;
    bh_on_event(window, BH_EVENT_CLOSE, veto, &asked);
    raise(SIGTERM);
    pump_until(asked == 1);
    bh_timer_single_shot(0, quit_with_7, NULL);
    assert_int_equal(bh_app_exec(), 7);
    assert_int_equal(asked, 1);
    assert_true(is_visible(window));
}

static void ask_qt(void *user)
{
    (void)user;
    bh_call(bh_app(), "quit");
}

static void qt_s_quit_closes_the_windows(void **state)
{
    (void)state;
    bh_timer_single_shot(0, ask_qt, NULL);
    assert_int_equal(bh_app_exec(), 0);
    assert_false(is_visible(window));
}

/* --- without the application of setup */

static volatile sig_atomic_t caught;

static void catch_it(int number)
{
    caught = number;
}

static void a_handler_of_the_program_stays(void **state)
{
    struct sigaction now;
    signal(SIGHUP, catch_it);
    signal(SIGINT, SIG_IGN);
    assert_int_equal(with_app(state), 0);
    raise(SIGHUP);
    raise(SIGINT);
    pump();
    assert_int_equal(caught, SIGHUP);
    assert_int_equal(without_app(state), 0);
    sigaction(SIGHUP, NULL, &now);
    assert_ptr_equal(now.sa_handler, catch_it);
    sigaction(SIGTERM, NULL, &now);
    assert_true(now.sa_handler == SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGINT, SIG_DFL);
}

/* Where the GUI thread hangs, the second one ends the process as it would have without us. */
static void a_second_signal_ends_a_program_that_hangs(void **state)
{
    int status = 0;
    pid_t child = fork();
    if (!child) {
        if (with_app(state))
            _exit(1);
        raise(SIGTERM);
        raise(SIGTERM);
        _exit(2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_signal_ends_a_program_that_hangs), /* first: before Qt has threads */
        cmocka_unit_test(a_handler_of_the_program_stays),
        cmocka_unit_test_setup_teardown(signals_close_the_windows, setup, without_app),
        cmocka_unit_test_setup_teardown(one_before_the_loop_is_not_lost, setup, without_app),
        cmocka_unit_test_setup_teardown(a_modal_dialog_closes_first, setup, without_app),
        cmocka_unit_test_setup_teardown(a_window_may_veto, setup, without_app),
        cmocka_unit_test_setup_teardown(qt_s_quit_closes_the_windows, setup, without_app),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
