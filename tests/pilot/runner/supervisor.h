/* Runs each script in a process of its own, some at a time, each with a hard limit. */
#ifndef PILOT_SUPERVISOR_H
#define PILOT_SUPERVISOR_H

#include "options.h"

/* Returns what the program ends with. */
int supervisor_run(const pilot_options *options);

#endif
