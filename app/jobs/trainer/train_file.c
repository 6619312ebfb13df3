/* The way from a file to the trainer. */
#include "jobs/trainer/train_file.h"

#include "jobs/trainer/checkpoint.h"
#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"
#include "jobs/trainer/request.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is between the file and the trainer. */
typedef struct material {
    table_schema *schema;
    table *all, *train, *validation;
} material;

/* --- reading */

static bool go_on(double percent, uint64_t rows, void *user)
{
    const trainer_callbacks *callbacks = user;
    (void)rows;
    if (callbacks->cancelled && callbacks->cancelled(callbacks->user))
        return false;
    bh_message *message = callbacks->progress ? bh_message_create() : NULL;
    if (message) {
        bh_message_add_string(message, "phase", "read");
        bh_message_add_double(message, "percent", percent);
        callbacks->progress(message, callbacks->user);
        bh_message_destroy(message);
    }
    return true;
}

/* How the file is written is found out once; and what of the choices follows from it and from the objective. */
static bh_status settle_choices(train_request *self, table_error *error)
{
    table_reader *reader;
    bh_status status = table_reader_open(self->file, &self->options, &reader, error);
    if (status)
        return status;
    self->options = table_reader_facts(reader)->options;
    table_reader_close(reader);
    self->options.go_on = go_on;
    self->options.user = (void *)self->callbacks;
    int objective = (int)self->values.value[PARAMETER_OBJECTIVE];
    if (self->choices.as == TABLE_TARGET_DETECT && objective != OBJECTIVE_AUTO)
        self->choices.as = objective == OBJECTIVE_REGRESSION ? TABLE_TARGET_NUMBER : TABLE_TARGET_CLASS;
    if (self->choices.target)
        return BH_OK;
    if (self->options.format != TABLE_LIBSVM)
        return train_fail(error, BH_ERROR_NAME, "'target' is missing: it names the column to predict");
    self->choices.target = "label";
    return BH_OK;
}

static bh_status divide(const train_request *self, material *it, table_error *error)
{
    table_split split = {0, 0, NULL, NULL};
    bh_status status = table_split_make(it->all->rows, self->validation, (uint64_t)self->split_seed, &split, error);
    if (!status)
        status = table_take(it->all, split.train, split.train_count, &it->train, error);
    if (!status && split.validation_count > 0)
        status = table_take(it->all, split.validation, split.validation_count, &it->validation, error);
    free(split.train);
    return status;
}

static bh_status read_material(train_request *self, material *it, table_error *error)
{
    bh_status status = settle_choices(self, error);
    if (!status)
        status = table_schema_make(self->file, &self->options, &self->choices, &it->schema, error);
    if (!status)
        status = table_load(self->file, &self->options, it->schema, true, &it->all, error);
    return status ? status : divide(self, it, error);
}

static void describe(const material *it, bh_message *result)
{
    bh_message_add_int(result, "rows", (int64_t)it->train->rows);
    bh_message_add_int(result, "validation_rows", it->validation ? (int64_t)it->validation->rows : 0);
    bh_message_add_int(result, "features", (int64_t)it->schema->feature_count);
    bh_message_add_int(result, "bad_rows", (int64_t)it->all->bad.count);
    if (it->schema->target.kind != TABLE_CATEGORY)
        return;
    bh_message_begin_array(result, "classes");
    for (size_t i = 0; i < it->schema->target.category_count; i++)
        bh_message_add_string(result, NULL, it->schema->target.categories[i]);
    bh_message_end(result);
}

/* The tables themselves; XGBoost has its own copy from here on. */
static void drop_tables(material *it)
{
    table_destroy(it->all);
    table_destroy(it->train);
    table_destroy(it->validation);
    it->all = it->train = it->validation = NULL;
}

/* Before the file is read, which may take long, rather than after. */
static bh_status check_folder(const train_request *self, table_error *error)
{
    char path[NEW_FILE_PATH];
    if (mkdir(self->folder, 0777) && errno != EEXIST)
        return train_fail(error, BH_ERROR_IO, "cannot make the folder %.300s: %s", self->folder, strerror(errno));
    if (self->resume || snprintf(path, sizeof path, "%s/%s", self->folder, CHECKPOINT_NAME) >= (int)sizeof path ||
        access(path, F_OK) != 0)
        return BH_OK;
    return train_fail(error, BH_ERROR_EXISTS, "%.300s has the checkpoint of a run: resume it, or take another folder",
                      self->folder);
}

static bh_status train(train_request *self, material *it, bh_message *result, table_error *error)
{
    trainer *made = NULL;
    const trainer_options options = {self->folder, self->model, (int)self->every, self->resume, NULL};
    bh_status status = read_material(self, it, error);
    if (!status)
        status = trainer_create(it->train, it->validation, it->schema, &self->values, &made, error);
    if (!status) {
        describe(it, result);
        drop_tables(it);
        status = trainer_run(made, &options, self->callbacks, result, error);
    }
    trainer_destroy(made);
    drop_tables(it);
    table_schema_destroy(it->schema);
    return status;
}

bh_status train_file(bh_message_view arguments, const trainer_callbacks *callbacks, bh_message *result, table_error *error)
{
    train_request self = {.callbacks = callbacks};
    material it = {NULL, NULL, NULL, NULL};
    bh_status status = train_request_read(arguments, &self, error);
    if (!status)
        status = check_folder(&self, error);
    if (!status)
        status = train(&self, &it, result, error);
    table_choices_clear(&self.choices);
    return status;
}
