/* What bulkhead-crash says about a record. */
#ifndef CRASH_PRINT_H
#define CRASH_PRINT_H

#include "symbols.h"

#include <stdio.h>

void print_text(FILE *out, const bh__crash_record *record, symbols *names);
void print_json(FILE *out, const bh__crash_record *record, symbols *names);

/* For a pool (process/stack.h): a line that says where, then the frames. */
void print_frames(FILE *out, const bh__crash_record *record, symbols *names);

/* "SIGSEGV" */
const char *print_signal_name(int number, char *out, size_t size);

#endif
