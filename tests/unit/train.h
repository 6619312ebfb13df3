/* For tests of training: data that is made, runs of the trainer in processes of their own, and what they leave. The test's own process never
 * calls XGBoost, so that it may fork. */
#ifndef UNIT_TRAIN_H
#define UNIT_TRAIN_H

#include "jobs/trainer/checkpoint.h"
#include "jobs/trainer/curve.h"
#include "jobs/trainer/new_file.h"
#include "jobs/trainer/trainer.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What is trained, and how. Zeros are sensible. */
typedef struct train_case {
    const char *name;
    size_t classes;  /* 0: a number */
    bool categories; /* the last feature is one */
    bool sparse;
    int every, threads, resume_threads;
    int stops[4]; /* rounds after which the run is stopped, and resumed; 0: no more */
    bool kills;   /* with SIGKILL, instead */
    struct {
        parameter_id id;
        double value;
    } set[6];    /* parameters other than the test's defaults; id 0 ends them */
    double tick; /* s: what goes by each time that the run looks at a clock of the test's; 0: it has the system's */
    const char *folder, *model;
    bool resume;
    int stop;      /* this part's */
    uint64_t seed; /* of the data */
} train_case;

enum { TRAIN_ROWS = 300, TRAIN_FEATURES = 9, TRAIN_ROUNDS = 23 };

static inline double next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 40) / (double)(1 << 24);
}

static inline float make_label(const train_case *it, const float *row, double noise)
{
    double value = (double)row[0] * 2 - (double)row[1] + (double)row[2] * (double)row[3] + noise * 0.4;
    return (float)(it->classes ? fmin((double)it->classes - 1, fmax(0, floor((value + 0.8) * (double)it->classes / 2.6)))
                               : value);
}

static inline table *make_table(const train_case *it, size_t rows, uint64_t seed)
{
    table *data = calloc(1, sizeof *data);
    data->rows = rows;
    data->features = TRAIN_FEATURES;
    data->dense = calloc(rows * TRAIN_FEATURES, sizeof(float));
    data->label = calloc(rows, sizeof(float));
    for (size_t i = 0; i < rows; i++) {
        float *row = data->dense + i * TRAIN_FEATURES;
        for (size_t j = 0; j < TRAIN_FEATURES; j++)
            row[j] = (float)next_random(&seed);
        if (it->categories)
            row[TRAIN_FEATURES - 1] = floorf(row[TRAIN_FEATURES - 1] * 3);
        data->label[i] = make_label(it, row, next_random(&seed) - 0.5);
        if (i % 7 == 0)
            row[i % 4] = NAN;
    }
    return data;
}

/* The same numbers as CSR, without those that are missing. */
static inline void make_sparse(table *data)
{
    size_t count = 0;
    data->begin = calloc(data->rows + 1, sizeof *data->begin);
    data->index = calloc(data->rows * data->features, sizeof *data->index);
    data->value = calloc(data->rows * data->features, sizeof *data->value);
    for (size_t i = 0; i < data->rows * data->features; i++) {
        if (!isnan(data->dense[i])) {
            data->index[count] = (uint32_t)(i % data->features);
            data->value[count++] = data->dense[i];
        }
        data->begin[i / data->features + 1] = count;
    }
    free(data->dense);
    data->dense = NULL;
}

static inline void free_table(table *data)
{
    free(data->dense);
    free(data->begin);
    free(data->index);
    free(data->value);
    free(data->label);
    free(data);
}

static char class_texts[4][8] = {"zero", "one", "two", "three"}, color_texts[3][8] = {"blue", "green", "red"},
            target_text[] = "target";
static char *class_names[] = {class_texts[0], class_texts[1], class_texts[2], class_texts[3]};
static char *color_names[] = {color_texts[0], color_texts[1], color_texts[2]};
static char feature_texts[TRAIN_FEATURES][16] = {"a", "b", "c \"quoted\"", "d, comma", "e", "f", "größe", "h", "last"};

static inline table_schema make_schema(const train_case *it, table_column *columns)
{
    for (size_t i = 0; i < TRAIN_FEATURES; i++)
        columns[i] = (table_column){.name = feature_texts[i], .number = i};
    if (it->categories)
        columns[TRAIN_FEATURES - 1] =
            (table_column){feature_texts[TRAIN_FEATURES - 1], TABLE_CATEGORY, TRAIN_FEATURES - 1, 3, color_names};
    table_schema schema = {.named = true, .columns = TRAIN_FEATURES + 1, .feature_count = TRAIN_FEATURES, .has_target = true};
    schema.sparse = it->sparse;
    schema.index_base = 1;
    schema.features = it->sparse ? NULL : columns;
    schema.target = (table_column){.name = target_text, .number = TRAIN_FEATURES};
    if (it->classes) {
        schema.target.kind = TABLE_CATEGORY;
        schema.target.category_count = it->classes;
        schema.target.categories = class_names;
    }
    return schema;
}

static inline parameter_values make_values(const train_case *it)
{
    parameter_values values;
    parameters_init(&values);
    values.value[PARAMETER_ROUNDS] = TRAIN_ROUNDS;
    values.value[PARAMETER_MAX_DEPTH] = 4;
    values.value[PARAMETER_SEED] = 11;
    values.value[PARAMETER_THREADS] = it->resume && it->resume_threads ? it->resume_threads : it->threads ? it->threads : 1;
    for (size_t i = 0; i < 6 && it->set[i].id; i++)
        values.value[it->set[i].id] = it->set[i].value;
    return values;
}

/* How far a run has come, and where it is to end. */
typedef struct train_watch {
    int asked, stop;
    bool kill;
    double time, tick;
} train_watch;

static inline double watch_clock(void *user)
{
    train_watch *watch = user;
    return watch->time += watch->tick;
}

static inline bool watch_cancelled(void *user)
{
    train_watch *watch = user;
    if (watch->stop == 0 || ++watch->asked <= watch->stop)
        return false;
    if (watch->kill)
        kill(getpid(), SIGKILL);
    return true;
}

/* One part of a run, here. Its rounds are counted from where the part began: STOP is how many it does. */
static inline bh_status train_here(const train_case *it, const trainer_callbacks *callbacks, bh_message *result,
                                   table_error *error)
{
    table_column columns[TRAIN_FEATURES];
    table_schema schema = make_schema(it, columns);
    parameter_values values = make_values(it);
    table *train = make_table(it, TRAIN_ROWS, it->seed + 1), *valid = make_table(it, TRAIN_ROWS / 4, it->seed + 2);
    if (it->sparse) {
        make_sparse(train);
        make_sparse(valid);
    }
    trainer *made;
    bh_status status = trainer_create(train, valid, &schema, &values, &made, error);
    free_table(train);
    free_table(valid);
    const trainer_options options = {it->folder, it->model, it->every, it->resume, it->tick > 0 ? watch_clock : NULL};
    if (!status)
        status = trainer_run(made, &options, callbacks, result, error);
    trainer_destroy(made);
    return status;
}

static inline bh_status train_part(const train_case *it, table_error *error)
{
    train_watch watch = {0, it->stop, it->kills, 0, it->tick};
    const trainer_callbacks callbacks = {watch_cancelled, NULL, &watch};
    bh_message *result = bh_message_create();
    bh_status status = train_here(it, &callbacks, result, error);
    bh_message_destroy(result);
    return status;
}

/* The same in a process of its own: what waitpid says. The exit code is the status. */
static inline int train_apart(const train_case *it)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        table_error error = {.text = ""};
        bh_status status = train_part(it, &error);
        if (status && status != BH_CANCELLED)
            fprintf(stderr, "%s: %s: %s\n", it->name, bh_status_name(status), error.text);
        _exit((int)status);
    }
    int how = -1;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

/* --- folders and files */

static inline char *new_folder(void)
{
    static char name[64];
    snprintf(name, sizeof name, "/tmp/train-XXXXXX");
    assert_non_null(mkdtemp(name));
    return strdup(name);
}

static inline void drop_folder(char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    free(folder);
}

static inline char *path_in(const char *folder, const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline char *whole_file(const char *folder, const char *name, size_t *size)
{
    void *data;
    table_error error = {.text = ""};
    if (file_read(path_in(folder, name), &data, size, &error))
        fail_msg("%s", error.text);
    return data;
}

/* True if both folders have a model and it is the same, byte for byte. */
static inline bool same_model(const char *a, const char *b, const char *name)
{
    size_t one, other;
    char *left = whole_file(a, name, &one), *right = whole_file(b, name, &other);
    bool same = left && right && one == other && one > 1000 && memcmp(left, right, one) == 0;
    free(left);
    free(right);
    return same;
}

#endif
