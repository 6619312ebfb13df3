/* A page for a test that tells what happened, for any browser, with nothing outside of it. */
#ifndef PILOT_TRACE_H
#define PILOT_TRACE_H

#include <lua.h>

/* Stack: the test's name, its steps, outcome, message, output. Writes FOLDER/STEM-NAME.html. Returns the number of results, 0. */
int trace_write(lua_State *lua, const char *folder, const char *stem);

#endif
