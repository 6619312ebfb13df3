/* Values: tags and names, and which values may stand for which type of Qt, tried on a C-defined class that has them all. */
#include "refused.h"

#include <float.h>
#include <limits.h>

static const bh_class holder = {
    BH_CLASS_INIT,
    .name = "Holder",
    .properties =
        {
            {.name = "bool", .type = "bool"},          {.name = "int", .type = "int"},
            {.name = "uint", .type = "uint"},          {.name = "short", .type = "short"},
            {.name = "ushort", .type = "ushort"},      {.name = "uchar", .type = "uchar"},
            {.name = "long", .type = "long"},          {.name = "int64", .type = "qlonglong"},
            {.name = "uint64", .type = "qulonglong"},  {.name = "double", .type = "double"},
            {.name = "float", .type = "float"},        {.name = "text", .type = "QString"},
            {.name = "bytes", .type = "QByteArray"},   {.name = "url", .type = "QUrl"},
            {.name = "keys", .type = "QKeySequence"},  {.name = "list", .type = "QStringList"},
            {.name = "object", .type = "QObject*"},    {.name = "widget", .type = "QWidget*"},
            {.name = "size", .type = "QSize"},         {.name = "point", .type = "QPoint"},
            {.name = "pointf", .type = "QPointF"},     {.name = "rect", .type = "QRect"},
            {.name = "color", .type = "QColor"},       {.name = "font", .type = "QFont"},
            {.name = "date", .type = "QDate"},         {.name = "time", .type = "QTime"},
            {.name = "dateTime", .type = "QDateTime"},
        },
};

static bh_object *object;

static int with_holder(void **state)
{
    if (with_app(state))
        return -1;
    object = bh_create_instance(&holder, NULL, NULL);
    return object ? 0 : -1;
}

static void test_type_names(void **state)
{
    (void)state;
    assert_string_equal(bh_type_name(BH_TYPE_VOID), "void");
    assert_string_equal(bh_type_name(BH_TYPE_STRING), "const char *");
    assert_string_equal(bh_type_name(BH_TYPE_POINTER), "void *");
    for (int type = -2; type < 40; type++)
        assert_non_null(bh_type_name((bh_type)type));
}

static void test_tags(void **state)
{
    (void)state;
    const char *const list[] = {"a", NULL};
    char text[] = "x";
    struct {
        bh_value value;
        bh_type type;
    } cases[] = {
        {BH_VALUE((bool)true), BH_TYPE_BOOL},
        {BH_VALUE('c'), BH_TYPE_INT},
        {BH_VALUE((char)1), BH_TYPE_INT},
        {BH_VALUE((short)-1), BH_TYPE_INT},
        {BH_VALUE(7u), BH_TYPE_UINT},
        {BH_VALUE(7L), BH_TYPE_INT64},
        {BH_VALUE(7LL), BH_TYPE_INT64},
        {BH_VALUE(sizeof text), BH_TYPE_UINT64},
        {BH_VALUE(1.5f), BH_TYPE_DOUBLE},
        {BH_VALUE("literal"), BH_TYPE_STRING},
        {BH_VALUE((char *)text), BH_TYPE_STRING},
        {BH_VALUE(list), BH_TYPE_STRINGS},
        {BH_VALUE(NULL), BH_TYPE_POINTER},
        {BH_VALUE(BH_SIZE(1, 2)), BH_TYPE_SIZE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cases[i].value.type, cases[i].type);
}

/* An int64_t into integers of every width: exactly what the width holds. */
static void test_integer_ranges(void **state)
{
    (void)state;
    static const struct {
        const char *property;
        int64_t least, most;
    } cases[] = {
        {"bool", 0, 1},
        {"short", SHRT_MIN, SHRT_MAX},
        {"ushort", 0, USHRT_MAX},
        {"uchar", 0, UCHAR_MAX},
        {"int", INT_MIN, INT_MAX},
        {"uint", 0, UINT_MAX},
        {"long", INT64_MIN, INT64_MAX},
        {"int64", INT64_MIN, INT64_MAX},
        {"uint64", 0, INT64_MAX},
        {"double", -((int64_t)1 << 53), (int64_t)1 << 53},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *property = cases[i].property;
        int64_t ends[] = {cases[i].least, cases[i].most}, got = -1;
        for (int e = 0; e < 2; e++) {
            assert_int_equal(bh_set_int64(object, property, ends[e]), BH_OK);
            if (i < sizeof cases / sizeof cases[0] - 1) {
                assert_int_equal(bh_get_int64(object, property, &got), BH_OK);
                assert_true(got == ends[e]);
            }
        }
        if (cases[i].least > INT64_MIN)
            assert_refused(bh_set_int64(object, property, cases[i].least - 1), BH_ERROR_RANGE, property);
        if (cases[i].most < INT64_MAX)
            assert_refused(bh_set_int64(object, property, cases[i].most + 1), BH_ERROR_RANGE, property);
    }
}

static void test_narrow_getters(void **state)
{
    (void)state;
    int number = 5;
    bool truth = true;
    double real = 1;
    assert_int_equal(bh_set_int64(object, "int64", 9999999999), BH_OK);
    assert_refused(bh_get_int(object, "int64", &number), BH_ERROR_RANGE, "is int64_t 9999999999 now, which is no int");
    assert_int_equal(number, 0);
    assert_int_equal(bh_get_double(object, "int64", &real), BH_OK);
    assert_true(real == 9999999999.0);
    assert_int_equal(bh_set_int(object, "int", 1), BH_OK);
    assert_refused(bh_get_bool(object, "int", &truth), BH_ERROR_TYPE, "is int, not bool: use bh_get_int");
    assert_false(truth);
    assert_refused(bh_get_int(object, "double", &number), BH_ERROR_TYPE, "is double, not int: use bh_get_double");
}

static void test_doubles(void **state)
{
    (void)state;
    double real;
    assert_int_equal(bh_set_double(object, "double", DBL_MAX), BH_OK);
    assert_int_equal(bh_get_double(object, "double", &real), BH_OK);
    assert_true(real == DBL_MAX);
    assert_int_equal(bh_set_double(object, "float", 0.5), BH_OK);
    assert_int_equal(bh_get_double(object, "float", &real), BH_OK);
    assert_true(real == 0.5);
    assert_refused(bh_set_double(object, "float", 1e300), BH_ERROR_RANGE, "too large for a float");
    assert_refused(bh_set_double(object, "int", 3.0), BH_ERROR_TYPE, "is int, given double 3: use bh_set_int");
    assert_refused(bh_set_double(object, "bool", 1.0), BH_ERROR_TYPE, "use bh_set_bool");
    assert_refused(bh_set_bool(object, "double", true), BH_ERROR_TYPE, "is double, given bool true: use bh_set_double");
}

static void check_text(const char *property, const char *set, const char *expected)
{
    char *got = NULL;
    assert_int_equal(bh_set_string(object, property, set), BH_OK);
    assert_int_equal(bh_get_string(object, property, &got), BH_OK);
    assert_string_equal(got, expected);
    bh_free(got);
}

static void test_texts(void **state)
{
    (void)state;
    check_text("text", "grüß Gott, 你好, 🚢", "grüß Gott, 你好, 🚢");
    check_text("text", NULL, "");
    check_text("text",
               "a\xff"
               "b",
               "a\xef\xbf\xbd"
               "b");
    check_text("bytes", "bytes", "bytes");
    check_text("bytes",
               "a\xff"
               "b",
               "a\xef\xbf\xbd"
               "b");
    check_text("url", "https://example.org/a%20b?c=d", "https://example.org/a%20b?c=d");
    check_text("url", "", "");
    check_text("keys", "ctrl+s", "Ctrl+S");
    check_text("keys", "Ctrl+K, Ctrl+C", "Ctrl+K, Ctrl+C");
    check_text("keys", "Ctrl+,", "Ctrl+,");
    check_text("keys", "", "");
    assert_refused(bh_set_string(object, "url", "http://a b/"), BH_ERROR_RANGE, "\"http://a b/\" is no URL");
    assert_refused(bh_set_string(object, "keys", "Ctrl+Foo"), BH_ERROR_RANGE, "\"Ctrl+Foo\" is no key sequence");
    assert_refused(bh_set_string(object, "keys", "A, B, C, D, E"), BH_ERROR_RANGE, "up to four");
    assert_refused(bh_set_string(object, "int", "7"), BH_ERROR_TYPE, "is int, given const char * \"7\": use bh_set_int");
    assert_refused(bh_set_string(object, "bool", "no"), BH_ERROR_TYPE, "use bh_set_bool");
}

static void test_lists(void **state)
{
    (void)state;
    const char *const list[] = {"one", "", "drüi", NULL};
    char **got = NULL;
    assert_int_equal(bh_set_strings(object, "list", list), BH_OK);
    assert_int_equal(bh_get_strings(object, "list", &got), BH_OK);
    for (int i = 0; i < 3; i++)
        assert_string_equal(got[i], list[i]);
    assert_null(got[3]);
    bh_free(got);
    assert_int_equal(bh_set_strings(object, "list", NULL), BH_OK);
    assert_int_equal(bh_get_strings(object, "list", &got), BH_OK);
    assert_null(got[0]);
    bh_free(got);
    assert_refused(bh_set_strings(object, "text", list), BH_ERROR_TYPE,
                   "is QString, given const char *const *: use bh_set_string");
}

static void test_objects(void **state)
{
    (void)state;
    bh_object *label = bh_create("QLabel", NULL), *action = bh_create("QAction", NULL), *got;
    char local;
    bh_set_name(action, "save");
    assert_int_equal(bh_set_object(object, "widget", label), BH_OK);
    assert_int_equal(bh_get_object(object, "widget", &got), BH_OK);
    assert_ptr_equal(got, label);
    assert_refused(bh_set_object(object, "widget", action), BH_ERROR_CLASS, "needs a QWidget, got QAction 'save'");
    assert_int_equal(bh_set_object(object, "object", action), BH_OK);
    assert_refused(bh_set_object(object, "object", (bh_object *)&local), BH_ERROR_NOT_A_HANDLE, "bh_set_object");
    bh_destroy(action);
    assert_refused(bh_set_object(object, "object", action), BH_ERROR_STALE, "bh_set_object");
    assert_int_equal(bh_set_object(object, "object", NULL), BH_OK);
    assert_int_equal(bh_get_object(object, "object", &got), BH_OK);
    assert_null(got);
    assert_refused(bh_set_object(object, "text", label), BH_ERROR_TYPE, "given bh_object * QLabel");
}

#define CHECK_STRUCT(kind, property, ...)                               \
    do {                                                                \
        bh_##kind set = __VA_ARGS__, got;                               \
        assert_int_equal(bh_set_##kind(object, property, set), BH_OK);  \
        assert_int_equal(bh_get_##kind(object, property, &got), BH_OK); \
        assert_memory_equal(&set, &got, sizeof set);                    \
    } while (0)

static void test_structs(void **state)
{
    (void)state;
    CHECK_STRUCT(size, "size", {INT_MIN, INT_MAX});
    CHECK_STRUCT(point, "point", {-3, 4});
    CHECK_STRUCT(rect, "rect", {-1, -2, 30, 40});
    CHECK_STRUCT(rect, "rect", {0, 0, 0, 0});
    CHECK_STRUCT(color, "color", {1, 20, 255, 128});
    CHECK_STRUCT(date, "date", {2024, 2, 29});
    CHECK_STRUCT(time, "time", {23, 59, 59, 999});
    CHECK_STRUCT(date_time, "dateTime", {{2024, 6, 1}, 86399999});
    bh_size size = {1, 1};
    assert_refused(bh_get_size(object, "point", &size), BH_ERROR_TYPE, "is QPoint, not bh_size: use bh_get_point");
    assert_int_equal(size.width, 0);
    assert_refused(bh_set_point(object, "pointf", size.width ? (bh_point){1, 1} : (bh_point){2, 2}), BH_ERROR_TYPE,
                   "is QPointF, given bh_point 2, 2");
}

static void test_no_such_day(void **state)
{
    (void)state;
    assert_refused(bh_set_date(object, "date", (bh_date){2023, 2, 30}), BH_ERROR_RANGE, "there is no date 2023-02-30");
    assert_refused(bh_set_date(object, "date", (bh_date){INT_MAX, INT_MIN, 0}), BH_ERROR_RANGE, "there is no date");
    assert_refused(bh_set_time(object, "time", (bh_time){25, 0, 0, 0}), BH_ERROR_RANGE, "25:00:00.000 is no time");
    assert_refused(bh_set_time(object, "time", (bh_time){-1, -1, -1, -1}), BH_ERROR_RANGE, "is no time");
    bh_date_time wrong[] = {{{2023, 2, 29}, 0}, {{2024, 1, 1}, -1}, {{2024, 1, 1}, 86400000}, {{2024, 1, 1}, INT_MAX}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(bh_set_date_time(object, "dateTime", wrong[i]), BH_ERROR_RANGE, "there is no 202");
}

static void test_fonts(void **state)
{
    (void)state;
    bh_font font = {"Courier", 12.5, 700, true, false, true}, got;
    assert_int_equal(bh_set_font(object, "font", &font), BH_OK);
    assert_int_equal(bh_get_font(object, "font", &got), BH_OK);
    assert_string_equal(got.family, "Courier");
    assert_true(got.point_size == 12.5 && got.weight == 700 && got.italic && !got.underline && got.strike_out);
    bh_font wrong[] = {font, font, font, font, font};
    wrong[0].point_size = 0;
    wrong[1].point_size = 1e9;
    wrong[2].weight = 0;
    wrong[3].weight = 1001;
    memset(wrong[4].family, 'x', sizeof wrong[4].family);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(bh_set_font(object, "font", &wrong[i]), BH_ERROR_RANGE, "the font's");
    assert_refused(bh_set_font(object, "font", NULL), BH_ERROR_NULL, "the font is NULL");
    assert_int_equal(bh_get_font(object, "font", &got), BH_OK);
    assert_string_equal(got.family, "Courier");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_holder, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_type_names),
        cmocka_unit_test(test_tags),
        TEST(test_integer_ranges),
        TEST(test_narrow_getters),
        TEST(test_doubles),
        TEST(test_texts),
        TEST(test_lists),
        TEST(test_objects),
        TEST(test_structs),
        TEST(test_no_such_day),
        TEST(test_fonts),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
