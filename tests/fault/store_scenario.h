/* A project's life in steps, each of which is one transaction: for tests that make it fail at every point. */
#ifndef TEST_STORE_SCENARIO_H
#define TEST_STORE_SCENARIO_H

#include "unit/project.h"

#define TRY(call)           \
    do {                    \
        bh_status t = call; \
        if (t)              \
            return t;       \
    } while (0)

static bh_status add_data(store *s)
{
    store_data_set row = {.name = "spam", .file = "data/spam.csv", .bytes = 1000};
    return store_add_data_set(s, &row, NULL);
}

static bh_status add_fetches(store *s)
{
    TRY(store_begin(s));
    bh_status status = BH_OK;
    for (int i = 0; i < 40 && !status; i++) {
        char url[64];
        snprintf(url, sizeof url, "http://localhost/files/%d.csv", i);
        store_fetch row = {.url = url, .name = url + 17, .expected_hash = "sha256:0123456789abcdef"};
        status = store_add_fetch(s, &row, NULL);
    }
    if (!status)
        return store_commit(s);
    store_rollback(s);
    return status;
}

static bh_status add_run(store *s)
{
    store_run row = {.name = "a", .kind = "train", .parameters = "{\"eta\":0.3}", .data_set = 1, .rounds = 50};
    return store_add_run(s, &row, NULL);
}

static bh_status start_fetch(store *s)
{
    return store_start_fetch(s, 7);
}

static bh_status start_run(store *s)
{
    return store_start_run(s, 1);
}

static bh_status count_rounds(store *s)
{
    TRY(store_run_round(s, 1, 20, 18, "{\"auc\":0.87}"));
    TRY(store_fetch_bytes(s, 7, 1000, 4000));
    return store_flush(s);
}

static bh_status finish_run(store *s)
{
    store_run_result result = {.metrics = "{\"auc\":0.9}", .model = "runs/1/model.json", .importance = "{}"};
    return store_finish_run(s, 1, STORE_RUN_DONE, &result);
}

static bh_status note(store *s)
{
    char *text = sqlite3_mprintf("%.*c", 20000, 'n'); /* more than a page */
    bh_status status = text ? store_set_run_notes(s, 1, text) : BH_ERROR_MEMORY;
    sqlite3_free(text);
    return status;
}

static bh_status open_data(store *s)
{
    return store_begin_opening(s, 1);
}

static bh_status setting(store *s)
{
    return store_set_setting(s, "window", "100 200");
}

static bh_status event(store *s)
{
    return store_add_event(s, BH_LOG_INFO, STORE_RUNS, 1, "done");
}

static bh_status remove_fetch(store *s)
{
    return store_remove_fetch(s, 3);
}

static bh_status (*const steps[])(store *) = {add_data,   add_fetches, add_run,   start_fetch, start_run, count_rounds,
                                              finish_run, note,        open_data, setting,     event,     remove_fetch};
enum { STEPS = sizeof steps / sizeof steps[0] };

/* expected[i]: what the database holds after i steps. */
static char *expected[STEPS + 1];

static inline void expect_steps(void)
{
    store *s = open_project(NULL);
    expected[0] = dump();
    for (int i = 0; i < STEPS; i++) {
        assert_int_equal(steps[i](s), BH_OK);
        expected[i + 1] = dump();
        assert_string_not_equal(expected[i + 1], expected[i]);
    }
    assert_int_equal(store_close(s), BH_OK);
    remove_project();
}

static inline void forget_steps(void)
{
    for (int i = 0; i <= STEPS; i++)
        free(expected[i]);
}

#endif
