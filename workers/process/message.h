/* Inside the library: the bytes of a message (their layout stands in bulkhead/message.h), and the writer for those who report under a
 * name of their own. */
#ifndef PROCESS_MESSAGE_H
#define PROCESS_MESSAGE_H

#include <bulkhead/message.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are used where they lie, which needs a little-endian machine");

enum {
    BH__MESSAGE_VERSION = 1,
    BH__MESSAGE_HEADER = 16,    /* bytes before the message's value */
    BH__MESSAGE_CONTAINER = 16, /* bytes before the first element of an array or map */
    BH__MESSAGE_UNIT = 8,       /* what everything is aligned to, and places count in */
    BH__MESSAGE_TYPE_COUNT = BH_MESSAGE_MAP + 1
};

/* Bytes are those of a message that was checked, or is being written: aligned to 8. */
static inline uint64_t bh__message_word(const void *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline bh_message_type bh__message_type(const void *value)
{
    return (bh_message_type)(bh__message_word(value) & 0xFF);
}

static inline uint64_t bh__message_length(const void *value)
{
    return bh__message_word(value) >> 8;
}

static inline const unsigned char *bh__message_payload(const void *value)
{
    return (const unsigned char *)value + BH__MESSAGE_UNIT;
}

static inline bool bh__message_nests(bh_message_type type)
{
    return type == BH_MESSAGE_ARRAY || type == BH_MESSAGE_MAP;
}

static inline uint64_t bh__message_padded(uint64_t size)
{
    return (size + BH__MESSAGE_UNIT - 1) / BH__MESSAGE_UNIT * BH__MESSAGE_UNIT;
}

/* Bytes that follow the type and length of a value that does not nest, without the zeros that fill it up. LENGTH is at most
 * BH_MESSAGE_MAX_SIZE. */
uint64_t bh__message_payload_size(bh_message_type type, uint64_t length);

/* Bytes of the tables behind the elements of an array or map with COUNT of them. */
uint64_t bh__message_tables_size(bh_message_type type, uint64_t count);

/* Bytes of a whole value that was checked. */
uint64_t bh__message_value_size(const void *value);

/* Maps and arrays inside each other in a value that was checked; 0 for one that does not nest. */
int bh__message_depth(const void *value);

/* The first table of a container that was checked: where each element is. Behind it, in maps, the order of the keys. */
const uint32_t *bh__message_places(const void *value);

/* Entry or element INDEX, which exists: the element itself, or the key of the entry. */
const unsigned char *bh__message_element(const void *value, uint64_t index);

/* One value to add. */
typedef struct bh__message_value {
    bh_message_type type;
    uint64_t length;
    const void *payload; /* what follows type and length; may be NULL if SIZE is 0 */
    uint64_t size;
} bh__message_value;

/* As the public functions, reporting for CALL. */
bh_message *bh__message_create(const char *call);
bh_status bh__message_add(bh_message *message, const char *call, const char *key, bh__message_value value);
bh_status bh__message_add_many(bh_message *message, const char *call, const char *key, bh_message_type type, const void *from,
                               size_t count);
bh_status bh__message_add_string(bh_message *message, const char *call, const char *key, const char *text);
bh_status bh__message_begin(bh_message *message, const char *call, const char *key, bh_message_type type);
bh_status bh__message_end(bh_message *message, const char *call);
bh_status bh__message_data(bh_message *message, const char *call, const void **data, size_t *size);

#endif
