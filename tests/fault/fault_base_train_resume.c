/* A run that was stopped, or killed, and resumed gives the same model, byte for byte, as one that was not. */
#include "unit/train.h"

#define SUBSAMPLED               \
    {PARAMETER_SUBSAMPLE, 0.6},  \
    {                            \
        PARAMETER_COLSAMPLE, 0.5 \
    }
#define AUC_METRIC          \
    {                       \
        PARAMETER_METRIC, 3 \
    }

static const train_case cases[] = {
    {.name = "binary", .classes = 2, .every = 5, .stops = {12}},
    {.name = "several classes", .classes = 4, .every = 5, .stops = {3, 13}},
    {.name = "a number", .every = 5, .stops = {7, 9, 8}},
    {.name = "rows drawn", .classes = 2, .every = 5, .stops = {12}, .set = {{PARAMETER_SUBSAMPLE, 0.5}}},
    {.name = "features drawn", .classes = 2, .every = 5, .stops = {12}, .set = {{PARAMETER_COLSAMPLE, 0.4}}},
    {.name = "rows and features drawn", .every = 7, .stops = {4, 12, 6}, .set = {SUBSAMPLED}},
    {.name = "early stopping", .classes = 2, .every = 4, .stops = {3, 5}, .set = {SUBSAMPLED, {PARAMETER_EARLY_STOPPING, 3}}},
    {.name = "early stopping by auc", .classes = 2, .every = 3, .stops = {4}, .set = {{PARAMETER_EARLY_STOPPING, 4}, AUC_METRIC}},
    {.name = "two threads", .classes = 2, .every = 5, .threads = 2, .stops = {11}, .set = {SUBSAMPLED}},
    {.name = "three threads", .classes = 4, .every = 5, .threads = 3, .stops = {11}, .set = {SUBSAMPLED}},
    {.name = "other threads: more",
     .classes = 2,
     .every = 5,
     .threads = 1,
     .resume_threads = 3,
     .stops = {11},
     .set = {SUBSAMPLED}},
    {.name = "other threads: fewer", .every = 5, .threads = 3, .resume_threads = 1, .stops = {6, 8}, .set = {SUBSAMPLED}},
    {.name = "killed", .classes = 2, .every = 5, .kills = true, .stops = {12}, .set = {SUBSAMPLED}},
    {.name = "killed again and again", .classes = 4, .every = 3, .kills = true, .stops = {2, 5, 4, 7}, .set = {SUBSAMPLED}},
    {.name = "killed before the first checkpoint", .every = 20, .kills = true, .stops = {11}, .set = {SUBSAMPLED}},
    {.name = "at a multiple", .classes = 2, .every = 6, .stops = {12}, .set = {SUBSAMPLED}},
    {.name = "every round", .classes = 2, .every = 1, .kills = true, .stops = {9, 1}, .set = {SUBSAMPLED}},
    {.name = "categories", .classes = 2, .categories = true, .every = 5, .stops = {13}, .set = {SUBSAMPLED}},
    {.name = "sparse", .classes = 2, .sparse = true, .every = 5, .stops = {13}, .set = {SUBSAMPLED}, .model = "model.ubj"},
    {.name = "exact", .classes = 2, .every = 5, .stops = {13}, .set = {SUBSAMPLED, {PARAMETER_TREE_METHOD, TREE_EXACT}}},
};
enum { CASES = sizeof cases / sizeof cases[0] };

static void expect_curve(const char *whole, const char *parts, const char *name)
{
    curve_point one[64], other[64];
    size_t count, others;
    assert_int_equal(curve_read(whole, 0, one, 64, &count, NULL), BH_OK);
    assert_int_equal(curve_read(parts, 0, other, 64, &others, NULL), BH_OK);
    assert_int_equal(count, others);
    assert_true(count > 3);
    for (size_t i = 0; i < count; i++)
        if (one[i].round != other[i].round || one[i].train != other[i].train || one[i].valid != other[i].valid)
            fail_msg("%s: the curve differs in round %zu", name, i + 1);
}

static void resume(const train_case *of)
{
    train_case it = *of;
    char *whole = new_folder(), *parts = new_folder();
    it.folder = whole;
    assert_int_equal(train_apart(&it), 0);
    it.folder = parts;
    for (int i = 0; i < 4 && of->stops[i]; i++) {
        it.stop = of->stops[i];
        int how = train_apart(&it);
        if (it.kills ? !WIFSIGNALED(how) : WEXITSTATUS(how) != BH_CANCELLED)
            fail_msg("%s: part %d ended with %d", it.name, i, how);
        it.resume = true;
    }
    it.stop = 0;
    assert_int_equal(train_apart(&it), 0);
    if (!same_model(whole, parts, it.model ? it.model : TRAINER_MODEL))
        fail_msg("%s: the models differ", it.name);
    expect_curve(whole, parts, it.name);
    drop_folder(whole);
    drop_folder(parts);
}

static void twenty_resumed_runs_give_the_same_model(void **state)
{
    (void)state;
    assert_int_equal(CASES, 20);
    for (int i = 0; i < CASES; i++)
        resume(&cases[i]);
}

/* What the test would see if resuming did change something: another seed. */
static void other_seeds_give_other_models(void **state)
{
    (void)state;
    train_case it = {.name = "seed", .classes = 2, .every = 5, .set = {SUBSAMPLED}};
    char *one = new_folder(), *other = new_folder();
    it.folder = one;
    assert_int_equal(train_apart(&it), 0);
    it.folder = other;
    it.set[2].id = PARAMETER_SEED;
    it.set[2].value = 12;
    assert_int_equal(train_apart(&it), 0);
    assert_false(same_model(one, other, TRAINER_MODEL));
    drop_folder(one);
    drop_folder(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_resumed_runs_give_the_same_model),
        cmocka_unit_test(other_seeds_give_other_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
