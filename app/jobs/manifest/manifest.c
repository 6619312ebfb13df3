/* Lists of files, line by line. */
#include "jobs/manifest/list.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DIGITS = 128 };

/* --- one line */

/* "DIGITS  name" and "DIGITS *name" */
static bool read_sum(reading *r, char *line)
{
    char hash[160];
    size_t digits = strspn(line, "0123456789abcdefABCDEF");
    if (digits < 32 || digits > DIGITS || line[digits] != ' ' || (line[digits + 1] != ' ' && line[digits + 1] != '*'))
        return false;
    line[digits] = 0;
    if (!line[digits + 2])
        list_mistake(r, "a checksum without a file name");
    else if (!list_hash(hash, sizeof hash, NULL, 0, line))
        list_mistake(r, "a checksum of %zu digits is none that is known", digits);
    else
        list_add(r, line + digits + 2, NULL, hash, -1);
    return true;
}

/* "SHA256 (name) = DIGITS" */
static bool read_tagged(reading *r, char *line)
{
    char hash[160];
    char *open = strstr(line, " ("), *close = NULL;
    for (char *at = open; at && (at = strstr(at, ") = ")); at++)
        close = at;
    if (!close)
        return false;
    *close = 0;
    if (list_hash(hash, sizeof hash, line, (size_t)(open - line), close + 4))
        list_add(r, open + 2, NULL, hash, -1);
    else
        list_mistake(r, "'%.40s' is no checksum that is known, with all its digits", close + 4);
    return true;
}

/* An option of aria2 for the address above: "  out=name", "  checksum=sha-256=DIGITS". Others are not for us. */
static void read_option(reading *r, char *line)
{
    char hash[160];
    manifest_item *item = r->out->count ? r->out->items + r->out->count - 1 : NULL;
    const char *equals = strncmp(line, "checksum=", 9) == 0 ? strchr(line + 9, '=') : NULL;
    if (!item) {
        list_mistake(r, "an option '%.40s' before the first address", line);
    } else if (strncmp(line, "out=", 4) == 0 && line[4]) {
        char *name = strdup(line + 4);
        r->no_memory |= !name;
        if (!name)
            return;
        list_clean_name(name);
        free(item->name);
        item->name = name;
    } else if (equals && list_hash(hash, sizeof hash, line + 9, (size_t)(equals - line - 9), equals + 1)) {
        free(item->hash);
        item->hash = strdup(hash);
        r->no_memory |= !item->hash;
    } else if (strncmp(line, "checksum=", 9) == 0) {
        list_mistake(r, "'%.60s' is no checksum that is known, with all its digits", line);
    } else if (!strchr(line, '=')) {
        list_mistake(r, "'%.60s' is neither an address nor an option", line);
    }
}

static void read_address(reading *r, char *line)
{
    line[strcspn(line, "\t")] = 0; /* mirrors stand behind */
    if (strstr(line, ":/"))
        list_add(r, line, NULL, NULL, -1);
    else if (line[0] == '/')
        list_mistake(r, "'%.80s' is a path of this computer: write file:// before it, or use Add File", line);
    else
        list_mistake(r, "'%.80s' is neither an address nor a checksum with a name", line);
}

static void read_line(reading *r, char *line)
{
    size_t length = strlen(line);
    while (length > 0 && isspace((unsigned char)line[length - 1]))
        line[--length] = 0;
    char *text = line + strspn(line, " \t");
    if (!*text || *text == '#')
        return;
    bool indented = text > line, option = indented && !strstr(text, ":/");
    if (option)
        read_option(r, text);
    else if (!read_sum(r, text) && !read_tagged(r, text))
        read_address(r, text);
}

static void read_lines(reading *r, const char *text, size_t size)
{
    char *copy = malloc(size + 1);
    r->no_memory |= !copy;
    if (!copy)
        return;
    memcpy(copy, text, size);
    copy[size] = 0;
    for (char *line = copy, *next; line && line <= copy + size && !r->no_memory; line = next) {
        char *end = memchr(line, '\n', (size_t)(copy + size - line));
        size_t length = end ? (size_t)(end - line) : (size_t)(copy + size - line);
        next = end ? end + 1 : NULL;
        r->line++;
        line[length] = 0;
        if (strlen(line) != length)
            list_mistake(r, "there is a byte 0 in it: this is no text");
        else
            read_line(r, line);
    }
    r->line = 0;
    free(copy);
}

/* --- all of it */

bh_status manifest_read(const char *text, size_t size, const char *base_url, manifest *out)
{
    *out = (manifest){0};
    reading r = {.out = out, .base = base_url};
    size_t at = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0, first = at;
    while (first < size && isspace((unsigned char)text[first]))
        first++;
    if (size > MANIFEST_MAX_BYTES)
        list_mistake(&r, "a list of %zu bytes is too long: at most %d", size, MANIFEST_MAX_BYTES);
    else if (first < size && text[first] == '{')
        json_read(&r, text + at, size - at);
    else if (size > at)
        read_lines(&r, text + at, size - at);
    if (!r.no_memory)
        list_make_unique(&r);
    if (out->count == 0 && out->mistake_count == 0)
        list_mistake(&r, "there is nothing to fetch in this list");
    if (r.no_memory)
        return BH_ERROR_MEMORY;
    return out->mistake_count ? BH_ERROR_FORMAT : BH_OK;
}

static char *read_all(FILE *file, size_t *size)
{
    char *bytes = NULL;
    size_t room = 0;
    for (*size = 0; *size <= MANIFEST_MAX_BYTES;) {
        if (*size == room) {
            room = room ? 2 * room : 1 << 16;
            char *more = realloc(bytes, room);
            if (!more)
                break;
            bytes = more;
        }
        size_t got = fread(bytes + *size, 1, room - *size, file);
        *size += got;
        if (got == 0)
            break;
    }
    return bytes;
}

/* "file:" and the path, with what has a meaning in addresses encoded. */
static char *file_url(const char *path)
{
    char whole[PATH_MAX];
    if (!realpath(path, whole))
        return NULL;
    char *url = malloc(3 * strlen(whole) + sizeof "file://"), *at = url;
    if (!url)
        return NULL;
    at += sprintf(at, "file://");
    for (const char *from = whole; *from; from++)
        at += strchr("%?# ", *from) ? sprintf(at, "%%%02X", (unsigned char)*from) : sprintf(at, "%c", *from);
    return url;
}

bh_status manifest_read_file(const char *path, const char *base_url, manifest *out)
{
    *out = (manifest){0};
    reading r = {.out = out};
    struct stat facts;
    FILE *file = stat(path, &facts) == 0 && !S_ISREG(facts.st_mode) ? (errno = EINVAL, NULL) : fopen(path, "re");
    size_t size = 0;
    char *bytes = file ? read_all(file, &size) : NULL, *own = base_url ? NULL : file_url(path);
    bh_status status = BH_ERROR_IO;
    if (!file || ferror(file))
        list_mistake(&r, "cannot read %s: %s", path, strerror(errno));
    else
        status = bytes ? manifest_read(bytes, size, base_url ? base_url : own, out) : BH_ERROR_MEMORY;
    if (file)
        fclose(file);
    free(bytes);
    free(own);
    return status;
}

void manifest_free(manifest *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].url);
        free(list->items[i].name);
        free(list->items[i].hash);
    }
    for (size_t i = 0; i < list->mistake_count; i++)
        free(list->mistakes[i]);
    free(list->items);
    free(list->mistakes);
    *list = (manifest){0};
}
