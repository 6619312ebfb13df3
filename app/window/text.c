/* Numbers, sizes and times in words. */
#include "window/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { COLON = 2 /* and a space */ };

const char *text_count(int64_t count, char out[TEXT_SIZE])
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRId64, count), at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && digits[i - 1] != '-' && (length - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = 0;
    return out;
}

const char *text_bytes(int64_t bytes, char out[TEXT_SIZE])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    int unit = 0;
    for (; size >= 999.5 && unit < 4; unit++)
        size /= 1000;
    snprintf(out, TEXT_SIZE, unit && size < 99.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return out;
}

const char *text_seconds(double seconds, char out[TEXT_SIZE])
{
    int64_t whole = seconds > 0 && seconds < 1e12 ? (int64_t)(seconds + 0.5) : 0;
    if (whole < 60)
        snprintf(out, TEXT_SIZE, "%" PRId64 " s", whole);
    else if (whole < 3600)
        snprintf(out, TEXT_SIZE, "%" PRId64 " min %" PRId64 " s", whole / 60, whole % 60);
    else
        snprintf(out, TEXT_SIZE, "%" PRId64 " h %" PRId64 " min", whole / 3600, whole / 60 % 60);
    return out;
}

/* Bytes of the first LETTERS letters. */
static size_t bytes_of(const char *text, size_t letters)
{
    size_t at = 0;
    for (; text[at]; at++)
        if ((text[at] & 0xC0) != 0x80 && letters-- == 0)
            break;
    return at;
}

static size_t letters_of(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

const char *text_short(const char *text, size_t letters, char *out, size_t size)
{
    size_t count = letters_of(text);
    if (count <= letters || letters < 4) {
        snprintf(out, size, "%s", text);
        return out;
    }
    size_t end = letters / 3, begin = letters - end - 1;
    snprintf(out, size, "%.*s\xE2\x80\xA6%s", (int)bytes_of(text, begin), text, text + bytes_of(text, count - end));
    return out;
}

/* What stands behind the last ": ", which is among it; NULL: nothing. */
static const char *varied_of(const char *name)
{
    const char *varied = NULL;
    for (const char *at = strstr(name, ": "); at; at = strstr(at + COLON, ": "))
        varied = at;
    return varied;
}

/* "first: eta 0.1, max_depth 3" without the names of parameters: "first: 0.1, 3". False: it is not of that kind, or there is no room. */
static bool leave_values(const char *name, const char *varied, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%.*s", (int)(varied + COLON - name), name);
    for (const char *part = varied + COLON; part && used < size;) {
        size_t length = strcspn(part, ","), key = strcspn(part, " ");
        if (key >= length || memchr(part + key + 1, ' ', length - key - 1))
            return false;
        used += (size_t)snprintf(out + used, size - used, "%.*s", (int)(length - key - 1), part + key + 1);
        part = part[length] ? part + length + 1 : NULL;
        if (part && *part++ != ' ')
            return false;
        if (part && used < size)
            used += (size_t)snprintf(out + used, size - used, ", ");
    }
    return used < size;
}

/* What it is called before VARIED is cut. False: that is not enough. */
static bool cut_prefix(const char *name, const char *varied, size_t letters, char *out, size_t size)
{
    enum { LEAST_PREFIX = 2 };
    size_t rest = letters_of(varied);
    if (letters_of(name) <= letters)
        snprintf(out, size, "%s", name);
    else if (rest + 1 + LEAST_PREFIX <= letters)
        snprintf(out, size, "%.*s\xE2\x80\xA6%s", (int)bytes_of(name, letters - rest - 1), name, varied);
    else if (rest - COLON + 1 <= letters)
        snprintf(out, size, "\xE2\x80\xA6%s", varied + COLON);
    else
        return false;
    return true;
}

const char *text_short_run(const char *name, size_t letters, char *out, size_t size)
{
    char values[512];
    const char *varied = varied_of(name);
    if (!varied)
        return text_short(name, letters, out, size);
    if (cut_prefix(name, varied, letters, out, size))
        return out;
    if (leave_values(name, varied, values, sizeof values) && cut_prefix(values, varied_of(values), letters, out, size))
        return out;
    return text_short(name, letters, out, size);
}

const char *text_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}
