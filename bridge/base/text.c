/* Copying, appending, and the nearest name for "did you mean". */
#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_NAME = 63 };

void bh__copy_text(char *out, size_t size, const char *text)
{
    size_t length = text ? strnlen(text, size) : 0;
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    if (length)
        memcpy(out, text, length);
    out[length] = 0;
}

/* Bytes of the UTF-8 character at TEXT; 0 if it is none (too long, cut, surrogate, or past U+10FFFF: Unicode, table 3-7). */
static int character_length(const unsigned char *text)
{
    unsigned char first = text[0];
    int length = first < 0x80                    ? 1
                 : first >= 0xC2 && first < 0xE0 ? 2
                 : first >= 0xE0 && first < 0xF0 ? 3
                 : first >= 0xF0 && first < 0xF5 ? 4
                                                 : 0;
    for (int i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    bool too_long = (first == 0xE0 && text[1] < 0xA0) || (first == 0xF0 && text[1] < 0x90);
    bool no_character = (first == 0xED && text[1] >= 0xA0) || (first == 0xF4 && text[1] >= 0x90);
    return too_long || no_character ? 0 : length;
}

void bh__clean_text(char *text)
{
    while (*text) {
        int length = character_length((const unsigned char *)text);
        if (*text == '\n' || *text == '\r')
            *text = ' ';
        else if (!length)
            *text = '?';
        text += length ? length : 1;
    }
}

/* Whether eight bytes are ASCII, and none is 0. */
static bool plain(const char *text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return !((word | ((word - ones) & ~word)) & tops);
}

size_t bh__utf8_prefix(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if (size - at >= sizeof(uint64_t) && plain(text + at)) {
            at += sizeof(uint64_t);
            continue;
        }
        int length = text[at] ? character_length((const unsigned char *)text + at) : 0;
        if (!length)
            break;
        at += (size_t)length;
    }
    return at;
}

void bh__append_text(char *out, size_t size, const char *format, ...)
{
    size_t used = strnlen(out, size);
    if (used >= size)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, size - used, format, arguments);
    va_end(arguments);
}

/* Levenshtein's distance without regard to case, in one row of memory (Wagner and Fischer, 1974). */
static int edit_distance(const char *a, const char *b)
{
    int row[LONGEST_NAME + 1];
    int length = (int)strlen(b);
    for (int j = 0; j <= length; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= length; j++) {
            int change = diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            diagonal = row[j];
            int least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = change < least ? change : least;
        }
    }
    return row[length];
}

void bh__nearest_begin(bh__nearest *nearest, const char *wanted)
{
    nearest->wanted = wanted;
    nearest->best[0] = 0;
    nearest->distance = 1 + (int)strnlen(wanted, LONGEST_NAME) / 2;
}

void bh__nearest_offer(bh__nearest *nearest, const char *name)
{
    size_t wanted = strnlen(nearest->wanted, LONGEST_NAME + 1);
    size_t offered = strnlen(name, LONGEST_NAME + 1);
    if (wanted > LONGEST_NAME || offered > LONGEST_NAME)
        return;
    int distance = edit_distance(nearest->wanted, name);
    if (distance < nearest->distance) {
        nearest->distance = distance;
        bh__copy_text(nearest->best, sizeof nearest->best, name);
    }
}

const char *bh__nearest_hint(const bh__nearest *nearest, char *out, size_t size)
{
    out[0] = 0;
    if (nearest->best[0])
        snprintf(out, size, "; did you mean '%s'?", nearest->best);
    return out;
}
