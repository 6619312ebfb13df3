/* The curves of the runs that are checked, one over the other. */
#include "window/compare_inner.h"

#include "jobs/trainer/curve.h"

#include <math.h>
#include <stdlib.h>

typedef struct reading {
    bh_object *page;
    int64_t run, after;
} reading;

void compare_scale(compare_page *self)
{
    double least = INFINITY;
    for (size_t i = 0; i < self->rows.count; i++)
        if (self->rows.entries[i].checked)
            least = fmin(least, self->rows.entries[i].least);
    log_scale_set_least(&self->scale, least);
}

/* Validation where there is one. */
static void add_points(compare_page *self, compare_entry *entry, const curve_point *points, size_t count)
{
    double *x = malloc(2 * count * sizeof *x);
    if (!x)
        return;
    for (size_t i = 0; i < count; i++) {
        x[i] = points[i].round;
        x[count + i] = isnan(points[i].valid) ? points[i].train : points[i].valid;
        entry->least = fmin(entry->least, x[count + i]);
    }
    bh_chart_append(self->chart, entry->series, x, x + count, count);
    entry->last_round = points[count - 1].round;
    free(x);
    compare_scale(self);
}

static void on_read(void *user, int64_t run, const curve_point *points, size_t count)
{
    reading *one = user;
    void *found = NULL;
    compare_page *self = bh_is_alive(one->page) && !bh_instance_user(one->page, &found) ? found : NULL;
    compare_entry *entry = self ? compare_rows_find(&self->rows, run) : NULL;
    if (entry) {
        entry->reading = false;
        if (count && entry->series >= 0 && entry->last_round == one->after)
            add_points(self, entry, points, count);
    }
    free(one);
}

static void read_curve(compare_page *self, compare_entry *entry)
{
    reading *one = entry->reading ? NULL : malloc(sizeof *one);
    if (!one)
        return;
    *one = (reading){self->page, entry->id, entry->last_round};
    entry->reading = project_read_curve(self->project, entry->id, entry->last_round, on_read, one) == BH_OK;
    if (!entry->reading)
        free(one);
}

bool compare_check(compare_page *self, compare_entry *entry, bool on)
{
    const store_run *row = project_run(self->project, entry->id);
    char name[4 * COMPARE_LETTERS];
    if (on == entry->checked || !row)
        return true;
    if (on && self->checked >= COMPARE_MOST_CURVES)
        return false;
    entry->checked = on;
    self->checked += on ? 1 : -1;
    if (on && bh_chart_add_series(self->chart, text_short_run(row->name, COMPARE_LETTERS, name, sizeof name), &entry->series) ==
                  BH_OK) {
        entry->last_round = 0;
        entry->least = INFINITY;
        read_curve(self, entry);
    } else if (!on) {
        bh_chart_remove_series(self->chart, entry->series);
        entry->series = -1;
        compare_scale(self);
    }
    return true;
}

void compare_read_curves(compare_page *self)
{
    for (size_t i = 0; self->checked && i < self->rows.count; i++) {
        compare_entry *entry = &self->rows.entries[i];
        const store_run *row = entry->checked ? project_run(self->project, entry->id) : NULL; /* few are */
        const project_job *job = row ? project_job_of(self->project, STORE_RUNS, entry->id) : NULL;
        int64_t round = job && row && job->round > row->round ? job->round : row ? row->round : 0;
        if (row && round > entry->last_round)
            read_curve(self, entry);
    }
}
