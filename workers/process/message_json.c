/* A message as JSON, on one line. */
#include "process/message.h"

#include "base/memory.h"
#include "base/status.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 256, NUMBER_SIZE = 40 };

/* Text that grows. Without memory it stays as it is, and says so at the end. */
typedef struct text {
    char *bytes;
    size_t size, capacity;
    bool failed;
} text;

/* Room for SIZE bytes more; NULL without memory. */
static char *extend(text *out, size_t size)
{
    size_t capacity = out->capacity ? out->capacity : FIRST_CAPACITY;
    while (capacity - out->size < size)
        capacity *= 2;
    if (capacity > out->capacity && !out->failed) {
        char *bytes = bh__realloc(out->bytes, capacity);
        out->failed = !bytes;
        out->bytes = bytes ? bytes : out->bytes;
        out->capacity = bytes ? capacity : out->capacity;
    }
    if (out->failed)
        return NULL;
    out->size += size;
    return out->bytes + out->size - size;
}

static void put(text *out, const char *bytes, size_t size)
{
    char *at = extend(out, size);
    if (at)
        memcpy(at, bytes, size);
}

static void put_text(text *out, const char *from)
{
    put(out, from, strlen(from));
}

/* Quoted; UTF-8 stays as it is. What needs no escape goes out in one piece. */
static void put_string(text *out, const char *from)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    put(out, "\"", 1);
    for (;;) {
        size_t plain = 0;
        while ((unsigned char)from[plain] >= 0x20 && from[plain] != '"' && from[plain] != '\\')
            plain++;
        put(out, from, plain);
        from += plain;
        if (!*from)
            break;
        char escape[12];
        const char *known = strchr(named, *from);
        if (known)
            snprintf(escape, sizeof escape, "\\%c", letters[known - named]);
        else
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*from);
        put_text(out, escape);
        from++;
    }
    put(out, "\"", 1);
}

/* As many digits as the number needs to read back as the same, from LEAST to MOST; FLOATING: as a float. Runs in the C locale, so a point is a point. */
static void put_real(text *out, double number, int least, int most, bool floating)
{
    char digits[NUMBER_SIZE];
    if (!isfinite(number)) {
        put_text(out, "null");
        return;
    }
    for (int count = least; count <= most; count++) {
        snprintf(digits, sizeof digits, "%.*g", count, number);
        if (floating ? strtof(digits, NULL) == (float)number : strtod(digits, NULL) == number)
            break;
    }
    put_text(out, digits);
    if (!strpbrk(digits, ".e"))
        put(out, ".0", 2);
}

static void put_double(text *out, double number)
{
    put_real(out, number, 15, 17, false);
}

static void put_integer(text *out, const void *at, bool is_signed)
{
    char digits[NUMBER_SIZE];
    int64_t number;
    memcpy(&number, at, sizeof number);
    if (is_signed)
        snprintf(digits, sizeof digits, "%lld", (long long)number);
    else
        snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    put_text(out, digits);
}

static void put_base64(text *out, const unsigned char *bytes, size_t size)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    put(out, "\"", 1);
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        unsigned group = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0u);
        char four[4] = {letters[group >> 18], letters[group >> 12 & 63], letters[group >> 6 & 63], letters[group & 63]};
        if (left < 3)
            four[3] = '=';
        if (left < 2)
            four[2] = '=';
        put(out, four, sizeof four);
    }
    put(out, "\"", 1);
}

static void put_numbers(text *out, bh_message_view view)
{
    const unsigned char *numbers = bh__message_payload(view.value);
    bh_message_type type = bh_message_view_type(view);
    size_t count = bh_message_view_count(view);
    put(out, "[", 1);
    for (size_t i = 0; i < count && !out->failed; i++) {
        if (i)
            put(out, ",", 1);
        if (type == BH_MESSAGE_INTS)
            put_integer(out, numbers + i * sizeof(int64_t), true);
        else if (type == BH_MESSAGE_DOUBLES)
            put_double(out, ((const double *)(const void *)numbers)[i]);
        else
            put_real(out, ((const float *)(const void *)numbers)[i], 6, 9, true);
    }
    put(out, "]", 1);
}

static void put_value(text *out, bh_message_view view);

static void put_elements(text *out, bh_message_view view)
{
    bool map = bh_message_view_type(view) == BH_MESSAGE_MAP;
    size_t count = bh_message_view_count(view);
    put(out, map ? "{" : "[", 1);
    for (size_t i = 0; i < count && !out->failed; i++) {
        if (i)
            put(out, ",", 1);
        if (map) {
            put_string(out, (bh_message_view_key)(view, i));
            put(out, ":", 1);
        }
        put_value(out, (bh_message_view_at)(view, i));
    }
    put(out, map ? "}" : "]", 1);
}

static void put_value(text *out, bh_message_view view)
{
    const unsigned char *payload = bh__message_payload(view.value);
    switch (bh_message_view_type(view)) {
    case BH_MESSAGE_NOTHING:
    case BH_MESSAGE_NULL:
        put_text(out, "null");
        break;
    case BH_MESSAGE_BOOL:
        put_text(out, bh__message_length(view.value) ? "true" : "false");
        break;
    case BH_MESSAGE_INT:
    case BH_MESSAGE_UINT:
        put_integer(out, payload, bh_message_view_type(view) == BH_MESSAGE_INT);
        break;
    case BH_MESSAGE_DOUBLE:
        put_double(out, *(const double *)(const void *)payload);
        break;
    case BH_MESSAGE_STRING:
        put_string(out, (const char *)payload);
        break;
    case BH_MESSAGE_BYTES:
        put_base64(out, payload, bh_message_view_count(view));
        break;
    case BH_MESSAGE_INTS:
    case BH_MESSAGE_DOUBLES:
    case BH_MESSAGE_FLOATS:
        put_numbers(out, view);
        break;
    case BH_MESSAGE_ARRAY:
    case BH_MESSAGE_MAP:
        put_elements(out, view);
        break;
    }
}

char *(bh_message_view_json)(bh_message_view view)
{
    static const char call[] = "bh_message_view_json";
    if (!view.value) {
        bh__fail(BH_ERROR_NULL, call, "the view is no value: nothing was found or opened before");
        return NULL;
    }
    text out = {NULL, 0, 0, false};
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = plain ? uselocale(plain) : (locale_t)0;
    if (plain)
        put_value(&out, view);
    put(&out, "", 1);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    if (!plain || out.failed) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for the text, of which %zu bytes were written", out.size);
        bh__free(out.bytes);
        return NULL;
    }
    return out.bytes;
}
