/* The page of one run: its life, and what its buttons and notes do. */
#include "window/run_inner.h"

#include <stdlib.h>
#include <string.h>

/* --- what the project tells */

static void refresh(void *user)
{
    run_page *self = user;
    self->refreshing = false;
    run_page_update(self);
    run_page_read_curve(self);
}

/* Thousands of jobs may go at once: what it shows is brought up to date after all of that. */
static void refresh_soon(run_page *self)
{
    enum { REFRESH_MS = 40 };
    if (!self->refreshing)
        self->refreshing = bh_timer_single_shot_for(self->page, REFRESH_MS, refresh, self) == BH_OK;
}

static void on_changed(void *user, store_table of, int64_t id)
{
    run_page *self = user;
    if (self->run && ((of == STORE_RUNS && (!id || id == self->run)) || of == STORE_DATA_SETS))
        refresh_soon(self);
}

static void on_job(void *user, int64_t id, const project_job *job)
{
    run_page *self = user;
    (void)id;
    if (self->run && (!job || (job->table == STORE_RUNS && job->row == self->run)))
        refresh_soon(self);
}

/* --- the end, and the class */

static void destroyed(void *user)
{
    run_page *self = user;
    project_forget(self->project, self);
    project_release(self->project);
    free(self);
}

static const bh_class page_class = {BH_CLASS_INIT, .name = "BulkheadRunPage", .base = "QWidget", .destroyed = destroyed};

bh_object *run_page_create(project *of, bh_object *parent)
{
    run_page *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->project = of;
    self->train = self->valid = -1;
    self->page = bh_create_instance(&page_class, parent, self);
    if (!self->page) {
        free(self);
        return NULL;
    }
    const project_observer observer = {.changed = on_changed, .job = on_job, .user = self};
    project_take(of);
    bh_set_name(self->page, "run-page");
    project_observe(of, &observer);
    if (run_page_make(self))
        return self->page;
    bh_destroy(self->page);
    return NULL;
}

static run_page *of_page(bh_object *page)
{
    void *user = NULL;
    return bh_instance_user(page, &user) ? NULL : user;
}

void run_page_show(bh_object *page, int64_t run)
{
    run_page *self = of_page(page);
    if (!self)
        return;
    run_page_save_notes(self);
    if (run && !project_run(self->project, run))
        run = 0;
    bool other = run != self->run;
    self->run = run;
    if (other)
        run_page_new_curve(self);
    run_page_update(self);
    if (run)
        run_page_read_curve(self);
}

int64_t run_page_shown(bh_object *page)
{
    const run_page *self = of_page(page);
    return self ? self->run : 0;
}

/* --- notes: kept a moment after the last key */

void run_page_save_notes(run_page *self)
{
    char *text = NULL;
    const store_run *row = self->run ? project_run(self->project, self->run) : NULL;
    if (!self->notes_edited)
        return;
    self->notes_edited = false;
    if (row && bh_get_string(self->notes, "plainText", &text) == BH_OK && strcmp(text, row->notes) != 0)
        project_set_run_notes(self->project, self->run, text);
    bh_free(text);
}
