/* What inspect has found out about a file, for the files of this folder. */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include "jobs/inspect/column.h"

#include <bulkhead/process_job.h>

enum {
    PREVIEW_ROWS = 100,
    PREVIEW_CELLS = 200,     /* of a row */
    PREVIEW_TEXT = 200,      /* bytes of a cell */
    PREVIEW_SIZE = 1 << 20,  /* bytes of all of it */
    MAX_SPARSE = 1 << 16,    /* features of a libsvm file that are looked at one by one */
    MAX_COUNTED = 128 << 20, /* bytes of all values that are counted */
    COUNT_AFTER = 1 << 20,   /* bytes read between two looks at how many they are */
    MAX_TOP_SIZE = 4 << 20   /* bytes of all most frequent values in the result */
};

typedef struct preview_row {
    uint64_t line;
    bool bad;
    size_t first, count; /* of its cells in texts, each ended by 0 */
    size_t all;          /* cells that it has */
} preview_row;

typedef struct inspection {
    bh_job *job;
    table_reader *reader;
    size_t count, room; /* of columns; libsvm: the label is the first, then index 0, 1, … */
    column *columns;
    bool sparse;
    uint32_t greatest; /* index of a libsvm file */
    uint64_t entries;
    bool full;         /* no more values are counted */
    uint64_t unlooked; /* bytes since the values were counted last */
    preview_row preview[PREVIEW_ROWS];
    size_t preview_rows, preview_used;
    char *texts; /* PREVIEW_SIZE */
    double told_at;
    const char *index; /* path of the index of rows, NULL: none */
    char index_refused[200];
} inspection;

/* Adds all of it to the result. */
bh_status inspection_report(const inspection *work, bh_message *result);

#endif
