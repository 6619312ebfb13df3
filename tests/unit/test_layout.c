/* Layouts and containers: what lands where, and every way to put a widget where Qt would crash. */
#include "refused.h"

#include "base/memory.h"

#include <limits.h>
#include <pthread.h>

static bh_object *window, *box, *label;

static int setup(void **state)
{
    (void)state;
    window = bh_create("QWidget", NULL);
    box = bh_create("QVBoxLayout", window);
    label = bh_create("QLabel", NULL);
    forget_heard();
    return window && box && label ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    if (bh_is_alive(label))
        bh_destroy(label);
    return bh_destroy(window);
}

static int show_and_count(void)
{
    bh_call(window, "show");
    return bh_app_process_events(5);
}

static void a_box_adopts_widgets(void **state)
{
    (void)state;
    bh_object *parent;
    assert_int_equal(bh_layout_add_widget(box, label, 1), BH_OK);
    assert_int_equal(bh_parent(label, &parent), BH_OK);
    assert_ptr_equal(parent, window);
    assert_int_equal(bh_layout_add_stretch(box, 2), BH_OK);
    assert_int_equal(bh_layout_add_spacing(box, 7), BH_OK);
    assert_int_equal(bh_layout_set_margins(box, 1, 2, 3, 4), BH_OK);
    assert_int_equal(show_and_count(), BH_OK);
    assert_refused(bh_layout_add_widget(box, label, 0), BH_ERROR_EXISTS, "is in QVBoxLayout already");
    assert_int_equal(bh_layout_remove_widget(box, label), BH_OK);
    assert_refused(bh_layout_remove_widget(box, label), BH_ERROR_STATE, "is not in QVBoxLayout");
    assert_int_equal(bh_layout_add_widget(box, label, 0), BH_OK);
    assert_silent();
}

/* A signal that Qt emits while it puts the page in: each of these would change what it is in the middle of. */
static void move_more(void *page, int index)
{
    bh_object *bar = bh_create("QStatusBar", window);
    assert_int_equal(index, 0);
    assert_refused(bh_set_parent(page, bar), BH_ERROR_STATE, "a widget is being put into another just now");
    assert_refused(bh_layout_add_widget(box, label, 0), BH_ERROR_STATE, "use bh_timer_single_shot");
    assert_refused(bh_status_bar_add_widget(bar, page, false), BH_ERROR_STATE, "just now");
    assert_int_equal(bh_destroy(bar), BH_OK);
    forget_heard();
}

static void a_move_within_a_move_is_refused(void **state)
{
    (void)state;
    bh_object *tabs = bh_create("QTabWidget", window), *page = bh_create("QWidget", NULL);
    assert_non_null(bh_connect(tabs, "currentChanged", BH_CALLBACK(move_more, int), page, NULL));
    assert_int_equal(bh_tab_widget_add_tab(tabs, page, "page", NULL), BH_OK);
    assert_silent();
}

static bh_event_result note_parent(bh_object *self, void *parent, const bh_event *event)
{
    (void)event;
    assert_int_equal(bh_parent(self, parent), BH_OK);
    return BH_EVENT_PASS;
}

static void events_of_a_move_come_after_it(void **state)
{
    (void)state;
    bh_object *inner = bh_create("QLabel", window), *parent = inner;
    assert_int_equal(bh_layout_add_widget(box, inner, 0), BH_OK);
    assert_int_equal(show_and_count(), BH_OK);
    assert_non_null(bh_on_event(inner, BH_EVENT_HIDE, note_parent, &parent));
    assert_int_equal(bh_set_parent(inner, NULL), BH_OK);
    assert_null(parent);
    assert_int_equal(bh_destroy(inner), BH_OK);
    assert_silent();
}

static bh_event_result take_in(bh_object *self, void *status, const bh_event *event)
{
    (void)event;
    *(bh_status *)status = bh_set_parent(self, window);
    return BH_EVENT_PASS;
}

/* Qt works on with the window that the widget would lose. */
static void a_window_is_not_taken_in_by_a_handler_of_its_events(void **state)
{
    (void)state;
    bh_status status = BH_OK;
    bh_object *other = bh_create("QWidget", NULL);
    bh_event_handler *handler = bh_on_event(other, BH_EVENT_HIDE, take_in, &status);
    assert_int_equal(bh_call(other, "show"), BH_OK);
    forget_heard();
    assert_int_equal(bh_call(other, "hide"), BH_OK);
    assert_int_equal(status, BH_ERROR_STATE);
    assert_heard(BH_ERROR_STATE, "QWidget has a window of its own");
    assert_int_equal(bh_remove_event_handler(handler), BH_OK);
    assert_int_equal(bh_set_parent(other, window), BH_OK);
}

/* A dialog that lost its parent while it was open keeps a window, which Qt would hang below that of the next parent, there to be
 * deleted with it. */
static void a_window_that_becomes_a_child_leaves_no_window_behind(void **state)
{
    (void)state;
    bh_object *outer = bh_create("QWidget", NULL), *dialog = bh_create("QDialog", window);
    assert_int_equal(show_and_count(), BH_OK);
    assert_int_equal(bh_call(dialog, "show"), BH_OK);
    assert_int_equal(bh_set_parent(dialog, NULL), BH_OK);
    assert_int_equal(bh_set_parent(dialog, window), BH_OK);
    assert_int_equal(bh_set_parent(window, outer), BH_OK);
    assert_int_equal(bh_destroy(dialog), BH_OK);
    assert_int_equal(bh_set_parent(window, NULL), BH_OK);
    assert_int_equal(bh_destroy(outer), BH_OK);
    assert_silent();
}

/* Qt's own would find the place taken, and belong to nobody. */
static void a_dialog_that_arranges_itself_takes_no_layout(void **state)
{
    (void)state;
    static const char *const classes[] = {"QInputDialog", "QFileDialog"};
    for (int i = 0; i < 2; i++) {
        bh_object *dialog = bh_create(classes[i], window);
        assert_null(bh_create("QVBoxLayout", dialog));
        assert_heard(BH_ERROR_EXISTS, "makes a layout of its own when it is shown: for another one use a QDialog");
        assert_int_equal(bh_call(dialog, "show"), BH_OK);
        assert_int_equal(bh_destroy(dialog), BH_OK);
    }
}

static void a_box_refuses_what_would_loop(void **state)
{
    (void)state;
    bh_object *inner = bh_create("QWidget", window), *inner_box = bh_create("QVBoxLayout", inner);
    assert_refused(bh_layout_add_widget(box, window, 0), BH_ERROR_STATE, "itself");
    assert_refused(bh_layout_add_widget(inner_box, window, 0), BH_ERROR_STATE, "its own child");
    assert_refused(bh_layout_add_layout(box, box, 0), BH_ERROR_STATE, "itself");
    assert_refused(bh_layout_add_layout(box, inner_box, 0), BH_ERROR_STATE, "has its place already");
    bh_object *row = bh_create("QHBoxLayout", NULL), *cell = bh_create("QGridLayout", NULL);
    assert_refused(bh_layout_add_widget(row, label, 0), BH_ERROR_STATE, "belongs to no widget yet");
    assert_int_equal(bh_layout_add_layout(row, cell, 0), BH_OK);
    assert_refused(bh_grid_add_layout(cell, row, 0, 0, 1, 1), BH_ERROR_STATE, "its own child");
    assert_int_equal(bh_layout_add_layout(box, row, 0), BH_OK);
    assert_int_equal(bh_layout_add_widget(row, label, 0), BH_OK);
    assert_refused(bh_layout_add_layout(box, row, 0), BH_ERROR_STATE, "has its place already");
    assert_int_equal(bh_destroy(label), BH_OK);
    assert_int_equal(bh_destroy(row), BH_OK);
    assert_false(bh_is_alive(cell));
    assert_int_equal(show_and_count(), BH_OK);
}

static void a_box_checks_its_arguments(void **state)
{
    (void)state;
    int local = 0;
    bh_object *gone = bh_create("QLabel", NULL);
    bh_destroy(gone);
    assert_refused(bh_layout_add_widget(NULL, label, 0), BH_ERROR_NULL, "layout is NULL");
    assert_refused(bh_layout_add_widget(box, NULL, 0), BH_ERROR_NULL, "widget is NULL");
    assert_refused(bh_layout_add_widget(label, label, 0), BH_ERROR_CLASS, "QBoxLayout");
    assert_refused(bh_layout_add_widget(box, box, 0), BH_ERROR_CLASS, "QWidget");
    assert_refused(bh_layout_add_widget(box, gone, 0), BH_ERROR_STALE, "gone");
    assert_refused(bh_layout_add_widget((void *)&local, label, 0), BH_ERROR_NOT_A_HANDLE, "no handle");
    assert_refused(bh_layout_add_widget(box, label, -1), BH_ERROR_RANGE, "stretch -1 is negative");
    assert_refused(bh_layout_add_widget(box, label, INT_MAX), BH_ERROR_RANGE, "10000");
    assert_refused(bh_layout_add_stretch(box, -5), BH_ERROR_RANGE, "-5");
    assert_refused(bh_layout_add_spacing(box, 10001), BH_ERROR_RANGE, "pixels 10001");
    assert_refused(bh_layout_set_margins(box, 0, 0, INT_MIN, 0), BH_ERROR_RANGE, "right");
    assert_refused(bh_layout_remove_widget(box, label), BH_ERROR_STATE, "QLabel");
}

static void parts_of_qt_stay_where_they_are(void **state)
{
    (void)state;
    bh_object *table = bh_create("QTableView", window);
    bh_object *viewport = bh_find(table, "qt_scrollarea_viewport", NULL);
    bh_object *header = bh_find(table, NULL, "QHeaderView");
    assert_refused(bh_layout_add_widget(box, viewport, 0), BH_ERROR_STATE, "a part of");
    assert_refused(bh_layout_add_widget(box, header, 0), BH_ERROR_STATE, "a part of");
}

static void a_grid_checks_its_cells(void **state)
{
    (void)state;
    bh_object *page = bh_create("QWidget", window), *grid = bh_create("QGridLayout", page);
    assert_refused(bh_grid_add_widget(grid, label, -3, 0, 1, 1), BH_ERROR_RANGE, "row -3 is negative: rows count from 0");
    assert_refused(bh_grid_add_widget(grid, label, 0, INT_MAX, 1, 1), BH_ERROR_RANGE, "column 2147483647");
    assert_refused(bh_grid_add_widget(grid, label, 0, 0, 0, 1), BH_ERROR_RANGE, "row_span 0");
    assert_refused(bh_grid_add_widget(grid, label, 9999, 0, 1, 10001), BH_ERROR_RANGE, "column_span 10001");
    assert_int_equal(bh_grid_add_widget(grid, label, 9999, 9999, 1, 1), BH_OK);
    assert_refused(bh_grid_add_widget(grid, label, 0, 0, 1, 1), BH_ERROR_EXISTS, "already");
    assert_int_equal(bh_grid_add_layout(grid, bh_create("QHBoxLayout", NULL), 1, 1, 2, 3), BH_OK);
    assert_int_equal(bh_grid_set_row_stretch(grid, 3, 1), BH_OK);
    assert_int_equal(bh_grid_set_column_stretch(grid, 3, 1), BH_OK);
    assert_refused(bh_grid_set_row_stretch(grid, -1, 1), BH_ERROR_RANGE, "row -1");
    assert_refused(bh_grid_set_column_stretch(grid, 0, -1), BH_ERROR_RANGE, "stretch -1");
    assert_int_equal(show_and_count(), BH_OK);
}

static void a_form_labels_its_fields(void **state)
{
    (void)state;
    bh_object *page = bh_create("QWidget", window), *form = bh_create("QFormLayout", page);
    bh_object *field = bh_create("QLineEdit", NULL), *row = bh_create("QHBoxLayout", NULL);
    assert_int_equal(bh_form_add_row(form, "&Name", field), BH_OK);
    assert_int_equal(bh_form_add_row(form, NULL, label), BH_OK);
    assert_int_equal(bh_form_add_row(form, "&Dates", row), BH_OK);
    assert_int_equal(bh_form_add_row(form, NULL, bh_create("QHBoxLayout", NULL)), BH_OK);
    bh_object **labels;
    size_t count;
    assert_int_equal(bh_find_all(page, NULL, "QLabel", &labels, &count), BH_OK);
    assert_int_equal(count, 3);
    bh_free(labels);
    assert_refused(bh_form_add_row(form, "x", field), BH_ERROR_EXISTS, "already");
    assert_refused(bh_form_add_row(form, "x", row), BH_ERROR_STATE, "has its place");
    assert_refused(bh_form_add_row(form, "x", page), BH_ERROR_STATE, "itself");
    assert_refused(bh_form_add_row(form, "x", NULL), BH_ERROR_NULL, "field");
    assert_refused(bh_form_add_row(form, "x", bh_app()), BH_ERROR_CLASS, "QWidget or a QLayout");
    bh_object *loose = bh_create("QFormLayout", NULL), *loose_row = bh_create("QHBoxLayout", NULL);
    assert_refused(bh_form_add_row(loose, "x", loose_row), BH_ERROR_STATE, "belongs to no widget");
}

static void tabs_and_stacks_count(void **state)
{
    (void)state;
    bh_object *tabs = bh_create("QTabWidget", window), *stack = bh_create("QStackedWidget", window);
    bh_object *page = bh_create("QWidget", NULL);
    int index = 7;
    assert_int_equal(bh_tab_widget_add_tab(tabs, label, "&One", &index), BH_OK);
    assert_int_equal(index, 0);
    assert_int_equal(bh_tab_widget_add_tab(tabs, page, "Two", NULL), BH_OK);
    assert_int_equal(bh_tab_widget_set_tab_text(tabs, 1, "Second"), BH_OK);
    assert_refused(bh_tab_widget_set_tab_text(tabs, 2, "x"), BH_ERROR_RANGE, "index 2");
    assert_refused(bh_tab_widget_set_tab_text(tabs, -1, "x"), BH_ERROR_RANGE, "index -1");
    assert_refused(bh_tab_widget_set_tab_text(tabs, 0, NULL), BH_ERROR_NULL, "label");
    index = 7;
    assert_refused(bh_tab_widget_add_tab(tabs, page, "x", &index), BH_ERROR_EXISTS, "already");
    assert_int_equal(index, -1);
    assert_refused(bh_tab_widget_add_tab(tabs, window, "x", &index), BH_ERROR_STATE, "its own child");
    assert_refused(bh_tab_widget_add_tab(tabs, bh_create("QLabel", window), NULL, &index), BH_ERROR_NULL, "label");
    assert_int_equal(bh_stacked_widget_add_widget(stack, page, &index), BH_OK);
    assert_int_equal(index, 0);
    assert_refused(bh_stacked_widget_add_widget(stack, stack, &index), BH_ERROR_STATE, "itself");
    assert_int_equal(index, -1);
    int count = 0;
    assert_int_equal(bh_get_int(tabs, "count", &count), BH_OK);
    assert_int_equal(count, 1);
}

static void splitters_tell_and_take_sizes(void **state)
{
    (void)state;
    bh_object *splitter = bh_create("QSplitter", NULL);
    size_t count = 7;
    int garbage, *sizes = &garbage;
    for (int i = 0; i < 2; i++)
        bh_splitter_add_widget(splitter, bh_create("QLabel", NULL), 1);
    bh_set_size(splitter, "size", BH_SIZE(305, 100));
    bh_call(splitter, "show");
    assert_int_equal(bh_splitter_set_sizes(splitter, (const int[]){100, 200}, 2), BH_OK);
    assert_int_equal(bh_splitter_get_sizes(splitter, &sizes, &count), BH_OK);
    assert_int_equal(count, 2);
    assert_true(sizes[0] >= 95 && sizes[0] <= 105);
    bh_free(sizes);
    assert_refused(bh_splitter_set_sizes(splitter, NULL, 2), BH_ERROR_NULL, "sizes is NULL");
    assert_refused(bh_splitter_set_sizes(splitter, (const int[]){1, 2}, 1), BH_ERROR_RANGE, "1 sizes for 2 widgets");
    assert_refused(bh_splitter_set_sizes(splitter, (const int[]){1, -2}, 2), BH_ERROR_RANGE, "-2");
    assert_refused(bh_splitter_get_sizes(splitter, NULL, &count), BH_ERROR_NULL, "sizes");
    assert_int_equal(count, 0);
    bh_destroy(splitter);
    assert_refused(bh_splitter_get_sizes(splitter, &sizes, &count), BH_ERROR_STALE, "gone");
    assert_null(sizes);
}

static void splitters_scroll_areas_and_buddies(void **state)
{
    (void)state;
    bh_object *splitter = bh_create("QSplitter", window), *area = bh_create("QScrollArea", window);
    bh_object *first = bh_create("QWidget", NULL), *second = bh_create("QWidget", first);
    assert_int_equal(bh_splitter_add_widget(splitter, label, 3), BH_OK);
    assert_int_equal(bh_splitter_add_widget(splitter, label, 255), BH_OK);
    assert_refused(bh_splitter_add_widget(splitter, label, 256), BH_ERROR_RANGE, "0 to 255");
    assert_refused(bh_splitter_add_widget(splitter, window, 0), BH_ERROR_STATE, "its own child");
    bh_object *handle = bh_find(splitter, NULL, "QSplitterHandle");
    assert_refused(bh_splitter_add_widget(splitter, handle, 0), BH_ERROR_STATE, "a part of");
    assert_int_equal(bh_scroll_area_set_widget(area, first), BH_OK);
    assert_int_equal(bh_scroll_area_set_widget(area, second), BH_OK); /* which was inside the first */
    assert_int_equal(bh_scroll_area_set_widget(area, second), BH_OK);
    bh_app_process_events(0);
    assert_false(bh_is_alive(first));
    assert_true(bh_is_alive(second));
    assert_refused(bh_scroll_area_set_widget(area, window), BH_ERROR_STATE, "its own child");
    assert_int_equal(bh_label_set_buddy(label, second), BH_OK);
    assert_refused(bh_label_set_buddy(label, NULL), BH_ERROR_NULL, "buddy");
    assert_refused(bh_label_set_buddy(second, label), BH_ERROR_CLASS, "QLabel");
}

static void *on_another_thread(void *user)
{
    (void)user;
    return (void *)(intptr_t)bh_layout_add_widget(box, label, 0);
}

static void other_threads_are_refused(void **state)
{
    (void)state;
    pthread_t thread;
    void *status;
    pthread_create(&thread, NULL, on_another_thread, NULL);
    pthread_join(thread, &status);
    assert_int_equal((intptr_t)status, BH_ERROR_THREAD);
    assert_heard(BH_ERROR_THREAD, "bh_layout_add_widget");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_box_adopts_widgets, setup, teardown),
        cmocka_unit_test_setup_teardown(a_move_within_a_move_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(events_of_a_move_come_after_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_window_is_not_taken_in_by_a_handler_of_its_events, setup, teardown),
        cmocka_unit_test_setup_teardown(a_window_that_becomes_a_child_leaves_no_window_behind, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dialog_that_arranges_itself_takes_no_layout, setup, teardown),
        cmocka_unit_test_setup_teardown(a_box_refuses_what_would_loop, setup, teardown),
        cmocka_unit_test_setup_teardown(a_box_checks_its_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_of_qt_stay_where_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(a_grid_checks_its_cells, setup, teardown),
        cmocka_unit_test_setup_teardown(a_form_labels_its_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(tabs_and_stacks_count, setup, teardown),
        cmocka_unit_test_setup_teardown(splitters_tell_and_take_sizes, setup, teardown),
        cmocka_unit_test_setup_teardown(splitters_scroll_areas_and_buddies, setup, teardown),
        cmocka_unit_test_setup_teardown(other_threads_are_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, with_app, without_app);
}
