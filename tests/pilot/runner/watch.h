/* record, inspect, lint: the program is used by hand, or only looked at. */
#ifndef PILOT_WATCH_H
#define PILOT_WATCH_H

#include "options.h"

int watch_run(const pilot_options *options);

#endif
