/* The lines of the series. Of the points that fall on one column of device pixels only the lowest and the highest are drawn: that gives
 * the same picture as all of them would. */
#include "chart/paint.h"

#include <math.h>

/* Qt draws many short lines faster than a long one: it looks for where a line crosses itself. */
enum { POINTS = 64, MOST_COLUMNS = 20000, DOTS_APART = 14 };
static const double OUTSIDE = 100000; /* pixels: farther out a line looks the same */

typedef struct line {
    const bh__painting *p;
    const bh__series *series;
    bool positive;
    int count;
    bh_pointf points[POINTS];
} line;

/* --- one line after the other, each up to a gap */

static void dot(const bh__painting *p, bh_pointf at, double radius)
{
    (bh_painter_draw_ellipse)(p->painter, at.x - radius, at.y - radius, 2 * radius, 2 * radius);
}

static void end_line(line *self)
{
    if (self->count > 1)
        (bh_painter_draw_polyline)(self->p->painter, self->points, (size_t)self->count);
    else if (self->count == 1)
        dot(self->p, self->points[0], 1);
    self->count = 0;
}

static void add_pixel(line *self, double x, double y)
{
    if (self->count == POINTS) {
        bh_pointf last = self->points[POINTS - 1];
        end_line(self);
        self->points[self->count++] = last;
    }
    self->points[self->count++] = (bh_pointf){x, fmin(fmax(y, -OUTSIDE), OUTSIDE)};
}

static double y_pixel(const line *self, double y)
{
    return self->positive && !(y > 0) ? NAN : bh__axis_pixel(&self->p->chart->y, y);
}

static void add_number(line *self, double x_pixel, double y)
{
    double at = y_pixel(self, y);
    if (isnan(at))
        end_line(self);
    else
        add_pixel(self, x_pixel, at);
}

/* The point where the line between points OUT, which is not shown, and IN enters the plot. */
static void add_entry(line *self, size_t out, size_t in)
{
    const bh__axis *axis = &self->p->chart->x;
    double edge = out < in ? axis->from : axis->to;
    double x0 = bh__axis_pixel(axis, self->series->x[out]), x1 = bh__axis_pixel(axis, self->series->x[in]);
    double y0 = y_pixel(self, self->series->y[out]), y1 = y_pixel(self, self->series->y[in]);
    double at = x0 == x1 ? y1 : y0 + (edge - x0) / (x1 - x0) * (y1 - y0);
    if (!isnan(at))
        add_pixel(self, edge, at);
}

/* --- few points, or many */

static void add_each(line *self, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        add_number(self, bh__axis_pixel(&self->p->chart->x, self->series->x[i]), self->series->y[i]);
}

/* From the end that is nearer to where the line is to the other one. */
static void add_column(line *self, double x, size_t from, size_t to)
{
    bh__span span = bh__series_span(self->series, from, to, self->positive);
    if (isnan(span.low)) {
        end_line(self);
        return;
    }
    double low = y_pixel(self, span.low), high = y_pixel(self, span.high);
    double before = self->count ? self->points[self->count - 1].y : low;
    if (low - high < 1) {
        add_pixel(self, x, (low + high) / 2);
        return;
    }
    bool from_low = fabs(before - low) < fabs(before - high);
    add_pixel(self, x, from_low ? low : high);
    add_pixel(self, x, from_low ? high : low);
}

static void add_columns(line *self, size_t from, size_t to, int columns)
{
    const bh__axis *axis = &self->p->chart->x;
    double width = (axis->to - axis->from) / columns;
    for (int i = 0; i < columns && from < to; i++) {
        double right = bh__axis_number(axis, axis->from + (i + 1) * width);
        size_t next = i + 1 < columns ? bh__series_find(self->series, right, from) : to;
        next = next < to ? next : to;
        if (next > from)
            add_column(self, axis->from + (i + 0.5) * width, from, next);
        from = next;
    }
}

static void add_dots(const line *self, size_t from, size_t to)
{
    const bh__painting *p = self->p;
    bh_color color = bh__series_color(p->dark, self->series);
    (bh_painter_set_pen)(p->painter, color, 0, BH_PEN_NONE);
    (bh_painter_set_brush)(p->painter, color);
    for (size_t i = from; i < to; i++) {
        double y = y_pixel(self, self->series->y[i]);
        if (fabs(y) < OUTSIDE)
            dot(p, (bh_pointf){bh__axis_pixel(&p->chart->x, self->series->x[i]), y}, 2.5);
    }
    (bh_painter_set_brush)(p->painter, BH_RGBA(0, 0, 0, 0));
}

static void paint_line(const bh__painting *p, const bh__series *series)
{
    const bh__axis *axis = &p->chart->x;
    size_t from = bh__series_find(series, axis->shown.low, 0), to = bh__series_find_above(series, axis->shown.high, from);
    double wide = fmin(p->plot.width * p->scale, MOST_COLUMNS);
    bool many = (double)(to - from) > 2 * wide;
    line self = {.p = p, .series = series, .positive = p->chart->log_y};
    (bh_painter_set_pen)(p->painter, bh__series_color(p->dark, series), many ? 1 / p->scale : 2, (bh_pen_style)series->style);
    if (from > 0 && from < series->count)
        add_entry(&self, from - 1, from);
    if (many)
        add_columns(&self, from, to, (int)wide);
    else
        add_each(&self, from, to);
    if (to > 0 && to < series->count && to > from)
        add_entry(&self, to, to - 1);
    end_line(&self);
    if (to > from && (double)p->plot.width / (double)(to - from) >= DOTS_APART)
        add_dots(&self, from, to);
}

void bh__paint_lines(const bh__painting *p)
{
    bh_rect plot = p->plot;
    (bh_painter_save)(p->painter);
    (bh_painter_clip_rect)(p->painter, BH_RECT(plot.x - 3, plot.y - 3, plot.width + 6, plot.height + 6));
    (bh_painter_set_brush)(p->painter, BH_RGBA(0, 0, 0, 0));
    for (int i = 0; i < p->chart->count; i++)
        if (p->chart->series[i].visible && p->chart->series[i].count)
            paint_line(p, &p->chart->series[i]);
    (bh_painter_restore)(p->painter);
}
