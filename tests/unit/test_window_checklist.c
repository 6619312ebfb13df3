/* Help > Checklist: the window shows row after row, can be stopped, and its text can be copied. The program that it looks at is this one,
 * which shows it no window. */
#include "shell.h"

static bool has_ended(void)
{
    return shell_says("checklist-stop", "Close");
}

static bool text_has(const char *part)
{
    char *text = NULL;
    assert_int_equal(bh_get_string(shell_find("checklist-text"), "plainText", &text), BH_OK);
    bool found = strstr(text, part) != NULL;
    bh_free(text);
    return found;
}

static void it_shows_row_after_row(void **state)
{
    int most = 0, value = 0;
    (void)state;
    shell_trigger("action-checklist");
    assert_true(shell_shows("checklist"));
    BENCH_UNTIL(shell_says("checklist-says", "Probing row 3 of 16"));
    BENCH_UNTIL(has_ended());
    assert_true(shell_says("checklist-says", "16 rows: 3 pass, 13 fail.")); /* those about what a pool starts */
    assert_int_equal(bh_get_int(shell_find("checklist-bar"), "maximum", &most), BH_OK);
    assert_int_equal(bh_get_int(shell_find("checklist-bar"), "value", &value), BH_OK);
    assert_int_equal(most, 16);
    assert_int_equal(value, 16);
    assert_true(text_has("Golden Checklist\n\npass: if __name__"));
    assert_true(text_has("DON'T\n\nfail: Put splash screens"));
    assert_true(text_has("seen: it ended with code 3 and never called bh_app_create"));
    shell_shot("checklist");
    shell_click("checklist-copy");
    assert_true(shell_shows("checklist"));
    shell_click("checklist-stop");
    BENCH_UNTIL(!shell_has("checklist"));
}

static void it_can_be_stopped(void **state)
{
    (void)state;
    shell_trigger("action-checklist");
    BENCH_UNTIL(shell_says("checklist-says", "Probing row 2 of 16"));
    shell_click("checklist-stop");
    BENCH_UNTIL(has_ended());
    assert_true(shell_says("checklist-says", "Stopped"));
    assert_false(text_has("DON'T"));
    bh_call(shell_find("checklist"), "close");
    BENCH_UNTIL(!shell_has("checklist"));
}

static void a_window_that_goes_takes_it_along(void **state)
{
    (void)state;
    shell_trigger("action-checklist");
    BENCH_UNTIL(shell_says("checklist-says", "Probing row 2 of 16"));
    shell_close();
    bh_app_process_events(100);
    bench_close();
    bench_open();
    shell_open();
    assert_false(shell_has("checklist"));
}

static int tests(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(it_shows_row_after_row, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(it_can_be_stopped, with_shell, without_shell),
        cmocka_unit_test_setup_teardown(a_window_that_goes_takes_it_along, with_shell, without_shell),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    if (getenv("BH_CHECKLIST")) /* it is what is looked at */
        return 3;
    return bench_main(argc, argv, tests);
}
