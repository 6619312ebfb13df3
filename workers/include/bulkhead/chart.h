/* A chart of lines: a widget that shows how values run, while they come in.
 *
 *     bh_object *chart = bh_chart_create(window);
 *     int loss;
 *     bh_chart_set_titles(chart, "Round", "Loss");
 *     bh_chart_add_series(chart, "validation", &loss);
 *     bh_chart_append(chart, loss, NULL, &value, 1);
 *
 * Many points cost little: a series keeps them in order of x, and of all that fall on one column of pixels only what can be seen is
 * drawn, so that nothing that stands out is ever left out. To append is cheap; the chart is painted once for all that came meanwhile.
 *
 * What users do with it: the read-out follows the mouse, or the arrow keys (with Control in greater steps, Home and End to the ends, Escape
 * takes it away); the wheel, + and - zoom along x, with Control along y; a drag pans; a double click, or 0, shows everything again; a click
 * in the legend hides and shows a series. Colours come from the palette, light or dark, and can be told apart by the
 * colour-blind. Screen readers find the last values in "accessibleDescription".
 *
 * Its class is "BulkheadChart", a widget as any other. Signals: "cursorMoved(double)", with the x of the read-out or NaN, and
 * "viewChanged()". Everything here: GUI thread. A number of a series is never given twice. */
#ifndef BULKHEAD_CHART_H
#define BULKHEAD_CHART_H

#include <bulkhead/painter.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BH_CHART_MAX_SERIES = 256, BH_CHART_COLORS = 8 };

/* Creates an empty chart. PARENT may be NULL. NULL on failure. */
BH_API bh_object *bh_chart_create(bh_object *parent);

/* What stands at the axes; NULL or "": nothing. Copied, as all texts here, and cut after 127 bytes. */
BH_API bh_status bh_chart_set_titles(bh_object *chart, const char *x_title, const char *y_title);

/* What stands in the middle as long as there is nothing to show, for example what to do next. Cut after 511 bytes. */
BH_API bh_status bh_chart_set_empty_text(bh_object *chart, const char *text);

/* A logarithmic y axis. Values that are not positive are gaps there. */
BH_API bh_status bh_chart_set_log_y(bh_object *chart, bool on);

/* A new series with the next colour. Its number, which all other calls take, goes to *SERIES; -1 on failure. At most
 * BH_CHART_MAX_SERIES at a time. */
BH_API bh_status bh_chart_add_series(bh_object *chart, const char *name, int *series);

/* COLOR: 0 to BH_CHART_COLORS - 1. For example the same colour for what belongs together, and STYLE to tell it apart. */
BH_API bh_status bh_chart_set_series_style(bh_object *chart, int series, int color, bh_pen_style style);
BH_API bh_status bh_chart_set_series_visible(bh_object *chart, int series, bool visible);

/* The colour that the series has in the palette of now: for what belongs to it elsewhere. Black on failure. */
BH_API bh_status bh_chart_get_series_color(const bh_object *chart, int series, bh_color *color);

/* A dashed line from top to bottom at X, with TEXT at its upper end ("best round 57"; NULL or "": none, cut after 127 bytes); NaN takes it
 * away. */
BH_API bh_status bh_chart_set_marker(bh_object *chart, double x, const char *text);

/* Appends COUNT points; 0 is BH_OK and does nothing. X must not decrease, and lie within ±1e300, or nothing is taken; X NULL: counts on from the last one,
 * or from 0. A Y of NaN, or beyond ±1e300, is a gap in the line. */
BH_API bh_status bh_chart_append(bh_object *chart, int series, const double *x, const double *y, size_t count);

/* Takes all points of a series away; it stays, with its colour. */
BH_API bh_status bh_chart_clear_series(bh_object *chart, int series);
BH_API bh_status bh_chart_remove_series(bh_object *chart, int series);

/* Removes all series. */
BH_API bh_status bh_chart_clear(bh_object *chart);

/* Shows X_LOW to X_HIGH and Y_LOW to Y_HIGH; LOW and HIGH both NaN: as much as there is, now and later. On a logarithmic axis LOW must
 * be positive. */
BH_API bh_status bh_chart_set_view(bh_object *chart, double x_low, double x_high, double y_low, double y_high);

/* What is shown. Each of them may be NULL; NaN on failure. */
BH_API bh_status bh_chart_get_view(const bh_object *chart, double *x_low, double *x_high, double *y_low, double *y_high);

/* Moves the read-out to the points nearest to X; NaN takes it away. */
BH_API bh_status bh_chart_set_cursor(bh_object *chart, double x);

/* The point of a series that is nearest to X. Both are NaN on failure, and BH_OK with NaN where the series has none. Each may be NULL. */
BH_API bh_status bh_chart_get_nearest(const bh_object *chart, int series, double x, double *nearest_x, double *y);

#define bh_chart_add_series(...) BH_AT(bh_chart_add_series(__VA_ARGS__))
#define bh_chart_append(...) BH_AT(bh_chart_append(__VA_ARGS__))
#define bh_chart_clear(...) BH_AT(bh_chart_clear(__VA_ARGS__))
#define bh_chart_clear_series(...) BH_AT(bh_chart_clear_series(__VA_ARGS__))
#define bh_chart_create(...) BH_AT(bh_chart_create(__VA_ARGS__))
#define bh_chart_get_nearest(...) BH_AT(bh_chart_get_nearest(__VA_ARGS__))
#define bh_chart_get_series_color(...) BH_AT(bh_chart_get_series_color(__VA_ARGS__))
#define bh_chart_get_view(...) BH_AT(bh_chart_get_view(__VA_ARGS__))
#define bh_chart_remove_series(...) BH_AT(bh_chart_remove_series(__VA_ARGS__))
#define bh_chart_set_cursor(...) BH_AT(bh_chart_set_cursor(__VA_ARGS__))
#define bh_chart_set_empty_text(...) BH_AT(bh_chart_set_empty_text(__VA_ARGS__))
#define bh_chart_set_log_y(...) BH_AT(bh_chart_set_log_y(__VA_ARGS__))
#define bh_chart_set_marker(...) BH_AT(bh_chart_set_marker(__VA_ARGS__))
#define bh_chart_set_series_style(...) BH_AT(bh_chart_set_series_style(__VA_ARGS__))
#define bh_chart_set_series_visible(...) BH_AT(bh_chart_set_series_visible(__VA_ARGS__))
#define bh_chart_set_titles(...) BH_AT(bh_chart_set_titles(__VA_ARGS__))
#define bh_chart_set_view(...) BH_AT(bh_chart_set_view(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
