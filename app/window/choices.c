/* Choices about a data set. */
#include "window/choices.h"

#include "project/json.h"
#include "window/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TARGETS = 5000, FORM_WIDTH = 250 };

/* What a combo box shows, and what the options say; the first is what is found out. */
typedef struct word {
    const char *shown, *value;
} word;

static const word delimiters[] = {{"found out", "auto"}, {"comma", ","},     {"semicolon", ";"}, {"tab", "tab"},
                                  {"bar", "|"},          {"space", "space"}, {NULL, NULL}};
static const word headers[] = {{"found out", "auto"}, {"in the first row", "true"}, {"none", "false"}, {NULL, NULL}};
static const word bad_rows[] = {{"skip them", "skip"}, {"stop at the first", "stop"}, {NULL, NULL}};
static const word targets[] = {{"found out", "auto"}, {"classes", "class"}, {"numbers", "number"}, {NULL, NULL}};

/* --- from the options */

static void select_word(bh_object *combo, const word *words, const char *value)
{
    int at = 0;
    for (int i = 0; words[i].value; i++)
        if (strcmp(words[i].value, value) == 0)
            at = i;
    bh_set_int(combo, "currentIndex", at);
}

/* The column that NAME means ("#3" by number); -1: none. */
static int column_of(const facts *of, const char *name)
{
    for (size_t i = 0; i < of->column_count; i++)
        if (strcmp(of->columns[i].name, name) == 0)
            return (int)i;
    long number = name[0] == '#' ? strtol(name + 1, NULL, 10) : 0;
    return number > 0 && (size_t)number <= of->column_count ? (int)number - 1 : -1;
}

static void load_columns(choices *self, bh_message_view options)
{
    const facts *of = self->facts;
    bh_message_view features = bh_message_view_find(options, "features"), kinds = bh_message_view_find(options, "categorical");
    size_t wanted = bh_message_view_type(features) == BH_MESSAGE_ARRAY ? bh_message_view_count(features) : 0;
    const char *target = bh_message_get_string(options, "target", NULL);
    self->target = target ? column_of(of, target) : -1;
    for (size_t i = 0; i < of->column_count; i++) {
        self->used[i] = wanted == 0;
        self->category[i] = false;
    }
    for (size_t i = 0; i < wanted; i++) {
        int at = column_of(of, bh_message_get_string(bh_message_view_at(features, i), NULL, ""));
        if (at >= 0)
            self->used[at] = true;
    }
    for (size_t i = 0; bh_message_view_type(kinds) == BH_MESSAGE_ARRAY && i < bh_message_view_count(kinds); i++) {
        int at = column_of(of, bh_message_get_string(bh_message_view_at(kinds, i), NULL, ""));
        if (at >= 0)
            self->category[at] = true;
    }
}

static void load_targets(choices *self)
{
    bh_call(self->target_box, "clear");
    const char **names = calloc(self->facts->column_count + 2, sizeof *names);
    if (!names)
        return;
    names[0] = "choose one\xE2\x80\xA6";
    for (size_t i = 0; i < self->facts->column_count && i < MOST_TARGETS; i++)
        names[i + 1] = self->facts->columns[i].name;
    bh_combo_box_add_items(self->target_box, names);
    free(names);
    bh_set_int(self->target_box, "currentIndex", self->target + 1);
}

static void update(choices *self)
{
    bh_set_bool(self->apply_button, "enabled", self->changed);
    bh_set_bool(self->revert, "enabled", self->changed);
    part_show(self->training, self->facts && !self->facts->sparse && self->facts->column_count > 0);
}

static void load_form(choices *self, bh_message_view options)
{
    bool header = false;
    bool chosen = bh_message_view_type(bh_message_view_find(options, "header")) == BH_MESSAGE_BOOL &&
                  bh_message_read_bool(options, "header", &header) == BH_OK;
    select_word(self->delimiter, delimiters, bh_message_get_string(options, "delimiter", "auto"));
    select_word(self->header, headers, !chosen ? "auto" : header ? "true" : "false");
    select_word(self->bad, bad_rows, bh_message_get_string(options, "bad_rows", "skip"));
    select_word(self->target_is, targets, bh_message_get_string(options, "target_is", "auto"));
    bh_set_int(self->validation, "value", (int)(bh_message_get_double(options, "validation", 0.2) * 100 + 0.5));
    bh_set_int(self->seed, "value", (int)bh_message_get_int(options, "split_seed", 1));
}

void choices_load(choices *self, const facts *of, const char *options)
{
    bh_message *message;
    bh_message_view view;
    char *kept = strdup(options[0] ? options : "{}");
    json_open(options, &message, &view);
    choices_clear(self);
    self->loading = true;
    self->kept = kept;
    if (of) {
        self->used = calloc(of->column_count + 1, sizeof(bool));
        self->category = calloc(of->column_count + 1, sizeof(bool));
        self->facts = self->used && self->category ? of : NULL;
    }
    load_form(self, view);
    if (self->facts) {
        load_columns(self, view);
        load_targets(self);
    }
    bh_message_destroy(message);
    self->changed = self->loading = false;
    update(self);
}

void choices_clear(choices *self)
{
    free(self->used);
    free(self->category);
    free(self->kept);
    self->used = self->category = NULL;
    self->kept = NULL;
    self->facts = NULL;
    self->target = -1;
}

/* --- to the options */

static const char *chosen_word(bh_object *combo, const word *words)
{
    return words[part_int(combo, "currentIndex", 0)].value;
}

static void add_reading(const choices *self, bh_message_view kept, bh_message *out)
{
    static const char *const others[] = {"format", "quote", "lead", "count_line"};
    const char *delimiter = chosen_word(self->delimiter, delimiters), *header = chosen_word(self->header, headers);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        bh_message_view value = bh_message_view_find(kept, others[i]);
        if (bh_message_view_type(value) > BH_MESSAGE_NULL)
            bh_message_add_view(out, others[i], value);
    }
    if (strcmp(delimiter, "auto") != 0)
        bh_message_add_string(out, "delimiter", delimiter);
    if (strcmp(header, "auto") != 0)
        bh_message_add_bool(out, "header", strcmp(header, "true") == 0);
    if (strcmp(chosen_word(self->bad, bad_rows), "stop") == 0)
        bh_message_add_string(out, "bad_rows", "stop");
}

static void add_names(const choices *self, const char *key, const bool *marked, bool but_all, bh_message *out)
{
    size_t count = 0, possible = 0;
    for (size_t i = 0; i < self->facts->column_count; i++) {
        bool is_target = (int)i == self->target;
        possible += !is_target;
        count += marked[i] && !is_target;
    }
    if (count == 0 || (but_all && count == possible))
        return;
    bh_message_begin_array(out, key);
    for (size_t i = 0; i < self->facts->column_count; i++)
        if (marked[i] && (int)i != self->target)
            bh_message_add_string(out, NULL, self->facts->columns[i].name);
    bh_message_end(out);
}

static void add_training(const choices *self, bh_message *out)
{
    const char *as = chosen_word(self->target_is, targets);
    if (self->facts && self->target >= 0)
        bh_message_add_string(out, "target", self->facts->columns[self->target].name);
    if (strcmp(as, "auto") != 0)
        bh_message_add_string(out, "target_is", as);
    if (self->facts) {
        add_names(self, "features", self->used, true, out);
        add_names(self, "categorical", self->category, false, out);
    }
    bh_message_add_double(out, "validation", part_int(self->validation, "value", 20) / 100.0);
    bh_message_add_int(out, "split_seed", part_int(self->seed, "value", 1));
}

char *choices_json(const choices *self)
{
    bh_message *before, *out = bh_message_create();
    bh_message_view kept;
    json_open(self->kept, &before, &kept);
    add_reading(self, kept, out);
    add_training(self, out);
    char *json = json_of(out);
    bh_message_destroy(before);
    bh_message_destroy(out);
    return json;
}

/* --- the form */

static void on_change(void *user)
{
    choices *self = user;
    if (self->loading)
        return;
    self->changed = true;
    self->target = part_int(self->target_box, "currentIndex", 0) - 1;
    update(self);
    self->told(self->user);
}

void choices_mark(choices *self, size_t column, bool used, bool category)
{
    self->used[column] = used;
    self->category[column] = category;
    on_change(self);
}

static void on_apply(void *user)
{
    choices *self = user;
    self->changed = false;
    update(self);
    self->apply(self->user);
}

static void on_revert(void *user)
{
    choices *self = user;
    char *kept = self->kept ? strdup(self->kept) : NULL;
    choices_load(self, self->facts, kept ? kept : "");
    free(kept);
    self->told(self->user);
}

static bh_object *add_combo(choices *self, bh_object *host, bh_object *form, const char *name, const char *label,
                            const word *words)
{
    bh_object *combo = part_widget(host, "QComboBox", name);
    for (; words && words->shown; words++)
        bh_combo_box_add_item(combo, words->shown);
    bh_set_enum(combo, "sizeAdjustPolicy", "AdjustToMinimumContentsLengthWithIcon");
    bh_set_int(combo, "minimumContentsLength", 10);
    bh_form_add_row(form, label, combo);
    bh_connect(combo, "currentIndexChanged(int)", BH_CALLBACK(on_change), self, NULL);
    return combo;
}

static bh_object *add_spin(choices *self, bh_object *host, bh_object *form, const char *name, const char *label, int most)
{
    bh_object *spin = part_widget(host, "QSpinBox", name);
    bh_set_int(spin, "maximum", most);
    bh_form_add_row(form, label, spin);
    bh_connect(spin, "valueChanged(int)", BH_CALLBACK(on_change), self, NULL);
    return spin;
}

static bh_object *add_group(bh_object *parent, bh_object *layout, const char *name, const char *title, bh_object **form)
{
    bh_object *group = part_widget(parent, "QGroupBox", name);
    bh_set_string(group, "title", title);
    *form = bh_create("QFormLayout", group);
    bh_set_enum(*form, "rowWrapPolicy", "WrapLongRows");
    bh_set_enum(*form, "fieldGrowthPolicy", "AllNonFixedFieldsGrow");
    bh_layout_add_widget(layout, group, 0);
    return group;
}

void choices_create(choices *self, bh_object *parent)
{
    bh_object *form, *group;
    self->target = -1;
    self->object = part_widget(parent, "QWidget", "data-choices");
    bh_set_int(self->object, "minimumWidth", FORM_WIDTH);
    bh_object *layout = part_box(self->object, "QVBoxLayout", 0);
    bh_layout_set_margins(layout, PART_SPACING, 0, PART_SPACING, 0);
    self->training = group = add_group(self->object, layout, "data-training", "To Train On", &form);
    self->target_box = add_combo(self, group, form, "data-target", "Tar&get", NULL);
    self->target_is = add_combo(self, group, form, "data-target-is", "It ho&lds", targets);
    self->validation = add_spin(self, group, form, "data-validation", "Valid&ation", 90);
    bh_set_string(self->validation, "suffix", " %");
    bh_set_string(self->validation, "toolTip", "The part of the rows that is kept apart to see how well a model does");
    self->seed = add_spin(self, group, form, "data-seed", "Split &seed", 1000000000);
    bh_set_string(self->seed, "toolTip", "The same seed keeps the same rows apart");
    group = add_group(self->object, layout, "data-reading", "How It Is Read", &form);
    self->delimiter = add_combo(self, group, form, "data-delimiter", "Deli&miter", delimiters);
    self->header = add_combo(self, group, form, "data-header", "&Names", headers);
    self->bad = add_combo(self, group, form, "data-bad-rows", "Bad rows", bad_rows);
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 0);
    self->revert = part_button(self->object, "data-revert", "R&evert", BH_CALLBACK(on_revert), self);
    self->apply_button = part_button(self->object, "data-apply", "A&pply", BH_CALLBACK(on_apply), self);
    bh_layout_add_stretch(row, 1);
    bh_layout_add_widget(row, self->revert, 0);
    bh_layout_add_widget(row, self->apply_button, 0);
    bh_layout_add_stretch(layout, 1);
    update(self);
}
