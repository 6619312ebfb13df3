/* Runs, curves and models to files: asks for the name, and writes on a pool thread. */
#include "window/export.h"

#include "jobs/trainer/curve.h"
#include "window/export_write.h"
#include "window/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PATH_ROOM = 4200 };

typedef struct export_job {
    bh_object *window;
    project *project;
    export_rows rows;
    char from[PATH_ROOM]; /* a file to copy; "": the rows are written */
    char path[PATH_ROOM];
} export_job;

static void drop(void *user)
{
    export_job *job = user;
    export_rows_free(&job->rows);
    free(job);
}

/* --- on the pool's thread */

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && strcasecmp(path + length - tail, end) == 0;
}

static bh_status work(bh_task_context *self, void *user)
{
    const export_job *job = user;
    char why[EXPORT_REASON] = "no memory";
    bool written = job->from[0]                    ? export_copy(job->from, job->path, why)
                   : ends_with(job->path, ".json") ? export_write_json(&job->rows, job->path, why)
                                                   : export_write_csv(&job->rows, job->path, why);
    return written ? BH_OK : bh_task_fail(self, BH_ERROR_IO, "%s", why);
}

/* --- on the GUI thread */

static void on_done(void *user, bh_task *task)
{
    const export_job *job = user;
    bh_thread_failure failure;
    if (bh_task_get_state(task) != BH_TASK_FAILED || bh_task_get_failure(task, &failure))
        return;
    bh_object *parent = bh_is_alive(job->window) ? job->window : NULL;
    bh_object *box = bh_message_box(parent, BH_MESSAGE_ERROR, "Export", failure.text, BH_BUTTON_OK, NULL, NULL);
    bh_set_name(box, "export-failed");
}

/* One for the program, whose end takes it away. */
static bh_thread_pool *pool(void)
{
    static bh_thread_pool *made;
    int threads = 0;
    if (!made || bh_thread_pool_get_max_threads(made, &threads))
        made = bh_thread_pool_create("export", 1);
    return made;
}

static void begin(export_job *job)
{
    const bh_task_options options = {BH_TASK_INIT, .name = "export", .done = on_done, .drop = drop};
    if (!bh_task_start(pool(), work, job, &options))
        drop(job);
}

static export_job *job_create(bh_object *window, project *of)
{
    export_job *job = calloc(1, sizeof *job);
    if (job) {
        job->window = window;
        job->project = of;
    }
    return job;
}

static void take_rows(export_job *job)
{
    size_t count;
    bool whole = true;
    const store_run *const *rows = project_runs(job->project, &count);
    for (size_t i = 0; whole && i < count; i++) {
        const store_data_set *set = project_data_set(job->project, rows[i]->data_set);
        whole = export_rows_add(&job->rows, rows[i], set ? set->name : "");
    }
}

static void on_chosen(void *user, const char *const *paths)
{
    export_job *job = user;
    if (!paths[0] || snprintf(job->path, sizeof job->path, "%s", paths[0]) >= PATH_ROOM) {
        drop(job);
        return;
    }
    if (!job->from[0])
        take_rows(job);
    begin(job);
}

static void ask(export_job *job, const char *title, const char *filter)
{
    bh_object *dialog = bh_file_dialog(job->window, BH_FILE_SAVE, title, NULL, filter, on_chosen, job);
    if (!dialog)
        drop(job);
    else
        bh_set_name(dialog, "export-file");
}

void export_runs(bh_object *window, project *of)
{
    export_job *job = job_create(window, of);
    if (job)
        ask(job, "Export Runs", "Tables (*.csv);;JSON (*.json)");
}

void export_model(bh_object *window, project *of, int64_t run)
{
    export_job *job = job_create(window, of);
    if (job && project_model_path(of, run, job->from, sizeof job->from))
        ask(job, "Save Model", ends_with(job->from, ".ubj") ? "XGBoost models (*.ubj)" : "XGBoost models (*.json)");
    else if (job)
        drop(job);
}

/* The file of a curve is CSV as it is. */
void export_curve(bh_object *window, project *of, int64_t run)
{
    export_job *job = job_create(window, of);
    char folder[PATH_ROOM - 32];
    if (job && project_run_path(of, run, folder, sizeof folder)) {
        snprintf(job->from, sizeof job->from, "%s/%s", folder, CURVE_NAME);
        ask(job, "Export Curve", "Tables (*.csv)");
    } else if (job)
        drop(job);
}
