/* What inspecting found out about a file (jobs/inspect/report.c), taken apart for the page of data. Free of widgets; reading it belongs on
 * a pool thread, as it may be megabytes. */
#ifndef APP_WINDOW_FACTS_H
#define APP_WINDOW_FACTS_H

#include "window/text.h"

#include <bulkhead/message.h>

typedef struct fact_column {
    const char *name, *type;
    uint64_t missing, unique;
    bool more; /* than unique */
    char min[TEXT_SIZE], max[TEXT_SIZE], mean[TEXT_SIZE];
} fact_column;

typedef struct fact_row { /* of the preview */
    uint64_t line;
    bool bad;
    size_t count;
    const char **cells;
} fact_row;

typedef struct fact_bad {
    uint64_t line;
    const char *reason;
} fact_bad;

typedef struct facts {
    bh_message *message; /* has all strings */
    bh_message_view view, options;
    fact_column *columns;
    size_t column_count;
    fact_row *rows;
    size_t row_count;
    const char **cells;
    fact_bad *bad;
    size_t bad_count;
    uint64_t bad_all;
    char notes[2048];
    const char *index; /* of rows; NULL: none */
    const char *error; /* it could not be read; NULL: it could */
    bool sparse;       /* libsvm: its rows have no columns */
} facts;

/* NULL: JSON is no such thing, or there is no memory; reported. The caller's. */
facts *facts_read(const char *json);
void facts_free(facts *self); /* NULL does nothing */

#endif
