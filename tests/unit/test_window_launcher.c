/* The setting "Start workers through": what is no launcher is said in the dialog, what starts nothing is said of the run, and trainings
 * through one are stopped, killed and resumed like others. */
#include "shell.h"

static const char *const usual = "{\"rounds\": 40, \"max_depth\": 3, \"subsample\": 0.7, \"target\": \"kind\", \"nthread\": 1}";
static const char *const endless = "{\"rounds\": 50000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";

/* Types WORDS and presses OK. */
static void enter_launcher(const char *words)
{
    bh_object **buttons = NULL;
    size_t count = 0;
    if (!shell_has("settings-dialog"))
        shell_trigger("action-settings");
    BENCH_UNTIL(shell_has("settings-dialog"));
    assert_int_equal(bh_set_string(shell_find("settings-launcher"), "text", words), BH_OK);
    assert_int_equal(bh_find_all(shell_find("settings-dialog"), NULL, "QPushButton", &buttons, &count), BH_OK);
    for (size_t i = 0; i < count; i++) {
        char *text = NULL;
        assert_int_equal(bh_get_string(buttons[i], "text", &text), BH_OK);
        if (strstr(text, "OK"))
            bh_call(buttons[i], "click");
        bh_free(text);
    }
    bh_free(buttons);
    bh_app_process_events(50);
}

static void the_dialog_says_what_is_no_launcher(void **state)
{
    (void)state;
    enter_launcher("no-such-launcher -n1");
    assert_true(shell_says("settings-problem", "there is no program 'no-such-launcher'"));
    enter_launcher("nice 'n");
    assert_true(shell_says("settings-problem", "a quote or a backslash has no end"));
    assert_string_equal(project_launcher(bench.project), "");
    forget_heard(); /* the errors are in the log, too */
    enter_launcher("nice -n 1");
    BENCH_UNTIL(!shell_has("settings-dialog"));
    assert_string_equal(project_launcher(bench.project), "nice -n 1");
    shell_trigger("action-settings");
    BENCH_UNTIL(shell_has("settings-dialog"));
    assert_true(shell_says("settings-launcher", "nice -n 1"));
    enter_launcher("");
    assert_string_equal(project_launcher(bench.project), "");
}

static int64_t begin(int64_t data, const char *parameters)
{
    int64_t run = bench_run(data, parameters, STORE_RUN_PROCESS);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 5);
    return run;
}

static void end(int64_t run, bh_status (*how)(project *self, int64_t job), store_run_state becomes)
{
    assert_int_equal(how(bench.project, project_job_of(bench.project, STORE_RUNS, run)->id), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, becomes);
}

static void go_on(int64_t run)
{
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 5);
}

static void trainings_go_through_it(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 800));
    int64_t here = bench_run(data, usual, STORE_RUN_PROCESS);
    bench_finish();
    char launched[256], words[512];
    snprintf(launched, sizeof launched, "%s", bench_path("launched"));
    snprintf(words, sizeof words, "sh -c 'touch \"$0\"; exec \"$@\"' %s", launched);
    enter_launcher(words);
    int64_t through = bench_run(data, usual, STORE_RUN_PROCESS);
    bench_finish();
    assert_string_equal(project_run(bench.project, through)->error, "");
    assert_int_equal(unlink(launched), 0);
    bench_same_models(through, here);

    int64_t run = begin(data, endless);
    end(run, project_stop, STORE_RUN_STOPPED);
    go_on(run);
    end(run, project_kill, STORE_RUN_KILLED);
    go_on(run);
    end(run, project_stop, STORE_RUN_STOPPED);
}

static void what_starts_nothing_is_why_a_run_failed(void **state)
{
    (void)state;
    int64_t data = bench_data(bench_table("table.csv", 300));
    enter_launcher("sh -c 'echo no machine is free >&2; exit 3'");
    int64_t run = bench_run(data, usual, STORE_RUN_PROCESS);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_FAILED);
    assert_non_null(strstr(project_run(bench.project, run)->error, "ended with code 3; it printed: no machine is free"));
    assert_string_equal(project_run(bench.project, run)->died, "");
    forget_heard();
    assert_int_equal(project_resume_run(bench.project, run), BH_OK); /* it is tried anew */
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_FAILED);
    forget_heard();
    enter_launcher("env");
    assert_int_equal(project_resume_run(bench.project, run), BH_OK);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_DONE);
}

static void it_is_kept_for_the_folder_and_outside_of_it(void **state)
{
    (void)state;
    char moved[sizeof bench.folder];
    assert_int_equal(project_set_launcher(bench.project, "nice -n 2"), BH_OK);
    assert_int_equal(project_set_launcher(bench.project, NULL), BH_ERROR_FORMAT);
    assert_int_equal(project_set_launcher(bench.project, "nice\nnice"), BH_ERROR_FORMAT);
    forget_heard();
    shell_start_again();
    assert_string_equal(project_launcher(bench.project), "nice -n 2");
    assert_string_equal(project_setting(bench.project, "launcher"), "");
    shell_close();
    bench_close();
    snprintf(moved, sizeof moved, "%.80s-moved", bench.folder);
    assert_int_equal(rename(bench.folder, moved), 0);
    memcpy(bench.folder, moved, sizeof moved);
    bench_open();
    shell_open();
    assert_string_equal(project_launcher(bench.project), "");
    assert_int_equal(project_set_launcher(bench.project, "env"), BH_OK);
    assert_int_equal(project_set_launcher(bench.project, ""), BH_OK);
    shell_start_again();
    assert_string_equal(project_launcher(bench.project), "");
}

/* A project that came from somebody else has a command in it, where older programs looked for it. */
static void what_a_project_names_is_not_run(void **state)
{
    (void)state;
    char launched[256], words[512];
    int64_t data = bench_data(bench_table("table.csv", 300));
    snprintf(launched, sizeof launched, "%s", bench_path("launched"));
    snprintf(words, sizeof words, "sh -c 'touch \"$0\"; exec \"$@\"' %s", launched);
    assert_int_equal(project_set_setting(bench.project, "launcher", words), BH_OK);
    shell_start_again();
    assert_string_equal(project_launcher(bench.project), "");
    BENCH_UNTIL(strstr(bench.last_event, "this project has come with a launcher, 'sh -c "));
    bench_run(data, usual, STORE_RUN_PROCESS);
    bench_finish();
    assert_int_not_equal(access(launched, F_OK), 0);
    bench.last_event[0] = 0;
    shell_start_again(); /* it is told once */
    bh_app_process_events(100);
    assert_string_equal(bench.last_event, "");
}

static int with_configuration(void **state)
{
    return with_shell(state) || setenv("XDG_CONFIG_HOME", bench.base, 1);
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_configuration, without_shell)
    const struct CMUnitTest all[] = {
        TEST(the_dialog_says_what_is_no_launcher),     TEST(trainings_go_through_it),
        TEST(what_starts_nothing_is_why_a_run_failed), TEST(it_is_kept_for_the_folder_and_outside_of_it),
        TEST(what_a_project_names_is_not_run),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
