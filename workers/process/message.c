/* Writing messages: a buffer that grows, and a stack of the maps and arrays that have begun.
 *
 * While a map or an array is open, the places of its elements wait in a stack that all open ones share; its end writes them behind the
 * elements. A message that has failed once stays as it is until it is cleared. */
#include "process/message.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/handle.h"
#include "process/memory_file.h"

#include <stdio.h>

enum { FIRST_CAPACITY = 256, FIRST_PLACES = 32, SENTENCE_SIZE = 512 };

/* A map or an array that has begun. */
typedef struct frame {
    size_t start;       /* its offset in the bytes */
    size_t first_place; /* of its elements, in the places */
    bh_message_type type;
} frame;

typedef struct bh__writer {
    unsigned char *bytes;
    size_t size, capacity;
    uint32_t *places; /* of the elements of what is open */
    size_t place_count, place_capacity;
    frame frames[BH_MESSAGE_MAX_DEPTH];
    int depth;
    bool implicit;    /* the outermost map began with the first key, and ends with the message */
    bool complete;    /* the bytes were lent */
    bh_status failed; /* the first failure, and what it said */
    char sentence[SENTENCE_SIZE];
} bh__writer;

static bh__writer *check(const bh_message *message, const char *call)
{
    return bh__process_check(message, BH__PROCESS_MESSAGE, call, "message");
}

/* Reports, and keeps the failure in the message. The error hook may destroy or clear the message. */
__attribute__((format(printf, 4, 5))) static bh_status fail(bh_message *message, bh_status status, const char *call,
                                                            const char *format, ...)
{
    bh__writer *writer = bh__process_payload(message, BH__PROCESS_MESSAGE);
    writer->failed = status;
    va_list arguments;
    va_start(arguments, format);
    bh__fail_va(status, call, format, arguments);
    va_end(arguments);
    writer = bh__process_payload(message, BH__PROCESS_MESSAGE);
    if (writer)
        bh__copy_text(writer->sentence, sizeof writer->sentence, bh_last_error());
    return bh__last_status();
}

static void empty(bh__writer *writer)
{
    writer->size = BH__MESSAGE_HEADER;
    writer->place_count = 0;
    writer->depth = 0;
    writer->implicit = false;
    writer->complete = false;
    writer->failed = BH_OK;
    writer->sentence[0] = 0;
}

bh_message *bh__message_create(const char *call)
{
    bh__writer *writer = bh__calloc(1, sizeof *writer);
    unsigned char *bytes = bh__calloc(1, FIRST_CAPACITY);
    bh_message *message = NULL;
    if (!writer || !bytes)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more bh_message");
    else
        message = bh__process_handle_create(BH__PROCESS_MESSAGE, writer, call);
    if (!message) {
        bh__free(writer);
        bh__free(bytes);
        return NULL;
    }
    static const unsigned char begin[] = {'B', 'H', 'M', BH__MESSAGE_VERSION};
    memcpy(bytes, begin, sizeof begin);
    writer->bytes = bytes;
    writer->capacity = FIRST_CAPACITY;
    empty(writer);
    return message;
}

bh_message *(bh_message_create)(void)
{
    return bh__message_create("bh_message_create");
}

bh_status(bh_message_destroy)(bh_message *message)
{
    if (!message)
        return BH_OK;
    bh__writer *writer = check(message, "bh_message_destroy");
    if (!writer)
        return bh__last_status();
    if (!bh__process_handle_destroy(message, BH__PROCESS_MESSAGE))
        return bh__fail(BH_ERROR_STALE, "bh_message_destroy",
                        "message is gone: another thread has destroyed it during this call");
    bh__free(writer->bytes);
    bh__free(writer->places);
    bh__free(writer);
    return BH_OK;
}

bh_status(bh_message_clear)(bh_message *message)
{
    bh__writer *writer = check(message, "bh_message_clear");
    if (!writer)
        return bh__last_status();
    empty(writer);
    return BH_OK;
}

/* Room for SIZE bytes more, a multiple of 8, which are then part of the message. NULL after having reported. */
static unsigned char *extend(bh_message *message, bh__writer *writer, const char *call, uint64_t size)
{
    if (size > BH_MESSAGE_MAX_SIZE - writer->size) {
        fail(message, BH_ERROR_RANGE, call, "with %llu bytes more the message would be larger than %llu: send it in parts",
             (unsigned long long)size, (unsigned long long)BH_MESSAGE_MAX_SIZE);
        return NULL;
    }
    size_t needed = writer->size + (size_t)size;
    size_t capacity = writer->capacity;
    while (capacity < needed)
        capacity *= 2;
    unsigned char *bytes = capacity > writer->capacity ? bh__realloc(writer->bytes, capacity) : writer->bytes;
    if (!bytes) {
        fail(message, BH_ERROR_MEMORY, call, "no memory for a message of %zu bytes", needed);
        return NULL;
    }
    if (capacity > writer->capacity)
        bh__memory_is_large(bytes, capacity);
    unsigned char *fresh = bytes + writer->size;
    writer->bytes = bytes;
    writer->capacity = capacity;
    writer->size = needed;
    return fresh;
}

/* Keeps the place of an element that is about to be added to the innermost map or array, if there is one. */
static bh_status keep_place(bh_message *message, bh__writer *writer, const char *call)
{
    if (!writer->depth)
        return BH_OK;
    if (writer->place_count == writer->place_capacity) {
        size_t capacity = writer->place_capacity ? 2 * writer->place_capacity : FIRST_PLACES;
        uint32_t *places = bh__realloc(writer->places, capacity * sizeof *places);
        if (!places)
            return fail(message, BH_ERROR_MEMORY, call, "no memory for %zu elements", capacity);
        writer->places = places;
        writer->place_capacity = capacity;
    }
    size_t offset = writer->size - writer->frames[writer->depth - 1].start;
    writer->places[writer->place_count++] = (uint32_t)(offset / BH__MESSAGE_UNIT);
    return BH_OK;
}

static bh_status append(bh_message *message, bh__writer *writer, const char *call, bh__message_value value)
{
    uint64_t filled = BH__MESSAGE_UNIT + value.size;
    uint64_t whole = bh__message_padded(filled);
    unsigned char *at = extend(message, writer, call, whole);
    if (!at)
        return bh__last_status();
    uint64_t head = value.length << 8 | (uint64_t)value.type;
    memcpy(at, &head, sizeof head);
    if (value.payload)
        memcpy(at + BH__MESSAGE_UNIT, value.payload, (size_t)value.size);
    memset(at + filled, 0, (size_t)(whole - filled));
    return BH_OK;
}

static bh_status append_text(bh_message *message, bh__writer *writer, const char *call, const char *text, bool is_key)
{
    size_t size = strlen(text);
    size_t good = bh__utf8_prefix(text, size);
    if (good < size)
        return fail(message, is_key ? BH_ERROR_NAME : BH_ERROR_RANGE, call,
                    "%s is no UTF-8: byte 0x%02X at %zu; for bytes of any kind there is bh_message_add_bytes",
                    is_key ? "key" : "text", (unsigned char)text[good], good);
    return append(message, writer, call, (bh__message_value){BH_MESSAGE_STRING, size, text, size + 1});
}

static bh_status open_frame(bh_message *message, bh__writer *writer, const char *call, bh_message_type type)
{
    if (writer->depth == BH_MESSAGE_MAX_DEPTH)
        return fail(message, BH_ERROR_RANGE, call, "%d maps and arrays inside each other are the most", BH_MESSAGE_MAX_DEPTH);
    size_t start = writer->size;
    uint64_t no_size_yet = 0;
    bh_status status = append(message, writer, call, (bh__message_value){type, 0, &no_size_yet, sizeof no_size_yet});
    if (!status)
        writer->frames[writer->depth++] = (frame){start, writer->place_count, type};
    return status;
}

/* Whether a value may come here, with this KEY or none. At the beginning a key opens the outermost map. */
static bh_status check_place(bh_message *message, bh__writer *writer, const char *call, const char *key)
{
    if (writer->complete)
        return fail(message, BH_ERROR_STATE, call,
                    "the message is complete since bh_message_data or bh_message_complete: begin a new one, or bh_message_clear "
                    "this one");
    if (!writer->depth && writer->size > BH__MESSAGE_HEADER)
        return fail(message, BH_ERROR_STATE, call, "the message has its value: begin with a map or an array for more than one");
    if (!writer->depth && key) {
        writer->implicit = true;
        return open_frame(message, writer, call, BH_MESSAGE_MAP);
    }
    if (!writer->depth)
        return BH_OK;
    bool in_map = writer->frames[writer->depth - 1].type == BH_MESSAGE_MAP;
    if (in_map && !key)
        return fail(message, BH_ERROR_NULL, call, "key is NULL: in a map each value has one");
    if (!in_map && key)
        return fail(message, BH_ERROR_STATE, call, "key is '%s', but in an array no value has one: pass NULL", key);
    return BH_OK;
}

/* All that comes before a value: is it allowed, where is it, under which key? */
static bh_status enter(bh_message *message, const char *call, const char *key, bh__writer **writer)
{
    *writer = check(message, call);
    if (!*writer)
        return bh__last_status();
    bh_status status = (*writer)->failed;
    if (!status)
        status = check_place(message, *writer, call, key);
    if (!status)
        status = keep_place(message, *writer, call);
    if (!status && key)
        status = append_text(message, *writer, call, key, true);
    return status;
}

static bh_status too_many(bh_message *message, const char *call, size_t count)
{
    return fail(message, BH_ERROR_RANGE, call, "%zu are more than fit into a message of %llu bytes: send them in parts", count,
                (unsigned long long)BH_MESSAGE_MAX_SIZE);
}

bh_status bh__message_add(bh_message *message, const char *call, const char *key, bh__message_value value)
{
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    return status ? status : append(message, writer, call, value);
}

bh_status bh__message_add_many(bh_message *message, const char *call, const char *key, bh_message_type type, const void *from,
                               size_t count)
{
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    if (status)
        return status;
    if (!from && count)
        return fail(message, BH_ERROR_NULL, call, "%s is NULL, but there should be %zu",
                    type == BH_MESSAGE_BYTES ? "bytes" : "numbers", count);
    if (count > BH_MESSAGE_MAX_SIZE)
        return too_many(message, call, count);
    return append(message, writer, call, (bh__message_value){type, count, from, bh__message_payload_size(type, count)});
}

bh_status(bh_message_add_room)(bh_message *message, const char *key, size_t size, void **bytes)
{
    static const char call[] = "bh_message_add_room";
    if (bytes)
        *bytes = NULL;
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    if (status)
        return status;
    if (!bytes)
        return fail(message, BH_ERROR_NULL, call, "bytes is NULL: pass the address of a pointer");
    if (size > BH_MESSAGE_MAX_SIZE)
        return too_many(message, call, size);
    status = append(message, writer, call, (bh__message_value){BH_MESSAGE_BYTES, size, NULL, size});
    if (!status)
        *bytes = writer->bytes + writer->size - bh__message_padded(size);
    return status;
}

bh_status(bh_message_add_view)(bh_message *message, const char *key, bh_message_view view)
{
    static const char call[] = "bh_message_add_view";
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    if (status)
        return status;
    if (!view.value)
        return fail(message, BH_ERROR_NULL, call, "view is no value: bh_message_add_null says that there is none");
    if (writer->depth + bh__message_depth(view.value) > BH_MESSAGE_MAX_DEPTH)
        return fail(message, BH_ERROR_RANGE, call, "%d maps and arrays inside each other are the most", BH_MESSAGE_MAX_DEPTH);
    uint64_t size = bh__message_value_size(view.value);
    unsigned char *at = extend(message, writer, call, size);
    if (!at)
        return bh__last_status();
    memcpy(at, view.value, (size_t)size);
    return BH_OK;
}

bh_status bh__message_add_string(bh_message *message, const char *call, const char *key, const char *text)
{
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    if (status)
        return status;
    if (!text)
        return fail(message, BH_ERROR_NULL, call, "text is NULL: bh_message_add_null says that there is none");
    return append_text(message, writer, call, text, false);
}

bh_status bh__message_begin(bh_message *message, const char *call, const char *key, bh_message_type type)
{
    bh__writer *writer;
    bh_status status = enter(message, call, key, &writer);
    return status ? status : open_frame(message, writer, call, type);
}

/* The keys of a map that ends, for sorting. */
typedef struct keys {
    const unsigned char *map;
    const uint32_t *places;
    uint32_t *order;
} keys;

static const char *key_at(const keys *of, size_t rank)
{
    return (const char *)bh__message_payload(of->map + (size_t)of->places[of->order[rank]] * BH__MESSAGE_UNIT);
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_down(const keys *of, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && strcmp(key_at(of, child), key_at(of, child + 1)) < 0)
            child++;
        if (strcmp(key_at(of, root), key_at(of, child)) >= 0)
            return;
        swap(&of->order[root], &of->order[child]);
    }
}

/* Heapsort: no memory, and no input that makes it slow. */
static void sort_keys(const keys *of, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift_down(of, root, count);
    for (size_t last = count; last-- > 1;) {
        swap(&of->order[0], &of->order[last]);
        sift_down(of, 0, last);
    }
}

static bh_status order_keys(bh_message *message, const char *call, const keys *of, size_t count)
{
    for (size_t i = 0; i < count; i++)
        of->order[i] = (uint32_t)i;
    sort_keys(of, count);
    for (size_t i = 1; i < count; i++)
        if (!strcmp(key_at(of, i - 1), key_at(of, i)))
            return fail(message, BH_ERROR_EXISTS, call, "key '%s' was added twice to one map", key_at(of, i));
    return BH_OK;
}

static bh_status close_frame(bh_message *message, bh__writer *writer, const char *call)
{
    frame closed = writer->frames[--writer->depth];
    size_t count = writer->place_count - closed.first_place;
    uint64_t tables = bh__message_tables_size(closed.type, count);
    unsigned char *at = extend(message, writer, call, tables);
    if (!at)
        return bh__last_status();
    unsigned char *start = writer->bytes + closed.start;
    uint64_t head = (uint64_t)count << 8 | (uint64_t)closed.type;
    uint64_t size = writer->size - closed.start;
    memcpy(start, &head, sizeof head);
    memcpy(start + sizeof head, &size, sizeof size);
    memset(at, 0, (size_t)tables);
    if (count)
        memcpy(at, writer->places + closed.first_place, count * sizeof(uint32_t));
    writer->place_count = closed.first_place;
    if (closed.type == BH_MESSAGE_ARRAY)
        return BH_OK;
    uint32_t *table = (uint32_t *)(void *)at;
    keys of = {start, table, table + count};
    return order_keys(message, call, &of, count);
}

bh_status bh__message_end(bh_message *message, const char *call)
{
    bh__writer *writer = check(message, call);
    if (!writer)
        return bh__last_status();
    if (writer->failed)
        return writer->failed;
    if (writer->depth <= writer->implicit)
        return fail(message, BH_ERROR_STATE, call,
                    writer->implicit ? "nothing has begun that could end: the outermost map ends with the message"
                                     : "nothing has begun that could end");
    return close_frame(message, writer, call);
}

/* Ends what ends by itself, and sees to it that all else has ended. */
static bh_status complete(bh_message *message, bh__writer *writer, const char *call)
{
    bh_status status = BH_OK;
    if (writer->size == BH__MESSAGE_HEADER) {
        writer->implicit = true;
        status = open_frame(message, writer, call, BH_MESSAGE_MAP);
    }
    if (!status && writer->depth > writer->implicit)
        return fail(message, BH_ERROR_STATE, call, "%d of the maps and arrays that have begun did not end: bh_message_end",
                    writer->depth - writer->implicit);
    if (!status && writer->depth)
        status = close_frame(message, writer, call);
    if (status)
        return status;
    uint64_t size = writer->size;
    memcpy(writer->bytes + BH__MESSAGE_UNIT, &size, sizeof size);
    writer->complete = true;
    return BH_OK;
}

bh_status bh__message_data(bh_message *message, const char *call, const void **data, size_t *size)
{
    if (data)
        *data = NULL;
    if (size)
        *size = 0;
    bh__writer *writer = check(message, call);
    if (!writer)
        return bh__last_status();
    if (!data || !size)
        return bh__fail(BH_ERROR_NULL, call, "%s is NULL: where should it go?", data ? "size" : "data");
    if (writer->failed)
        return bh__fail(writer->failed, call, "an earlier call has failed: %s", writer->sentence);
    bh_status status = writer->complete ? BH_OK : complete(message, writer, call);
    if (status)
        return status;
    *data = writer->bytes;
    *size = writer->size;
    return BH_OK;
}
