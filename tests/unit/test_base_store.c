/* The store: what is put in comes out, after each way of closing, and what cannot be is refused with a sentence. */
#include "project.h"

static int64_t add_data(store *s, const char *name, const char *file)
{
    int64_t id = -1;
    store_data_set row = {.name = name, .file = file, .source = "http://x/y", .hash = "sha256:1234", .bytes = 77};
    assert_int_equal(store_add_data_set(s, &row, &id), BH_OK);
    assert_true(id > 0);
    return id;
}

static int64_t add_run(store *s, const char *name, int64_t data_set, const char *parameters)
{
    int64_t id = -1;
    store_run row = {.name = name, .kind = "train", .parameters = parameters, .data_set = data_set, .rounds = 100};
    assert_int_equal(store_add_run(s, &row, &id), BH_OK);
    assert_true(id > 0);
    return id;
}

static store_run *get_run(store *s, int64_t id)
{
    store_run *run = NULL;
    assert_int_equal(store_get_run(s, id, &run), BH_OK);
    assert_int_equal(run->id, id);
    return run;
}

static void test_makes_a_project(void **state)
{
    (void)state;
    store_opened opened;
    store *s = open_project(&opened);
    assert_true(opened.created && !opened.crashed && !opened.damaged);
    assert_string_equal(opened.sentence, "");
    assert_string_equal(store_folder(s), project);
    assert_int_equal(access(in_project("data"), F_OK), 0);
    assert_int_equal(access(in_project("runs"), F_OK), 0);
    assert_int_equal(store_close(s), BH_OK);
    s = open_project(&opened);
    assert_true(!opened.created && !opened.crashed);
    assert_int_equal(store_close(s), BH_OK);
    assert_silent();
}

static void test_data_sets(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    int64_t b = add_data(s, "beta", "data/b.csv"), a = add_data(s, "Alpha", "/else/where/ä.csv");
    assert_int_equal(store_begin_opening(s, b), BH_OK);
    assert_int_equal(store_end_opening(s, b, 10, 3, "{\"columns\":[]}"), BH_OK);
    assert_int_equal(store_suspect_data_set(s, a, "the worker crashed"), BH_OK);
    assert_int_equal(store_close(s), BH_OK);

    s = open_project(NULL);
    store_data_set *rows;
    size_t count;
    assert_int_equal(store_list_data_sets(s, &rows, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, a);
    assert_string_equal(rows[0].file, "/else/where/ä.csv");
    assert_string_equal(rows[0].suspect, "the worker crashed");
    assert_string_equal(rows[0].facts, "");
    assert_int_equal(rows[0].row_count, -1);
    assert_string_equal(rows[1].name, "beta");
    assert_string_equal(rows[1].options, "{}");
    assert_string_equal(rows[1].facts, "{\"columns\":[]}");
    assert_int_equal(rows[1].row_count, 10);
    assert_int_equal(rows[1].column_count, 3);
    assert_int_equal(rows[1].bytes, 77);
    assert_false(rows[1].opening);
    assert_true(rows[1].added > INT64_C(1500000000000) && rows[1].changed >= rows[1].added);
    store_free(rows);

    assert_int_equal(store_set_data_set_options(s, b, "{\"header\":true}"), BH_OK);
    assert_int_equal(store_rename_data_set(s, b, "gamma"), BH_OK);
    store_data_set *row;
    assert_int_equal(store_get_data_set(s, b, &row), BH_OK);
    assert_string_equal(row->name, "gamma");
    assert_string_equal(row->facts, "");
    assert_int_equal(row->row_count, -1);
    store_free(row);
    assert_int_equal(store_remove_data_set(s, b), BH_OK);
    assert_refused(store_get_data_set(s, b, &row), BH_ERROR_NAME, "there is no data set");
    assert_null(row);
    assert_int_equal(store_close(s), BH_OK);
}

static void test_data_set_refusals(void **state)
{
    (void)state;
    int64_t id = 5;
    store *s = open_project(NULL);
    add_data(s, "a", "data/a");
    store_data_set same = {.name = "b", .file = "data/a"}, none = {.name = "", .file = "x"};
    store_data_set bad = {.name = "b", .file = "data/b", .options = "{nonsense"},
                   list = {.name = "b", .file = "data/b", .options = "[]"};
    assert_refused(store_add_data_set(s, &same, &id), BH_ERROR_EXISTS, "data_sets.file");
    assert_int_equal(id, 0);
    assert_refused(store_add_data_set(s, &none, &id), BH_ERROR_NULL, "name and a file");
    assert_refused(store_add_data_set(s, NULL, NULL), BH_ERROR_NULL, "name and a file");
    assert_refused(store_add_data_set(s, &bad, NULL), BH_ERROR_FORMAT, "options");
    assert_refused(store_add_data_set(s, &list, NULL), BH_ERROR_FORMAT, "options");
    assert_refused(store_add_data_set(NULL, &bad, NULL), BH_ERROR_NULL, "store_open");
    assert_refused(store_end_opening(s, 1, 1, 1, "}"), BH_ERROR_FORMAT, "facts");
    assert_refused(store_rename_data_set(s, 99, "x"), BH_ERROR_NAME, "no data set 99");
    size_t count = 9;
    assert_refused(store_list_data_sets(s, NULL, &count), BH_ERROR_NULL, "rows or count");
    assert_int_equal(count, 0);
    assert_int_equal(store_close(s), BH_OK);
}

static void test_fetches(void **state)
{
    (void)state;
    int64_t id, other;
    store *s = open_project(NULL);
    store_fetch row = {.url = "https://a/b.csv", .name = "b.csv", .expected_hash = "sha256:ab", .manifest = "m.json"};
    assert_int_equal(store_add_fetch(s, &row, &id), BH_OK);
    assert_int_equal(store_add_fetch(s, &row, &other), BH_OK);
    assert_int_equal(store_start_fetch(s, id), BH_OK);
    assert_int_equal(store_fetch_bytes(s, id, 500, 1000), BH_OK);
    assert_refused(store_set_fetch_url(s, id, "x"), BH_ERROR_STATE, "fetch 1 is running");
    assert_refused(store_remove_fetch(s, id), BH_ERROR_STATE, "fetch 1 is running");
    assert_refused(store_finish_fetch(s, id, STORE_FETCH_QUEUED, NULL, 0), BH_ERROR_RANGE, "queued");
    assert_refused(store_finish_fetch(s, id, STORE_FETCH_DONE, NULL, 77), BH_ERROR_NAME, "refers to a row");
    assert_int_equal(store_finish_fetch(s, id, STORE_FETCH_FAILED, "HTTP 403", 0), BH_OK);
    assert_int_equal(store_set_fetch_url(s, id, "https://new/b.csv"), BH_OK);
    assert_int_equal(store_requeue_fetch(s, id), BH_OK);
    assert_int_equal(store_start_fetch(s, id), BH_OK);
    int64_t data = add_data(s, "b", "data/b.csv");
    assert_int_equal(store_finish_fetch(s, id, STORE_FETCH_DONE, NULL, data), BH_OK);
    assert_refused(store_requeue_fetch(s, id), BH_ERROR_STATE, "fetch 1 is done");
    assert_int_equal(store_finish_fetch(s, other, STORE_FETCH_CANCELLED, NULL, 0), BH_OK);

    store_fetch *rows;
    size_t count;
    assert_int_equal(store_list_fetches(s, &rows, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].url, "https://new/b.csv");
    assert_int_equal(rows[0].state, STORE_FETCH_DONE);
    assert_int_equal(rows[0].attempts, 2);
    assert_int_equal(rows[0].bytes_done, 500);
    assert_int_equal(rows[0].bytes_total, 1000);
    assert_int_equal(rows[0].data_set, data);
    assert_true(rows[0].ended >= rows[0].started && rows[0].started > 0);
    assert_int_equal(rows[1].state, STORE_FETCH_CANCELLED);
    assert_int_equal(rows[1].bytes_total, -1);
    store_free(rows);
    assert_int_equal(store_remove_data_set(s, data), BH_OK);
    store_fetch *one;
    assert_int_equal(store_get_fetch(s, id, &one), BH_OK);
    assert_int_equal(one->data_set, 0);
    store_free(one);
    assert_int_equal(store_remove_fetch(s, id), BH_OK);
    assert_string_equal(store_fetch_state_name(STORE_FETCH_CANCELLED), "cancelled");
    assert_string_equal(store_fetch_state_name(17), "?");
    assert_int_equal(store_close(s), BH_OK);
}

static void test_runs(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    int64_t data = add_data(s, "d", "data/d.csv"), id = add_run(s, "first", data, "{\"eta\":0.3}");
    char *folder, *text;
    size_t size;
    assert_int_equal(store_run_folder(s, id, &folder), BH_OK);
    assert_string_equal(folder, in_project("runs/1"));
    store_free(folder);
    text = read_file(in_project("runs/1/run.json"), &size);
    assert_non_null(text);
    assert_non_null(strstr(text, "\"parameters\":{\"eta\":0.3}"));
    assert_non_null(strstr(text, "\"data_file\":\"data/d.csv\""));
    free(text);

    assert_int_equal(store_start_run(s, id), BH_OK);
    assert_refused(store_start_run(s, id), BH_ERROR_STATE, "run 1 is running");
    assert_int_equal(store_run_round(s, id, 7, 5, "{\"auc\":0.9}"), BH_OK);
    assert_int_equal(store_run_round(s, id, 8, 5, NULL), BH_OK);
    store_run_result result = {.importance = "[1]", .model = "runs/1/model.json", .error = NULL};
    assert_int_equal(store_finish_run(s, id, STORE_RUN_STOPPED, &result), BH_OK);
    assert_int_equal(store_run_round(s, id, 99, 99, NULL), BH_OK);
    assert_int_equal(store_flush(s), BH_OK);
    store_run *run = get_run(s, id);
    assert_int_equal(run->state, STORE_RUN_STOPPED);
    assert_int_equal(run->round, 8);
    assert_int_equal(run->best_round, 5);
    assert_string_equal(run->metrics, "{\"auc\":0.9}");
    assert_string_equal(run->data_hash, "sha256:1234");
    assert_string_equal(run->model, "runs/1/model.json");
    store_free(run);
    text = read_file(in_project("runs/1/run.json"), &size);
    assert_non_null(strstr(text, "\"state\":\"stopped\""));
    free(text);

    assert_int_equal(store_requeue_run(s, id), BH_OK);
    assert_int_equal(store_start_run(s, id), BH_OK);
    assert_refused(store_remove_run(s, id), BH_ERROR_STATE, "running");
    assert_int_equal(store_finish_run(s, id, STORE_RUN_DONE, NULL), BH_OK);
    assert_refused(store_requeue_run(s, id), BH_ERROR_STATE, "done");
    assert_int_equal(store_set_run_notes(s, id, "a note"), BH_OK);
    assert_int_equal(store_set_run_name(s, id, "renamed"), BH_OK);
    run = get_run(s, id);
    assert_string_equal(run->notes, "a note");
    assert_string_equal(run->name, "renamed");
    assert_int_equal(run->round, 8);
    store_free(run);
    assert_int_equal(store_remove_run(s, id), BH_OK);
    assert_int_equal(access(in_project("runs/1"), F_OK), -1);
    assert_int_equal(add_run(s, "next", 0, NULL), id + 1);
    assert_int_equal(store_close(s), BH_OK);
}

static void test_run_refusals(void **state)
{
    (void)state;
    int64_t id = 3;
    store *s = open_project(NULL);
    store_run list = {.kind = "train", .parameters = "[1]"}, mode = {.kind = "train", .mode = 9},
              data = {.kind = "train", .data_set = 4};
    assert_refused(store_add_run(s, &list, &id), BH_ERROR_FORMAT, "parameters");
    assert_int_equal(id, 0);
    assert_refused(store_add_run(s, &mode, NULL), BH_ERROR_RANGE, "mode 9");
    assert_refused(store_add_run(s, &data, NULL), BH_ERROR_NAME, "refers to a row");
    assert_refused(store_add_run(s, NULL, NULL), BH_ERROR_NULL, "NULL");
    assert_int_equal(access(in_project("runs/1"), F_OK), -1);
    assert_refused(store_finish_run(s, 1, STORE_RUN_INTERRUPTED, NULL), BH_ERROR_RANGE, "interrupted");
    assert_refused(store_finish_run(s, 1, STORE_RUN_DONE, NULL), BH_ERROR_NAME, "no run 1");
    char *folder;
    assert_refused(store_run_folder(NULL, 1, &folder), BH_ERROR_NULL, "store");
    assert_null(folder);
    /* Metrics that are no JSON are given up, and keep nothing else from the disk */
    int64_t one = add_run(s, "a", 0, NULL), two = add_run(s, "b", 0, NULL);
    assert_int_equal(store_start_run(s, one), BH_OK);
    assert_int_equal(store_start_run(s, two), BH_OK);
    assert_int_equal(store_run_round(s, one, 3, -1, "{"), BH_OK);
    assert_int_equal(store_run_round(s, two, 4, -1, "{}"), BH_OK);
    forget_heard();
    assert_int_equal(store_flush(s), BH_OK);
    assert_heard(BH_ERROR_FORMAT, "metrics");
    store_run *run = get_run(s, two);
    assert_int_equal(run->round, 4);
    store_free(run);
    assert_int_equal(store_close(s), BH_OK);
}

/* The ids of the rows that a query gives, as a text. */
static const char *listed(store *s, store_run_query query)
{
    static char text[128];
    store_run *rows;
    size_t count;
    text[0] = 0;
    assert_int_equal(store_list_runs(s, &query, &rows, &count), BH_OK);
    for (size_t i = 0; i < count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d", i ? " " : "", (int)rows[i].id);
    store_free(rows);
    return text;
}

#define QUERY(...) ((store_run_query){.size = sizeof(store_run_query), __VA_ARGS__})

static void test_run_query(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    int64_t data = add_data(s, "d", "data/d");
    add_run(s, "b", data, "{\"eta\":0.3,\"max depth\":10}");
    add_run(s, "A", 0, "{\"eta\":0.05}");
    add_run(s, "c", data, "{\"max depth\":9}");
    const char *metrics[] = {"{\"auc\":0.5}", NULL, "{\"auc\":0.75}"};
    for (int64_t id = 1; id <= 3; id++) {
        store_run_result result = {.metrics = metrics[id - 1]};
        assert_int_equal(store_start_run(s, id), BH_OK);
        assert_int_equal(store_finish_run(s, id, id == 2 ? STORE_RUN_KILLED : STORE_RUN_DONE, &result), BH_OK);
    }
    assert_int_equal(store_set_run_notes(s, 3, "the Best one"), BH_OK);
    assert_string_equal(listed(s, QUERY(0)), "1 2 3");
    assert_string_equal(listed(s, QUERY(.descending = true)), "3 2 1");
    assert_string_equal(listed(s, QUERY(.sort = "name")), "2 1 3");
    assert_string_equal(listed(s, QUERY(.sort = "metric:auc")), "1 3 2");
    assert_string_equal(listed(s, QUERY(.sort = "metric:auc", .descending = true)), "3 1 2");
    assert_string_equal(listed(s, QUERY(.sort = "parameter:eta")), "2 1 3");
    assert_string_equal(listed(s, QUERY(.sort = "parameter:max depth")), "3 1 2");
    assert_string_equal(listed(s, QUERY(.data_set = data)), "1 3");
    assert_string_equal(listed(s, QUERY(.states = 1u << STORE_RUN_KILLED)), "2");
    assert_string_equal(listed(s, QUERY(.states = 1u << STORE_RUN_QUEUED)), "");
    assert_string_equal(listed(s, QUERY(.text = "best")), "3");
    assert_string_equal(listed(s, QUERY(.text = "%")), "");
    assert_string_equal(listed(s, QUERY(.limit = 1, .offset = 1)), "2");
    store_run *rows;
    size_t count;
    assert_refused(store_list_runs(s, &QUERY(.sort = "id; DROP TABLE runs"), &rows, &count), BH_ERROR_NAME, "cannot be sorted");
    assert_refused(store_list_runs(s, &QUERY(.sort = "metric:\")x"), &rows, &count), BH_ERROR_NAME, "cannot be sorted");
    assert_refused(store_list_runs(s, &QUERY(.limit = -1), &rows, &count), BH_ERROR_RANGE, "negative");
    assert_refused(store_list_runs(s, &(store_run_query){0}, &rows, &count), BH_ERROR_RANGE, "STORE_RUN_QUERY_INIT");
    assert_int_equal(store_close(s), BH_OK);
}

static void test_settings_and_events(void **state)
{
    (void)state;
    char *value;
    store *s = open_project(NULL);
    assert_int_equal(store_get_setting(s, "window", &value), BH_OK);
    assert_null(value);
    assert_int_equal(store_set_setting(s, "window", "1,2"), BH_OK);
    assert_int_equal(store_set_setting(s, "window", "ünï"), BH_OK);
    assert_int_equal(store_set_setting(s, "empty", ""), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    s = open_project(NULL);
    assert_int_equal(store_get_setting(s, "window", &value), BH_OK);
    assert_string_equal(value, "ünï");
    store_free(value);
    assert_int_equal(store_get_setting(s, "empty", &value), BH_OK);
    assert_string_equal(value, "");
    store_free(value);
    assert_int_equal(store_set_setting(s, "window", NULL), BH_OK);
    assert_int_equal(store_get_setting(s, "window", &value), BH_OK);
    assert_null(value);
    assert_refused(store_set_setting(s, "", "x"), BH_ERROR_NULL, "name is empty");

    for (int i = 0; i < 5; i++)
        assert_int_equal(store_add_event(s, BH_LOG_INFO, STORE_RUNS, i, "happened"), BH_OK);
    store_event *events;
    size_t count;
    assert_int_equal(store_list_events(s, 0, 2, &events, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_int_equal(events[1].row, 4);
    assert_int_equal(events[1].table, STORE_RUNS);
    assert_int_equal(events[1].level, BH_LOG_INFO);
    int64_t after = events[0].id;
    store_free(events);
    assert_int_equal(store_list_events(s, after, 0, &events, &count), BH_OK);
    assert_int_equal(count, 1);
    store_free(events);
    assert_refused(store_add_event(s, BH_LOG_INFO, 9, 1, "x"), BH_ERROR_RANGE, "table 9");
    assert_int_equal(store_close(s), BH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_makes_a_project, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_data_sets, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_data_set_refusals, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_fetches, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_runs, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_run_refusals, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_run_query, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_settings_and_events, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
