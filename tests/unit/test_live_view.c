/* The live view of the program: what it shows, that it goes on looking, and that all of it can be copied. */
#include "turns.h"

#include "window/live_view.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>

static bh_object *window;

static int setup(void **state)
{
    if (with_app(state) || bh_watchdog_start(NULL))
        return -1;
    window = bh_create("QMainWindow", NULL);
    bh_call(window, "show");
    live_view_open(window);
    return 0;
}

static int teardown(void **state)
{
    bh_destroy(window);
    return without_app(state);
}

/* The one with this name, or NULL. */
static bh_object *part(const char *name, const char *class_name)
{
    bh_object **found = NULL, *one = NULL;
    size_t count = 0;
    if (bh_find_all(window, name, class_name, &found, &count) == BH_OK && count == 1)
        one = found[0];
    bh_free(found);
    return one;
}

/* What is in the clipboard after Copy: good until the next call. */
static const char *copied(void)
{
    static char text[65536];
    char *plain = NULL;
    bh_call(part("live-copy", "QPushButton"), "click");
    bh_object *editor = bh_create("QPlainTextEdit", NULL);
    bh_call(editor, "paste");
    bh_get_string(editor, "plainText", &plain);
    snprintf(text, sizeof text, "%s", plain ? plain : "");
    bh_free(plain);
    bh_destroy(editor);
    return text;
}

static void everything_can_be_copied(void **state)
{
    (void)state;
    const char *text = copied();
    assert_non_null(strstr(text, "Event loop: "));
    assert_non_null(strstr(text, "99 of 100 "));
    assert_non_null(strstr(text, "\nMailbox: "));
    assert_non_null(strstr(text, "\nName\tKind\tState\tDoing\tFor\tId\n"));
    assert_non_null(strstr(text, "\nGUI\tGUI thread\talive\t"));
    assert_non_null(strstr(text, "\nbh-watchdog\tlibrary's thread\talive\t"));
}

static void it_goes_on_looking(void **state)
{
    (void)state;
    assert_null(strstr(copied(), "\nlatecomer\t"));
    side late = start_side("latecomer");
    pump_until(strstr(copied(), "\nlatecomer\tthread\t"));
    stop_side(&late);
    pump_until(!strstr(copied(), "\nlatecomer\t"));
}

static void it_is_opened_once_and_closes(void **state)
{
    (void)state;
    live_view_open(window);
    assert_non_null(part("live-view", "QDialog")); /* one */
    bh_call(part("live-close", "QPushButton"), "click");
    pump_until(!part("live-view", "QDialog"));
    live_view_open(window);
    assert_non_null(part("live-view", "QDialog"));
}

static void parts_have_names_for_screen_readers(void **state)
{
    static const char *const names[] = {"live-loop", "live-mailbox", "live-table"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char *name = NULL;
        assert_int_equal(bh_get_string(part(names[i], "QWidget"), "accessibleName", &name), BH_OK);
        assert_true(name && name[0]);
        bh_free(name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_can_be_copied, setup, teardown),
        cmocka_unit_test_setup_teardown(it_goes_on_looking, setup, teardown),
        cmocka_unit_test_setup_teardown(it_is_opened_once_and_closes, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_have_names_for_screen_readers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
