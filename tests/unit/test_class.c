/* Classes defined in C: what Qt sees of them, what is wrong with a description, and when their functions run. */
#include "turns.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHANGED, TEXT, PAIR, MANY };

static void set_level(bh_object *self, void *user, int level)
{
    (void)user;
    bh_set_int(self, "level", level);
}

static void reset(bh_object *self, void *user)
{
    set_level(self, user, 0);
}

static void count_destroyed(void *user)
{
    ++*(int *)user;
}

static const bh_class gauge = {
    BH_CLASS_INIT,
    .name = "Gauge",
    .signals = {[CHANGED] = "changed(int)",
                [TEXT] = "text(QString)",
                [PAIR] = "pair(double,bool)",
                [MANY] = "many(int,int,int,int,int,int,int,int)"},
    .slots = {BH_SLOT("setLevel(int)", set_level, int), BH_SLOT("reset()", reset)},
    .properties = {{.name = "level", .type = "int", .notify = "levelChanged"},
                   {.name = "title", .type = "QString", .notify = "text"},
                   {.name = "serial", .type = "int", .read_only = true, .notify = "changed"},
                   {.name = "tags", .type = "QStringList"},
                   {.name = "area", .type = "QRect"}},
    .destroyed = count_destroyed,
};

static bh_object *object;
static int destroyed, calls, last_int;
static char last_text[64];

static void on_int(void *user, int number)
{
    (void)user;
    last_int = number;
    calls++;
}

static void on_text(void *user, const char *text)
{
    (void)user;
    snprintf(last_text, sizeof last_text, "%s", text);
    calls++;
}

static int setup(void **state)
{
    int status = with_app(state);
    destroyed = calls = last_int = 0;
    last_text[0] = 0;
    object = bh_create_instance(&gauge, NULL, &destroyed);
    return status;
}

/* --- what Qt sees */

static void qt_sees_the_methods(void **state)
{
    (void)state;
    const char *const wanted[] = {"changed(int)",      "text(QString)", "pair(double,bool)",
                                  "levelChanged(int)", "setLevel(int)", "reset()"};
    bh_method_info *methods = NULL;
    size_t count = 0, found = 0;
    assert_int_equal(bh_class_methods("Gauge", &methods, &count), BH_OK);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < 6; j++)
            if (strcmp(methods[i].signature, wanted[j]) == 0) {
                assert_int_equal(methods[i].kind, j < 4 ? BH_METHOD_SIGNAL : BH_METHOD_SLOT);
                assert_true(methods[i].callable);
                found++;
            }
    assert_int_equal(found, 6);
    bh_free(methods);
    assert_string_equal(bh_class_name(object), "Gauge");
    assert_true(bh_inherits(object, "Gauge") && bh_inherits(object, "QObject"));
    assert_false(bh_inherits(object, "QWidget"));
}

static void qt_sees_the_properties(void **state)
{
    (void)state;
    bh_property_info *properties = NULL;
    size_t count = 0;
    int found = 0;
    assert_int_equal(bh_class_properties("Gauge", &properties, &count), BH_OK);
    for (size_t i = 0; i < count; i++) {
        const bh_property_info *one = &properties[i];
        if (strcmp(one->name, "level") == 0)
            found += one->type == BH_TYPE_INT && one->writable && strcmp(one->notify, "levelChanged") == 0;
        if (strcmp(one->name, "serial") == 0)
            found += one->type == BH_TYPE_INT && !one->writable && strcmp(one->notify, "changed") == 0;
        if (strcmp(one->name, "area") == 0)
            found += one->type == BH_TYPE_RECT && !one->notify && strcmp(one->type_name, "QRect") == 0;
    }
    assert_int_equal(found, 3);
    bh_free(properties);
}

static void instances_are_found_in_the_tree(void **state)
{
    (void)state;
    bh_object *root = bh_create("QObject", NULL), *child = bh_create_instance(&gauge, root, &destroyed), *parent = NULL;
    bh_set_name(child, "left");
    assert_ptr_equal(bh_find(root, "left", "Gauge"), child);
    assert_ptr_equal(bh_find(root, NULL, "Gauge"), child);
    assert_int_equal(bh_parent(child, &parent), BH_OK);
    assert_ptr_equal(parent, root);
    void *user = NULL;
    assert_int_equal(bh_instance_user(child, &user), BH_OK);
    assert_ptr_equal(user, &destroyed);
    assert_refused(bh_instance_user(root, &user), BH_ERROR_CLASS, "QObject is no instance of a class defined in C");
    assert_null(user);
    bh_destroy(root);
    assert_int_equal(destroyed, 1);
}

/* --- properties */

static void properties_keep_values_and_notify(void **state)
{
    (void)state;
    int level = -1;
    char *title = NULL;
    bh_rect area;
    assert_int_equal(bh_get_int(object, "level", &level), BH_OK);
    assert_int_equal(level, 0);
    bh_connect(object, "levelChanged", BH_CALLBACK(on_int, int), NULL, NULL);
    bh_connect(object, "text", BH_CALLBACK(on_text, const char *), NULL, NULL);
    assert_int_equal(bh_set_int(object, "level", 7), BH_OK);
    assert_int_equal(last_int, 7);
    assert_int_equal(bh_set_int(object, "level", 7), BH_OK);
    assert_int_equal(calls, 1); /* nothing has changed */
    assert_int_equal(bh_set_string(object, "title", "Druck"), BH_OK);
    assert_string_equal(last_text, "Druck");
    assert_int_equal(bh_get_string(object, "title", &title), BH_OK);
    assert_string_equal(title, "Druck");
    bh_free(title);
    assert_int_equal(bh_set_rect(object, "area", BH_RECT(1, 2, 3, 4)), BH_OK);
    assert_int_equal(bh_get_rect(object, "area", &area), BH_OK);
    assert_true(area.x == 1 && area.height == 4);
    assert_refused(bh_set_string(object, "level", "high"), BH_ERROR_TYPE, "level");
    assert_refused(bh_set_int(object, "levle", 1), BH_ERROR_NAME, "did you mean 'level'");
}

static void lists_are_kept(void **state)
{
    (void)state;
    const char *const tags[] = {"a", "b", NULL};
    char **got = NULL;
    assert_int_equal(bh_set_strings(object, "tags", tags), BH_OK);
    assert_int_equal(bh_get_strings(object, "tags", &got), BH_OK);
    assert_string_equal(got[0], "a");
    assert_string_equal(got[1], "b");
    assert_null(got[2]);
    bh_free(got);
}

static void read_only_is_for_the_outside(void **state)
{
    (void)state;
    int serial = 0;
    bh_value number = BH_VALUE(12), text = BH_VALUE("x");
    bh_connect(object, "changed", BH_CALLBACK(on_int, int), NULL, NULL);
    assert_refused(bh_set_int(object, "serial", 5), BH_ERROR_READ_ONLY, "serial");
    assert_int_equal(bh_set_property_value(object, "serial", &number), BH_OK);
    assert_int_equal(last_int, 12);
    bh_get_int(object, "serial", &serial);
    assert_int_equal(serial, 12);
    assert_refused(bh_set_property_value(object, "serial", &text), BH_ERROR_TYPE,
                   "Gauge: property 'serial' is a int, given const char * \"x\"");
    assert_refused(bh_set_property_value(object, "nothing", &number), BH_ERROR_NAME, "Gauge has no property 'nothing'");
    assert_refused(bh_set_property_value(object, NULL, &number), BH_ERROR_NULL, "property is NULL");
    assert_refused(bh_set_property_value(object, "serial", NULL), BH_ERROR_NULL, "value is NULL");
}

static void slots_are_called_by_name(void **state)
{
    (void)state;
    int level = 0;
    assert_int_equal(bh_call(object, "setLevel", 42), BH_OK);
    bh_get_int(object, "level", &level);
    assert_int_equal(level, 42);
    assert_int_equal(bh_call(object, "reset"), BH_OK);
    bh_get_int(object, "level", &level);
    assert_int_equal(level, 0);
    assert_refused(bh_call(object, "setLevel", "high"), BH_ERROR_TYPE, "setLevel");
    assert_silent();
}

/* --- descriptions that are wrong */

static void slot_int(bh_object *self, void *user, int number)
{
    (void)self;
    (void)user;
    (void)number;
}

static bh_status run(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    return BH_OK;
}

static void paint(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    (void)self;
    bh_painter_draw_line(painter, 0, 0, size.width, size.height);
    if (user)
        ++*(int *)user;
}

static const struct wrong {
    bh_class description;
    bh_status status;
    const char *part;
} wrongs[] = {
    {{.name = "NoSize"}, BH_ERROR_STATE, "begin the description with BH_CLASS_INIT"},
    {{BH_CLASS_INIT, .name = NULL}, BH_ERROR_NAME, "class name 'NULL' is none"},
    {{BH_CLASS_INIT, .name = "no name"}, BH_ERROR_NAME, "class name 'no name' is none: letters, digits and _"},
    {{BH_CLASS_INIT, .name = "3D"}, BH_ERROR_NAME, "class name '3D' is none"},
    {{BH_CLASS_INIT, .name = "QLabel"}, BH_ERROR_EXISTS, "class 'QLabel' is Qt's"},
    {{BH_CLASS_INIT, .name = "W1", .base = "QSlider"},
     BH_ERROR_NAME,
     "base 'QSlider': QObject, QWidget, QDialog or QMainWindow can be one"},
    {{BH_CLASS_INIT, .name = "W2", .paint = paint}, BH_ERROR_CLASS, "set .base = \"QWidget\""},
    {{BH_CLASS_INIT, .name = "W3", .base = "QWidget", .run = run}, BH_ERROR_CLASS, "a widget cannot live on another thread"},
    {{BH_CLASS_INIT, .name = "W4", .signals = {"go("}},
     BH_ERROR_SIGNATURE,
     "class 'W4': a type is missing at character 4 of 'go('"},
    {{BH_CLASS_INIT, .name = "W5", .signals = {"go(int"}}, BH_ERROR_SIGNATURE, "')' is missing"},
    {{BH_CLASS_INIT, .name = "W6", .signals = {"go(Apple)"}}, BH_ERROR_SIGNATURE, "type 'Apple' cannot cross to C"},
    {{BH_CLASS_INIT, .name = "W7", .signals = {"go()", "go(int)"}}, BH_ERROR_EXISTS, "two signals are named 'go'"},
    {{BH_CLASS_INIT, .name = "W8", .signals = {[1] = "go()"}}, BH_ERROR_NULL, "signal number 0 has no signature"},
    {{BH_CLASS_INIT, .name = "W9", .signals = {"go()"}, .queues = {{(bh_queue_policy)9, 0}}}, BH_ERROR_RANGE, "policy 9"},
    {{BH_CLASS_INIT, .name = "W10", .signals = {"go()"}, .queues = {{BH_QUEUE_DROP, -1}}}, BH_ERROR_RANGE, "bound -1"},
    {{BH_CLASS_INIT, .name = "W11", .signals = {"go(int,int,int,int,int,int,int,int,int)"}},
     BH_ERROR_SIGNATURE,
     "more than 8 parameters"},
    {{BH_CLASS_INIT, .name = "W12", .slots = {BH_SLOT("take(QString)", slot_int, int)}},
     BH_ERROR_SIGNATURE,
     "slot 'take(QString)' does not have the types of its BH_SLOT"},
    {{BH_CLASS_INIT, .name = "W13", .slots = {{"take()", {NULL, 0, {BH_TYPE_VOID}}}}},
     BH_ERROR_NULL,
     "slot 'take()' has no function"},
    {{BH_CLASS_INIT, .name = "W14", .properties = {{.name = "a b", .type = "int"}}},
     BH_ERROR_NAME,
     "'a b' is no name for a property"},
    {{BH_CLASS_INIT, .name = "W15", .properties = {{.name = "x", .type = "Apple"}}}, BH_ERROR_TYPE, "property 'x': type 'Apple'"},
    {{BH_CLASS_INIT, .name = "W16", .properties = {{.name = "x"}}}, BH_ERROR_TYPE, "property 'x': type 'NULL'"},
    {{BH_CLASS_INIT, .name = "W17", .properties = {{.name = "x", .type = "int", .notify = "y()"}}},
     BH_ERROR_NAME,
     "'y()', which is no name"},
    {{BH_CLASS_INIT, .name = "W18", .signals = {"y(QString)"}, .properties = {{.name = "x", .type = "int", .notify = "y"}}},
     BH_ERROR_SIGNATURE,
     "signal 'y' cannot notify of property 'x': it takes nothing, or one int"},
    {{BH_CLASS_INIT, .name = "W19", .signals = {"finished()"}, .run = run}, BH_ERROR_EXISTS, "two signals are named 'finished'"},
    {{BH_CLASS_INIT, .name = "Gauge"}, BH_ERROR_EXISTS, "another description has the name 'Gauge' already"},
};

static void wrong_descriptions_are_refused_with_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++)
        assert_not_made(bh_create_instance(&wrongs[i].description, NULL, &destroyed), wrongs[i].status, wrongs[i].part);
    assert_not_made(bh_create_instance(NULL, NULL, NULL), BH_ERROR_NULL, "description is NULL");
    assert_int_equal(destroyed, 0);
}

static const bh_class two_slots = {BH_CLASS_INIT, .name = "TwoSlots",
                                   .slots = {BH_SLOT("take()", reset), BH_SLOT("take(int)", slot_int, int)}};
static const bh_class twice_slots = {BH_CLASS_INIT, .name = "TwiceSlots",
                                     .slots = {BH_SLOT("take()", reset), BH_SLOT("take()", reset)}};
static const bh_class twice_properties = {BH_CLASS_INIT, .name = "TwiceProperties",
                                          .properties = {{.name = "x", .type = "int"}, {.name = "x", .type = "int"}}};

static void slots_may_be_overloaded_but_nothing_may_be_there_twice(void **state)
{
    (void)state;
    assert_non_null(bh_create_instance(&two_slots, NULL, NULL));
    assert_not_made(bh_create_instance(&twice_slots, NULL, NULL), BH_ERROR_EXISTS, "take()");
    assert_not_made(bh_create_instance(&twice_properties, NULL, NULL), BH_ERROR_EXISTS, "two properties are named 'x'");
}

/* --- emitting */

static void on_pair(void *user, double number, bool flag)
{
    *(double *)user = number;
    calls += flag;
}

static void emit_converts_what_is_exact(void **state)
{
    (void)state;
    double number = 0;
    bh_connect(object, "pair", BH_CALLBACK(on_pair, double, bool), &number, NULL);
    bh_connect(object, "text", BH_CALLBACK(on_text, const char *), NULL, NULL);
    assert_int_equal(bh_emit(object, PAIR, 3, 1), BH_OK);
    assert_true(number == 3.0 && calls == 1);
    assert_int_equal(bh_emit(object, PAIR, 2.5f, true), BH_OK);
    assert_true(number == 2.5);
    assert_int_equal(bh_emit(object, TEXT, (const char *)NULL), BH_OK);
    assert_string_equal(last_text, "");
    assert_int_equal(bh_emit(object, CHANGED, (long)5), BH_OK);
    assert_silent();
}

static void emit_refuses_what_does_not_fit(void **state)
{
    (void)state;
    calls = 0;
    bh_connect(object, "changed", BH_CALLBACK(on_int, int), NULL, NULL);
    assert_refused(bh_emit(object, CHANGED, 2.5), BH_ERROR_SIGNATURE,
                   "Gauge: signal changed(int), argument 1 is double 2.5: it needs a int");
    assert_refused(bh_emit(object, CHANGED, "five"), BH_ERROR_SIGNATURE, "argument 1 is const char * \"five\"");
    assert_refused(bh_emit(object, CHANGED, (long)1 << 40), BH_ERROR_SIGNATURE, "argument 1 is int64_t 1099511627776");
    assert_refused(bh_emit(object, CHANGED), BH_ERROR_SIGNATURE, "signal changed(int) takes 1 arguments, given 0");
    assert_refused(bh_emit(object, CHANGED, 1, 2), BH_ERROR_SIGNATURE, "takes 1 arguments, given 2");
    assert_refused(bh_emit(object, PAIR, 1.0, 2), BH_ERROR_SIGNATURE, "argument 2 is int 2: it needs a bool");
    assert_refused(bh_emit(object, 4, 1), BH_ERROR_NAME, "Gauge has no signal number 4: its description has 4");
    assert_refused(bh_emit(object, -1, 1), BH_ERROR_NAME, "no signal number -1");
    assert_refused(bh_emit_values(object, CHANGED, 1, NULL), BH_ERROR_SIGNATURE, "takes 1 arguments");
    assert_refused(bh_emit_values(object, CHANGED, -5, NULL), BH_ERROR_SIGNATURE, "given -5");
    assert_int_equal(calls, 0);
}

/* --- widgets */

typedef struct widget_state {
    int painted, events, hints, gone;
    bh_size size;
    bh_event_result answer;
} widget_state;

static void paint_widget(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    widget_state *at = user;
    at->painted++;
    at->size = size;
    paint(self, NULL, painter, size);
}

static bh_size hint(bh_object *self, void *user)
{
    (void)self;
    ((widget_state *)user)->hints++;
    return BH_SIZE(123, 45);
}

static bh_event_result see_event(bh_object *self, void *user, const bh_event *event)
{
    widget_state *at = user;
    assert_true(bh_inherits(self, "Dial"));
    at->events++;
    return event->type == BH_EVENT_CLOSE ? at->answer : BH_EVENT_PASS;
}

static void widget_gone(void *user)
{
    ((widget_state *)user)->gone++;
}

static const bh_class dial = {BH_CLASS_INIT,         .name = "Dial",    .base = "QWidget",  .signals = {"turned(int)"},
                              .paint = paint_widget, .size_hint = hint, .event = see_event, .destroyed = widget_gone};
static const bh_class window_class = {BH_CLASS_INIT, .name = "OwnWindow", .base = "QMainWindow"};
static const bh_class dialog_class = {BH_CLASS_INIT, .name = "OwnDialog", .base = "QDialog", .signals = {"done()"}};

static void widgets_paint_hint_and_see_events(void **state)
{
    (void)state;
    widget_state at = {.answer = BH_EVENT_IGNORE};
    bool visible = false;
    bh_size size;
    bh_object *widget = bh_create_instance(&dial, NULL, &at);
    assert_true(bh_inherits(widget, "QWidget"));
    bh_call(widget, "show");
    pump_until(at.painted > 0);
    assert_true(at.hints > 0 && at.events > 0);
    assert_int_equal(bh_get_size(widget, "size", &size), BH_OK);
    assert_true(size.width == 123 && size.height == 45 && at.size.width == 123 && at.size.height == 45);
    bh_call(widget, "close");
    bh_get_bool(widget, "visible", &visible);
    assert_true(visible);
    at.answer = BH_EVENT_PASS;
    bh_call(widget, "close");
    bh_get_bool(widget, "visible", &visible);
    assert_false(visible);
    bh_destroy(widget);
    assert_int_equal(at.gone, 1);
    assert_silent();
}

/* As with Qt's constructors: their parents own them, and do not contain them, so that they can be seen without them. */
static void windows_and_dialogs_with_a_parent_stay_windows(void **state)
{
    (void)state;
    widget_state at = {.answer = BH_EVENT_PASS};
    bh_object *window = bh_create_instance(&window_class, NULL, NULL);
    bh_object *children[] = {bh_create_instance(&dialog_class, window, NULL), bh_create_instance(&window_class, window, NULL),
                             bh_create_instance(&dial, window, &at)};
    for (int i = 0; i < 3; i++) {
        bool visible = false;
        assert_int_equal(bh_call(children[i], "show"), BH_OK);
        bh_get_bool(children[i], "visible", &visible);
        assert_int_equal(visible, i < 2);
    }
    bh_destroy(window);
    assert_false(bh_is_alive(children[0]));
}

static void windows_and_dialogs_can_be_bases(void **state)
{
    (void)state;
    widget_state at = {.answer = BH_EVENT_PASS};
    bh_object *window = bh_create_instance(&window_class, NULL, NULL), *dialog = bh_create_instance(&dialog_class, window, NULL);
    bh_object *middle = bh_create_instance(&dial, NULL, &at);
    assert_int_equal(bh_main_window_set_central_widget(window, middle), BH_OK);
    assert_int_equal(bh_call(dialog, "open"), BH_OK);
    assert_int_equal(bh_call(dialog, "accept"), BH_OK);
    assert_not_made(bh_create_instance(&dial, object, &at), BH_ERROR_CLASS, "the parent of a Dial must be a widget, not Gauge");
    assert_int_equal(at.gone, 0);
    bh_destroy(window);
    assert_int_equal(at.gone, 1);
}

static void *emit_widget_signal(void *widget)
{
    assert_refused(bh_emit((bh_object *)widget, 0, 1), BH_ERROR_THREAD, "Dial belongs to the GUI thread");
    assert_not_made(bh_create_instance(&dial, NULL, NULL), BH_ERROR_THREAD, "only the GUI thread may");
    return NULL;
}

static void signals_of_widgets_are_the_gui_thread_s(void **state)
{
    (void)state;
    widget_state at = {.answer = BH_EVENT_PASS};
    bh_object *widget = bh_create_instance(&dial, NULL, &at);
    pthread_join(start_pthread(emit_widget_signal, widget), NULL);
    bh_destroy(widget);
    assert_int_equal(at.gone, 1);
}

/* --- the end */

static void destroyed_runs_once_on_every_way_to_the_end(void **state)
{
    bh_object *parent = bh_create("QObject", NULL);
    bh_create_instance(&gauge, parent, &destroyed);
    bh_object *later = bh_create_instance(&gauge, NULL, &destroyed);
    bh_create_instance(&gauge, NULL, &destroyed);
    side other = start_side("other");
    bh_object *there = bh_create_instance(&gauge, NULL, &destroyed);
    bh_move_to_thread(there, other.thread);
    bh_destroy(object);
    assert_int_equal(destroyed, 1);
    bh_destroy(parent);
    assert_int_equal(destroyed, 2);
    bh_call(later, "deleteLater");
    pump_until(!bh_is_alive(later));
    assert_int_equal(destroyed, 3);
    bh_destroy(there);
    stop_side(&other);
    assert_int_equal(destroyed, 4);
    without_app(state);
    assert_int_equal(destroyed, 5);
    setup(state);
}

static void check_stale(void *user)
{
    assert_false(bh_is_alive(*(bh_object **)user));
    calls++;
}

static const bh_class checker = {BH_CLASS_INIT, .name = "Checker", .destroyed = check_stale};

static void the_handle_is_stale_when_destroyed_runs(void **state)
{
    (void)state;
    bh_object *self = NULL;
    self = bh_create_instance(&checker, NULL, &self);
    bh_destroy(self);
    assert_int_equal(calls, 1);
}

enum { RACES = 100 };

static bh_class raced[RACES];
static char raced_names[RACES][32];
static pthread_barrier_t race_start;

static void *make_raced(void *unused)
{
    for (int i = 0; i < RACES; i++) {
        pthread_barrier_wait(&race_start);
        bh_create_instance(&raced[i], NULL, NULL); /* fails without an event loop, with the class made */
    }
    return unused;
}

/* Under a leak checker: both make it, and one counts. */
static void two_threads_make_the_same_class(void **state)
{
    (void)state;
    pthread_t other;
    pthread_barrier_init(&race_start, NULL, 2);
    for (int i = 0; i < RACES; i++) {
        snprintf(raced_names[i], sizeof raced_names[i], "Raced%d", i);
        raced[i] = (bh_class){BH_CLASS_INIT, .name = raced_names[i]};
    }
    assert_int_equal(pthread_create(&other, NULL, make_raced, NULL), 0);
    make_raced(NULL);
    pthread_join(other, NULL);
    pthread_barrier_destroy(&race_start);
    bh_object *one = bh_create_instance(&raced[0], NULL, NULL);
    assert_non_null(one);
    forget_heard();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(qt_sees_the_methods),
        TEST(qt_sees_the_properties),
        TEST(instances_are_found_in_the_tree),
        TEST(properties_keep_values_and_notify),
        TEST(lists_are_kept),
        TEST(read_only_is_for_the_outside),
        TEST(slots_are_called_by_name),
        TEST(wrong_descriptions_are_refused_with_what_is_wrong),
        TEST(slots_may_be_overloaded_but_nothing_may_be_there_twice),
        TEST(emit_converts_what_is_exact),
        TEST(emit_refuses_what_does_not_fit),
        TEST(widgets_paint_hint_and_see_events),
        TEST(windows_and_dialogs_can_be_bases),
        TEST(windows_and_dialogs_with_a_parent_stay_windows),
        TEST(signals_of_widgets_are_the_gui_thread_s),
        TEST(destroyed_runs_once_on_every_way_to_the_end),
        TEST(the_handle_is_stale_when_destroyed_runs),
        TEST(two_threads_make_the_same_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
