/* The list: items, mistakes, addresses, names. */
#include "jobs/manifest/list.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 200, URL_MAX_BYTES = 8000 };

void list_mistake(reading *r, const char *format, ...)
{
    manifest *out = r->out;
    char *text = NULL;
    va_list values;
    if (out->mistake_count == MANIFEST_MAX_MISTAKES)
        return;
    char **mistakes = realloc(out->mistakes, (out->mistake_count + 1) * sizeof *mistakes);
    if (!mistakes) {
        r->no_memory = true;
        return;
    }
    out->mistakes = mistakes;
    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    char *whole = NULL;
    if (length >= 0 && (r->line ? asprintf(&whole, "line %d: %s", r->line, text) : asprintf(&whole, "%s", text)) >= 0)
        out->mistakes[out->mistake_count++] = whole;
    else
        r->no_memory = true;
    free(text);
}

/* --- checksums */

bool list_hash(char *out, size_t size, const char *name, size_t name_length, const char *digits)
{
    static const struct {
        const char *name;
        size_t digits;
    } kinds[] = {{"md5", 32}, {"sha1", 40}, {"sha256", 64}, {"sha384", 96}, {"sha512", 128}};
    char plain[16] = "";
    size_t length = strlen(digits), used = 0;
    for (size_t i = 0; name && i < name_length && used + 1 < sizeof plain; i++)
        if (name[i] != '-')
            plain[used++] = (char)tolower((unsigned char)name[i]);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (length == kinds[i].digits && strspn(digits, "0123456789abcdefABCDEF") == length &&
            (!name || strcmp(plain, kinds[i].name) == 0)) {
            snprintf(out, size, "%s:%s", kinds[i].name, digits);
            return true;
        }
    return false;
}

/* --- addresses */

static bool has_scheme(const char *where)
{
    size_t length = strspn(where, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    return length > 1 && isalpha((unsigned char)where[0]) && where[length] == ':';
}

static bool is_fetched(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "file:/", 6) == 0;
}

static bool leads_up(const char *path)
{
    for (const char *at = path; at && *at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
            return true;
    return false;
}

/* PATH, beside BASE, as an address. */
static char *beside(const char *base, const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$&'()*+,;=:@";
    size_t end = strcspn(base, "?#");
    while (end > 0 && base[end - 1] != '/')
        end--;
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    char *url = calloc(end + 3 * strlen(path) + 1, 1), *at = url;
    if (!url)
        return NULL;
    memcpy(url, base, end);
    for (at += end; *path; path++)
        at += strchr(plain, *path) ? sprintf(at, "%c", *path) : sprintf(at, "%%%02X", (unsigned char)*path);
    return url;
}

static char *address_of(reading *r, const char *where)
{
    if (has_scheme(where)) {
        if (is_fetched(where) && strlen(where) < URL_MAX_BYTES && !strpbrk(where, " \t"))
            return strdup(where);
        list_mistake(r, "'%.80s' is no address that can be fetched: http, https and file, without spaces", where);
    } else if (*where == '/' || leads_up(where) || strlen(where) >= URL_MAX_BYTES) {
        list_mistake(r, "'%.80s' leads out of the folder of this list", where);
    } else if (!r->base || !is_fetched(r->base)) {
        list_mistake(r, "'%.80s' is beside this list, but where the list came from is not known", where);
    } else {
        char *url = beside(r->base, where);
        r->no_memory |= !url;
        return url;
    }
    return NULL;
}

/* --- names */

static size_t character_length(const unsigned char *at)
{
    size_t length = *at < 0x80                  ? 1
                    : *at >= 0xC2 && *at < 0xE0 ? 2
                    : *at >= 0xE0 && *at < 0xF0 ? 3
                    : *at >= 0xF0 && *at < 0xF5 ? 4
                                                : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool beyond = (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF4 && at[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

void list_clean_name(char *text)
{
    size_t used = 0;
    for (const char *at = text; *at && used < NAME_MAX_BYTES;) {
        size_t length = character_length((const unsigned char *)at);
        bool odd = length == 0 || (length == 1 && ((unsigned char)*at < 32 || *at == 127 || strchr("/\\", *at)));
        if (!odd && used + length > NAME_MAX_BYTES)
            break;
        memmove(text + used, odd ? "_" : at, odd ? 1 : length);
        used += odd ? 1 : length;
        at += length ? length : 1;
    }
    text[used] = 0;
    if (text[0] == '.')
        text[0] = '_';
}

static int hex_value(char digit)
{
    return isdigit((unsigned char)digit) ? digit - '0' : tolower((unsigned char)digit) - 'a' + 10;
}

/* The last part of an address, decoded. */
static char *name_of(const char *url)
{
    size_t end = strcspn(url, "?#"), from = end;
    while (from > 0 && url[from - 1] != '/')
        from--;
    char *name = malloc(end - from + sizeof "download"), *out = name;
    if (!name)
        return NULL;
    for (size_t i = from; i < end; i++) {
        bool encoded = i + 2 < end && url[i] == '%' && isxdigit((unsigned char)url[i + 1]) && isxdigit((unsigned char)url[i + 2]);
        int byte = encoded ? hex_value(url[i + 1]) * 16 + hex_value(url[i + 2]) : url[i];
        *out++ = (char)(byte ? byte : '_');
        i += encoded ? 2 : 0;
    }
    *out = 0;
    if (out == name)
        memcpy(name, "download", sizeof "download");
    return name;
}

/* --- items */

static manifest_item *make_item(reading *r)
{
    manifest *out = r->out;
    if (out->count == MANIFEST_MAX_ITEMS) {
        list_mistake(r, "there are more than %d files: the rest is left out", MANIFEST_MAX_ITEMS);
        return NULL;
    }
    if (out->count == out->room) {
        size_t room = out->room ? 2 * out->room : 64;
        manifest_item *items = realloc(out->items, room * sizeof *items);
        r->no_memory |= !items;
        if (!items)
            return NULL;
        out->items = items;
        out->room = room;
    }
    return out->items + out->count;
}

void list_add(reading *r, const char *where, const char *name, const char *hash, int64_t bytes)
{
    manifest_item *item = make_item(r);
    char *url = item ? address_of(r, where) : NULL;
    if (!url)
        return;
    *item = (manifest_item){url, name ? strdup(name) : name_of(url), hash ? strdup(hash) : NULL, bytes, r->line, 0};
    r->out->count++;
    r->no_memory |= !item->name || (hash && !item->hash);
    if (item->name)
        list_clean_name(item->name);
}

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    return hash;
}

/* The place of NAME among those seen: free, or that of its like. */
static size_t *place_of(const manifest *out, size_t *places, size_t count, const char *name)
{
    size_t at = hash_name(name) & (count - 1);
    while (places[at] && strcmp(out->items[places[at] - 1].name, name) != 0)
        at = (at + 1) & (count - 1);
    return places + at;
}

static char *numbered(const char *name, int number)
{
    const char *dot = strrchr(name, '.');
    char *other;
    int stem = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
    return asprintf(&other, "%.*s-%d%s", stem, name, number, name + stem) < 0 ? NULL : other;
}

void list_make_unique(reading *r)
{
    manifest *out = r->out;
    size_t count = 64;
    while (count < 2 * out->count)
        count *= 2;
    size_t *places = calloc(count, sizeof *places);
    r->no_memory |= !places;
    for (size_t i = 0; i < out->count && !r->no_memory; i++) {
        char *name = out->items[i].name, *other = name;
        size_t *place = place_of(out, places, count, name);
        size_t first = *place;
        for (int n = first ? out->items[first - 1].same + 2 : 2; *place && other; n++) {
            if (other != name)
                free(other);
            other = numbered(name, n);
            out->items[first - 1].same = n - 1;
            place = other ? place_of(out, places, count, other) : place;
        }
        r->no_memory |= !other;
        if (other && other != name) {
            free(name);
            out->items[i].name = other;
        }
        *place = i + 1;
    }
    free(places);
}
