/* The form for new runs: what stands in its fields, whether it is right, and what belongs to the data set. */
#include "window/new_run_inner.h"

#include "project/json.h"
#include "window/run_facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRONG "color: #D94848"
#define QUIET "color: #808890"

void new_run_field_text(const new_run *self, parameter_id id, char out[GRID_SENTENCE])
{
    char *text = NULL;
    bh_get_string(self->fields[id].edit, parameters[id].kind == PARAMETER_CHOICE ? "currentText" : "text", &text);
    snprintf(out, GRID_SENTENCE, "%s", text ? text : "");
    bh_free(text);
}

void new_run_set_field(const new_run *self, parameter_id id, const char *text)
{
    bh_set_string(self->fields[id].edit, parameters[id].kind == PARAMETER_CHOICE ? "currentText" : "text", text);
}

void new_run_show_help(new_run *self, parameter_id id)
{
    char text[GRID_SENTENCE * 2], number[TEXT_SIZE];
    snprintf(text, sizeof text, "%s: %s Default %s.", parameters[id].name, parameters[id].help,
             run_parameter_text(id, parameters[id].fallback, number));
    bh_set_string(self->help, "text", text);
}

int64_t new_run_data_set(const new_run *self)
{
    int index = part_int(self->data, "currentIndex", -1);
    return index >= 0 && (size_t)index < self->data_count ? self->data_sets[index] : 0;
}

/* --- checking */

static void note(bh_object *label, const char *text, bool wrong)
{
    bh_set_string(label, "styleSheet", wrong ? WRONG : QUIET);
    bh_set_string(label, "text", text);
}

static void show_note(const new_run *self, parameter_id id)
{
    const parameter *of = &parameters[id];
    const grid_values *values = &self->grid.values[id];
    char text[GRID_SENTENCE] = "";
    if (values->wrong[0])
        snprintf(text, sizeof text, "%s", values->wrong);
    else if (values->count > 1)
        snprintf(text, sizeof text, "%d values", values->count);
    else if (id == PARAMETER_EARLY_STOPPING && values->list[0] == 0)
        snprintf(text, sizeof text, "0: never");
    else if (id == PARAMETER_THREADS && values->list[0] == 0)
        snprintf(text, sizeof text, "0: all");
    else if (of->kind != PARAMETER_CHOICE && of->most < 1e8)
        snprintf(text, sizeof text, "%s %.10g, up to %.10g", of->above ? "above" : "from", of->least, of->most);
    else if (of->kind != PARAMETER_CHOICE)
        snprintf(text, sizeof text, "%s %.10g", of->above ? "above" : "from", of->least);
    note(self->fields[id].note, text, values->wrong[0] != 0);
}

/* The two fields of the split. */
static bool check_split(const new_run *self)
{
    char *part = NULL, *seed = NULL, *end = NULL, *seed_end = NULL;
    bh_get_string(self->validation, "text", &part);
    bh_get_string(self->seed, "text", &seed);
    double share = strtod(part ? part : "", &end), number = strtod(seed ? seed : "", &seed_end);
    bool part_right = part && *part && !*end && share >= 0 && share <= 0.9;
    bool seed_right = seed && *seed && !*seed_end && number >= 0 && number <= 2e9 && number == floor(number);
    note(self->split_note,
         !part_right   ? "the part must be at least 0 and at most 0.9"
         : !seed_right ? "the seed must be a whole number, at least 0"
                       : "of the rows, held back; the seed says which",
         !part_right || !seed_right);
    bh_free(part);
    bh_free(seed);
    return part_right && seed_right;
}

static void show_count(const new_run *self, bool right, double count)
{
    char text[GRID_SENTENCE] = "", button[64] = "&Start";
    if (!new_run_data_set(self))
        snprintf(text, sizeof text, "There is no data set yet: fetch or open one first.");
    else if (!self->trainable)
        snprintf(text, sizeof text, "The data set needs a target first.");
    else if (!right)
        snprintf(text, sizeof text, "A field is not right yet.");
    else if (count > GRID_MOST_RUNS)
        snprintf(text, sizeof text, "%.0f runs are too many at a time: at most %d.", count, (int)GRID_MOST_RUNS);
    bool ready = !text[0];
    note(self->says, text, true);
    if (ready && count > 1) {
        snprintf(text, sizeof text, "%.0f runs", count);
        note(self->says, text, false);
    }
    if (ready)
        snprintf(button, sizeof button, count > 1 ? "&Start %.0f Runs" : "&Start Run", count);
    bh_set_string(self->start, "text", button);
    bh_set_bool(self->start, "enabled", ready);
}

void new_run_check(new_run *self)
{
    char text[GRID_SENTENCE];
    if (self->filling)
        return;
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        new_run_field_text(self, (parameter_id)i, text);
        grid_read((parameter_id)i, text, &self->grid.values[i]);
        show_note(self, (parameter_id)i);
    }
    double count = grid_count(&self->grid);
    bool split = check_split(self);
    show_count(self, split && count > 0, count);
}

/* --- the data set */

static void show_target(new_run *self, const store_data_set *set, bh_message_view options)
{
    char text[GRID_SENTENCE * 2], rows[TEXT_SIZE];
    const char *target = bh_message_get_string(options, "target", "");
    bool libsvm = strcmp(bh_message_get_string(options, "format", ""), "libsvm") == 0;
    self->trainable = target[0] || libsvm;
    if (!self->trainable)
        snprintf(text, sizeof text, "No target: choose on the page Data which column is to be predicted.");
    else if (set->row_count < 0)
        snprintf(text, sizeof text, "Target: %s", target[0] ? target : "the labels");
    else
        snprintf(text, sizeof text, "Target: %s \xC2\xB7 %s rows \xC2\xB7 %lld columns", target[0] ? target : "the labels",
                 text_count(set->row_count, rows), (long long)set->column_count);
    note(self->target, text, !self->trainable);
}

static void set_defaults(const new_run *self)
{
    char text[TEXT_SIZE];
    for (int i = 0; i < PARAMETER_COUNT; i++)
        new_run_set_field(self, (parameter_id)i, run_parameter_text((parameter_id)i, parameters[i].fallback, text));
}

static void suggest_name(const new_run *self, const store_data_set *set)
{
    size_t count = 0, number = 1;
    const store_run *const *runs = project_runs(self->project, &count);
    char name[512];
    for (size_t i = 0; i < count; i++)
        number += runs[i]->data_set == set->id;
    const char *dot = strchr(set->name, '.');
    snprintf(name, sizeof name, "%.*s %zu", dot && dot > set->name ? (int)(dot - set->name) : 200, set->name, number);
    bh_set_string(self->name, "text", name);
}

static void set_split(const new_run *self, bh_message_view options)
{
    char text[TEXT_SIZE];
    double part = 0.2;
    int64_t seed = 1;
    bh_message_view one = bh_message_view_find(options, "validation");
    if (bh_message_view_type(one) == BH_MESSAGE_DOUBLE || bh_message_view_type(one) == BH_MESSAGE_INT)
        bh_message_read_double(one, NULL, &part);
    one = bh_message_view_find(options, "split_seed");
    if (bh_message_view_type(one) == BH_MESSAGE_INT)
        bh_message_read_int(one, NULL, &seed);
    snprintf(text, sizeof text, "%.6g", part);
    bh_set_string(self->validation, "text", text);
    snprintf(text, sizeof text, "%lld", (long long)seed);
    bh_set_string(self->seed, "text", text);
}

void new_run_look_again(new_run *self)
{
    const store_data_set *set = project_data_set(self->project, new_run_data_set(self));
    bh_message *message = NULL;
    bh_message_view options = {NULL};
    if (!set)
        return;
    json_open(set->options, &message, &options);
    show_target(self, set, options);
    bh_message_destroy(message);
    new_run_check(self);
}

void new_run_choose_data(new_run *self)
{
    const store_data_set *set = project_data_set(self->project, new_run_data_set(self));
    bh_message *message = NULL;
    bh_message_view options = {NULL};
    self->filling = true;
    set_defaults(self);
    self->trainable = false;
    if (set) {
        json_open(set->options, &message, &options);
        show_target(self, set, options);
        set_split(self, options);
        suggest_name(self, set);
        new_run_recall(self, set->id);
        bh_message_destroy(message);
    } else {
        note(self->target, "There is no data set yet.", true);
        set_split(self, options);
    }
    self->filling = false;
    new_run_check(self);
}
