/* What the window shows after something that a person did: the run that was just started, on the scale that was chosen. */
#include "shell.h"

#include "window/inner.h"
#include "window/new_run.h"
#include "window/run_page.h"

#include <math.h>

static int64_t add_data(void)
{
    int64_t data = bench_data(bench_table("table.csv", 300));
    assert_int_equal(project_set_data_options(bench.project, data, "{\"target\": \"kind\"}"), BH_OK);
    BENCH_UNTIL(strstr(project_data_set(bench.project, data)->options, "kind"));
    return data;
}

static void fill(const char *name, const char *text)
{
    assert_int_equal(bh_set_string(shell_find(name), "text", text), BH_OK);
}

static int tab(void)
{
    return part_int(shell_find("tabs"), "currentIndex", -1);
}

/* What the tree has selected, as it says it. */
static char *selected_name(void)
{
    static char text[128];
    selected what = tree_selected(shell->tree);
    const store_run *run = what.table == STORE_RUNS && what.id ? project_run(bench.project, what.id) : NULL;
    snprintf(text, sizeof text, "%s", run ? run->name : "");
    return text;
}

static void start(int64_t data, const char *name, const char *eta)
{
    new_run_open(window_object(shell), bench.project, data);
    fill("new-run-name", name);
    fill("new-run-rounds", "20");
    fill("new-run-eta", eta);
    shell_click("new-run-start");
}

static void a_run_that_is_started_is_shown(void **state)
{
    (void)state;
    int64_t data = add_data();
    window_show_data(shell, data);
    assert_int_equal(tab(), TAB_DATA);
    start(data, "first", "0.3");
    BENCH_UNTIL(strcmp(selected_name(), "first") == 0);
    assert_int_equal(tab(), TAB_RUN);
    assert_true(shell_says("run-title", "first"));
    bench_finish();
    start(data, "grid", "0.1, 0.5");
    BENCH_UNTIL(strcmp(selected_name(), "grid: eta 0.1") == 0);
    assert_int_equal(tab(), TAB_RUN);
    assert_true(shell_says("run-title", "grid: eta 0.1"));
    bench_finish();
    shell_shot("started");
}

/* What others add, the demo for one, does not take the page from a person. */
static void a_run_that_is_added_is_not(void **state)
{
    (void)state;
    int64_t data = add_data();
    window_show_data(shell, data);
    bench_run(data, "{\"rounds\": 5, \"target\": \"kind\", \"nthread\": 1}", STORE_RUN_PROCESS);
    bench_finish();
    bh_app_process_events(100);
    assert_int_equal(tab(), TAB_DATA);
    assert_true(tree_selected(shell->tree).table == STORE_DATA_SETS);
}

/* --- the scale */

static bool is(const char *name, const char *property)
{
    bool value = false;
    assert_int_equal(bh_get_bool(shell_find(name), property, &value), BH_OK);
    return value;
}

static double lowest(const char *chart)
{
    double low = NAN;
    bh_app_process_events(30); /* it is laid out when it is painted */
    assert_int_equal(bh_chart_get_view(shell_find(chart), NULL, NULL, &low, NULL), BH_OK);
    return low;
}

static int64_t show_done_run(const char *parameters)
{
    int64_t run = bench_run(add_data(), parameters, STORE_RUN_PROCESS);
    double x = NAN, y;
    bench_finish();
    window_show_run(shell, run);
    BENCH_UNTIL((bh_chart_get_nearest(shell_find("run-chart"), 0, 1e6, &x, &y), x == 60));
    forget_heard(); /* there was no curve at first */
    return run;
}

static void one_switch_is_as_good_as_the_other(void **state)
{
    (void)state;
    show_done_run("{\"rounds\": 60, \"target\": \"kind\", \"nthread\": 1}");
    double linear = lowest("run-chart");
    assert_true(is("run-log", "enabled") && !is("run-log", "checked"));
    shell_click("run-log");
    assert_true(is("action-log", "checked") && is("compare-log", "checked"));
    assert_true(lowest("run-chart") > linear);
    shell_shot("log-scale");
    shell_trigger("action-compare");
    BENCH_UNTIL(lowest("compare-chart") > 0);
    shell_shot("log-scale-compare");
    double logarithmic = lowest("compare-chart");
    shell_click("compare-log");
    assert_true(lowest("compare-chart") < logarithmic);
    assert_false(is("action-log", "checked") || is("run-log", "checked"));
    shell_trigger("action-run");
    assert_true(lowest("run-chart") == linear);
    shell_trigger("action-log");
    assert_true(is("run-log", "checked") && lowest("run-chart") > linear);
}

/* A curve that reaches 0 would end there. */
static void values_of_zero_have_no_logarithm(void **state)
{
    (void)state;
    show_done_run("{\"rounds\": 60, \"target\": \"kind\", \"nthread\": 1, \"eval_metric\": \"error\"}");
    double linear = lowest("run-chart");
    assert_false(is("run-log", "enabled"));
    shell_trigger("action-log");
    assert_true(is("run-log", "checked") && lowest("run-chart") == linear);
    shell_shot("log-scale-zero");
}

static void the_scale_is_remembered(void **state)
{
    (void)state;
    settings read;
    setenv("XDG_CONFIG_HOME", bench.base, 1);
    shell_options.quit_when_idle = false;
    shell_start_again();
    shell_trigger("action-log");
    assert_int_equal(settings_write(&shell_settings), BH_OK);
    settings_read(&read);
    assert_true(read.log_scale);
    shell_settings = read;
    shell_start_again();
    assert_true(is("action-log", "checked") && is("run-log", "checked") && is("compare-log", "checked"));
}

/* --- names */

static void names_of_a_grid_keep_what_they_differ_in(void **state)
{
    (void)state;
    static const struct {
        const char *name, *shorter;
    } cases[] = {
        {"run", "run"},
        {"first: eta 0.1, max_depth 3", "fi\xE2\x80\xA6: eta 0.1, max_depth 3"},
        {"a rather long name: eta 0.1", "a rather long n\xE2\x80\xA6: eta 0.1"},
        {"a: b: eta 0.05, max_depth 13", "\xE2\x80\xA6"
                                         "eta 0.05, max_depth 13"},
        {"a long name: eta 0.05, max_depth 3, seed 4", "a long name: 0.05, 3, 4"},
        {"first: eta 0.05, max_depth 13, subsample 0.25", "first: 0.05, 13, 0.25"},
        {"a longer name: objective multi-class, eta 0.05", "a lon\xE2\x80\xA6: multi-class, 0.05"},
        {"a name: which somebody has given it, and more", "a name: which so\xE2\x80\xA6"
                                                          "and more"},
        {"x: eta 0.05, max_depth 13,subsample 0.25, y", "x: eta 0.05, max\xE2\x80\xA6 0.25, y"},
        {"\xC3\xA4\xC3\xB6\xC3\xBC-\xC3\xA4\xC3\xB6\xC3\xBC-\xC3\xA4\xC3\xB6\xC3\xBC: eta 0.1, gamma 0.25",
         "\xC3\xA4\xC3\xB6\xC3\xBC\xE2\x80\xA6: eta 0.1, gamma 0.25"},
    };
    char text[200];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(text_short_run(cases[i].name, 25, text, sizeof text), cases[i].shorter);
}

static void add_grid_of(int64_t data, const char *prefix)
{
    char names[8][80];
    store_run runs[8] = {{0}};
    static const char *const parameters = "{\"rounds\": 2, \"target\": \"kind\"}";
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "%s: eta 0.%s, max_depth %d", prefix, i & 1 ? "05" : "3", 3 + i / 2);
        runs[i] = (store_run){.name = names[i], .parameters = parameters, .data_set = data};
    }
    assert_int_equal(project_add_runs(bench.project, runs, 8), BH_OK);
}

/* Whether the tree shows what is selected with PART at its end. */
static bool tree_says(const char *part)
{
    char *text = NULL;
    bh_tree_item *item = NULL;
    bh_tree_widget_get_current(shell_find("project-tree"), &item);
    assert_int_equal(bh_tree_item_get_text(item, 0, &text), BH_OK);
    bool found = strlen(text) >= strlen(part) && strcmp(text + strlen(text) - strlen(part), part) == 0;
    bh_free(text);
    return found;
}

static void make_tree(int width)
{
    assert_int_equal(bh_splitter_set_sizes(shell_find("splitter"), (const int[]){width, 1280 - width}, 2), BH_OK);
}

static void names_of_a_grid_follow_the_width(void **state)
{
    (void)state;
    size_t count;
    add_grid_of(add_data(), "house prices");
    BENCH_UNTIL((project_runs(bench.project, &count), count == 8));
    bench_finish();
    window_show_run(shell, project_runs(bench.project, &count)[7]->id);
    bh_set_size(window_object(shell), "size", BH_SIZE(900, 600));
    BENCH_UNTIL(tree_says("eta 0.05, max_depth 6") && !tree_says("house prices: eta 0.05, max_depth 6"));
    shell_shot("grid-900");
    bh_set_size(window_object(shell), "size", BH_SIZE(1280, 800));
    make_tree(500);
    BENCH_UNTIL(tree_says("house prices: eta 0.05, max_depth 6"));
    make_tree(200);
    BENCH_UNTIL(tree_says("0.05, 6"));
    shell_shot("grid-narrow");
    make_tree(300);
    BENCH_UNTIL(tree_says("eta 0.05, max_depth 6") && !tree_says("house prices: eta 0.05, max_depth 6"));
    shell_shot("grid-1280");
}

static void long_names_take_nothing_from_the_tree(void **state)
{
    (void)state;
    int wide = 0;
    bench_data(bench_table("measurements-of-the-third-station-which-nobody-has-looked-at-yet-2026.csv", 20));
    size_t count;
    window_show_data(shell, project_data_sets(bench.project, &count)[0]->id);
    assert_int_equal(bh_set_size(window_object(shell), "size", BH_SIZE(900, 600)), BH_OK);
    bh_app_process_events(100);
    assert_int_equal(bh_get_int(shell_find("project-tree"), "width", &wide), BH_OK);
    assert_in_range(wide, 280, 320);
    assert_true(shell_says("data-title", "measurements") && shell_says("data-title", "\xE2\x80\xA6"));
    bh_set_size(window_object(shell), "size", BH_SIZE(1900, 900));
    BENCH_UNTIL(shell_says("data-title", "measurements-of-the-third-station-which-nobody-has-looked-at-yet-2026.csv"));
}

/* --- the status line */

static void mark_status(void)
{
    assert_int_equal(bh_set_string(shell_find("status-cpu"), "text", "as it was"), BH_OK);
}

static void process_for(double seconds)
{
    for (double until = bench_seconds() + seconds; bench_seconds() < until;)
        bh_app_process_events(50);
}

static void the_status_line_rests_where_nobody_sees_it(void **state)
{
    (void)state;
    int64_t data = add_data();
    mark_status();
    BENCH_UNTIL(shell_says("status-cpu", "CPU"));
    assert_true(shell_says("status-latency", "Latency ") && shell_says("status-memory", " MB"));
    bh_call(window_object(shell), "hide");
    process_for(2.5); /* it looks once more */
    mark_status();
    process_for(1.5);
    assert_false(shell_says("status-cpu", "CPU"));
    bench_run(data, "{\"rounds\": 20, \"target\": \"kind\", \"nthread\": 1}", STORE_RUN_PROCESS);
    BENCH_UNTIL(shell_says("status-cpu", "CPU")); /* something runs */
    bench_finish();
    mark_status();
    bh_call(window_object(shell), "show");
    BENCH_UNTIL(shell_says("status-cpu", "CPU"));
}

static int tests(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(a_run_that_is_started_is_shown, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_run_that_is_added_is_not, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(one_switch_is_as_good_as_the_other, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(values_of_zero_have_no_logarithm, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(the_scale_is_remembered, with_shell, without_shell),
        cmocka_unit_test(names_of_a_grid_keep_what_they_differ_in),
        cmocka_unit_test_setup_teardown(names_of_a_grid_follow_the_width, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(long_names_take_nothing_from_the_tree, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(the_status_line_rests_where_nobody_sees_it, with_shell, without_shell),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
