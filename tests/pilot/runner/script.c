/*
 * One script: a Lua state that has what is safe of the standard libraries, the prelude, and the words that the prelude brings. No file can be
 * opened and no program started from it but through them.
 */
#include "script.h"

#include "files.h"
#include "host.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

extern const char pilot_prelude[]; /* made from the files of prelude by the build */
extern const size_t pilot_prelude_length;

static void keep(lua_State *lua, const char *const *names)
{
    for (; *names; names++) {
        lua_getglobal(lua, *names);
        lua_setfield(lua, -2, *names);
    }
}

/* require "helpers": helpers.lua beside the script, once */
static int require(lua_State *lua)
{
    host *self = lua_touserdata(lua, lua_upvalueindex(1));
    const char *name = luaL_checkstring(lua, 1);
    if (strchr(name, '/') || strstr(name, ".."))
        return luaL_error(lua, "require \"%s\": the name of a file beside the script, without .lua", name);
    lua_getfield(lua, lua_upvalueindex(3), name);
    if (!lua_isnil(lua, -1))
        return 1;
    const char *path = lua_pushfstring(lua, "%s%s.lua", buffer_get(&self->folder), name);
    if (luaL_loadfilex(lua, path, "t") != LUA_OK)
        return lua_error(lua);
    lua_pushvalue(lua, lua_upvalueindex(2));
    lua_setupvalue(lua, -2, 1); /* it sees what the script sees */
    lua_call(lua, 0, 1);
    if (lua_isnil(lua, -1)) {
        lua_pushboolean(lua, true);
        lua_replace(lua, -2);
    }
    lua_pushvalue(lua, -1);
    lua_setfield(lua, lua_upvalueindex(3), name);
    return 1;
}

void host_open_libraries(lua_State *lua, host *self)
{
    static const char *const base[] = {"assert",   "error",  "getmetatable", "ipairs",   "math",     "next",
                                       "pairs",    "pcall",  "print",        "rawequal", "rawget",   "rawlen",
                                       "rawset",   "select", "setmetatable", "string",   "table",    "tonumber",
                                       "tostring", "type",   "utf8",         "xpcall",   "_VERSION", NULL};
    static const char *const times[] = {"clock", "date", "difftime", "time", NULL};
    keep(lua, base);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "_G");
    lua_newtable(lua);
    lua_getglobal(lua, "os");
    for (size_t i = 0; times[i]; i++) {
        lua_getfield(lua, -1, times[i]);
        lua_setfield(lua, -3, times[i]);
    }
    lua_pop(lua, 1);
    lua_setfield(lua, -2, "os");
    lua_pushlightuserdata(lua, self);
    lua_pushvalue(lua, -2);
    lua_newtable(lua);
    lua_pushcclosure(lua, require, 3);
    lua_setfield(lua, -2, "require");
}

/* Adds the fields of the table at `from` to that at the top. "type" is Lua's for one that is called with a value that is no text. */
static void add_words(lua_State *lua, int from)
{
    for (lua_pushnil(lua); lua_next(lua, from);) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_settable(lua, -4);
    }
}

static int tell_wrong(lua_State *lua, host *self)
{
    wire_begin(&self->event);
    wire_add_text(&self->event, "wrong");
    wire_add_text(&self->event, luaL_tolstring(lua, -1, NULL));
    wire_send(self->supervisor, &self->event);
    return 2;
}

/* The prelude leaves the words, the function that runs the tests, and what is said of names that nothing has: at 1 to 3 of the stack. */
static bool load_prelude(lua_State *lua, host *self)
{
    if (luaL_loadbufferx(lua, pilot_prelude, pilot_prelude_length, "=pilot", "t") != LUA_OK)
        return false;
    host_push(lua, self);
    return lua_pcall(lua, 1, 3, 0) == LUA_OK;
}

static int run(lua_State *lua, host *self)
{
    luaL_openlibs(lua); /* the prelude may use all of it, the script may not */
    if (!load_prelude(lua, self))
        return tell_wrong(lua, self);
    if (luaL_loadfilex(lua, self->script, "t") != LUA_OK)
        return tell_wrong(lua, self);
    lua_newtable(lua);
    host_open_libraries(lua, self);
    add_words(lua, 1);
    lua_pushvalue(lua, 3);
    lua_setmetatable(lua, -2);
    lua_setupvalue(lua, -2, 1);
    if (lua_pcall(lua, 0, 0, 0) != LUA_OK)
        return tell_wrong(lua, self);
    lua_pushvalue(lua, 2);
    return lua_pcall(lua, 0, 0, 0) == LUA_OK ? 0 : tell_wrong(lua, self);
}

int script_run(const pilot_options *options, const char *path, const char *base, int supervisor, char *place)
{
    host self = {.options = options, .script = path, .supervisor = supervisor, .place = place};
    self.program.pid = self.program.pidfd = self.program.fd = -1;
    strncpy(self.program.base, base, sizeof self.program.base - 1);
    file_stem(path, &self.stem);
    file_folder(path, &self.folder);
    self.has_grep = options->grep && regcomp(&self.grep, options->grep, REG_EXTENDED | REG_NOSUB) == 0;
    lua_State *lua = luaL_newstate();
    int result = lua ? run(lua, &self) : 2;
    if (lua)
        lua_close(lua);
    program_kill(&self.program);
    if (self.trace)
        fclose(self.trace);
    if (self.has_grep)
        regfree(&self.grep);
    buffer_free(&self.stem);
    buffer_free(&self.folder);
    wire_free(&self.out);
    wire_free(&self.in);
    wire_free(&self.event);
    wire_free(&self.program.in);
    return result;
}
