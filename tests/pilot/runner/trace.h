/* A page for a test that tells what happened, for any browser, with nothing outside of it. */
#ifndef PILOT_TRACE_H
#define PILOT_TRACE_H

#include <lua.h>
#include <stdio.h>

/* Begins a page at the path; the one before is closed. NULL, with a line on standard error, if it cannot be written. */
FILE *trace_open(FILE *before, const char *path);

/* Adds a record: the table at the index, of texts, numbers and booleans. What is called "png" are bytes. NULL is no page. */
void trace_put(FILE *page, lua_State *lua, int index);

#endif
