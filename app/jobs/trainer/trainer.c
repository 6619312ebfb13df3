/* The rounds. */
#include "jobs/trainer/trainer.h"

#include "jobs/trainer/booster.h"
#include "jobs/trainer/checkpoint.h"
#include "jobs/trainer/curve.h"
#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"
#include "jobs/trainer/plain.h"
#include "jobs/trainer/price.h"
#include "monotonic.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double progress_s = 0.02;   /* between two */
static const double most_lost_s = 10;    /* of training, by a death; what a checkpoint costs does not count */
static const double share = 0.02;        /* of the time that checkpoints may cost otherwise */
static const double least_cost_s = 0.02; /* as which a cheaper one counts: not more than one a second */

struct trainer {
    const table_schema *schema;
    parameter_values values;
    size_t classes; /* 0: a number */
    int threads;
    training_size size;
    uint64_t data; /* hash */
    DMatrixHandle matrices[2];
    bst_ulong matrix_count;
    BoosterHandle booster;
};

/* One trainer_run. */
typedef struct run {
    trainer *of;
    const trainer_options *options;
    const trainer_callbacks *callbacks;
    curve curve;
    checkpoint state; /* as of the last checkpoint, but best_round, best and seconds, which are of now */
    int round;        /* done */
    int resumed_from;
    double train, valid, pace; /* metrics and seconds of the last round, of late */
    double told;               /* when progress was */
    double written, cost;      /* when the last checkpoint was, and how long that took */
} run;

static double now(const run *self)
{
    return self->options->clock ? self->options->clock(self->callbacks->user) : monotonic_s();
}

/* --- making */

/* As OpenMP counts, so that a pool's limit holds. */
static int usual_threads(void)
{
    const char *limit = getenv("OMP_NUM_THREADS");
    int count = limit ? atoi(limit) : 0;
    cpu_set_t processors;
    if (count < 1)
        count = sched_getaffinity(0, sizeof processors, &processors) == 0 ? CPU_COUNT(&processors) : 1;
    return count < parameters[PARAMETER_THREADS].most ? count : (int)parameters[PARAMETER_THREADS].most;
}

static uint64_t hash_table(uint64_t hash, const table *data)
{
    if (data->dense) {
        hash = file_hash(hash, data->dense, data->rows * data->features * sizeof *data->dense);
    } else {
        size_t entries = data->begin[data->rows];
        hash = file_hash(hash, data->begin, (data->rows + 1) * sizeof *data->begin);
        hash = file_hash(hash, data->index, entries * sizeof *data->index);
        hash = file_hash(hash, data->value, entries * sizeof *data->value);
    }
    return file_hash(hash, data->label, data->rows * sizeof *data->label);
}

static uint64_t hash_schema(uint64_t hash, const table_schema *schema)
{
    hash = file_hash(hash, &schema->feature_count, sizeof schema->feature_count);
    for (size_t i = 0; schema->features && i < schema->feature_count; i++) {
        const table_column *column = &schema->features[i];
        hash = file_hash(hash, column->name, strlen(column->name));
        for (size_t j = 0; j < column->category_count; j++)
            hash = file_hash(hash, column->categories[j], strlen(column->categories[j]));
    }
    for (size_t j = 0; j < schema->target.category_count; j++)
        hash = file_hash(hash, schema->target.categories[j], strlen(schema->target.categories[j]));
    return hash;
}

static bool any_category(const table_schema *schema)
{
    for (size_t i = 0; schema->features && i < schema->feature_count; i++)
        if (schema->features[i].kind == TABLE_CATEGORY)
            return true;
    return false;
}

static bh_status add_matrix(trainer *self, const table *data, table_error *error)
{
    bh_status status = booster_matrix(data, self->schema, self->threads, &self->matrices[self->matrix_count], error);
    if (!status)
        self->matrix_count++;
    self->data = hash_table(self->data, data);
    return status;
}

static bh_status check_tables(const table *train, const table *validation, const table_schema *schema, table_error *error)
{
    if (train->rows == 0)
        return train_fail(error, BH_ERROR_RANGE, "there are no rows to train on");
    if (schema->feature_count == 0)
        return train_fail(error, BH_ERROR_RANGE, "there are no features to train on");
    if (!train->label || (validation && !validation->label))
        return train_fail(error, BH_ERROR_STATE, "there is no target to train for");
    return BH_OK;
}

static bh_status fill(trainer *self, const table *train, const table *validation, const parameter_values *values,
                      table_error *error)
{
    const table_schema *schema = self->schema;
    bh_status status = check_tables(train, validation, schema, error);
    self->values = *values;
    self->classes = schema->target.kind == TABLE_CATEGORY ? schema->target.category_count : 0;
    if (!status)
        status = parameters_settle(&self->values, self->classes, validation != NULL, any_category(schema), error);
    if (status)
        return status;
    int threads = (int)values->value[PARAMETER_THREADS];
    self->threads = threads > 0 ? threads : usual_threads();
    self->size = training_size_of(train, validation, self->classes);
    self->data = hash_schema(0, schema);
    status = add_matrix(self, train, error);
    if (!status && validation)
        status = add_matrix(self, validation, error);
    return status;
}

bh_status trainer_create(const table *train, const table *validation, const table_schema *schema, const parameter_values *values,
                         trainer **out, table_error *error)
{
    *out = NULL;
    if (validation && validation->rows == 0)
        validation = NULL;
    trainer *self = calloc(1, sizeof *self);
    if (!self)
        return train_no_memory(error);
    self->schema = schema;
    plain numbers = plain_begin();
    bh_status status = fill(self, train, validation, values, error);
    plain_end(numbers);
    if (status)
        trainer_destroy(self);
    else
        *out = self;
    return status;
}

void trainer_destroy(trainer *self)
{
    if (!self)
        return;
    if (self->booster)
        XGBoosterFree(self->booster);
    for (bst_ulong i = 0; i < self->matrix_count; i++)
        XGDMatrixFree(self->matrices[i]);
    free(self);
}

/* --- beginning */

/* The trainer's booster, as the checkpoint has it, or new. */
static bh_status make_booster(run *self, table_error *error)
{
    trainer *of = self->of;
    const checkpoint *state = &self->state;
    if (XGBoosterCreate(of->matrices, of->matrix_count, &of->booster))
        return booster_failed("the booster", error);
    if (state->booster_size == 0)
        return booster_set(of->booster, &of->values, of->classes, state->threads, error);
    if (XGBoosterUnserializeFromBuffer(of->booster, state->booster, state->booster_size))
        return booster_failed("the checkpoint", error);
    return BH_OK;
}

/* A run is known by a checkpoint from its first moment, so that what was chosen for it holds. */
static bh_status begin_new(run *self, table_error *error)
{
    checkpoint *state = &self->state;
    int every = self->options->checkpoint_every;
    state->every = every > 0 ? every : price_every(&self->of->size, &self->of->values);
    state->threads = self->of->threads;
    state->data = self->of->data;
    state->best = NAN;
    parameters_text(&self->of->values, state->parameters);
    return checkpoint_write(state, self->options->folder, error);
}

static bh_status begin_again(run *self, table_error *error)
{
    char text[PARAMETERS_TEXT];
    if (!self->options->resume)
        return train_fail(error, BH_ERROR_EXISTS,
                          "%.300s has the checkpoint of a run, at round %d: resume it, or take another folder",
                          self->options->folder, self->state.round);
    parameters_text(&self->of->values, text);
    return checkpoint_fits(&self->state, text, self->of->data, error);
}

static bh_status begin(run *self, table_error *error)
{
    bool found;
    bh_status status = checkpoint_read(&self->state, self->options->folder, &found, error);
    if (!status)
        status = found ? begin_again(self, error) : begin_new(self, error);
    if (!status)
        status = make_booster(self, error);
    checkpoint_clear(&self->state);
    if (status)
        return status;
    self->round = self->resumed_from = self->state.round;
    self->written = now(self);
    return curve_cut(&self->curve, self->round, error);
}

/* --- rounds */

static bh_status write_checkpoint(run *self, table_error *error)
{
    const char *bytes;
    bst_ulong size;
    double began = now(self);
    if (XGBoosterSerializeToBuffer(self->of->booster, &size, &bytes))
        return booster_failed("the checkpoint", error);
    self->state.round = self->round;
    self->state.booster = bytes;
    self->state.booster_size = size;
    bh_status status = curve_sync(&self->curve, error);
    if (!status)
        status = checkpoint_write(&self->state, self->options->folder, error);
    self->state.booster = NULL;
    self->written = now(self);
    self->cost = self->written - began;
    return status;
}

/* Where a run may be gone on with: nothing is in its booster then that is not in a checkpoint. */
static bool is_whole(const run *self)
{
    return self->round > self->resumed_from && self->round % self->state.every == 0;
}

/* Before more would be lost than may be; and else as often as it is cheap. */
static bool is_due(const run *self)
{
    double since = now(self) - self->written;
    return self->options->checkpoint_every > 0 || since + self->state.every * self->pace > most_lost_s ||
           since * share > fmax(self->cost, least_cost_s);
}

static bh_status renew(run *self, table_error *error)
{
    trainer *of = self->of;
    bh_status status = is_due(self) ? write_checkpoint(self, error) : BH_OK;
    if (status || !parameters_draw(&of->values))
        return status;
    return booster_draw_anew(of->booster, &of->values, of->classes, self->state.threads, error);
}

static bh_status train_round(run *self, table_error *error)
{
    trainer *of = self->of;
    const char *names[] = {"train", "valid"}, *text, *metric = parameters_choice(&of->values, PARAMETER_METRIC);
    char seed[32];
    snprintf(seed, sizeof seed, "%.0f", of->values.value[PARAMETER_SEED] + self->round);
    if (XGBoosterSetParam(of->booster, "seed", seed) || XGBoosterUpdateOneIter(of->booster, self->round, of->matrices[0]) ||
        XGBoosterEvalOneIter(of->booster, self->round, of->matrices, names, of->matrix_count, &text))
        return booster_failed("a round of training", error);
    self->round++;
    self->train = booster_metric(text, "train", metric);
    self->valid = booster_metric(text, "valid", metric);
    double value = of->matrix_count > 1 ? self->valid : self->train;
    bool greater = parameters_greater_is_better(&of->values);
    if (isfinite(value) && (!isfinite(self->state.best) || (greater ? value > self->state.best : value < self->state.best))) {
        self->state.best = value;
        self->state.best_round = self->round;
    }
    return BH_OK;
}

static int64_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    long all = 0, pages = 0;
    if (!file)
        return 0;
    if (fscanf(file, "%ld %ld", &all, &pages) != 2)
        pages = 0;
    fclose(file);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static void add_number(bh_message *message, const char *key, double value)
{
    if (isfinite(value))
        bh_message_add_double(message, key, value);
    else
        bh_message_add_null(message, key);
}

static void tell(run *self)
{
    bh_message *message = bh_message_create();
    if (!message)
        return;
    double rounds = self->of->values.value[PARAMETER_ROUNDS];
    bh_message_add_string(message, "phase", "train");
    bh_message_add_int(message, "round", self->round);
    bh_message_add_int(message, "rounds", (int64_t)rounds);
    bh_message_add_string(message, "metric", parameters_choice(&self->of->values, PARAMETER_METRIC));
    add_number(message, "train", self->train);
    add_number(message, "valid", self->valid);
    bh_message_add_int(message, "best_round", self->state.best_round);
    add_number(message, "best", self->state.best);
    bh_message_add_double(message, "seconds", self->state.seconds);
    bh_message_add_double(message, "seconds_per_round", self->pace);
    bh_message_add_double(message, "eta_s", (rounds - self->round) * self->pace);
    bh_message_add_int(message, "rss", resident());
    self->callbacks->progress(message, self->callbacks->user);
    bh_message_destroy(message);
}

static bool is_over(const run *self)
{
    const double *value = self->of->values.value;
    int patience = (int)value[PARAMETER_EARLY_STOPPING];
    return self->round >= value[PARAMETER_ROUNDS] || (patience > 0 && self->round - self->state.best_round >= patience);
}

/* One round, and before it what is due. */
static bh_status step(run *self, table_error *error)
{
    double began = now(self);
    bh_status status = is_whole(self) ? renew(self, error) : BH_OK;
    if (!status)
        status = train_round(self, error);
    if (status)
        return status;
    double ended = now(self);
    self->pace = self->pace > 0 ? 0.9 * self->pace + 0.1 * (ended - began) : ended - began;
    self->state.seconds += ended - began;
    curve_point point = {self->round, self->train, self->valid, self->state.seconds};
    status = curve_add(&self->curve, &point, error);
    if (!status && self->callbacks->progress && (ended - self->told >= progress_s || is_over(self))) {
        self->told = ended;
        tell(self);
    }
    return status;
}

static bh_status stop(run *self, table_error *error)
{
    bh_status status = is_whole(self) && self->round > self->state.round ? write_checkpoint(self, error) : BH_OK;
    if (self->callbacks->progress && self->pace > 0)
        tell(self); /* where it stopped */
    return status ? status
                  : train_fail(error, BH_CANCELLED, "stopped after round %d; to be resumed from round %d", self->round,
                               self->state.round);
}

static bh_status train_all(run *self, table_error *error)
{
    bh_status status = BH_OK;
    while (!status && !is_over(self)) {
        if (self->callbacks->cancelled && self->callbacks->cancelled(self->callbacks->user))
            return stop(self, error);
        status = step(self, error);
    }
    return status;
}

/* --- the end */

/* With early stopping the model ends with its best round, and says so as Python's does. */
static bh_status keep_best(run *self, table_error *error)
{
    trainer *of = self->of;
    BoosterHandle best;
    char text[32];
    int rounds = self->state.best_round;
    if (of->values.value[PARAMETER_EARLY_STOPPING] == 0 || rounds == 0)
        return BH_OK;
    if (rounds < self->round) {
        if (XGBoosterSlice(of->booster, 0, rounds, 1, &best))
            return booster_failed("the best rounds", error);
        XGBoosterFree(of->booster);
        of->booster = best;
    }
    snprintf(text, sizeof text, "%d", rounds - 1);
    int failed = XGBoosterSetAttr(of->booster, "best_iteration", text);
    snprintf(text, sizeof text, "%.17g", self->state.best);
    failed |= XGBoosterSetAttr(of->booster, "best_score", text);
    return failed ? booster_failed("the best rounds", error) : BH_OK;
}

static const char *const *metrics_of(const trainer *of)
{
    static const char *const binary[] = {"logloss", "error", "auc", NULL}, *const classes[] = {"mlogloss", "merror", NULL},
                             *const number[] = {"rmse", "mae", NULL};
    int objective = (int)of->values.value[PARAMETER_OBJECTIVE];
    return objective == OBJECTIVE_BINARY ? binary : objective == OBJECTIVE_MULTI_CLASS ? classes : number;
}

static bh_status add_metrics(const trainer *of, bh_message *result, table_error *error)
{
    const char *names[] = {"train", "valid"}, *text;
    const char *const *metrics = metrics_of(of);
    int failed = 0;
    for (int i = 0; metrics[i]; i++)
        failed |= XGBoosterSetParam(of->booster, "eval_metric", metrics[i]);
    DMatrixHandle matrices[] = {of->matrices[0], of->matrices[1]};
    if (failed || XGBoosterEvalOneIter(of->booster, 0, matrices, names, of->matrix_count, &text))
        return booster_failed("the model's metrics", error);
    bh_message_begin_map(result, "metrics");
    for (bst_ulong i = 0; i < of->matrix_count; i++) {
        bh_message_begin_map(result, names[i]);
        for (int j = 0; metrics[j]; j++)
            add_number(result, metrics[j], booster_metric(text, names[i], metrics[j]));
        bh_message_end(result);
    }
    return bh_message_end(result);
}

static void add_facts(const run *self, const char *path, bh_message *result)
{
    const trainer *of = self->of;
    bh_message_add_string(result, "model", path);
    bh_message_add_int(result, "rounds", self->round);
    bh_message_add_int(result, "best_round", self->state.best_round);
    add_number(result, "best", self->state.best);
    bh_message_add_string(result, "metric", parameters_choice(&of->values, PARAMETER_METRIC));
    bh_message_add_string(result, "objective", parameters_choice(&of->values, PARAMETER_OBJECTIVE));
    bh_message_add_double(result, "seconds", self->state.seconds);
    bh_message_add_int(result, "resumed_from", self->resumed_from);
    bh_message_add_int(result, "checkpoint_every", self->state.every);
    bh_message_add_int(result, "threads", self->state.threads);
}

static bh_status finish(run *self, bh_message *result, table_error *error)
{
    trainer *of = self->of;
    char path[NEW_FILE_PATH];
    const char *name = self->options->model ? self->options->model : TRAINER_MODEL;
    if (snprintf(path, sizeof path, "%s/%s", self->options->folder, name) >= (int)sizeof path)
        return train_fail(error, BH_ERROR_RANGE, "the folder's path is too long");
    bh_status status = keep_best(self, error);
    if (!status)
        status = booster_name_features(of->booster, of->schema, error);
    if (!status)
        status = booster_describe(of->booster, &of->values, of->schema, error);
    if (!status)
        status = booster_save(of->booster, path, error);
    if (!status)
        status = curve_sync(&self->curve, error);
    if (status)
        return status;
    add_facts(self, path, result);
    status = add_metrics(of, result, error);
    return status ? status : booster_importance(of->booster, of->schema, result, error);
}

bh_status trainer_run(trainer *self, const trainer_options *options, const trainer_callbacks *callbacks, bh_message *result,
                      table_error *error)
{
    run now_running = {.of = self, .options = options, .callbacks = callbacks, .train = NAN, .valid = NAN};
    bh_status status = curve_open(&now_running.curve, options->folder, error);
    if (status)
        return status;
    plain numbers = plain_begin();
    status = begin(&now_running, error);
    if (!status)
        status = train_all(&now_running, error);
    if (!status)
        status = finish(&now_running, result, error);
    plain_end(numbers);
    curve_close(&now_running.curve);
    return status;
}
