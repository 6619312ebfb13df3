/* Sentences and text: what went wrong, and bytes of a file as something that can be shown. */
#include "jobs/table/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bh_status table__fail(table_error *error, bh_status status, uint64_t line, const char *format, ...)
{
    char text[sizeof error->text];
    va_list values;
    if (!error)
        return status;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    error->status = status;
    error->line = line;
    table_clean(error->text, sizeof error->text, text, strlen(text));
    return status;
}

/* Bytes of the character at AT, of which LEFT > 0 are there; 0 if it is none. */
static size_t character(const unsigned char *at, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0;
    if (size < 2)
        return size;
    if (size > left)
        return 0;
    uint32_t code = at[0] & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3F);
    }
    return code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : size;
}

bool table__is_utf8(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    for (size_t i = 0, size; i < length; i += size) {
        size = character(at + i, length - i);
        if (!size)
            return false;
    }
    return true;
}

/* What stands for the character of SIZE bytes at AT. */
static const char *stand_in(const unsigned char *at, size_t size)
{
    if (*at == '\n' || *at == '\r' || *at == '\t')
        return " ";
    bool control = *at < 0x20 || *at == 0x7F || (size == 2 && *at == 0xC2 && at[1] < 0xA0);
    return size && !control ? NULL : "\xEF\xBF\xBD";
}

void table_clean(char *out, size_t size, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    for (size_t i = 0; i < length;) {
        size_t step = character(at + i, length - i);
        const char *other = stand_in(at + i, step);
        const char *from = other ? other : text + i;
        size_t more = other ? strlen(other) : step;
        if (used + more >= size)
            break;
        memcpy(out + used, from, more);
        used += more;
        i += step ? step : 1;
    }
    if (size)
        out[used] = 0;
}

bool table__is_missing(const char *text, size_t length)
{
    static const char *const words[] = {"NA",   "N/A",  "n/a",  "nan", "NaN",     "NAN",     "null",     "NULL",
                                        "Null", "None", "none", "?",   "#N/A",    "#NA",     "#N/A N/A", "<NA>",
                                        "-nan", "-NaN", ".",    "-",   "-1.#IND", "1.#QNAN", "1.#IND",   "-1.#QNAN"};
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    if (length == 0)
        return true;
    if (length > 8 || !strchr("Nn?#<-.1", *text))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
            return true;
    return false;
}

char *table__copy(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}
