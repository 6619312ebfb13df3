/* The form for new runs: its parts, a field for each parameter of the table. */
#include "window/new_run_inner.h"

#include <stdio.h>

enum { FIELD_WIDTH = 150, WIDTH = 640, HEIGHT = 600, LABEL_WIDTH = 190 };

static const parameter_id essential[] = {PARAMETER_OBJECTIVE, PARAMETER_ROUNDS,         PARAMETER_ETA,
                                         PARAMETER_MAX_DEPTH, PARAMETER_EARLY_STOPPING, PARAMETER_METRIC};

const char *new_run_label(parameter_id id)
{
    static const char *const labels[PARAMETER_COUNT] = {
        [PARAMETER_OBJECTIVE] = "&Task",
        [PARAMETER_ROUNDS] = "&Rounds",
        [PARAMETER_ETA] = "&Learning rate (eta)",
        [PARAMETER_MAX_DEPTH] = "&Depth of trees",
        [PARAMETER_MIN_CHILD_WEIGHT] = "Least weight of a leaf",
        [PARAMETER_SUBSAMPLE] = "Part of the rows",
        [PARAMETER_COLSAMPLE] = "Part of the features",
        [PARAMETER_GAMMA] = "Least gain of a split (gamma)",
        [PARAMETER_LAMBDA] = "L2 regularisation (lambda)",
        [PARAMETER_ALPHA] = "L1 regularisation (alpha)",
        [PARAMETER_TREE_METHOD] = "How splits are found",
        [PARAMETER_MAX_BIN] = "Bins",
        [PARAMETER_SCALE_POS_WEIGHT] = "Weight of the second class",
        [PARAMETER_METRIC] = "Metri&c",
        [PARAMETER_EARLY_STOPPING] = "&Early stopping",
        [PARAMETER_SEED] = "Seed",
        [PARAMETER_THREADS] = "Processors",
    };
    return labels[id];
}

/* --- what the fields do */

static new_run *owner(void *user, parameter_id *id)
{
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        new_run *self = *(new_run **)user;
        if (&self->fields[i].self == user)
            *id = (parameter_id)i;
    }
    return *(new_run **)user;
}

static void on_edit(void *user, const char *text)
{
    parameter_id id = PARAMETER_OBJECTIVE;
    new_run *self = owner(user, &id);
    (void)text;
    new_run_check(self);
}

static bh_event_result on_focus(bh_object *widget, void *user, const bh_event *event)
{
    parameter_id id = PARAMETER_OBJECTIVE;
    new_run *self = owner(user, &id);
    (void)widget;
    (void)event;
    new_run_show_help(self, id);
    return BH_EVENT_PASS;
}

/* A number alone goes up and down by the arrow keys, as in a spin box. */
static bh_event_result on_key(bh_object *widget, void *user, const bh_event *event)
{
    parameter_id id = PARAMETER_OBJECTIVE;
    new_run *self = owner(user, &id);
    grid_values values;
    char text[GRID_SENTENCE];
    (void)widget;
    if (event->key != BH_KEY_UP && event->key != BH_KEY_DOWN)
        return BH_EVENT_PASS;
    new_run_field_text(self, id, text);
    grid_read(id, text, &values);
    double step = parameters[id].kind == PARAMETER_REAL ? 0.1 : id == PARAMETER_ROUNDS ? 10 : 1;
    table_error error;
    if (values.count == 1) {
        double next = values.list[0] + (event->key == BH_KEY_UP ? step : -step);
        if (parameters_check_value(id, next, &error) == BH_OK) {
            snprintf(text, sizeof text, "%.10g", next);
            new_run_set_field(self, id, text);
        }
    }
    return BH_EVENT_ACCEPT;
}

static bh_object *make_field(new_run *self, parameter_id id, bh_object *parent)
{
    char name[64];
    const parameter *of = &parameters[id];
    void *user = &self->fields[id].self;
    bool choice = of->kind == PARAMETER_CHOICE;
    self->fields[id].self = self;
    snprintf(name, sizeof name, "new-run-%s", of->name);
    bh_object *edit = part_widget(parent, choice ? "QComboBox" : "QLineEdit", name);
    if (choice)
        bh_combo_box_add_items(edit, of->choices);
    bh_connect(edit, choice ? "currentTextChanged" : "textChanged", BH_CALLBACK(on_edit, const char *), user, NULL);
    bh_on_event(edit, BH_EVENT_FOCUS_IN, on_focus, user);
    if (!choice)
        bh_on_event(edit, BH_EVENT_KEY_PRESS, on_key, user);
    bh_set_string(edit, "toolTip", of->help);
    bh_set_string(edit, "accessibleDescription", of->help);
    bh_set_int(edit, "minimumWidth", FIELD_WIDTH);
    bh_set_int(edit, "maximumWidth", FIELD_WIDTH);
    return self->fields[id].edit = edit;
}

static bh_object *make_label(bh_object *parent, const char *text, bh_object *buddy)
{
    bh_object *label = bh_create("QLabel", parent);
    bh_set_string(label, "text", text);
    bh_set_int(label, "minimumWidth", LABEL_WIDTH);
    bh_label_set_buddy(label, buddy);
    return label;
}

static void add_field(new_run *self, parameter_id id, bh_object *parent, bh_object *cells, int row)
{
    char name[64];
    bh_object *edit = make_field(self, id, parent);
    snprintf(name, sizeof name, "new-run-%s-note", parameters[id].name);
    bh_object *note = part_label(parent, name, "");
    bh_set_bool(note, "wordWrap", true);
    self->fields[id].note = note;
    bh_grid_add_widget(cells, make_label(parent, new_run_label(id), edit), row, 0, 1, 1);
    bh_grid_add_widget(cells, edit, row, 1, 1, 1);
    bh_grid_add_widget(cells, note, row, 2, 1, 1);
    bh_grid_set_column_stretch(cells, 2, 1);
}

/* --- the rest */

static void on_data(void *user, int index)
{
    new_run *self = user;
    (void)index;
    if (!self->filling)
        new_run_choose_data(self);
}

static void on_text(void *user, const char *text)
{
    (void)text;
    new_run_check(user);
}

static void on_more(void *user, bool on)
{
    const new_run *self = user;
    part_show(self->more_fields, on);
    bh_set_enum(self->more, "arrowType", on ? "DownArrow" : "RightArrow");
}

static void on_mode(void *user, bool on)
{
    const new_run *self = user;
    bh_set_string(self->mode_note, "text",
                  on ? "Stop ends it after a round; Kill at once. A crash costs this run only."
                     : "Stop waits for the end of a round, and there is no Kill; a crash ends the program.");
}

static void on_start(void *user)
{
    new_run_start(user);
}

static void make_essential(new_run *self, bh_object *body, bh_object *box)
{
    bh_object *cells = bh_create("QGridLayout", NULL);
    int row = 0;
    bh_layout_add_layout(box, cells, 0);
    bh_set_int(cells, "spacing", PART_SPACING);
    self->data = part_widget(body, "QComboBox", "new-run-data");
    bh_set_int(self->data, "minimumContentsLength", 24);
    self->target = part_label(body, "new-run-target", "");
    bh_set_bool(self->target, "wordWrap", true);
    bh_grid_add_widget(cells, make_label(body, "D&ata set", self->data), row, 0, 1, 1);
    bh_grid_add_widget(cells, self->data, row++, 1, 1, 2);
    bh_grid_add_widget(cells, self->target, row++, 1, 1, 2);
    bh_connect(self->data, "currentIndexChanged", BH_CALLBACK(on_data, int), self, NULL);
    for (size_t i = 0; i < sizeof essential / sizeof essential[0]; i++)
        add_field(self, essential[i], body, cells, row++);
    self->name = part_widget(body, "QLineEdit", "new-run-name");
    bh_grid_add_widget(cells, make_label(body, "&Name", self->name), row, 0, 1, 1);
    bh_grid_add_widget(cells, self->name, row++, 1, 1, 2);
    self->notes = part_widget(body, "QLineEdit", "new-run-notes");
    bh_set_string(self->notes, "placeholderText", "What it is for");
    bh_grid_add_widget(cells, make_label(body, "N&otes", self->notes), row, 0, 1, 1);
    bh_grid_add_widget(cells, self->notes, row, 1, 1, 2);
}

static bool is_essential(parameter_id id)
{
    for (size_t i = 0; i < sizeof essential / sizeof essential[0]; i++)
        if (essential[i] == id)
            return true;
    return false;
}

static bh_object *split_field(new_run *self, bh_object *cells, const char *name, const char *label, int row)
{
    bh_object *edit = part_widget(self->more_fields, "QLineEdit", name);
    bh_set_int(edit, "maximumWidth", FIELD_WIDTH);
    bh_grid_add_widget(cells, make_label(self->more_fields, label, edit), row, 0, 1, 1);
    bh_grid_add_widget(cells, edit, row, 1, 1, 1);
    bh_connect(edit, "textChanged", BH_CALLBACK(on_text, const char *), self, NULL);
    return edit;
}

static void make_more(new_run *self, bh_object *body, bh_object *box)
{
    int row = 0;
    self->more = part_widget(body, "QToolButton", "new-run-more");
    bh_set_bool(self->more, "checkable", true);
    bh_set_bool(self->more, "autoRaise", true);
    bh_set_enum(self->more, "toolButtonStyle", "ToolButtonTextBesideIcon");
    bh_set_enum(self->more, "focusPolicy", "StrongFocus");
    bh_set_string(self->more, "text", "&More parameters");
    self->more_fields = part_widget(body, "QWidget", "new-run-more-fields");
    bh_object *cells = bh_create("QGridLayout", self->more_fields);
    bh_layout_set_margins(cells, 0, 0, 0, 0);
    bh_set_int(cells, "spacing", PART_SPACING);
    self->validation = split_field(self, cells, "new-run-validation", "Part to &validate", row++);
    self->split_note = part_label(self->more_fields, "new-run-split-note", "");
    bh_set_bool(self->split_note, "wordWrap", true);
    bh_grid_add_widget(cells, self->split_note, 0, 2, 2, 1);
    self->seed = split_field(self, cells, "new-run-split-seed", "Seed of the split", row++);
    for (int i = 0; i < PARAMETER_COUNT; i++)
        if (!is_essential((parameter_id)i))
            add_field(self, (parameter_id)i, self->more_fields, cells, row++);
    bh_connect(self->more, "toggled", BH_CALLBACK(on_more, bool), self, NULL);
    bh_layout_add_widget(box, self->more, 0);
    bh_layout_add_widget(box, self->more_fields, 0);
    on_more(self, false);
}

static void make_mode(new_run *self, bh_object *body, bh_object *box)
{
    self->in_process = part_widget(body, "QRadioButton", "new-run-process");
    self->in_thread = part_widget(body, "QRadioButton", "new-run-thread");
    self->mode_note = part_label(body, "new-run-mode-note", "");
    bh_set_string(self->in_process, "text", "In a &worker process");
    bh_set_string(self->in_thread, "text", "In a t&hread of this program");
    bh_set_bool(self->mode_note, "wordWrap", true);
    part_secondary(self->mode_note);
    bh_connect(self->in_process, "toggled", BH_CALLBACK(on_mode, bool), self, NULL);
    bh_set_bool(self->in_process, "checked", true);
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(box, row, 0);
    bh_layout_add_widget(row, self->in_process, 0);
    bh_layout_add_widget(row, self->in_thread, 0);
    bh_layout_add_stretch(row, 1);
    bh_layout_add_widget(box, self->mode_note, 0);
}

static void on_cancel(void *user)
{
    bh_call(((const new_run *)user)->dialog, "reject");
}

static void make_foot(new_run *self, bh_object *outer)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    self->help = part_label(self->dialog, "new-run-help",
                            "Several values, as in \"0.1, 0.3\" or \"3..6\", start a run for each combination.");
    bh_set_bool(self->help, "wordWrap", true);
    bh_set_int(self->help, "minimumHeight", 34);
    part_secondary(self->help);
    self->says = part_label(self->dialog, "new-run-says", "");
    bh_set_bool(self->says, "wordWrap", true);
    bh_layout_add_widget(outer, self->help, 0);
    bh_layout_add_layout(outer, row, 0);
    bh_layout_add_widget(row, self->says, 1);
    bh_object *cancel = part_button(self->dialog, "new-run-cancel", "Cancel", BH_CALLBACK(on_cancel), self);
    self->start = part_button(self->dialog, "new-run-start", "&Start", BH_CALLBACK(on_start), self);
    bh_set_bool(cancel, "autoDefault", false);
    bh_set_bool(self->start, "default", true);
    bh_layout_add_widget(row, cancel, 0);
    bh_layout_add_widget(row, self->start, 0);
}

void new_run_make(new_run *self)
{
    bh_object *outer = part_box(self->dialog, "QVBoxLayout", PART_MARGIN);
    bh_object *area = part_widget(self->dialog, "QScrollArea", "new-run-area");
    bh_object *body = part_widget(NULL, "QWidget", "new-run-body"), *box = part_box(body, "QVBoxLayout", 0);
    bh_layout_set_margins(box, 0, 0, PART_SPACING, 0);
    bh_set_bool(area, "widgetResizable", true);
    bh_set_enum(area, "frameShape", "NoFrame");
    self->filling = true;
    make_essential(self, body, box);
    make_mode(self, body, box);
    make_more(self, body, box);
    bh_layout_add_stretch(box, 1);
    bh_scroll_area_set_widget(area, body);
    bh_layout_add_widget(outer, area, 1);
    make_foot(self, outer);
    self->filling = false;
    bh_set_size(self->dialog, "size", BH_SIZE(WIDTH, HEIGHT));
}
