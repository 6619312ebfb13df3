/* A project without a window: files, runs in both modes, stop, kill, resume, and opening it again. */
#include "workbench.h"

#include "jobs/trainer/curve.h"

static const char *const usual = "{\"rounds\": 40, \"max_depth\": 3, \"subsample\": 0.7, \"target\": \"kind\", \"nthread\": 1}";

static void a_file_is_added_and_looked_at(void **state)
{
    (void)state;
    int64_t id = bench_data(bench_table("table.csv", 300));
    const store_data_set *data = project_data_set(bench.project, id);
    assert_int_equal(data->row_count, 300);
    assert_int_equal(data->column_count, 4);
    assert_non_null(strstr(data->facts, "\"columns\""));
    assert_string_equal(data->name, "table.csv");
}

static void both_modes_train_the_same(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 500));
    int64_t apart = bench_run(data, usual, STORE_RUN_PROCESS), here = bench_run(data, usual, STORE_RUN_THREAD);
    bench_finish();
    const store_run *run = project_run(bench.project, apart);
    assert_string_equal(run->error, "");
    assert_int_equal(run->state, STORE_RUN_DONE);
    assert_int_equal(run->round, 40);
    assert_non_null(strstr(run->metrics, "\"valid\""));
    assert_non_null(strstr(run->importance, "\"gain\""));
    assert_int_equal(project_run(bench.project, here)->state, STORE_RUN_DONE);
    bench_same_models(apart, here);
}

static const char *const longer = "{\"rounds\": 800, \"max_depth\": 6, \"subsample\": 0.7, \"target\": \"kind\", \"nthread\": 1}";

/* Until it trains, and has done some rounds. */
/* Nothing but a stop ends it before the test does. */
static const char *const endless = "{\"rounds\": 50000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";

static int64_t begin(int64_t data, const char *parameters, store_run_mode mode)
{
    int64_t run = bench_run(data, parameters, mode);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 30);
    return run;
}

static int64_t begin_long(int64_t data, store_run_mode mode)
{
    return begin(data, longer, mode);
}

static void stop_and_resume(int64_t data, store_run_mode mode, int64_t whole)
{
    int64_t run = begin_long(data, mode);
    assert_int_equal(project_stop(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_STOPPED);
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_DONE);
    bench_same_models(run, whole);
}

static void what_is_stopped_or_killed_goes_on_to_the_same_model(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 2000));
    int64_t whole = bench_run(data, longer, STORE_RUN_PROCESS);
    bench_finish();
    stop_and_resume(data, STORE_RUN_PROCESS, whole);
    stop_and_resume(data, STORE_RUN_THREAD, whole);

    int64_t run = begin_long(data, STORE_RUN_PROCESS);
    double before = bench_seconds();
    assert_int_equal(project_kill(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id), BH_OK);
    bench_finish();
    assert_true(bench_seconds() - before < 2); /* without being asked first, which is 2 s */
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_KILLED);
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    bench_finish();
    bench_same_models(run, whole);
}

static void what_waits_can_be_taken_back(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 500));
    int64_t first = begin(data, endless, STORE_RUN_PROCESS), second = bench_run(data, longer, STORE_RUN_PROCESS);
    const project_job *waiting = project_job_of(bench.project, STORE_RUNS, second);
    assert_int_equal(waiting->state, PROJECT_WAITING);
    assert_int_equal(project_stop(bench.project, waiting->id), BH_OK);
    BENCH_UNTIL(project_run(bench.project, second)->state == STORE_RUN_STOPPED);
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, first)->state, STORE_RUN_STOPPED);
}

/* The longest that the loop was away while CONDITION came true, in ms. */
#define LONGEST_UNTIL(condition, out)                          \
    do {                                                       \
        double until_ = bench_seconds() + 200;                 \
        *(out) = 0;                                            \
        while (!(condition)) {                                 \
            double before_ = bench_seconds();                  \
            assert_true(before_ < until_);                     \
            bh_app_process_events(0);                          \
            double took_ = (bench_seconds() - before_) * 1000; \
            *(out) = took_ > *(out) ? took_ : *(out);          \
        }                                                      \
    } while (0)

static void thousands_of_runs_are_added_and_stopped_at_once(void **state)
{
    (void)state;
    enum { MANY = 2000 };
    size_t count;
    double longest[2];
    int64_t data = bench_data(bench_table("table.csv", 500));
    store_run *runs = calloc(MANY, sizeof *runs);
    for (int i = 0; i < MANY; i++)
        runs[i] = (store_run){.name = "run", .parameters = endless, .data_set = data};
    double begun = bench_seconds();
    assert_int_equal(project_add_runs(bench.project, runs, MANY), BH_OK);
    double asked = bench_seconds();
    LONGEST_UNTIL((project_runs(bench.project, &count), count == MANY), &longest[0]);
    double added = bench_seconds();
    free(runs);
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    LONGEST_UNTIL((project_jobs(bench.project, &count), count == 0), &longest[1]);
    double stopped = bench_seconds();
    const store_run *const *rows = project_runs(bench.project, &count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rows[i]->state, STORE_RUN_STOPPED);
    print_message("%d runs: asked for in %.0f ms, added in %.2f s, stopped in %.2f s; the loop was away for %.0f and %.0f ms\n",
                  MANY, (asked - begun) * 1000, added - asked, stopped - added, longest[0], longest[1]);
    assert_int_equal(project_resume_run(bench.project, rows[MANY - 1]->id), BH_OK);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, rows[MANY - 1]->id));
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    bench_finish();
}

static void what_was_closed_while_it_ran_goes_on_at_the_next_opening(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 2000));
    int64_t run = begin_long(data, STORE_RUN_PROCESS), waiting = bench_run(data, usual, STORE_RUN_PROCESS);
    bench_close();
    bench_open();
    assert_false(bench.found.crashed);
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_STOPPED);
    assert_int_equal(project_run(bench.project, waiting)->state, STORE_RUN_QUEUED);
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    assert_int_equal(project_resume_all(bench.project), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_DONE);
    assert_int_equal(project_run(bench.project, waiting)->state, STORE_RUN_DONE);
}

static void close_all(void *user)
{
    (void)user;
    assert_int_equal(bh_close_all_windows(0), BH_OK);
}

static void a_window_that_closes_waits_until_all_is_kept(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 2000));
    assert_int_equal(project_set_setting(bench.project, PROJECT_TRAININGS_AT_ONCE, "2"), BH_OK);
    int64_t apart = begin(data, endless, STORE_RUN_PROCESS), here = begin(data, endless, STORE_RUN_THREAD);
    int64_t waiting = bench_run(data, usual, STORE_RUN_PROCESS);
    bh_object *window = bh_create("QWidget", NULL);
    assert_int_equal(project_close_with(bench.project, window, 5000), BH_OK);
    assert_int_equal(project_close_with(bench.project, window, 5000), BH_ERROR_EXISTS);
    bh_call(window, "show");
    bh_timer_single_shot(0, close_all, NULL);
    double begun = bench_seconds();
    assert_int_equal(bh_app_exec(), 0);
    assert_true(bench_seconds() - begun < 5);
    assert_int_equal(project_add_file(bench.project, "/x"), BH_ERROR_CLOSED);
    bh_destroy(window);
    bench_close();
    bench_open();
    assert_false(bench.found.crashed);
    assert_int_equal(project_run(bench.project, apart)->state, STORE_RUN_STOPPED);
    assert_int_equal(project_run(bench.project, here)->state, STORE_RUN_STOPPED);
    assert_int_equal(project_run(bench.project, waiting)->state, STORE_RUN_QUEUED);
    assert_string_equal(project_setting(bench.project, PROJECT_TRAININGS_AT_ONCE), "2");
}

static char predicted_failure[512];
static int64_t predicted_rows = -1, predicted_bad;

static void on_predicted(void *user, const char *failure, int64_t rows, int64_t bad_rows)
{
    (void)user;
    snprintf(predicted_failure, sizeof predicted_failure, "%s", failure ? failure : "");
    predicted_rows = rows;
    predicted_bad = bad_rows;
}

static size_t curve_count;
static double curve_last;

static void on_curve(void *user, int64_t run, const curve_point *points, size_t count)
{
    (void)user;
    assert_true(run > 0);
    curve_count = count;
    curve_last = count ? points[count - 1].valid : -1;
}

static void a_run_that_is_done_has_a_curve_and_predicts(void **state)
{
    (void)state;
    char output[256];
    int64_t data = bench_data(bench_table("table.csv", 500)), run = bench_run(data, usual, STORE_RUN_PROCESS);
    bench_finish();
    assert_int_equal(project_read_curve(bench.project, run, 10, on_curve, NULL), BH_OK);
    BENCH_UNTIL(curve_count > 0);
    assert_int_equal(curve_count, 30);
    assert_true(curve_last > 0 && curve_last < 1);
    snprintf(output, sizeof output, "%s/predictions.csv", bench.base);
    assert_int_equal(project_predict(bench.project, run, bench_path("table.csv"), output, on_predicted, NULL), BH_OK);
    BENCH_UNTIL(predicted_rows >= 0);
    assert_string_equal(predicted_failure, "");
    assert_int_equal(predicted_rows, 500);
    assert_int_equal(predicted_bad, 0);
    assert_int_equal(access(output, F_OK), 0);
    FILE *ragged = fopen(bench_path("ragged.csv"), "w");
    fputs("a,b,c\n0.1,0.2,0.3\n0.1,0.2\n0.4,0.5,0.6\n1,2,3,4,5\n", ragged);
    fclose(ragged);
    predicted_rows = -1;
    assert_int_equal(project_predict(bench.project, run, bench_path("ragged.csv"), output, on_predicted, NULL), BH_OK);
    BENCH_UNTIL(predicted_rows >= 0);
    assert_string_equal(predicted_failure, "");
    assert_int_equal(predicted_rows, 2);
    assert_int_equal(predicted_bad, 2);
    predicted_rows = -1;
    assert_int_equal(project_predict(bench.project, run, "/there/is/none", output, on_predicted, NULL), BH_OK);
    BENCH_UNTIL(predicted_rows >= 0);
    assert_non_null(strstr(predicted_failure, "/there/is/none"));
}

static void runs_that_make_no_sense_are_refused_in_words(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 100));
    static const struct {
        const char *parameters;
        bh_status status;
        const char *part;
    } cases[] = {
        {"{\"rounds\": 0, \"target\": \"kind\"}", BH_ERROR_RANGE, "rounds"},
        {"{\"round\": 5, \"target\": \"kind\"}", BH_ERROR_NAME, "round"},
        {"{\"validation\": 2, \"target\": \"kind\"}", BH_ERROR_RANGE, "validation"},
        {"{\"rounds\": 5}", BH_ERROR_NAME, "target"},
        {"[1]", BH_ERROR_FORMAT, "JSON"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const store_run runs[] = {{.parameters = "{\"target\": \"kind\"}", .data_set = data},
                                  {.parameters = cases[i].parameters, .data_set = data}};
        assert_int_equal(project_add_runs(bench.project, runs, 2), cases[i].status);
        assert_non_null(strstr(bh_last_error(), cases[i].part));
    }
    const store_run nowhere = {.parameters = "{}", .data_set = 99};
    assert_int_equal(project_add_runs(bench.project, &nowhere, 1), BH_ERROR_NAME);
    size_t count;
    project_runs(bench.project, &count);
    assert_int_equal(count, 0);
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_bench, without_bench)
    const struct CMUnitTest all[] = {
        TEST(a_file_is_added_and_looked_at),
        TEST(both_modes_train_the_same),
        TEST(what_is_stopped_or_killed_goes_on_to_the_same_model),
        TEST(what_waits_can_be_taken_back),
        TEST(thousands_of_runs_are_added_and_stopped_at_once),
        TEST(what_was_closed_while_it_ran_goes_on_at_the_next_opening),
        TEST(a_run_that_is_done_has_a_curve_and_predicts),
        TEST(runs_that_make_no_sense_are_refused_in_words),
        TEST(a_window_that_closes_waits_until_all_is_kept),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
