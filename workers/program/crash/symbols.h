/* Functions, files and lines for the frames of a record, by elfutils. */
#ifndef CRASH_SYMBOLS_H
#define CRASH_SYMBOLS_H

#include "process/crash_record.h"

enum { MOST_PLACES = 8 };

/* A place in the source. */
typedef struct symbols_place {
    char function[512]; /* "": not known */
    char file[1024];    /* "": not known */
    int line;           /* 0: not known */
} symbols_place;

typedef struct symbols symbols;

/* Opens the modules of the frames, where they are still the files of the record. DOWNLOAD: debug information may come from a server, if
 * the environment names one (debuginfod). NULL without memory. */
symbols *symbols_open(const bh__crash_record *record, bool download);

/* Where a frame is: the innermost of inlined functions first, the last one is no inlined one. Returns how many; 0: nothing is known. */
int symbols_find(symbols *self, const bh__crash_frame *frame, symbols_place *places, int most);

void symbols_close(symbols *self);

#endif
