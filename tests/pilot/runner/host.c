/* What the prelude gets from C: requests, the program's start and end, files, the clock, and what goes to the supervisor. */
#include "host.h"

#include "crash.h"
#include "files.h"
#include "script.h"
#include "trace.h"

#include <lauxlib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ANSWER_MS = 10000 }; /* beyond its own limit, a request's answer may take this long */

static host *self_of(lua_State *lua)
{
    return lua_touserdata(lua, lua_upvalueindex(1));
}

/* For the supervisor, who has to say it if this process is killed: the innermost line of the script, and the request */
static void note_place(lua_State *lua, host *self, const char *verb, const char *selector)
{
    lua_Debug where;
    int level = 1;
    while (lua_getstack(lua, level, &where) && lua_getinfo(lua, "Sl", &where) && *where.source != '@')
        level++;
    if (lua_getstack(lua, level, &where))
        snprintf(self->place, PLACE_SIZE, "%s:%d: %s %s", where.source + 1, where.currentline, verb, selector);
}

/* request(verb, limit, …): status, message, warnings, …; or nil and "gone" or "silent". A program that is silent is killed: its answer must not
   come later, and be taken for that to another request. */
static int request(lua_State *lua)
{
    host *self = self_of(lua);
    wire_begin(&self->out);
    int given = lua_gettop(lua);
    if (given > WIRE_FIELDS)
        return luaL_error(lua, "%d values are more than a step can have", given);
    for (int i = 1; i <= given; i++) {
        size_t length;
        const char *text = luaL_tolstring(lua, i, &length);
        wire_add(&self->out, text, length);
        lua_pop(lua, 1);
    }
    note_place(lua, self, luaL_checkstring(lua, 1), lua_isstring(lua, 3) ? lua_tostring(lua, 3) : "");
    int got = wire_send(self->program.fd, &self->out)
                  ? wire_receive(self->program.fd, &self->in, (int)lua_tonumber(lua, 2) + ANSWER_MS)
                  : 0;
    if (got == -1)
        program_kill(&self->program);
    if (got != 1) {
        lua_pushnil(lua);
        lua_pushstring(lua, got == 0 ? "gone" : "silent");
        return 2;
    }
    luaL_checkstack(lua, WIRE_FIELDS, NULL);
    for (size_t i = 0; i < self->in.count; i++)
        lua_pushlstring(lua, self->in.text[i], self->in.length[i]);
    return (int)self->in.count;
}

/* start(keep, arguments…): true, or false and why */
static int start(lua_State *lua)
{
    host *self = self_of(lua);
    const char *arguments[32];
    int count = 0;
    buffer why = {0};
    for (int i = 2; i <= lua_gettop(lua) && count < 32; i++)
        arguments[count++] = luaL_checkstring(lua, i);
    bool fine = program_start(&self->program, self->options, lua_toboolean(lua, 1), count, arguments, &why);
    lua_pushboolean(lua, fine);
    lua_pushlstring(lua, buffer_get(&why), why.length);
    buffer_free(&why);
    return 2;
}

/* stop(limit, wait_only): "exit" or "signal" with its number and name, or "runs". It is killed if it still runs, unless wait_only. */
static int stop(lua_State *lua)
{
    static const char *const words[] = {[PROGRAM_RUNS] = "runs", [PROGRAM_EXITED] = "exit", [PROGRAM_SIGNALED] = "signal"};
    host *self = self_of(lua);
    int number;
    program_end end = program_wait(&self->program, (int)luaL_checknumber(lua, 1), &number);
    if (end == PROGRAM_RUNS && !lua_toboolean(lua, 2))
        program_kill(&self->program);
    lua_pushstring(lua, words[end]);
    lua_pushinteger(lua, number);
    lua_pushstring(lua, end == PROGRAM_SIGNALED ? strsignal(number) : "");
    return 3;
}

static int push_buffer(lua_State *lua, buffer *text)
{
    lua_pushlstring(lua, buffer_get(text), text->length);
    buffer_free(text);
    return 1;
}

static int output(lua_State *lua)
{
    buffer text = {0};
    program_output(&self_of(lua)->program, 4000, &text);
    return push_buffer(lua, &text);
}

static int crash(lua_State *lua)
{
    buffer text = {0};
    crash_record(&self_of(lua)->program, &text);
    return push_buffer(lua, &text);
}

static int event(lua_State *lua)
{
    host *self = self_of(lua);
    wire_begin(&self->event);
    for (int i = 1; i <= lua_gettop(lua); i++)
        wire_add_text(&self->event, luaL_checkstring(lua, i));
    wire_send(self->supervisor, &self->event);
    return 0;
}

static int now(lua_State *lua)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    lua_pushnumber(lua, (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6);
    return 1;
}

static int sleep_ms(lua_State *lua)
{
    double ms = luaL_checknumber(lua, 1);
    note_place(lua, self_of(lua), "waits", "");
    struct timespec time = {(time_t)(ms / 1000), (long)(ms * 1e6) % 1000000000};
    nanosleep(&time, NULL);
    return 0;
}

static int read_file(lua_State *lua)
{
    buffer text = {0};
    if (file_read(luaL_checkstring(lua, 1), &text))
        return push_buffer(lua, &text);
    buffer_free(&text);
    return 0;
}

/* A path in the test's own folder, which is the start's that was the last */
static void put_own(lua_State *lua, buffer *path)
{
    const host *self = self_of(lua);
    const char *name = luaL_checkstring(lua, 1);
    if (!self->program.starts)
        luaL_error(lua, "file() and read() are for tests: before the first there is no folder");
    program_file(&self->program, name, path);
}

/* For scripts: only what is in the test's own folder */
static int read_own(lua_State *lua)
{
    buffer path = {0}, text = {0};
    put_own(lua, &path);
    bool there = file_read(path.bytes, &text);
    buffer_free(&path);
    if (there)
        return push_buffer(lua, &text);
    buffer_free(&text);
    return 0;
}

static int write_file(lua_State *lua)
{
    size_t length;
    const char *path = luaL_checkstring(lua, 1), *bytes = luaL_checklstring(lua, 2, &length);
    if (!file_write(path, bytes, length))
        return luaL_error(lua, "cannot write %s", path);
    return 0;
}

/* Beside the script, in a folder that is kept with it */
static int snapshot(lua_State *lua)
{
    host *self = self_of(lua);
    buffer path = {0};
    buffer_format(&path, "%ssnapshots/%s-%s", buffer_get(&self->folder), buffer_get(&self->stem), luaL_checkstring(lua, 1));
    return push_buffer(lua, &path);
}

static int output_path(lua_State *lua)
{
    buffer path = {0};
    buffer_format(&path, "%s/%s", self_of(lua)->options->output, luaL_checkstring(lua, 1));
    return push_buffer(lua, &path);
}

static int own_file(lua_State *lua)
{
    buffer path = {0};
    put_own(lua, &path);
    return push_buffer(lua, &path);
}

/* FNV-1a: a test is always in the same part, whatever else there is */
static uint32_t hash(const char *text, uint32_t value)
{
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 16777619U;
    return value;
}

static int wanted(lua_State *lua)
{
    host *self = self_of(lua);
    const char *name = luaL_checkstring(lua, 1);
    uint32_t number = hash(name, hash(buffer_get(&self->stem), 2166136261U)) >> 4;
    bool mine = (int)(number % (uint32_t)self->options->shards) == self->options->shard - 1;
    lua_pushboolean(lua, mine && (!self->has_grep || regexec(&self->grep, name, 0, NULL, 0) == 0));
    return 1;
}

static int written(lua_State *lua)
{
    buffer text = {0};
    program_written(&self_of(lua)->program, 20000, &text);
    return push_buffer(lua, &text);
}

/* trace_open(name): the page's path */
static int open_trace(lua_State *lua)
{
    host *self = self_of(lua);
    buffer path = {0};
    buffer_format(&path, "%s/%s-%s.html", self->options->trace, buffer_get(&self->stem), luaL_checkstring(lua, 1));
    self->trace = trace_open(self->trace, path.bytes);
    return push_buffer(lua, &path);
}

static int put_trace(lua_State *lua)
{
    luaL_checktype(lua, 1, LUA_TTABLE);
    trace_put(self_of(lua)->trace, lua, 1);
    return 0;
}

/* The program and its arguments, for people */
static int command(lua_State *lua)
{
    const pilot_options *options = self_of(lua)->options;
    buffer text = {0};
    for (int i = 0; i < options->program_count; i++)
        buffer_format(&text, "%s%s", i ? " " : "", options->program[i]);
    return push_buffer(lua, &text);
}

static void push_options(lua_State *lua, const host *self)
{
    const struct {
        const char *name;
        int value;
    } numbers[] = {{"slow", self->options->slow_ms},
                   {"repeats", self->options->repeats},
                   {"retries", self->options->retries},
                   {"step_limit", self->options->step_limit_ms},
                   {"exit_limit", 15000}};
    lua_newtable(lua);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        lua_pushinteger(lua, numbers[i].value);
        lua_setfield(lua, -2, numbers[i].name);
    }
    lua_pushboolean(lua, self->options->trace != NULL);
    lua_setfield(lua, -2, "trace");
    lua_pushboolean(lua, self->options->update);
    lua_setfield(lua, -2, "update");
    lua_pushstring(lua, self->options->headed ? "headed" : "offscreen");
    lua_setfield(lua, -2, "platform");
}

void host_push(lua_State *lua, host *self)
{
    static const luaL_Reg functions[] = {
        {"request", request},       {"start", start},         {"stop", stop},        {"stderr", output},
        {"crash_record", crash},    {"event", event},         {"now", now},          {"sleep", sleep_ms},
        {"read", read_file},        {"read_own", read_own},   {"write", write_file}, {"snapshot", snapshot},
        {"output", output_path},    {"file", own_file},       {"wanted", wanted},    {"written", written},
        {"trace_open", open_trace}, {"trace_put", put_trace}, {"command", command},  {NULL, NULL}};
    luaL_newlibtable(lua, functions);
    lua_pushlightuserdata(lua, self);
    luaL_setfuncs(lua, functions, 1);
    push_options(lua, self);
    lua_setfield(lua, -2, "options");
    lua_pushstring(lua, buffer_get(&self->stem));
    lua_setfield(lua, -2, "stem");
}
