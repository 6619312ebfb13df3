/* What users do with the chart: mouse, wheel and keys. */
#include "chart/chart.h"

#include <math.h>

enum { KEY_PLUS = '+', KEY_EQUAL = '=', KEY_MINUS = '-', KEY_ALL = '0', NOTCH = 120 };
static const double PER_NOTCH = 0.8, STRIDE = 0.1;

double bh__chart_snap(const bh__chart *self, double x)
{
    double best = NAN;
    for (int i = 0; i < self->count; i++) {
        const bh__series *series = &self->series[i];
        if (!series->visible || !series->count)
            continue;
        double near = series->x[bh__series_nearest(series, x)];
        if (!(fabs(near - x) >= fabs(best - x)))
            best = near;
    }
    return best;
}

double bh__chart_next(const bh__chart *self, double x, int direction)
{
    double best = NAN;
    for (int i = 0; i < self->count; i++) {
        const bh__series *series = &self->series[i];
        size_t at = direction > 0 ? bh__series_find_above(series, x, 0) : bh__series_find(series, x, 0) - 1;
        if (series->visible && at < series->count) /* -1 is beyond, too */
            best = direction > 0 ? fmin(best, series->x[at]) : fmax(best, series->x[at]);
    }
    return best;
}

bool bh__chart_point_at(const bh__series *series, double x, size_t *at)
{
    if (!series->visible || !series->count || x < series->x[0] || x > series->x[series->count - 1])
        return false;
    *at = bh__series_nearest(series, x);
    return !isnan(series->y[*at]);
}

static bool is_painted(const bh__chart *self)
{
    return self->x.to > self->x.from && self->y.from > self->y.to;
}

static bool in_plot(const bh__chart *self, bh_point at)
{
    return is_painted(self) && at.x >= self->x.from && at.x <= self->x.to && at.y >= self->y.to && at.y <= self->y.from;
}

/* --- the view */

/* Everything, as long as that is what it shows anyhow. */
static bh__span limited_x(const bh__chart *self, bh__span wanted)
{
    bh__chart all = *self;
    all.fixed_x = (bh__span){NAN, NAN};
    bh__chart_fit(&all);
    bool whole = wanted.low <= all.x.shown.low && wanted.high >= all.x.shown.high;
    return whole ? all.fixed_x : wanted;
}

static void zoom(bh__chart *self, double x_around, double y_around, double factor, bool along_y)
{
    bh__chart_fit(self);
    if (along_y)
        bh__chart_set_view(self, self->fixed_x, bh__axis_zoom(self->y.shown, y_around, factor, self->log_y));
    else
        bh__chart_set_view(self, limited_x(self, bh__axis_zoom(self->x.shown, x_around, factor, false)), self->fixed_y);
}

static void show_all(bh__chart *self)
{
    bh__chart_set_view(self, (bh__span){NAN, NAN}, (bh__span){NAN, NAN});
}

/* An axis that shows everything is not moved: there is nothing else to see. */
static void drag(bh__chart *self, bh_point to)
{
    double dx = (self->drag_from.x - to.x) / (self->x.to - self->x.from);
    double dy = (self->drag_from.y - to.y) / (self->y.to - self->y.from);
    bh__span x = self->fixed_x, y = self->fixed_y;
    if (!isnan(x.low))
        x = bh__axis_move(x, dx, false);
    if (!isnan(y.low))
        y = bh__axis_move(y, dy, self->log_y);
    self->drag_from = to;
    bh__chart_set_view(self, x, y);
}

/* --- mouse */

static bool press_legend(bh__chart *self, bh_point at)
{
    for (int i = 0; i < self->legend_count; i++) {
        bh_rect place = self->legend[i].place;
        if (at.x < place.x || at.x >= place.x + place.width || at.y < place.y || at.y >= place.y + place.height)
            continue;
        for (int k = 0; k < self->count; k++)
            if (self->series[k].number == self->legend[i].number)
                self->series[k].visible = !self->series[k].visible;
        bh__chart_changed(self);
        return true;
    }
    return false;
}

static bh_event_result on_move(bh__chart *self, bh_point at)
{
    if (self->dragging && is_painted(self))
        drag(self, at);
    else
        bh__chart_set_cursor(self, in_plot(self, at) ? bh__chart_snap(self, bh__axis_number(&self->x, at.x)) : NAN);
    return BH_EVENT_PASS;
}

static bh_event_result on_press(bh__chart *self, const bh_event *event)
{
    if (event->button != BH_BUTTON_LEFT || press_legend(self, event->position))
        return BH_EVENT_PASS;
    self->dragging = in_plot(self, event->position);
    self->drag_from = event->position;
    return BH_EVENT_PASS;
}

static bh_event_result on_wheel(bh__chart *self, const bh_event *event)
{
    if (!in_plot(self, event->position) || !event->wheel_angle.y)
        return BH_EVENT_PASS;
    double factor = pow(PER_NOTCH, (double)event->wheel_angle.y / NOTCH);
    zoom(self, bh__axis_number(&self->x, event->position.x), bh__axis_number(&self->y, event->position.y), factor,
         event->modifiers & BH_CONTROL);
    return BH_EVENT_ACCEPT;
}

/* --- keys */

/* The view follows the cursor. */
static void move_cursor(bh__chart *self, double x)
{
    if (isnan(x))
        return;
    bh__span shown = self->x.shown;
    double width = shown.high - shown.low;
    if (!isnan(self->fixed_x.low) && (x < shown.low || x > shown.high)) {
        self->fixed_x = bh__axis_move(shown, (x < shown.low ? x - shown.low : x - shown.high) / width, false);
        bh__chart_changed(self);
    }
    bh__chart_set_cursor(self, x);
}

static void step(bh__chart *self, int direction, bool far)
{
    double x = self->cursor;
    bh__chart_fit(self);
    if (isnan(x))
        x = bh__chart_snap(self, direction > 0 ? self->x.shown.low : self->x.shown.high);
    else if (far)
        x = bh__chart_snap(self, x + direction * STRIDE * (self->x.shown.high - self->x.shown.low));
    else
        x = bh__chart_next(self, x, direction);
    move_cursor(self, x);
}

static void zoom_by_key(bh__chart *self, double factor, bool along_y)
{
    bh__chart_fit(self);
    bh__span x = self->x.shown, y = self->y.shown;
    double y_middle = self->log_y ? sqrt(y.low) * sqrt(y.high) : y.low / 2 + y.high / 2;
    zoom(self, isnan(self->cursor) ? x.low / 2 + x.high / 2 : self->cursor, y_middle, factor, along_y);
}

static bh_event_result on_key(bh__chart *self, const bh_event *event)
{
    bool control = event->modifiers & BH_CONTROL;
    switch (event->key) {
    case BH_KEY_LEFT:
    case BH_KEY_RIGHT:
        step(self, event->key == BH_KEY_LEFT ? -1 : 1, control);
        return BH_EVENT_ACCEPT;
    case BH_KEY_HOME:
    case BH_KEY_END:
        move_cursor(self, bh__chart_snap(self, event->key == BH_KEY_HOME ? -1e300 : 1e300));
        return BH_EVENT_ACCEPT;
    case BH_KEY_ESCAPE:
        if (isnan(self->cursor))
            return BH_EVENT_PASS; /* a dialog closes by it */
        bh__chart_set_cursor(self, NAN);
        return BH_EVENT_ACCEPT;
    case KEY_PLUS:
    case KEY_EQUAL:
    case KEY_MINUS:
        zoom_by_key(self, event->key == KEY_MINUS ? 1 / PER_NOTCH : PER_NOTCH, control);
        return BH_EVENT_ACCEPT;
    case KEY_ALL:
        show_all(self);
        return BH_EVENT_ACCEPT;
    default:
        return BH_EVENT_PASS;
    }
}

bh_event_result bh__chart_event(bh_object *widget, void *user, const bh_event *event)
{
    bh__chart *self = user;
    (void)widget;
    switch (event->type) {
    case BH_EVENT_MOUSE_MOVE:
        return on_move(self, event->position);
    case BH_EVENT_MOUSE_PRESS:
        return on_press(self, event);
    case BH_EVENT_MOUSE_RELEASE:
        self->dragging = false;
        return BH_EVENT_PASS;
    case BH_EVENT_MOUSE_DOUBLE_CLICK:
        if (!in_plot(self, event->position))
            return on_press(self, event);
        show_all(self);
        return BH_EVENT_ACCEPT;
    case BH_EVENT_WHEEL:
        return on_wheel(self, event);
    case BH_EVENT_LEAVE:
        bh__chart_set_cursor(self, NAN);
        return BH_EVENT_PASS;
    case BH_EVENT_KEY_PRESS:
        return on_key(self, event);
    default:
        return BH_EVENT_PASS;
    }
}
