/* The chart inside: what its parts share. The program's calls are in chart.c, its looks in paint.c and readout.c, what users do with it in
 * input.c; series.c and axis.c compute. */
#ifndef CHART_CHART_H
#define CHART_CHART_H

#include "chart/axis.h"
#include "chart/series.h"

#include <bulkhead/chart.h>
#include <bulkhead/event.h>

enum { BH__LEGEND_SHOWN = 32 };

typedef struct bh__legend_entry {
    bh_rect place;
    int number; /* of the series */
} bh__legend_entry;

typedef struct bh__chart {
    bh_object *widget;
    bh__series *series;
    int count, room, next_number;
    char x_title[128], y_title[128], empty_text[512], marker_text[128];
    bool log_y;
    bh__span fixed_x, fixed_y; /* what is to be shown; NaN: as much as there is */
    bh__axis x, y;             /* bh__chart_fit; their pixels are of the last painting */
    double cursor;             /* x of the read-out, NaN: none */
    double marker;             /* x, NaN: none */
    bool update_asked, description_asked;
    bh__legend_entry legend[BH__LEGEND_SHOWN]; /* as painted last */
    int legend_count;
    bool dragging;
    bh_point drag_from;
} bh__chart;

/* The series NUMBER of a chart that the program has named; NULL, reported. */
bh__series *bh__chart_series(const bh_object *chart, int number, const char *call);

/* Computes what the axes show from the points and what is fixed. */
void bh__chart_fit(bh__chart *self);

/* Paints it again soon, and tells screen readers. */
void bh__chart_changed(bh__chart *self);

/* Each emits a signal as its last step: the program may destroy the chart in there, so SELF must not be touched behind them. */
void bh__chart_set_cursor(bh__chart *self, double x);
void bh__chart_set_view(bh__chart *self, bh__span x, bh__span y);

/* The x of a point of a visible series: the one nearest to X; the next one in DIRECTION (-1, 1). NaN if there is none. */
double bh__chart_snap(const bh__chart *self, double x);
double bh__chart_next(const bh__chart *self, double x, int direction);

/* The point of a series that the read-out shows; false where there is none at this x. */
bool bh__chart_point_at(const bh__series *series, double x, size_t *at);

/* Of the class. */
void bh__chart_paint(bh_object *widget, void *user, bh_painter *painter, bh_size size);
bh_event_result bh__chart_event(bh_object *widget, void *user, const bh_event *event);

#endif
