/* Trainings on data of packages: what is learnt is as good as it should be, from the file to the metrics. */
#include "unit/train.h"

#include "jobs/trainer/train_file.h"

typedef struct real_case {
    const char *file, *target, *objective, *metric;
    int64_t rows;
    double most; /* of the metric on the rows that were held back */
} real_case;

static const real_case cases[] = {
    {"breast_cancer.csv", "#31", "binary", "error", 569, 0.08},
    {"iris.csv", "#5", "multi-class", "merror", 150, 0.12},
    {"heart_scale", "label", "binary", "error", 270, 0.3},
    {"fair.csv", "affairs", "regression", "rmse", 6366, 2.3},
};

static bh_message_view opened(bh_message *message)
{
    bh_message_view view;
    assert_int_equal(bh_message_complete(message, &view), BH_OK);
    return view;
}

static bh_message *request_for(const real_case *it, const char *run)
{
    const char *folder = getenv("BULKHEAD_PACKAGE_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "package-data", it->file);
    if (access(path, R_OK) != 0)
        fail_msg("%s is not there: run the test package_data first", path);
    bh_message *message = bh_message_create();
    bh_message_add_string(message, "file", path);
    bh_message_add_string(message, "run", run);
    bh_message_add_string(message, "target", it->target);
    bh_message_add_string(message, "objective", it->objective);
    bh_message_add_double(message, "eta", 0.1);
    bh_message_add_int(message, "max_depth", 4);
    bh_message_add_int(message, "nthread", 1);
    bh_message_add_int(message, "early_stopping_rounds", 10);
    return message;
}

static void real_data_are_learnt(void **state)
{
    (void)state;
    static const trainer_callbacks silent = {NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *folder = new_folder();
        table_error error = {.text = ""};
        bh_message *request = request_for(&cases[i], folder), *result = bh_message_create();
        if (train_file(opened(request), &silent, result, &error))
            fail_msg("%s: %s", cases[i].file, error.text);
        bh_message_view view = opened(result), valid = bh_message_view_find(bh_message_view_find(view, "metrics"), "valid");
        double value = bh_message_get_double(valid, cases[i].metric, 1e9);
        assert_int_equal(bh_message_get_int(view, "rows", 0) + bh_message_get_int(view, "validation_rows", 0), cases[i].rows);
        if (!(value <= cases[i].most))
            fail_msg("%s: %s is %g, expected at most %g", cases[i].file, cases[i].metric, value, cases[i].most);
        bh_message_destroy(request);
        bh_message_destroy(result);
        drop_folder(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(real_data_are_learnt)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
