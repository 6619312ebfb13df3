/* Curves of a run, as trainers and trackers write them: a table of numbers, the first column being the round. Free of Qt. */
#ifndef APP_CURVES_CURVES_H
#define APP_CURVES_CURVES_H

#include <bulkhead/status.h>

enum { CURVES_MOST = 64, CURVES_NAME_SIZE = 64, CURVES_REASON_SIZE = 256 };

/* Of the numbers of one curve; NaN where it has none. */
typedef struct curve_summary {
    double last, lowest, highest;
} curve_summary;

typedef struct curves {
    size_t rows;
    int count;                                 /* of curves: the columns but the first */
    char x_name[CURVES_NAME_SIZE];             /* "" without a line of names */
    char names[CURVES_MOST][CURVES_NAME_SIZE]; /* "Column 2" without one */
    double *x, *y[CURVES_MOST];                /* y: NaN where there is no number */
    curve_summary summaries[CURVES_MOST];
} curves;

/* Reads FILE: fields between commas, semicolons or tabs, one row a line, perhaps a line of names first; x must not decrease.
 * GO_ON(USER, percent), if not NULL, is asked now and then; false ends it with BH_CANCELLED. Otherwise WHY gets the sentence that
 * says what is wrong and in which line, and OUT is empty. Blocks; any thread. */
bh_status curves_read(const char *file, curves *out, bool (*go_on)(void *user, int percent), void *user,
                      char why[CURVES_REASON_SIZE]);

/* Frees what is in it. */
void curves_clear(curves *self);

#endif
