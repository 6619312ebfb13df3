/* Parameters, curves, and what a training refuses; what it tells while it runs and at its end. */
#include "unit/train.h"

#include "jobs/trainer/booster.h"
#include "jobs/trainer/price.h"

#include <float.h>
#include <pthread.h>

/* --- parameters */

static bh_status read_words(const char *const *words, int count, parameter_values *values, table_error *error)
{
    bh_message_view view;
    bh_message *message = bh_message_from_words(count, (char *const *)words);
    assert_int_equal(bh_message_complete(message, &view), BH_OK);
    bh_status status = parameters_read(view, values, error);
    bh_message_destroy(message);
    return status;
}

static void each_parameter_has_a_name_a_range_and_help(void **state)
{
    (void)state;
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        const parameter *p = &parameters[i];
        assert_non_null(p->name);
        assert_true(strlen(p->help) > 20 && p->help[strlen(p->help) - 1] == '.');
        assert_true((p->kind == PARAMETER_CHOICE) == (p->choices != NULL));
        assert_int_equal(parameters_check_value((parameter_id)i, p->fallback, NULL), BH_OK);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(p->name, parameters[j].name);
        if (p->kind != PARAMETER_CHOICE) {
            assert_int_equal(parameters_check_value((parameter_id)i, p->most * 2 + 1, NULL), BH_ERROR_RANGE);
            assert_int_equal(parameters_check_value((parameter_id)i, NAN, NULL) != BH_OK, true);
        }
    }
}

static void values_are_read_and_checked(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        bh_status status;
        const char *sentence;
    } wrong[] = {
        {"eta=0", BH_ERROR_RANGE, "eta is 0: it must be above 0 and at most 1"},
        {"eta=1.5", BH_ERROR_RANGE, "eta is 1.5"},
        {"eta=fast", BH_ERROR_TYPE, "eta is a string: it must be a number"},
        {"max_depth=0", BH_ERROR_RANGE, "max_depth is 0: it must be at least 1 and at most 30"},
        {"max_depth=2.5", BH_ERROR_TYPE, "max_depth is 2.5: it must be a whole number"},
        {"rounds=-1", BH_ERROR_RANGE, "rounds is -1"},
        {"tree_method=gpu", BH_ERROR_NAME, "tree_method is 'gpu': it must be one of hist, exact"},
        {"objective=3", BH_ERROR_TYPE, "objective is an int"},
    };
    static const char *const good[] = {"eta=1", "rounds=7", "objective=multi-class", "lambda=0", "subsample=0.25", "alpha=null"};
    parameter_values values;
    table_error error;
    assert_int_equal(read_words(good, 6, &values, &error), BH_OK);
    assert_true(values.value[PARAMETER_ETA] == 1 && values.value[PARAMETER_ROUNDS] == 7);
    assert_true(values.value[PARAMETER_OBJECTIVE] == OBJECTIVE_MULTI_CLASS && values.value[PARAMETER_LAMBDA] == 0);
    assert_true(values.value[PARAMETER_SUBSAMPLE] == 0.25 && values.value[PARAMETER_MAX_DEPTH] == 6);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(read_words(&wrong[i].word, 1, &values, &error), wrong[i].status);
        if (!strstr(error.text, wrong[i].sentence))
            fail_msg("%s: %s", wrong[i].word, error.text);
    }
}

static bh_status settle(parameter_id id, double value, double objective, size_t classes, bool validation, table_error *error)
{
    parameter_values values;
    parameters_init(&values);
    values.value[PARAMETER_OBJECTIVE] = objective;
    values.value[id] = value;
    return parameters_settle(&values, classes, validation, true, error);
}

static void values_must_fit_each_other_and_the_data(void **state)
{
    (void)state;
    table_error error;
    parameter_values values;
    parameters_init(&values);
    assert_int_equal(parameters_settle(&values, 3, false, false, &error), BH_OK);
    assert_string_equal(parameters_choice(&values, PARAMETER_OBJECTIVE), "multi-class");
    assert_string_equal(parameters_choice(&values, PARAMETER_METRIC), "mlogloss");
    assert_int_equal(settle(PARAMETER_ROUNDS, 5, OBJECTIVE_REGRESSION, 2, true, &error), BH_ERROR_TYPE);
    assert_non_null(strstr(error.text, "the target has 2 classes"));
    assert_int_equal(settle(PARAMETER_ROUNDS, 5, OBJECTIVE_BINARY, 3, true, &error), BH_ERROR_RANGE);
    assert_int_equal(settle(PARAMETER_ROUNDS, 5, OBJECTIVE_AUTO, 1, true, &error), BH_ERROR_RANGE);
    assert_non_null(strstr(error.text, "nothing to tell apart"));
    assert_int_equal(settle(PARAMETER_METRIC, 3, OBJECTIVE_AUTO, 0, true, &error), BH_ERROR_RANGE);
    assert_non_null(strstr(error.text, "eval_metric is auc: it does not fit the objective regression; rmse does"));
    assert_int_equal(settle(PARAMETER_EARLY_STOPPING, 5, OBJECTIVE_AUTO, 2, false, &error), BH_ERROR_RANGE);
    assert_non_null(strstr(error.text, "no validation rows"));
    assert_int_equal(settle(PARAMETER_SCALE_POS_WEIGHT, 5, OBJECTIVE_AUTO, 0, true, &error), BH_ERROR_RANGE);
    assert_int_equal(settle(PARAMETER_TREE_METHOD, TREE_EXACT, OBJECTIVE_AUTO, 2, true, &error), BH_ERROR_RANGE);
    assert_non_null(strstr(error.text, "take hist"));
}

static int every(double rows, double features, double trees, double rounds, double subsample)
{
    parameter_values values;
    parameters_init(&values);
    values.value[PARAMETER_ROUNDS] = rounds;
    values.value[PARAMETER_SUBSAMPLE] = subsample;
    const training_size size = {rows, rows / 4, rows * features, trees};
    return price_every(&size, &values);
}

/* Where nothing is drawn each round can be gone on from. Where something is: seldom if to draw anew is dear beside a round, often if it is
 * cheap; and never so seldom that a death costs more than seconds. */
static void drawing_begins_anew_as_often_as_it_is_worth_it(void **state)
{
    (void)state;
    assert_int_equal(every(150, 4, 3, 50, 1), 1);
    assert_int_equal(every(60000, 784, 10, 100, 1), 1);
    assert_int_equal(every(150, 4, 3, 50, 0.5), 50);
    assert_in_range(every(4600, 57, 1, 1000, 0.5), 100, 999);
    assert_in_range(every(60000, 784, 10, 100, 0.5), 1, 3);
    assert_in_range(every(4600, 57, 1, 100000, 0.5), 100, 3000);
}

/* --- curves */

static void a_curve_is_read_up_to_its_last_whole_line(void **state)
{
    (void)state;
    enum { ROUNDS = 1300 };
    char *folder = new_folder();
    static curve_point points[ROUNDS + 10];
    size_t count, size;
    curve mine;
    assert_int_equal(curve_read(folder, 0, points, 10, &count, NULL), BH_OK);
    assert_int_equal(count, 0);
    assert_int_equal(curve_open(&mine, folder, NULL), BH_OK);
    assert_int_equal(curve_cut(&mine, 0, NULL), BH_OK);
    for (int i = 1; i <= ROUNDS; i++) {
        const curve_point point = {i, 1.0 / i, i % 3 ? i * DBL_MAX / 2000 : NAN, 1e12 * i};
        assert_int_equal(curve_add(&mine, &point, NULL), BH_OK);
    }
    assert_int_equal(curve_read(folder, 0, points, ROUNDS + 10, &count, NULL), BH_OK);
    assert_int_equal(count, ROUNDS);
    assert_true(isnan(points[2].valid) && fabs(points[ROUNDS - 1].train - 1.0 / ROUNDS) < 1e-9);
    assert_int_equal(curve_read(folder, 1290, points, 4, &count, NULL), BH_OK);
    assert_int_equal(count, 4);
    assert_int_equal(points[0].round, 1291);

    free(whole_file(folder, CURVE_NAME, &size));
    assert_int_equal(truncate(path_in(folder, CURVE_NAME), (off_t)size - 20), 0);
    assert_int_equal(curve_read(folder, 0, points, ROUNDS + 10, &count, NULL), BH_OK);
    assert_int_equal(count, ROUNDS - 1);
    assert_int_equal(curve_cut(&mine, 7, NULL), BH_OK);
    assert_int_equal(curve_read(folder, 0, points, ROUNDS, &count, NULL), BH_OK);
    assert_int_equal(count, 7);
    curve_close(&mine);
    drop_folder(folder);
}

static void a_run_is_not_trained_twice_at_once(void **state)
{
    (void)state;
    char *folder = new_folder();
    table_error error;
    curve one, other;
    assert_int_equal(curve_open(&one, folder, &error), BH_OK);
    assert_int_equal(curve_open(&other, folder, &error), BH_ERROR_STATE);
    assert_non_null(strstr(error.text, "is being trained by another process"));
    curve_close(&one);
    assert_int_equal(curve_open(&other, folder, &error), BH_OK);
    curve_close(&other);
    drop_folder(folder);
}

/* --- trainings: from here on this process has XGBoost's threads, and does not fork */

static void expect_refused(const train_case *it, bh_status status, const char *sentence)
{
    table_error error = {.text = ""};
    assert_int_equal(train_part(it, &error), status);
    if (!strstr(error.text, sentence))
        fail_msg("'%s', expected '%s'", error.text, sentence);
}

static void a_checkpoint_of_something_else_is_refused(void **state)
{
    (void)state;
    char *folder = new_folder();
    train_case it = {.name = "refused", .classes = 2, .every = 4, .stop = 9, .folder = folder};
    expect_refused(&it, BH_CANCELLED, "stopped after round 9; to be resumed from round 8");
    expect_refused(&it, BH_ERROR_EXISTS, "has the checkpoint of a run, at round 8: resume it, or take another folder");
    it.resume = true;
    it.set[0].id = PARAMETER_ETA;
    it.set[0].value = 0.5;
    expect_refused(&it, BH_ERROR_STATE, "it has eta=0.3, the run has eta=0.5");
    it.set[0].id = 0;
    it.seed = 5;
    expect_refused(&it, BH_ERROR_STATE, "the checkpoint is of other data");
    it.seed = 0;
    it.stop = 0;
    expect_refused(&it, BH_OK, "");
    it.folder = "/nowhere/at/all";
    it.resume = false;
    expect_refused(&it, BH_ERROR_IO, "cannot open /nowhere/at/all/curve.csv: No such file or directory");
    drop_folder(folder);
}

typedef struct listener {
    int heard, last;
    double last_valid;
} listener;

static void listen(bh_message *progress, void *user)
{
    listener *self = user;
    bh_message_view view;
    assert_int_equal(bh_message_complete(progress, &view), BH_OK);
    int round = (int)bh_message_get_int(view, "round", 0);
    assert_true(round > self->last);
    assert_true(bh_message_get_double(view, "eta_s", -1) >= 0);
    assert_true(bh_message_get_int(view, "rss", 0) > 1 << 20);
    self->last = round;
    self->last_valid = bh_message_get_double(view, "valid", NAN);
    self->heard++;
}

static void expect_result(bh_message *result, const char *folder, double last_valid)
{
    bh_message_view view;
    assert_int_equal(bh_message_complete(result, &view), BH_OK);
    bh_message_view valid = bh_message_view_find(bh_message_view_find(view, "metrics"), "valid");
    bh_message_view importance = bh_message_view_find(view, "importance");
    assert_string_equal(bh_message_get_string(view, "model", ""), path_in(folder, TRAINER_MODEL));
    assert_int_equal(bh_message_get_int(view, "rounds", 0), TRAIN_ROUNDS);
    assert_string_equal(bh_message_get_string(view, "metric", ""), "logloss");
    assert_true(bh_message_get_double(valid, "logloss", -1) == last_valid);
    assert_true(bh_message_get_double(valid, "error", 1) < 0.25);
    assert_true(bh_message_get_double(valid, "auc", 0) > 0.8);
    assert_true(bh_message_view_count(bh_message_view_find(importance, "features")) >= 4);
    bh_message_view gains = bh_message_view_find(importance, "gain");
    double first, second;
    assert_int_equal(bh_message_read_double(bh_message_view_at(gains, 0), NULL, &first), BH_OK);
    assert_int_equal(bh_message_read_double(bh_message_view_at(gains, 1), NULL, &second), BH_OK);
    assert_true(first >= second && second > 0);
}

static void a_training_tells_how_far_it_is_and_what_came_of_it(void **state)
{
    (void)state;
    char *folder = new_folder();
    const train_case it = {.name = "told", .classes = 2, .folder = folder};
    listener ear = {0, 0, 0};
    table_error error = {.text = ""};
    const trainer_callbacks callbacks = {NULL, listen, &ear};
    bh_message *result = bh_message_create();
    if (train_here(&it, &callbacks, result, &error))
        fail_msg("%s", error.text);
    assert_true(ear.heard >= 2);
    assert_int_equal(ear.last, TRAIN_ROUNDS);
    expect_result(result, folder, ear.last_valid);
    bh_message_destroy(result);
    drop_folder(folder);
}

/* What XGBoost gives when it is called in a plain loop, without checkpoints, seeds and slices. */
static double plain_loop(const train_case *it)
{
    table_column columns[TRAIN_FEATURES];
    const table_schema schema = make_schema(it, columns);
    parameter_values values = make_values(it);
    table *data[] = {make_table(it, TRAIN_ROWS, it->seed + 1), make_table(it, TRAIN_ROWS / 4, it->seed + 2)};
    const char *names[] = {"train", "valid"}, *text = "";
    DMatrixHandle matrices[2];
    BoosterHandle booster;
    assert_int_equal(parameters_settle(&values, it->classes, true, false, NULL), BH_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(booster_matrix(data[i], &schema, 1, &matrices[i], NULL), BH_OK);
        free_table(data[i]);
    }
    assert_int_equal(XGBoosterCreate(matrices, 2, &booster), 0);
    assert_int_equal(booster_set(booster, &values, it->classes, 1, NULL), BH_OK);
    for (int round = 0; round < TRAIN_ROUNDS; round++) {
        assert_int_equal(XGBoosterUpdateOneIter(booster, round, matrices[0]), 0);
        assert_int_equal(XGBoosterEvalOneIter(booster, round, matrices, names, 2, &text), 0);
    }
    double metric = booster_metric(text, "valid", parameters_choice(&values, PARAMETER_METRIC));
    XGBoosterFree(booster);
    XGDMatrixFree(matrices[0]);
    XGDMatrixFree(matrices[1]);
    return metric;
}

static void a_model_is_as_good_as_that_of_a_plain_loop(void **state)
{
    (void)state;
    static const train_case cases[] = {{.name = "binary", .classes = 2, .every = 4},
                                       {.name = "several classes", .classes = 4, .every = 4},
                                       {.name = "a number", .every = 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        train_case it = cases[i];
        char *folder = new_folder();
        curve_point points[TRAIN_ROUNDS];
        size_t count;
        it.folder = folder;
        expect_refused(&it, BH_OK, "");
        assert_int_equal(curve_read(folder, 0, points, TRAIN_ROUNDS, &count, NULL), BH_OK);
        assert_int_equal(count, TRAIN_ROUNDS);
        double plain = plain_loop(&it);
        if (fabs(points[count - 1].valid - plain) > 1e-8 * fabs(plain))
            fail_msg("%s: %.9g, a plain loop gives %.9g", it.name, points[count - 1].valid, plain);
        drop_folder(folder);
    }
}

/* Two at a time on threads of one program: each gives what it gives alone. */
static void *train_on_thread(void *of)
{
    table_error error = {.text = ""};
    return train_part(of, &error) ? NULL : of;
}

static void trainings_on_threads_do_not_disturb_each_other(void **state)
{
    (void)state;
    char *folders[4] = {new_folder(), new_folder(), new_folder(), new_folder()};
    train_case it[4];
    pthread_t threads[2];
    void *well;
    for (int i = 0; i < 4; i++) {
        it[i] = (train_case){.name = "thread",
                             .classes = i % 2 ? 4 : 2,
                             .every = 4 + i % 2,
                             .folder = folders[i],
                             .set = {{PARAMETER_SUBSAMPLE, 0.6}, {PARAMETER_COLSAMPLE, 0.5}}};
        if (i < 2)
            assert_int_equal(pthread_create(&threads[i], NULL, train_on_thread, &it[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], &well), 0);
        assert_non_null(well);
    }
    for (int i = 2; i < 4; i++) {
        assert_non_null(train_on_thread(&it[i]));
        assert_true(same_model(folders[i], folders[i - 2], TRAINER_MODEL));
    }
    for (int i = 0; i < 4; i++)
        drop_folder(folders[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_parameter_has_a_name_a_range_and_help),
        cmocka_unit_test(values_are_read_and_checked),
        cmocka_unit_test(values_must_fit_each_other_and_the_data),
        cmocka_unit_test(drawing_begins_anew_as_often_as_it_is_worth_it),
        cmocka_unit_test(a_curve_is_read_up_to_its_last_whole_line),
        cmocka_unit_test(a_run_is_not_trained_twice_at_once),
        cmocka_unit_test(a_checkpoint_of_something_else_is_refused),
        cmocka_unit_test(a_training_tells_how_far_it_is_and_what_came_of_it),
        cmocka_unit_test(a_model_is_as_good_as_that_of_a_plain_loop),
        cmocka_unit_test(trainings_on_threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
