/* chart.h */
#include "fuzz.h"

#include <math.h>

enum { POINTS = 200 };

#define CHART fuzz_thing(FUZZ_CHART)
#define NUMBER fuzz_small(0, 3)

static fuzz_result run_bh_chart_create(void)
{
    bh_object *chart = bh_chart_create(fuzz_chance(50) ? NULL : fuzz_object("QWidget"));
    fuzz_keep(FUZZ_CHART, chart);
    return fuzz_made(chart);
}

/* A number of a series: mostly one that there may be. */
static int any_series(void)
{
    return fuzz_chance(90) ? NUMBER : fuzz_int();
}

static double any_number(void)
{
    return fuzz_chance(60) ? fuzz_small(-1000, 1000) / 8.0 : fuzz_double();
}

static bh_pen_style any_style(void)
{
    return fuzz_chance(90) ? (bh_pen_style)(1 + fuzz_below(3)) : (bh_pen_style)fuzz_int();
}

FUZZ_CALL(bh_chart_set_titles, CHART, fuzz_text(), fuzz_text())
FUZZ_CALL(bh_chart_set_empty_text, CHART, fuzz_text())
FUZZ_CALL(bh_chart_set_log_y, CHART, fuzz_bool())
FUZZ_CALL(bh_chart_set_series_style, CHART, any_series(), fuzz_chance(80) ? fuzz_small(0, 7) : fuzz_int(), any_style())
FUZZ_CALL(bh_chart_set_series_visible, CHART, any_series(), fuzz_bool())
FUZZ_CALL(bh_chart_clear_series, CHART, any_series())
FUZZ_CALL(bh_chart_remove_series, CHART, any_series())
FUZZ_CALL(bh_chart_clear, CHART)
FUZZ_CALL(bh_chart_set_view, CHART, any_number(), any_number(), any_number(), any_number())
FUZZ_CALL(bh_chart_set_cursor, CHART, any_number())

static fuzz_result run_bh_chart_add_series(void)
{
    int series = 7;
    bool no_place = fuzz_chance(5);
    bh_status status = bh_chart_add_series(CHART, fuzz_text(), no_place ? NULL : &series);
    if (status && !no_place && series != -1)
        fuzz_complain("bh_chart_add_series", "the result was not cleared on failure", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_chart_append(void)
{
    double x[POINTS], y[POINTS], at = any_number();
    size_t count = fuzz_below(POINTS);
    for (size_t i = 0; i < count; i++) {
        x[i] = fuzz_chance(99) ? at + (double)i : fuzz_double();
        y[i] = any_number();
    }
    return fuzz_status(bh_chart_append(CHART, any_series(), fuzz_chance(60) ? NULL : x, fuzz_chance(95) ? y : NULL, count));
}

static fuzz_result run_bh_chart_get_view(void)
{
    double all[4];
    double *to = fuzz_chance(80) ? all : NULL;
    bh_status status = bh_chart_get_view(CHART, to, to ? to + 1 : NULL, to ? to + 2 : NULL, to ? to + 3 : NULL);
    if (to && (status ? !isnan(all[0] + all[3]) : !(all[0] < all[1] && all[2] < all[3])))
        fuzz_complain("bh_chart_get_view", "the view is neither a range nor NaN on failure", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_chart_get_nearest(void)
{
    double x = 7, y = 7;
    bool no_place = fuzz_chance(5);
    bh_status status = bh_chart_get_nearest(CHART, any_series(), any_number(), no_place ? NULL : &x, no_place ? NULL : &y);
    if (status && !no_place && !(isnan(x) && isnan(y)))
        fuzz_complain("bh_chart_get_nearest", "the result was not cleared on failure", "");
    return fuzz_status(status);
}

FUZZ_CALL(bh_chart_set_marker, CHART, any_number(), fuzz_chance(90) ? fuzz_text() : NULL)

static fuzz_result run_bh_chart_get_series_color(void)
{
    bh_color color = BH_RGBA(1, 2, 3, 4);
    bool no_place = fuzz_chance(5);
    bh_status status = bh_chart_get_series_color(CHART, any_series(), no_place ? NULL : &color);
    if (!no_place && color.alpha != 255)
        fuzz_complain("bh_chart_get_series_color", "the result is neither a colour nor cleared", "");
    return fuzz_status(status);
}

const fuzz_entry fuzz_chart_entries[] = {
    FUZZ_ENTRY(bh_chart_create),
    FUZZ_ENTRY(bh_chart_set_titles),
    FUZZ_ENTRY(bh_chart_set_empty_text),
    FUZZ_ENTRY(bh_chart_set_log_y),
    FUZZ_ENTRY(bh_chart_add_series),
    FUZZ_ENTRY(bh_chart_set_series_style),
    FUZZ_ENTRY(bh_chart_set_series_visible),
    FUZZ_ENTRY(bh_chart_append),
    FUZZ_RARE(bh_chart_clear_series, 4),
    FUZZ_RARE(bh_chart_remove_series, 4),
    FUZZ_RARE(bh_chart_clear, 8),
    FUZZ_ENTRY(bh_chart_set_view),
    FUZZ_ENTRY(bh_chart_get_view),
    FUZZ_ENTRY(bh_chart_set_cursor),
    FUZZ_ENTRY(bh_chart_get_nearest),
    FUZZ_ENTRY(bh_chart_set_marker),
    FUZZ_ENTRY(bh_chart_get_series_color),
    {NULL, NULL, 0},
};
