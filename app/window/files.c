/* Files of curves: read by a worker each, shown in the tree, the tabs and the strip. */
#include "window/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRESS, CLOSE_MS = 1000, WAIT_MS = 1000, COLORS = BH_CHART_COLORS };

/* --- the worker */

typedef struct telling {
    bh_worker_context *worker;
    int told;
} telling;

static bool go_on(void *user, int percent)
{
    telling *my = user;
    if (percent != my->told)
        bh_emit(my->worker, PROGRESS, percent);
    my->told = percent;
    return !bh_cancelled(my->worker);
}

static bh_status read_file(bh_worker_context *self, void *user)
{
    file *of = user;
    telling my = {self, -1};
    bh_status status = curves_read(of->path, &of->curves, go_on, &my, of->why);
    if (status && status != BH_CANCELLED)
        return bh_fail(self, status, "%s", of->why);
    return status;
}

static const bh_class reader = {
    BH_CLASS_INIT,
    .name = "CurvesReader",
    .signals = {[PROGRESS] = "progress(int)"},
    .queues = {[PROGRESS] = {BH_QUEUE_NEWEST, 0}},
    .run = read_file,
};

/* --- the end of a file */

static void free_file(file *self)
{
    window *w = self->window;
    for (file **at = &w->files; *at; at = &(*at)->next)
        if (*at == self) {
            *at = self->next;
            break;
        }
    if (w->current == self)
        w->current = NULL;
    curves_clear(&self->curves);
    free(self->path);
    free(self);
}

static void end_file(file *self)
{
    window *w = self->window;
    strip_remove(self);
    panels_remove_curves(self);
    bh_tree_item_destroy(self->item);
    free_file(self);
    panels_show_run(w);
    window_changed(w);
}

void file_dismiss(file *self)
{
    if (self->worker)
        bh_worker_cancel(self->worker);
    else
        end_file(self);
}

/* --- when it has been read */

static void say(const file *self)
{
    if (!self->window->options->quit_when_idle)
        return;
    if (self->state == FILE_READ)
        printf("read %s: %d curves, %zu rows\n", self->path, self->curves.count, self->curves.rows);
    else
        printf("failed %s: %s\n", self->path, self->why);
    fflush(stdout);
}

static void show_read(file *self)
{
    window *w = self->window;
    const char *texts[] = {self->name, NULL};
    self->state = FILE_READ;
    self->item = bh_tree_widget_add_item(w->tree, w->runs, texts);
    bh_tree_item_set_expanded(w->runs, true);
    strip_remove(self);
    panels_add_curves(self);
    say(self);
    bh_tree_item_select(self->item);
}

/* Those that wait for none before them any more. */
static void show_waiting(window *w)
{
    for (file *each = w->files; each && each->state != FILE_READING; each = each->next)
        if (each->state == FILE_WAITING)
            show_read(each);
}

static void settle(void *user)
{
    file *self = user;
    window *w = self->window;
    bh_worker_state state = bh_worker_get_state(self->worker);
    bh_worker_wait(self->worker, WAIT_MS);
    bh_worker_destroy(self->worker);
    self->worker = NULL;
    if (state == BH_WORKER_FINISHED) {
        self->state = FILE_WAITING;
    } else if (state == BH_WORKER_CANCELLED) {
        end_file(self);
    } else {
        self->state = FILE_FAILED;
        w->failed++;
        say(self);
        strip_fail(self);
    }
    show_waiting(w);
    window_changed(w);
}

static void on_error(void *user, const char *text)
{
    file *self = user;
    snprintf(self->why, sizeof self->why, "%s", text);
}

/* The worker is destroyed when it has returned from its last signal. */
static void on_finished(void *user)
{
    file *self = user;
    bh_timer_single_shot_for(self->window->object, 0, settle, self);
}

/* --- its beginning */

static bool start(file *self)
{
    self->worker = bh_worker_create(&reader, self);
    bh_object *object = self->worker ? bh_worker_object(self->worker) : NULL;
    if (!object)
        return false;
    strip_add(self);
    bh_connect(object, "progress", BH_CALLBACK(strip_progress, int), self, NULL);
    bh_connect(object, "error", BH_CALLBACK(on_error, const char *), self, NULL);
    bh_connect(object, "finished", BH_CALLBACK(on_finished), self, NULL);
    bh_close_waits_for(self->window->object, self->worker, CLOSE_MS);
    return bh_worker_start(self->worker) == BH_OK;
}

void window_open_file(window *self, const char *path)
{
    file *made = calloc(1, sizeof *made);
    char *copy = made ? strdup(path) : NULL;
    if (!copy) {
        free(made);
        bh_report(BH_ERROR_MEMORY, "open", "no memory to open %s", path);
        return;
    }
    const char *slash = strrchr(copy, '/');
    made->window = self;
    made->path = copy;
    made->name = slash ? slash + 1 : copy;
    made->color = self->opened++ % COLORS;
    file **end = &self->files;
    while (*end)
        end = &(*end)->next;
    *end = made;
    if (!start(made)) {
        snprintf(made->why, sizeof made->why, "%s", bh_last_error());
        made->state = FILE_FAILED;
        strip_fail(made);
    }
    window_changed(self);
}

file *file_find(const window *self, const bh_tree_item *item)
{
    file *found = self->files;
    while (found && (!item || found->item != item))
        found = found->next;
    return found;
}
