/* The main window and ends: what was interrupted is offered, and closing while work runs asks once. */
#include "shell.h"

static const char *const longer = "{\"rounds\": 100000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";

static int64_t train(void)
{
    int64_t data = bench_data(bench_table("table.csv", 2000));
    int64_t run = bench_run(data, longer, STORE_RUN_PROCESS);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 3);
    return run;
}

/* --- recovery */

static void what_was_interrupted_is_offered(void **state)
{
    (void)state;
    shell_open_interrupted(false);
    BENCH_UNTIL(shell_shows("recovery-banner"));
    assert_true(shell_says("recovery-text", "2 trainings and 1 fetch were interrupted"));
    shell_shot("interrupted");
    shell_click("recovery-resume");
    BENCH_UNTIL(!shell_shows("recovery-banner"));
    bench_finish();
    size_t count;
    assert_int_equal(project_runs(bench.project, &count)[0]->state, STORE_RUN_DONE);
}

static void it_may_be_dismissed(void **state)
{
    (void)state;
    shell_open_interrupted(true);
    BENCH_UNTIL(shell_shows("recovery-banner"));
    assert_true(
        shell_says("recovery-text", " 1 data set was being read when the program ended, and is not opened by itself again."));
    shell_click("recovery-dismiss");
    BENCH_UNTIL(!shell_shows("recovery-banner"));
}

/* --- closing */

static void answer(int button)
{
    BENCH_UNTIL(shell_has("close-question"));
    bh_object **found = NULL;
    size_t count = 0;
    static const char *const texts[] = {"&Wait", "&Stop and Close", "Cancel"};
    bh_find_all(shell_find("close-question"), NULL, "QPushButton", &found, &count);
    for (size_t i = 0; i < count; i++) {
        char *text = NULL;
        bh_get_string(found[i], "text", &text);
        bool wanted = strcmp(text, texts[button]) == 0 || (button == 2 && strstr(text, "ancel"));
        bh_free(text);
        if (wanted)
            bh_call(found[i], "click");
    }
    bh_free(found);
}

static bool is_open(void)
{
    return bh_is_alive(window_object(shell)) && shell_shows("central");
}

static size_t lines_of_strip(void)
{
    bh_object **lines = NULL;
    size_t count = 0;
    bh_find_all(window_object(shell), "job", NULL, &lines, &count);
    bh_free(lines);
    return count;
}

static void a_strip_of_many_jobs_scrolls(void **state)
{
    (void)state;
    enum { RUNS = 6 };
    size_t count = 0;
    int64_t data = bench_data(bench_table(
        "a table with a name that is much longer than any tree or strip or title has room for, as they come.csv", 2000));
    store_run runs[RUNS];
    for (int i = 0; i < RUNS; i++)
        runs[i] = (store_run){.name = "a run whose name tells all of its parameters: depth 6, eta 0.05, subsample 0.7, seed 42",
                              .parameters = longer,
                              .data_set = data};
    assert_int_equal(project_add_runs(bench.project, runs, RUNS), BH_OK);
    BENCH_UNTIL((project_jobs(bench.project, &count), count == RUNS));
    BENCH_UNTIL(lines_of_strip() == RUNS);
    int height = 0;
    bh_get_int(shell_find("job-strip"), "height", &height);
    assert_true(height < 160);
    bh_set_size(window_object(shell), "size", BH_SIZE(900, 600));
    bh_app_set_color_scheme(BH_COLORS_DARK);
    bh_app_process_events(300);
    shell_shot("small-dark");
    bh_app_set_color_scheme(BH_COLORS_LIGHT);
    project_stop_all(bench.project);
    bench_finish();
    BENCH_UNTIL(!shell_shows("job-strip"));
}

/* Lines are widgets: one for what runs, some for what waits, and the rest is a number. What fails has its line all the same. */
static void a_strip_of_very_many_jobs_names_some(void **state)
{
    (void)state;
    enum { RUNS = 40, WAITING_LINES = 12 };
    size_t count = 0;
    int64_t data = bench_data(bench_table("table.csv", 500));
    store_run runs[RUNS];
    for (int i = 0; i < RUNS; i++)
        runs[i] = (store_run){.name = "run", .parameters = longer, .data_set = data};
    assert_int_equal(project_add_runs(bench.project, runs, RUNS), BH_OK);
    BENCH_UNTIL((project_jobs(bench.project, &count), count == RUNS));
    BENCH_UNTIL(lines_of_strip() == 1 + WAITING_LINES);
    BENCH_UNTIL(shell_says("job-more", "and 27 more that wait"));
    bh_app_process_events(300);
    assert_int_equal(lines_of_strip(), 1 + WAITING_LINES);
    shell_shot("strip-many");
    project_fetch_item items[6];
    for (int i = 0; i < 6; i++)
        items[i] = (project_fetch_item){"file:///there/is/none.csv", NULL, NULL, NULL, 0};
    assert_int_equal(project_add_fetches(bench.project, items, 6), BH_OK);
    BENCH_UNTIL((project_fetches(bench.project, &count), count == 6));
    BENCH_UNTIL(project_fetches(bench.project, &count)[5]->state == STORE_FETCH_FAILED);
    BENCH_UNTIL(lines_of_strip() == 1 + WAITING_LINES + 6);
    project_stop_all(bench.project);
    bench_finish();
    BENCH_UNTIL(lines_of_strip() == 6);
    forget_heard();
}

static void cancel_goes_on(void **state)
{
    (void)state;
    int64_t run = train();
    shell_shot("busy");
    shell_trigger("action-quit");
    shell_trigger("action-quit"); /* it asks once */
    answer(2);
    BENCH_UNTIL(!shell_has("close-question"));
    assert_true(is_open());
    assert_non_null(project_job_of(bench.project, STORE_RUNS, run));
    project_kill(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id);
    bench_finish();
}

static void wait_closes_when_all_is_done(void **state)
{
    (void)state;
    int64_t run = train();
    shell_trigger("action-quit");
    answer(0);
    BENCH_UNTIL(shell_shows("recovery-banner"));
    assert_true(shell_says("recovery-text", "closes when all work is done"));
    assert_true(is_open());
    project_kill(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id);
    BENCH_UNTIL(!is_open());
    forget_heard(); /* pages may have asked for curves of a project that is being closed */
}

static void stop_and_close_keeps_a_checkpoint(void **state)
{
    (void)state;
    int64_t run = train();
    double began = bench_seconds();
    shell_trigger("action-quit");
    answer(1);
    BENCH_UNTIL(!is_open());
    forget_heard(); /* pages may have asked for curves of a project that is being closed */
    assert_true(bench_seconds() - began < 10);
    BENCH_UNTIL(project_run(bench.project, run)->state != STORE_RUN_RUNNING);
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_STOPPED);
}

static int tests(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(what_was_interrupted_is_offered, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(it_may_be_dismissed, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_strip_of_many_jobs_scrolls, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_strip_of_very_many_jobs_names_some, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(cancel_goes_on, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(wait_closes_when_all_is_done, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(stop_and_close_keeps_a_checkpoint, with_shell, without_shell),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
