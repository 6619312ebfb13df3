/* What is read for a window on a thread of a pool: lists of files, curves. */
#include "project/inner.h"

#include "jobs/manifest/manifest.h"
#include "jobs/trainer/curve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bh_thread_pool *readers_of(project *self)
{
    enum { READ_MS = 1000 };
    if (self->readers)
        return self->readers;
    self->readers = bh_thread_pool_create("reading", 2);
    if (self->readers && self->window)
        bh_close_waits_for_pool(self->window, self->readers, READ_MS);
    return self->readers;
}

/* --- lists */

typedef struct list_read {
    project *of;
    char *path, *text;
    manifest list;
    void (*done)(void *user, const manifest *list);
    void *user;
} list_read;

static bh_status read_list(bh_task_context *context, void *from)
{
    list_read *self = from;
    (void)context;
    if (self->text)
        manifest_read(self->text, strlen(self->text), NULL, &self->list);
    else
        manifest_read_file(self->path, NULL, &self->list);
    return BH_OK; /* mistakes are in the list */
}

static void list_is_read(void *from, bh_task *task)
{
    list_read *self = from;
    (void)task;
    self->done(self->user, &self->list);
}

static void drop_list(void *from)
{
    list_read *self = from;
    manifest_free(&self->list);
    free(self->path);
    free(self->text);
    project_release(self->of);
    free(self);
}

bh_status project_read_list(project *self, const char *path, const char *text,
                            void (*done)(void *user, const struct manifest *list), void *user)
{
    static const char call[] = "project_read_list";
    const bh_task_options options = {BH_TASK_INIT, .name = "list of files", .done = list_is_read, .drop = drop_list};
    bh_status status = project_check(self, call);
    if (status)
        return status;
    if (!done || (!path && !text))
        return bh_report(BH_ERROR_NULL, call, "done is NULL, or both path and text are");
    list_read *it = calloc(1, sizeof *it);
    if (!it)
        return bh_report(BH_ERROR_MEMORY, call, "no memory");
    *it = (list_read){project_take(self), path ? strdup(path) : NULL, path ? NULL : strdup(text), {0}, done, user};
    if (readers_of(self) && bh_task_start(self->readers, read_list, it, &options))
        return BH_OK;
    drop_list(it);
    return BH_ERROR_SYSTEM;
}

/* --- curves */

typedef struct reading {
    project *of;
    int64_t run, after;
    char folder[PROJECT_PATH];
    curve_point *points;
    size_t count;
    void (*done)(void *user, int64_t run, const curve_point *points, size_t count);
    void *user;
} reading;

static bh_status read_curve(bh_task_context *context, void *from)
{
    enum { PIECE = 4096 };
    reading *self = from;
    table_error error;
    size_t got = PIECE, room = 0;
    while (got > 0 && !bh_task_cancelled(context)) {
        if (self->count + PIECE > room) {
            room = room ? room * 2 : PIECE;
            curve_point *more = realloc(self->points, room * sizeof *more);
            if (!more)
                return BH_ERROR_MEMORY;
            self->points = more;
        }
        int after = (int)self->after + (int)self->count;
        if (curve_read(self->folder, after, self->points + self->count, PIECE, &got, &error))
            return BH_OK; /* what is good of it is there */
        self->count += got;
    }
    return BH_OK;
}

static void curve_is_read(void *from, bh_task *task)
{
    reading *self = from;
    (void)task;
    self->done(self->user, self->run, self->points, self->count);
}

static void drop_curve(void *from)
{
    reading *self = from;
    free(self->points);
    project_release(self->of);
    free(self);
}

bh_status project_read_curve(project *self, int64_t run, int64_t after,
                             void (*done)(void *user, int64_t run, const struct curve_point *points, size_t count), void *user)
{
    static const char call[] = "project_read_curve";
    const bh_task_options options = {BH_TASK_INIT, .name = "curve", .done = curve_is_read, .drop = drop_curve};
    bh_status status = project_check(self, call);
    if (status)
        return status;
    reading *it = done ? calloc(1, sizeof *it) : NULL;
    if (!it)
        return bh_report(done ? BH_ERROR_MEMORY : BH_ERROR_NULL, call, done ? "no memory" : "done is NULL");
    *it = (reading){.of = project_take(self), .run = run, .after = after < 0 ? 0 : after, .done = done, .user = user};
    if (!project_run_path(self, run, it->folder, sizeof it->folder))
        status = bh_report(BH_ERROR_NAME, call, "there is no run %lld", (long long)run);
    else if (!readers_of(self) || !bh_task_start(self->readers, read_curve, it, &options))
        status = BH_ERROR_SYSTEM;
    if (status)
        drop_curve(it);
    return status;
}

/* --- what happened: the store has it, so its thread reads it */

typedef struct event_reading {
    int64_t after;
    store_event *events;
    size_t count;
    void (*done)(void *user, const store_event *events, size_t count);
    void *user;
} event_reading;

static bh_status read_events(request *asked)
{
    event_reading *self = asked->data;
    return store_list_events(asked->of->store, self->after, 0, &self->events, &self->count);
}

static void events_are_read(request *asked)
{
    const event_reading *self = asked->data;
    self->done(self->user, self->events, self->count);
}

static void drop_events(request *asked)
{
    event_reading *self = asked->data;
    store_free(self->events);
    free(self);
}

bh_status project_read_events(project *self, int64_t after, void (*done)(void *user, const store_event *events, size_t count),
                              void *user)
{
    static const char call[] = "project_read_events";
    bh_status status = project_check(self, call);
    if (status)
        return status;
    event_reading *it = done ? calloc(1, sizeof *it) : NULL;
    if (!it)
        return bh_report(done ? BH_ERROR_MEMORY : BH_ERROR_NULL, call, done ? "no memory" : "done is NULL");
    *it = (event_reading){.after = after, .done = done, .user = user};
    const request asked = {.work = read_events, .done = events_are_read, .drop = drop_events, .data = it};
    status = keeper_ask(self, &asked);
    if (status)
        free(it);
    return status;
}

/* --- predictions */

bh_status project_predict(project *self, int64_t run, const char *file, const char *output,
                          void (*done)(void *user, const char *failure, int64_t rows, int64_t bad_rows), void *user)
{
    static const char call[] = "project_predict";
    char model[PROJECT_PATH];
    bh_status status = project_check(self, call);
    if (status)
        return status;
    if (!file || !output || !done || strlen(file) >= PROJECT_PATH || strlen(output) >= PROJECT_PATH)
        return bh_report(BH_ERROR_NULL, call, "file, output or done is NULL, or a path is too long");
    if (!project_model_path(self, run, model, sizeof model))
        return bh_report(BH_ERROR_NAME, call, "run %lld has no model yet: train it to its end", (long long)run);
    job *made = jobs_add(self, PROJECT_PREDICT, STORE_RUNS, 0, project_run(self, run)->name);
    if (!made)
        return bh_report(BH_ERROR_MEMORY, call, "no memory");
    snprintf(made->origin, sizeof made->origin, "%s", model);
    snprintf(made->file, sizeof made->file, "%s", file);
    snprintf(made->output, sizeof made->output, "%s", output);
    made->predicted = done;
    made->user = user;
    jobs_schedule(self);
    return BH_OK;
}
