/* The points of a series, in order of x, with a summary of each block of them, so that what is asked about a range of many points looks at
 * few. Free of everything but memory. */
#ifndef CHART_SERIES_H
#define CHART_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/* A range of numbers; empty: NaN. */
typedef struct bh__span {
    double low, high;
} bh__span;

typedef struct bh__series {
    int number; /* what the program calls it */
    char name[128];
    int color;
    int style; /* bh_pen_style */
    bool visible;
    size_t count, room;
    double *x, *y;  /* y: NaN for a gap */
    double *blocks; /* of each block of y: lowest, highest, lowest positive; NaN without one */
    bool whole_x;   /* every x is a whole number */
} bh__series;

bool bh__is_number(double number); /* not NaN, and within what a chart can show */

/* False without memory, and nothing has changed then. X NULL: counts on. */
bool bh__series_append(bh__series *self, const double *x, const double *y, size_t count);
void bh__series_clear(bh__series *self); /* frees all points */

/* The first point with an x not below, or above X, counted from FROM; count if there is none. */
size_t bh__series_find(const bh__series *self, double x, size_t from);
size_t bh__series_find_above(const bh__series *self, double x, size_t from);

/* The point nearest to X; count without points. */
size_t bh__series_nearest(const bh__series *self, double x);

/* Lowest and highest y of points FROM to TO - 1; POSITIVE: among the positive ones. */
bh__span bh__series_span(const bh__series *self, size_t from, size_t to, bool positive);

/* Makes SPAN wide enough for WITH. */
void bh__span_add(bh__span *span, bh__span with);

#endif
