/* What a program of Bulkhead's leaves behind when it crashes. */
#ifndef PILOT_CRASH_H
#define PILOT_CRASH_H

#include "program.h"

/* The newest record in its profile, as bulkhead-crash says it or, without that program, as it is. Nothing if there is none. */
void crash_record(const program *self, buffer *out);

#endif
