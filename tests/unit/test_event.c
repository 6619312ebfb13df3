/* Events: what handlers see, in which order, what their answers do, and what they may do. */
#include "dragging.h"
#include "hands.h"

#include "base/memory.h"

#include <stdio.h>

/* --- a window, and a record of what handlers were told */

static bh_object *window, *child;
static bh_event last;
static char last_text[16], trace[64];
static bh_event_result answer;
static int handled;

static bh_event_result record(bh_object *widget, void *user, const bh_event *event)
{
    (void)user;
    assert_true(bh_is_alive(widget));
    last = *event;
    strncpy(last_text, event->text, sizeof last_text - 1);
    handled++;
    return answer;
}

/* Writes its letter down. "X" accepts. */
static bh_event_result append(bh_object *widget, void *letter, const bh_event *event)
{
    size_t length = strlen(trace);
    (void)widget;
    (void)event;
    trace[length] = (char)(intptr_t)letter;
    trace[length + 1] = 0;
    return trace[length] == 'X' ? BH_EVENT_ACCEPT : BH_EVENT_PASS;
}

static bh_event_handler *watch(bh_object *widget, bh_event_type type, bh_event_function fn, char letter)
{
    bh_event_handler *handler = bh_on_event(widget, type, fn, (void *)(intptr_t)letter);
    assert_non_null(handler);
    return handler;
}

static bool is_visible(bh_object *widget)
{
    bool visible = false;
    assert_int_equal(bh_get_bool(widget, "visible", &visible), BH_OK);
    return visible;
}

static int setup(void **state)
{
    if (with_app(state))
        return -1;
    memset(&last, 0, sizeof last);
    memset(last_text, 0, sizeof last_text);
    trace[0] = 0;
    answer = BH_EVENT_PASS;
    handled = 0;
    window = bh_create("QWidget", NULL);
    child = bh_create("QWidget", window);
    bh_set_rect(window, "geometry", BH_RECT(10, 20, 200, 100));
    bh_set_rect(child, "geometry", BH_RECT(0, 0, 100, 50));
    bh_set_bool(window, "visible", true);
    bh_app_process_events(20);
    return child ? 0 : -1;
}

/* --- tests */

static void close_is_vetoed_by_ignore(void **state)
{
    (void)state;
    assert_non_null(bh_on_event(window, BH_EVENT_CLOSE, record, NULL));
    answer = BH_EVENT_IGNORE;
    bh_call(window, "close");
    assert_true(is_visible(window));
    answer = BH_EVENT_ACCEPT;
    bh_call(window, "close");
    assert_false(is_visible(window));
    bh_call(window, "show");
    answer = BH_EVENT_PASS;
    bh_call(window, "close");
    assert_false(is_visible(window));
    assert_int_equal(handled, 3);
    assert_int_equal(last.type, BH_EVENT_CLOSE);
    assert_int_equal(last.position.x, -1);
    assert_int_equal(last.new_size.width, -1);
    assert_string_equal(last.text, "");
    assert_silent();
}

static void show_and_hide(void **state)
{
    (void)state;
    watch(window, BH_EVENT_HIDE, append, 'h');
    watch(window, BH_EVENT_SHOW, append, 's');
    bh_call(window, "hide");
    bh_call(window, "show");
    assert_string_equal(trace, "hs");
}

static void resize_and_move_have_old_and_new(void **state)
{
    (void)state;
    bh_on_event(window, BH_EVENT_RESIZE, record, NULL);
    bh_set_size(window, "size", BH_SIZE(321, 123));
    assert_int_equal(last.type, BH_EVENT_RESIZE);
    assert_int_equal(last.new_size.width, 321);
    assert_int_equal(last.new_size.height, 123);
    assert_int_equal(last.old_size.width, 200);
    bh_on_event(child, BH_EVENT_MOVE, record, NULL);
    bh_set_point(child, "pos", BH_POINT(1, 2));
    bh_set_point(child, "pos", BH_POINT(55, 66));
    assert_int_equal(last.type, BH_EVENT_MOVE);
    assert_int_equal(last.position.x, 55);
    assert_int_equal(last.position.y, 66);
    assert_int_equal(last.old_position.x, 1);
    assert_int_equal(last.old_position.y, 2);
    assert_int_equal(last.new_size.width, -1);
}

static void keys(void **state)
{
    static const uint16_t umlaut[] = {0xE4, 0};
    (void)state;
    bh_on_event(child, BH_EVENT_KEY_PRESS, record, NULL);
    bh_on_event(child, BH_EVENT_KEY_RELEASE, record, NULL);
    press_key(KEY_PRESS, 0xC4, BH_SHIFT | BH_ALT, umlaut, 1, true);
    assert_int_equal(last.type, BH_EVENT_KEY_PRESS);
    assert_int_equal(last.key, 0xC4);
    assert_int_equal(last.modifiers, BH_SHIFT | BH_ALT);
    assert_string_equal(last_text, "\xC3\xA4");
    assert_true(last.repeated);
    assert_false(last.spontaneous);
    press_key(KEY_RELEASE, BH_KEY_ESCAPE, 0, NULL, 0, false);
    assert_int_equal(last.type, BH_EVENT_KEY_RELEASE);
    assert_int_equal(last.key, BH_KEY_ESCAPE);
    assert_string_equal(last_text, "");
    assert_int_equal(handled, 2);
}

static void ignored_keys_go_to_the_parent(void **state)
{
    (void)state;
    watch(window, BH_EVENT_KEY_PRESS, append, 'w');
    bh_on_event(child, BH_EVENT_KEY_PRESS, record, NULL);
    answer = BH_EVENT_ACCEPT;
    press_key(KEY_PRESS, 'A', 0, NULL, 0, false);
    assert_string_equal(trace, "");
    answer = BH_EVENT_IGNORE;
    press_key(KEY_PRESS, 'A', 0, NULL, 0, false);
    assert_string_equal(trace, "w");
    answer = BH_EVENT_PASS; /* a QWidget does not want it either */
    press_key(KEY_PRESS, 'A', 0, NULL, 0, false);
    assert_string_equal(trace, "ww");
}

static void mouse(void **state)
{
    static const int types[][2] = {{MOUSE_PRESS, BH_EVENT_MOUSE_PRESS},
                                   {MOUSE_RELEASE, BH_EVENT_MOUSE_RELEASE},
                                   {MOUSE_DOUBLE_CLICK, BH_EVENT_MOUSE_DOUBLE_CLICK},
                                   {MOUSE_MOVE, BH_EVENT_MOUSE_MOVE}};
    (void)state;
    answer = BH_EVENT_ACCEPT;
    for (int i = 0; i < 4; i++) {
        bh_on_event(child, (bh_event_type)types[i][1], record, NULL);
        press_mouse(types[i][0], BH_BUTTON_RIGHT, BH_BUTTON_RIGHT | BH_BUTTON_MIDDLE);
        assert_int_equal(last.type, types[i][1]);
        assert_int_equal(last.position.x, 3);
        assert_int_equal(last.position.y, 4);
        assert_int_equal(last.global_position.x, 30);
        assert_int_equal(last.global_position.y, 40);
        assert_int_equal(last.button, BH_BUTTON_RIGHT);
        assert_int_equal(last.buttons, BH_BUTTON_RIGHT | BH_BUTTON_MIDDLE);
        assert_int_equal(last.modifiers, BH_CONTROL);
        assert_int_equal(last.old_position.x, -1);
    }
}

static void wheel(void **state)
{
    made_event event;
    (void)state;
    bh_on_event(child, BH_EVENT_WHEEL, record, NULL);
    answer = BH_EVENT_ACCEPT;
    make_wheel(&event, &(bh_pointf){5, 6}, &(bh_pointf){50, 60}, BH_POINT(0, 0), BH_POINT(0, -120), BH_BUTTON_LEFT, BH_ALT, 0,
               false, 0, mouse_device());
    send(&event);
    assert_int_equal(last.type, BH_EVENT_WHEEL);
    assert_int_equal(last.wheel_angle.y, -120);
    assert_int_equal(last.position.x, 5);
    assert_int_equal(last.global_position.y, 60);
    assert_int_equal(last.buttons, BH_BUTTON_LEFT);
    assert_int_equal(last.modifiers, BH_ALT);
}

static void focus(void **state)
{
    (void)state;
    bh_object *edit = bh_create("QLineEdit", window);
    bh_object *other = bh_create("QLineEdit", window);
    bh_call(edit, "show");
    bh_call(other, "show");
    watch(edit, BH_EVENT_FOCUS_IN, append, 'i');
    watch(edit, BH_EVENT_FOCUS_OUT, append, 'o');
    bh_call(edit, "setFocus");
    bh_call(other, "setFocus");
    assert_string_equal(trace, "io");
}

static void the_last_added_comes_first(void **state)
{
    (void)state;
    watch(window, BH_EVENT_HIDE, append, 'a');
    watch(window, BH_EVENT_HIDE, append, 'X'); /* accepts: "a" is not asked */
    watch(window, BH_EVENT_HIDE, append, 'b');
    watch(window, BH_EVENT_SHOW, append, 's');
    bh_call(window, "hide");
    assert_string_equal(trace, "bX");
}

static bh_event_handler *victims[3];

static bh_event_result remove_victims(bh_object *widget, void *user, const bh_event *event)
{
    for (int i = 0; i < 3; i++)
        assert_int_equal(bh_remove_event_handler(victims[i]), BH_OK);
    return append(widget, user, event);
}

static void handlers_may_be_removed_in_a_handler(void **state)
{
    (void)state;
    victims[0] = watch(window, BH_EVENT_HIDE, append, 'a');
    watch(window, BH_EVENT_HIDE, append, 'b');
    victims[1] = watch(window, BH_EVENT_HIDE, append, 'c');
    victims[2] = watch(window, BH_EVENT_HIDE, remove_victims, 'd');
    watch(window, BH_EVENT_HIDE, append, 'e');
    bh_call(window, "hide");
    assert_string_equal(trace, "edb");
    bh_call(window, "show");
    bh_call(window, "hide");
    assert_string_equal(trace, "edbeb");
    assert_silent();
    assert_refused(bh_remove_event_handler(victims[2]), BH_ERROR_STALE, "handler is gone");
}

/* Brings the same event again, from the inside, and then takes away the handler behind itself. */
static bh_event_result hide_again(bh_object *widget, void *user, const bh_event *event)
{
    append(widget, user, event);
    if (strlen(trace) >= 3)
        return BH_EVENT_PASS;
    bh_call(widget, "show");
    bh_call(widget, "hide");
    bh_remove_event_handler(victims[0]);
    victims[0] = NULL;
    return BH_EVENT_PASS;
}

static void handlers_nest(void **state)
{
    (void)state;
    victims[0] = watch(window, BH_EVENT_HIDE, append, 'a');
    watch(window, BH_EVENT_HIDE, hide_again, 'n');
    bh_call(window, "hide");
    assert_string_equal(trace, "nnna");
    assert_silent();
}

static bh_event_result destroy(bh_object *widget, void *doomed, const bh_event *event)
{
    assert_int_equal(bh_destroy(doomed), BH_OK);
    assert_false(bh_is_alive(widget));
    return append(widget, (void *)(intptr_t)'d', event);
}

static void the_widget_may_be_destroyed(void **state)
{
    (void)state;
    bh_event_handler *handler = watch(child, BH_EVENT_HIDE, append, 'a');
    bh_on_event(child, BH_EVENT_HIDE, destroy, child);
    bh_call(child, "hide");
    assert_string_equal(trace, "d");
    assert_refused(bh_remove_event_handler(handler), BH_ERROR_STALE, "handler is gone");
    bh_app_process_events(5);
    assert_true(bh_is_alive(window));
}

static void the_parent_may_be_destroyed(void **state)
{
    (void)state;
    watch(child, BH_EVENT_MOUSE_PRESS, append, 'a');
    watch(child, BH_EVENT_MOUSE_PRESS, append, 'b');
    bh_on_event(window, BH_EVENT_MOUSE_PRESS, destroy, window);
    press_mouse(MOUSE_PRESS, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    assert_string_equal(trace, "bad");
    bh_app_process_events(5);
    assert_false(bh_is_alive(child));
}

static bh_event_result close_and_destroy(bh_object *widget, void *user, const bh_event *event)
{
    (void)user;
    (void)event;
    bh_destroy(widget);
    return BH_EVENT_PASS;
}

static void a_closing_window_may_be_destroyed(void **state)
{
    (void)state;
    bh_on_event(window, BH_EVENT_CLOSE, close_and_destroy, NULL);
    bh_call(window, "close");
    assert_false(bh_is_alive(window));
    bh_app_process_events(5);
}

/* A nested loop inside the handler of a widget that has been destroyed. */
static bh_event_result destroy_and_wait(bh_object *widget, void *user, const bh_event *event)
{
    bh_destroy(widget);
    bh_app_process_events(10);
    return append(widget, user, event);
}

static void a_nested_loop_may_follow(void **state)
{
    (void)state;
    watch(child, BH_EVENT_MOUSE_PRESS, append, 'a');
    watch(child, BH_EVENT_MOUSE_PRESS, destroy_and_wait, 'd');
    press_mouse(MOUSE_PRESS, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    assert_string_equal(trace, "d");
    bh_app_process_events(5);
}

static void count_up(void *number)
{
    ++*(int *)number;
}

static bh_event_result defer(bh_object *widget, void *number, const bh_event *event)
{
    (void)widget;
    (void)event;
    assert_int_equal(bh_defer(count_up, number), BH_OK);
    assert_null(bh_sender());
    return BH_EVENT_PASS;
}

static void a_handler_may_defer(void **state)
{
    int number = 0;
    (void)state;
    bh_on_event(window, BH_EVENT_HIDE, defer, &number);
    bh_call(window, "hide");
    assert_int_equal(number, 1);
    assert_silent();
}

static void a_wrong_answer_passes(void **state)
{
    (void)state;
    answer = (bh_event_result)77;
    bh_on_event(window, BH_EVENT_CLOSE, record, NULL);
    bh_call(window, "close");
    assert_heard(BH_ERROR_RANGE, "handler of close event: returned 77");
    assert_false(is_visible(window));
}

static void *on_another_thread(void *handler)
{
    assert_not_made(bh_on_event(window, BH_EVENT_CLOSE, record, NULL), BH_ERROR_THREAD, "bh_on_event");
    assert_refused(bh_remove_event_handler(handler), BH_ERROR_THREAD, "bh_remove_event_handler");
    return NULL;
}

static void refusals(void **state)
{
    pthread_t thread;
    (void)state;
    bh_object *plain = bh_create("QObject", NULL);
    bh_event_handler *handler = bh_on_event(window, BH_EVENT_CLOSE, record, NULL);
    assert_not_made(bh_on_event(NULL, BH_EVENT_CLOSE, record, NULL), BH_ERROR_NULL, "bh_on_event: widget is NULL");
    assert_not_made(bh_on_event((bh_object *)&last, BH_EVENT_CLOSE, record, NULL), BH_ERROR_NOT_A_HANDLE, "widget");
    assert_not_made(bh_on_event((bh_object *)handler, BH_EVENT_CLOSE, record, NULL), BH_ERROR_CLASS, "bh_event_handler");
    assert_not_made(bh_on_event(plain, BH_EVENT_CLOSE, record, NULL), BH_ERROR_CLASS, "needs a QWidget");
    assert_not_made(bh_on_event(window, (bh_event_type)-1, record, NULL), BH_ERROR_RANGE, "type -1");
    assert_not_made(bh_on_event(window, BH_EVENT_TYPE_COUNT, record, NULL), BH_ERROR_RANGE, "type 20");
    assert_not_made(bh_on_event(window, BH_EVENT_CLOSE, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_refused(bh_remove_event_handler((bh_event_handler *)window), BH_ERROR_CLASS, "handler is a bh_object");
    forget_heard();
    assert_int_equal(bh_remove_event_handler(NULL), BH_OK);
    assert_silent();
    assert_int_equal(pthread_create(&thread, NULL, on_another_thread, handler), 0);
    pthread_join(thread, NULL);
    bh_destroy(child);
    assert_not_made(bh_on_event(child, BH_EVENT_CLOSE, record, NULL), BH_ERROR_STALE, "widget is gone");
    bh_app_destroy();
    assert_refused(bh_remove_event_handler(handler), BH_ERROR_NO_APP, "handler");
    assert_not_made(bh_on_event(window, BH_EVENT_CLOSE, record, NULL), BH_ERROR_NO_APP, "widget");
    assert_non_null(bh_app_create(0, NULL));
}

static void without_memory(void **state)
{
    (void)state;
    bh_event_handler *handler = NULL;
    for (long n = 1; !handler; n++) {
        forget_heard();
        bh__fail_allocation(n);
        handler = bh_on_event(child, BH_EVENT_HIDE, append, (void *)(intptr_t)'a');
        bh__fail_allocation(0);
        if (!handler)
            assert_heard(BH_ERROR_MEMORY, "memory");
    }
    bh_call(child, "hide");
    assert_string_equal(trace, "a");
}

static char first_url[64];

static bh_event_result record_drag(bh_object *widget, void *user, const bh_event *event)
{
    assert_non_null(event->urls);
    snprintf(first_url, sizeof first_url, "%s", event->urls[0] ? event->urls[0] : "");
    return record(widget, user, event);
}

static void files_are_dropped(void **state)
{
    (void)state;
    static const char *const urls[] = {"file:///tmp/a%20b.csv", "https://example.org/c", NULL};
    bh_on_event(window, BH_EVENT_DRAG_ENTER, record_drag, NULL);
    bh_on_event(window, BH_EVENT_DROP, record_drag, NULL);
    answer = BH_EVENT_ACCEPT;
    assert_false(drop_at(150, 80, urls, NULL));
    assert_int_equal(handled, 0);
    bh_set_bool(window, "acceptDrops", true);
    assert_true(drop_at(150, 80, urls, NULL));
    assert_int_equal(handled, 2);
    assert_int_equal(last.type, BH_EVENT_DROP);
    assert_string_equal(first_url, "/tmp/a b.csv");
    assert_int_equal(last.position.x, 150);
    assert_true(drop_at(5, 5, NULL, "https://example.org/d"));
    assert_string_equal(first_url, "");
    assert_string_equal(last_text, "https://example");
    answer = BH_EVENT_IGNORE;
    assert_false(drop_at(5, 5, urls, NULL));
    assert_silent();
}

static bh_event_result open_menu(bh_object *widget, void *menu, const bh_event *event)
{
    (void)widget;
    handled++;
    last = *event;
    assert_int_equal(bh_menu_popup(menu, event->global_position), BH_OK);
    return BH_EVENT_ACCEPT;
}

static void a_context_menu_opens(void **state)
{
    (void)state;
    bh_object *menu = bh_create("QMenu", window);
    assert_non_null(menu);
    bh_add_action(menu, "&Do it", NULL);
    bh_on_event(window, BH_EVENT_CONTEXT_MENU, open_menu, menu);
    ask_for_menu_at(150, 80);
    assert_int_equal(handled, 1);
    assert_int_equal(last.position.x, 150);
    assert_true(is_visible(menu));
    bh_call(menu, "close");
    assert_refused(bh_menu_popup(window, BH_POINT(0, 0)), BH_ERROR_CLASS, "QMenu");
    assert_refused(bh_menu_popup(NULL, BH_POINT(0, 0)), BH_ERROR_NULL, "menu is NULL");
    bh_destroy(menu);
    assert_refused(bh_menu_popup(menu, BH_POINT(0, 0)), BH_ERROR_STALE, "gone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(close_is_vetoed_by_ignore, setup, without_app),
        cmocka_unit_test_setup_teardown(show_and_hide, setup, without_app),
        cmocka_unit_test_setup_teardown(resize_and_move_have_old_and_new, setup, without_app),
        cmocka_unit_test_setup_teardown(keys, setup, without_app),
        cmocka_unit_test_setup_teardown(ignored_keys_go_to_the_parent, setup, without_app),
        cmocka_unit_test_setup_teardown(mouse, setup, without_app),
        cmocka_unit_test_setup_teardown(wheel, setup, without_app),
        cmocka_unit_test_setup_teardown(focus, setup, without_app),
        cmocka_unit_test_setup_teardown(the_last_added_comes_first, setup, without_app),
        cmocka_unit_test_setup_teardown(handlers_may_be_removed_in_a_handler, setup, without_app),
        cmocka_unit_test_setup_teardown(handlers_nest, setup, without_app),
        cmocka_unit_test_setup_teardown(the_widget_may_be_destroyed, setup, without_app),
        cmocka_unit_test_setup_teardown(the_parent_may_be_destroyed, setup, without_app),
        cmocka_unit_test_setup_teardown(a_closing_window_may_be_destroyed, setup, without_app),
        cmocka_unit_test_setup_teardown(a_nested_loop_may_follow, setup, without_app),
        cmocka_unit_test_setup_teardown(a_handler_may_defer, setup, without_app),
        cmocka_unit_test_setup_teardown(a_wrong_answer_passes, setup, without_app),
        cmocka_unit_test_setup_teardown(files_are_dropped, setup, without_app),
        cmocka_unit_test_setup_teardown(a_context_menu_opens, setup, without_app),
        cmocka_unit_test_setup_teardown(refusals, setup, without_app),
        cmocka_unit_test_setup_teardown(without_memory, setup, without_app),
    };
    return cmocka_run_group_tests(tests, find_qt, NULL);
}
