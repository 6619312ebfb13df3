/* The chart: the program's calls. */
#include "chart/chart.h"

#include "core/door.h"

#include <bulkhead/call.h>
#include <bulkhead/property.h>
#include <bulkhead/timer.h>
#include <math.h>
#include <string.h>

enum { CURSOR_MOVED, VIEW_CHANGED };
enum { STRONG_FOCUS = 11, DESCRIBE_AFTER_MS = 500, DESCRIBED = 8 };
static const bh__span everything = {NAN, NAN};

/* --- the class */

static bh_size size_hint(bh_object *widget, void *user)
{
    (void)widget;
    (void)user;
    return BH_SIZE(560, 320);
}

static void forget_series(bh__chart *self)
{
    for (int i = 0; i < self->count; i++)
        bh__series_clear(&self->series[i]);
    self->count = 0;
}

static void destroyed(void *user)
{
    bh__chart *self = user;
    forget_series(self);
    bh__free(self->series);
    bh__free(self);
}

static const bh_class chart_class = {
    BH_CLASS_INIT,
    .name = "BulkheadChart",
    .base = "QWidget",
    .signals = {[CURSOR_MOVED] = "cursorMoved(double)", [VIEW_CHANGED] = "viewChanged()"},
    .paint = bh__chart_paint,
    .size_hint = size_hint,
    .event = bh__chart_event,
    .destroyed = destroyed,
};

bh_object *(bh_chart_create)(bh_object *parent)
{
    bh__chart *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, "bh_chart_create", "no memory for a chart");
        return NULL;
    }
    self->fixed_x = self->fixed_y = everything;
    self->cursor = self->marker = NAN;
    self->widget = bh__door_create_widget(&chart_class, parent, self, "bh_chart_create");
    if (!self->widget) {
        bh__free(self);
        return NULL;
    }
    bh_object *widget = self->widget;
    (bh_set_bool)(widget, "mouseTracking", true);
    (bh_set_int)(widget, "focusPolicy", STRONG_FOCUS);
    (bh_set_string)(widget, "accessibleName", "Chart");
    (bh_set_size)(widget, "minimumSize", BH_SIZE(120, 80));
    return widget;
}

/* --- checks */

static bh__chart *check(const bh_object *chart, const char *call)
{
    return bh__door_widget_user(chart, &chart_class, call, "chart");
}

bh__series *bh__chart_series(const bh_object *chart, int number, const char *call)
{
    bh__chart *self = check(chart, call);
    for (int i = 0; self && i < self->count; i++)
        if (self->series[i].number == number)
            return &self->series[i];
    if (self)
        bh__fail(BH_ERROR_RANGE, call, "the chart has no series %d: pass what bh_chart_add_series gave", number);
    return NULL;
}

/* --- telling others */

static void describe(void *user)
{
    bh__chart *self = user;
    char text[1024] = "";
    int shown = 0;
    self->description_asked = false;
    for (int i = 0; i < self->count && shown < DESCRIBED; i++) {
        const bh__series *series = &self->series[i];
        if (!series->visible || !series->count)
            continue;
        char x[BH__NUMBER_SIZE], y[BH__NUMBER_SIZE] = "nothing";
        bh__value_text(series->x[series->count - 1], x);
        if (!isnan(series->y[series->count - 1]))
            bh__value_text(series->y[series->count - 1], y);
        bh__append_text(text, sizeof text, "%s%s: %s at %s", shown++ ? "; " : "", series->name, y, x);
    }
    (bh_set_string)(self->widget, "accessibleDescription", shown ? text : self->empty_text);
}

void bh__chart_changed(bh__chart *self)
{
    if (!self->update_asked)
        self->update_asked = !(bh_call_values)(self->widget, "update", NULL, 0, NULL);
    if (!self->description_asked)
        self->description_asked = !(bh_timer_single_shot_for)(self->widget, DESCRIBE_AFTER_MS, describe, self);
}

static bh_status tell(bh_object *widget, int signal, int count, double value)
{
    bh_value argument = BH_VALUE(value);
    return bh_emit_values(widget, signal, count, &argument);
}

/* --- what is shown */

static bh__span x_of_all(const bh__chart *self)
{
    bh__span all = everything;
    for (int i = 0; i < self->count; i++) {
        const bh__series *series = &self->series[i];
        if (series->visible && series->count)
            bh__span_add(&all, (bh__span){series->x[0], series->x[series->count - 1]});
    }
    return all;
}

static bh__span y_of_shown(const bh__chart *self)
{
    bh__span all = everything;
    for (int i = 0; i < self->count; i++) {
        const bh__series *series = &self->series[i];
        if (!series->visible)
            continue;
        size_t from = bh__series_find(series, self->x.shown.low, 0);
        bh__span_add(&all, bh__series_span(series, from, bh__series_find_above(series, self->x.shown.high, from), self->log_y));
    }
    return all;
}

void bh__chart_fit(bh__chart *self)
{
    self->x.log = false;
    self->y.log = self->log_y;
    self->x.shown = isnan(self->fixed_x.low) ? bh__axis_fit(x_of_all(self), 0, false) : self->fixed_x;
    self->y.shown = isnan(self->fixed_y.low) ? bh__axis_fit(y_of_shown(self), 0.06, self->log_y) : self->fixed_y;
}

void bh__chart_set_cursor(bh__chart *self, double x)
{
    if (x == self->cursor || (isnan(x) && isnan(self->cursor)))
        return;
    self->cursor = x;
    bh__chart_changed(self);
    tell(self->widget, CURSOR_MOVED, 1, x);
}

void bh__chart_set_view(bh__chart *self, bh__span x, bh__span y)
{
    self->fixed_x = x;
    self->fixed_y = y;
    bh__chart_fit(self);
    bh__chart_changed(self);
    tell(self->widget, VIEW_CHANGED, 0, 0);
}

/* False, reported, for what is neither a span nor all. */
static bool span_sane(bh__span span, bool log, const char *axis, const char *call)
{
    if (isnan(span.low) && isnan(span.high))
        return true;
    bool known = bh__is_number(span.low) && bh__is_number(span.high) && span.low < span.high && !(log && span.low <= 0);
    bh__span fitted = known ? bh__axis_fit(span, 0, log) : everything;
    if (known && fabs(fitted.high - span.high) <= fabs(span.high) * 1e-9)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "%s from %g to %g cannot be shown: pass a lower and a higher number%s, or NAN twice for all",
             axis, span.low, span.high, log ? " above 0, as the axis is logarithmic" : "");
    return false;
}

bh_status(bh_chart_set_view)(bh_object *chart, double x_low, double x_high, double y_low, double y_high)
{
    static const char call[] = "bh_chart_set_view";
    bh__chart *self = check(chart, call);
    bh__span x = {x_low, x_high}, y = {y_low, y_high};
    if (!self || !span_sane(x, false, "x", call) || !span_sane(y, self->log_y, "y", call))
        return bh__last_status();
    bh__chart_set_view(self, x, y);
    return BH_OK;
}

bh_status(bh_chart_get_view)(const bh_object *chart, double *x_low, double *x_high, double *y_low, double *y_high)
{
    bh__chart *self = check(chart, "bh_chart_get_view");
    if (self)
        bh__chart_fit(self);
    bh__span x = self ? self->x.shown : everything, y = self ? self->y.shown : everything;
    const double found[] = {x.low, x.high, y.low, y.high};
    double *out[] = {x_low, x_high, y_low, y_high};
    for (int i = 0; i < 4; i++)
        if (out[i])
            *out[i] = found[i];
    return self ? BH_OK : bh__last_status();
}

bh_status(bh_chart_set_cursor)(bh_object *chart, double x)
{
    static const char call[] = "bh_chart_set_cursor";
    bh__chart *self = check(chart, call);
    if (!self)
        return bh__last_status();
    if (!isnan(x) && !bh__is_number(x))
        return bh__fail(BH_ERROR_RANGE, call, "x is %g: pass a number within 1e300 of 0, or NAN to take the read-out away", x);
    bh__chart_set_cursor(self, isnan(x) ? x : bh__chart_snap(self, x));
    return BH_OK;
}

bh_status(bh_chart_get_nearest)(const bh_object *chart, int number, double x, double *nearest_x, double *y)
{
    static const char call[] = "bh_chart_get_nearest";
    double found_x = NAN, found_y = NAN;
    bh__series *series = bh__chart_series(chart, number, call);
    bool sane = bh__is_number(x);
    if (series && !sane)
        bh__fail(BH_ERROR_RANGE, call, "x is %g: pass a number within 1e300 of 0", x);
    if (series && sane && series->count) {
        size_t at = bh__series_nearest(series, x);
        found_x = series->x[at];
        found_y = series->y[at];
    }
    if (nearest_x)
        *nearest_x = found_x;
    if (y)
        *y = found_y;
    return series && sane ? BH_OK : bh__last_status();
}

/* --- texts and scale */

bh_status(bh_chart_set_titles)(bh_object *chart, const char *x_title, const char *y_title)
{
    bh__chart *self = check(chart, "bh_chart_set_titles");
    if (!self)
        return bh__last_status();
    bh__copy_text(self->x_title, sizeof self->x_title, x_title);
    bh__copy_text(self->y_title, sizeof self->y_title, y_title);
    bh__chart_changed(self);
    return BH_OK;
}

bh_status(bh_chart_set_empty_text)(bh_object *chart, const char *text)
{
    bh__chart *self = check(chart, "bh_chart_set_empty_text");
    if (!self)
        return bh__last_status();
    bh__copy_text(self->empty_text, sizeof self->empty_text, text);
    bh__chart_changed(self);
    return BH_OK;
}

bh_status(bh_chart_set_marker)(bh_object *chart, double x, const char *text)
{
    static const char call[] = "bh_chart_set_marker";
    bh__chart *self = check(chart, call);
    if (!self)
        return bh__last_status();
    if (!isnan(x) && !bh__is_number(x))
        return bh__fail(BH_ERROR_RANGE, call, "x is %g: pass a number within 1e300 of 0, or NAN to take the marker away", x);
    self->marker = x;
    bh__copy_text(self->marker_text, sizeof self->marker_text, text);
    bh__chart_changed(self);
    return BH_OK;
}

bh_status(bh_chart_set_log_y)(bh_object *chart, bool on)
{
    bh__chart *self = check(chart, "bh_chart_set_log_y");
    if (!self)
        return bh__last_status();
    if (on && self->fixed_y.low <= 0)
        self->fixed_y = everything;
    self->log_y = on;
    bh__chart_changed(self);
    return BH_OK;
}

/* --- series */

static bool room_for_one(bh__chart *self)
{
    if (self->count < self->room)
        return true;
    int room = self->room ? self->room * 2 : 8;
    bh__series *more = bh__realloc(self->series, (size_t)room * sizeof *more);
    if (!more)
        return false;
    self->series = more;
    self->room = room;
    return true;
}

bh_status(bh_chart_add_series)(bh_object *chart, const char *name, int *number)
{
    static const char call[] = "bh_chart_add_series";
    if (!number)
        return bh__fail(BH_ERROR_NULL, call, "series is NULL: pass the address of an int");
    *number = -1;
    bh__chart *self = check(chart, call);
    if (!self)
        return bh__last_status();
    if (!name)
        return bh__fail(BH_ERROR_NULL, call, "name is NULL: pass what the legend shall say");
    if (self->count == BH_CHART_MAX_SERIES)
        return bh__fail(BH_ERROR_STATE, call, "the chart has %d series: remove some; more than that cannot be told apart",
                        self->count);
    if (!room_for_one(self))
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for one more series");
    *number = self->next_number++;
    bh__series *made = &self->series[self->count++];
    *made = (bh__series){.number = *number, .color = *number % BH_CHART_COLORS, .visible = true};
    made->style = BH_PEN_SOLID + *number / BH_CHART_COLORS % 3;
    bh__copy_text(made->name, sizeof made->name, name);
    bh__chart_changed(self);
    return BH_OK;
}

bh_status(bh_chart_set_series_style)(bh_object *chart, int number, int color, bh_pen_style style)
{
    static const char call[] = "bh_chart_set_series_style";
    bh__series *series = bh__chart_series(chart, number, call);
    if (!series)
        return bh__last_status();
    if (color < 0 || color >= BH_CHART_COLORS)
        return bh__fail(BH_ERROR_RANGE, call, "color is %d: pass 0 to %d", color, BH_CHART_COLORS - 1);
    if (style != BH_PEN_SOLID && style != BH_PEN_DASH && style != BH_PEN_DOT)
        return bh__fail(BH_ERROR_RANGE, call, "style %d draws no line: pass BH_PEN_SOLID, BH_PEN_DASH or BH_PEN_DOT", (int)style);
    series->color = color;
    series->style = style;
    bh__chart_changed(check(chart, call));
    return BH_OK;
}

bh_status(bh_chart_set_series_visible)(bh_object *chart, int number, bool visible)
{
    bh__series *series = bh__chart_series(chart, number, "bh_chart_set_series_visible");
    if (!series)
        return bh__last_status();
    series->visible = visible;
    bh__chart_changed(check(chart, "bh_chart_set_series_visible"));
    return BH_OK;
}

static bool points_sane(const bh__series *series, const double *x, const double *y, size_t count, const char *call)
{
    if (!y)
        return bh__fail(BH_ERROR_NULL, call, "y is NULL: pass %zu numbers, NAN for a gap", count), false;
    double before = series->count ? series->x[series->count - 1] : -INFINITY;
    for (size_t i = 0; x && i < count; before = x[i++]) {
        if (bh__is_number(x[i]) && x[i] >= before)
            continue;
        if (bh__is_number(x[i]))
            bh__fail(BH_ERROR_RANGE, call, "x[%zu] is %g, behind %g: pass points in order of x", i, x[i], before);
        else
            bh__fail(BH_ERROR_RANGE, call, "x[%zu] is %g: pass numbers within 1e300 of 0", i, x[i]);
        return false;
    }
    return true;
}

bh_status(bh_chart_append)(bh_object *chart, int number, const double *x, const double *y, size_t count)
{
    static const char call[] = "bh_chart_append";
    bh__series *series = bh__chart_series(chart, number, call);
    if (!series || (count && !points_sane(series, x, y, count, call)))
        return bh__last_status();
    if (count && !bh__series_append(series, x, y, count))
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for %zu more points", count);
    if (count)
        bh__chart_changed(check(chart, call));
    return BH_OK;
}

bh_status(bh_chart_clear_series)(bh_object *chart, int number)
{
    bh__series *series = bh__chart_series(chart, number, "bh_chart_clear_series");
    if (!series)
        return bh__last_status();
    bh__series_clear(series);
    bh__chart_changed(check(chart, "bh_chart_clear_series"));
    return BH_OK;
}

bh_status(bh_chart_remove_series)(bh_object *chart, int number)
{
    bh__series *series = bh__chart_series(chart, number, "bh_chart_remove_series");
    if (!series)
        return bh__last_status();
    bh__chart *self = check(chart, "bh_chart_remove_series");
    bh__series_clear(series);
    self->count--;
    memmove(series, series + 1, (size_t)(self->series + self->count - series) * sizeof *series);
    bh__chart_changed(self);
    return BH_OK;
}

bh_status(bh_chart_clear)(bh_object *chart)
{
    bh__chart *self = check(chart, "bh_chart_clear");
    if (!self)
        return bh__last_status();
    forget_series(self);
    bh__chart_changed(self);
    return BH_OK;
}
