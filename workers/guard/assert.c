/* Failed assertions: up to the nearest entry guard, or the end of the program where there is none. */
#include "core/door.h"

#include <bulkhead/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bh_assertion_failed(const char *expression, const char *function, const char *location, const char *format, ...)
{
    char text[1024];
    snprintf(text, sizeof text, "assertion failed: %s", expression ? expression : "?");
    if (format) {
        size_t used = strlen(text);
        va_list arguments;
        va_start(arguments, format);
        used += (size_t)snprintf(text + used, sizeof text - used, ": ");
        if (used < sizeof text)
            vsnprintf(text + used, sizeof text - used, format, arguments);
        va_end(arguments);
    }
    bh__clean_text(text);
    function = function ? function : "?";
    location = location ? location : "";
    bh__door_throw_assertion(text, function, location);
    fprintf(stderr, "bulkhead: %s: %s: %s; there is no entry guard here: the program aborts\n", location, function, text);
    abort();
}
