/* A project without a window: files, runs in both modes, stop, kill, resume, and opening it again. */
#include "workbench.h"

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

static const char *const longer =
    "{\"rounds\": 4000, \"max_depth\": 6, \"subsample\": 0.7, \"target\": \"kind\", \"nthread\": 1}";

/* Until it trains, and has done some rounds. */
static int64_t begin_long(int64_t data, store_run_mode mode)
{
    int64_t run = bench_run(data, longer, mode);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 30);
    return run;
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
    assert_true(bench_seconds() - before < 1);
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_KILLED);
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    bench_finish();
    bench_same_models(run, whole);
}

static void what_waits_can_be_taken_back(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 500));
    int64_t first = begin_long(data, STORE_RUN_PROCESS), second = bench_run(data, longer, STORE_RUN_PROCESS);
    const project_job *waiting = project_job_of(bench.project, STORE_RUNS, second);
    assert_int_equal(waiting->state, PROJECT_WAITING);
    assert_int_equal(project_stop(bench.project, waiting->id), BH_OK);
    BENCH_UNTIL(project_run(bench.project, second)->state == STORE_RUN_STOPPED);
    assert_int_equal(project_stop_all(bench.project), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, first)->state, STORE_RUN_STOPPED);
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

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_bench, without_bench)
    const struct CMUnitTest all[] = {
        TEST(a_file_is_added_and_looked_at),
        TEST(both_modes_train_the_same),
        TEST(what_is_stopped_or_killed_goes_on_to_the_same_model),
        TEST(what_waits_can_be_taken_back),
        TEST(what_was_closed_while_it_ran_goes_on_at_the_next_opening),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
