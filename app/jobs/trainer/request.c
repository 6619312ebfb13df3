/* A training's arguments, read and checked without a look at the file. No XGBoost here: the form that asks for them checks them too. */
#include "jobs/trainer/request.h"

#include "jobs/trainer/fail.h"
#include "jobs/trainer/train_file.h"

#include <string.h>

static const char *const words[] = {"file",   "run",       "target",     "features",   "categorical",      "target_is",
                                    "format", "delimiter", "quote",      "header",     "count_line",       "bad_rows",
                                    "lead",   "model",     "validation", "split_seed", "checkpoint_every", "resume"};

static bool is_known(const char *key)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], key) == 0)
            return true;
    for (int i = 0; i < PARAMETER_COUNT; i++)
        if (strcmp(parameters[i].name, key) == 0)
            return true;
    return false;
}

static bh_status check_keys(bh_message_view arguments, table_error *error)
{
    for (size_t i = 0; i < bh_message_view_count(arguments); i++) {
        const char *key = bh_message_view_key(arguments, i);
        if (!key || !is_known(key))
            return train_fail(error, BH_ERROR_NAME, "there is no '%.80s' in a training: look at the names of its parameters",
                              key ? key : "?");
    }
    return BH_OK;
}

static bh_status read_text(bh_message_view arguments, const char *key, const char **text, table_error *error)
{
    *text = NULL;
    bh_message_view value = bh_message_view_find(arguments, key);
    if (bh_message_view_type(value) != BH_MESSAGE_STRING || bh_message_read_string(value, NULL, text) || !**text)
        return train_fail(error, BH_ERROR_NAME, "'%s' is missing: it must be a path", key);
    return BH_OK;
}

static bh_status read_integer(bh_message_view arguments, const char *key, int64_t most, int64_t *value, table_error *error)
{
    bh_message_view view = bh_message_view_find(arguments, key);
    if (bh_message_view_type(view) == BH_MESSAGE_NOTHING)
        return BH_OK;
    if (bh_message_view_type(view) != BH_MESSAGE_INT || bh_message_read_int(view, NULL, value) || *value < 0 || *value > most)
        return train_fail(error, BH_ERROR_RANGE, "'%s' must be a whole number from 0 to %lld", key, (long long)most);
    return BH_OK;
}

static bh_status read_own(bh_message_view arguments, train_request *self, table_error *error)
{
    self->validation = 0.2;
    self->split_seed = 1;
    self->model = TRAINER_MODEL;
    bh_status status = read_text(arguments, "file", &self->file, error);
    if (!status)
        status = read_text(arguments, "run", &self->folder, error);
    if (!status && bh_message_view_type(bh_message_view_find(arguments, "model")) != BH_MESSAGE_NOTHING)
        status = read_text(arguments, "model", &self->model, error);
    if (!status)
        status = read_integer(arguments, "split_seed", INT64_MAX, &self->split_seed, error);
    if (!status)
        status = read_integer(arguments, "checkpoint_every", (int64_t)parameters[PARAMETER_ROUNDS].most, &self->every, error);
    if (status)
        return status;
    if (!self->model || strchr(self->model, '/') || self->model[0] == '.')
        return train_fail(error, BH_ERROR_NAME, "'model' is '%.80s': it must be a name in the run's folder",
                          self->model ? self->model : "");
    bh_message_view part = bh_message_view_find(arguments, "validation");
    if (bh_message_view_type(part) != BH_MESSAGE_NOTHING &&
        (bh_message_read_double(part, NULL, &self->validation) || !(self->validation >= 0 && self->validation <= 0.9)))
        return train_fail(error, BH_ERROR_RANGE,
                          "'validation' is the part of the rows that is held back: a number from 0 to 0.9");
    self->resume = bh_message_get_bool(arguments, "resume", false);
    return BH_OK;
}

bh_status train_request_read(bh_message_view arguments, train_request *self, table_error *error)
{
    table_options_init(&self->options);
    table_choices_init(&self->choices);
    bh_status status = check_keys(arguments, error);
    if (!status)
        status = read_own(arguments, self, error);
    if (!status)
        status = parameters_read(arguments, &self->values, error);
    if (!status)
        status = table_options_read(arguments, &self->options, error);
    if (!status)
        status = table_choices_read(arguments, &self->choices, error);
    return status;
}

bh_status train_file_check(bh_message_view arguments, table_error *error)
{
    train_request self = {.callbacks = NULL};
    bh_status status = train_request_read(arguments, &self, error);
    table_choices_clear(&self.choices);
    return status;
}
