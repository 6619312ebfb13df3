/* One function for each type that can be added to a message. */
#include "process/message.h"

#include "base/status.h"

static bh_status add_word(bh_message *message, const char *call, const char *key, bh_message_type type, const void *word)
{
    return bh__message_add(message, call, key, (bh__message_value){type, 0, word, sizeof(uint64_t)});
}

bh_status(bh_message_add_null)(bh_message *message, const char *key)
{
    return bh__message_add(message, "bh_message_add_null", key, (bh__message_value){BH_MESSAGE_NULL, 0, NULL, 0});
}

bh_status(bh_message_add_bool)(bh_message *message, const char *key, bool value)
{
    return bh__message_add(message, "bh_message_add_bool", key, (bh__message_value){BH_MESSAGE_BOOL, value, NULL, 0});
}

bh_status(bh_message_add_int)(bh_message *message, const char *key, int64_t value)
{
    return add_word(message, "bh_message_add_int", key, BH_MESSAGE_INT, &value);
}

bh_status(bh_message_add_uint)(bh_message *message, const char *key, uint64_t value)
{
    bh_message_type type = value > INT64_MAX ? BH_MESSAGE_UINT : BH_MESSAGE_INT; /* one way to write a number */
    return add_word(message, "bh_message_add_uint", key, type, &value);
}

bh_status(bh_message_add_double)(bh_message *message, const char *key, double value)
{
    return add_word(message, "bh_message_add_double", key, BH_MESSAGE_DOUBLE, &value);
}

bh_status(bh_message_add_string)(bh_message *message, const char *key, const char *text)
{
    return bh__message_add_string(message, "bh_message_add_string", key, text);
}

bh_status(bh_message_add_bytes)(bh_message *message, const char *key, const void *bytes, size_t size)
{
    return bh__message_add_many(message, "bh_message_add_bytes", key, BH_MESSAGE_BYTES, bytes, size);
}

bh_status(bh_message_add_ints)(bh_message *message, const char *key, const int64_t *numbers, size_t count)
{
    return bh__message_add_many(message, "bh_message_add_ints", key, BH_MESSAGE_INTS, numbers, count);
}

bh_status(bh_message_add_doubles)(bh_message *message, const char *key, const double *numbers, size_t count)
{
    return bh__message_add_many(message, "bh_message_add_doubles", key, BH_MESSAGE_DOUBLES, numbers, count);
}

bh_status(bh_message_add_floats)(bh_message *message, const char *key, const float *numbers, size_t count)
{
    return bh__message_add_many(message, "bh_message_add_floats", key, BH_MESSAGE_FLOATS, numbers, count);
}

bh_status(bh_message_begin_map)(bh_message *message, const char *key)
{
    return bh__message_begin(message, "bh_message_begin_map", key, BH_MESSAGE_MAP);
}

bh_status(bh_message_begin_array)(bh_message *message, const char *key)
{
    return bh__message_begin(message, "bh_message_begin_array", key, BH_MESSAGE_ARRAY);
}

bh_status(bh_message_end)(bh_message *message)
{
    return bh__message_end(message, "bh_message_end");
}

bh_status(bh_message_data)(bh_message *message, const void **data, size_t *size)
{
    return bh__message_data(message, "bh_message_data", data, size);
}

bh_status(bh_message_complete)(bh_message *message, bh_message_view *view)
{
    static const char call[] = "bh_message_complete";
    const void *data;
    size_t size;
    if (!view)
        return bh__fail(BH_ERROR_NULL, call, "view is NULL: where should it go?");
    view->value = NULL;
    bh_status status = bh__message_data(message, call, &data, &size);
    if (!status)
        view->value = (const unsigned char *)data + BH__MESSAGE_HEADER; /* what was written here needs no check */
    return status;
}
