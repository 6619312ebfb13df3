/* The pages of runs on a real project: the form, the page of a run through its life, the comparison, what is exported. */
#include "workbench.h"

#include "window/compare_inner.h"
#include "window/export.h"
#include "window/export_write.h"
#include "window/new_run.h"
#include "window/new_run_grid.h"
#include "window/predict.h"
#include "window/run_page.h"

#include <math.h>
#include <sqlite3.h>

enum { MANY = 10000 };

static const char *const short_run = "{\"rounds\": 30, \"max_depth\": 3, \"target\": \"kind\", \"nthread\": 1}";
static const char *const long_run = "{\"rounds\": 4000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";

static int64_t add_data(int rows)
{
    int64_t data = bench_data(bench_table("table.csv", rows));
    assert_int_equal(
        project_set_data_options(bench.project, data, "{\"target\": \"kind\", \"validation\": 0.25, \"split_seed\": 3}"), BH_OK);
    BENCH_UNTIL(strstr(project_data_set(bench.project, data)->options, "kind"));
    return data;
}

static void assert_text(bh_object *root, const char *name, const char *part)
{
    char *text = NULL;
    bh_object *found = bh_find(root, name, NULL);
    assert_non_null(found);
    assert_int_equal(bh_get_string(found, "text", &text), BH_OK);
    if (!strstr(text, part))
        fail_msg("%s says '%s', not '%s'", name, text, part);
    bh_free(text);
}

static bool says(bh_object *root, const char *name, const char *part)
{
    char *text = NULL;
    bh_get_string(bh_find(root, name, NULL), "text", &text);
    bool found = text && strstr(text, part);
    bh_free(text);
    return found;
}

static void set_text(bh_object *root, const char *name, const char *text)
{
    assert_int_equal(bh_set_string(bh_find(root, name, NULL), "text", text), BH_OK);
}

static void click(bh_object *root, const char *name)
{
    assert_int_equal(bh_call(bh_find(root, name, NULL), "click"), BH_OK);
}

static bool shown(bh_object *root, const char *name)
{
    bool visible = false;
    bh_get_bool(bh_find(root, name, NULL), "visible", &visible);
    return visible;
}

static size_t runs(void)
{
    size_t count;
    project_runs(bench.project, &count);
    return count;
}

/* --- the form */

static void lists_of_values_are_read(void **state)
{
    (void)state;
    grid_values values;
    grid_read(PARAMETER_ETA, "0.1, 0.3;0.5", &values);
    assert_int_equal(values.count, 3);
    assert_true(values.list[2] == 0.5);
    grid_read(PARAMETER_MAX_DEPTH, "3..6", &values);
    assert_int_equal(values.count, 4);
    assert_true(values.list[0] == 3 && values.list[3] == 6);
    grid_read(PARAMETER_MAX_DEPTH, " 2, 4 .. 5 ,9,", &values);
    assert_int_equal(values.count, 4);
    grid_read(PARAMETER_ETA, "", &values);
    assert_true(values.count == 1 && values.list[0] == parameters[PARAMETER_ETA].fallback);
    static const struct {
        parameter_id id;
        const char *text, *wrong;
    } mistakes[] = {
        {PARAMETER_ETA, "2", "at most 1"},          {PARAMETER_ETA, "0", "above 0"},
        {PARAMETER_ETA, "0.1 0.2", "commas"},       {PARAMETER_MAX_DEPTH, "3.5", "whole"},
        {PARAMETER_MAX_DEPTH, "6..3", "range"},     {PARAMETER_MAX_DEPTH, "3..", "no end"},
        {PARAMETER_MAX_DEPTH, "many", "no number"}, {PARAMETER_ROUNDS, "1..1000", "fewer"},
        {PARAMETER_ETA, "nan", "no number"},        {PARAMETER_METRIC, "speed", "no such choice"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        grid_read(mistakes[i].id, mistakes[i].text, &values);
        assert_int_equal(values.count, 0);
        if (!strstr(values.wrong, mistakes[i].wrong))
            fail_msg("'%s': '%s', not '%s'", mistakes[i].text, values.wrong, mistakes[i].wrong);
    }
}

static void a_form_starts_a_grid(void **state)
{
    (void)state;
    int64_t data = add_data(300);
    bh_object *window = bh_create("QWidget", NULL);
    new_run_open(window, bench.project, data);
    bh_object *form = bh_find(window, "new-run", "QDialog");
    assert_text(form, "new-run-target", "Target: kind");
    assert_text(form, "new-run-start", "&Start Run");
    assert_text(form, "new-run-validation", "0.25");
    set_text(form, "new-run-eta", "7");
    assert_text(form, "new-run-eta-note", "at most 1");
    click(form, "new-run-start");
    assert_int_equal(runs(), 0);
    set_text(form, "new-run-eta", "0.1, 0.3, 0.5");
    set_text(form, "new-run-max_depth", "2..5");
    set_text(form, "new-run-rounds", "5");
    assert_text(form, "new-run-eta-note", "3 values");
    assert_text(form, "new-run-start", "&Start 12 Runs");
    set_text(form, "new-run-seed", "1..20");
    assert_text(form, "new-run-says", "240 runs are too many");
    set_text(form, "new-run-seed", "0");
    set_text(form, "new-run-name", "grid");
    click(form, "new-run-start");
    BENCH_UNTIL(runs() == 12);
    BENCH_UNTIL(!bh_is_alive(form));
    size_t count;
    const store_run *const *rows = project_runs(bench.project, &count);
    assert_string_equal(rows[0]->name, "grid: eta 0.1, max_depth 2");
    assert_string_equal(rows[11]->name, "grid: eta 0.5, max_depth 5");
    assert_non_null(strstr(rows[11]->parameters, "\"split_seed\":3"));
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    bench_finish();
    new_run_open(window, bench.project, data); /* remembers */
    form = bh_find(window, "new-run", "QDialog");
    assert_text(form, "new-run-eta", "0.1, 0.3, 0.5");
    bh_destroy(window);
}

/* --- the page of a run */

static void a_page_follows_its_run(void **state)
{
    (void)state;
    int64_t data = add_data(2000);
    bh_object *page = run_page_create(bench.project, NULL), *chart = bh_find(page, "run-chart", NULL);
    bh_call(page, "show");
    assert_true(shown(page, "run-empty"));
    int64_t run = bench_run(data, long_run, STORE_RUN_PROCESS);
    run_page_show(page, run);
    assert_true(run_page_shown(page) == run);
    double x = NAN, y = NAN;
    BENCH_UNTIL((bh_chart_get_nearest(chart, 0, 1e6, &x, &y), x > 30));
    assert_text(page, "run-state", "running");
    assert_true(shown(page, "run-stop") && !shown(page, "run-resume"));
    click(page, "run-stop");
    BENCH_UNTIL(project_run(bench.project, run)->state == STORE_RUN_STOPPED);
    BENCH_UNTIL(shown(page, "run-resume"));
    assert_text(page, "run-state", "stopped");
    assert_text(page, "run-trouble", "Resume");
    assert_true((double)project_run(bench.project, run)->round >= x); /* not what was said a while ago */
    double before = x;
    click(page, "run-resume");
    BENCH_UNTIL((bh_chart_get_nearest(chart, 0, 1e6, &x, &y), x > before + 30));
    click(page, "run-kill");
    BENCH_UNTIL(project_run(bench.project, run)->state == STORE_RUN_KILLED);
    BENCH_UNTIL(shown(page, "run-resume"));
    bh_set_string(bh_find(page, "run-notes", NULL), "plainText", "a \"note\"");
    BENCH_UNTIL(strcmp(project_run(bench.project, run)->notes, "a \"note\"") == 0);
    assert_int_equal(project_remove_run(bench.project, run), BH_OK);
    BENCH_UNTIL(run_page_shown(page) == 0);
    assert_true(shown(page, "run-empty"));
    bh_destroy(page);
}

/* --- the comparison, of more runs than anybody has */

static void none_gone(void *user, compare_entry *entry)
{
    (void)user;
    (void)entry;
    fail_msg("a run has gone");
}

static void assert_order(const compare_rows *rows)
{
    for (int i = 1; i < rows->shown_count; i++) {
        const compare_entry *a = compare_rows_at(rows, i - 1), *b = compare_rows_at(rows, i);
        double left = compare_value(a, project_run(bench.project, a->id), rows->column);
        double right = compare_value(b, project_run(bench.project, b->id), rows->column);
        assert_true(isnan(right) || (rows->descending ? left >= right : left <= right));
    }
}

/* Behind the store's back, which makes a folder for each run and waits for the disk. */
static void add_many(void)
{
    char path[256], text[1024];
    sqlite3 *db;
    bench_close();
    snprintf(path, sizeof path, "%s/project.db", bench.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    snprintf(text, sizeof text,
             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
             "INSERT INTO runs (name, kind, parameters, data_hash, metrics, notes, state, mode, rounds, round, added, changed) "
             "SELECT 'run ' || i, 'train', json_object('rounds', 3, 'eta', 0.0001 + (i * 7919 %% %d) * 0.000099, 'max_depth', "
             "1 + i %% 9, 'target', 'kind'), '', json_object('train', 0.1, 'valid', 0.2 + i * 0.0001, 'metric', 'logloss'), "
             "CASE WHEN i %% 100 = 0 THEN 'hundredth' ELSE '' END, 'done', 'process', 3, 3, 1000 + i, 1000 FROM n",
             MANY - 1, MANY);
    char *problem = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &problem))
        fail_msg("%s", problem);
    sqlite3_close(db);
    bench_open();
    BENCH_UNTIL(runs() == MANY);
}

static void ten_thousand_runs_are_sorted_and_filtered(void **state)
{
    (void)state;
    add_many();
    compare_rows rows = {.project = bench.project, .state = -1};
    double began = bench_seconds();
    assert_false(compare_rows_sync(&rows, MANY, none_gone, NULL).unknown);
    double read = bench_seconds();
    rows.column = (compare_column)(COMPARE_PARAMETER + PARAMETER_ETA);
    compare_rows_arrange(&rows);
    double sorted = bench_seconds();
    print_message("10,000 runs: read %.1f ms, sorted %.1f ms\n", (read - began) * 1000, (sorted - read) * 1000);
    assert_int_equal(rows.shown_count, MANY);
    assert_order(&rows);
    rows.descending = true;
    compare_rows_arrange(&rows);
    assert_order(&rows);
    assert_true(rows.differs[COMPARE_PARAMETER + PARAMETER_ETA]);
    assert_false(rows.differs[COMPARE_PARAMETER + PARAMETER_ROUNDS]);
    assert_true(compare_rows_at(&rows, 0)->best == false);
    assert_true(compare_rows_find(&rows, project_runs(bench.project, &(size_t){0})[0]->id)->best);
    strcpy(rows.filter, "HUNDREDTH");
    compare_rows_arrange(&rows);
    assert_int_equal(rows.shown_count, MANY / 100);
    compare_rows_free(&rows);
    bh_object *page = compare_page_create(bench.project, NULL);
    bh_call(page, "show");
    BENCH_UNTIL(says(page, "compare-says", "10,000 of 10,000 runs"));
    set_text(page, "compare-filter", "run 99");
    assert_text(page, "compare-says", "111 of 10,000 runs");
    bh_destroy(page);
}

static void the_page_shows_what_is_checked(void **state)
{
    (void)state;
    int64_t data = add_data(300), first = bench_run(data, short_run, STORE_RUN_PROCESS);
    bench_finish();
    bh_object *page = compare_page_create(bench.project, NULL);
    bh_call(page, "show");
    double x = NAN, y = NAN;
    BENCH_UNTIL((bh_chart_get_nearest(bh_find(page, "compare-chart", NULL), 0, 1e6, &x, &y), x == 30));
    int64_t second = bench_run(data, "{\"rounds\": 20, \"max_depth\": 2, \"target\": \"kind\"}", STORE_RUN_PROCESS);
    bench_finish();
    BENCH_UNTIL((bh_chart_get_nearest(bh_find(page, "compare-chart", NULL), 1, 1e6, &x, &y), x == 20));
    assert_text(page, "compare-says", "2 of 2 runs");
    assert_text(page, "compare-says", "2 in the chart");
    compare_page_select(page, first);
    assert_int_equal(project_remove_run(bench.project, second), BH_OK);
    BENCH_UNTIL(runs() == 1);
    BENCH_UNTIL(says(page, "compare-says", "1 of 1 runs"));
    assert_text(page, "compare-says", "1 in the chart");
    bh_destroy(page);
}

/* --- files */

static void python(const char *program, const char *path)
{
    char command[2048];
    snprintf(command, sizeof command, "python3 -c '%s' '%s'", program, path);
    assert_int_equal(system(command), 0);
}

static void exports_are_read_back(void **state)
{
    (void)state;
    int64_t data = add_data(300), run = bench_run(data, short_run, STORE_RUN_PROCESS);
    bench_finish();
    project_set_run_notes(bench.project, run, "a \"quoted\", note\nof two lines");
    BENCH_UNTIL(project_run(bench.project, run)->notes[0]);
    export_rows rows = {0};
    char why[EXPORT_REASON] = "", model[512], path[300];
    assert_true(export_rows_add(&rows, project_run(bench.project, run), "table.csv"));
    snprintf(path, sizeof path, "%s", bench_path("runs.csv"));
    assert_true(export_write_csv(&rows, path, why));
    python("import csv, sys; r = list(csv.DictReader(open(sys.argv[1], newline=\"\"))); assert len(r) == 1; r = r[0]; "
           "assert r[\"notes\"] == \"a \\\"quoted\\\", note\\nof two lines\", r; assert r[\"state\"] == \"done\"; "
           "assert r[\"parameter.max_depth\"] == \"3\"; assert 0 < float(r[\"metric.valid\"]) < 1; assert None not in r",
           path);
    snprintf(path, sizeof path, "%s", bench_path("runs.json"));
    assert_true(export_write_json(&rows, path, why));
    python("import json, sys; r = json.load(open(sys.argv[1])); assert len(r) == 1; r = r[0]; "
           "assert r[\"notes\"] == \"a \\\"quoted\\\", note\\nof two lines\"; assert r[\"parameters\"][\"max_depth\"] == 3; "
           "assert r[\"metrics\"][\"metric\"] == \"logloss\"; assert len(r[\"importance\"][\"gain\"]) == 3",
           path);
    assert_true(project_model_path(bench.project, run, model, sizeof model));
    snprintf(path, sizeof path, "%s", bench_path("saved.json"));
    assert_true(export_copy(model, path, why));
    size_t a, b;
    char *left = bench_file(model, &a), *right = bench_file(path, &b);
    assert_true(a == b && a > 1000 && memcmp(left, right, a) == 0);
    free(left);
    free(right);
    assert_false(export_write_csv(&rows, "/nowhere/runs.csv", why));
    assert_non_null(strstr(why, "/nowhere/runs.csv"));
    export_rows_free(&rows);
}

static void a_model_predicts_a_file(void **state)
{
    (void)state;
    int64_t data = add_data(300), run = bench_run(data, short_run, STORE_RUN_PROCESS);
    bench_finish();
    bh_object *window = bh_create("QWidget", NULL);
    predict_open(window, bench.project, run);
    bh_object *form = bh_find(window, "predict", "QDialog");
    set_text(form, "predict-file", "/nowhere.csv");
    assert_text(form, "predict-output", "/nowhere-predictions.csv");
    click(form, "predict-start");
    bool ready = false;
    BENCH_UNTIL((bh_get_bool(bh_find(form, "predict-start", NULL), "enabled", &ready), ready));
    assert_text(form, "predict-says", "nowhere.csv");
    set_text(form, "predict-file", bench_path("table.csv"));
    click(form, "predict-start");
    ready = false;
    BENCH_UNTIL((bh_get_bool(bh_find(form, "predict-start", NULL), "enabled", &ready), ready));
    assert_text(form, "predict-says", "300 rows written to");
    bh_destroy(window);
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_bench, without_bench)
    const struct CMUnitTest all[] = {
        cmocka_unit_test(lists_of_values_are_read),
        TEST(a_form_starts_a_grid),
        TEST(a_page_follows_its_run),
        TEST(ten_thousand_runs_are_sorted_and_filtered),
        TEST(the_page_shows_what_is_checked),
        TEST(exports_are_read_back),
        TEST(a_model_predicts_a_file),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
