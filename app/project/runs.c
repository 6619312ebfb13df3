/* Runs: what a person can ask for. */
#include "project/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- adding */

typedef struct new_runs {
    size_t count;
    store_run rows[];
} new_runs;

static void drop_runs(request *asked)
{
    new_runs *it = asked->data;
    for (size_t i = 0; i < it->count; i++) {
        free((char *)it->rows[i].name);
        free((char *)it->rows[i].notes);
        bh_free((char *)it->rows[i].parameters);
    }
    free(it);
}

static bh_status add_all(request *asked)
{
    const new_runs *it = asked->data;
    store *s = asked->of->store;
    bh_status status = store_begin(s);
    for (size_t i = 0; !status && i < it->count; i++)
        status = store_add_run(s, &it->rows[i], i == 0 ? &asked->id : NULL);
    if (!status)
        return store_commit(s);
    snprintf(asked->sentence, sizeof asked->sentence, "%s", bh_last_error());
    store_rollback(s);
    keeper_log(asked->of, BH_LOG_ERROR, 0, 0, "the runs cannot be added: %s", asked->sentence);
    return status;
}

static bh_status take_run(const project *self, const store_run *from, how_read *known, store_run *to)
{
    static const char call[] = "project_add_runs";
    const store_data_set *data = project_data_set(self, from->data_set);
    if (!data)
        return bh_report(BH_ERROR_NAME, call, "there is no data set %lld to train on", (long long)from->data_set);
    *to = (store_run){.kind = "train", .data_set = data->id, .mode = from->mode};
    char *json;
    how_read_open(known, data);
    bh_status status = parameters_complete(known, from->parameters, &json, &to->rounds, call);
    to->parameters = json;
    if (status)
        return status;
    to->name = strdup(from->name && from->name[0] ? from->name : data->name);
    to->notes = strdup(from->notes ? from->notes : "");
    return to->name && to->notes ? BH_OK : bh_report(BH_ERROR_MEMORY, call, "no memory");
}

static void show_first(request *asked)
{
    if (!asked->status)
        EACH_OBSERVER(asked->of, show, (e->told.user, STORE_RUNS, asked->id));
}

static bh_status add_runs(project *self, const store_run *runs, size_t count, void (*done)(request *asked))
{
    bh_status status = project_check(self, "project_add_runs");
    if (status)
        return status;
    if (!runs || count == 0)
        return bh_report(BH_ERROR_NULL, "project_add_runs", "runs is NULL, or there is none");
    new_runs *it = calloc(1, sizeof *it + count * sizeof *it->rows);
    if (!it)
        return bh_report(BH_ERROR_MEMORY, "project_add_runs", "no memory for %zu runs", count);
    request asked = {.work = add_all, .done = done, .drop = drop_runs, .data = it};
    how_read known = {0};
    for (size_t i = 0; !status && i < count; i++) {
        it->count++;
        status = take_run(self, &runs[i], &known, &it->rows[i]);
    }
    how_read_close(&known);
    if (!status)
        status = keeper_ask(self, &asked);
    if (status)
        drop_runs(&asked);
    return status;
}

bh_status project_add_runs(project *self, const store_run *runs, size_t count)
{
    return add_runs(self, runs, count, NULL);
}

bh_status project_start_runs(project *self, const store_run *runs, size_t count)
{
    return add_runs(self, runs, count, show_first);
}

/* --- going on */

static const store_run *find_row(project *self, int64_t id, const char *call, bh_status *status)
{
    *status = project_check(self, call);
    const store_run *row = *status ? NULL : project_run(self, id);
    if (!*status && !row)
        *status = bh_report(BH_ERROR_NAME, call, "there is no run %lld", (long long)id);
    return row;
}

static bh_status requeue_run(request *asked)
{
    return store_requeue_run(asked->of->store, asked->id);
}

static bh_status resume_run(project *self, const store_run *row)
{
    if (row->state != STORE_RUN_QUEUED)
        return ask_about(self, requeue_run, row->id, NULL, NULL);
    jobs_notice(self, STORE_RUNS, row->id);
    jobs_schedule(self);
    return BH_OK;
}

bh_status project_resume_run(project *self, int64_t id)
{
    static const char call[] = "project_resume_run";
    bh_status status;
    const store_run *row = find_row(self, id, call, &status);
    if (!row)
        return status;
    if (row->state == STORE_RUN_DONE || project_job_of(self, STORE_RUNS, id))
        return bh_report(BH_ERROR_STATE, call, "run %lld is %s: there is nothing to go on with", (long long)id,
                         store_run_state_name(row->state));
    return resume_run(self, row);
}

bh_status project_resume_all(project *self)
{
    bh_status status = project_check(self, "project_resume_all");
    const row_list *runs = status ? NULL : &self->lists[STORE_RUNS];
    for (size_t i = 0; !status && i < runs->count; i++) {
        const store_run *row = runs->rows[i];
        if ((row->state == STORE_RUN_INTERRUPTED || row->state == STORE_RUN_QUEUED) && !project_job_of(self, STORE_RUNS, row->id))
            status = resume_run(self, row);
    }
    return status ? status : fetches_resume_all(self);
}

/* --- changing */

static bh_status set_name(request *asked)
{
    const texts *it = asked->data;
    return store_set_run_name(asked->of->store, asked->id, it->a);
}

static bh_status set_notes(request *asked)
{
    const texts *it = asked->data;
    return store_set_run_notes(asked->of->store, asked->id, it->a);
}

bh_status project_set_run_name(project *self, int64_t id, const char *name)
{
    bh_status status;
    if (!find_row(self, id, "project_set_run_name", &status))
        return status;
    if (!name || !name[0])
        return bh_report(BH_ERROR_NULL, "project_set_run_name", "the name is %s", name ? "empty" : "NULL");
    return ask_about(self, set_name, id, name, NULL);
}

bh_status project_set_run_notes(project *self, int64_t id, const char *notes)
{
    bh_status status;
    if (!find_row(self, id, "project_set_run_notes", &status))
        return status;
    return ask_about(self, set_notes, id, notes ? notes : "", NULL);
}

/* --- removing */

static bh_status remove_run(request *asked)
{
    char path[PROJECT_PATH];
    bh_status status = store_remove_run(asked->of->store, asked->id);
    snprintf(path, sizeof path, "%.3000s/runs/%lld", asked->of->folder, (long long)asked->id);
    if (!status)
        files_remove(path);
    return status;
}

bh_status project_remove_run(project *self, int64_t id)
{
    bh_status status;
    if (!find_row(self, id, "project_remove_run", &status))
        return status;
    if (project_job_of(self, STORE_RUNS, id))
        return bh_report(BH_ERROR_STATE, "project_remove_run", "run %lld runs, or waits: stop it first", (long long)id);
    return ask_about(self, remove_run, id, NULL, NULL);
}
