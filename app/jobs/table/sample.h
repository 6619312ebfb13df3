/* The first records of a CSV file, split in one way, and what they say about the file. */
#ifndef TABLE_SAMPLE_H
#define TABLE_SAMPLE_H

#include "jobs/table/sniff.h"

enum { SAMPLE_ROWS = 100 };

typedef struct sample {
    char quote;
    size_t count; /* of records */
    struct {
        size_t first, count; /* of its cells */
    } rows[SAMPLE_ROWS];
    table_cell *cells; /* of all records; doubled quotes are still doubled */
    size_t cell_count, cell_room;
} sample;

/* False: there is no memory. */
bool sample_take(sample *out, char *bytes, size_t size, bool whole, char delimiter, char quote);
void sample_clear(sample *taken);

/* How many cells most records have, and how many records agree. The first one, which may be a header or a count line, counts only
 * if there are no more than two. */
size_t sample_columns(const sample *taken, size_t *agree);

/* Count line, header, columns and their names. */
bh_status sample_decide(const sample *taken, sniffed *out, table_error *error);

#endif
