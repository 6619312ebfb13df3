/* Main windows, menus, the splash screen and dialogs: what is made, and callbacks that run exactly once. */
#include "refused.h"

#include "base/memory.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static bh_object *window;

static int setup(void **state)
{
    (void)state;
    window = bh_create("QMainWindow", NULL);
    forget_heard();
    return window ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    bh_splash_finish(NULL);
    bh_app_process_events(0);
    return bh_is_alive(window) ? bh_destroy(window) : BH_OK;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void process_for(int ms)
{
    double until = now_ms() + ms;
    do {
        bh_app_process_events(1);
        usleep(200);
    } while (now_ms() < until);
}

/* Processes until *COUNT is WANTED, for at most MS. */
static void process_until(const int *count, int wanted, int ms)
{
    double until = now_ms() + ms;
    while (*count != wanted && now_ms() < until)
        process_for(1);
}

static void windows_have_parts(void **state)
{
    (void)state;
    bh_object *first = bh_create("QTextEdit", NULL), *second = bh_create("QLabel", first), *parent;
    assert_int_equal(bh_main_window_set_central_widget(window, first), BH_OK);
    assert_int_equal(bh_main_window_set_central_widget(window, second), BH_OK);
    assert_int_equal(bh_main_window_set_central_widget(window, second), BH_OK);
    bh_call(window, "show");
    process_for(20);
    assert_false(bh_is_alive(first));
    assert_int_equal(bh_parent(second, &parent), BH_OK);
    assert_ptr_equal(parent, window);
    bh_object *bar = bh_main_window_status_bar(window), *menus = bh_main_window_menu_bar(window);
    assert_ptr_equal(bar, bh_main_window_status_bar(window));
    assert_ptr_equal(menus, bh_main_window_menu_bar(window));
    assert_string_equal(bh_class_name(menus), "QMenuBar");
    bh_object *left = bh_create("QLabel", NULL);
    assert_int_equal(bh_status_bar_add_widget(bar, left, false), BH_OK);
    assert_int_equal(bh_status_bar_add_widget(bar, bh_create("QProgressBar", bar), true), BH_OK);
    assert_int_equal(bh_status_bar_add_widget(bar, left, true), BH_OK); /* moves it */
    assert_refused(bh_status_bar_add_widget(bar, window, true), BH_ERROR_STATE, "its own child");
    assert_int_equal(bh_call(bar, "showMessage", "Saved", 2000), BH_OK);
    assert_string_equal(bh_class_name(bh_main_window_add_tool_bar(window, "Main")), "QToolBar");
    bh_object *dock = bh_main_window_add_dock(window, "Log", bh_create("QListWidget", NULL), BH_DOCK_BOTTOM);
    assert_string_equal(bh_class_name(dock), "QDockWidget");
    process_for(20);
    bh_destroy(window);
    assert_false(bh_is_alive(bar) || bh_is_alive(menus) || bh_is_alive(dock) || bh_is_alive(left));
}

static void windows_check_their_arguments(void **state)
{
    (void)state;
    bh_object *label = bh_create("QLabel", window);
    assert_refused(bh_main_window_set_central_widget(window, window), BH_ERROR_STATE, "itself");
    assert_refused(bh_main_window_set_central_widget(label, label), BH_ERROR_CLASS, "QMainWindow");
    assert_refused(bh_main_window_set_central_widget(window, NULL), BH_ERROR_NULL, "widget");
    assert_refused(bh_main_window_set_central_widget(window, bh_main_window_status_bar(window)), BH_ERROR_STATE, "a part of");
    assert_not_made(bh_main_window_add_dock(window, "x", label, 3), BH_ERROR_RANGE, "BH_DOCK_LEFT");
    assert_not_made(bh_main_window_add_dock(window, NULL, label, 1), BH_ERROR_NULL, "title");
    assert_not_made(bh_main_window_add_dock(window, "x", window, 1), BH_ERROR_STATE, "itself");
    assert_not_made(bh_main_window_status_bar(NULL), BH_ERROR_NULL, "window");
    assert_not_made(bh_main_window_menu_bar(label), BH_ERROR_CLASS, "QMainWindow");
    assert_not_made(bh_main_window_add_tool_bar(window, NULL), BH_ERROR_NULL, "title");
    assert_refused(bh_status_bar_add_widget(window, label, true), BH_ERROR_CLASS, "QStatusBar");
    bh_object *bar = bh_main_window_menu_bar(window);
    bh__fail_allocation(1);
    assert_not_made(bh_main_window_add_dock(window, "x", label, 1), BH_ERROR_MEMORY, "no memory");
    bh__fail_allocation(1);
    assert_not_made(bh_add_menu(bar, "x"), BH_ERROR_MEMORY, "no memory");
    for (int nth = 1; nth <= 2; nth++) {
        bh__fail_allocation(nth);
        assert_not_made(bh_message_box(window, BH_MESSAGE_ERROR, "t", "x", BH_BUTTON_OK, NULL, NULL), BH_ERROR_MEMORY,
                        "no memory");
    }
    bh__fail_allocation(0);
}

static int triggered;

static void on_triggered(void *user)
{
    (void)user;
    triggered++;
}

static void menus_have_actions(void **state)
{
    (void)state;
    bh_object *file = bh_add_menu(bh_main_window_menu_bar(window), "&File");
    bh_object *recent = bh_add_menu(file, "&Recent");
    bh_object *open = bh_add_action(file, "&Open\xE2\x80\xA6", "Ctrl+O");
    bh_object *bar = bh_main_window_add_tool_bar(window, "Main");
    char *shortcut = NULL;
    assert_int_equal(bh_get_string(open, "shortcut", &shortcut), BH_OK);
    assert_string_equal(shortcut, "Ctrl+O");
    bh_free(shortcut);
    bh_connect(open, "triggered", BH_CALLBACK(on_triggered), NULL, NULL);
    assert_int_equal(bh_share_action(bar, open), BH_OK);
    assert_int_equal(bh_share_action(bar, open), BH_OK);
    assert_int_equal(bh_add_separator(file), BH_OK);
    assert_int_equal(bh_add_separator(bar), BH_OK);
    assert_non_null(bh_add_action(window, "Plain", NULL));
    assert_non_null(bh_add_action(recent, "", ""));
    bh_call(open, "trigger");
    assert_int_equal(triggered, 1);
    bh_call(window, "show");
    process_for(10);
    assert_not_made(bh_add_action(file, "x", "Ctrl+Fish"), BH_ERROR_RANGE, "Ctrl+Fish");
    assert_not_made(bh_add_action(file, NULL, NULL), BH_ERROR_NULL, "text");
    assert_not_made(bh_add_action(open, "x", NULL), BH_ERROR_CLASS, "QWidget");
    assert_not_made(bh_add_menu(bar, "x"), BH_ERROR_CLASS, "QMenuBar or a QMenu");
    assert_not_made(bh_add_menu(file, NULL), BH_ERROR_NULL, "title");
    assert_refused(bh_add_separator(window), BH_ERROR_CLASS, "QToolBar");
    assert_refused(bh_share_action(bar, bar), BH_ERROR_CLASS, "QAction");
    bh_destroy(file);
    assert_false(bh_is_alive(open) || bh_is_alive(recent));
}

static void no_menu_is_in_itself(void **state)
{
    (void)state;
    bh_object *menu = bh_add_menu(bh_main_window_menu_bar(window), "&File"), *inner = bh_add_menu(menu, "&More"), *action;
    bh_object **found;
    size_t count;
    assert_int_equal(bh_find_all(menu, NULL, "QAction", &found, &count), BH_OK);
    int refused = 0;
    for (size_t i = 0; i < count; i++) {
        action = found[i];
        refused += bh_share_action(inner, action) == BH_ERROR_STATE;
    }
    bh_free(found);
    assert_true(refused >= 1);
    bh_destroy(menu);
}

/* --- splash */

static int next_runs;

static void next(void *user)
{
    (void)user;
    next_runs++;
}

/* What would come of its own after a while comes sooner. Where others keep the machine busy that may take several TRIES. */
#define soon(tries, call)              \
    do {                               \
        int left_ = (tries);           \
        while (!(call) && --left_ > 0) \
            ;                          \
        assert_true(left_ > 0);        \
    } while (0)

static bool runs_next_once_painted(void)
{
    bh_splash_finish(NULL);
    next_runs = 0;
    double begin = now_ms();
    assert_int_equal(bh_splash_show(NULL, next, NULL), BH_OK);
    assert_int_equal(next_runs, 0);
    assert_refused(bh_splash_show(NULL, next, NULL), BH_ERROR_EXISTS, "already");
    process_until(&next_runs, 1, 10000);
    return now_ms() - begin < 400; /* not timed out */
}

static void splash_runs_next_once_painted(void **state)
{
    (void)state;
    soon(10, runs_next_once_painted());
    assert_int_equal(bh_splash_message("Loading\xE2\x80\xA6"), BH_OK);
    assert_refused(bh_splash_message(NULL), BH_ERROR_NULL, "text");
    for (int percent = -1; percent <= 100; percent += 50)
        assert_int_equal(bh_splash_set_progress(percent), BH_OK);
    assert_refused(bh_splash_set_progress(101), BH_ERROR_RANGE, "percent is 101");
    process_for(600);
    assert_int_equal(next_runs, 1);
    assert_int_equal(bh_splash_finish(NULL), BH_OK);
    assert_int_equal(bh_splash_finish(NULL), BH_OK);
    assert_int_equal(bh_splash_message("nobody sees it"), BH_OK);
    assert_int_equal(bh_splash_set_progress(50), BH_OK);
}

static bool ends_with_the_window(size_t before)
{
    bh_call(window, "hide");
    next_runs = 0;
    assert_int_equal(bh_splash_show(NULL, next, NULL), BH_OK);
    process_until(&next_runs, 1, 10000);
    assert_int_equal(bh_splash_finish(window), BH_OK);
    process_for(50);
    bool waits = bh_live_objects(NULL, 0) == before + 1; /* the window is not shown yet */
    bh_call(window, "show");
    double begin = now_ms();
    while (bh_live_objects(NULL, 0) != before && now_ms() - begin < 10000)
        process_for(1);
    assert_int_equal(bh_live_objects(NULL, 0), before);
    return waits && now_ms() - begin < 900;
}

static void splash_ends_with_the_window(void **state)
{
    (void)state;
    size_t before = bh_live_objects(NULL, 0);
    soon(10, ends_with_the_window(before));
    assert_int_equal(bh_splash_show(NULL, next, NULL), BH_OK);
    assert_int_equal(bh_splash_finish(window), BH_OK); /* seen already */
    process_for(200);
    assert_int_equal(bh_live_objects(NULL, 0), before);
    process_until(&next_runs, 2, 1000);
    assert_int_equal(next_runs, 2);
}

static void splash_runs_next_all_the_same(void **state)
{
    (void)state;
    next_runs = 0;
    forget_heard();
    assert_int_equal(bh_splash_show("/no/such/image.png", next, NULL), BH_OK);
    assert_heard(BH_ERROR_IO, "/no/such/image.png");
    assert_int_equal(bh_splash_finish(NULL), BH_OK); /* gone before it was painted */
    process_until(&next_runs, 1, 2000);
    process_for(50);
    assert_int_equal(next_runs, 1);
    assert_refused(bh_splash_show(NULL, NULL, NULL), BH_ERROR_NULL, "next");
    assert_refused(bh_splash_finish(bh_app()), BH_ERROR_CLASS, "QWidget");
    for (int nth = 1; nth <= 2; nth++) {
        bh__fail_allocation(nth);
        assert_refused(bh_splash_show(NULL, next, NULL), BH_ERROR_MEMORY, "no memory");
    }
    bh__fail_allocation(0);
    process_for(600);
    assert_int_equal(next_runs, 1);
}

static void quit(void *user)
{
    (void)user;
    bh_splash_finish(NULL);
}

static void late_quit(void *user)
{
    (void)user;
    next_runs += 10;
    bh_app_quit(3);
}

static void the_end_of_the_splash_is_not_the_end_of_the_program(void **state)
{
    (void)state;
    next_runs = 0;
    assert_int_equal(bh_splash_show(NULL, quit, NULL), BH_OK);
    bh_timer_single_shot(200, late_quit, NULL);
    assert_int_equal(bh_app_exec(), 3);
    assert_int_equal(next_runs, 10);
}

/* --- dialogs */

static int answers, last_button;
static bh_object *asking;

static void on_answer(void *user, int button)
{
    (void)user;
    answers++;
    last_button = button;
    if (bh_is_alive(asking))
        bh_destroy(asking);
}

static bh_object *ask(int buttons)
{
    answers = last_button = 0;
    asking = NULL;
    return bh_message_box(window, BH_MESSAGE_QUESTION, "Title", "<b>Really?", buttons, on_answer, NULL);
}

static void message_boxes_answer_once(void **state)
{
    (void)state;
    bh_object *box = ask(BH_BUTTON_YES | BH_BUTTON_NO);
    assert_non_null(box);
    process_for(20);
    assert_int_equal(answers, 0);
    bh_object *button = bh_find(box, NULL, "QPushButton");
    bh_call(button, "click");
    process_until(&answers, 1, 500);
    assert_true(last_button == BH_BUTTON_YES || last_button == BH_BUTTON_NO);
    process_for(20);
    assert_false(bh_is_alive(box));
    assert_int_equal(answers, 1);

    bh_call(ask(BH_BUTTON_SAVE | BH_BUTTON_DISCARD | BH_BUTTON_CANCEL), "close");
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_CANCEL);
    bh_call(ask(BH_BUTTON_OK), "close");
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_OK);
    bh_call(ask(BH_BUTTON_RETRY | BH_BUTTON_ABORT), "done", BH_BUTTON_RETRY);
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_RETRY);
    bh_call(ask(BH_BUTTON_RETRY | BH_BUTTON_ABORT), "reject");
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_ABORT);
}

static void message_boxes_answer_when_they_go(void **state)
{
    (void)state;
    bh_object *box = ask(BH_BUTTON_YES | BH_BUTTON_NO);
    bh_destroy(box);
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_CANCEL);
    box = ask(BH_BUTTON_YES | BH_BUTTON_NO);
    asking = box;
    bh_call(box, "done", BH_BUTTON_YES); /* the answer destroys the box */
    process_until(&answers, 1, 500);
    assert_int_equal(last_button, BH_BUTTON_YES);
    box = ask(BH_BUTTON_OK);
    bh_destroy(window);
    assert_false(bh_is_alive(box));
    process_until(&answers, 1, 500);
    process_for(20);
    assert_int_equal(answers, 1);
    assert_int_equal(last_button, BH_BUTTON_CANCEL);
    bh_object *lonely = bh_message_box(NULL, BH_MESSAGE_ERROR, "", "", BH_BUTTON_OK, NULL, NULL);
    process_for(5);
    bh_call(lonely, "close");
    process_for(5);
    assert_false(bh_is_alive(lonely));
}

static void message_boxes_check_their_arguments(void **state)
{
    (void)state;
    assert_not_made(ask(0), BH_ERROR_RANGE, "needs a button");
    assert_not_made(ask(BH_BUTTON_OK | 0x1000000), BH_ERROR_RANGE, "0x1000000");
    assert_not_made(ask(-1), BH_ERROR_RANGE, "unknown");
    assert_not_made(bh_message_box(window, (bh_message_icon)4, "t", "x", BH_BUTTON_OK, NULL, NULL), BH_ERROR_RANGE, "icon 4");
    assert_not_made(bh_message_box(window, BH_MESSAGE_ERROR, NULL, "x", BH_BUTTON_OK, NULL, NULL), BH_ERROR_NULL, "title");
    assert_not_made(bh_message_box(window, BH_MESSAGE_ERROR, "t", NULL, BH_BUTTON_OK, NULL, NULL), BH_ERROR_NULL, "text");
    assert_not_made(bh_message_box(bh_app(), BH_MESSAGE_ERROR, "t", "x", BH_BUTTON_OK, NULL, NULL), BH_ERROR_CLASS, "QWidget");
    process_for(5);
    assert_int_equal(answers, 0);
}

static void buttons_may_say_something_else(void **state)
{
    (void)state;
    char *text = NULL;
    bh_object *box = ask(BH_BUTTON_RETRY | BH_BUTTON_CLOSE), *button;
    assert_int_equal(bh_message_box_set_button_text(box, BH_BUTTON_CLOSE, "Leave &now"), BH_OK);
    bh_object **all;
    size_t count;
    assert_int_equal(bh_find_all(box, NULL, "QPushButton", &all, &count), BH_OK);
    assert_int_equal(count, 2);
    button = NULL;
    for (size_t i = 0; i < count; i++) {
        bh_get_string(all[i], "text", &text);
        button = strcmp(text, "Leave &now") == 0 ? all[i] : button;
        bh_free(text);
    }
    bh_free(all);
    assert_non_null(button);
    assert_refused(bh_message_box_set_button_text(box, BH_BUTTON_OK, "x"), BH_ERROR_NAME, "has no button 0x400");
    assert_refused(bh_message_box_set_button_text(box, BH_BUTTON_CLOSE, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_message_box_set_button_text(window, BH_BUTTON_CLOSE, "x"), BH_ERROR_CLASS, "QMessageBox");
    answers = 0;
    bh_call(button, "click");
    process_until(&answers, 1, 1000);
    assert_int_equal(answers, 1);
}

static int choices, path_count;
static char last_path[512];

static void on_chosen(void *user, const char *const *paths)
{
    (void)user;
    choices++;
    for (path_count = 0; paths[path_count]; path_count++)
        snprintf(last_path, sizeof last_path, "%s", paths[path_count]);
}

static void file_dialogs_choose_once(void **state)
{
    (void)state;
    char folder[] = "/tmp/bulkhead-test-XXXXXX", file[64];
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/new.csv", folder);
    bh_object *dialog = bh_file_dialog(window, BH_FILE_SAVE, "Save", folder, "Tables (*.csv *.tsv);;All (*)", on_chosen, NULL);
    assert_non_null(dialog);
    process_for(50);
    bh_set_string(bh_find(dialog, "fileNameEdit", NULL), "text", file);
    bh_call(dialog, "accept");
    process_until(&choices, 1, 500);
    assert_int_equal(path_count, 1);
    assert_string_equal(last_path, file);
    process_for(20);
    assert_false(bh_is_alive(dialog));

    for (int mode = BH_FILE_OPEN; mode <= BH_FILE_FOLDER; mode++) {
        choices = 0;
        dialog = bh_file_dialog(window, (bh_file_mode)mode, "", NULL, NULL, on_chosen, NULL);
        process_for(5);
        assert_int_equal(bh_call(dialog, mode % 2 ? "reject" : "close"), BH_OK);
        process_until(&choices, 1, 500);
        assert_int_equal(choices, 1);
        assert_int_equal(path_count, 0);
    }
    choices = 0;
    bh_file_dialog(window, BH_FILE_OPEN_MANY, "", folder, NULL, on_chosen, NULL);
    bh_destroy(window);
    process_until(&choices, 1, 500);
    assert_int_equal(path_count, 0);
    rmdir(folder);
}

static void file_dialogs_check_their_arguments(void **state)
{
    (void)state;
    assert_not_made(bh_file_dialog(window, (bh_file_mode)9, "", NULL, NULL, on_chosen, NULL), BH_ERROR_RANGE, "mode 9");
    assert_not_made(bh_file_dialog(window, BH_FILE_OPEN, NULL, NULL, NULL, on_chosen, NULL), BH_ERROR_NULL, "title");
    assert_not_made(bh_file_dialog(window, BH_FILE_OPEN, "", NULL, NULL, NULL, NULL), BH_ERROR_NULL, "chosen");
    choices = 0;
    for (int nth = 1; nth <= 2; nth++) {
        bh__fail_allocation(nth);
        assert_not_made(bh_file_dialog(NULL, BH_FILE_OPEN, "", NULL, NULL, on_chosen, NULL), BH_ERROR_MEMORY, "no memory");
    }
    bh__fail_allocation(0);
    process_for(5);
    assert_int_equal(choices, 0);
}

/* The application goes while a splash and a dialog wait: their callbacks do not run, and nothing leaks. */
static void the_application_goes_first(void **state)
{
    (void)state;
    next_runs = 0;
    ask(BH_BUTTON_OK);
    bh_splash_show(NULL, next, NULL);
    assert_int_equal(bh_app_destroy(), BH_OK);
    int seen = answers;
    assert_refused(bh_splash_show(NULL, next, NULL), BH_ERROR_NO_APP, "bh_app_create");
    assert_refused(bh_splash_finish(NULL), BH_ERROR_NO_APP, "bh_app_create");
    assert_not_made(ask(BH_BUTTON_OK), BH_ERROR_NO_APP, "bh_app_create");
    assert_not_made(bh_main_window_status_bar(window), BH_ERROR_NO_APP, "bh_app_create");
    assert_non_null(bh_app_create(0, NULL));
    process_for(600);
    assert_int_equal(next_runs, 0);
    assert_true(seen <= 1 && answers == 0);
    assert_int_equal(bh_splash_show(NULL, next, NULL), BH_OK);
    process_until(&next_runs, 1, 1000);
    assert_int_equal(next_runs, 1);
}

static void pictures_are_saved(void **state)
{
    char file[] = "/tmp/bulkhead-picture-XXXXXX";
    unsigned char head[8] = {0};
    int fd = mkstemp(file);
    (void)state;
    assert_true(fd >= 0);
    bh_set_size(window, "size", BH_SIZE(60, 40));
    assert_int_equal(bh_save_picture(window, file), BH_OK);
    assert_int_equal(read(fd, head, sizeof head), sizeof head);
    assert_memory_equal(head, "\x89PNG\r\n\x1A\n", 8);
    close(fd);
    unlink(file);
    assert_refused(bh_save_picture(window, "/nowhere/a.png"), BH_ERROR_IO, "/nowhere/a.png");
    assert_refused(bh_save_picture(window, NULL), BH_ERROR_NULL, "file is NULL");
    assert_refused(bh_save_picture(bh_app(), file), BH_ERROR_CLASS, "QWidget");
    bh_set_size(window, "size", BH_SIZE(20000, 40));
    assert_refused(bh_save_picture(window, file), BH_ERROR_RANGE, "20000 x 40");
}

static void colours_can_be_dark(void **state)
{
    bh_color light, dark;
    (void)state;
    assert_int_equal(bh_app_set_color_scheme(BH_COLORS_LIGHT), BH_OK);
    bh_palette_color(window, BH_ROLE_BASE, &light);
    assert_int_equal(bh_app_set_color_scheme(BH_COLORS_DARK), BH_OK);
    bh_app_process_events(5);
    bh_palette_color(window, BH_ROLE_BASE, &dark);
    assert_true(light.green > 200 && dark.green < 60);
    assert_int_equal(bh_app_set_color_scheme(BH_COLORS_SYSTEM), BH_OK);
    assert_refused(bh_app_set_color_scheme((bh_color_scheme)3), BH_ERROR_RANGE, "scheme 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(windows_have_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(windows_check_their_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(pictures_are_saved, setup, teardown),
        cmocka_unit_test_setup_teardown(colours_can_be_dark, setup, teardown),
        cmocka_unit_test_setup_teardown(menus_have_actions, setup, teardown),
        cmocka_unit_test_setup_teardown(no_menu_is_in_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(splash_runs_next_once_painted, setup, teardown),
        cmocka_unit_test_setup_teardown(splash_ends_with_the_window, setup, teardown),
        cmocka_unit_test_setup_teardown(splash_runs_next_all_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(the_end_of_the_splash_is_not_the_end_of_the_program, setup, teardown),
        cmocka_unit_test_setup_teardown(message_boxes_answer_once, setup, teardown),
        cmocka_unit_test_setup_teardown(message_boxes_answer_when_they_go, setup, teardown),
        cmocka_unit_test_setup_teardown(message_boxes_check_their_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(buttons_may_say_something_else, setup, teardown),
        cmocka_unit_test_setup_teardown(file_dialogs_choose_once, setup, teardown),
        cmocka_unit_test_setup_teardown(file_dialogs_check_their_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(the_application_goes_first, setup, teardown),
    };
    return cmocka_run_group_tests(tests, with_app, without_app);
}
