/* See checklist_dialog.h. The rows are probed by a task, as that takes a while; each comes here by a post when it is there. */
#include "window/checklist_dialog.h"

#include "window/parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 760, HEIGHT = 560, CLOSE_MS = 1000 };

typedef struct dialog {
    bh_object *object, *says, *bar, *text, *stop, *copy;
    bh_task *task; /* NULL: it has ended */
} dialog;

/* NULL if it is gone. */
static dialog *dialog_of(bh_object *object)
{
    void *self = NULL;
    return bh_is_alive(object) && bh_instance_user(object, &self) == BH_OK ? self : NULL;
}

/* --- on the pool's thread */

typedef struct news {
    bh_object *dialog;
    int done, count;
    char says[200], text[1800]; /* TEXT "": a row has only begun */
} news;

static bh_status on_news(void *user) /* GUI thread; not if the dialog is gone */
{
    const news *row = user;
    const dialog *self = dialog_of(row->dialog);
    if (!self)
        return BH_OK;
    bh_set_int(self->bar, "maximum", row->count);
    bh_set_int(self->bar, "value", row->done);
    if (row->says[0])
        bh_set_string(self->says, "text", row->says);
    if (row->text[0])
        bh_call(self->text, "appendPlainText", row->text);
    return BH_OK;
}

typedef struct run {
    bh_object *dialog;
    bh_task_context *task;
    const char *list; /* of the row before */
} run;

static void on_row(void *user, const bh_checklist_row *row, size_t index, size_t count, bool done)
{
    run *of = user;
    news *told = bh_task_cancelled(of->task) ? NULL : calloc(1, sizeof *told);
    if (!told)
        return;
    *told = (news){.dialog = of->dialog, .done = (int)(index + done), .count = (int)count};
    if (!done)
        snprintf(told->says, sizeof told->says, "Probing row %zu of %zu: %s", index + 1, count, row->practice);
    else
        snprintf(told->text, sizeof told->text, "%s%s%s%s: %s\n        here: %s\n        seen: %s\n",
                 row->list == of->list ? "" : "\n", row->list == of->list ? "" : row->list, row->list == of->list ? "" : "\n\n",
                 row->passed ? "pass" : "fail", row->practice, row->here, row->seen);
    if (done)
        of->list = row->list;
    if (bh_post(told->dialog, on_news, told, free))
        free(told);
}

static bool is_stopped(void *user)
{
    return bh_task_cancelled(((run *)user)->task);
}

static bh_status probe(bh_task_context *self, void *user)
{
    run of = {.dialog = user, .task = self};
    bh_checklist_result *result;
    const bh_checklist_options options = {BH_CHECKLIST_INIT, .row = on_row, .stopped = is_stopped, .user = &of};
    bh_status status = bh_checklist_run(&options, &result);
    if (status == BH_CANCELLED)
        return status;
    return status ? bh_task_fail_because(self, status, "the checklist cannot be run") : bh_task_set_result(self, result, bh_free);
}

/* --- on the GUI thread */

static void on_done(void *user, bh_task *task)
{
    dialog *self = dialog_of(user);
    char says[1200] = "Stopped: the rows that are missing were not probed.";
    bh_thread_failure failure;
    void *result = NULL;
    if (!self)
        return;
    self->task = NULL;
    if (bh_task_get_state(task) == BH_TASK_FAILED && bh_task_get_failure(task, &failure) == BH_OK)
        snprintf(says, sizeof says, "%s", failure.text);
    if (bh_task_get_state(task) == BH_TASK_FINISHED && bh_task_get_result(task, &result) == BH_OK) {
        const bh_checklist_result *all = result;
        snprintf(says, sizeof says, "%zu rows: %zu pass, %zu fail.", all->count, all->passed, all->failed);
    }
    bh_set_string(self->says, "text", says);
    bh_set_string(self->stop, "text", "&Close");
}

static void on_stop(void *user)
{
    const dialog *self = user;
    if (self->task)
        bh_task_cancel(self->task);
    else
        bh_call(self->object, "close");
}

static void on_copy(void *user)
{
    const dialog *self = user;
    bh_call(self->text, "selectAll");
    bh_call(self->text, "copy");
}

static void on_finished(void *user)
{
    bh_destroy(((const dialog *)user)->object);
}

static void on_gone(void *user)
{
    dialog *self = user;
    if (self->task)
        bh_task_cancel(self->task);
    free(self);
}

static const bh_class dialog_class = {BH_CLASS_INIT, .name = "ChecklistDialog", .base = "QDialog", .destroyed = on_gone};

/* One for the program, whose end takes it away. */
static bh_thread_pool *pool_of(bh_object *window)
{
    static bh_thread_pool *made;
    int threads = 0;
    if (!made || bh_thread_pool_get_max_threads(made, &threads))
        made = bh_thread_pool_create("checklist", 1);
    bh_close_waits_for_pool(window, made, CLOSE_MS);
    return made;
}

static void create_parts(dialog *self)
{
    bh_object *layout = part_box(self->object, "QVBoxLayout", PART_MARGIN);
    bh_object *row = part_widget(self->object, "QWidget", "checklist-buttons"), *buttons = part_box(row, "QHBoxLayout", 0);
    self->says = part_label(self->object, "checklist-says", "");
    self->bar = part_widget(self->object, "QProgressBar", "checklist-bar");
    self->text = part_widget(self->object, "QPlainTextEdit", "checklist-text");
    bh_set_bool(self->text, "readOnly", true);
    bh_set_string(self->text, "accessibleName", "Rows of the checklist");
    self->copy = part_button(row, "checklist-copy", "C&opy", BH_CALLBACK(on_copy), self);
    self->stop = part_button(row, "checklist-stop", "&Stop", BH_CALLBACK(on_stop), self);
    bh_layout_add_widget(layout, self->says, 0);
    bh_layout_add_widget(layout, self->bar, 0);
    bh_layout_add_widget(layout, self->text, 1);
    bh_layout_add_stretch(buttons, 1);
    bh_layout_add_widget(buttons, self->copy, 0);
    bh_layout_add_widget(buttons, self->stop, 0);
    bh_layout_add_widget(layout, row, 0);
}

void checklist_dialog_open(bh_object *window)
{
    dialog *self = part_raise(window, "checklist") ? NULL : calloc(1, sizeof *self);
    if (!self)
        return;
    self->object = bh_create_instance(&dialog_class, window, self);
    bh_set_name(self->object, "checklist");
    bh_set_string(self->object, "windowTitle", "Golden Checklist");
    create_parts(self);
    bh_connect(self->object, "finished", BH_CALLBACK(on_finished), self, NULL);
    bh_set_size(self->object, "size", BH_SIZE(WIDTH, HEIGHT));
    bh_call(self->object, "show");
    self->task = bh_task_start(pool_of(window), probe, self->object,
                               &(bh_task_options){BH_TASK_INIT, .name = "checklist", .done = on_done});
}
