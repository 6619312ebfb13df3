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

/* Nothing is drawn: what XGBoost keeps between rounds changes nothing, and each round can be gone on from. */
static const train_case undrawn[] = {
    {.name = "categories, nothing drawn", .classes = 2, .categories = true, .every = 1, .stops = {13}},
    {.name = "sparse, nothing drawn", .classes = 4, .sparse = true, .every = 1, .kills = true, .stops = {9, 6}},
    {.name = "two threads, nothing drawn", .every = 1, .threads = 2, .stops = {7}},
    {.name = "exact, drawn", .classes = 4, .every = 1, .stops = {7}, .set = {SUBSAMPLED, {PARAMETER_TREE_METHOD, TREE_EXACT}}},
    {.name = "early stopping, nothing drawn", .classes = 2, .every = 1, .stops = {5}, .set = {{PARAMETER_EARLY_STOPPING, 3}}},
    {.name = "stopped by the clock", .classes = 2, .kills = true, .tick = 0.3, .stops = {12, 5}},
    {.name = "stopped between two checkpoints", .classes = 4, .tick = 0.001, .stops = {5, 9}},
};

static void undrawn_runs_go_on_from_any_round(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof undrawn / sizeof undrawn[0]; i++)
        resume(&undrawn[i]);
}

static int round_on_disk(const char *folder)
{
    checkpoint state;
    bool found = false;
    assert_int_equal(checkpoint_read(&state, folder, &found, NULL), BH_OK);
    assert_true(found);
    int round = state.round;
    checkpoint_clear(&state);
    return round;
}

/* A clock that goes on whenever a run looks at it, three times a round at least: however long a round takes by it, not more than ten seconds
 * are lost, or the round that they end in; and where all takes a moment, nothing is written. */
static void a_death_costs_ten_seconds_at_most(void **state)
{
    (void)state;
    static const struct {
        double tick;
        int least, most; /* rounds that are kept, of 20 */
    } speeds[] = {{0.3, 8, 19}, {1, 16, 19}, {20, 19, 20}, {0.001, 0, 0}};
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        train_case it = {.name = "lost", .classes = 2, .kills = true, .stop = 20, .tick = speeds[i].tick};
        char *folder = new_folder();
        it.folder = folder;
        assert_true(WIFSIGNALED(train_apart(&it)));
        int kept = round_on_disk(folder);
        if (kept < speeds[i].least || kept > speeds[i].most)
            fail_msg("a look takes %g s: %d of 20 rounds are kept", it.tick, kept);
        drop_folder(folder);
    }
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
        cmocka_unit_test(undrawn_runs_go_on_from_any_round),
        cmocka_unit_test(a_death_costs_ten_seconds_at_most),
        cmocka_unit_test(other_seeds_give_other_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
