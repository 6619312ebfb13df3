/*
 * The page is written while the test runs: first trace.html, which shows what follows it, then a record for each thing that happens, as a call
 * of its function. So a test that is killed has a page too, which tells how far it came.
 */
#include "trace.h"

#include "../wire.h"
#include "files.h"

#include <string.h>

extern const char pilot_trace_page[]; /* made from trace.html by the build */
extern const size_t pilot_trace_page_length;

static void put_base64(buffer *out, const unsigned char *bytes, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        unsigned rest = length - i < 3 ? (unsigned)(length - i) : 3;
        unsigned long group = (unsigned long)bytes[i] << 16;
        group |= rest > 1 ? (unsigned long)bytes[i + 1] << 8 : 0;
        group |= rest > 2 ? bytes[i + 2] : 0;
        char four[4] = {letters[group >> 18 & 63], letters[group >> 12 & 63], rest > 1 ? letters[group >> 6 & 63] : '=',
                        rest > 2 ? letters[group & 63] : '='};
        buffer_put(out, four, sizeof four);
    }
}

/* As a text of JSON, without what could end the script that it is in. What is no UTF-8 the browser replaces. */
static void put_text(buffer *out, const char *text, size_t length)
{
    buffer_text(out, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char letter = (unsigned char)text[i];
        if (letter < 0x20 || letter == '<' || letter == '"' || letter == '\\')
            buffer_format(out, "\\u%04x", letter);
        else
            buffer_put(out, text + i, 1);
    }
    buffer_text(out, "\"");
}

/* The value at the top of the stack */
static void put_value(buffer *out, lua_State *lua, const char *name)
{
    size_t length;
    if (lua_type(lua, -1) == LUA_TBOOLEAN) {
        buffer_text(out, lua_toboolean(lua, -1) ? "true" : "false");
        return;
    }
    if (lua_type(lua, -1) == LUA_TNUMBER) {
        buffer_format(out, "%.3f", lua_tonumber(lua, -1));
        return;
    }
    const char *text = lua_tolstring(lua, -1, &length);
    if (strcmp(name, "png") != 0) {
        put_text(out, text ? text : "", text ? length : 0);
        return;
    }
    buffer_text(out, "\"");
    put_base64(out, (const unsigned char *)text, length);
    buffer_text(out, "\"");
}

void trace_put(FILE *page, lua_State *lua, int index)
{
    buffer out = {0};
    if (!page)
        return;
    buffer_text(&out, "<script>T({");
    for (lua_pushnil(lua); lua_next(lua, index); lua_pop(lua, 1)) {
        const char *name = lua_tostring(lua, -2);
        put_text(&out, name, strlen(name));
        buffer_text(&out, ":");
        put_value(&out, lua, name);
        buffer_text(&out, ",");
    }
    buffer_text(&out, "})</script>\n");
    fwrite(out.bytes, 1, out.length, page);
    fflush(page);
    buffer_free(&out);
}

FILE *trace_open(FILE *before, const char *path)
{
    if (before)
        fclose(before);
    FILE *page = file_write(path, pilot_trace_page, pilot_trace_page_length) ? fopen(path, "abe") : NULL;
    if (!page)
        fprintf(stderr, "bulkhead-pilot: cannot write %s\n", path);
    return page;
}
