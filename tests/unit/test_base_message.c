/* Writing messages: what is written is read; what is misused is refused with a sentence, which the message keeps. */
#include "message.h"

#include "base/memory.h"

#include <float.h>
#include <stdio.h>

/* Before any other: the table of handles has no memory yet. */
static void the_first_message_may_fail(void **state)
{
    (void)state;
    for (long nth = 1; nth <= 3; nth++) {
        bh__fail_allocation(nth);
        assert_not_made(bh_message_create(), BH_ERROR_MEMORY, "bh_message_create: no memory for one more bh_message");
    }
    bh__fail_allocation(0);
}

static void values_are_read_as_they_were_written(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_message_add_null(message, "null");
    bh_message_add_bool(message, "yes", true);
    bh_message_add_bool(message, "no", false);
    bh_message_add_int(message, "int", INT64_MIN);
    bh_message_add_uint(message, "uint", UINT64_MAX);
    bh_message_add_double(message, "double", DBL_MIN);
    bh_message_add_string(message, "string", "größer 🚪");
    bh_message_view view = view_of(message);
    bool flag;
    int64_t integer;
    uint64_t natural;
    double real;
    const char *text;
    assert_int_equal(bh_message_view_type(bh_message_view_find(view, "null")), BH_MESSAGE_NULL);
    assert_int_equal(bh_message_read_bool(view, "yes", &flag), BH_OK);
    assert_true(flag);
    assert_int_equal(bh_message_read_bool(view, "no", &flag), BH_OK);
    assert_false(flag);
    assert_int_equal(bh_message_read_int(view, "int", &integer), BH_OK);
    assert_true(integer == INT64_MIN);
    assert_int_equal(bh_message_read_uint(view, "uint", &natural), BH_OK);
    assert_true(natural == UINT64_MAX);
    assert_int_equal(bh_message_read_double(view, "double", &real), BH_OK);
    assert_true(real == DBL_MIN);
    assert_int_equal(bh_message_read_string(view, "string", &text), BH_OK);
    assert_string_equal(text, "größer 🚪");
    assert_int_equal(bh_message_view_count(bh_message_view_find(view, "string")), strlen(text));
    assert_silent();
    bh_message_destroy(message);
}

static void numbers_and_bytes_lie_in_a_row(void **state)
{
    (void)state;
    const int64_t ints[] = {1, -2, INT64_MIN}, *read_ints;
    const double doubles[] = {0.5, -0.0}, *read_doubles;
    const float floats[] = {1.5f, 2.5f, 3.5f}, *read_floats;
    const void *bytes;
    size_t count;
    bh_message *message = bh_message_create();
    bh_message_add_bytes(message, "bytes", "a\0b", 3);
    bh_message_add_ints(message, "ints", ints, 3);
    bh_message_add_doubles(message, "doubles", doubles, 2);
    bh_message_add_floats(message, "floats", floats, 3);
    bh_message_add_doubles(message, "none", NULL, 0);
    bh_message_view view = view_of(message);
    assert_int_equal(bh_message_read_bytes(view, "bytes", &bytes, &count), BH_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(bytes, "a\0b", 3);
    assert_int_equal(bh_message_read_ints(view, "ints", &read_ints, &count), BH_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(read_ints, ints, sizeof ints);
    assert_int_equal(bh_message_read_doubles(view, "doubles", &read_doubles, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_memory_equal(read_doubles, doubles, sizeof doubles);
    assert_int_equal(bh_message_read_floats(view, "floats", &read_floats, &count), BH_OK);
    assert_int_equal(count, 3);
    assert_memory_equal(read_floats, floats, sizeof floats);
    assert_int_equal((uintptr_t)read_floats % 8, 0);
    assert_int_equal(bh_message_read_doubles(view, "none", &read_doubles, &count), BH_OK);
    assert_int_equal(count, 0);
    assert_silent();
    bh_message_destroy(message);
}

static void maps_and_arrays_nest_and_keep_their_order(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_message_add_int(message, "z", 1);
    bh_message_begin_array(message, "a");
    bh_message_begin_map(message, NULL);
    bh_message_add_string(message, "k", "v");
    bh_message_end(message);
    bh_message_begin_array(message, NULL);
    bh_message_end(message);
    bh_message_add_int(message, NULL, 7);
    bh_message_end(message);
    bh_message_add_int(message, "m", 2);
    bh_message_view view = view_of(message);
    assert_json(view, "{\"z\":1,\"a\":[{\"k\":\"v\"},[],7],\"m\":2}");
    assert_int_equal(bh_message_view_count(view), 3);
    assert_string_equal(bh_message_view_key(view, 1), "a");
    bh_message_view array = bh_message_view_at(view, 1);
    assert_int_equal(bh_message_view_count(array), 3);
    assert_int_equal(bh_message_get_int(bh_message_view_at(array, 2), NULL, 0), 7);
    assert_string_equal(bh_message_get_string(bh_message_view_at(array, 0), "k", ""), "v");
    assert_silent();
    bh_message_destroy(message);
}

static void a_message_may_be_one_value_or_nothing(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    assert_json(view_of(message), "{}");
    bh_message_clear(message);
    bh_message_add_double(message, NULL, 2);
    assert_json(view_of(message), "2.0");
    bh_message_clear(message);
    bh_message_begin_array(message, NULL);
    bh_message_add_null(message, NULL);
    bh_message_end(message);
    assert_json(view_of(message), "[null]");
    bh_message_clear(message);
    bh_message_begin_map(message, NULL);
    bh_message_add_bool(message, "", true);
    bh_message_end(message);
    assert_json(view_of(message), "{\"\":true}");
    bh_message_destroy(message);
}

/* What others must be able to write and read: these bytes never change. */
static void the_bytes_are_those_of_the_contract(void **state)
{
    (void)state;
    static const unsigned char expected[] = {
        'B', 'H', 'M', 1, 0, 0, 0, 0, 96,  0, 0, 0, 0, 0, 0, 0, /* header: 96 bytes */
        12,  2,   0,   0, 0, 0, 0, 0, 80,  0, 0, 0, 0, 0, 0, 0, /* a map of 2, 80 bytes */
        6,   1,   0,   0, 0, 0, 0, 0, 'b', 0, 0, 0, 0, 0, 0, 0, /* key "b" */
        2,   1,   0,   0, 0, 0, 0, 0,                           /* true */
        6,   1,   0,   0, 0, 0, 0, 0, 'a', 0, 0, 0, 0, 0, 0, 0, /* key "a" */
        1,   0,   0,   0, 0, 0, 0, 0,                           /* null */
        2,   0,   0,   0, 5, 0, 0, 0,                           /* places: 2 and 5 times 8 bytes */
        1,   0,   0,   0, 0, 0, 0, 0,                           /* order: "a" is entry 1, "b" entry 0 */
    };
    bh_message *message = bh_message_create();
    const void *data;
    size_t size;
    bh_message_add_bool(message, "b", true);
    bh_message_add_null(message, "a");
    assert_int_equal(bh_message_data(message, &data, &size), BH_OK);
    assert_int_equal(size, sizeof expected);
    assert_memory_equal(data, expected, size);
    assert_int_equal((uintptr_t)data % 8, 0);
    bh_message_destroy(message);
}

static void many_keys_are_found(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    char key[16];
    bh_message *message = bh_message_create();
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "k%d", i * 7919 % COUNT);
        bh_message_add_int(message, key, i);
    }
    bh_message_view view = view_of(message);
    assert_int_equal(bh_message_view_count(view), COUNT);
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "k%d", i * 7919 % COUNT);
        assert_int_equal(bh_message_get_int(view, key, -1), i);
        assert_string_equal(bh_message_view_key(view, (size_t)i), key);
    }
    assert_int_equal(bh_message_get_int(view, "k", -1), -1);
    assert_int_equal(bh_message_get_int(view, "k5000", -1), -1);
    bh_message_destroy(message);
}

static void values_are_copied_from_message_to_message(void **state)
{
    (void)state;
    bh_message *one = bh_message_create(), *other = bh_message_create();
    bh_message_add_int(one, "rounds", 20);
    bh_message_begin_array(one, "names");
    bh_message_add_string(one, NULL, "iris");
    bh_message_end(one);
    bh_message_view view = view_of(one);
    bh_message_add_view(other, "all", view);
    bh_message_add_view(other, "names", bh_message_view_find(view, "names"));
    assert_json(view_of(other), "{\"all\":{\"rounds\":20,\"names\":[\"iris\"]},\"names\":[\"iris\"]}");
    bh_message_clear(other);
    assert_refused(bh_message_add_view(other, "x", bh_message_view_find(view, "missing")), BH_ERROR_NULL, "view is no value");
    bh_message_destroy(one);
    bh_message_destroy(other);
}

/* CALL is refused; so is every call after it, without another sentence; and the end repeats the first. */
#define assert_sticks(call, status, part)                                                               \
    do {                                                                                                \
        assert_refused(call, status, part);                                                             \
        assert_int_equal(bh_message_add_null(message, "after"), status);                                \
        assert_int_equal(bh_message_begin_array(message, NULL), status);                                \
        assert_int_equal(bh_message_end(message), status);                                              \
        assert_silent();                                                                                \
        assert_refused(bh_message_data(message, &data, &size), status, "an earlier call has failed: "); \
        assert_refused(bh_message_data(message, &data, &size), status, part);                           \
        assert_refused(bh_message_complete(message, &view), status, part);                              \
        assert_null(view.value);                                                                        \
        assert_null(data);                                                                              \
        assert_int_equal(size, 0);                                                                      \
        assert_int_equal(bh_message_clear(message), BH_OK);                                             \
    } while (0)

static void room_is_written_in_place(void **state)
{
    const void *data[2];
    size_t sizes[2];
    void *room = NULL;
    (void)state;
    for (size_t length = 0; length < 20; length++) {
        bh_message *copied = bh_message_create(), *written = bh_message_create();
        bh_message_add_bytes(copied, "some", "abcdefghijklmnopqrst", length);
        assert_int_equal(bh_message_add_room(written, "some", length, &room), BH_OK);
        memcpy(room, "abcdefghijklmnopqrst", length);
        bh_message_add_int(copied, "more", 1);
        bh_message_add_int(written, "more", 1);
        assert_int_equal(bh_message_data(copied, &data[0], &sizes[0]), BH_OK);
        assert_int_equal(bh_message_data(written, &data[1], &sizes[1]), BH_OK);
        assert_int_equal(sizes[0], sizes[1]);
        assert_memory_equal(data[0], data[1], sizes[0]);
        bh_message_destroy(copied);
        bh_message_destroy(written);
    }
}

static void misuse_is_refused_and_kept(void **state)
{
    void *room = NULL;
    (void)state;
    const void *data;
    size_t size;
    bh_message_view view;
    bh_message *message = bh_message_create();
    assert_sticks(bh_message_end(message), BH_ERROR_STATE, "bh_message_end: nothing has begun that could end");
    bh_message_add_int(message, "a", 1);
    assert_sticks(bh_message_end(message), BH_ERROR_STATE, "the outermost map ends with the message");
    bh_message_add_int(message, "a", 1);
    assert_sticks(bh_message_add_int(message, NULL, 1), BH_ERROR_NULL, "key is NULL: in a map each value has one");
    bh_message_begin_array(message, NULL);
    assert_sticks(bh_message_add_int(message, "a", 1), BH_ERROR_STATE, "key is 'a', but in an array no value has one: pass NULL");
    bh_message_add_int(message, NULL, 1);
    assert_sticks(bh_message_add_int(message, NULL, 1), BH_ERROR_STATE, "the message has its value");
    bh_message_add_int(message, NULL, 1);
    assert_sticks(bh_message_add_int(message, "a", 1), BH_ERROR_STATE, "the message has its value");
    assert_sticks(bh_message_add_string(message, "a", "a\xFF"), BH_ERROR_RANGE,
                  "bh_message_add_string: text is no UTF-8: byte 0xFF at 1; for bytes of any kind there is bh_message_add_bytes");
    assert_sticks(bh_message_add_string(message, "a", "long enough for \xC3("), BH_ERROR_RANGE, "byte 0xC3 at 16");
    assert_sticks(bh_message_add_int(message, "\xED\xA0\x80", 1), BH_ERROR_NAME, "key is no UTF-8: byte 0xED at 0");
    assert_sticks(bh_message_add_string(message, "a", NULL), BH_ERROR_NULL, "text is NULL: bh_message_add_null says");
    assert_sticks(bh_message_add_bytes(message, "a", NULL, 3), BH_ERROR_NULL, "bytes is NULL, but there should be 3");
    assert_sticks(bh_message_add_floats(message, "a", NULL, 3), BH_ERROR_NULL, "numbers is NULL, but there should be 3");
    assert_sticks(bh_message_add_bytes(message, "a", "", SIZE_MAX), BH_ERROR_RANGE, "are more than fit into a message");
    assert_sticks(bh_message_add_room(message, "a", 3, NULL), BH_ERROR_NULL, "bytes is NULL");
    assert_sticks(bh_message_add_room(message, "a", SIZE_MAX, &room), BH_ERROR_RANGE, "are more than fit into a message");
    assert_null(room);
    assert_sticks(bh_message_add_doubles(message, "a", (const double *)&size, (size_t)1 << 32), BH_ERROR_RANGE,
                  "bytes more the message would be larger than 17179869184: send it in parts");
    bh_message_destroy(message);
}

static void what_is_wrong_at_the_end_is_refused(void **state)
{
    (void)state;
    const void *data;
    size_t size;
    bh_message_view view;
    bh_message *message = bh_message_create();
    bh_message_begin_map(message, "a");
    bh_message_begin_array(message, "b");
    assert_refused(bh_message_data(message, &data, &size), BH_ERROR_STATE,
                   "2 of the maps and arrays that have begun did not end");
    assert_null(data);
    bh_message_clear(message);
    bh_message_add_int(message, "twice", 1);
    bh_message_add_int(message, "once", 1);
    bh_message_add_int(message, "twice", 2);
    assert_refused(bh_message_data(message, &data, &size), BH_ERROR_EXISTS, "key 'twice' was added twice to one map");
    bh_message_clear(message);
    bh_message_begin_map(message, "a");
    bh_message_add_int(message, "twice", 1);
    bh_message_add_int(message, "twice", 2);
    assert_sticks(bh_message_end(message), BH_ERROR_EXISTS, "bh_message_end: key 'twice' was added twice to one map");
    assert_refused(bh_message_data(message, NULL, &size), BH_ERROR_NULL, "data is NULL");
    assert_refused(bh_message_complete(message, NULL), BH_ERROR_NULL, "view is NULL");
    assert_refused(bh_message_data(message, &data, NULL), BH_ERROR_NULL, "size is NULL");
    assert_int_equal(bh_message_data(message, &data, &size), BH_OK);
    assert_refused(bh_message_add_int(message, "a", 1), BH_ERROR_STATE, "the message is complete since bh_message_data");
    bh_message_destroy(message);
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    bh_message *message = bh_message_create(), *other = bh_message_create();
    for (int i = 0; i < BH_MESSAGE_MAX_DEPTH; i++)
        assert_int_equal(bh_message_begin_array(message, NULL), BH_OK);
    for (int i = 0; i < BH_MESSAGE_MAX_DEPTH; i++)
        assert_int_equal(bh_message_end(message), BH_OK);
    bh_message_view view = view_of(message);
    assert_int_equal(bh_message_add_view(other, NULL, view), BH_OK);
    view_of(other);
    bh_message_clear(other);
    assert_refused(bh_message_add_view(other, "one deeper", view), BH_ERROR_RANGE,
                   "64 maps and arrays inside each other are the most");
    bh_message_clear(message);
    bh_message_add_null(message, "key");
    for (int i = 1; i < BH_MESSAGE_MAX_DEPTH; i++)
        assert_int_equal(bh_message_begin_array(message, i == 1 ? "deep" : NULL), BH_OK);
    assert_refused(bh_message_begin_map(message, NULL), BH_ERROR_RANGE,
                   "bh_message_begin_map: 64 maps and arrays inside each other are the most");
    bh_message_destroy(message);
    bh_message_destroy(other);
}

static void handles_are_checked(void **state)
{
    (void)state;
    const void *data = "";
    size_t size = 1;
    bh_message *message = bh_message_create(), *gone = message;
    assert_int_equal(bh_message_destroy(NULL), BH_OK);
    assert_int_equal(bh_message_destroy(message), BH_OK);
    assert_refused(bh_message_destroy(gone), BH_ERROR_STALE,
                   "bh_message_destroy: message is gone: it was destroyed before this call");
    message = bh_message_create();
    assert_ptr_not_equal(message, gone);
    assert_refused(bh_message_add_int(gone, "a", 1), BH_ERROR_STALE, "bh_message_add_int: message is gone");
    assert_refused(bh_message_add_string(NULL, "a", ""), BH_ERROR_NULL,
                   "bh_message_add_string: message is NULL: pass a bh_message *");
    assert_refused(bh_message_begin_map(NULL, "a"), BH_ERROR_NULL, "message is NULL");
    assert_refused(bh_message_end(NULL), BH_ERROR_NULL, "message is NULL");
    assert_refused(bh_message_clear(NULL), BH_ERROR_NULL, "message is NULL");
    assert_refused(bh_message_add_bytes(NULL, "a", "", 0), BH_ERROR_NULL, "message is NULL");
    assert_refused(bh_message_add_view(NULL, "a", (bh_message_view){NULL}), BH_ERROR_NULL, "message is NULL");
    assert_refused(bh_message_data((bh_message *)&size, &data, &size), BH_ERROR_NOT_A_HANDLE, "which is no bh_message *");
    assert_null(data);
    assert_int_equal(size, 0);
    bh_message_destroy(message);
}

/* The hook may do anything, and is called in the middle of a call that has the message in its hands. */
static void destroy_in_hook(const bh_error *error, void *message)
{
    (void)error;
    (bh_message_destroy)(message);
}

static void the_error_hook_may_destroy_the_message(void **state)
{
    (void)state;
    bh_message *message = bh_message_create();
    bh_set_error_hook((bh_error_hook){destroy_in_hook, message});
    assert_int_equal(bh_message_add_string(message, "a", "\xFF"), BH_ERROR_RANGE);
    bh_set_error_hook((bh_error_hook){hear, NULL});
    assert_refused(bh_message_destroy(message), BH_ERROR_STALE, "message is gone");
}

/* A message large enough to grow all that can grow. */
static bh_status write_all(bh_message **out, const void **data, size_t *size)
{
    char key[16];
    bh_message *message = *out = bh_message_create();
    if (!message)
        return BH_ERROR_MEMORY;
    bh_message_begin_map(message, "map");
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%d", i);
        bh_message_add_string(message, key, "some text that takes room");
    }
    bh_message_end(message);
    bh_message_begin_array(message, "array");
    bh_message_end(message);
    return bh_message_data(message, data, size);
}

/* Counts sentences about memory. */
static void count_memory(const bh_error *error, void *count)
{
    if (error->status == BH_ERROR_MEMORY)
        ++*(int *)count;
}

static void without_memory_the_end_says_so(void **state)
{
    (void)state;
    int failures = 0;
    for (long nth = 1;; nth++) {
        const void *data;
        size_t size;
        bh_message *message;
        int sentences = 0;
        bh_set_error_hook((bh_error_hook){count_memory, &sentences});
        bh__fail_allocation(nth);
        bh_status status = write_all(&message, &data, &size);
        bool failed = bh__allocation_failed();
        bh__fail_allocation(0);
        assert_int_equal(status, failed ? BH_ERROR_MEMORY : BH_OK);
        assert_int_equal(sentences, failed ? 1 + (message != NULL) : 0); /* at the call, and once more at the end */
        if (failed && message) {
            bh_message_clear(message); /* and after that it can be used again */
            bh_message_add_int(message, "a", 1);
            assert_int_equal(bh_message_data(message, &data, &size), BH_OK);
        }
        bh_message_destroy(message);
        if (!failed)
            break;
        failures++;
    }
    assert_in_range(failures, 5, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_message_may_fail, with_hearing),
        cmocka_unit_test_setup(values_are_read_as_they_were_written, with_hearing),
        cmocka_unit_test_setup(numbers_and_bytes_lie_in_a_row, with_hearing),
        cmocka_unit_test_setup(maps_and_arrays_nest_and_keep_their_order, with_hearing),
        cmocka_unit_test_setup(a_message_may_be_one_value_or_nothing, with_hearing),
        cmocka_unit_test_setup(the_bytes_are_those_of_the_contract, with_hearing),
        cmocka_unit_test_setup(many_keys_are_found, with_hearing),
        cmocka_unit_test_setup(values_are_copied_from_message_to_message, with_hearing),
        cmocka_unit_test_setup(room_is_written_in_place, with_hearing),
        cmocka_unit_test_setup(misuse_is_refused_and_kept, with_hearing),
        cmocka_unit_test_setup(what_is_wrong_at_the_end_is_refused, with_hearing),
        cmocka_unit_test_setup(depth_has_a_limit, with_hearing),
        cmocka_unit_test_setup(handles_are_checked, with_hearing),
        cmocka_unit_test_setup(the_error_hook_may_destroy_the_message, with_hearing),
        cmocka_unit_test_setup(without_memory_the_end_says_so, with_hearing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
