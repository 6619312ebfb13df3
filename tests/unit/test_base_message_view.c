/* Reading messages: what converts, what may be missing, and what is said where something is not as expected. */
#include "message.h"

static void numbers_convert_where_nothing_is_lost(void **state)
{
    (void)state;
    const int64_t exact = INT64_C(1) << 53;
    bh_message *message = bh_message_create();
    bh_message_add_int(message, "exact", -exact);
    bh_message_add_int(message, "odd", exact + 1);
    bh_message_add_int(message, "negative odd", -exact - 1);
    bh_message_add_int(message, "most", INT64_MAX);
    bh_message_add_int(message, "least", INT64_MIN);
    bh_message_add_uint(message, "small", 7);
    bh_message_add_uint(message, "large", UINT64_C(1) << 63);
    bh_message_add_uint(message, "largest", UINT64_MAX);
    bh_message_add_double(message, "real", 3);
    bh_message_view view = view_of(message);
    double real;
    int64_t integer;
    uint64_t natural;
    assert_int_equal(bh_message_view_type(bh_message_view_find(view, "small")), BH_MESSAGE_INT);
    assert_int_equal(bh_message_view_type(bh_message_view_find(view, "large")), BH_MESSAGE_UINT);
    assert_int_equal(bh_message_read_double(view, "exact", &real), BH_OK);
    assert_true(real == -0x1p53);
    assert_int_equal(bh_message_read_double(view, "least", &real), BH_OK);
    assert_true(real == -0x1p63);
    assert_int_equal(bh_message_read_double(view, "large", &real), BH_OK);
    assert_true(real == 0x1p63);
    assert_int_equal(bh_message_read_uint(view, "small", &natural), BH_OK);
    assert_refused(bh_message_read_double(view, "odd", &real), BH_ERROR_RANGE,
                   "bh_message_read_double: 'odd' is 9007199254740993, which no double holds exactly");
    assert_true(real == 0);
    assert_refused(bh_message_read_double(view, "negative odd", &real), BH_ERROR_RANGE,
                   "'negative odd' is -9007199254740993, which no double holds exactly");
    assert_refused(bh_message_read_double(view, "most", &real), BH_ERROR_RANGE, "'most' is 9223372036854775807");
    assert_refused(bh_message_read_double(view, "largest", &real), BH_ERROR_RANGE, "'largest' is 18446744073709551615");
    assert_refused(bh_message_read_int(view, "large", &integer), BH_ERROR_RANGE,
                   "'large' is 9223372036854775808, which is more than an int64_t can be");
    assert_refused(bh_message_read_uint(view, "exact", &natural), BH_ERROR_RANGE,
                   "'exact' is -9007199254740992, which is less than 0");
    assert_refused(bh_message_read_int(view, "real", &integer), BH_ERROR_TYPE, "'real' is a double, not an int");
    bh_message_destroy(message);
}

static void reading_says_what_is_missing_or_of_another_type(void **state)
{
    (void)state;
    const int64_t one = 1;
    bh_message *message = bh_message_create();
    bh_message_add_int(message, "rounds", 20);
    bh_message_add_string(message, "file", "iris.csv");
    bh_message_add_ints(message, "ints", &one, 1);
    bh_message_view view = view_of(message), none = {NULL}, file = bh_message_view_find(view, "file");
    int64_t integer = 5;
    uint64_t natural;
    double real;
    bool flag;
    const char *text = "";
    const void *bytes = &one;
    const int64_t *ints = &one;
    const double *doubles;
    const float *floats;
    size_t count = 5;
    assert_refused(bh_message_read_int(view, "round", &integer), BH_ERROR_NAME, "test_base_message_view.c:");
    assert_int_equal(integer, 0);
    assert_refused(bh_message_read_int(view, "round", &integer), BH_ERROR_NAME,
                   "bh_message_read_int: there is no key 'round' among 3; did you mean 'rounds'?");
    assert_refused(bh_message_read_int(view, "file", &integer), BH_ERROR_TYPE, "'file' is a string, not an int");
    assert_refused(bh_message_read_uint(view, "file", &natural), BH_ERROR_TYPE, "'file' is a string, not a uint");
    assert_refused(bh_message_read_double(view, "file", &real), BH_ERROR_TYPE, "'file' is a string, not a double");
    assert_refused(bh_message_read_bool(view, "rounds", &flag), BH_ERROR_TYPE, "'rounds' is an int, not a bool");
    assert_refused(bh_message_read_string(view, "rounds", &text), BH_ERROR_TYPE, "'rounds' is an int, not a string");
    assert_null(text);
    assert_refused(bh_message_read_bytes(view, "file", &bytes, &count), BH_ERROR_TYPE, "'file' is a string, not bytes");
    assert_null(bytes);
    assert_int_equal(count, 0);
    assert_refused(bh_message_read_ints(view, "file", &ints, &count), BH_ERROR_TYPE, "'file' is a string, not ints");
    assert_null(ints);
    assert_refused(bh_message_read_doubles(view, "ints", &doubles, &count), BH_ERROR_TYPE, "'ints' is ints, not doubles");
    assert_refused(bh_message_read_floats(view, "ints", &floats, &count), BH_ERROR_TYPE, "'ints' is ints, not floats");
    assert_refused(bh_message_read_int(file, NULL, &integer), BH_ERROR_TYPE, "the value is a string, not an int");
    assert_refused(bh_message_read_int(file, "x", &integer), BH_ERROR_TYPE, "'x' is looked for in a string: only maps have keys");
    assert_refused(bh_message_read_int(none, "x", &integer), BH_ERROR_NULL, "the view is no value, and 'x' is looked for in it");
    assert_refused(bh_message_read_int(none, NULL, &integer), BH_ERROR_NULL, "the view is no value: nothing was found");
    assert_refused(bh_message_read_int(view, "rounds", NULL), BH_ERROR_NULL, "the place for the result is NULL");
    assert_refused(bh_message_read_ints(view, "ints", NULL, &count), BH_ERROR_NULL, "the place for the result is NULL");
    assert_refused(bh_message_read_bytes(view, "file", &bytes, NULL), BH_ERROR_NULL, "the place for the result is NULL");
    bh_message_destroy(message);
}

static void elements_and_keys_are_checked(void **state)
{
    (void)state;
    const double one = 1;
    bh_message *message = bh_message_create();
    bh_message_add_doubles(message, "x", &one, 1);
    bh_message_view view = view_of(message), numbers = bh_message_view_find(view, "x"), none = {NULL};
    forget_heard();
    assert_null(bh_message_view_at(view, 1).value);
    assert_heard(BH_ERROR_RANGE, "bh_message_view_at: element 1 of a map that has 1");
    assert_null(bh_message_view_at(numbers, 0).value);
    assert_heard(BH_ERROR_TYPE, "the view is doubles, which has no elements: read its numbers, all at once");
    assert_null(bh_message_view_at(none, 0).value);
    assert_heard(BH_ERROR_TYPE, "the view is no value, which has no elements");
    assert_null(bh_message_view_key(view, 1));
    assert_heard(BH_ERROR_RANGE, "bh_message_view_key: entry 1 of a map that has 1");
    assert_null(bh_message_view_key(numbers, 0));
    assert_heard(BH_ERROR_TYPE, "the view is doubles: only maps have keys");
    assert_null(bh_message_view_find(view, NULL).value);
    assert_heard(BH_ERROR_NULL, "key is NULL");
    assert_null(bh_message_view_find(numbers, "x").value);
    assert_heard(BH_ERROR_TYPE, "'x' is looked for in doubles");
    assert_null(bh_message_view_find(none, "x").value);
    assert_int_equal(bh_message_view_count(none), 0);
    assert_int_equal(bh_message_view_type(none), BH_MESSAGE_NOTHING);
    assert_silent();
    assert_string_equal(bh_message_type_name((bh_message_type)99), "no type of a message");
    bh_message_destroy(message);
}

static void what_may_be_missing_has_a_fallback(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_message_add_int(message, "rounds", 20);
    bh_message_add_null(message, "null");
    bh_message_add_string(message, "text", "yes");
    bh_message_add_bool(message, "flag", true);
    bh_message_view view = view_of(message), none = bh_message_view_find(view, "limits");
    forget_heard();
    assert_int_equal(bh_message_get_int(view, "rounds", 10), 20);
    assert_int_equal(bh_message_get_uint(view, "rounds", 10), 20);
    assert_true(bh_message_get_double(view, "rounds", 10) == 20);
    assert_true(bh_message_get_bool(view, "flag", false));
    assert_string_equal(bh_message_get_string(view, "text", "no"), "yes");
    assert_int_equal(bh_message_get_int(view, "missing", 10), 10);
    assert_int_equal(bh_message_get_int(view, "null", 10), 10);
    assert_int_equal(bh_message_get_uint(none, "cpu_s", 60), 60);
    assert_true(bh_message_get_double(none, NULL, 0.5) == 0.5);
    assert_true(bh_message_get_bool(view, "missing", true));
    assert_null(bh_message_get_string(view, "missing", NULL));
    assert_silent();
    assert_int_equal(bh_message_get_int(view, "text", 10), 10);
    assert_heard(BH_ERROR_TYPE, "bh_message_get_int: 'text' is a string, not an int");
    assert_int_equal(bh_message_get_uint(view, "text", 10), 10);
    assert_heard(BH_ERROR_TYPE, "bh_message_get_uint: 'text' is a string, not a uint");
    assert_true(bh_message_get_double(view, "text", 0.5) == 0.5);
    assert_heard(BH_ERROR_TYPE, "bh_message_get_double: 'text' is a string, not a double");
    assert_true(bh_message_get_bool(view, "text", true));
    assert_heard(BH_ERROR_TYPE, "bh_message_get_bool: 'text' is a string, not a bool");
    assert_string_equal(bh_message_get_string(view, "rounds", "x"), "x");
    assert_heard(BH_ERROR_TYPE, "bh_message_get_string: 'rounds' is an int, not a string");
    assert_int_equal(bh_message_get_int(bh_message_view_find(view, "text"), "x", 10), 10);
    assert_heard(BH_ERROR_TYPE, "'x' is looked for in a string");
    bh_message_destroy(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers_convert_where_nothing_is_lost, with_hearing),
        cmocka_unit_test_setup(reading_says_what_is_missing_or_of_another_type, with_hearing),
        cmocka_unit_test_setup(elements_and_keys_are_checked, with_hearing),
        cmocka_unit_test_setup(what_may_be_missing_has_a_fallback, with_hearing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
