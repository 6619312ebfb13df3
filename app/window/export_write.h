/* Writing runs, curves and models to files: what a pool thread does. No window here. */
#ifndef APP_WINDOW_EXPORT_WRITE_H
#define APP_WINDOW_EXPORT_WRITE_H

#include "store/runs.h"

#include <stddef.h>

enum { EXPORT_REASON = 512 };

/* Rows with strings of their own, for another thread. */
typedef struct export_rows {
    store_run *rows;
    char **data_sets; /* a name for each */
    size_t count;
} export_rows;

/* Takes ROW over; false: no memory. */
bool export_rows_add(export_rows *self, const store_run *row, const char *data_set);
void export_rows_free(export_rows *self);

/* Each writes PATH whole, or leaves what is there and says WHY. */
bool export_write_csv(const export_rows *rows, const char *path, char why[EXPORT_REASON]);
bool export_write_json(const export_rows *rows, const char *path, char why[EXPORT_REASON]);
bool export_copy(const char *from, const char *path, char why[EXPORT_REASON]);

#endif
