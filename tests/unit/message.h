/* For tests of messages. */
#ifndef TEST_MESSAGE_H
#define TEST_MESSAGE_H

#include "heard.h"

#include <bulkhead/message.h>
#include <stdlib.h>

/* Completes the message, whose bytes are one. */
static inline bh_message_view view_of(bh_message *message)
{
    const void *data;
    size_t size;
    bh_message_view view, opened;
    assert_int_equal(bh_message_complete(message, &view), BH_OK);
    assert_int_equal(bh_message_data(message, &data, &size), BH_OK);
    assert_int_equal(bh_message_open(data, size, &opened), BH_OK);
    assert_ptr_equal(view.value, opened.value);
    return view;
}

/* The value as JSON is TEXT. */
static inline void check_json(bh_message_view view, const char *text, const char *file, int line)
{
    char *json = bh_message_view_json(view);
    if (!json || strcmp(json, text) != 0) {
        print_error("%s, expected %s\n", json ? json : "no text", text);
        _fail(file, line);
    }
    bh_free(json);
}

#define assert_json(view, text) check_json(view, text, __FILE__, __LINE__)

#endif
