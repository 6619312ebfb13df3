/* Reading for a sanitizer to see. */
#ifndef FUZZ_TOUCH_H
#define FUZZ_TOUCH_H

#include <stddef.h>

static volatile unsigned char sink; /* so that the reading is not left out */

/* Reads all of it. */
static inline void touch(const void *bytes, size_t size)
{
    unsigned char sum = 0;
    for (size_t i = 0; i < size; i++)
        sum = (unsigned char)(sum + ((const unsigned char *)bytes)[i]);
    sink = sum;
}

#endif
