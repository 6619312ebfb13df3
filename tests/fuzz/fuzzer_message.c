/* libFuzzer: any bytes as a message, and as calls that write one. They are refused with a sentence, or each way to read them works, and what was read and written
 * again is the same, byte for byte. Text in them serves as a word of a command line too, and JSON that was written can be read. */
#include <bulkhead/message.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int sentences;

static void check(bool holds, const char *promise)
{
    if (!holds) {
        fprintf(stderr, "broken promise: %s\n", promise);
        abort();
    }
}

static void hear(const bh_error *error, void *user)
{
    (void)user;
    check(error->sentence[0] != 0, "a refusal has a sentence");
    sentences++;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    bh_set_error_hook((bh_error_hook){hear, NULL});
    return 0;
}

static void write_value(bh_message *message, const char *key, bh_message_view view);

static void write_elements(bh_message *message, bh_message_view view)
{
    bool map = bh_message_view_type(view) == BH_MESSAGE_MAP;
    size_t count = bh_message_view_count(view);
    for (size_t i = 0; i < count; i++) {
        const char *key = map ? bh_message_view_key(view, i) : NULL;
        bh_message_view element = bh_message_view_at(view, i);
        check(!map || bh_message_view_find(view, key).value == element.value, "a key is found where it stands");
        write_value(message, key, element);
    }
    check(bh_message_end(message) == BH_OK, "what has begun can end");
}

static bh_status write_numbers(bh_message *message, const char *key, bh_message_view view)
{
    const int64_t *ints;
    const double *doubles;
    const float *floats;
    const void *bytes;
    size_t count;
    if (!bh_message_read_ints(view, NULL, &ints, &count))
        return bh_message_add_ints(message, key, ints, count);
    if (!bh_message_read_doubles(view, NULL, &doubles, &count))
        return bh_message_add_doubles(message, key, doubles, count);
    if (!bh_message_read_floats(view, NULL, &floats, &count))
        return bh_message_add_floats(message, key, floats, count);
    if (!bh_message_read_bytes(view, NULL, &bytes, &count))
        return bh_message_add_bytes(message, key, bytes, count);
    return BH_ERROR_TYPE;
}

static bh_status write_scalar(bh_message *message, const char *key, bh_message_view view)
{
    bool flag;
    int64_t integer;
    uint64_t natural;
    double real;
    const char *text;
    switch (bh_message_view_type(view)) {
    case BH_MESSAGE_NULL:
        return bh_message_add_null(message, key);
    case BH_MESSAGE_BOOL:
        return bh_message_read_bool(view, NULL, &flag) ? BH_ERROR_TYPE : bh_message_add_bool(message, key, flag);
    case BH_MESSAGE_INT:
        return bh_message_read_int(view, NULL, &integer) ? BH_ERROR_TYPE : bh_message_add_int(message, key, integer);
    case BH_MESSAGE_UINT:
        return bh_message_read_uint(view, NULL, &natural) ? BH_ERROR_TYPE : bh_message_add_uint(message, key, natural);
    case BH_MESSAGE_DOUBLE:
        return bh_message_read_double(view, NULL, &real) ? BH_ERROR_TYPE : bh_message_add_double(message, key, real);
    case BH_MESSAGE_STRING:
        return bh_message_read_string(view, NULL, &text) ? BH_ERROR_TYPE : bh_message_add_string(message, key, text);
    default:
        return write_numbers(message, key, view);
    }
}

/* Every accessor but the one that fits answers with a status, and reads nothing. */
static void read_as_others(bh_message_view view)
{
    bh_message_get_bool(view, NULL, false);
    bh_message_get_int(view, NULL, 0);
    bh_message_get_uint(view, NULL, 0);
    bh_message_get_double(view, NULL, 0);
    bh_message_get_string(view, NULL, NULL);
    bh_message_get_int(view, "a", 0);
    bh_message_view_at(view, bh_message_view_count(view));
    bh_message_view_key(view, bh_message_view_count(view));
}

static void write_value(bh_message *message, const char *key, bh_message_view view)
{
    bh_message_type type = bh_message_view_type(view);
    read_as_others(view);
    if (type == BH_MESSAGE_MAP || type == BH_MESSAGE_ARRAY) {
        bh_status status = type == BH_MESSAGE_MAP ? bh_message_begin_map(message, key) : bh_message_begin_array(message, key);
        check(status == BH_OK, "what was read can begin");
        write_elements(message, view);
        return;
    }
    check(write_scalar(message, key, view) == BH_OK, "what was read can be written");
}

static void check_same(bh_message *message, const void *bytes, size_t size)
{
    const void *data;
    size_t again;
    check(bh_message_data(message, &data, &again) == BH_OK, "what was written is complete");
    check(again == size && memcmp(data, bytes, size) == 0, "the same bytes come out");
    bh_message_destroy(message);
}

/* JSON as a word, and what it was read as, as JSON again; NULL if the map that the word makes is one level too many. */
static char *read_again(const char *json)
{
    char *word = malloc(strlen(json) + 3), *again = NULL;
    const void *data = NULL;
    size_t size = 0;
    bh_message_view view = {NULL};
    check(word != NULL, "there is memory");
    sprintf(word, "a=%s", json);
    bh_message *message = bh_message_from_words(1, &word);
    if (message) {
        check(bh_message_data(message, &data, &size) == BH_OK, "it is complete");
        check(bh_message_open(data, size, &view) == BH_OK, "it is a message");
        again = bh_message_view_json(bh_message_view_find(view, "a"));
        check(again != NULL, "it can be shown");
    } else {
        check(strstr(bh_last_error(), "inside each other") != NULL, "nothing else is wrong with it");
    }
    bh_message_destroy(message);
    free(word);
    return again;
}

/* JSON can be read. Once it has been, which makes doubles of floats, and of integers among doubles, it stays the same. */
static void check_json(bh_message_view view)
{
    char *json = bh_message_view_json(view);
    check(json != NULL, "what was read can be shown");
    char *second = read_again(json);
    char *third = second ? read_again(second) : NULL;
    check(!second || (third && strcmp(second, third) == 0), "JSON reads back as it was");
    bh_free(json);
    bh_free(second);
    bh_free(third);
}

/* Whether the bytes are a message. */
static bool try_message(const void *bytes, size_t size)
{
    bh_message_view view;
    sentences = 0;
    if (bh_message_open(bytes, size, &view)) {
        check(sentences == 1 && !view.value, "a refusal says one sentence and gives nothing");
        return false;
    }
    check(sentences == 0, "a message is read without a word");
    bh_message *message = bh_message_create();
    write_value(message, NULL, view);
    check_same(message, bytes, size);
    message = bh_message_create();
    check(bh_message_add_view(message, NULL, view) == BH_OK, "what was read can be copied");
    check_same(message, bytes, size);
    check_json(view);
    return true;
}

/* The bytes as a word: read, or refused. */
static void try_word(const uint8_t *bytes, size_t size)
{
    char *word = malloc(size + 1);
    check(word != NULL, "there is memory");
    memcpy(word, bytes, size);
    word[size] = 0;
    const void *data;
    bh_message_view view;
    bh_message *message = bh_message_from_words(1, &word);
    if (message) {
        check(bh_message_data(message, &data, &size) == BH_OK, "it is complete");
        check(bh_message_open(data, size, &view) == BH_OK, "it is a message");
        bh_message_destroy(message);
    }
    free(word);
}

/* One call of the writer, which the byte CHOICE names. */
static bh_status write_one(bh_message *message, const char *key, uint8_t choice)
{
    static const double numbers[] = {0.1, -1e300, 5e-324, 2};
    static const int64_t ints[] = {INT64_MIN, -1, 0, INT64_MAX};
    static const float floats[] = {0.1f, 1e10f, 3};
    static const char *const texts[] = {"", "é", "seven b", "eight by", "a\\\"\n\x01", "\xFF"};
    unsigned detail = choice >> 4;
    switch (choice & 15) {
    case 0:
        return bh_message_begin_map(message, key);
    case 1:
        return bh_message_begin_array(message, key);
    case 2:
        return bh_message_add_null(message, key);
    case 3:
        return bh_message_add_bool(message, key, detail & 1);
    case 4:
        return bh_message_add_int(message, key, ints[detail & 3]);
    case 5:
        return bh_message_add_uint(message, key, UINT64_MAX - detail);
    case 6:
        return bh_message_add_double(message, key, numbers[detail & 3]);
    case 7:
        return bh_message_add_string(message, key, texts[detail % 6]);
    case 8:
        return bh_message_add_bytes(message, key, texts[3], detail % 9);
    case 9:
        return bh_message_add_ints(message, key, ints, detail % 5);
    case 10:
        return bh_message_add_doubles(message, key, numbers, detail % 5);
    case 11:
        return bh_message_add_floats(message, key, floats, detail % 4);
    default:
        return bh_message_end(message);
    }
}

/* The bytes as calls of the writer: what it accepts is a message, and so is, or is not, what one changed byte makes of it. */
static void try_written(const uint8_t *bytes, size_t size)
{
    bh_message *message = bh_message_create();
    const void *data;
    size_t written;
    bool fine = true;
    for (size_t i = 3; i + 1 < size && fine; i += 2) {
        char key[2] = {(char)bytes[i + 1], 0};
        fine = write_one(message, key[0] ? key : NULL, bytes[i]) == BH_OK;
    }
    bh_status status = bh_message_data(message, &data, &written);
    check(fine || status != BH_OK, "a failure stays with the message");
    if (status == BH_OK) {
        uint8_t *copy = malloc(written);
        check(copy != NULL, "there is memory");
        memcpy(copy, data, written);
        check(try_message(copy, written), "what was written is a message");
        copy[(bytes[0] | (size_t)bytes[1] << 8) % written] = bytes[2];
        try_message(copy, written);
        free(copy);
    }
    bh_message_destroy(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1); /* aligned, and guarded at its end */
    if (!exact)
        return 0;
    memcpy(exact, bytes, size);
    try_message(exact, size);
    /* The header is not what is to be guessed */
    if (size >= 16) {
        uint64_t whole = size;
        memcpy(exact, "BHM\1\0\0\0", 8);
        memcpy(exact + 8, &whole, sizeof whole);
        try_message(exact, size);
    }
    try_word(bytes, size);
    if (size > 3)
        try_written(bytes, size);
    free(exact);
    return 0;
}
