/* Checking the bytes of a message, which may come from anywhere: each length against the room that is left before it is used. What is
 * not written in the one way that the writer has is refused, so that a message read and written again is the same.
 *
 * What passes is read without another check, so nothing that a reader relies on may be left out here. */
#include "process/message.h"

#include "base/status.h"
#include "base/text.h"

#include <stdio.h>

enum { REASON_SIZE = 160 };

/* Bytes of one number, or of one unit of length. */
static uint64_t width_of(bh_message_type type)
{
    switch (type) {
    case BH_MESSAGE_INTS:
    case BH_MESSAGE_DOUBLES:
        return 8;
    case BH_MESSAGE_FLOATS:
        return 4;
    case BH_MESSAGE_STRING:
    case BH_MESSAGE_BYTES:
        return 1;
    default:
        return 0;
    }
}

static bool is_one_number(bh_message_type type)
{
    return type == BH_MESSAGE_INT || type == BH_MESSAGE_UINT || type == BH_MESSAGE_DOUBLE;
}

uint64_t bh__message_payload_size(bh_message_type type, uint64_t length)
{
    if (is_one_number(type))
        return sizeof(uint64_t);
    return length * width_of(type) + (type == BH_MESSAGE_STRING); /* the 0 behind a string */
}

uint64_t bh__message_tables_size(bh_message_type type, uint64_t count)
{
    uint64_t table = count * sizeof(uint32_t);
    return bh__message_padded(type == BH_MESSAGE_MAP ? 2 * table : table);
}

uint64_t bh__message_value_size(const void *value)
{
    bh_message_type type = bh__message_type(value);
    if (bh__message_nests(type))
        return bh__message_word(bh__message_payload(value));
    return bh__message_padded(BH__MESSAGE_UNIT + bh__message_payload_size(type, bh__message_length(value)));
}

const uint32_t *bh__message_places(const void *value)
{
    uint64_t tables = bh__message_tables_size(bh__message_type(value), bh__message_length(value));
    const unsigned char *end = (const unsigned char *)value + bh__message_value_size(value);
    return (const uint32_t *)(const void *)(end - tables);
}

const unsigned char *bh__message_element(const void *value, uint64_t index)
{
    return (const unsigned char *)value + (size_t)bh__message_places(value)[index] * BH__MESSAGE_UNIT;
}

int bh__message_depth(const void *value)
{
    bh_message_type type = bh__message_type(value);
    if (!bh__message_nests(type))
        return 0;
    int deepest = 0;
    uint64_t count = bh__message_length(value);
    for (uint64_t i = 0; i < count; i++) {
        const unsigned char *element = bh__message_element(value, i);
        if (type == BH_MESSAGE_MAP)
            element += bh__message_value_size(element);
        int depth = bh__message_depth(element);
        if (depth > deepest)
            deepest = depth;
    }
    return 1 + deepest;
}

/* What is wrong with the message, and where. */
typedef struct reader {
    const unsigned char *start;
    char reason[REASON_SIZE];
} reader;

__attribute__((format(printf, 3, 4))) static bool wrong(reader *of, const void *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int used = snprintf(of->reason, sizeof of->reason, "at byte %zu ", (size_t)((const unsigned char *)at - of->start));
    vsnprintf(of->reason + used, sizeof of->reason - (size_t)used, format, arguments);
    va_end(arguments);
    return false;
}

static bool all_zero(const unsigned char *from, const unsigned char *end)
{
    while (from < end)
        if (*from++)
            return false;
    return true;
}

static bool check_string(reader *of, const unsigned char *value)
{
    const char *text = (const char *)bh__message_payload(value);
    size_t length = (size_t)bh__message_length(value);
    if (text[length])
        return wrong(of, text + length, "a string has no end");
    size_t good = bh__utf8_prefix(text, length);
    return good == length || wrong(of, text + good, "a string is no UTF-8, or has a 0 inside");
}

/* A value that does not nest, of which the first 8 bytes are there. */
static bool check_flat(reader *of, const unsigned char *value, const unsigned char *end)
{
    bh_message_type type = bh__message_type(value);
    uint64_t length = bh__message_length(value), room = (uint64_t)(end - value), width = width_of(type);
    if (!width && length > (type == BH_MESSAGE_BOOL))
        return wrong(of, value, "%s has length %llu", bh_message_type_name(type), (unsigned long long)length);
    if (length > room)
        return wrong(of, value, "%s of length %llu is cut", bh_message_type_name(type), (unsigned long long)length);
    uint64_t filled = BH__MESSAGE_UNIT + bh__message_payload_size(type, length);
    uint64_t whole = bh__message_padded(filled);
    if (whole > room)
        return wrong(of, value, "%s of length %llu is cut", bh_message_type_name(type), (unsigned long long)length);
    if (type == BH_MESSAGE_UINT && bh__message_word(bh__message_payload(value)) <= INT64_MAX)
        return wrong(of, value, "an integer is written as uint, though it fits into an int");
    if (type == BH_MESSAGE_STRING && !check_string(of, value))
        return false;
    return all_zero(value + filled, value + whole) ||
           wrong(of, value + filled, "what fills up %s is not 0", bh_message_type_name(type));
}

static const char *key_at(const unsigned char *map, uint32_t index)
{
    return (const char *)bh__message_payload(bh__message_element(map, index));
}

/* Indices by strictly rising keys: then none occurs twice, neither key nor index, and as they are as many as there are entries, none
 * is missing. */
static bool check_order(reader *of, const unsigned char *map)
{
    uint64_t count = bh__message_length(map);
    const uint32_t *order = bh__message_places(map) + count;
    for (uint64_t i = 0; i < count; i++) {
        if (order[i] >= count)
            return wrong(of, &order[i], "entry %u of %llu is named", order[i], (unsigned long long)count);
        int compared = i ? strcmp(key_at(map, order[i - 1]), key_at(map, order[i])) : -1;
        if (compared == 0)
            return wrong(of, map, "a map has the key '%.40s' twice", key_at(map, order[i]));
        if (compared > 0)
            return wrong(of, &order[i], "keys are not in order");
    }
    return true;
}

static bool check_value(reader *of, const unsigned char *value, const unsigned char *end, int depth);

static bool check_elements(reader *of, const unsigned char *value, const unsigned char *end, int depth)
{
    bh_message_type type = bh__message_type(value);
    uint64_t count = bh__message_length(value);
    const uint32_t *places = (const uint32_t *)(const void *)end;
    const unsigned char *at = value + BH__MESSAGE_CONTAINER;
    for (uint64_t i = 0; i < count; i++) {
        if (places[i] != (uint64_t)(at - value) / BH__MESSAGE_UNIT)
            return wrong(of, &places[i], "the place of element %llu is wrong", (unsigned long long)i);
        if (type == BH_MESSAGE_MAP) {
            if (end - at < BH__MESSAGE_UNIT || bh__message_type(at) != BH_MESSAGE_STRING)
                return wrong(of, at, "there is no key");
            if (!check_value(of, at, end, depth))
                return false;
            at += bh__message_value_size(at);
        }
        if (!check_value(of, at, end, depth))
            return false;
        at += bh__message_value_size(at);
    }
    return at == end || wrong(of, at, "there is more than the elements");
}

/* A map or an array, of which the first 8 bytes are there, the DEPTHth inside each other. */
static bool check_container(reader *of, const unsigned char *value, const unsigned char *end, int depth)
{
    bh_message_type type = bh__message_type(value);
    uint64_t count = bh__message_length(value), room = (uint64_t)(end - value);
    if (depth > BH_MESSAGE_MAX_DEPTH)
        return wrong(of, value, "more than %d maps and arrays are inside each other", BH_MESSAGE_MAX_DEPTH);
    if (room < BH__MESSAGE_CONTAINER)
        return wrong(of, value, "%s is cut", bh_message_type_name(type));
    uint64_t size = bh__message_word(bh__message_payload(value));
    if (size < BH__MESSAGE_CONTAINER || size > room || size % BH__MESSAGE_UNIT)
        return wrong(of, value, "%s has size %llu, and there is room for %llu", bh_message_type_name(type),
                     (unsigned long long)size, (unsigned long long)room);
    uint64_t tables = count > size ? UINT64_MAX : bh__message_tables_size(type, count);
    if (tables > size - BH__MESSAGE_CONTAINER)
        return wrong(of, value, "%llu elements do not fit into %llu bytes", (unsigned long long)count, (unsigned long long)size);
    end = value + size;
    if (!check_elements(of, value, end - tables, depth + 1))
        return false;
    if (type == BH_MESSAGE_MAP)
        return check_order(of, value);
    return all_zero(end - tables + count * sizeof(uint32_t), end) || wrong(of, value, "what fills up an array is not 0");
}

static bool check_value(reader *of, const unsigned char *value, const unsigned char *end, int depth)
{
    if (end - value < BH__MESSAGE_UNIT)
        return wrong(of, value, "a value is cut");
    bh_message_type type = bh__message_type(value);
    if (type == BH_MESSAGE_NOTHING || (int)type >= BH__MESSAGE_TYPE_COUNT)
        return wrong(of, value, "type %d is none of this version", (int)type);
    return bh__message_nests(type) ? check_container(of, value, end, depth) : check_flat(of, value, end);
}

/* The 16 bytes before the value. */
static bool check_header(reader *of, size_t size)
{
    const unsigned char *start = of->start;
    if (size < BH__MESSAGE_HEADER || memcmp(start, "BHM", 3) != 0)
        return wrong(of, start, "no message begins");
    if (start[3] != BH__MESSAGE_VERSION)
        return wrong(of, start + 3, "the version is %d, and this library reads %d", start[3], BH__MESSAGE_VERSION);
    if (!all_zero(start + 4, start + BH__MESSAGE_UNIT))
        return wrong(of, start + 4, "what is kept free is not 0");
    uint64_t says = bh__message_word(start + BH__MESSAGE_UNIT);
    if (says != size)
        return wrong(of, start + BH__MESSAGE_UNIT, "the message has %llu bytes, and here are %zu", (unsigned long long)says,
                     size);
    return size <= BH_MESSAGE_MAX_SIZE ||
           wrong(of, start + BH__MESSAGE_UNIT, "the message is larger than %llu bytes", (unsigned long long)BH_MESSAGE_MAX_SIZE);
}

bh_status(bh_message_open)(const void *data, size_t size, bh_message_view *view)
{
    static const char call[] = "bh_message_open";
    if (view)
        view->value = NULL;
    if (!data || !view)
        return bh__fail(BH_ERROR_NULL, call, "%s is NULL", data ? "view" : "data");
    if ((uintptr_t)data % BH__MESSAGE_UNIT)
        return bh__fail(BH_ERROR_RANGE, call, "data is at %p, no multiple of %d: copy it to memory from malloc", data,
                        BH__MESSAGE_UNIT);
    reader of = {data, ""};
    const unsigned char *value = of.start + BH__MESSAGE_HEADER, *end = of.start + size;
    bool right = check_header(&of, size) && check_value(&of, value, end, 1);
    if (right && value + bh__message_value_size(value) != end)
        right = wrong(&of, value + bh__message_value_size(value), "something follows the message's value");
    if (!right)
        return bh__fail(BH_ERROR_FORMAT, call, "%zu bytes are no message: %s", size, of.reason);
    view->value = value;
    return BH_OK;
}
