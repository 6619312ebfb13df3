/* Reading messages that bh_message_open has checked: nothing here looks at bounds, but for an index of the caller's. */
#include "process/message.h"

#include "base/status.h"
#include "base/text.h"

enum { LOOK_ALIKES = 1000 }; /* keys of a large map that are compared for "did you mean" */

static const char *const type_names[BH__MESSAGE_TYPE_COUNT] = {
    [BH_MESSAGE_NOTHING] = "no value", [BH_MESSAGE_NULL] = "null",     [BH_MESSAGE_BOOL] = "a bool",
    [BH_MESSAGE_INT] = "an int",       [BH_MESSAGE_UINT] = "a uint",   [BH_MESSAGE_DOUBLE] = "a double",
    [BH_MESSAGE_STRING] = "a string",  [BH_MESSAGE_BYTES] = "bytes",   [BH_MESSAGE_INTS] = "ints",
    [BH_MESSAGE_DOUBLES] = "doubles",  [BH_MESSAGE_FLOATS] = "floats", [BH_MESSAGE_ARRAY] = "an array",
    [BH_MESSAGE_MAP] = "a map",
};

const char *bh_message_type_name(bh_message_type type)
{
    return (unsigned)type < BH__MESSAGE_TYPE_COUNT ? type_names[type] : "no type of a message";
}

bh_message_type bh_message_view_type(bh_message_view view)
{
    return view.value ? bh__message_type(view.value) : BH_MESSAGE_NOTHING;
}

size_t bh_message_view_count(bh_message_view view)
{
    bh_message_type type = bh_message_view_type(view);
    return type >= BH_MESSAGE_STRING ? (size_t)bh__message_length(view.value) : 0;
}

/* The value that belongs to a key. */
static const unsigned char *behind(const unsigned char *key)
{
    return key + bh__message_value_size(key);
}

bh_message_view(bh_message_view_at)(bh_message_view view, size_t index)
{
    static const char call[] = "bh_message_view_at";
    bh_message_type type = bh_message_view_type(view);
    size_t count = bh_message_view_count(view);
    if (!bh__message_nests(type))
        bh__fail(BH_ERROR_TYPE, call, "the view is %s, which has no elements%s", bh_message_type_name(type),
                 type >= BH_MESSAGE_INTS ? ": read its numbers, all at once" : "");
    else if (index >= count)
        bh__fail(BH_ERROR_RANGE, call, "element %zu of %s that has %zu", index, bh_message_type_name(type), count);
    else if (type == BH_MESSAGE_MAP)
        return (bh_message_view){behind(bh__message_element(view.value, index))};
    else
        return (bh_message_view){bh__message_element(view.value, index)};
    return (bh_message_view){NULL};
}

const char *(bh_message_view_key)(bh_message_view view, size_t index)
{
    static const char call[] = "bh_message_view_key";
    bh_message_type type = bh_message_view_type(view);
    size_t count = bh_message_view_count(view);
    if (type == BH_MESSAGE_MAP && index < count)
        return (const char *)bh__message_payload(bh__message_element(view.value, index));
    if (type == BH_MESSAGE_MAP)
        bh__fail(BH_ERROR_RANGE, call, "entry %zu of a map that has %zu", index, count);
    else
        bh__fail(BH_ERROR_TYPE, call, "the view is %s: only maps have keys", bh_message_type_name(type));
    return NULL;
}

/* Binary search for KEY in a map. */
static bh_message_view find(const void *map, const char *key)
{
    size_t low = 0, count = (size_t)bh__message_length(map), high = count;
    const uint32_t *order = bh__message_places(map) + count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const unsigned char *entry = bh__message_element(map, order[middle]);
        int compared = strcmp(key, (const char *)bh__message_payload(entry));
        if (!compared)
            return (bh_message_view){behind(entry)};
        if (compared < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return (bh_message_view){NULL};
}

static bh_status no_map(bh_message_view view, const char *key, const char *call)
{
    return bh__fail(BH_ERROR_TYPE, call, "'%s' is looked for in %s: only maps have keys", key,
                    bh_message_type_name(bh_message_view_type(view)));
}

bh_message_view(bh_message_view_find)(bh_message_view view, const char *key)
{
    static const char call[] = "bh_message_view_find";
    bh_message_type type = bh_message_view_type(view);
    if (!key)
        bh__fail(BH_ERROR_NULL, call, "key is NULL: which one is wanted?");
    else if (type == BH_MESSAGE_MAP)
        return find(view.value, key);
    else if (type != BH_MESSAGE_NOTHING)
        no_map(view, key, call);
    return (bh_message_view){NULL};
}

static bh_status missing(bh_message_view map, const char *key, const char *call)
{
    bh__nearest nearest;
    char hint[128];
    size_t count = bh_message_view_count(map);
    bh__nearest_begin(&nearest, key);
    for (size_t i = 0; i < count && i < LOOK_ALIKES; i++)
        bh__nearest_offer(&nearest, (const char *)bh__message_payload(bh__message_element(map.value, i)));
    return bh__fail(BH_ERROR_NAME, call, "there is no key '%s' among %zu%s", key, count,
                    bh__nearest_hint(&nearest, hint, sizeof hint));
}

/* What a reading function is after: its own name, and the key or NULL. */
typedef struct wanted {
    const char *call, *key;
    bh_message_view found;
} wanted;

/* The value that must be there. OUT is where the result will go. */
static bh_status seek(bh_message_view view, wanted *want, const void *out)
{
    bh_message_type type = bh_message_view_type(view);
    if (!out)
        return bh__fail(BH_ERROR_NULL, want->call, "the place for the result is NULL");
    if (type == BH_MESSAGE_NOTHING)
        return bh__fail(BH_ERROR_NULL, want->call, "the view is no value%s%s%s: nothing was found or opened before",
                        want->key ? ", and '" : "", want->key ? want->key : "", want->key ? "' is looked for in it" : "");
    if (want->key && type != BH_MESSAGE_MAP)
        return no_map(view, want->key, want->call);
    want->found = want->key ? find(view.value, want->key) : view;
    return want->found.value ? BH_OK : missing(view, want->key, want->call);
}

/* The value that may be missing; no value if it is, or is null. */
static void seek_optional(bh_message_view view, wanted *want)
{
    bh_message_type type = bh_message_view_type(view);
    want->found = (bh_message_view){NULL};
    if (!want->key)
        want->found = view;
    else if (type == BH_MESSAGE_MAP)
        want->found = find(view.value, want->key);
    else if (type != BH_MESSAGE_NOTHING)
        no_map(view, want->key, want->call);
    if (bh_message_view_type(want->found) == BH_MESSAGE_NULL)
        want->found.value = NULL;
}

static const char *quote(const wanted *want)
{
    return want->key ? "'" : "";
}

static const char *name(const wanted *want)
{
    return want->key ? want->key : "the value";
}

static bh_status unlike(const wanted *want, bh_message_type type)
{
    return bh__fail(BH_ERROR_TYPE, want->call, "%s%s%s is %s, not %s", quote(want), name(want), quote(want),
                    bh_message_type_name(bh_message_view_type(want->found)), bh_message_type_name(type));
}

static bh_status as_bool(const wanted *want, bool *value)
{
    if (bh_message_view_type(want->found) != BH_MESSAGE_BOOL)
        return unlike(want, BH_MESSAGE_BOOL);
    *value = bh__message_length(want->found.value) != 0;
    return BH_OK;
}

static int64_t signed_word(bh_message_view view)
{
    int64_t word;
    memcpy(&word, bh__message_payload(view.value), sizeof word);
    return word;
}

static uint64_t unsigned_word(bh_message_view view)
{
    return bh__message_word(bh__message_payload(view.value));
}

static bh_status as_int(const wanted *want, int64_t *value)
{
    bh_message_type type = bh_message_view_type(want->found);
    if (type == BH_MESSAGE_UINT)
        return bh__fail(BH_ERROR_RANGE, want->call, "%s%s%s is %llu, which is more than an int64_t can be", quote(want),
                        name(want), quote(want), (unsigned long long)unsigned_word(want->found));
    if (type != BH_MESSAGE_INT)
        return unlike(want, BH_MESSAGE_INT);
    *value = signed_word(want->found);
    return BH_OK;
}

static bh_status as_uint(const wanted *want, uint64_t *value)
{
    bh_message_type type = bh_message_view_type(want->found);
    if (type != BH_MESSAGE_INT && type != BH_MESSAGE_UINT)
        return unlike(want, BH_MESSAGE_UINT);
    if (type == BH_MESSAGE_INT && signed_word(want->found) < 0)
        return bh__fail(BH_ERROR_RANGE, want->call, "%s%s%s is %lld, which is less than 0", quote(want), name(want), quote(want),
                        (long long)signed_word(want->found));
    *value = unsigned_word(want->found);
    return BH_OK;
}

static const double two_to_63 = 9223372036854775808.0;

/* Integers that a double can hold. 2^63 and 2^64 themselves are no integers of these types, but what large ones may round to. */
static bh_status exact(const wanted *want, double *value)
{
    bool negative = bh_message_view_type(want->found) == BH_MESSAGE_INT && signed_word(want->found) < 0;
    double rounded = negative ? (double)signed_word(want->found) : (double)unsigned_word(want->found);
    bool fits = negative ? (int64_t)rounded == signed_word(want->found)
                         : rounded < 2 * two_to_63 && (uint64_t)rounded == unsigned_word(want->found);
    if (!fits)
        return bh__fail(BH_ERROR_RANGE, want->call, "%s%s%s is %s%llu, which no double holds exactly", quote(want), name(want),
                        quote(want), negative ? "-" : "",
                        (unsigned long long)(negative ? 0 - unsigned_word(want->found) : unsigned_word(want->found)));
    *value = rounded;
    return BH_OK;
}

static bh_status as_double(const wanted *want, double *value)
{
    bh_message_type type = bh_message_view_type(want->found);
    if (type == BH_MESSAGE_INT || type == BH_MESSAGE_UINT)
        return exact(want, value);
    if (type != BH_MESSAGE_DOUBLE)
        return unlike(want, BH_MESSAGE_DOUBLE);
    memcpy(value, bh__message_payload(want->found.value), sizeof *value);
    return BH_OK;
}

static bh_status as_string(const wanted *want, const char **text)
{
    if (bh_message_view_type(want->found) != BH_MESSAGE_STRING)
        return unlike(want, BH_MESSAGE_STRING);
    *text = (const char *)bh__message_payload(want->found.value);
    return BH_OK;
}

bh_status(bh_message_read_bool)(bh_message_view view, const char *key, bool *value)
{
    wanted want = {"bh_message_read_bool", key, {NULL}};
    if (value)
        *value = false;
    bh_status status = seek(view, &want, value);
    return status ? status : as_bool(&want, value);
}

bh_status(bh_message_read_int)(bh_message_view view, const char *key, int64_t *value)
{
    wanted want = {"bh_message_read_int", key, {NULL}};
    if (value)
        *value = 0;
    bh_status status = seek(view, &want, value);
    return status ? status : as_int(&want, value);
}

bh_status(bh_message_read_uint)(bh_message_view view, const char *key, uint64_t *value)
{
    wanted want = {"bh_message_read_uint", key, {NULL}};
    if (value)
        *value = 0;
    bh_status status = seek(view, &want, value);
    return status ? status : as_uint(&want, value);
}

bh_status(bh_message_read_double)(bh_message_view view, const char *key, double *value)
{
    wanted want = {"bh_message_read_double", key, {NULL}};
    if (value)
        *value = 0;
    bh_status status = seek(view, &want, value);
    return status ? status : as_double(&want, value);
}

bh_status(bh_message_read_string)(bh_message_view view, const char *key, const char **text)
{
    wanted want = {"bh_message_read_string", key, {NULL}};
    if (text)
        *text = NULL;
    bh_status status = seek(view, &want, text);
    return status ? status : as_string(&want, text);
}

/* Bytes and numbers, which lie in a row. */
static bh_status read_many(bh_message_view view, wanted *want, bh_message_type type, const void **first, size_t *count)
{
    if (count)
        *count = 0;
    bh_status status = seek(view, want, count ? (const void *)first : NULL);
    if (status)
        return status;
    if (bh_message_view_type(want->found) != type)
        return unlike(want, type);
    *first = bh__message_payload(want->found.value);
    *count = bh_message_view_count(want->found);
    return BH_OK;
}

bh_status(bh_message_read_bytes)(bh_message_view view, const char *key, const void **bytes, size_t *size)
{
    wanted want = {"bh_message_read_bytes", key, {NULL}};
    if (bytes)
        *bytes = NULL;
    return read_many(view, &want, BH_MESSAGE_BYTES, bytes, size);
}

bh_status(bh_message_read_ints)(bh_message_view view, const char *key, const int64_t **numbers, size_t *count)
{
    wanted want = {"bh_message_read_ints", key, {NULL}};
    const void *first = NULL;
    bh_status status = read_many(view, &want, BH_MESSAGE_INTS, numbers ? &first : NULL, count);
    if (numbers)
        *numbers = first;
    return status;
}

bh_status(bh_message_read_doubles)(bh_message_view view, const char *key, const double **numbers, size_t *count)
{
    wanted want = {"bh_message_read_doubles", key, {NULL}};
    const void *first = NULL;
    bh_status status = read_many(view, &want, BH_MESSAGE_DOUBLES, numbers ? &first : NULL, count);
    if (numbers)
        *numbers = first;
    return status;
}

bh_status(bh_message_read_floats)(bh_message_view view, const char *key, const float **numbers, size_t *count)
{
    wanted want = {"bh_message_read_floats", key, {NULL}};
    const void *first = NULL;
    bh_status status = read_many(view, &want, BH_MESSAGE_FLOATS, numbers ? &first : NULL, count);
    if (numbers)
        *numbers = first;
    return status;
}

bool(bh_message_get_bool)(bh_message_view view, const char *key, bool fallback)
{
    wanted want = {"bh_message_get_bool", key, {NULL}};
    bool value = false;
    seek_optional(view, &want);
    return want.found.value && !as_bool(&want, &value) ? value : fallback;
}

int64_t(bh_message_get_int)(bh_message_view view, const char *key, int64_t fallback)
{
    wanted want = {"bh_message_get_int", key, {NULL}};
    int64_t value = 0;
    seek_optional(view, &want);
    return want.found.value && !as_int(&want, &value) ? value : fallback;
}

uint64_t(bh_message_get_uint)(bh_message_view view, const char *key, uint64_t fallback)
{
    wanted want = {"bh_message_get_uint", key, {NULL}};
    uint64_t value = 0;
    seek_optional(view, &want);
    return want.found.value && !as_uint(&want, &value) ? value : fallback;
}

double(bh_message_get_double)(bh_message_view view, const char *key, double fallback)
{
    wanted want = {"bh_message_get_double", key, {NULL}};
    double value = 0;
    seek_optional(view, &want);
    return want.found.value && !as_double(&want, &value) ? value : fallback;
}

const char *(bh_message_get_string)(bh_message_view view, const char *key, const char *fallback)
{
    wanted want = {"bh_message_get_string", key, {NULL}};
    const char *text = NULL;
    seek_optional(view, &want);
    return want.found.value && !as_string(&want, &text) ? text : fallback;
}
