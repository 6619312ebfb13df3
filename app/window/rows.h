/* The rows of a plain file for a table that scrolls: read in pages on a pool thread when they are looked at, and kept for a while. */
#ifndef APP_WINDOW_ROWS_H
#define APP_WINDOW_ROWS_H

#include <bulkhead/bulkhead.h>

typedef struct rows rows;

enum { ROWS_PAGE = 64, ROWS_MOST_COLUMNS = 1000 };

typedef struct rows_told {
    void (*opened)(void *user, uint64_t count, const char *failure); /* FAILURE NULL: COUNT rows are there */
    void (*read)(void *user, uint64_t first, uint64_t count);        /* these can be shown now */
    void *user;
} rows_told;

/* Opens INDEX of DATA on POOL. GUI thread, as all of them. NULL, reported. */
rows *rows_open(bh_thread_pool *pool, const char *index, const char *data, size_t columns, const rows_told *told);

/* A cell, good until the event loop goes round again; NULL: it is being read. BAD may be NULL. */
const char *rows_cell(rows *self, uint64_t row, size_t column, bool *bad);

/* Nobody is told any more. NULL does nothing. */
void rows_close(rows *self);

#endif
