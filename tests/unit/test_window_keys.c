/* The window without a mouse: Tab reaches every control, letters are not used twice, shortcuts do what menus do; and context menus, which the menu
 * key opens. */
#include "shell.h"

#include "keys.h"

static const char *const endless = "{\"rounds\": 20000, \"max_depth\": 6, \"target\": \"kind\", \"nthread\": 1}";
static const char *const few = "{\"rounds\": 10, \"max_depth\": 2, \"target\": \"kind\", \"nthread\": 1}";

/* Until the window has followed the project, which it does some times a second. */
static void settle(void)
{
    double until = bench_seconds() + 0.15;
    while (bench_seconds() < until)
        bh_app_process_events(10);
}

static void press(int key, int modifiers)
{
    keys_press(key, modifiers, "");
    bh_app_process_events(20);
}

static int64_t add_data(void)
{
    int64_t data = bench_data(bench_table("table.csv", 500));
    assert_int_equal(project_set_data_options(bench.project, data, "{\"target\": \"kind\"}"), BH_OK);
    BENCH_UNTIL(strstr(project_data_set(bench.project, data)->options, "kind"));
    settle();
    return data;
}

static int64_t add_done_run(int64_t data)
{
    int64_t run = bench_run(data, few, STORE_RUN_PROCESS);
    bench_finish();
    assert_int_equal(project_run(bench.project, run)->state, STORE_RUN_DONE);
    settle();
    return run;
}

static int64_t add_failed_fetch(void)
{
    size_t count;
    const project_fetch_item item = {"file:///there/is/none.csv", NULL, NULL, NULL, 0};
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_OK);
    bench_finish();
    settle();
    const store_fetch *const *rows = project_fetches(bench.project, &count);
    assert_int_equal(rows[count - 1]->state, STORE_FETCH_FAILED);
    return rows[count - 1]->id;
}

/* Rows of the tree by keys: Home, and so many times down. */
static void go_to(int row)
{
    assert_true(keys_set_focus("project-tree"));
    press(BH_KEY_HOME, 0);
    for (int i = 0; i < row; i++)
        press(BH_KEY_DOWN, 0);
    settle();
}

static void assert_all_reached(const char *where)
{
    const char *missing = keys_not_reached();
    if (missing[0])
        fail_msg("%s: Tab does not reach %s", where, missing);
}

static void assert_letters_are_unique(const char *where)
{
    const char *shared = keys_shared_mnemonics();
    if (shared[0])
        fail_msg("%s: %s", where, shared);
}

static void tab_reaches_every_control_of_every_page(void **state)
{
    (void)state;
    static const char *const pages[] = {"the page of data", "the page of a run", "the comparison", "the page of fetches"};
    assert_true(keys_activate());
    assert_all_reached("an empty project");
    assert_letters_are_unique("an empty project");
    add_failed_fetch();
    int64_t run = add_done_run(add_data());
    window_show_run(shell, run);
    for (int i = 0; i < 4; i++) {
        if (i < 3)
            press('1' + i, BH_CONTROL);
        else
            go_to(3); /* Data, table.csv, Fetches, none.csv */
        settle();
        assert_all_reached(pages[i]);
        assert_letters_are_unique(pages[i]);
    }
}

static void tab_reaches_every_control_of_every_dialog(void **state)
{
    (void)state;
    static const struct {
        const char *action, *dialog;
    } dialogs[] = {{"action-fetch", "fetch-dialog"},
                   {"action-new-run", "new-run"},
                   {"action-predict", "predict"},
                   {"action-settings", "settings-dialog"},
                   {"action-events", "events"}};
    window_show_run(shell, add_done_run(add_data()));
    settle();
    for (size_t i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++) {
        shell_trigger(dialogs[i].action);
        settle();
        assert_true(shell_has(dialogs[i].dialog));
        assert_true(keys_activate());
        assert_all_reached(dialogs[i].dialog);
        assert_letters_are_unique(dialogs[i].dialog);
        shell_shot_of(dialogs[i].dialog);
        press(BH_KEY_ESCAPE, 0);
        BENCH_UNTIL(!shell_has(dialogs[i].dialog));
        assert_true(keys_activate());
    }
}

static void shortcuts_do_what_menus_do(void **state)
{
    (void)state;
    int64_t run = bench_run(add_data(), endless, STORE_RUN_PROCESS);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->round > 2);
    assert_true(keys_activate());
    go_to(3); /* Data, table.csv, Fetches, Runs, run */
    press(BH_KEY_DOWN, 0);
    settle();
    press('.', BH_CONTROL);
    BENCH_UNTIL(project_run(bench.project, run)->state == STORE_RUN_STOPPED);
    settle();
    press('R', BH_CONTROL | BH_SHIFT);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, run) && project_job_of(bench.project, STORE_RUNS, run)->killable);
    settle();
    press('K', BH_CONTROL | BH_SHIFT);
    BENCH_UNTIL(project_run(bench.project, run)->state == STORE_RUN_KILLED);
    BENCH_UNTIL(!project_job_of(bench.project, STORE_RUNS, run));
    press('R', BH_CONTROL);
    assert_true(shell_has("new-run"));
    assert_true(keys_activate());
    press(BH_KEY_ESCAPE, 0);
    BENCH_UNTIL(!shell_has("new-run"));
    assert_true(keys_activate());
    press('F', BH_ALT);
    assert_non_null(strstr(keys_menu(), "Add File"));
    press(BH_KEY_ESCAPE, 0);
}

static void delete_removes_what_is_selected(void **state)
{
    (void)state;
    size_t count;
    int64_t fetch = add_failed_fetch(), run = add_done_run(add_data());
    assert_true(keys_activate());
    go_to(3);
    press(BH_KEY_DELETE, 0);
    BENCH_UNTIL(!project_fetch(bench.project, fetch));
    settle();
    go_to(4);
    press(BH_KEY_DELETE, 0);
    assert_true(shell_has("remove-question")); /* a model would go: a person is asked */
    assert_true(keys_activate());
    press(BH_KEY_ESCAPE, 0);
    BENCH_UNTIL(!shell_has("remove-question"));
    assert_non_null(project_run(bench.project, run));
    assert_true(keys_activate());
    go_to(4);
    press(BH_KEY_DELETE, 0);
    assert_true(keys_activate());
    press('R', BH_ALT);
    BENCH_UNTIL(!project_run(bench.project, run));
    assert_true(keys_activate());
    go_to(0);
    press(BH_KEY_DELETE, 0); /* a heading is nothing that can be removed */
    go_to(1);
    press(BH_KEY_DELETE, 0);
    BENCH_UNTIL((project_data_sets(bench.project, &count), count == 0));
    assert_int_equal(access(bench_path("table.csv"), F_OK), 0); /* the file is its owner's */
}

static void each_row_has_a_menu(void **state)
{
    (void)state;
    int64_t fetch = add_failed_fetch(), data = add_data(), done = add_done_run(data);
    assert_true(keys_activate());
    go_to(0);
    keys_ask_for_menu();
    assert_string_equal(keys_menu(), "Fetch\xE2\x80\xA6\n");
    press(BH_KEY_ESCAPE, 0);
    go_to(1);
    keys_ask_for_menu();
    assert_string_equal(keys_menu(), "Train on It\xE2\x80\xA6\nInspect Again\n(Stop)\nRemove from Project\n");
    assert_true(keys_choose("Train on It\xE2\x80\xA6"));
    settle();
    assert_true(shell_has("new-run"));
    assert_true(keys_activate());
    press(BH_KEY_ESCAPE, 0);
    BENCH_UNTIL(!shell_has("new-run"));
    assert_true(keys_activate());
    go_to(3);
    keys_ask_for_menu();
    assert_string_equal(keys_menu(), "(Stop)\nRetry\nRemove\n");
    int attempts = (int)project_fetch(bench.project, fetch)->attempts;
    assert_true(keys_choose("Retry"));
    BENCH_UNTIL(project_fetch(bench.project, fetch)->attempts > attempts);
    bench_finish();
    go_to(5);
    keys_ask_for_menu();
    assert_string_equal(keys_menu(),
                        "(Stop)\n(Kill)\n(Resume)\nPredict\xE2\x80\xA6\nSave Model\xE2\x80\xA6\nRemove\xE2\x80\xA6\n");
    press(BH_KEY_ESCAPE, 0);
    int64_t running = bench_run(data, endless, STORE_RUN_PROCESS);
    BENCH_UNTIL(project_job_of(bench.project, STORE_RUNS, running) &&
                project_job_of(bench.project, STORE_RUNS, running)->round > 2);
    settle();
    go_to(6);
    keys_ask_for_menu();
    assert_string_equal(keys_menu(),
                        "Stop\nKill\n(Resume)\n(Predict\xE2\x80\xA6)\n(Save Model\xE2\x80\xA6)\n(Remove\xE2\x80\xA6)\n");
    assert_true(keys_choose("Stop"));
    BENCH_UNTIL(project_run(bench.project, running)->state == STORE_RUN_STOPPED);
    assert_int_equal(project_run(bench.project, done)->state, STORE_RUN_DONE);
}

static int rows_of_events(void)
{
    int rows = 0;
    bh_object **models = NULL;
    size_t count = 0;
    bh_find_all(shell_find("events-table"), NULL, "QAbstractTableModel", &models, &count);
    if (count)
        bh_table_model_get_rows(models[0], &rows);
    bh_free(models);
    return rows;
}

static void what_happened_is_listed_filtered_and_copied(void **state)
{
    (void)state;
    add_failed_fetch();
    project_add_file(bench.project, "/there/is/no/such.csv");
    bench_finish();
    shell_trigger("action-events");
    BENCH_UNTIL(rows_of_events() == 2);
    assert_true(shell_says("events-says", "2 of 2"));
    bh_set_string(shell_find("events-filter"), "text", "SUCH.csv");
    BENCH_UNTIL(rows_of_events() == 1);
    shell_click("events-copy");
    assert_non_null(strstr(keys_clipboard(), "\tProject\tcannot add /there/is/no/such.csv"));
    bh_set_string(shell_find("events-filter"), "text", "fetch");
    shell_click("events-copy");
    assert_non_null(strstr(keys_clipboard(), "none.csv: function 'fetch' failed: ")); /* here it is said who said so */
    bh_set_string(shell_find("events-filter"), "text", "");
    add_failed_fetch(); /* it follows */
    BENCH_UNTIL(rows_of_events() == 3);
    shell_click("events-copy");
    const char *copied = keys_clipboard(), *newest = strstr(copied, "none-2.csv"), *oldest = strstr(copied, "none.csv");
    assert_true(newest && oldest && newest < oldest);
    bh_set_int(shell_find("events-kind"), "currentIndex", 2);
    assert_true(rows_of_events() == 3); /* all of them were errors */
    bh_app_set_color_scheme(BH_COLORS_DARK);
    settle();
    shell_shot_of("events");
    bh_app_set_color_scheme(BH_COLORS_LIGHT);
    shell_click("events-close");
    BENCH_UNTIL(!shell_has("events"));
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_shell, without_shell)
    const struct CMUnitTest all[] = {
        TEST(tab_reaches_every_control_of_every_page),
        TEST(tab_reaches_every_control_of_every_dialog),
        TEST(shortcuts_do_what_menus_do),
        TEST(delete_removes_what_is_selected),
        TEST(each_row_has_a_menu),
        TEST(what_happened_is_listed_filtered_and_copied),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
