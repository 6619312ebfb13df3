/* The curve of the run that is shown: read a piece at a time while it grows. */
#include "window/run_inner.h"

#include "jobs/trainer/curve.h"

#include <math.h>
#include <stdlib.h>

/* A reading that is under way; the page may show another run, or be gone, when it comes back. */
typedef struct reading {
    bh_object *page;
    int64_t run, after;
} reading;

void run_page_new_curve(run_page *self)
{
    bh_chart_clear(self->chart);
    bh_chart_set_view(self->chart, NAN, NAN, NAN, NAN);
    bh_chart_set_marker(self->chart, NAN, NULL);
    self->last_round = 0;
    self->train = self->valid = -1;
    self->read_again = false;
    log_scale_set_least(&self->scale, INFINITY);
}

static void append(bh_object *chart, int *series, const char *name, int color, const double *x, const double *y, size_t count)
{
    bool any = *series >= 0;
    for (size_t i = 0; i < count && !any; i++)
        any = !isnan(y[i]);
    if (!any)
        return;
    if (*series < 0 && bh_chart_add_series(chart, name, series) == BH_OK)
        bh_chart_set_series_style(chart, *series, color, BH_PEN_SOLID);
    bh_chart_append(chart, *series, x, y, count);
}

static void add_points(run_page *self, const curve_point *points, size_t count)
{
    double *x = malloc(3 * count * sizeof *x);
    if (!x)
        return;
    double *train = x + count, *valid = train + count, least = self->scale.least;
    for (size_t i = 0; i < count; i++) {
        x[i] = points[i].round;
        train[i] = points[i].train;
        valid[i] = points[i].valid;
        least = fmin(least, fmin(train[i], valid[i]));
    }
    append(self->chart, &self->valid, "Validation", 1, x, valid, count);
    append(self->chart, &self->train, "Training", 0, x, train, count);
    self->last_round = points[count - 1].round;
    log_scale_set_least(&self->scale, least);
    free(x);
}

static void on_read(void *user, int64_t run, const curve_point *points, size_t count)
{
    reading *one = user;
    void *found = NULL;
    run_page *self = bh_is_alive(one->page) && !bh_instance_user(one->page, &found) ? found : NULL;
    if (self) {
        self->reading = false;
        bool fits = run == self->run && one->after == self->last_round;
        if (fits && count)
            add_points(self, points, count);
        if (self->read_again || !fits)
            run_page_read_curve(self);
    }
    free(one);
}

void run_page_read_curve(run_page *self)
{
    self->read_again = self->reading;
    if (self->reading || !self->run)
        return;
    reading *one = malloc(sizeof *one);
    if (!one)
        return;
    *one = (reading){self->page, self->run, self->last_round};
    self->reading = project_read_curve(self->project, self->run, self->last_round, on_read, one) == BH_OK;
    if (!self->reading)
        free(one);
}
