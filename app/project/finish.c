/* Where a job's row begins to run, and what becomes of it when its task has ended: on the store's thread. */
#include "project/inner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the beginning */

static void make_folder(const project *self, const char *name)
{
    char path[PROJECT_PATH];
    snprintf(path, sizeof path, "%.3000s/%s", self->folder, name);
    mkdir(path, 0777); /* if it cannot be made, who writes into it says so */
}

bh_status job_start_row(request *begin)
{
    job *which = begin->data;
    project *self = begin->of;
    switch (which->seen.kind) {
    case PROJECT_TRAIN:
        return store_start_run(self->store, begin->id);
    case PROJECT_FETCH:
        make_folder(self, "data");
        return store_start_fetch(self->store, begin->id);
    case PROJECT_INSPECT:
        make_folder(self, "index");
        return store_begin_opening(self->store, begin->id);
    case PROJECT_UNPACK:
        make_folder(self, "data");
        return files_begin_unpacking(which);
    case PROJECT_PREDICT:
        break;
    }
    return BH_OK;
}

/* --- a training */

static void add_numbers(bh_message *out, bh_message_view result)
{
    static const char *const keys[] = {"best",   "rows",      "validation_rows",  "features", "bad_rows", "seconds",
                                       "metric", "objective", "checkpoint_every", "threads",  NULL};
    for (const char *const *key = keys; *key; key++)
        if (bh_message_view_type(bh_message_view_find(result, *key)) > BH_MESSAGE_NULL)
            bh_message_add_view(out, *key, bh_message_view_find(result, *key));
}

/* {"train": {"logloss": 1}} as "train": 1 if logloss is the metric, and "train-logloss": 1. */
static void add_metrics(bh_message *out, bh_message_view result)
{
    static const char *const parts[] = {"train", "valid"};
    const char *main = bh_message_get_string(result, "metric", "");
    for (int i = 0; i < 2; i++) {
        bh_message_view part = bh_message_view_find(bh_message_view_find(result, "metrics"), parts[i]);
        for (size_t k = 0; k < bh_message_view_count(part); k++) {
            char key[80];
            const char *name = bh_message_view_key(part, k);
            snprintf(key, sizeof key, "%s-%s", parts[i], name);
            bh_message_add_view(out, key, bh_message_view_at(part, k));
            if (strcmp(name, main) == 0)
                bh_message_add_view(out, parts[i], bh_message_view_at(part, k));
        }
    }
}

static char *metrics_of(bh_message_view result)
{
    bh_message *out = bh_message_create();
    add_metrics(out, result);
    add_numbers(out, result);
    char *json = json_of(out);
    bh_message_destroy(out);
    return json;
}

static void run_done(const job *which, bh_message_view result)
{
    store *s = which->of->store;
    int64_t run = which->seen.row;
    char model[64], *metrics = metrics_of(result);
    bh_message_view features = bh_message_view_find(result, "importance");
    char *importance = bh_message_view_type(features) == BH_MESSAGE_MAP ? bh_message_view_json(features) : NULL;
    const char *path = bh_message_get_string(result, "model", ""), *slash = strrchr(path, '/');
    snprintf(model, sizeof model, "runs/%lld/%.32s", (long long)run, slash ? slash + 1 : path);
    const store_run_result left = {metrics, importance, model, "", ""};
    store_run_round(s, run, bh_message_get_int(result, "rounds", 0), bh_message_get_int(result, "best_round", -1), metrics);
    store_finish_run(s, run, STORE_RUN_DONE, &left);
    bh_free(metrics);
    bh_free(importance);
}

static void finish_run(const job *which, const outcome *what)
{
    project *self = which->of;
    if (what->status && what->last)
        progress_keep_last(which, what->last);
    if (!what->status) {
        run_done(which, what->result);
    } else if (what->status == BH_CANCELLED) {
        store_finish_run(self->store, which->seen.row, which->kill ? STORE_RUN_KILLED : STORE_RUN_STOPPED, NULL);
    } else {
        const store_run_result left = {.error = what->text, .died = what->died ? what->died : ""};
        store_finish_run(self->store, which->seen.row, STORE_RUN_FAILED, &left);
        keeper_log(self, BH_LOG_ERROR, STORE_RUNS, which->seen.row, "%s: %s", which->title, what->said ? what->said : what->text);
    }
}

/* --- a look at a data set */

static void end_look(const job *which, const char *sentence, bool stopped)
{
    bh_message *out = bh_message_create();
    bh_message_add_string(out, "error", sentence);
    if (stopped)
        bh_message_add_bool(out, "stopped", true);
    char *json = json_of(out);
    store_end_opening(which->of->store, which->seen.row, -1, -1, json);
    bh_free(json);
    bh_message_destroy(out);
}

static void look_done(const job *which, bh_message_view result)
{
    int64_t columns = (int64_t)bh_message_view_count(bh_message_view_find(result, "columns"));
    char *json = bh_message_view_json(result);
    store_end_opening(which->of->store, which->seen.row, bh_message_get_int(result, "rows", 0), columns, json);
    bh_free(json);
}

static void finish_look(const job *which, const outcome *what)
{
    project *self = which->of;
    if (!what->status) {
        look_done(which, what->result);
    } else if (what->died || which->kill) {
        char why[512];
        snprintf(why, sizeof why, "%.400s", what->died ? what->died : "reading it was killed by hand");
        store_suspect_data_set(self->store, which->seen.row, why);
        keeper_log(self, BH_LOG_WARNING, STORE_DATA_SETS, which->seen.row, "%s: %s", which->title, why);
    } else {
        bool stopped = what->status == BH_CANCELLED;
        end_look(which, stopped ? "it was stopped before its end" : what->text, stopped);
    }
}

/* --- a prediction */

static void finish_prediction(job *which, const outcome *what)
{
    which->rows = what->status ? 0 : bh_message_get_int(what->result, "rows", 0);
    which->bad_rows = what->status ? 0 : bh_message_get_int(what->result, "bad_rows", 0);
    if (what->status)
        snprintf(which->failure, sizeof which->failure, "%s",
                 what->status == BH_CANCELLED ? "it was stopped"
                 : what->text                 ? what->text
                                              : "it failed");
}

/* --- all */

static void finish(job *which, const outcome *what)
{
    switch (which->seen.kind) {
    case PROJECT_TRAIN:
        finish_run(which, what);
        break;
    case PROJECT_INSPECT:
        finish_look(which, what);
        break;
    case PROJECT_FETCH:
        files_finish_fetch(which, what);
        break;
    case PROJECT_UNPACK:
        files_finish_unpacking(which, what);
        break;
    case PROJECT_PREDICT:
        finish_prediction(which, what);
    }
}

void job_finish(job *which, const outcome *what)
{
    project *self = which->of;
    request over = {.of = self, .done = jobs_end, .drop = jobs_drop, .id = which->seen.row, .data = which};
    if (!self->store) { /* it ended when all was over */
        job_release(which);
        return;
    }
    keeper_begin(self);
    store_begin(self->store);
    finish(which, what);
    store_commit(self->store);
    keeper_end(self, &over);
}

/* --- many that have not begun */

typedef struct job_list {
    size_t count;
    job *list[];
} job_list;

static void drop_list(request *ended)
{
    job_list *it = ended->data;
    for (size_t i = 0; i < it->count; i++)
        job_release(it->list[i]);
    free(it);
}

static bh_status cancel_list(request *asked) /* S */
{
    const job_list *it = asked->data;
    const outcome what = {.status = BH_CANCELLED};
    store_begin(asked->of->store);
    for (size_t i = 0; i < it->count; i++)
        finish(it->list[i], &what);
    return store_commit(asked->of->store);
}

static void end_list(request *ended) /* G */
{
    const job_list *it = ended->data;
    for (size_t i = 0; i < it->count; i++) {
        request one = {.of = ended->of, .data = it->list[i]};
        jobs_end(&one);
    }
}

bool jobs_cancel_waiting(project *self, job *const *list, size_t count)
{
    job_list *it = malloc(sizeof *it + count * sizeof *it->list);
    request asked = {.work = cancel_list, .done = end_list, .drop = drop_list, .data = it};
    if (!it)
        return false;
    it->count = count;
    for (size_t i = 0; i < count; i++)
        it->list[i] = job_take(list[i]);
    if (keeper_ask(self, &asked) == BH_OK)
        return true;
    drop_list(&asked);
    return false;
}

typedef struct late_end {
    job *which;
    bh_status status;
    char text[512];
} late_end;

static bh_status finish_now(void *from) /* S */
{
    late_end *it = from;
    const outcome what = {.status = it->status, .text = it->text};
    job_finish(it->which, &what);
    free(it);
    return BH_OK;
}

void job_finish_later(job *which, bh_status status, const char *text)
{
    late_end *it = malloc(sizeof *it);
    if (!it)
        return; /* it stays in the list; the next opening says that it was interrupted */
    *it = (late_end){.which = job_take(which), .status = status};
    snprintf(it->text, sizeof it->text, "%s", text ? text : "");
    if (bh_post_completion(which->of->thread, finish_now, it, NULL) == BH_OK)
        return;
    job_release(which);
    free(it);
}
