/* From a row to a task: which function a worker process runs, in which pool, with which arguments. */
#include "project/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- pools: made when they are first needed, as a program that only shows things needs no processes */

static project_job_kind pool_kind(project_job_kind kind)
{
    return kind == PROJECT_FETCH || kind == PROJECT_TRAIN ? kind : PROJECT_INSPECT;
}

static bh_process_pool *make_pool(const project *self, project_job_kind kind)
{
    enum { ROUND_MS = 3600 * 1000, QUEUE_MS = 24 * 3600 * 1000, IDLE_MS = 2000, FETCH_GRACE_MS = 5000, LOOK_GRACE_MS = 2000 };
    bool train = kind == PROJECT_TRAIN;
    const char *launcher = train ? project_launcher(self) : "";
    const bh_process_pool_options options = {
        BH_PROCESS_POOL_OPTIONS_INIT,
        .name = train                   ? "trainings"
                : kind == PROJECT_FETCH ? "fetches"
                                        : "files",
        .workers = 32, /* the limits are ours: jobs.c */
        .spares = -1,
        .program = self->worker,
        .niceness = project_number(self, PROJECT_NICENESS, 10, 0, 19),
        .limits.memory = kind == PROJECT_FETCH ? 0 : (uint64_t)project_number(self, PROJECT_MEMORY, 0, 0, 1 << 30) << 20,
        .threads = train ? -1 : 1, /* a training says how many */
        .memory_growth = UINT64_C(256) << 20,
        .launch = launcher,
        .start_timeout_ms = launcher[0] ? QUEUE_MS : 0, /* it may have to wait for a machine */
        .idle_ms = IDLE_MS,
        .cancel_grace_ms = train                   ? ROUND_MS
                           : kind == PROJECT_FETCH ? FETCH_GRACE_MS
                                                   : LOOK_GRACE_MS, /* a round ends first */
    };
    return bh_process_pool_create(&options);
}

/* It has another launcher than the settings say now, or its launcher starts nothing and is tried anew. */
static bool is_outdated(const project *self, bh_process_pool *pool)
{
    bh_process_pool_statistics counts;
    if (!self->pool_launcher || strcmp(self->pool_launcher, project_launcher(self)) != 0)
        return true;
    return bh_process_pool_get_statistics(pool, &counts) == BH_OK && counts.gave_up;
}

/* Trainings in it go on. False without memory: then it stays in use. */
static bool retire(project *self, bh_process_pool **pool)
{
    bh_process_pool **more = realloc(self->retired, (self->retired_count + 1) * sizeof *more);
    if (!more)
        return false;
    self->retired = more;
    more[self->retired_count++] = *pool;
    *pool = NULL;
    return true;
}

static void note_launcher(project *self)
{
    free(self->pool_launcher);
    self->pool_launcher = strdup(project_launcher(self));
}

bh_process_pool *pool_of(project *self, project_job_kind kind)
{
    bool train = pool_kind(kind) == PROJECT_TRAIN;
    bh_process_pool **pool = &self->pools[pool_kind(kind)];
    if (*pool && !(train && is_outdated(self, *pool) && retire(self, pool)))
        return *pool;
    if (train)
        note_launcher(self);
    *pool = make_pool(self, pool_kind(kind));
    if (*pool && self->window)
        bh_close_waits_for_processes(self->window, *pool, self->budget_ms);
    return *pool;
}

void pools_close(project *self, int timeout_ms)
{
    for (int i = 0; i < PROJECT_KINDS; i++) {
        if (self->pools[i] && bh_process_pool_close(self->pools[i], timeout_ms) != BH_ERROR_STALE)
            bh_process_pool_destroy(self->pools[i]);
        self->pools[i] = NULL;
    }
    for (size_t i = 0; i < self->retired_count; i++)
        if (bh_process_pool_close(self->retired[i], timeout_ms) != BH_ERROR_STALE)
            bh_process_pool_destroy(self->retired[i]);
    free(self->retired);
    free(self->pool_launcher);
    self->retired = NULL;
    self->retired_count = 0;
    self->pool_launcher = NULL;
}

/* --- arguments */

static void add_map(bh_message *out, bh_message_view map)
{
    for (size_t i = 0; i < bh_message_view_count(map); i++)
        bh_message_add_view(out, bh_message_view_key(map, i), bh_message_view_at(map, i));
}

/* All that JSON has; nothing if it is none. */
static void add_json(bh_message *out, const char *json)
{
    bh_message *message;
    bh_message_view view;
    if (json_open(json, &message, &view))
        add_map(out, view);
    bh_message_destroy(message);
}

static bool add_training(const job *which, bh_message *out, char *sentence, size_t size)
{
    char path[PROJECT_PATH];
    const project *self = which->of;
    const store_run *run = project_run(self, which->seen.row);
    if (!run || !project_data_path(self, run->data_set, path, sizeof path)) {
        snprintf(sentence, size, "its data set is not there any more: add the file once more, and a new run");
        return false;
    }
    add_json(out, run->parameters);
    bh_message_add_string(out, "file", path);
    snprintf(path, sizeof path, "%.3000s/runs/%lld", self->folder, (long long)run->id);
    bh_message_add_string(out, "run", path);
    return bh_message_add_bool(out, "resume", true) == BH_OK;
}

static bool add_fetch(const job *which, bh_message *out)
{
    char path[PROJECT_PATH];
    const store_fetch *fetch = project_fetch(which->of, which->seen.row);
    if (!fetch)
        return false;
    bh_message_add_string(out, "url", fetch->url);
    snprintf(path, sizeof path, "%.3000s/data/%.900s", which->of->folder, fetch->name);
    bh_message_add_string(out, "output", path);
    bh_message_add_string(out, "hash", fetch->expected_hash[0] ? fetch->expected_hash : "sha256");
    return bh_message_add_bool(out, "overwrite", true) == BH_OK; /* the name is this fetch's own */
}

static bool add_inspect(const job *which, bh_message *out)
{
    char path[PROJECT_PATH];
    const store_data_set *row = project_data_set(which->of, which->seen.row);
    if (!row || !project_data_path(which->of, row->id, path, sizeof path))
        return false;
    add_json(out, row->options);
    bh_message_add_string(out, "file", path);
    snprintf(path, sizeof path, "%.3000s/index/%lld", which->of->folder, (long long)row->id);
    return bh_message_add_string(out, "index", path) == BH_OK;
}

static bool add_arguments(const job *which, bh_message *out, char *sentence, size_t size)
{
    snprintf(sentence, size, "it is not there any more");
    switch (which->seen.kind) {
    case PROJECT_FETCH:
        return add_fetch(which, out);
    case PROJECT_UNPACK:
        bh_message_add_string(out, "file", which->file);
        return bh_message_add_string(out, "output", which->output) == BH_OK;
    case PROJECT_INSPECT:
        return add_inspect(which, out);
    case PROJECT_TRAIN:
        return add_training(which, out, sentence, size);
    case PROJECT_PREDICT:
        break;
    }
    bh_message_add_string(out, "model", which->origin);
    bh_message_add_string(out, "file", which->file);
    return bh_message_add_string(out, "output", which->output) == BH_OK;
}

/* --- the task */

/* The sentence without whose it is: "function 'fetch' failed: …" says nothing to who asked for a file. */
static const char *sentence_of(const bh_process_failure *failure)
{
    static const char end[] = "' failed: ";
    bool said = failure->kind == BH_FAILURE_RETURNED || failure->kind == BH_FAILURE_MEMORY;
    const char *at = said ? strstr(failure->text, end) : NULL;
    return at ? at + strlen(end) : failure->text;
}

static void on_done(bh_future *future, void *user) /* S */
{
    job *which = user;
    bh_process_failure failure;
    outcome came = {.status = BH_OK};
    bh_message *last = bh_message_create();
    if (last && bh_future_progress(future, last) == BH_OK)
        came.last = last;
    if (bh_future_get_state(future) == BH_FUTURE_DONE) {
        came.status = bh_future_result(future, &came.result);
        came.text = came.status ? bh_last_error() : NULL;
    } else if (bh_future_failure(future, &failure) == BH_OK) {
        bool ended = failure.kind == BH_FAILURE_CANCELLED || failure.kind == BH_FAILURE_CLOSED;
        came.status = ended ? BH_CANCELLED : failure.status;
        came.text = sentence_of(&failure);
        came.said = failure.text;
        bool lives = failure.kind == BH_FAILURE_RETURNED || failure.kind == BH_FAILURE_LAUNCHER ||
                     (failure.kind == BH_FAILURE_MEMORY && came.text != failure.text);
        came.died = ended || lives ? NULL : failure.text;
    }
    job_finish(job_take(which), &came);
    bh_message_destroy(last);
}

static void drop_job(void *user)
{
    job_release(user);
}

static bool give_to_process(job *which, char *sentence, size_t size)
{
    static const char *const functions[] = {"fetch", "unpack", "inspect", "train", "predict"};
    bh_process_pool *pool = pool_of(which->of, which->seen.kind);
    if (pool)
        which->future = bh_process_pool_submit(pool, functions[which->seen.kind], which->arguments, NULL);
    if (which->future && bh_future_when_done(which->future, which->of->thread, on_done, job_take(which), drop_job) == BH_OK)
        return true;
    if (which->future)
        job_release(which);
    snprintf(sentence, size, "%s", bh_last_error());
    bh_future_cancel(which->future);
    bh_future_destroy(which->future);
    which->future = NULL;
    return false;
}

bool job_submit(job *which, char *sentence, size_t size)
{
    const store_run *run = which->seen.kind == PROJECT_TRAIN ? project_run(which->of, which->seen.row) : NULL;
    which->arguments = bh_message_create();
    if (!which->arguments || !add_arguments(which, which->arguments, sentence, size))
        return false;
    return run && run->mode == STORE_RUN_THREAD ? here_submit(which, sentence, size) : give_to_process(which, sentence, size);
}
