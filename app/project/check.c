/* A run's parameters: with those of its data set, and checked as far as that goes without the file. */
#include "project/inner.h"

#include "jobs/trainer/train_file.h"

#include <string.h>

static const char *const reading[] = {"target", "features", "categorical", "target_is", "format", "delimiter",
                                      "quote",  "header",   "count_line",  "bad_rows",  "lead",   NULL};

static bool has(bh_message_view map, const char *key)
{
    return bh_message_view_type(bh_message_view_find(map, key)) > BH_MESSAGE_NULL;
}

/* Three maps, of which the earlier hold: what the run was given, what a person chose for the data set, what was found out about it. */
static void merge(bh_message *out, bh_message_view given, bh_message_view chosen, bh_message_view found)
{
    for (size_t i = 0; i < bh_message_view_count(given); i++)
        bh_message_add_view(out, bh_message_view_key(given, i), bh_message_view_at(given, i));
    for (const char *const *key = reading; *key; key++) {
        bh_message_view from = has(chosen, *key) ? chosen : found;
        if (!has(given, *key) && has(from, *key))
            bh_message_add_view(out, *key, bh_message_view_find(from, *key));
    }
}

static bh_status check(bh_message_view run, const char *call)
{
    table_error error = {.status = BH_OK};
    bh_status status = BH_OK;
    bh_message *whole = bh_message_create();
    bh_message_view view;
    for (size_t i = 0; i < bh_message_view_count(run); i++)
        bh_message_add_view(whole, bh_message_view_key(run, i), bh_message_view_at(run, i));
    bh_message_add_string(whole, "file", "/");
    bh_message_add_string(whole, "run", "/");
    status = bh_message_complete(whole, &view);
    if (!status && (status = train_file_check(view, &error)))
        bh_report(status, call, "%s", error.text);
    if (!status && !has(view, "target") && strcmp(bh_message_get_string(view, "format", ""), "libsvm") != 0)
        status = bh_report(BH_ERROR_NAME, call, "choose the column to predict, the target, of the data set first");
    bh_message_destroy(whole);
    return status;
}

static int64_t rounds_of(bh_message_view run)
{
    const parameter *rounds = &parameters[PARAMETER_ROUNDS];
    return bh_message_get_int(run, rounds->name, (int64_t)rounds->fallback);
}

static bh_status complete(bh_message *out, char **json, int64_t *rounds, const char *call)
{
    bh_message_view view;
    bh_status status = bh_message_complete(out, &view);
    if (!status)
        status = check(view, call);
    if (status)
        return status;
    *rounds = rounds_of(view);
    *json = bh_message_view_json(view);
    return *json ? BH_OK : BH_ERROR_MEMORY;
}

void how_read_open(how_read *self, const store_data_set *data)
{
    if (self->data_set == data->id)
        return;
    how_read_close(self);
    self->data_set = data->id;
    json_open(data->options, &self->messages[0], &self->chosen);
    json_open_member(data->facts, "options", &self->messages[1], &self->found); /* of megabytes, where there are many columns */
}

void how_read_close(how_read *self)
{
    bh_message_destroy(self->messages[0]);
    bh_message_destroy(self->messages[1]);
    *self = (how_read){0};
}

bh_status parameters_complete(const how_read *data, const char *given_json, char **json, int64_t *rounds, const char *call)
{
    bh_message *message;
    bh_message_view given;
    *json = NULL;
    if (!json_open(given_json && given_json[0] ? given_json : "{}", &message, &given))
        return bh_report(BH_ERROR_FORMAT, call, "the parameters are no JSON object");
    bh_message *out = bh_message_create();
    merge(out, given, data->chosen, data->found);
    bh_status status = complete(out, json, rounds, call);
    bh_message_destroy(out);
    bh_message_destroy(message);
    return status;
}
