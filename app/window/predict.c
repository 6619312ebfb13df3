/* The dialog that applies a run's model to a file. */
#include "window/predict.h"

#include "window/parts.h"
#include "window/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 580, HEIGHT = 220, PATH_ROOM = 4200 };

typedef struct predict_form {
    bh_object *dialog, *run, *file, *output, *says, *start;
    project *project;
    int64_t *runs; /* of the box */
    size_t count;
    bool own_output; /* a person has chosen where to */
    bool filling;
} predict_form;

static void say(const predict_form *self, const char *text, bool wrong)
{
    bh_set_string(self->says, "styleSheet", wrong ? "color: #D94848" : "");
    bh_set_string(self->says, "text", text);
}

/* --- the job */

static void on_done(void *user, const char *failure, int64_t rows, int64_t bad_rows)
{
    bh_object *dialog = user;
    void *found = NULL;
    predict_form *self = bh_is_alive(dialog) && !bh_instance_user(dialog, &found) ? found : NULL;
    char text[PATH_ROOM + 64], count[TEXT_SIZE], *output = NULL;
    if (!self)
        return;
    bh_set_bool(self->start, "enabled", true);
    if (failure) {
        say(self, failure, true);
        return;
    }
    bh_get_string(self->output, "text", &output);
    int used = snprintf(text, PATH_ROOM, "%s row%s written to %.4000s.", text_count(rows, count), rows == 1 ? "" : "s",
                        output ? output : "the file");
    if (bad_rows)
        snprintf(text + used, sizeof text - (size_t)used, " %s bad row%s left out.", text_count(bad_rows, count),
                 bad_rows == 1 ? " was" : "s were");
    bh_free(output);
    say(self, text, false);
}

static void on_start(void *user)
{
    predict_form *self = user;
    char *file = NULL, *output = NULL;
    int index = part_int(self->run, "currentIndex", -1);
    bh_get_string(self->file, "text", &file);
    bh_get_string(self->output, "text", &output);
    if (index < 0 || (size_t)index >= self->count)
        say(self, "There is no model yet: a run must have finished first.", true);
    else if (!file || !*file || !output || !*output)
        say(self, !file || !*file ? "Choose a file of rows." : "Choose where the predictions go.", true);
    else if (project_predict(self->project, self->runs[index], file, output, on_done, self->dialog))
        say(self, bh_last_error(), true);
    else {
        bh_set_bool(self->start, "enabled", false);
        say(self, "Predicting\xE2\x80\xA6 The dialog may be closed meanwhile.", false);
    }
    bh_free(file);
    bh_free(output);
}

/* --- choosing files */

static void on_file_text(void *user, const char *text)
{
    predict_form *self = user;
    char output[PATH_ROOM];
    const char *dot = strchr(text_base(text), '.');
    if (self->own_output)
        return;
    snprintf(output, sizeof output, "%.*s-predictions.csv", dot ? (int)(dot - text) : (int)strlen(text), text);
    self->filling = true;
    bh_set_string(self->output, "text", text[0] ? output : "");
    self->filling = false;
}

static void on_output_text(void *user, const char *text)
{
    predict_form *self = user;
    if (!self->filling)
        self->own_output = text[0] != 0;
}

static void take(void *dialog, const char *const *paths, bool output)
{
    void *found = NULL;
    const predict_form *self = bh_is_alive(dialog) && !bh_instance_user(dialog, &found) ? found : NULL;
    if (self && paths[0])
        bh_set_string(output ? self->output : self->file, "text", paths[0]);
}

static void on_file(void *user, const char *const *paths)
{
    take(user, paths, false);
}

static void on_output(void *user, const char *const *paths)
{
    take(user, paths, true);
}

static void on_browse(void *user)
{
    const predict_form *self = user;
    bh_file_dialog(self->dialog, BH_FILE_OPEN, "Rows to Predict", NULL,
                   "Tables (*.csv *.tsv *.libsvm *.svm *.gz *.zst *.xz);;All files (*)", on_file, self->dialog);
}

static void on_browse_output(void *user)
{
    const predict_form *self = user;
    bh_file_dialog(self->dialog, BH_FILE_SAVE, "Predictions", NULL, "Tables (*.csv)", on_output, self->dialog);
}

/* --- the parts */

static bh_object *path_field(predict_form *self, bh_object *above, const char *label, const char *name, bh_callback browse)
{
    char button[64];
    bh_object *row = part_widget(self->dialog, "QWidget", ""), *box = part_box(row, "QHBoxLayout", 0);
    bh_object *edit = part_widget(row, "QLineEdit", name);
    snprintf(button, sizeof button, "%s-browse", name);
    bool output = label[0] != '&';
    bh_object *chooser = part_button(row, button, output ? "B&rowse\xE2\x80\xA6" : "&Browse\xE2\x80\xA6", browse, self);
    bh_set_bool(chooser, "autoDefault", false);
    bh_set_string(chooser, "accessibleName", output ? "Browse for the output" : "Browse for the file");
    bh_layout_add_widget(box, edit, 1);
    bh_layout_add_widget(box, chooser, 0);
    bh_object *title = bh_create("QLabel", self->dialog);
    bh_set_string(title, "text", label);
    bh_label_set_buddy(title, edit);
    bh_object *line = bh_create("QHBoxLayout", NULL);
    bh_set_int(title, "minimumWidth", 110);
    bh_layout_add_layout(above, line, 0);
    bh_layout_add_widget(line, title, 0);
    bh_layout_add_widget(line, row, 1);
    return edit;
}

static void on_cancel(void *user)
{
    bh_call(((const predict_form *)user)->dialog, "reject");
}

static void on_finished(void *user, int result)
{
    (void)result;
    bh_destroy(((const predict_form *)user)->dialog);
}

static void make(predict_form *self)
{
    bh_object *box = part_box(self->dialog, "QVBoxLayout", PART_MARGIN), *line = bh_create("QHBoxLayout", NULL);
    bh_object *label = bh_create("QLabel", self->dialog);
    self->run = part_widget(self->dialog, "QComboBox", "predict-run");
    bh_set_int(self->run, "minimumContentsLength", 24);
    bh_set_string(label, "text", "&Model of run");
    bh_label_set_buddy(label, self->run);
    bh_set_int(label, "minimumWidth", 110);
    bh_layout_add_layout(box, line, 0);
    bh_layout_add_widget(line, label, 0);
    bh_layout_add_widget(line, self->run, 1);
    self->file = path_field(self, box, "&File of rows", "predict-file", BH_CALLBACK(on_browse));
    self->output = path_field(self, box, "Predictions &to", "predict-output", BH_CALLBACK(on_browse_output));
    self->says = part_label(self->dialog, "predict-says",
                            "The file needs the columns that the model was trained on; the target may be missing.");
    bh_set_bool(self->says, "wordWrap", true);
    bh_set_enum(self->says, "alignment", "AlignLeft|AlignTop");
    bh_set_int(self->says, "minimumHeight", 40);
    bh_set_enum(self->says, "textInteractionFlags", "TextSelectableByMouse");
    part_secondary(self->says);
    bh_layout_add_widget(box, self->says, 1);
    bh_object *foot = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, foot, 0);
    bh_layout_add_stretch(foot, 1);
    bh_object *close = part_button(self->dialog, "predict-close", "&Close", BH_CALLBACK(on_cancel), self);
    self->start = part_button(self->dialog, "predict-start", "&Predict", BH_CALLBACK(on_start), self);
    bh_set_bool(close, "autoDefault", false);
    bh_set_bool(self->start, "default", true);
    bh_layout_add_widget(foot, close, 0);
    bh_layout_add_widget(foot, self->start, 0);
    bh_connect(self->file, "textChanged", BH_CALLBACK(on_file_text, const char *), self, NULL);
    bh_connect(self->output, "textChanged", BH_CALLBACK(on_output_text, const char *), self, NULL);
    bh_connect(self->dialog, "finished", BH_CALLBACK(on_finished, int), self, NULL);
    bh_set_size(self->dialog, "size", BH_SIZE(WIDTH, HEIGHT));
}

/* The newest first. */
static bool fill(predict_form *self, int64_t chosen)
{
    size_t count;
    const store_run *const *rows = project_runs(self->project, &count);
    self->runs = calloc(count + 1, sizeof *self->runs);
    if (!self->runs)
        return false;
    for (size_t i = count; i-- > 0;) {
        if (!rows[i]->model[0])
            continue;
        bh_combo_box_add_item(self->run, rows[i]->name);
        if (rows[i]->id == chosen)
            bh_set_int(self->run, "currentIndex", (int)self->count);
        self->runs[self->count++] = rows[i]->id;
    }
    return true;
}

static void destroyed(void *user)
{
    predict_form *self = user;
    free(self->runs);
    free(self);
}

static const bh_class form_class = {BH_CLASS_INIT, .name = "BulkheadPredict", .base = "QDialog", .destroyed = destroyed};

void predict_open(bh_object *window, project *of, int64_t run)
{
    predict_form *self = part_raise(window, "predict") ? NULL : calloc(1, sizeof *self);
    if (!self)
        return;
    self->project = of;
    self->dialog = bh_create_instance(&form_class, window, self);
    if (!self->dialog) {
        free(self);
        return;
    }
    bh_set_name(self->dialog, "predict");
    bh_set_string(self->dialog, "windowTitle", "Predict");
    make(self);
    if (fill(self, run))
        bh_call(self->dialog, "show");
    else
        bh_destroy(self->dialog);
}
