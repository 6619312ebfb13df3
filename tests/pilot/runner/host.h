/* What the prelude gets from C: a table of functions. */
#ifndef PILOT_HOST_H
#define PILOT_HOST_H

#include "options.h"
#include "program.h"

#include <lua.h>
#include <regex.h>
#include <stdio.h>

typedef struct host {
    const pilot_options *options;
    const char *script;
    int supervisor;
    char *place; /* see script.h */
    program program;
    wire_frame out, in, event;
    buffer stem, folder; /* of the script */
    regex_t grep;
    bool has_grep;
    FILE *trace; /* the page that is written, or NULL */
} host;

/* Leaves the table on the stack. self must live as long as the state. */
void host_push(lua_State *lua, host *self);

/* The safe part of the standard libraries, and require for files beside the script, in the table at the top of the stack. */
void host_open_libraries(lua_State *lua, host *self);

#endif
