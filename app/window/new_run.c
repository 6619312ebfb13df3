/* The dialog that starts runs: its life. */
#include "window/new_run_inner.h"

#include <stdlib.h>

static void destroyed(void *user)
{
    new_run *self = user;
    project_forget(self->project, self);
    project_release(self->project);
    free(self->data_sets);
    free(self);
}

static const bh_class form_class = {BH_CLASS_INIT, .name = "BulkheadNewRun", .base = "QDialog", .destroyed = destroyed};

static void on_finished(void *user, int result)
{
    new_run *self = user;
    (void)result;
    bh_destroy(self->dialog);
}

static bool fill_data_sets(new_run *self, int64_t chosen)
{
    size_t count = 0;
    const store_data_set *const *rows = project_data_sets(self->project, &count);
    self->data_sets = calloc(count + 1, sizeof *self->data_sets);
    if (!self->data_sets)
        return false;
    self->filling = true;
    for (size_t i = 0; i < count; i++) {
        self->data_sets[i] = rows[i]->id;
        bh_combo_box_add_item(self->data, rows[i]->name);
    }
    self->data_count = count;
    for (size_t i = 0; i < count; i++)
        if (self->data_sets[i] == chosen)
            bh_set_int(self->data, "currentIndex", (int)i);
    self->filling = false;
    return true;
}

/* What was chosen for a data set a moment ago comes as a change. */
static void on_changed(void *user, store_table changed, int64_t id)
{
    new_run *self = user;
    if (changed == STORE_DATA_SETS && (!id || id == new_run_data_set(self)))
        new_run_look_again(self);
}

void new_run_open(bh_object *window, project *of, int64_t data_set)
{
    new_run *self = part_raise(window, "new-run") ? NULL : calloc(1, sizeof *self);
    if (!self)
        return;
    self->project = of;
    self->dialog = bh_create_instance(&form_class, window, self);
    if (!self->dialog) {
        free(self);
        return;
    }
    project_take(of);
    bh_set_name(self->dialog, "new-run");
    bh_set_string(self->dialog, "windowTitle", "New Run");
    new_run_make(self);
    if (!fill_data_sets(self, data_set)) {
        bh_destroy(self->dialog);
        return;
    }
    new_run_choose_data(self);
    const project_observer observer = {.changed = on_changed, .user = self};
    project_observe(of, &observer);
    bh_connect(self->dialog, "finished", BH_CALLBACK(on_finished, int), self, NULL);
    bh_call(self->dialog, "show");
    bh_call(self->name, "setFocus");
}
