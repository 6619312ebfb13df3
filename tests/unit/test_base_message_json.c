/* Messages as JSON, and words of a command line as messages. */
#include "message.h"

#include "base/memory.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

/* The message that one word makes is, as JSON, TEXT. */
static void check_word(const char *word, const char *text, const char *file, int line)
{
    char copy[512];
    char *words[] = {copy};
    snprintf(copy, sizeof copy, "%s", word);
    bh_message *message = bh_message_from_words(1, words);
    if (!message)
        _fail(file, line);
    check_json(view_of(message), text, file, line);
    bh_message_destroy(message);
}

static bh_message *from_word(const char *word)
{
    char copy[512];
    char *words[] = {copy};
    snprintf(copy, sizeof copy, "%s", word);
    return bh_message_from_words(1, words);
}

#define assert_word(word, text) check_word(word, text, __FILE__, __LINE__)
#define assert_no_word(word, status, part) assert_not_made(from_word(word), status, part)

static void numbers_have_as_many_digits_as_they_need(void **state)
{
    (void)state;
    const double doubles[] = {0.1, 1, -0.0, 1e300, 5e-324, 1.0 / 3, 123456789012345680.0, NAN, -INFINITY};
    const float floats[] = {0.1f, 3, 16777216, INFINITY};
    const int64_t ints[] = {INT64_MIN, INT64_MAX, 0};
    bh_message *message = bh_message_create();
    bh_message_add_doubles(message, "d", doubles, 9);
    bh_message_add_floats(message, "f", floats, 4);
    bh_message_add_ints(message, "i", ints, 3);
    bh_message_add_uint(message, "u", UINT64_MAX);
    assert_json(view_of(message), "{\"d\":[0.1,1.0,-0.0,1e+300,4.94065645841247e-324,0.3333333333333333,1.2345678901234568e+17,"
                                  "null,null],\"f\":[0.1,3.0,16777216.0,null],"
                                  "\"i\":[-9223372036854775808,9223372036854775807,0],\"u\":18446744073709551615}");
    bh_message_destroy(message);
}

static void strings_are_escaped_and_bytes_in_base64(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_message_add_string(message, "a\"\\\b\f\n\r\t\x01\x1F\x7F/", "größer 🚪");
    bh_message_add_bytes(message, "0", NULL, 0);
    bh_message_add_bytes(message, "1", "\xFF", 1);
    bh_message_add_bytes(message, "2", "\xFF\xFE", 2);
    bh_message_add_bytes(message, "3", "any", 3);
    bh_message_add_bytes(message, "4", "carnal", 6);
    assert_json(view_of(message), "{\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7F/\":\"größer 🚪\","
                                  "\"0\":\"\",\"1\":\"/w==\",\"2\":\"//4=\",\"3\":\"YW55\",\"4\":\"Y2FybmFs\"}");
    bh_message_destroy(message);
    assert_not_made(bh_message_view_json((bh_message_view){NULL}), BH_ERROR_NULL, "bh_message_view_json: the view is no value");
}

static void text_may_be_long(void **state)
{
    (void)state;
    char text[3001], expected[3010];
    memset(text, 'x', 3000);
    text[3000] = 0;
    snprintf(expected, sizeof expected, "\"%s\"", text);
    bh_message *message = bh_message_create();
    bh_message_add_string(message, NULL, text);
    assert_json(view_of(message), expected);
    bh_message_destroy(message);
}

static void words_become_what_they_look_like(void **state)
{
    (void)state;
    assert_word("a=20", "{\"a\":20}");
    assert_word("a=-20", "{\"a\":-20}");
    assert_word("a=-0", "{\"a\":0}");
    assert_word("a=9223372036854775808", "{\"a\":9223372036854775808}");
    assert_word("a=0.5", "{\"a\":0.5}");
    assert_word("a=1e3", "{\"a\":1000.0}");
    assert_word("a=2.50E-1", "{\"a\":0.25}");
    assert_word("a=true", "{\"a\":true}");
    assert_word("a=false", "{\"a\":false}");
    assert_word("a=null", "{\"a\":null}");
    assert_word("a=iris.csv", "{\"a\":\"iris.csv\"}");
    assert_word("a=", "{\"a\":\"\"}");
    assert_word("a=b=c", "{\"a\":\"b=c\"}");
    assert_word("größe=12", "{\"größe\":12}");
    assert_word("zip=01234", "{\"zip\":\"01234\"}");
    assert_word("a=+5", "{\"a\":\"+5\"}");
    assert_word("a=.5", "{\"a\":\".5\"}");
    assert_word("a=5.", "{\"a\":\"5.\"}");
    assert_word("a=1e", "{\"a\":\"1e\"}");
    assert_word("a=0x10", "{\"a\":\"0x10\"}");
    assert_word("a=-", "{\"a\":\"-\"}");
    assert_word("a=nan", "{\"a\":\"nan\"}");
    assert_word("a=trues", "{\"a\":\"trues\"}");
    assert_word("a=12 ", "{\"a\":\"12 \"}");
    assert_word("a=\"20\"", "{\"a\":\"20\"}");
}

static void words_hold_json(void **state)
{
    (void)state;
    assert_word("a={}", "{\"a\":{}}");
    assert_word("a=[]", "{\"a\":[]}");
    assert_word("a={ \"b\" : [ true , { } , \"x\" , 1 , null ] , \"c\" : -1.5 } ",
                "{\"a\":{\"b\":[true,{},\"x\",1,null],\"c\":-1.5}}");
    assert_word("a=\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20ac\\uD83D\\udeaa\\u0041\"",
                "{\"a\":\"\\\"\\\\/\\b\\f\\n\\r\\té€🚪A\"}");
    assert_word("a=[18446744073709551615,1]", "{\"a\":[18446744073709551615,1]}");
}

static bh_message_type type_in(const char *word)
{
    bh_message *message = from_word(word);
    bh_message_type type = bh_message_view_type(bh_message_view_find(view_of(message), "a"));
    bh_message_destroy(message);
    return type;
}

static void arrays_of_numbers_are_read_at_once(void **state)
{
    (void)state;
    assert_int_equal(type_in("a=[1, -2 ,3]"), BH_MESSAGE_INTS);
    assert_int_equal(type_in("a=[ 1.5 ]"), BH_MESSAGE_DOUBLES);
    assert_int_equal(type_in("a=[1,2.5,9007199254740992]"), BH_MESSAGE_DOUBLES);
    assert_int_equal(type_in("a=[1,2.5,9007199254740993]"), BH_MESSAGE_ARRAY);
    assert_int_equal(type_in("a=[18446744073709551615]"), BH_MESSAGE_ARRAY);
    assert_int_equal(type_in("a=[1,null]"), BH_MESSAGE_ARRAY);
    assert_int_equal(type_in("a=[]"), BH_MESSAGE_ARRAY);
    assert_word("a=[ 1 , 2.5 ]", "{\"a\":[1.0,2.5]}");
    assert_word("a=[[1,2],[3.5]]", "{\"a\":[[1,2],[3.5]]}");
}

/* What takes time in proportion to its length is a moment; what looks at the rest for each string is minutes. AddressSanitizer does: each
 * function of C that gets a string is checked up to its end. */
static void a_long_word_is_read_in_one_go(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    enum { ROWS = 2000 };
#else
    enum { ROWS = 200000 };
#endif
    static const char row[] = "{\"name\":\"a\\\"b\",\"n\":1},";
    (void)state;
    char *word = malloc(8 + ROWS * (sizeof row - 1)), *at = word;
    assert_non_null(word);
    at += sprintf(at, "all=[");
    for (int i = 0; i < ROWS; i++, at += sizeof row - 1)
        memcpy(at, row, sizeof row);
    at[-1] = ']';
    bh_message *message = bh_message_from_words(1, &word);
    bh_message_view all = bh_message_view_find(view_of(message), "all");
    assert_int_equal(bh_message_view_count(all), ROWS);
    assert_string_equal(bh_message_get_string(bh_message_view_at(all, ROWS - 1), "name", ""), "a\"b");
    bh_message_destroy(message);
    free(word);
}

static void words_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    char name[] = "a=1", again[] = "a=2";
    char *twice[] = {name, again}, *none[] = {NULL};
    assert_no_word("rounds", BH_ERROR_NAME, "bh_message_from_words: 'rounds' has no name: write NAME=VALUE");
    assert_no_word("=5", BH_ERROR_NAME, "'=5' has no name");
    assert_no_word("\xFF=5", BH_ERROR_NAME, "key is no UTF-8");
    assert_no_word("a=\xFF", BH_ERROR_RANGE, "text is no UTF-8");
    assert_no_word("a=\"\xFF\"", BH_ERROR_RANGE, "text is no UTF-8");
    assert_no_word("a=[1,", BH_ERROR_FORMAT, "'a=[1,' is no JSON: at character 6 there should be a value");
    assert_no_word("a=[1 2]", BH_ERROR_FORMAT, "at character 6 there should be ',' or ']'");
    assert_no_word("a=[1,2}", BH_ERROR_FORMAT, "at character 7 there should be ',' or ']'");
    assert_no_word("a=[x]", BH_ERROR_FORMAT, "at character 4 there should be a value");
    assert_no_word("a=[-]", BH_ERROR_FORMAT, "at character 4 there should be a value");
    assert_no_word("a=[1.]", BH_ERROR_FORMAT, "at character 4 there should be a value");
    assert_no_word("a=[1e+]", BH_ERROR_FORMAT, "at character 4 there should be a value");
    assert_no_word("a={b:1}", BH_ERROR_FORMAT, "at character 4 there should be a name in quotes");
    assert_no_word("a={\"b\" 1}", BH_ERROR_FORMAT, "at character 8 there should be ':'");
    assert_no_word("a={\"b\":1", BH_ERROR_FORMAT, "at character 9 there should be ',' or '}'");
    assert_no_word("a={\"b\":1,}", BH_ERROR_FORMAT, "at character 10 there should be a name in quotes");
    assert_no_word("a={\"b\":", BH_ERROR_FORMAT, "at character 8 there should be a value");
    assert_no_word("a={\"b", BH_ERROR_FORMAT, "at character 6 there should be the closing quote");
    assert_no_word("a=\"b", BH_ERROR_FORMAT, "at character 5 there should be the closing quote");
    assert_no_word("a=\"b\" c", BH_ERROR_FORMAT, "at character 7 there should be the end");
    assert_no_word("a=\"\\", BH_ERROR_FORMAT, "at character 4 there should be an escape that JSON knows");
    assert_no_word("a=\"\\x\"", BH_ERROR_FORMAT, "at character 4 there should be an escape that JSON knows");
    assert_no_word("a=\"\t\"", BH_ERROR_FORMAT, "at character 4 there should be an escape for this character");
    assert_no_word("a=\"\\u12g4\"", BH_ERROR_FORMAT, "at character 6 there should be four hexadecimal digits of a character");
    assert_no_word("a=\"\\u12", BH_ERROR_FORMAT, "four hexadecimal digits");
    assert_no_word("a=\"\\u0000\"", BH_ERROR_FORMAT, "four hexadecimal digits");
    assert_no_word("a=\"\\uD83D\"", BH_ERROR_FORMAT, "four hexadecimal digits");
    assert_no_word("a=\"\\uD83D\\u0041\"", BH_ERROR_FORMAT, "four hexadecimal digits");
    assert_no_word("a=\"\\uDEAA\"", BH_ERROR_FORMAT, "four hexadecimal digits");
    assert_no_word("a=99999999999999999999", BH_ERROR_RANGE, "out of range at character 3: quote it for a string");
    assert_no_word("a=-9223372036854775809", BH_ERROR_RANGE, "out of range at character 3");
    assert_no_word("a=1e999", BH_ERROR_RANGE, "out of range at character 3");
    assert_no_word("a=[0.5,1e999]", BH_ERROR_RANGE, "out of range at character 8");
    assert_no_word("a={\"b\":1,\"b\":2}", BH_ERROR_EXISTS, "bh_message_from_words: key 'b' was added twice to one map");
    assert_not_made(bh_message_from_words(2, twice), BH_ERROR_EXISTS,
                    "bh_message_from_words: key 'a' was added twice to one map");
    assert_not_made(bh_message_from_words(1, none), BH_ERROR_NULL, "a word is NULL");
    assert_not_made(bh_message_from_words(1, NULL), BH_ERROR_RANGE, "1 words at");
    assert_not_made(bh_message_from_words(-1, none), BH_ERROR_RANGE, "-1 words at");
}

static void no_words_are_an_empty_map(void **state)
{
    (void)state;
    bh_message *message = bh_message_from_words(0, NULL);
    assert_json(view_of(message), "{}");
    assert_refused(bh_message_add_int(message, "a", 1), BH_ERROR_STATE, "the message is complete");
    bh_message_destroy(message);
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    char word[200] = "a=";
    memset(word + 2, '[', 63);
    memset(word + 65, ']', 63);
    bh_message *message = from_word(word);
    assert_non_null(message);
    bh_message_destroy(message);
    memset(word + 2, '[', 64);
    assert_no_word(word, BH_ERROR_RANGE, "bh_message_from_words: 64 maps and arrays inside each other are the most");
}

/* Where the comma is the decimal point, JSON's is a point all the same. */
static void the_locale_does_not_matter(void **state)
{
    (void)state;
    const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8", NULL};
    bool found = false;
    for (int i = 0; commas[i] && !found; i++)
        found = setlocale(LC_NUMERIC, commas[i]) != NULL;
    if (!found)
        skip();
    char text[16];
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5");
    assert_word("a=[0.5,1.25]", "{\"a\":[0.5,1.25]}");
    assert_word("a=-1.5e-3", "{\"a\":-0.0015}");
    snprintf(text, sizeof text, "%.1f", 0.5);
    assert_string_equal(text, "0,5");
    setlocale(LC_NUMERIC, "C");
}

static void nothing_is_left_without_memory(void **state)
{
    (void)state;
    char first[] = "a={\"b\":[1.5,2],\"c\":\"text\"}", second[] = "d=word";
    char *words[] = {first, second};
    int failures = 0;
    for (long nth = 1;; nth++) {
        forget_heard();
        bh__fail_allocation(nth);
        bh_message *message = bh_message_from_words(2, words);
        char *json = message ? bh_message_view_json(view_of(message)) : NULL;
        bool failed = bh__allocation_failed();
        bh__fail_allocation(0);
        assert_int_equal(json == NULL, failed);
        if (failed)
            assert_heard(BH_ERROR_MEMORY, "no memory");
        bh_free(json);
        if (message)
            bh_message_destroy(message);
        if (!failed)
            break;
        failures++;
    }
    assert_in_range(failures, 7, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(numbers_have_as_many_digits_as_they_need, with_hearing),
        cmocka_unit_test_setup(strings_are_escaped_and_bytes_in_base64, with_hearing),
        cmocka_unit_test_setup(text_may_be_long, with_hearing),
        cmocka_unit_test_setup(words_become_what_they_look_like, with_hearing),
        cmocka_unit_test_setup(words_hold_json, with_hearing),
        cmocka_unit_test_setup(arrays_of_numbers_are_read_at_once, with_hearing),
        cmocka_unit_test_setup(a_long_word_is_read_in_one_go, with_hearing),
        cmocka_unit_test_setup(words_that_cannot_be_read_are_refused, with_hearing),
        cmocka_unit_test_setup(no_words_are_an_empty_map, with_hearing),
        cmocka_unit_test_setup(depth_has_a_limit, with_hearing),
        cmocka_unit_test_setup(the_locale_does_not_matter, with_hearing),
        cmocka_unit_test_setup(nothing_is_left_without_memory, with_hearing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
