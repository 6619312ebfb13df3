/* The job "predict": a model and a file to a file of predictions.
 *
 * Arguments: "model", "file", "output" (paths), how the file is written ("format", "delimiter", "quote", "header", "count_line",
 * "bad_rows": table.h), "nthread" [1]. The file needs the model's columns, by name, in any order; the target may be missing.
 *
 * Output, CSV: "line" (where the row stands in the file, as bad rows are left out), "prediction" (the class' name, or the number), and for
 * classes "probability of NAME" each. It is whole or not there. Result: "output", "rows", "bad_rows", "unknown" (values of categories that
 * the training had not seen; they count as missing). */
#include "jobs/predict/model.h"
#include "jobs/trainer/booster.h"
#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"

#include <bulkhead/process_job.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ROWS_PER_LOOK = 4096 };

bh_job_function job_predict;

typedef struct request {
    bh_job *job;
    const char *model, *file, *output;
    table_options options;
    int threads;
} request;

static bool go_on(double percent, uint64_t rows, void *user)
{
    const request *self = user;
    (void)rows;
    bh_job_percent(self->job, (int)percent, "reading");
    return !bh_job_cancelled(self->job);
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static bh_status read_request(bh_message_view arguments, request *self, table_error *error)
{
    const char *const keys[] = {"model", "file", "output"};
    const char **const texts[] = {&self->model, &self->file, &self->output};
    table_options_init(&self->options);
    for (int i = 0; i < 3; i++) {
        *texts[i] = bh_message_get_string(arguments, keys[i], "");
        if (!**texts[i])
            return train_fail(error, BH_ERROR_NAME, "'%s' is missing: it must be a path", keys[i]);
    }
    if (same_file(self->output, self->file) || same_file(self->output, self->model))
        return train_fail(error, BH_ERROR_EXISTS, "the output %.300s is what is read: give it another name", self->output);
    int64_t threads = bh_message_get_int(arguments, "nthread", 1);
    self->threads = threads > 0 && threads <= (int64_t)parameters[PARAMETER_THREADS].most ? (int)threads : 1;
    bh_status status = table_options_read(arguments, &self->options, error);
    self->options.go_on = go_on;
    self->options.user = self;
    return status;
}

/* --- the output */

/* Quoted, as RFC 4180 has it, if need be. */
static void put_cell(new_file *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        new_file_write(out, text, strlen(text));
        return;
    }
    new_file_write(out, "\"", 1);
    for (const char *at = text; *at; at++)
        new_file_write(out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    new_file_write(out, "\"", 1);
}

static void put_heading(new_file *out, const table_column *target)
{
    char name[TABLE_MAX_NAME + 32];
    new_file_print(out, "line,prediction");
    for (size_t i = 0; target->kind == TABLE_CATEGORY && i < target->category_count; i++) {
        snprintf(name, sizeof name, "probability of %.*s", TABLE_MAX_NAME, target->categories[i]);
        new_file_write(out, ",", 1);
        put_cell(out, name);
    }
    new_file_print(out, "\n");
}

/* WIDTH values of a row: a probability for each class, or the second of two, or the number itself. */
static void put_row(new_file *out, const table_column *target, uint64_t line, const float *values, size_t width)
{
    const float pair[] = {1 - values[0], values[0]};
    size_t best = 0;
    new_file_print(out, "%llu,", (unsigned long long)line);
    if (target->kind != TABLE_CATEGORY) {
        new_file_print(out, "%.9g\n", (double)values[0]);
        return;
    }
    if (width == 1) {
        values = pair;
        width = 2;
    }
    for (size_t i = 1; i < width; i++)
        if (values[i] > values[best])
            best = i;
    put_cell(out, target->categories[best]);
    for (size_t i = 0; i < width; i++)
        new_file_print(out, ",%.9g", (double)values[i]);
    new_file_print(out, "\n");
}

static bh_status put_all(const request *self, new_file *out, const model *by, const table *data, const float *values,
                         size_t width)
{
    put_heading(out, &by->schema->target);
    for (size_t row = 0; row < data->rows; row++) {
        if (row % ROWS_PER_LOOK == 0 && bh_job_cancelled(self->job))
            return BH_CANCELLED;
        put_row(out, &by->schema->target, data->line[row], values + row * width, width);
    }
    return BH_OK;
}

static bh_status write_output(const request *self, const model *by, const table *data, const float *values, size_t width,
                              table_error *error)
{
    new_file *out = malloc(sizeof *out);
    if (!out)
        return train_no_memory(error);
    bh_status status = new_file_open(out, self->output, error);
    if (!status) {
        status = put_all(self, out, by, data, values, width);
        if (status)
            new_file_drop(out);
        else
            status = new_file_keep(out, error);
    }
    free(out);
    return status;
}

/* --- the way there */

static bh_status predict_matrix(const request *self, const model *by, const table *data, DMatrixHandle matrix, table_error *error)
{
    static const char config[] =
        "{\"type\":0,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":true}";
    const bst_ulong *shape;
    bst_ulong dimensions;
    const float *values;
    char threads[16];
    size_t classes = by->schema->target.kind == TABLE_CATEGORY ? by->schema->target.category_count : 0;
    snprintf(threads, sizeof threads, "%d", self->threads);
    if (XGBoosterSetParam(by->booster, "nthread", threads) ||
        XGBoosterPredictFromDMatrix(by->booster, matrix, config, &shape, &dimensions, &values))
        return booster_failed("the prediction", error);
    if (dimensions != 2 || shape[0] != data->rows || shape[1] != (classes > 2 ? classes : 1))
        return train_fail(error, BH_ERROR_FORMAT, "%.300s predicts %llu values a row, its description has %zu classes",
                          self->model, dimensions > 1 ? (unsigned long long)shape[1] : 0, classes);
    return write_output(self, by, data, values, shape[1], error);
}

static bh_status predict(request *self, const model *by, bh_message *result, table_error *error)
{
    table *data = NULL;
    DMatrixHandle matrix = NULL;
    bh_status status = table_load(self->file, &self->options, by->schema, false, &data, error);
    if (!status)
        status = booster_matrix(data, by->schema, self->threads, &matrix, error);
    if (!status)
        status = predict_matrix(self, by, data, matrix, error);
    if (!status) {
        bh_message_add_string(result, "output", self->output);
        bh_message_add_int(result, "rows", (int64_t)data->rows);
        bh_message_add_int(result, "bad_rows", (int64_t)data->bad.count);
        bh_message_add_int(result, "unknown", (int64_t)data->unknown);
    }
    if (matrix)
        XGDMatrixFree(matrix);
    table_destroy(data);
    return status;
}

__attribute__((visibility("default"))) bh_status job_predict(bh_job *self, bh_message_view arguments, bh_message *result)
{
    table_error error = {.status = BH_OK};
    request mine = {.job = self};
    model by;
    bh_status status = read_request(arguments, &mine, &error);
    if (!status && !(status = model_open(&by, mine.model, &error))) {
        status = predict(&mine, &by, result, &error);
        model_close(&by);
    }
    return status && status != BH_CANCELLED && error.status ? bh_job_fail(self, status, "%s", error.text) : status;
}
