/* Connections: what arrives at callbacks and slots, and on which thread; and what is refused. */
#include "node.h"

/* --- arguments */

static struct {
    bool b;
    int i;
    unsigned u;
    int64_t l;
    uint64_t ul;
    double d;
    char text[64];
    bh_object *object;
    bh_size size;
    bh_point point;
    bh_pointf pointf;
    bh_rect rect;
    bh_color color;
    bh_date date;
    bh_time time;
    bh_date_time date_time;
    bh_font font;
    char strings[3][16];
    int strings_count;
} got;

static void on_all(void *user, bool b, int i, unsigned u, int64_t l, uint64_t ul, double d, const char *text, bh_object *object)
{
    (void)user;
    got.b = b, got.i = i, got.u = u, got.l = l, got.ul = ul, got.d = d, got.object = object;
    strncpy(got.text, text, sizeof got.text - 1);
    atomic_fetch_add(&calls, 1);
}

static void on_structs(void *user, bh_size size, bh_point point, bh_pointf pointf, bh_rect rect, bh_color color, bh_date date,
                       bh_time time, bh_date_time date_time)
{
    (void)user;
    got.size = size, got.point = point, got.pointf = pointf, got.rect = rect, got.color = color;
    got.date = date, got.time = time, got.date_time = date_time;
    atomic_fetch_add(&calls, 1);
}

static void on_lists(void *user, const bh_font *font, const char *const *strings)
{
    (void)user;
    got.font = *font;
    for (got.strings_count = 0; strings[got.strings_count] && got.strings_count < 3; got.strings_count++)
        strncpy(got.strings[got.strings_count], strings[got.strings_count], 15);
    atomic_fetch_add(&calls, 1);
}

static void emit_all_types(void)
{
    const bh_font font = {.family = "Sans", .point_size = 12.5, .weight = 700, .italic = true};
    const char *const strings[] = {"one", "zwei", "três", NULL};
    bh_date_time moment = {{2024, 2, 29}, 3723004};
    memset(&got, 0, sizeof got);
    assert_int_equal(bh_emit(node, ALL, true, -7, 4000000000u, INT64_MIN, UINT64_MAX, 2.5, "Grüße", node), BH_OK);
    assert_int_equal(bh_emit(node, STRUCTS, BH_SIZE(1, 2), BH_POINT(-3, 4), ((bh_pointf){0.5, -0.25}), BH_RECT(5, 6, 7, 8),
                             BH_RGBA(9, 10, 11, 12), ((bh_date){2023, 12, 31}), ((bh_time){23, 59, 58, 999}), moment),
                     BH_OK);
    assert_int_equal(bh_emit(node, LISTS, &font, (const char *const *)strings), BH_OK);
}

static void check_all_types(void)
{
    assert_int_equal(calls, 3);
    assert_true(got.b && got.i == -7 && got.u == 4000000000u && got.l == INT64_MIN && got.ul == UINT64_MAX && got.d == 2.5);
    assert_string_equal(got.text, "Grüße");
    assert_ptr_equal(got.object, node);
    assert_true(got.size.width == 1 && got.size.height == 2 && got.point.x == -3 && got.point.y == 4);
    assert_true(got.pointf.x == 0.5 && got.pointf.y == -0.25 && got.rect.x == 5 && got.rect.height == 8);
    assert_true(got.color.red == 9 && got.color.alpha == 12 && got.date.year == 2023 && got.date.day == 31);
    assert_true(got.time.hour == 23 && got.time.millisecond == 999);
    assert_true(got.date_time.date.day == 29 && got.date_time.millisecond_of_day == 3723004);
    assert_string_equal(got.font.family, "Sans");
    assert_true(got.font.point_size == 12.5 && got.font.weight == 700 && got.font.italic && !got.font.underline);
    assert_int_equal(got.strings_count, 3);
    assert_string_equal(got.strings[2], "três");
    assert_silent();
}

static void connect_all_types(bh_object *sender, bh_connection_type type)
{
    const bh_connect_options options = {BH_CONNECT_INIT, .type = type};
    bh_callback all = BH_CALLBACK(on_all, bool, int, unsigned, int64_t, uint64_t, double, const char *, bh_object *);
    bh_callback structs =
        BH_CALLBACK(on_structs, bh_size, bh_point, bh_pointf, bh_rect, bh_color, bh_date, bh_time, bh_date_time);
    assert_non_null(bh_connect(sender, "all", all, NULL, &options));
    assert_non_null(bh_connect(sender, "structs", structs, NULL, &options));
    assert_non_null(bh_connect(sender, "lists", BH_CALLBACK(on_lists, const bh_font *, const char *const *), NULL, &options));
}

static void every_type_arrives_direct(void **state)
{
    (void)state;
    connect_all_types(node, BH_CONNECTION_AUTO);
    emit_all_types();
    check_all_types();
}

static void every_type_arrives_queued(void **state)
{
    (void)state;
    connect_all_types(node, BH_CONNECTION_QUEUED);
    emit_all_types();
    assert_int_equal(calls, 0);
    pump();
    check_all_types();
}

/* From signal to signal: the values go into Qt's and come back. */
static void every_type_arrives_through_qt(void **state)
{
    (void)state;
    connect_all_types(other_node, BH_CONNECTION_AUTO);
    assert_non_null(bh_connect_slot(node, "all", other_node, "all", BH_CONNECTION_AUTO));
    assert_non_null(bh_connect_slot(node, "structs", other_node, "structs", BH_CONNECTION_AUTO));
    assert_non_null(bh_connect_slot(node, "lists", other_node, "lists", BH_CONNECTION_QUEUED));
    emit_all_types();
    pump();
    check_all_types();
}

static void on_bool(void *user, bool value)
{
    *(bool *)user = value;
}

static void on_double(void *user, double value)
{
    *(double *)user = value;
}

static void on_text(void *user, const char *text)
{
    strncpy(user, text, 31);
}

static void on_object(void *user, bh_object *object)
{
    *(bh_object **)user = object;
}

static void on_date(void *user, bh_date date)
{
    *(bh_date *)user = date;
}

static void signals_of_qt_bring_natural_types(void **state)
{
    (void)state;
    bool toggled = false;
    double number = 0;
    char text[32] = "";
    bh_object *triggered = NULL;
    bh_date date = {0, 0, 0};
    bh_object *box = bh_create("QCheckBox", NULL), *spin = bh_create("QDoubleSpinBox", NULL),
              *line = bh_create("QLineEdit", NULL), *window = bh_create("QMainWindow", NULL), *day = bh_create("QDateEdit", NULL);
    bh_object *menu = bh_add_menu(bh_main_window_menu_bar(window), "&File"), *action = bh_add_action(menu, "&Open", NULL);
    assert_non_null(bh_connect(box, "toggled", BH_CALLBACK(on_bool, bool), &toggled, NULL));
    assert_non_null(bh_connect(spin, "valueChanged", BH_CALLBACK(on_double, double), &number, NULL));
    assert_non_null(bh_connect(line, "textChanged", BH_CALLBACK(on_text, const char *), text, NULL));
    assert_non_null(bh_connect(menu, "triggered", BH_CALLBACK(on_object, bh_object *), &triggered, NULL));
    assert_non_null(bh_connect(day, "dateChanged", BH_CALLBACK(on_date, bh_date), &date, NULL));
    bh_set_bool(box, "checked", true);
    bh_set_double(spin, "value", 4.5);
    bh_set_string(line, "text", "naïve");
    bh_call(action, "trigger");
    bh_set_date(day, "date", (bh_date){2020, 5, 6});
    assert_true(toggled);
    assert_true(number == 4.5);
    assert_string_equal(text, "naïve");
    assert_ptr_equal(triggered, action);
    assert_true(date.year == 2020 && date.month == 5 && date.day == 6);
    assert_silent();
}

static void a_callback_may_take_fewer_arguments(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    bh_connect(slider, "valueChanged", BH_CALLBACK(on_nothing), NULL, NULL);
    bh_connect(node, "all", BH_CALLBACK(on_bool, bool), &got.b, NULL);
    got.b = false;
    bh_set_int(slider, "value", 3);
    emit_all_types();
    assert_int_equal(calls, 1);
    assert_true(got.b);
    assert_ptr_equal(called_by, slider);
}

/* --- names and types that do not fit */

static void mismatches_are_refused_with_both_sides(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    bh_callback number = BH_CALLBACK(on_number, int), text = BH_CALLBACK(on_text, const char *);
    bh_set_name(slider, "volume");
    assert_not_made(bh_connect(slider, "valueChanged", text, NULL, NULL), BH_ERROR_SIGNATURE,
                    "bh_connect: QSlider 'volume': signal valueChanged(int) does not fit the callback's (const char *)");
    assert_not_made(bh_connect(slider, "sliderPressed", number, NULL, NULL), BH_ERROR_SIGNATURE, "sliderPressed() does not fit");
    assert_not_made(bh_connect(slider, "valueChanged(QString)", number, NULL, NULL), BH_ERROR_SIGNATURE,
                    "it has valueChanged(int)");
    assert_not_made(bh_connect(slider, "valueChange", number, NULL, NULL), BH_ERROR_NAME,
                    "QSlider 'volume' has no signal 'valueChange'; did you mean 'valueChanged'?");
    assert_not_made(bh_connect(slider, "setValue", number, NULL, NULL), BH_ERROR_NAME, "has no signal 'setValue'");
    assert_not_made(bh_connect(slider, "value(Changed", number, NULL, NULL), BH_ERROR_SIGNATURE, "')' is missing at character");
    assert_not_made(bh_connect(slider, NULL, number, NULL, NULL), BH_ERROR_NULL, "NULL instead of a signature");
    assert_not_made(bh_connect(slider, "", number, NULL, NULL), BH_ERROR_SIGNATURE, "a name is missing");
    assert_not_made(bh_connect(NULL, "valueChanged", number, NULL, NULL), BH_ERROR_NULL, "sender is NULL");
}

static void options_and_callbacks_are_checked(void **state)
{
    (void)state;
    bh_callback number = BH_CALLBACK(on_number, int), none = {NULL, 0, {BH_TYPE_VOID}}, many = number;
    bh_connect_options no_size = {.type = BH_CONNECTION_AUTO}, bad_type = {BH_CONNECT_INIT, .type = (bh_connection_type)99},
                       bad_context = {BH_CONNECT_INIT, .context = (bh_object *)&no_size, .drop = count_drop};
    many.count = 99;
    assert_not_made(bh_connect(node, "number", none, &drops, NULL), BH_ERROR_NULL, "pass BH_CALLBACK");
    assert_not_made(bh_connect(node, "number", many, &drops, NULL), BH_ERROR_RANGE, "99 types");
    assert_not_made(bh_connect(node, "number", number, &drops, &no_size), BH_ERROR_STATE, "BH_CONNECT_INIT");
    assert_not_made(bh_connect(node, "number", number, &drops, &bad_type), BH_ERROR_RANGE, "options.type is 99");
    assert_not_made(bh_connect(node, "number", number, &drops, &bad_context), BH_ERROR_NOT_A_HANDLE, "context is");
    assert_int_equal(bh_emit(node, NUMBER, 1), BH_OK);
    assert_int_equal(calls, 0);
    assert_int_equal(drops, 0);
}

static void overloads_are_chosen_by_signature_or_by_types(void **state)
{
    (void)state;
    char text[32] = "";
    bh_object *combo = bh_create("QComboBox", NULL), *group = bh_create("QButtonGroup", NULL);
    assert_non_null(bh_connect(combo, "currentTextChanged(QString)", BH_CALLBACK(on_text, const char *), text, NULL));
    assert_non_null(bh_connect(combo, "currentTextChanged(const QString &)", BH_CALLBACK(on_nothing), NULL, NULL));
    assert_not_made(bh_connect(group, "buttonClicked(int)", BH_CALLBACK(on_number, int), NULL, NULL), BH_ERROR_SIGNATURE,
                    "it has buttonClicked(QAbstractButton*)");
    bh_set_bool(combo, "editable", true);
    bh_call(combo, "setEditText", "abc");
    assert_string_equal(text, "abc");
    assert_int_equal(calls, 1);
}

/* --- threads */

static void auto_is_direct_here_and_queued_from_elsewhere(void **state)
{
    (void)state;
    connect_number(BH_CONNECTION_AUTO, NULL);
    bh_emit(node, NUMBER, 5);
    assert_int_equal(calls, 1);
    pthread_join(start_pthread(emit_numbers, (void *)3), NULL);
    assert_int_equal(calls, 1);
    pump();
    assert_int_equal(calls, 4);
    assert_int_equal(last_number, 3);
    assert_ptr_equal(called_by, node);
    assert_null(bh_sender());
}

static void direct_runs_on_the_emitting_thread(void **state)
{
    (void)state;
    connect_number(BH_CONNECTION_DIRECT, NULL);
    pthread_join(start_pthread(emit_numbers, (void *)3), NULL);
    assert_int_equal(calls, 3);
}

static void queued_waits_for_the_event_loop(void **state)
{
    (void)state;
    connect_number(BH_CONNECTION_QUEUED, NULL);
    bh_emit(node, NUMBER, 5);
    assert_int_equal(calls, 0);
    pump();
    assert_int_equal(calls, 1);
    assert_ptr_equal(called_by, node);
}

static void the_context_chooses_the_thread(void **state)
{
    (void)state;
    side there = start_side("there");
    connect_number(BH_CONNECTION_AUTO, there.object);
    bh_emit(node, NUMBER, 5);
    wait_until(atomic_load(&calls) == 1);
    assert_ptr_equal(called_on, there.thread);
    stop_side(&there);
    assert_int_equal(drops, 1);
}

static void blocking_returns_after_the_callback(void **state)
{
    (void)state;
    side there = start_side("there");
    connect_number(BH_CONNECTION_BLOCKING_QUEUED, there.object);
    for (int i = 1; i <= 100; i++) {
        assert_int_equal(bh_emit(node, NUMBER, i), BH_OK);
        assert_int_equal(calls, i);
        assert_int_equal(last_number, i);
    }
    assert_ptr_equal(called_on, there.thread);
    stop_side(&there);
    connect_number(BH_CONNECTION_BLOCKING_QUEUED, NULL);
    bh_emit(node, NUMBER, 7);
    assert_int_equal(last_number, 7);
}

static void emit_back(void *user, int number)
{
    on_number(user, number);
    assert_int_equal(bh_emit(node, ANSWER, number), BH_DEADLOCK);
}

static void a_circle_of_blocking_connections_is_refused(void **state)
{
    (void)state;
    side there = start_side("there");
    const bh_connect_options go = {BH_CONNECT_INIT, .type = BH_CONNECTION_BLOCKING_QUEUED, .context = there.object},
                             back = {BH_CONNECT_INIT, .type = BH_CONNECTION_BLOCKING_QUEUED};
    bh_connect(node, "number", BH_CALLBACK(emit_back, int), NULL, &go);
    bh_connect(node, "answer", BH_CALLBACK(on_number, int), NULL, &back);
    forget_heard();
    assert_int_equal(bh_emit(node, NUMBER, 5), BH_OK);
    assert_heard(BH_DEADLOCK, "thread 'GUI' waits for thread 'there' already");
    assert_int_equal(calls, 1);
    stop_side(&there);
}

static void unique_refuses_the_same_once_more(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    const bh_connect_options options = {BH_CONNECT_INIT, .unique = true, .drop = count_drop};
    bh_object *senders[] = {node, slider};
    const char *names[] = {"number", "valueChanged"};
    for (int i = 0; i < 2; i++) {
        bh_connection *first = bh_connect(senders[i], names[i], BH_CALLBACK(on_number, int), &drops, &options);
        assert_non_null(first);
        assert_not_made(bh_connect(senders[i], names[i], BH_CALLBACK(on_number, int), &drops, &options), BH_ERROR_EXISTS,
                        "is connected to this function and user already");
        assert_non_null(bh_connect(senders[i], names[i], BH_CALLBACK(on_number, int), &calls, &options));
        assert_int_equal(bh_disconnect(first), BH_OK);
        assert_non_null(bh_connect(senders[i], names[i], BH_CALLBACK(on_number, int), &drops, &options));
    }
    pump();
    assert_int_equal(drops, 2);
}

/* --- slots */

static void a_signal_of_c_reaches_a_slot_of_qt(void **state)
{
    (void)state;
    int value = 0;
    bh_object *bar = bh_create("QProgressBar", NULL);
    bh_connection *connection = bh_connect_slot(node, "number", bar, "setValue", BH_CONNECTION_AUTO);
    assert_non_null(connection);
    bh_emit(node, NUMBER, 42);
    bh_get_int(bar, "value", &value);
    assert_int_equal(value, 42);
    queue_ten(); /* from another thread: through Qt's queue */
    pump();
    bh_get_int(bar, "value", &value);
    assert_int_equal(value, 10);
    assert_int_equal(bh_disconnect(connection), BH_OK);
    bh_emit(node, NUMBER, 43);
    bh_get_int(bar, "value", &value);
    assert_int_equal(value, 10);
    assert_silent();
}

static void signals_reach_slots_and_signals_of_c(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    assert_non_null(bh_connect_slot(slider, "valueChanged", other_node, "take", BH_CONNECTION_AUTO));
    assert_non_null(bh_connect_slot(node, "number", other_node, "take(int)", BH_CONNECTION_AUTO));
    assert_non_null(bh_connect_slot(slider, "valueChanged", node, "answer", BH_CONNECTION_AUTO));
    assert_non_null(bh_connect(node, "answer", BH_CALLBACK(on_number, int), NULL, NULL));
    bh_set_int(slider, "value", 9);
    assert_int_equal(calls, 2);
    assert_int_equal(last_number, 9);
    bh_emit(node, NUMBER, 4);
    assert_int_equal(calls, 3);
    assert_int_equal(last_number, 4);
    assert_ptr_equal(called_by, node);
    bh_destroy(other_node);
    bh_emit(node, NUMBER, 5);
    assert_int_equal(calls, 3);
    assert_silent();
}

static void *set_value(void *slider)
{
    bh_emit((bh_object *)slider, NUMBER, 77);
    return NULL;
}

static void a_blocking_slot_waits_and_is_direct_on_its_own_thread(void **state)
{
    (void)state;
    int value = 0;
    bh_object *bar = bh_create("QProgressBar", NULL);
    assert_non_null(bh_connect_slot(node, "number", bar, "setValue", BH_CONNECTION_BLOCKING_QUEUED));
    assert_int_equal(bh_emit(node, NUMBER, 50), BH_OK);
    bh_get_int(bar, "value", &value);
    assert_int_equal(value, 50);
    pthread_t emitter = start_pthread(set_value, node);
    pump_until((bh_get_int(bar, "value", &value), value == 77));
    pthread_join(emitter, NULL);
    assert_silent();
}

static void slots_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL), *label = bh_create("QLabel", NULL);
    assert_not_made(bh_connect_slot(slider, "valueChanged", label, "setText", BH_CONNECTION_AUTO), BH_ERROR_SIGNATURE,
                    "signal valueChanged(int) does not fit setText(QString)");
    assert_not_made(bh_connect_slot(slider, "valueChanged", label, "setTxt", BH_CONNECTION_AUTO), BH_ERROR_NAME,
                    "did you mean 'setText'");
    assert_not_made(bh_connect_slot(slider, "valueChange", label, "setNum", BH_CONNECTION_AUTO), BH_ERROR_NAME,
                    "did you mean 'valueChanged'");
    assert_not_made(bh_connect_slot(slider, "valueChanged", NULL, "setNum", BH_CONNECTION_AUTO), BH_ERROR_NULL,
                    "receiver is NULL");
    assert_not_made(bh_connect_slot(slider, "valueChanged", label, NULL, BH_CONNECTION_AUTO), BH_ERROR_NULL,
                    "NULL instead of a signature");
    assert_not_made(bh_connect_slot(slider, "valueChanged", label, "setNum", (bh_connection_type)7), BH_ERROR_RANGE, "type is 7");
    assert_non_null(bh_connect_slot(slider, "valueChanged", label, "setNum", BH_CONNECTION_AUTO)); /* of two, the one for int */
    assert_non_null(bh_connect_slot(slider, "valueChanged", label, "clear", BH_CONNECTION_AUTO));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_arrives_direct),
        TEST(every_type_arrives_queued),
        TEST(every_type_arrives_through_qt),
        TEST(signals_of_qt_bring_natural_types),
        TEST(a_callback_may_take_fewer_arguments),
        TEST(mismatches_are_refused_with_both_sides),
        TEST(options_and_callbacks_are_checked),
        TEST(overloads_are_chosen_by_signature_or_by_types),
        TEST(auto_is_direct_here_and_queued_from_elsewhere),
        TEST(direct_runs_on_the_emitting_thread),
        TEST(queued_waits_for_the_event_loop),
        TEST(the_context_chooses_the_thread),
        TEST(blocking_returns_after_the_callback),
        TEST(a_circle_of_blocking_connections_is_refused),
        TEST(unique_refuses_the_same_once_more),
        TEST(a_signal_of_c_reaches_a_slot_of_qt),
        TEST(signals_reach_slots_and_signals_of_c),
        TEST(a_blocking_slot_waits_and_is_direct_on_its_own_thread),
        TEST(slots_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
