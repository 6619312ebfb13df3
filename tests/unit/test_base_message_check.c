/* Bytes that are no message: each is refused, with what is wrong and where. */
#include "message.h"

#include <stdio.h>

static _Alignas(8) unsigned char bytes[8192];
static size_t size;

/* Completes the message, and copies its bytes to where they can be changed. */
static void take(bh_message *message)
{
    const void *data;
    assert_int_equal(bh_message_data(message, &data, &size), BH_OK);
    assert_true(size <= sizeof bytes);
    memset(bytes, 0xA5, sizeof bytes);
    memcpy(bytes, data, size);
    bh_message_destroy(message);
}

/* {"b":true,"a":[1,"x"]}, where it lies:
 *   0 header   16 map of 2, 32 "b" 48 true, 56 "a" 72 array of 2, 88 int, 104 "x", 120 places, 128 places of the map, 136 order */
static void take_example(void)
{
    bh_message *message = bh_message_create();
    bh_message_add_bool(message, "b", true);
    bh_message_begin_array(message, "a");
    bh_message_add_int(message, NULL, 1);
    bh_message_add_string(message, NULL, "x");
    bh_message_end(message);
    take(message);
    assert_int_equal(size, 144);
}

static void check_refused(const char *part, const char *file, int line)
{
    bh_message_view view = {""};
    forget_heard();
    bh_status status = bh_message_open(bytes, size, &view);
    if (status != BH_ERROR_FORMAT || view.value) {
        print_error("status %s, expected \"%s\"\n", bh_status_name(status), part);
        _fail(file, line);
    }
    check_heard(BH_ERROR_FORMAT, part, file, line);
}

#define assert_no_message(part) check_refused(part, __FILE__, __LINE__)

/* The example with byte AT changed to VALUE. */
#define assert_no_message_with(at, value, part) \
    do {                                        \
        take_example();                         \
        bytes[at] = (value);                    \
        assert_no_message(part);                \
    } while (0)

static void what_is_no_message_is_refused(void **state)
{
    (void)state;
    bh_message_view view = {""};
    take_example();
    assert_int_equal(bh_message_open(bytes, size, &view), BH_OK);
    assert_json(view, "{\"b\":true,\"a\":[1,\"x\"]}");
    assert_refused(bh_message_open(NULL, size, &view), BH_ERROR_NULL, "bh_message_open: data is NULL");
    assert_null(view.value);
    assert_refused(bh_message_open(bytes, size, NULL), BH_ERROR_NULL, "bh_message_open: view is NULL");
    assert_refused(bh_message_open(bytes + 4, size, &view), BH_ERROR_RANGE, "no multiple of 8: copy it to memory from malloc");
    size = 15;
    assert_no_message("15 bytes are no message: at byte 0 no message begins");
    size = 0;
    assert_no_message("0 bytes are no message: at byte 0 no message begins");
    assert_no_message_with(0, 'b', "at byte 0 no message begins");
    assert_no_message_with(3, 2, "at byte 3 the version is 2, and this library reads 1");
    assert_no_message_with(7, 1, "at byte 4 what is kept free is not 0");
    assert_no_message_with(8, 145, "at byte 8 the message has 145 bytes, and here are 144");
    take_example();
    bytes[8] = size = 16;
    assert_no_message("at byte 16 a value is cut");
    size = (size_t)BH_MESSAGE_MAX_SIZE + 8; /* refused before anything of it is looked at */
    memcpy(bytes + 8, &size, sizeof size);
    assert_no_message("at byte 8 the message is larger than 17179869184 bytes");
}

static void values_are_checked(void **state)
{
    (void)state;
    assert_no_message_with(16, 0, "at byte 16 type 0 is none of this version");
    assert_no_message_with(16, 13, "at byte 16 type 13 is none of this version");
    assert_no_message_with(48, 200, "at byte 48 type 200 is none of this version");
    assert_no_message_with(49, 2, "at byte 48 a bool has length 2");
    assert_no_message_with(89, 1, "at byte 88 an int has length 1");
    assert_no_message_with(88, BH_MESSAGE_UINT, "at byte 88 an integer is written as uint, though it fits into an int");
    assert_no_message_with(105, 2, "at byte 113 a string is no UTF-8, or has a 0 inside");
    assert_no_message_with(105, 0, "at byte 112 a string has no end");
    assert_no_message_with(105, 200, "at byte 104 a string of length 200 is cut");
    assert_no_message_with(111, 255, "is cut");
    assert_no_message_with(112, 0x80, "at byte 112 a string is no UTF-8");
    assert_no_message_with(112, 0, "at byte 112 a string is no UTF-8");
    assert_no_message_with(119, 1, "at byte 114 what fills up a string is not 0");
    assert_no_message_with(88, BH_MESSAGE_NULL, "the place of element 1 is wrong");
}

static void maps_and_arrays_are_checked(void **state)
{
    (void)state;
    assert_no_message_with(24, 125, "at byte 16 a map has size 125, and there is room for 128");
    assert_no_message_with(24, 8, "at byte 16 a map has size 8, and there is room for 128");
    assert_no_message_with(25, 1, "at byte 16 a map has size 384, and there is room for 128");
    assert_no_message_with(31, 255, "and there is room for 128");
    assert_no_message_with(17, 15, "at byte 16 15 elements do not fit into 128 bytes");
    assert_no_message_with(23, 255, "elements do not fit into 128 bytes");
    assert_no_message_with(17, 1, "at byte 136 the place of element 0 is wrong");
    assert_no_message_with(128, 3, "at byte 128 the place of element 0 is wrong");
    assert_no_message_with(132, 4, "at byte 132 the place of element 1 is wrong");
    assert_no_message_with(120, 0, "at byte 120 the place of element 0 is wrong");
    assert_no_message_with(32, BH_MESSAGE_BYTES, "at byte 32 there is no key");
    assert_no_message_with(136, 0, "at byte 16 a map has the key 'b' twice");
    assert_no_message_with(136, 2, "at byte 136 entry 2 of 2 is named");
    assert_no_message_with(140, 1, "at byte 16 a map has the key 'a' twice");
    assert_no_message_with(64, 'b', "at byte 16 a map has the key 'b' twice");
    assert_no_message_with(64, 'c', "at byte 140 keys are not in order");
    assert_no_message_with(73, 1, "at byte 104 there is more than the elements");
}

static void what_lies_between_is_checked(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_message_begin_array(message, NULL);
    bh_message_add_null(message, NULL);
    bh_message_end(message);
    take(message); /* 16 array of 1, 32 null, 40 place and what fills it up */
    bytes[44] = 1;
    assert_no_message("at byte 16 what fills up an array is not 0");
    bytes[44] = 0;
    bytes[17] = 0; /* an array of none, and yet 16 bytes in it */
    assert_no_message("at byte 32 there is more than the elements");
    bytes[16] = BH_MESSAGE_MAP;
    bytes[17] = 1;
    bytes[24] = 24; /* a map of one, that ends where its key should begin */
    bytes[32] = 2;
    bytes[8] = 40;
    size = 40;
    assert_no_message("there is no key");
    bytes[16] = BH_MESSAGE_ARRAY;
    bytes[17] = 0;
    bytes[24] = 0;
    bytes[8] = 24;
    size = 24;
    assert_no_message("at byte 16 an array is cut");
    bytes[16] = BH_MESSAGE_NULL;
    bytes[8] = size = 32;
    assert_no_message("at byte 24 something follows the message's value");
}

static void floats_are_filled_up_with_zeros(void **state)
{
    (void)state;
    const float one = 1;
    bh_message_view view;
    bh_message *message = bh_message_create();
    bh_message_add_floats(message, NULL, &one, 1);
    take(message);
    assert_int_equal(bh_message_open(bytes, size, &view), BH_OK);
    bytes[size - 1] = 1;
    assert_no_message("at byte 28 what fills up floats is not 0");
}

/* Arrays of one element each inside each other: each has 16 bytes before it and 8 behind. */
static void take_nested(int depth)
{
    size = 16 + (size_t)depth * 24 - 8; /* the innermost is empty, so it has no place */
    assert_true(size <= sizeof bytes);
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, "BHM\1", 4);
    memcpy(bytes + 8, &size, sizeof size);
    for (int i = 0; i < depth; i++) {
        uint64_t head = BH_MESSAGE_ARRAY | (i < depth - 1 ? 1 << 8 : 0), whole = size - 16 - (size_t)i * 24;
        memcpy(bytes + 16 + i * 16, &head, sizeof head);
        memcpy(bytes + 24 + i * 16, &whole, sizeof whole);
        if (i < depth - 1)
            bytes[size - (size_t)(i + 1) * 8] = 2;
    }
}

static void depth_is_checked(void **state)
{
    (void)state;
    bh_message_view view;
    take_nested(BH_MESSAGE_MAX_DEPTH);
    assert_int_equal(bh_message_open(bytes, size, &view), BH_OK);
    take_nested(BH_MESSAGE_MAX_DEPTH + 1);
    assert_no_message("at byte 1040 more than 64 maps and arrays are inside each other");
}

/* Every message that is cut, and every one in which a byte is another, is refused or can be read. */
static void no_change_of_a_byte_leads_outside(void **state)
{
    (void)state;
    bh_message_view view;
    take_example();
    unsigned char kept[144];
    memcpy(kept, bytes, size);
    for (size_t cut = 0; cut < 144; cut += 8) {
        unsigned char *exact = malloc(cut + 1);
        memcpy(exact, kept, cut);
        assert_int_not_equal(bh_message_open(exact, cut, &view), BH_OK);
        if (cut >= 16) { /* and one that says that this is all */
            memcpy(exact + 8, &cut, sizeof cut);
            assert_int_not_equal(bh_message_open(exact, cut, &view), BH_OK);
        }
        free(exact);
    }
    int read = 0;
    for (size_t at = 0; at < 144; at++)
        for (int value = 0; value < 256; value++) {
            memcpy(bytes, kept, 144);
            bytes[at] = (unsigned char)value;
            if (bh_message_open(bytes, 144, &view))
                continue;
            char *json = bh_message_view_json(view);
            assert_non_null(json);
            bh_free(json);
            read++;
        }
    assert_in_range(read, 144 + 8 * 255, 144 * 128); /* what is the same, and any other int, can be read at least */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_no_message_is_refused, with_hearing),
        cmocka_unit_test_setup(values_are_checked, with_hearing),
        cmocka_unit_test_setup(maps_and_arrays_are_checked, with_hearing),
        cmocka_unit_test_setup(what_lies_between_is_checked, with_hearing),
        cmocka_unit_test_setup(floats_are_filled_up_with_zeros, with_hearing),
        cmocka_unit_test_setup(depth_is_checked, with_hearing),
        cmocka_unit_test_setup(no_change_of_a_byte_leads_outside, with_hearing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
