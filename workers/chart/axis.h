/* Axes: which range is shown, where its ticks are, and how numbers are written. Free of everything. */
#ifndef CHART_AXIS_H
#define CHART_AXIS_H

#include "chart/series.h"

enum { BH__MOST_TICKS = 64, BH__NUMBER_SIZE = 32 };

typedef struct bh__axis {
    bh__span shown; /* of numbers; low < high */
    bool log;
    double from, to; /* pixels of low and high */
} bh__axis;

typedef struct bh__ticks {
    int count;
    double at[BH__MOST_TICKS];
    double step; /* 0 on a logarithmic axis */
} bh__ticks;

/* SPAN with room around it that is MARGIN of its width, and never of no width. Of an empty one: 0 to 1. */
bh__span bh__axis_fit(bh__span span, double margin, bool log);

double bh__axis_pixel(const bh__axis *axis, double number);
double bh__axis_number(const bh__axis *axis, double pixel);

/* SPAN with FACTOR of its width, AROUND stays where it is; moved by SHARE of its width. Not narrower or wider than can be drawn. */
bh__span bh__axis_zoom(bh__span span, double around, double factor, bool log);
bh__span bh__axis_move(bh__span span, double share, bool log);

/* Round numbers, 1, 2 or 5 times a power of ten apart, about SPACING pixels or more. WHOLE: none between whole numbers. */
void bh__axis_ticks(const bh__axis *axis, double spacing, bool whole, bh__ticks *out);

/* A tick's number, and a value in full. */
void bh__tick_text(double number, double step, char out[BH__NUMBER_SIZE]);
void bh__value_text(double number, char out[BH__NUMBER_SIZE]);

#endif
