/* The form for new runs: starting what it says, and remembering it for the data set. */
#include "window/new_run_inner.h"

#include "project/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 768 };

static double number_in(bh_object *edit)
{
    char *text = NULL;
    bh_get_string(edit, "text", &text);
    double value = strtod(text ? text : "", NULL);
    bh_free(text);
    return value;
}

/* The parameters of one run as JSON, yours: bh_free. */
static char *parameters_of(const new_run *self, const double *values)
{
    bh_message *message = bh_message_create();
    parameter_values all;
    memcpy(all.value, values, sizeof all.value);
    parameters_write(&all, message);
    bh_message_add_double(message, "validation", number_in(self->validation));
    bh_message_add_int(message, "split_seed", (int64_t)number_in(self->seed));
    char *json = json_of(message);
    bh_message_destroy(message);
    return json;
}

/* The name of run NUMBER, yours: free. */
static char *name_of(const new_run *self, const char *prefix, const double *values)
{
    char varied[NAME_ROOM], *name = malloc(NAME_ROOM * 2);
    grid_name(&self->grid, values, varied, sizeof varied);
    if (name)
        snprintf(name, NAME_ROOM * 2, "%s%s%s", prefix, varied[0] && prefix[0] ? ": " : "", varied);
    return name;
}

static bh_status add_all(const new_run *self, store_run *runs, size_t count)
{
    char *prefix = NULL, *notes = NULL;
    bool thread = false;
    bh_status status = BH_OK;
    bh_get_string(self->name, "text", &prefix);
    bh_get_string(self->notes, "text", &notes);
    bh_get_bool(self->in_thread, "checked", &thread);
    for (size_t i = 0; i < count; i++) {
        double values[PARAMETER_COUNT];
        grid_at(&self->grid, i, values);
        runs[i] = (store_run){.kind = "train", .data_set = new_run_data_set(self), .notes = notes ? notes : ""};
        runs[i].mode = thread ? STORE_RUN_THREAD : STORE_RUN_PROCESS;
        runs[i].name = name_of(self, prefix ? prefix : "", values);
        runs[i].parameters = parameters_of(self, values);
        runs[i].rounds = (int64_t)values[PARAMETER_ROUNDS];
        if (!runs[i].name || !runs[i].parameters)
            status = BH_ERROR_MEMORY;
    }
    if (!status)
        status = project_start_runs(self->project, runs, count);
    for (size_t i = 0; i < count; i++) {
        free((void *)runs[i].name);
        bh_free((void *)runs[i].parameters);
    }
    bh_free(prefix);
    bh_free(notes);
    return status;
}

void new_run_start(new_run *self)
{
    bool ready = false;
    new_run_check(self);
    if (bh_get_bool(self->start, "enabled", &ready) || !ready)
        return;
    size_t count = (size_t)grid_count(&self->grid);
    store_run *runs = calloc(count, sizeof *runs);
    if (!runs)
        return;
    bh_status status = add_all(self, runs, count);
    free(runs);
    if (status == BH_OK) {
        new_run_remember(self, new_run_data_set(self));
        bh_call(self->dialog, "accept");
        return;
    }
    const char *sentence = strstr(bh_last_error(), "project_add_runs: ");
    bh_set_string(self->says, "styleSheet", "color: #D94848");
    bh_set_string(self->says, "text", sentence ? sentence + strlen("project_add_runs: ") : bh_last_error());
}

/* --- the last values of each data set */

static void setting_name(int64_t data_set, char out[TEXT_SIZE])
{
    snprintf(out, TEXT_SIZE, "new_run.%lld", (long long)data_set);
}

void new_run_remember(const new_run *self, int64_t data_set)
{
    char name[TEXT_SIZE], text[GRID_SENTENCE];
    bh_message *message = bh_message_create();
    bool thread = false;
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        new_run_field_text(self, (parameter_id)i, text);
        bh_message_add_string(message, parameters[i].name, text);
    }
    bh_get_bool(self->in_thread, "checked", &thread);
    bh_message_add_bool(message, "thread", thread);
    char *json = json_of(message);
    setting_name(data_set, name);
    if (json)
        project_set_setting(self->project, name, json);
    bh_free(json);
    bh_message_destroy(message);
}

bool new_run_recall(new_run *self, int64_t data_set)
{
    char name[TEXT_SIZE];
    bh_message *message;
    bh_message_view map;
    setting_name(data_set, name);
    if (!json_open(project_setting(self->project, name), &message, &map))
        return false;
    for (int i = 0; i < PARAMETER_COUNT; i++)
        if (bh_message_view_type(bh_message_view_find(map, parameters[i].name)) == BH_MESSAGE_STRING)
            new_run_set_field(self, (parameter_id)i, bh_message_get_string(map, parameters[i].name, ""));
    bh_set_bool(self->in_thread, "checked", bh_message_get_bool(map, "thread", false));
    bh_message_destroy(message);
    return true;
}
