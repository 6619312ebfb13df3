/* The main window and its data: empty, fetched, dropped, suspect, chosen, and a million rows that scroll. */
#include "dragging.h"
#include "shell.h"

static int part_count(const char *name)
{
    int count = 0;
    bh_get_int(shell_find(name), "count", &count);
    return count;
}

/* Of the model that a view shows. */
static int part_rows(bh_object *view)
{
    bh_object **children = NULL;
    size_t count = 0;
    int rows = 0;
    bh_children(view, &children, &count);
    for (size_t i = 0; i < count; i++)
        if (strstr(bh_class_name(children[i]), "TableModel"))
            bh_table_model_get_rows(children[i], &rows);
    bh_free(children);
    return rows;
}

static void an_empty_project_says_what_to_do(void **state)
{
    (void)state;
    assert_true(shell_shows("data-empty"));
    assert_true(shell_says("data-empty-text", "Fetch some"));
    assert_false(shell_shows("recovery-banner"));
    assert_false(shell_shows("job-strip"));
    shell_shot("empty");
}

static void addresses_become_data_with_a_target(void **state)
{
    (void)state;
    char url[512];
    size_t count = 0;
    snprintf(url, sizeof url, "file://%s\nnonsense://x", bench_table("table.csv", 300));
    shell_trigger("action-fetch");
    bh_set_string(shell_find("fetch-urls"), "plainText", url);
    BENCH_UNTIL(shell_says("fetch-says", "1 of 1 file"));
    assert_true(shell_says("fetch-mistakes", "nonsense") && !shell_says("fetch-says", "files"));
    if (getenv("BULKHEAD_SHOTS")) {
        char path[512];
        snprintf(path, sizeof path, "%s/fetch.png", getenv("BULKHEAD_SHOTS"));
        bh_app_process_events(100);
        bh_save_picture(shell_find("fetch-dialog"), path);
    }
    shell_click("fetch-start");
    BENCH_UNTIL((project_data_sets(bench.project, &count), count == 1 && shell_says("data-facts", "300 rows")));
    assert_false(shell_has("fetch-dialog"));
    BENCH_UNTIL(part_count("data-target") == 5);
    bh_set_int(shell_find("data-target"), "currentIndex", 4);
    shell_click("data-apply");
    BENCH_UNTIL(strstr(project_data_sets(bench.project, &count)[0]->options, "\"target\":\"kind\"") ||
                strstr(project_data_sets(bench.project, &count)[0]->options, "\"target\": \"kind\""));
    BENCH_UNTIL(!shell_shows("job-strip"));
    shell_shot("data");
}

static void files_and_addresses_are_dropped(void **state)
{
    (void)state;
    char url[512];
    size_t count = 0;
    snprintf(url, sizeof url, "file://%s", bench_table("dropped.csv", 50));
    assert_true(drop_at(400, 300, (const char *const[]){url, NULL}, NULL));
    BENCH_UNTIL((project_data_sets(bench.project, &count), count == 1 && shell_says("data-facts", "50 rows")));
    assert_false(drop_at(400, 300, NULL, "just words"));
    assert_true(drop_at(400, 300, NULL, "https://example.invalid/x.csv"));
    BENCH_UNTIL(shell_says("fetch-says", "1 of 1"));
    bh_call(shell_find("fetch-dialog"), "reject");
    BENCH_UNTIL(!shell_has("fetch-dialog"));
}

/* A file that only its name makes an archive. */
static const char *broken_archive(void)
{
    const char *path = bench_path("broken.zip");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("no archive at all", file);
    fclose(file);
    return path;
}

static void what_cannot_be_added_is_said_above_the_tabs(void **state)
{
    (void)state;
    char url[512];
    int width = 0;
    snprintf(url, sizeof url, "file://%s/there/is/no/such.csv", bench.base);
    assert_true(drop_at(400, 300, (const char *const[]){url, NULL}, NULL));
    BENCH_UNTIL(shell_says("recovery-text", "no/such.csv: there is no such file"));
    assert_true(shell_shows("recovery-banner") && !shell_shows("recovery-resume"));
    shell_shot("not-added");
    assert_int_equal(project_add_file(bench.project, bench.base), BH_OK); /* as the dialogs do */
    BENCH_UNTIL(shell_says("recovery-text", "it is a folder"));
    assert_true(shell_says("recovery-text", "there is no such file"));
    assert_int_equal(project_add_file(bench.project, broken_archive()), BH_OK);
    BENCH_UNTIL(shell_says("recovery-text", "Cannot add broken.zip: "));
    assert_int_equal(project_add_file(bench.project, "/dev/null"), BH_OK);
    BENCH_UNTIL(shell_says("recovery-text", "device"));
    assert_true(shell_says("recovery-text", "1 more before") && !shell_says("recovery-text", "there is no such file"));
    assert_int_equal(bh_get_int(window_object(shell), "width", &width), BH_OK);
    assert_in_range(width, 1, 1200); /* paths do not widen it */
    shell_click("recovery-dismiss");
    BENCH_UNTIL(!shell_shows("recovery-banner"));
    bench_data(bench_table("after.csv", 30));
    assert_false(shell_shows("recovery-banner"));
}

static void a_fetch_that_fails_says_why(void **state)
{
    (void)state;
    size_t count = 0;
    const project_fetch_item item = {.url = "file:///nowhere/at-all.csv"};
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_OK);
    BENCH_UNTIL((project_fetches(bench.project, &count),
                 count == 1 && project_fetches(bench.project, &count)[0]->state == STORE_FETCH_FAILED));
    BENCH_UNTIL(shell_says("job-text", "failed"));
    bh_set_int(shell_find("data-stack"), "currentIndex", 1);
    shell_shot("failed");
    shell_click("job-kill"); /* Dismiss */
    BENCH_UNTIL(!shell_shows("job-strip"));
}

/* Whatever the store holds when the project is opened. */
static void reopen_after(void (*prepare)(store *s))
{
    shell_close();
    bench_close();
    store *s = store_open(bench.folder, NULL, NULL);
    assert_non_null(s);
    prepare(s);
    assert_int_equal(store_close(s), BH_OK);
    bench_open();
    shell_open();
}

static void make_suspect(store *s)
{
    int64_t id;
    const store_data_set row = {.name = "odd.csv", .file = bench_table("odd.csv", 40)};
    assert_int_equal(store_add_data_set(s, &row, &id), BH_OK);
    assert_int_equal(store_suspect_data_set(s, id, "its reader was killed by signal 11"), BH_OK);
}

static void what_is_suspect_is_opened_by_a_person_only(void **state)
{
    (void)state;
    size_t count;
    reopen_after(make_suspect);
    BENCH_UNTIL(shell_shows("data-open"));
    assert_true(shell_says("data-notice-text", "signal 11"));
    assert_true(project_data_sets(bench.project, &count)[0]->row_count < 0);
    shell_shot("suspect");
    shell_click("data-open");
    BENCH_UNTIL(shell_says("data-facts", "40 rows"));
    assert_false(shell_shows("data-notice"));
}

static void bad_rows_are_shown_with_their_lines(void **state)
{
    (void)state;
    char *path = bench_table("ragged.csv", 60);
    FILE *file = fopen(path, "a");
    fputs("1,2\n1,2,3,4,5,6\n0.5,0.25,0.125,no\n", file);
    fclose(file);
    bench_data(path);
    BENCH_UNTIL(shell_says("data-facts", "61 rows"));
    BENCH_UNTIL(part_rows(shell_find("data-bad")) == 2);
    bh_set_int(shell_find("data-tables"), "currentIndex", 2);
    bh_app_set_color_scheme(BH_COLORS_DARK);
    shell_shot("bad");
    bh_app_set_color_scheme(BH_COLORS_LIGHT);
}

/* --- a million rows */

static double latest, worst;

static void tick(void *user)
{
    double now = bench_seconds();
    (void)user;
    if (latest > 0 && now - latest > worst)
        worst = now - latest;
    latest = now;
}

static void a_million_rows_scroll(void **state)
{
    (void)state;
    enum { ROWS = 1000000, STEPS = 40 };
    bench_data(bench_table("million.csv", ROWS));
    BENCH_UNTIL(shell_says("data-facts", "1,000,000 rows"));
    bh_object *view = shell_find("data-rows");
    bh_set_int(shell_find("data-tables"), "currentIndex", 1);
    BENCH_UNTIL(part_rows(view) == ROWS);
    bh_object *bar = NULL;
    bh_object **bars = NULL;
    size_t count = 0;
    bh_find_all(view, NULL, "QScrollBar", &bars, &count);
    for (size_t i = 0; i < count; i++) {
        int maximum = 0;
        bh_get_int(bars[i], "maximum", &maximum);
        bar = maximum > 1000 ? bars[i] : bar;
    }
    bh_free(bars);
    assert_non_null(bar);
    bh_timer *timer = bh_timer_start(1, BH_TIMER_PRECISE, NULL, tick, NULL);
    for (int i = 1; i <= STEPS; i++) {
        bh_set_int(bar, "value", (int)((int64_t)(ROWS - 100) * i / STEPS));
        bh_app_process_events(20);
    }
    bh_timer_stop(timer);
    print_message("worst stall while scrolling: %.1f ms\n", worst * 1000);
    assert_true(worst < 0.5); /* 16 ms on a machine that does nothing else */
    shell_shot("million");
}

static int tests(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(an_empty_project_says_what_to_do, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(addresses_become_data_with_a_target, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(files_and_addresses_are_dropped, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(what_cannot_be_added_is_said_above_the_tabs, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_fetch_that_fails_says_why, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(what_is_suspect_is_opened_by_a_person_only, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(bad_rows_are_shown_with_their_lines, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_million_rows_scroll, with_shell, without_shell),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
