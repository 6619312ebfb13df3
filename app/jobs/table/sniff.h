/* Finding out how a file is written, from how it begins. */
#ifndef TABLE_SNIFF_H
#define TABLE_SNIFF_H

#include "jobs/table/split.h"

typedef struct sniffed {
    table_options options; /* nothing is left to detect */
    size_t skip;           /* bytes of the byte order mark */
    size_t columns;        /* 0 for libsvm */
    int count_line;        /* number of the record, from 0; -1: there is none */
    int header;
    char **names; /* of the columns */
    int64_t count_line_rows;
    size_t class_count;
    char **classes;
} sniffed;

/* Whether SIZE bytes are enough to tell: some records, or the whole of the file. */
bool sniff_enough(const char *bytes, size_t size, bool whole);

/* WHOLE: there is no more of the file. BYTES has room for one more. */
bh_status sniff(char *bytes, size_t size, bool whole, const table_options *options, sniffed *out, table_error *error);
void sniff_clear(sniffed *found);

#endif
