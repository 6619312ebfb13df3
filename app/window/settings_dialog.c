/* The settings of a project. */
#include "window/settings_dialog.h"

#include "window/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPINS = 4 };

typedef struct setting {
    const char *name, *label, *widget, *help;
    int least, most, usual;
} setting;

static const setting settings_of[SPINS] = {
    {PROJECT_FETCHES_AT_ONCE, "&Fetches at a time", "settings-fetches", "How many files are fetched at the same time", 1, 16, 4},
    {PROJECT_TRAININGS_AT_ONCE, "&Trainings at a time", "settings-trainings", "Each takes its share of the processor", 1, 16, 1},
    {PROJECT_NICENESS, "&Niceness of workers *", "settings-niceness",
     "How much workers give way to other programs: 0 not at all, 19 always", 0, 19, 10},
    {PROJECT_MEMORY, "&Memory of a worker, MB *", "settings-memory",
     "What a process that reads or trains may take: beyond it the job fails, and nothing else does. 0: no limit", 0, 1000000, 0},
};

typedef struct dialog {
    project *project;
    bh_object *object, *spins[SPINS], *launcher, *problem;
} dialog;

/* False: it says why, and the dialog stays. */
static bool keep_launcher(dialog *self)
{
    static const char call[] = "bh_process_pool_check_launch: ";
    char *words = NULL;
    if (bh_get_string(self->launcher, "text", &words))
        return true;
    bool well = bh_process_pool_check_launch(words) == BH_OK;
    const char *sentence = well ? "" : strstr(bh_last_error(), call);
    part_set_text(self->problem, well ? "" : sentence ? sentence + strlen(call) : bh_last_error());
    if (well)
        project_set_launcher(self->project, words);
    else
        bh_call(self->launcher, "setFocus");
    bh_free(words);
    return well;
}

static void on_accepted(void *user)
{
    dialog *self = user;
    char value[16];
    if (!keep_launcher(self))
        return;
    for (int i = 0; i < SPINS; i++) {
        int now = part_int(self->spins[i], "value", settings_of[i].usual);
        snprintf(value, sizeof value, "%d", now);
        project_set_setting(self->project, settings_of[i].name, value);
    }
    bh_call(self->object, "accept");
}

static void on_rejected(void *user)
{
    dialog *self = user;
    bh_call(self->object, "reject");
}

static void on_finished(void *user)
{
    dialog *self = user;
    bh_destroy(self->object);
}

static const bh_class dialog_class = {BH_CLASS_INIT, .name = "SettingsDialog", .base = "QDialog", .destroyed = free};

static void add_spin(dialog *self, bh_object *form, int i)
{
    const setting *of = &settings_of[i];
    const char *kept = project_setting(self->project, of->name);
    bh_object *spin = self->spins[i] = part_widget(self->object, "QSpinBox", of->widget);
    bh_set_int(spin, "minimum", of->least);
    bh_set_int(spin, "maximum", of->most);
    if (of->least == 0 && of->usual == 0)
        bh_set_string(spin, "specialValueText", "no limit");
    bh_set_int(spin, "value", kept[0] ? atoi(kept) : of->usual);
    bh_set_string(spin, "toolTip", of->help);
    bh_form_add_row(form, of->label, spin);
}

static void add_launcher(dialog *self, bh_object *form)
{
    bh_object *field = self->launcher = part_widget(self->object, "QLineEdit", "settings-launcher");
    bh_set_string(field, "text", project_launcher(self->project));
    bh_set_string(field, "placeholderText", "srun -Q -n1 -c2");
    bh_set_string(
        field, "toolTip",
        "Words to put in front of the program that trains, such as srun -Q -n1 -c2, ssh host or nice; empty: none. For trainings "
        "in worker processes only; the project's folder must be there too. Holds from the next training on; kept for you on this "
        "computer, not in the project");
    bh_form_add_row(form, "&Start workers through", field);
    self->problem = part_label(self->object, "settings-problem", "");
    bh_set_bool(self->problem, "wordWrap", true);
    part_set_text(self->problem, "");
    bh_form_add_row(form, NULL, self->problem);
}

void settings_dialog_open(bh_object *window, project *of)
{
    dialog *self = calloc(1, sizeof *self);
    if (!self)
        return;
    self->project = of;
    self->object = bh_create_instance(&dialog_class, window, self);
    bh_set_name(self->object, "settings-dialog");
    bh_set_string(self->object, "windowTitle", "Settings of the Project");
    bh_object *layout = part_box(self->object, "QVBoxLayout", PART_MARGIN), *row = part_widget(self->object, "QWidget", "fields");
    bh_object *form = bh_create("QFormLayout", row);
    for (int i = 0; i < SPINS; i++)
        add_spin(self, form, i);
    add_launcher(self, form);
    bh_object *note = part_label(self->object, "settings-note", "* holds from the next start on");
    part_secondary(note);
    bh_layout_add_widget(layout, row, 1);
    bh_layout_add_widget(layout, note, 0);
    bh_object *buttons = part_widget(self->object, "QDialogButtonBox", "settings-buttons");
    bh_set_enum(buttons, "standardButtons", "Ok|Cancel");
    bh_connect(buttons, "accepted", BH_CALLBACK(on_accepted), self, NULL);
    bh_connect(buttons, "rejected", BH_CALLBACK(on_rejected), self, NULL);
    bh_layout_add_widget(layout, buttons, 0);
    bh_connect(self->object, "finished", BH_CALLBACK(on_finished), self, NULL);
    bh_call(self->object, "open");
}
