/* The page: a list of steps on the left, on the right the one that is chosen, with the window before and after it. */
#include "trace.h"

#include "../wire.h"
#include "files.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>

static const char head[] =
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<style>body{font:14px/1.4 sans-serif;margin:0;display:grid;grid-template-columns:minmax(16em,28%) 1fr;height:100vh}"
    "nav{overflow:auto;border-right:1px solid #bbb;padding:.5em}main{overflow:auto;padding:1em}"
    "nav a{display:block;padding:.2em .4em;color:inherit;text-decoration:none;overflow-wrap:anywhere}nav "
    "a:hover{background:#e8eef8}"
    ".failed{color:#b00020;font-weight:bold}small{color:#666}section{border-bottom:1px solid #ddd;padding-bottom:1em}"
    "figure{display:inline-block;margin:.5em 1em .5em 0;vertical-align:top;max-width:46%}img{max-width:100%;border:1px solid "
    "#bbb}"
    "pre{background:#f4f4f4;padding:.6em;overflow:auto;white-space:pre-wrap}</style>";

static void put_html(buffer *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '<')
            buffer_text(out, "&lt;");
        else if (*text == '&')
            buffer_text(out, "&amp;");
        else
            buffer_put(out, text, 1);
    }
}

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

/* A field of the step at the top of the stack; it stays there for as long as the text is used. */
static const char *field(lua_State *lua, const char *name, size_t *length)
{
    lua_getfield(lua, -1, name);
    const char *text = lua_tolstring(lua, -1, length);
    lua_pop(lua, 1); /* the step holds it */
    return text;
}

static void put_picture(buffer *out, lua_State *lua, const char *name)
{
    size_t length = 0;
    const char *bytes = field(lua, name, &length);
    if (!bytes || !length)
        return;
    buffer_format(out, "<figure><figcaption>%s</figcaption><img alt='the window %s the step' src='data:image/png;base64,", name,
                  name);
    put_base64(out, (const unsigned char *)bytes, length);
    buffer_text(out, "'></figure>");
}

static void put_text(buffer *out, lua_State *lua, const char *name, const char *before, const char *after)
{
    const char *text = field(lua, name, NULL);
    if (!text || !*text)
        return;
    buffer_text(out, before);
    put_html(out, text);
    buffer_text(out, after);
}

static void put_step(buffer *out, lua_State *lua, int number)
{
    buffer_format(out, "<section id=s%d><h3>%d. ", number, number);
    put_text(out, lua, "what", "<code>", "</code>");
    buffer_text(out, "</h3><p><small>");
    put_text(out, lua, "line", "", "");
    lua_getfield(lua, -1, "ms");
    buffer_format(out, " · %.1f ms</small></p>", lua_tonumber(lua, -1));
    lua_pop(lua, 1);
    put_text(out, lua, "failed", "<pre class=failed>", "</pre>");
    put_picture(out, lua, "before");
    put_picture(out, lua, "after");
    put_text(out, lua, "tree", "<details><summary>widgets</summary><pre>", "</pre></details>");
    buffer_text(out, "</section>");
}

static void put_link(buffer *out, lua_State *lua, int number)
{
    bool failed = field(lua, "failed", NULL) != NULL;
    buffer_format(out, "<a href='#s%d'%s>%d. ", number, failed ? " class=failed" : "", number);
    put_text(out, lua, "what", "", "</a>");
}

static void each_step(buffer *out, lua_State *lua, void (*put)(buffer *, lua_State *, int))
{
    int count = (int)luaL_len(lua, 2);
    for (int i = 1; i <= count; i++) {
        lua_geti(lua, 2, i);
        put(out, lua, i);
        lua_pop(lua, 1);
    }
}

static void put_page(buffer *out, lua_State *lua, const char *stem)
{
    buffer_text(out, head);
    buffer_text(out, "<title>");
    put_html(out, luaL_checkstring(lua, 1));
    buffer_text(out, "</title><nav>");
    each_step(out, lua, put_link);
    buffer_text(out, "<a href='#output'>output</a></nav><main><h2>");
    put_html(out, stem);
    buffer_text(out, ": ");
    put_html(out, luaL_checkstring(lua, 1));
    buffer_format(out, " <small>%s</small></h2><pre>", luaL_checkstring(lua, 3));
    put_html(out, luaL_checkstring(lua, 4));
    buffer_text(out, "</pre>");
    each_step(out, lua, put_step);
    buffer_text(out, "<h3 id=output>What the program wrote</h3><pre>");
    put_html(out, luaL_checkstring(lua, 5));
    buffer_text(out, "</pre></main></html>\n");
}

int trace_write(lua_State *lua, const char *folder, const char *stem)
{
    buffer page = {0}, path = {0};
    buffer_format(&path, "%s/%s-", folder, stem);
    for (const char *name = luaL_checkstring(lua, 1); *name; name++)
        buffer_put(&path, isalnum((unsigned char)*name) ? name : "-", 1);
    buffer_text(&path, ".html");
    put_page(&page, lua, stem);
    bool written = file_write(path.bytes, page.bytes, page.length);
    if (!written)
        fprintf(stderr, "bulkhead-pilot: cannot write %s\n", path.bytes);
    buffer_free(&page);
    buffer_free(&path);
    return 0;
}
