/* Calls by name: overloads, arguments, results, and what cannot be called. */
#include "refused.h"

#include "base/memory.h"

static struct {
    int count;
    int number;
    double real;
    char text[64];
    bh_object *object;
} called;

static void no_arguments(bh_object *self, void *user)
{
    (void)self;
    (void)user;
    called.count++;
}

static void take(bh_object *self, void *user, int number, double real, const char *text, bh_object *object)
{
    (void)self;
    (void)user;
    called.count++;
    called.number = number;
    called.real = real;
    strncpy(called.text, text, sizeof called.text - 1);
    called.object = object;
}

static const bh_class target = {
    BH_CLASS_INIT,
    .name = "Target",
    .signals = {"told(int)"},
    .slots = {BH_SLOT("nothing()", no_arguments),
              BH_SLOT("take(int,double,QString,QObject*)", take, int, double, const char *, bh_object *)},
};

static bh_object *bar, *object;

static int with_objects(void **state)
{
    if (with_app(state))
        return -1;
    memset(&called, 0, sizeof called);
    bar = bh_create("QProgressBar", NULL);
    bh_set_name(bar, "bar");
    object = bh_create_instance(&target, NULL, NULL);
    return bar && object ? 0 : -1;
}

static int value_of(bh_object *widget)
{
    int value = -1;
    bh_get_int(widget, "value", &value);
    return value;
}

static void test_arguments(void **state)
{
    (void)state;
    assert_int_equal(bh_call(bar, "setValue", 7), BH_OK);
    assert_int_equal(value_of(bar), 7);
    assert_int_equal(bh_call(bar, "setValue", 8L), BH_OK);
    assert_int_equal(bh_call(bar, "setRange", 0, 200), BH_OK);
    assert_int_equal(bh_call(bar, "setValue(int)", 150), BH_OK);
    assert_int_equal(bh_call(bar, " setValue( int )", 151), BH_OK);
    assert_int_equal(value_of(bar), 151);
    assert_int_equal(bh_call(bar, "reset"), BH_OK);
    assert_int_equal(bh_call(object, "nothing"), BH_OK);
    assert_int_equal(bh_call(object, "take", 1, 2, "three", bar), BH_OK);
    assert_int_equal(called.number, 1);
    assert_true(called.real == 2);
    assert_string_equal(called.text, "three");
    assert_ptr_equal(called.object, bar);
    assert_int_equal(bh_call(object, "take", 1, 2.5, NULL, NULL), BH_OK);
    assert_string_equal(called.text, "");
    assert_null(called.object);
    void *user = bar;
    assert_int_equal(bh_call(object, "take", 1, 2.5, "", user), BH_OK);
    assert_ptr_equal(called.object, bar);
    assert_int_equal(called.count, 4);
}

/* A default argument is an overload of its own; so are display(int), (double) and (QString). */
static void test_overloads(void **state)
{
    (void)state;
    bh_object *lcd = bh_create("QLCDNumber", NULL), *edit = bh_create("QTextEdit", NULL), *status = bh_create("QStatusBar", NULL);
    assert_int_equal(bh_call(lcd, "display", 3), BH_OK);
    assert_int_equal(bh_call(lcd, "display", 3.5), BH_OK);
    assert_int_equal(bh_call(lcd, "display", "12"), BH_OK);
    assert_refused(bh_call(lcd, "display", 3L), BH_ERROR_SIGNATURE, "name one exactly: display(QString), display(");
    assert_int_equal(bh_call(lcd, "display(int)", 3L), BH_OK);
    assert_refused(bh_call(lcd, "display", bar), BH_ERROR_SIGNATURE, "'display' does not take (bh_object * QProgressBar 'bar')");
    assert_int_equal(bh_call(edit, "zoomIn"), BH_OK);
    assert_int_equal(bh_call(edit, "zoomIn", 2), BH_OK);
    assert_int_equal(bh_call(status, "showMessage", "Saved"), BH_OK);
    assert_int_equal(bh_call(status, "showMessage", "Saved", 2000), BH_OK);
    assert_int_equal(bh_call(edit, "setTextColor", BH_RGBA(1, 2, 3, 255)), BH_OK);
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    bh_object *action = bh_create("QAction", NULL), *gone = bh_create("QAction", NULL), *menu = bh_create("QMdiArea", NULL);
    bh_set_name(action, "x");
    bh_destroy(gone);
    assert_refused(bh_call(bar, "setValue"), BH_ERROR_SIGNATURE, "'setValue' does not take (): there is setValue(int)");
    assert_refused(bh_call(bar, "setValue", "7"), BH_ERROR_TYPE,
                   "bh_call: QProgressBar 'bar': argument 1 of setValue(int) needs int, given const char * \"7\"");
    assert_refused(bh_call(bar, "setValue", 3.0), BH_ERROR_TYPE, "needs int, given double 3");
    assert_refused(bh_call(bar, "setValue", 9999999999), BH_ERROR_RANGE, "given int64_t 9999999999");
    assert_refused(bh_call(bar, "setRange", 0, "x"), BH_ERROR_TYPE, "argument 2 of setRange(int,int)");
    assert_refused(bh_call(menu, "setActiveSubWindow", action), BH_ERROR_CLASS,
                   "needs QMdiSubWindow*, given bh_object * QAction 'x'");
    assert_refused(bh_call(object, "take", 1, 2, "", gone), BH_ERROR_STALE, "bh_call");
    assert_refused(bh_call(object, "take", 1, 2, "", (void *)&called), BH_ERROR_NOT_A_HANDLE, "argument 4");
    assert_refused(bh_call(object, "take", 1, 2, (void *)&called, NULL), BH_ERROR_TYPE, "argument 3");
    assert_int_equal(called.count, 0);
    assert_int_equal(value_of(bar), -1);
}

static void test_wrong_names(void **state)
{
    (void)state;
    bh_object *button = bh_create("QPushButton", NULL);
    assert_refused(bh_call(bar, "setValeu", 1), BH_ERROR_NAME,
                   "QProgressBar 'bar' has no slot or invokable method 'setValeu'; did you mean 'setValue'?");
    assert_refused(bh_call(bar, "setValue(double)", 1.0), BH_ERROR_NAME, "has no 'setValue(double)': there is setValue(int)");
    assert_refused(bh_call(button, "clicked"), BH_ERROR_NAME,
                   "'clicked' is a signal: emit it with bh_emit in its class, or connect");
    assert_refused(bh_call(object, "told", 1), BH_ERROR_NAME, "'told' is a signal");
    assert_refused(bh_call(object, "told(int)", 1), BH_ERROR_NAME, "is a signal");
    assert_refused(bh_call(button, "setText", "x"), BH_ERROR_NAME, "it has a property 'text': use bh_set_");
    assert_refused(bh_call(button, "text"), BH_ERROR_NAME, "it has a property 'text': use bh_get_");
    assert_refused(bh_call(button, "_q_updateFocusChild"), BH_ERROR_NAME, "has no slot");
    assert_refused(bh_call(bar, "updateMicroFocus"), BH_ERROR_NAME, "has no slot"); /* protected */
    assert_refused(bh_call(bar, ""), BH_ERROR_NAME, "has no slot");
    assert_refused(bh_call(bar, "("), BH_ERROR_NAME, "has no slot");
}

static void test_wrong_calls(void **state)
{
    (void)state;
    bh_value nine[9] = {BH_VALUE(1)}, wrong = {.type = (bh_type)77};
    bh_object *gone = bh_create("QLabel", NULL);
    bh_destroy(gone);
    assert_refused(bh_call(NULL, "show"), BH_ERROR_NULL, "object is NULL");
    assert_refused(bh_call((bh_object *)&called, "show"), BH_ERROR_NOT_A_HANDLE, "bh_call");
    assert_refused(bh_call(gone, "show"), BH_ERROR_STALE, "bh_call");
    assert_refused(bh_call(bar, NULL), BH_ERROR_NULL, "method is NULL");
    assert_refused(bh_call_values(bar, "setValue", NULL, 9, nine), BH_ERROR_RANGE, "9 arguments");
    assert_refused(bh_call_values(bar, "setValue", NULL, -1, nine), BH_ERROR_RANGE, "-1 arguments");
    assert_refused(bh_call_values(bar, "setValue", NULL, 1, NULL), BH_ERROR_NULL, "arguments is NULL");
    assert_refused(bh_call_values(bar, "setValue", NULL, 1, &wrong), BH_ERROR_TYPE, "the type 77");
}

/* Numbers that Qt does not check and that would end the program. */
static void test_limits(void **state)
{
    (void)state;
    bh_object *table = bh_create("QTableWidget", NULL), *list = bh_create("QStringListModel", NULL);
    bh_object *sorted = bh_create("QSortFilterProxyModel", NULL), *tree = bh_create("QTreeWidget", NULL);
    assert_int_equal(bh_set_int(table, "rowCount", 3), BH_OK);
    assert_refused(bh_call(table, "removeRow", 3), BH_ERROR_RANGE, "removeRow is not done: there are only 3 rows");
    assert_refused(bh_call(table, "removeRow", -1), BH_ERROR_RANGE, "argument 1 is -1");
    assert_refused(bh_call(table, "removeColumn", 0), BH_ERROR_RANGE, "there are only 0 columns");
    assert_int_equal(bh_call(table, "removeRow", 2), BH_OK);
    assert_refused(bh_set_int(table, "rowCount", 2147483647), BH_ERROR_RANGE, "2147483647 is more than the 10000000");
    assert_refused(bh_set_int(tree, "columnCount", 2147483647), BH_ERROR_RANGE, "2147483647 is more than");
    assert_int_equal(bh_set_int(table, "columnCount", 100), BH_OK);
    assert_refused(bh_set_int64(table, "rowCount", 1000000), BH_ERROR_RANGE, "more than the 100000 that are possible here");
    assert_refused(bh_call(list, "removeRows", 0, 1), BH_ERROR_RANGE, "there are only 0 rows");
    assert_refused(bh_call(list, "insertRows", 0, 2147483647), BH_ERROR_RANGE, "argument 2 is 2147483647");
    assert_int_equal(bh_call(list, "insertRows", 0, 2), BH_OK);
    assert_int_equal(bh_call(list, "removeRows", 0, 2), BH_OK);
    assert_refused(bh_call(sorted, "removeColumns", 3, 2147483647), BH_ERROR_RANGE, "argument 2 is 2147483647");
    assert_refused(bh_call(sorted, "removeRow", 0), BH_ERROR_RANGE, "there are only 0 rows");
}

static void test_results(void **state)
{
    (void)state;
    bh_object *widget = bh_create("QWidget", NULL);
    bh_value result = {.type = BH_TYPE_BOOL};
    assert_int_equal(bh_call_values(widget, "close", &result, 0, NULL), BH_OK);
    assert_int_equal(result.type, BH_TYPE_BOOL);
    assert_true(result.of.as_bool);
    result = (bh_value){.type = BH_TYPE_INT};
    assert_int_equal(bh_call_values(widget, "close", &result, 0, NULL), BH_OK);
    assert_int_equal(result.of.as_int, 1);
    result = (bh_value){.of.as_int = 5, .type = BH_TYPE_STRING};
    assert_refused(bh_call_values(widget, "close", &result, 0, NULL), BH_ERROR_TYPE,
                   "close() returns bool, which C holds as bool, not as const char *");
    assert_null(result.of.as_string);
    result = (bh_value){.type = BH_TYPE_INT};
    assert_refused(bh_call_values(widget, "show", &result, 0, NULL), BH_ERROR_TYPE, "show() returns void");
    result = (bh_value){.type = BH_TYPE_VOID}; /* whatever it is */
    assert_int_equal(bh_call_values(widget, "close", &result, 0, NULL), BH_OK);
    assert_int_equal(result.type, BH_TYPE_BOOL);
}

/* A QVariant takes any value, and what it holds must be what is asked. */
static void test_variants(void **state)
{
    (void)state;
    enum { SURROUNDING_TEXT = 0x10, CURSOR_POSITION = 0x8 };
    bh_object *line = bh_create("QLineEdit", NULL);
    bh_set_string(line, "text", "some text");
    bh_value arguments[] = {BH_VALUE(SURROUNDING_TEXT), BH_VALUE("ignored")}, result = {.type = BH_TYPE_STRING};
    assert_int_equal(bh_call_values(line, "inputMethodQuery", &result, 2, arguments), BH_OK);
    assert_string_equal(result.of.as_string, "some text");
    bh_free((char *)result.of.as_string);
    result.type = BH_TYPE_INT;
    assert_refused(bh_call_values(line, "inputMethodQuery", &result, 2, arguments), BH_ERROR_TYPE,
                   "'inputMethodQuery' has returned const char * \"some text\", which is no int");
    bh_value with[] = {BH_VALUE(1.5), BH_VALUE(line), BH_VALUE(NULL), BH_VALUE(BH_SIZE(1, 2)), BH_VALUE(sizeof result)};
    arguments[0] = BH_VALUE(CURSOR_POSITION);
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        arguments[1] = with[i];
        assert_int_equal(bh_call_values(line, "inputMethodQuery", &result, 2, arguments), BH_OK);
        assert_int_equal(result.of.as_int, 9);
    }
}

static void test_delete_inside(void **state)
{
    (void)state;
    bh_object *label = bh_create("QLabel", NULL), *window = bh_create("QWidget", NULL);
    assert_int_equal(bh_call(label, "deleteLater"), BH_OK);
    bh_app_process_events(0);
    assert_false(bh_is_alive(label));
    bh_set_bool(window, "visible", true);
    assert_int_equal(bh_call(window, "close"), BH_OK);
}

static void close_it(void *user)
{
    bh_call(user, "accept");
}

/* exec() runs an event loop inside the call. */
static void test_nested_loop(void **state)
{
    (void)state;
    bh_object *dialog = bh_create("QDialog", NULL);
    bh_value result = {.type = BH_TYPE_INT};
    assert_int_equal(bh_timer_single_shot(0, close_it, dialog), BH_OK);
    assert_int_equal(bh_call_values(dialog, "exec", &result, 0, NULL), BH_OK);
    assert_int_equal(result.of.as_int, 1);
}

static void test_before_the_application(void **state)
{
    (void)state;
    bh_set_error_hook((bh_error_hook){hear, NULL});
    assert_refused(bh_call(NULL, "show"), BH_ERROR_NULL, "bh_call");
    assert_refused(bh_call((bh_object *)&called, "show"), BH_ERROR_NOT_A_HANDLE, "bh_call");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_objects, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_before_the_application),
        TEST(test_arguments),
        TEST(test_overloads),
        TEST(test_wrong_arguments),
        TEST(test_wrong_names),
        TEST(test_wrong_calls),
        TEST(test_results),
        TEST(test_limits),
        TEST(test_variants),
        TEST(test_delete_inside),
        TEST(test_nested_loop),
    };
    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
