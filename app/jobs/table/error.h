/* Sentences and text, for the files of this folder. */
#ifndef TABLE_ERROR_H
#define TABLE_ERROR_H

#include "jobs/table/table.h"

/* Fills ERROR in (may be NULL) and returns STATUS. */
bh_status table__fail(table_error *error, bh_status status, uint64_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static inline bh_status table__no_memory(table_error *error)
{
    table__fail(error, BH_ERROR_MEMORY, 0, "there is no memory for the table: choose fewer columns, or a smaller file");
    return BH_ERROR_MEMORY;
}

/* Whether LENGTH bytes are UTF-8. */
bool table__is_utf8(const char *text, size_t length);

/* Whether a cell says that there is no value: empty, NA, null, nan, ?, … */
bool table__is_missing(const char *text, size_t length);

/* LENGTH bytes, ended by 0; NULL if there is no memory. */
char *table__copy(const char *text, size_t length);

#endif
