/* The application: when there may be one, its event loop, what runs at the end of a handler, and where errors go. */
#include "throwing.h"
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic int count;

static void add_one(void *user)
{
    (void)user;
    count++;
}

static int setup(void **state)
{
    (void)state;
    forget_heard();
    atomic_store(&count, 0);
    bh_set_error_hook((bh_error_hook){hear, NULL});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    bh_set_error_hook((bh_error_hook){NULL, NULL});
    return bh_app() && bh_app_destroy() ? -1 : 0;
}

static void create(void)
{
    assert_non_null(bh_app_create(0, NULL));
    forget_heard();
}

/* --- one application */

static bh_status nothing(void *user)
{
    (void)user;
    return BH_OK;
}

static bh_status run_nothing(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    return BH_OK;
}

static const bh_class plain = {BH_CLASS_INIT, .name = "AppPlain"};
static const bh_class plain_worker = {BH_CLASS_INIT, .name = "AppWorker", .run = run_nothing};

static void what_needs_an_application_is_refused_without(void **state)
{
    (void)state;
    const char *advice = "call bh_app_create first";
    assert_null(bh_app());
    assert_false(bh_is_gui_thread());
    assert_not_made(bh_create("QWidget", NULL), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_create("QObject", NULL), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_create_instance(&plain, NULL, NULL), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_thread_create("early"), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_thread_pool_create("early", 1), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_timer_start(1, BH_TIMER_COARSE, NULL, add_one, NULL), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_message_box(NULL, BH_MESSAGE_WARNING, "", "", BH_BUTTON_OK, NULL, NULL), BH_ERROR_NO_APP, advice);
    assert_not_made(bh_worker_create(&plain_worker, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_timer_single_shot(0, add_one, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_splash_show(NULL, add_one, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_post(NULL, nothing, NULL, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_post_completion(NULL, nothing, NULL, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_send(NULL, nothing, NULL), BH_ERROR_NO_APP, advice);
    assert_refused(bh_app_quit(0), BH_ERROR_NO_APP, advice);
    assert_refused(bh_app_process_events(0), BH_ERROR_NO_APP, advice);
    assert_refused(bh_app_destroy(), BH_ERROR_NO_APP, advice);
    assert_int_equal(bh_app_exec(), 1);
    assert_heard(BH_ERROR_NO_APP, advice);
}

static void a_second_application_is_refused(void **state)
{
    (void)state;
    bh_object *first = bh_app_create(0, NULL);
    assert_ptr_equal(bh_app(), first);
    assert_true(bh_is_gui_thread());
    assert_not_made(bh_app_create(0, NULL), BH_ERROR_EXISTS, "there is an application already");
    assert_ptr_equal(bh_app(), first);
    assert_string_equal(bh_class_name(first), "QApplication");
    assert_refused(bh_destroy(first), BH_ERROR_STATE, "use bh_app_destroy");
}

static void *create_elsewhere(void *user)
{
    (void)user;
    assert_not_made(bh_app_create(0, NULL), BH_ERROR_THREAD, "the application belongs to the program's main thread");
    return NULL;
}

static void on_another_thread_it_is_refused(void **state)
{
    (void)state;
    pthread_join(start_pthread(create_elsewhere, NULL), NULL);
    assert_null(bh_app());
    assert_not_made(bh_app_create(-1, NULL), BH_ERROR_RANGE, "argc is -1");
}

static void without_a_display_it_is_refused(void **state)
{
    (void)state;
    const char *const names[] = {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"};
    char *kept[3];
    for (int i = 0; i < 3; i++) {
        kept[i] = getenv(names[i]) ? strdup(getenv(names[i])) : NULL;
        unsetenv(names[i]);
    }
    assert_not_made(bh_app_create(0, NULL), BH_ERROR_SYSTEM, "set QT_QPA_PLATFORM=offscreen");
    for (int i = 0; i < 3; i++) {
        if (kept[i])
            setenv(names[i], kept[i], 1);
        free(kept[i]);
    }
}

static void destroy_from_its_end(void *object)
{
    bh_destroy(*(bh_object **)object);
    add_one(NULL);
}

/* A handler that runs while the application ends, and destroys: the object has no event loop to wait for. */
static void what_is_destroyed_at_the_end_is_gone_with_it(void **state)
{
    (void)state;
    static const bh_class holder = {BH_CLASS_INIT, .name = "AppHolder", .destroyed = destroy_from_its_end};
    static const bh_class held = {BH_CLASS_INIT, .name = "AppHeld", .destroyed = add_one};
    create();
    bh_object *outer = NULL;
    assert_non_null(bh_create_instance(&holder, NULL, &outer));
    outer = bh_create("QHBoxLayout", NULL);
    assert_non_null(bh_create_instance(&held, outer, NULL));
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_int_equal(count, 2);
}

static void destroyed_and_created_again(void **state)
{
    (void)state;
    char *arguments[] = {(char *)"program", (char *)"-style", (char *)"fusion", NULL};
    for (int i = 0; i < 5; i++) {
        assert_non_null(bh_app_create(3, arguments));
        bh_object *window = bh_create("QMainWindow", NULL), *child = bh_create("QLabel", window),
                  *other = bh_create("QObject", NULL);
        bh_call(window, "show");
        assert_int_equal(bh_timer_single_shot(0, add_one, NULL), BH_OK);
        pump_until(atomic_load(&count) == i + 1);
        assert_int_equal(bh_app_destroy(), BH_OK);
        assert_false(bh_is_alive(window) || bh_is_alive(child) || bh_is_alive(other));
        assert_null(bh_app());
    }
    assert_silent();
}

/* --- the event loop */

static void quit_with(void *code)
{
    bh_app_quit((int)(intptr_t)code);
}

static void *quit_from_thread(void *code)
{
    quit_with(code);
    return NULL;
}

static void quit_from_a_thread(void *code)
{
    pthread_join(start_pthread(quit_from_thread, code), NULL);
}

static void exec_returns_the_code_of_quit(void **state)
{
    (void)state;
    create();
    bh_timer_single_shot(0, quit_with, (void *)7);
    assert_int_equal(bh_app_exec(), 7);
    bh_timer_single_shot(0, quit_with, (void *)0);
    assert_int_equal(bh_app_exec(), 0);
    bh_timer_single_shot(0, quit_from_a_thread, (void *)9);
    assert_int_equal(bh_app_exec(), 9);
    assert_silent();
}

static void exec_once_more(void *user)
{
    (void)user;
    assert_int_equal(bh_app_exec(), 1);
    assert_heard(BH_ERROR_STATE, "the event loop is running already");
    assert_refused(bh_app_destroy(), BH_ERROR_STATE, "the event loop is running");
    bh_app_quit(0);
}

static void exec_inside_exec_is_refused(void **state)
{
    (void)state;
    create();
    bh_timer_single_shot(0, exec_once_more, NULL);
    assert_int_equal(bh_app_exec(), 0);
}

static void the_last_window_closed_ends_exec(void **state)
{
    (void)state;
    create();
    bh_object *window = bh_create("QMainWindow", NULL);
    bh_call(window, "show");
    bh_connect_slot(window, "objectNameChanged", window, "close", BH_CONNECTION_QUEUED);
    bh_set_name(window, "w");
    assert_int_equal(bh_app_exec(), 0);
}

static void quit_after_ends_exec_for_scripts(void **state)
{
    (void)state;
    create();
    setenv("BH_QUIT_AFTER_MS", "30", 1);
    assert_int_equal(bh_app_exec(), 0);
    unsetenv("BH_QUIT_AFTER_MS");
}

static void process_events_handles_what_waits(void **state)
{
    (void)state;
    create();
    bh_post(NULL, count_run, &count, NULL);
    assert_int_equal(count, 0);
    assert_int_equal(bh_app_process_events(0), BH_OK);
    assert_int_equal(count, 1);
    assert_refused(bh_app_process_events(-1), BH_ERROR_RANGE, "max_ms is -1");
}

static void *call_from_elsewhere(void *user)
{
    (void)user;
    assert_false(bh_is_gui_thread());
    assert_refused(bh_app_process_events(0), BH_ERROR_THREAD, "only the GUI thread may");
    assert_refused(bh_app_destroy(), BH_ERROR_THREAD, "only the GUI thread may");
    assert_int_equal(bh_app_exec(), 1);
    assert_heard(BH_ERROR_THREAD, "only the GUI thread may");
    return NULL;
}

static void the_loop_belongs_to_the_gui_thread(void **state)
{
    (void)state;
    create();
    pthread_join(start_pthread(call_from_elsewhere, NULL), NULL);
}

static bh_status destroy_app(void *user)
{
    (void)user;
    assert_refused(bh_app_destroy(), BH_ERROR_STATE, "a handler is running");
    return BH_OK;
}

static void destroy_inside_a_handler_is_refused(void **state)
{
    (void)state;
    create();
    bh_post(NULL, destroy_app, NULL, NULL);
    pump();
    assert_int_equal(bh_send(NULL, destroy_app, NULL), BH_OK);
    assert_non_null(bh_app());
}

/* --- what runs at the end of a handler */

static char trail[64];

static void mark(void *letter)
{
    size_t length = strlen(trail);
    trail[length] = (char)(intptr_t)letter;
    trail[length + 1] = 0;
}

static void defer_three(void *user)
{
    (void)user;
    assert_int_equal(bh_defer(mark, (void *)'3'), BH_OK);
    assert_int_equal(bh_defer(mark, (void *)'2'), BH_OK);
    assert_int_equal(bh_defer(mark, (void *)'1'), BH_OK);
    mark((void *)'0');
}

static void defer_and_throw(void *user)
{
    defer_three(user);
    throw_now(NULL);
}

static bh_status defer_in_post(void *user)
{
    defer_three(user);
    return BH_OK;
}

static bh_event_result defer_in_event(bh_object *widget, void *user, const bh_event *event)
{
    (void)widget;
    (void)event;
    defer_three(user);
    return BH_EVENT_PASS;
}

static void check_trail(const char *expected)
{
    assert_string_equal(trail, expected);
    memset(trail, 0, sizeof trail);
}

static void defer_runs_at_the_end_of_every_kind_of_handler(void **state)
{
    (void)state;
    create();
    bh_object *widget = bh_create("QSlider", NULL);
    bh_connection *connection = bh_connect(widget, "objectNameChanged", BH_CALLBACK(defer_three), NULL, NULL);
    bh_set_name(widget, "direct");
    check_trail("0123");
    bh_disconnect(connection);
    const bh_connect_options queued = {BH_CONNECT_INIT, .type = BH_CONNECTION_QUEUED};
    bh_connect(widget, "valueChanged", BH_CALLBACK(defer_three), NULL, &queued);
    bh_set_int(widget, "value", 1);
    pump();
    check_trail("0123");
    bh_timer_single_shot(0, defer_three, NULL);
    pump();
    check_trail("0123");
    bh_post(NULL, defer_in_post, NULL, defer_three);
    pump();
    check_trail("01230123");
    bh_on_event(widget, BH_EVENT_SHOW, defer_in_event, NULL);
    bh_call(widget, "show");
    check_trail("0123");
    assert_int_equal(bh_send(NULL, defer_in_post, NULL), BH_OK);
    check_trail("0123");
    assert_silent();
}

static void defer_runs_after_an_exception_too(void **state)
{
    (void)state;
    create();
    bh_timer_single_shot(0, defer_and_throw, NULL);
    pump();
    check_trail("0123");
    assert_heard(BH_ERROR_EXCEPTION, "thrown by a test");
}

static void defer_what_throws(void *user)
{
    (void)user;
    bh_defer(mark, (void *)'2');
    bh_defer(throw_now, (void *)"thrown late");
    bh_defer(mark, (void *)'1');
}

static void a_deferred_function_that_throws_does_not_keep_the_others(void **state)
{
    (void)state;
    create();
    bh_timer_single_shot(0, defer_what_throws, NULL);
    pump();
    check_trail("12");
    assert_heard(BH_ERROR_EXCEPTION, "a deferred function threw: thrown late");
}

static void defer_more(void *user)
{
    (void)user;
    bh_defer(mark, (void *)'m');
}

static void nest(void *slider)
{
    bh_defer(defer_more, NULL);
    bh_defer(mark, (void *)'o');
    bh_set_int(slider, "value", 5);
    mark((void *)'e');
}

static void each_handler_has_its_own(void **state)
{
    (void)state;
    create();
    bh_object *slider = bh_create("QSlider", NULL);
    bh_connect(slider, "valueChanged", BH_CALLBACK(defer_three), NULL, NULL);
    bh_timer_single_shot(0, nest, slider);
    pump();
    check_trail("0123eom");
}

static void defer_outside_of_a_handler_is_refused(void **state)
{
    (void)state;
    assert_refused(bh_defer(add_one, NULL), BH_ERROR_STATE, "no handler is running");
    create();
    assert_refused(bh_defer(add_one, NULL), BH_ERROR_STATE, "no handler is running");
    assert_refused(bh_defer(NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    pump();
    assert_int_equal(count, 0);
}

/* --- exceptions */

static bh_status throwing_status(void *user)
{
    throw_now(user);
    return BH_OK;
}

static void throwing_slot(bh_object *self, void *user)
{
    (void)self;
    throw_number(user);
}

static const bh_class thrower = {BH_CLASS_INIT, .name = "AppThrower", .signals = {"go()"},
                                 .slots = {BH_SLOT("stumble()", throwing_slot)}, .destroyed = throw_now};

static void exceptions_are_contained_and_reported(void **state)
{
    (void)state;
    create();
    bh_object *object = bh_create_instance(&thrower, NULL, NULL), *slider = bh_create("QSlider", NULL);
    const bh_connect_options options = {BH_CONNECT_INIT, .drop = throw_now};
    bh_connection *connection = bh_connect(object, "go", BH_CALLBACK(throw_now), (void *)"in a callback", &options);
    assert_int_equal(bh_emit(object, 0), BH_OK);
    assert_heard(BH_ERROR_EXCEPTION, "callback of a signal: threw a C++ exception, contained here: in a callback");
    bh_disconnect(connection);
    pump();
    assert_heard(BH_ERROR_EXCEPTION, "drop of a connection");
    bh_connect(slider, "valueChanged", BH_CALLBACK(throw_now), (void *)"out of Qt", NULL);
    assert_int_equal(bh_set_int(slider, "value", 3), BH_OK);
    assert_heard(BH_ERROR_EXCEPTION, "out of Qt");
    bh_connect_slot(object, "go", object, "stumble", BH_CONNECTION_AUTO);
    bh_emit(object, 0);
    assert_heard(BH_ERROR_EXCEPTION, "no std::exception");
    bh_timer_single_shot(0, throw_now, (void *)"in a timer");
    pump();
    assert_heard(BH_ERROR_EXCEPTION, "single-shot timer: threw a C++ exception, contained here: in a timer");
    bh_post(NULL, throwing_status, (void *)"in a post", NULL);
    pump();
    assert_heard(BH_ERROR_EXCEPTION, "posted function: threw a C++ exception, contained here: in a post");
    assert_int_equal(bh_send(NULL, throwing_status, (void *)"in a send"), BH_ERROR_EXCEPTION);
    assert_heard(BH_ERROR_EXCEPTION, "in a send");
    bh_destroy(object);
    assert_heard(BH_ERROR_EXCEPTION, "destroyed of a class");
}

static void exceptions_of_qt_s_events_are_contained(void **state)
{
    (void)state;
    create();
    throw_in_event();
    pump();
    assert_heard(BH_ERROR_EXCEPTION, "a C++ exception came out of an event of QApplication, contained here: thrown in an event");
    throw_in_event();
    bh_timer_single_shot(20, quit_with, (void *)4);
    assert_int_equal(bh_app_exec(), 4);
    assert_heard(BH_ERROR_EXCEPTION, "thrown in an event");
}

static bh_status fails_with(void *status)
{
    return (bh_status)(intptr_t)status;
}

static void a_posted_function_s_error_is_reported(void **state)
{
    (void)state;
    create();
    bh_post(NULL, fails_with, (void *)BH_ERROR_IO, NULL);
    pump();
    assert_heard(BH_ERROR_IO, "posted function: ended with BH_ERROR_IO (input or output failed)");
    bh_post(NULL, fails_with, (void *)BH_CANCELLED, NULL);
    pump();
    assert_silent();
    assert_int_equal(bh_send(NULL, fails_with, (void *)BH_ERROR_IO), BH_ERROR_IO);
    assert_silent(); /* the caller has it */
}

/* --- where errors go */

static char logged[1024];
static bh_status hook_status;
static char hook_call[64], hook_location[64], hook_thread[32];

static void note_line(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)user;
    if (level == BH_LOG_ERROR)
        snprintf(logged, sizeof logged, "%s: %s", category, line);
}

static void note_error(const bh_error *error, void *user)
{
    (void)user;
    hook_status = error->status;
    snprintf(hook_call, sizeof hook_call, "%s", error->call);
    snprintf(hook_location, sizeof hook_location, "%s", error->location);
    snprintf(hook_thread, sizeof hook_thread, "%s", error->thread);
    assert_string_equal(bh_last_error(), error->sentence);
    bh_report(BH_ERROR_IO, "note_error", "inside the hook");
}

static void the_hook_hears_and_the_previous_one_is_returned(void **state)
{
    (void)state;
    bh_log_handler old_log = bh_set_log_handler((bh_log_handler){note_line, NULL});
    bh_error_hook previous = bh_set_error_hook((bh_error_hook){note_error, &count});
    assert_true(previous.report == hear);
    create();
    bh_set_name(NULL, "x");
    char place[64];
    snprintf(place, sizeof place, "test_app.c:%d", __LINE__ - 2);
    assert_int_equal(hook_status, BH_ERROR_NULL);
    assert_string_equal(hook_call, "bh_set_name");
    assert_string_equal(hook_location, place);
    assert_string_equal(hook_thread, "GUI");
    assert_non_null(strstr(logged, "note_error: inside the hook"));
    assert_non_null(strstr(bh_last_error(), "bh_set_name: object is NULL"));
    previous = bh_set_error_hook((bh_error_hook){NULL, NULL});
    assert_true(previous.report == note_error && previous.user == &count);
    bh_set_name(NULL, "x");
    assert_non_null(strstr(logged, "error: test_app.c:"));
    assert_non_null(strstr(logged, "bh_set_name: object is NULL"));
    bh_set_log_handler(old_log);
}

static void *last_error_elsewhere(void *user)
{
    (void)user;
    assert_string_equal(bh_last_error(), "");
    bh_set_name(NULL, "x");
    assert_non_null(strstr(bh_last_error(), "bh_set_name"));
    return NULL;
}

static void each_thread_has_its_last_error(void **state)
{
    (void)state;
    create();
    assert_int_equal(bh_report(BH_ERROR_IO, "load", "cannot read %s", "data.csv"), BH_ERROR_IO);
    assert_non_null(strstr(bh_last_error(), "load: cannot read data.csv"));
    pthread_join(start_pthread(last_error_elsewhere, NULL), NULL);
    assert_non_null(bh_create("QObject", NULL));
    assert_non_null(strstr(bh_last_error(), "load: cannot read data.csv"));
    assert_heard(BH_ERROR_NULL, "bh_set_name");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_needs_an_application_is_refused_without),
        TEST(a_second_application_is_refused),
        TEST(on_another_thread_it_is_refused),
        TEST(without_a_display_it_is_refused),
        TEST(what_is_destroyed_at_the_end_is_gone_with_it),
        TEST(destroyed_and_created_again),
        TEST(exec_returns_the_code_of_quit),
        TEST(exec_inside_exec_is_refused),
        TEST(the_last_window_closed_ends_exec),
        TEST(quit_after_ends_exec_for_scripts),
        TEST(process_events_handles_what_waits),
        TEST(the_loop_belongs_to_the_gui_thread),
        TEST(destroy_inside_a_handler_is_refused),
        TEST(defer_runs_at_the_end_of_every_kind_of_handler),
        TEST(defer_runs_after_an_exception_too),
        TEST(a_deferred_function_that_throws_does_not_keep_the_others),
        TEST(each_handler_has_its_own),
        TEST(defer_outside_of_a_handler_is_refused),
        TEST(exceptions_are_contained_and_reported),
        TEST(exceptions_of_qt_s_events_are_contained),
        TEST(a_posted_function_s_error_is_reported),
        TEST(the_hook_hears_and_the_previous_one_is_returned),
        TEST(each_thread_has_its_last_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
