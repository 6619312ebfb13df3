/* One script, in a process of its own: it speaks to the supervisor through a socket, in frames of wire.h. */
#ifndef PILOT_SCRIPT_H
#define PILOT_SCRIPT_H

#include "options.h"

enum { PLACE_SIZE = 512 };

/*
 * Runs the script and returns what this process ends with: 0, or 2 if the script itself is wrong. What happens goes to the socket:
 *   plan COUNT · start NAME TRY · end NAME OUTCOME MESSAGE MS · wrong MESSAGE
 * base: a folder for it, which the supervisor removes. place: PLACE_SIZE bytes that the supervisor sees, too: where the script is, and what it
 * waits for, for the case that this process is killed.
 */
int script_run(const pilot_options *options, const char *path, const char *base, int supervisor, char *place);

#endif
