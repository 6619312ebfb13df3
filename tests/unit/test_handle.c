/* Handles: every way to misuse one has its own status and a sentence with the call, the object and what to do. */
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <stdlib.h>

static bh_object *label;

static int setup(void **state)
{
    int status = with_app(state);
    label = bh_create("QLabel", NULL);
    bh_set_name(label, "status");
    return status;
}

static void on_nothing(void *user)
{
    (void)user;
}

static const bh_class handle_class = {BH_CLASS_INIT, .name = "HandleClass", .signals = {"go()"}};

/* Each kind of call that takes an object refuses HANDLE with STATUS and PART of a sentence. */
static void every_call_refuses(bh_object *handle, bh_status status, const char *part)
{
    int number = 1;
    bh_object *parent = NULL, **list = NULL;
    char *text = NULL;
    assert_refused(bh_set_name(handle, "x"), status, part);
    assert_not_made(bh_name(handle), status, part);
    assert_refused(bh_set_int(handle, "indent", 1), status, part);
    assert_refused(bh_get_int(handle, "indent", &number), status, part);
    assert_int_equal(number, 0);
    assert_refused(bh_get_string(handle, "text", &text), status, part);
    assert_refused(bh_call(handle, "show"), status, part);
    assert_refused(bh_emit(handle, 0), status, part);
    assert_refused(bh_parent(handle, &parent), status, part);
    assert_refused(bh_children(handle, &list, NULL), status, part);
    assert_not_made(bh_find(handle, "x", NULL), status, part);
    assert_not_made(bh_connect(handle, "destroyed", BH_CALLBACK(on_nothing), NULL, NULL), status, part);
    assert_not_made(bh_connect_slot(handle, "destroyed", label, "clear", BH_CONNECTION_AUTO), status, part);
    assert_refused(bh_move_to_thread(handle, NULL), status, part);
    forget_heard();
    assert_false(bh_inherits(handle, "QObject"));
    assert_heard(status, part);
    assert_string_equal(bh_class_name(handle), "");
    assert_heard(status, part);
    if (handle)
        assert_refused(bh_destroy(handle), status, part);
    assert_false(bh_is_alive(handle));
}

static void null_is_refused_but_may_be_destroyed(void **state)
{
    (void)state;
    every_call_refuses(NULL, BH_ERROR_NULL, "is NULL: pass a bh_object *");
    assert_int_equal(bh_destroy(NULL), BH_OK);
    assert_int_equal(bh_disconnect(NULL), BH_OK);
    assert_int_equal(bh_timer_stop(NULL), BH_OK);
    assert_int_equal(bh_thread_destroy(NULL), BH_OK);
    assert_int_equal(bh_thread_pool_destroy(NULL), BH_OK);
    assert_int_equal(bh_worker_destroy(NULL), BH_OK);
    assert_int_equal(bh_remove_event_handler(NULL), BH_OK);
    bh_free(NULL);
    assert_silent();
}

static void a_destroyed_object_is_stale(void **state)
{
    (void)state;
    bh_object *object = bh_create("QLabel", NULL);
    assert_int_equal(bh_destroy(object), BH_OK);
    every_call_refuses(object, BH_ERROR_STALE, "is gone: it was destroyed before this call");
}

static void children_go_with_their_parent(void **state)
{
    (void)state;
    bh_object *window = bh_create("QMainWindow", NULL), *box = bh_create("QWidget", window), *child = bh_create("QLabel", box);
    bh_object *layout = bh_create("QVBoxLayout", box);
    assert_int_equal(bh_destroy(window), BH_OK);
    assert_false(bh_is_alive(box) || bh_is_alive(child) || bh_is_alive(layout));
    every_call_refuses(child, BH_ERROR_STALE, "is gone");
}

static void delete_later_makes_stale(void **state)
{
    (void)state;
    bh_object *object = bh_create("QLabel", NULL), *child = bh_create("QLabel", object);
    assert_int_equal(bh_call(object, "deleteLater"), BH_OK);
    assert_true(bh_is_alive(object));
    pump_until(!bh_is_alive(object));
    every_call_refuses(object, BH_ERROR_STALE, "is gone");
    every_call_refuses(child, BH_ERROR_STALE, "is gone");
}

static void closing_a_window_that_deletes_itself_makes_stale(void **state)
{
    (void)state;
    bh_object *box = bh_message_box(NULL, BH_MESSAGE_INFORMATION, "Title", "Text", BH_BUTTON_OK, NULL, NULL);
    assert_non_null(box);
    assert_int_equal(bh_call(box, "close"), BH_OK);
    pump_until(!bh_is_alive(box));
    every_call_refuses(box, BH_ERROR_STALE, "is gone");
}

static void an_object_that_qt_made_is_stale_once_qt_deletes_it(void **state)
{
    (void)state;
    bh_object *spin = bh_create("QSpinBox", NULL), *edit = bh_find(spin, NULL, "QLineEdit");
    assert_non_null(edit);
    assert_int_equal(bh_destroy(spin), BH_OK);
    every_call_refuses(edit, BH_ERROR_STALE, "is gone");
}

static void a_wrong_class_is_named(void **state)
{
    (void)state;
    bh_object *timer = bh_create("QTimer", NULL);
    assert_refused(bh_main_window_set_central_widget(label, label), BH_ERROR_CLASS,
                   "QLabel 'status': this call needs a QMainWindow");
    assert_not_made(bh_create("QLabel", timer), BH_ERROR_CLASS, "the parent of a QLabel must be a widget, not QTimer");
    assert_refused(bh_emit(label, 0), BH_ERROR_CLASS, "bh_emit: QLabel 'status' is no instance of a class defined in C");
}

static void a_handle_of_another_kind_is_named(void **state)
{
    (void)state;
    bh_timer *timer = bh_timer_start(1000, BH_TIMER_COARSE, NULL, on_nothing, NULL);
    bh_thread *thread = bh_thread_create("kind");
    bh_connection *connection = bh_connect(label, "destroyed", BH_CALLBACK(on_nothing), NULL, NULL);
    every_call_refuses((bh_object *)timer, BH_ERROR_CLASS, "is a bh_timer *: pass a bh_object *");
    every_call_refuses((bh_object *)thread, BH_ERROR_CLASS, "is a bh_thread *: pass a bh_object *");
    every_call_refuses((bh_object *)connection, BH_ERROR_CLASS, "is a bh_connection *: pass a bh_object *");
    assert_refused(bh_timer_stop((bh_timer *)label), BH_ERROR_CLASS, "is a bh_object *: pass a bh_timer *");
    assert_refused(bh_thread_start((bh_thread *)timer), BH_ERROR_CLASS, "is a bh_timer *: pass a bh_thread *");
    assert_refused(bh_disconnect((bh_connection *)thread), BH_ERROR_CLASS, "is a bh_thread *: pass a bh_connection *");
    assert_refused(bh_worker_start((bh_worker *)label), BH_ERROR_CLASS, "is a bh_object *: pass a bh_worker *");
    bh_thread_destroy(thread);
}

static void real_pointers_and_garbage_are_no_handles(void **state)
{
    (void)state;
    int on_stack = 0;
    void *on_heap = malloc(64);
    void *const bad[] = {on_heap,
                         &on_stack,
                         (void *)1,
                         (void *)UINTPTR_MAX,
                         (void *)"text",
                         (void *)(uintptr_t)0x8000000000000000,
                         (void *)(uintptr_t)0xB4FF000000000001,
                         (void *)(uintptr_t)0xB400000000000001};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        every_call_refuses(bad[i], BH_ERROR_NOT_A_HANDLE, "which is no handle: pass the bh_object * that the library gave out");
    free(on_heap);
}

/* Any change to a handle's bits makes it another handle or none. */
static void no_forged_handle_passes(void **state)
{
    (void)state;
    uint64_t real = (uint64_t)(uintptr_t)label, noise = 88172645463325252u;
    for (int i = 0; i < 200000; i++) {
        noise ^= noise << 13, noise ^= noise >> 7, noise ^= noise << 17;
        uint64_t forged =
            i < 64 ? real ^ UINT64_C(1) << i : real ^ (noise & (i % 2 ? UINT64_C(0xFFFFFF000000) : UINT64_C(0xFFFFFFFFFFFF)));
        bh_object *handle = (bh_object *)(uintptr_t)forged;
        if (forged == real || handle == bh_app())
            continue;
        assert_false(bh_is_alive(handle));
        assert_int_not_equal(bh_set_name(handle, "forged"), BH_OK);
    }
    char *name = bh_name(label);
    assert_string_equal(name, "status");
    bh_free(name);
}

/* --- threads */

static bh_status use_label(void *user)
{
    (void)user;
    const char *part = "QLabel 'status' belongs to the GUI thread, called on 'trainer': emit a signal instead, or bh_post to it";
    assert_refused(bh_set_string(label, "text", "x"), BH_ERROR_THREAD, part);
    assert_refused(bh_call(label, "show"), BH_ERROR_THREAD, part);
    assert_refused(bh_set_name(label, "x"), BH_ERROR_THREAD, part);
    assert_refused(bh_destroy(label), BH_ERROR_THREAD, part);
    assert_not_made(bh_create("QLabel", NULL), BH_ERROR_THREAD,
                    "bh_create: called on 'trainer': only the GUI thread may; use bh_post");
    assert_not_made(bh_create("QObject", label), BH_ERROR_THREAD, part);
    assert_string_equal(bh_class_name(label), "QLabel");
    assert_true(bh_is_alive(label) && bh_inherits(label, "QWidget"));
    return BH_OK;
}

static void another_thread_is_refused_by_name(void **state)
{
    (void)state;
    side trainer = start_side("trainer");
    assert_int_equal(bh_send(trainer.object, use_label, NULL), BH_OK);
    assert_refused(bh_set_name(trainer.object, "x"), BH_ERROR_THREAD,
                   "QObject belongs to thread 'trainer', called on 'GUI': use bh_post to run it there");
    stop_side(&trainer);
    assert_true(bh_is_alive(label));
}

static bh_object *made_elsewhere, *root_elsewhere;

static bh_status make_tree(void *user)
{
    (void)user;
    root_elsewhere = bh_create("QObject", NULL);
    made_elsewhere = bh_create("QTimer", root_elsewhere);
    return BH_OK;
}

static void an_object_without_parent_may_be_destroyed_from_elsewhere(void **state)
{
    (void)state;
    side other = start_side("other");
    bh_send(other.object, make_tree, NULL);
    assert_refused(bh_destroy(made_elsewhere), BH_ERROR_THREAD, "belongs to thread 'other'");
    assert_int_equal(bh_destroy(root_elsewhere), BH_OK);
    assert_false(bh_is_alive(root_elsewhere));
    wait_until(!bh_is_alive(made_elsewhere));
    bh_send(other.object, make_tree, NULL);
    bh_thread_quit(other.thread);
    bh_thread_wait(other.thread, PATIENCE_MS);
    assert_int_equal(bh_destroy(root_elsewhere), BH_OK);
    assert_false(bh_is_alive(made_elsewhere));
    stop_side(&other);
}

static void *make_on_a_thread_of_others(void *user)
{
    (void)user;
    static const bh_class plain = {BH_CLASS_INIT, .name = "PlainElsewhere"};
    assert_not_made(bh_create("QTimer", NULL), BH_ERROR_THREAD, "no event loop");
    assert_not_made(bh_create_instance(&plain, NULL, NULL), BH_ERROR_THREAD, "no event loop");
    return NULL;
}

static void objects_need_a_thread_with_an_event_loop(void **state)
{
    (void)state;
    pthread_join(start_pthread(make_on_a_thread_of_others, NULL), NULL);
}

/* --- after the application */

static void after_the_application_handles_say_so(void **state)
{
    bh_timer *timer = bh_timer_start(1000, BH_TIMER_COARSE, NULL, on_nothing, NULL);
    bh_thread *thread = bh_thread_create("late");
    bh_object *instance = bh_create_instance(&handle_class, NULL, NULL), *app = bh_app();
    without_app(state);
    assert_refused(bh_set_name(label, "x"), BH_ERROR_NO_APP, "object was destroyed with the application: call bh_app_create");
    assert_refused(bh_set_name(app, "x"), BH_ERROR_NO_APP, "was destroyed with the application");
    assert_refused(bh_emit(instance, 0), BH_ERROR_NO_APP, "was destroyed with the application");
    assert_refused(bh_timer_stop(timer), BH_ERROR_NO_APP, "was destroyed with the application");
    assert_refused(bh_thread_start(thread), BH_ERROR_NO_APP, "was destroyed with the application");
    bh_object *old = label;
    setup(state);
    every_call_refuses(old, BH_ERROR_STALE, "is gone");
}

static void objects_of_ended_threads_go_with_the_application(void **state)
{
    bh_object *never = bh_create("QObject", NULL);
    bh_thread *thread = bh_thread_create("never");
    side other = start_side("other");
    bh_move_to_thread(never, thread);
    bh_send(other.object, make_tree, NULL);
    without_app(state);
    assert_false(bh_is_alive(never) || bh_is_alive(root_elsewhere) || bh_is_alive(made_elsewhere) || bh_is_alive(other.object));
    assert_int_equal(bh_live_objects(NULL, 0), 0);
    setup(state);
}

/* --- sentences and lists */

static void the_sentence_has_file_and_line(void **state)
{
    (void)state;
    char place[64];
    snprintf(place, sizeof place, "test_handle.c:%d: bh_set_name: object is NULL", __LINE__ + 1);
    bh_set_name(NULL, "x");
    assert_heard(BH_ERROR_NULL, place);
    const char *file = strstr(bh_last_error(), "test_handle.c");
    assert_ptr_equal(file, bh_last_error()); /* no folders before it */
}

static void live_objects_are_listed(void **state)
{
    (void)state;
    side other = start_side("elsewhere");
    bh_live_object list[64];
    size_t before = bh_live_objects(NULL, 0);
    bh_object *child = bh_create("QTimer", label);
    assert_int_equal(bh_live_objects(NULL, 0), before + 1);
    size_t count = bh_live_objects(list, 64), found = 0;
    assert_int_equal(count, before + 1);
    for (size_t i = 0; i < count; i++) {
        if (list[i].object == label)
            found += !strcmp(list[i].class_name, "QLabel") && !strcmp(list[i].name, "status") && !list[i].has_parent;
        if (list[i].object == child)
            found += !strcmp(list[i].class_name, "QTimer") && list[i].has_parent && !strcmp(list[i].thread, "GUI");
        if (list[i].object == other.object)
            found += !strcmp(list[i].thread, "elsewhere");
    }
    assert_int_equal(found, 3);
    memset(list, 0, sizeof list);
    assert_int_equal(bh_live_objects(list, 1), before + 1);
    assert_non_null(list[0].object);
    assert_null(list[1].object);
    stop_side(&other);
}

/* --- generations */

static void a_stale_handle_never_revives(void **state)
{
    (void)state;
    enum { ROUNDS = 100000, KEPT = 100 };
    bh_object *kept[KEPT];
    size_t before = bh_live_objects(NULL, 0);
    for (int i = 0; i < ROUNDS; i++) {
        bh_object *object = bh_create("QObject", NULL);
        if (i % (ROUNDS / KEPT) == 0)
            kept[i / (ROUNDS / KEPT)] = object;
        assert_int_equal(bh_destroy(object), BH_OK);
        assert_false(bh_is_alive(kept[0]));
    }
    for (int i = 0; i < KEPT; i++)
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(kept[i], kept[j]);
    bh_object *object = bh_create("QObject", NULL);
    for (int i = 0; i < KEPT; i++) {
        assert_false(bh_is_alive(kept[i]));
        assert_refused(bh_set_name(kept[i], "x"), BH_ERROR_STALE, "is gone");
    }
    bh_destroy(object);
    assert_int_equal(bh_live_objects(NULL, 0), before);
}

static void many_objects_are_destroyed_in_reasonable_time(void **state)
{
    enum { MANY = 30000 };
    bh_object *last = NULL;
    int64_t start = test_now_ms();
    for (int i = 0; i < MANY; i++)
        last = bh_create("QObject", NULL);
    for (int i = 0; i < MANY; i++)
        bh_create("QObject", last);
    without_app(state);
    assert_false(bh_is_alive(last));
    assert_true(test_now_ms() - start < PATIENCE_MS);
    setup(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

static void note_object(void *user, bh_object *object)
{
    if (object)
        *(bh_object **)user = object;
}

static void the_window_of_a_widget_is_qt_s(void **state)
{
    (void)state;
    bh_object *window = NULL, *widget = bh_create("QWidget", NULL);
    bh_connect(bh_app(), "focusWindowChanged", BH_CALLBACK(note_object, bh_object *), &window, NULL);
    bh_call(widget, "show");
    pump_until(window);
    assert_refused(bh_destroy(window), BH_ERROR_STATE, "is the window that Qt has made for a widget");
    assert_refused(bh_call(window, "deleteLater"), BH_ERROR_STATE, "close or destroy the widget");
    bh_call(widget, "hide");
    assert_int_equal(bh_destroy(widget), BH_OK);
    pump();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_window_of_a_widget_is_qt_s),
        TEST(null_is_refused_but_may_be_destroyed),
        TEST(a_destroyed_object_is_stale),
        TEST(children_go_with_their_parent),
        TEST(delete_later_makes_stale),
        TEST(closing_a_window_that_deletes_itself_makes_stale),
        TEST(an_object_that_qt_made_is_stale_once_qt_deletes_it),
        TEST(a_wrong_class_is_named),
        TEST(a_handle_of_another_kind_is_named),
        TEST(real_pointers_and_garbage_are_no_handles),
        TEST(no_forged_handle_passes),
        TEST(another_thread_is_refused_by_name),
        TEST(an_object_without_parent_may_be_destroyed_from_elsewhere),
        TEST(objects_need_a_thread_with_an_event_loop),
        TEST(after_the_application_handles_say_so),
        TEST(objects_of_ended_threads_go_with_the_application),
        TEST(the_sentence_has_file_and_line),
        TEST(live_objects_are_listed),
        TEST(a_stale_handle_never_revives),
        TEST(many_objects_are_destroyed_in_reasonable_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
