/* Table models: which cells are asked for, changes, sorting, editing, and rows that are not there. */
#include "refused.h"

#include "base/memory.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { COLUMNS = 3 };

static struct {
    int rows;         /* what the program has */
    int greatest_row; /* asked for */
    int cells, beyond, sorts, sorted_column, sets, destroyed;
    bool descending, checked, take, wrong_type, grow_inside;
    char text[64];
    bh_object *model;
} data;

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    (void)user;
    data.cells++;
    data.greatest_row = row > data.greatest_row ? row : data.greatest_row;
    if (row < 0 || row >= data.rows || column < 0 || column >= COLUMNS)
        data.beyond++;
    if (data.grow_inside)
        bh_table_model_rows_inserted(data.model, 0, 1);
    if (role == BH_TABLE_TEXT)
        *out = column == 0 ? BH_VALUE(row) : BH_VALUE("text");
    else if (role == BH_TABLE_ALIGNMENT)
        *out = data.wrong_type ? BH_VALUE("right") : BH_VALUE(0x2 | 0x80);
    else if (role == BH_TABLE_FOREGROUND)
        *out = BH_VALUE(BH_RGBA(200, 0, 0, 255));
    else if (role == BH_TABLE_MARK && column == 1)
        *out = BH_VALUE(BH_RGBA(0, 100, 200, 255));
    else if (role == BH_TABLE_BOLD)
        *out = BH_VALUE((bool)(row == 1));
    else if (role == BH_TABLE_BAR && column == 1)
        *out = BH_VALUE(row / 4.0);
    else if (role == BH_TABLE_CHECKED && column == 2)
        *out = BH_VALUE(data.checked);
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    (void)user;
    (void)row;
    (void)column;
    data.sets++;
    if (role == BH_TABLE_CHECKED)
        data.checked = value->of.as_bool;
    else
        snprintf(data.text, sizeof data.text, "%s", value->of.as_string);
    if (role == BH_TABLE_EDIT) {
        data.rows++;
        assert_int_equal(bh_table_model_rows_inserted(data.model, 0, 1), BH_OK);
    }
    return data.take;
}

static bool editable(void *user, int row, int column)
{
    (void)user;
    return row >= 0 && column != 1;
}

static void row_title(void *user, int row, bh_value *out)
{
    (void)user;
    if (row >= data.rows)
        data.beyond++;
    *out = BH_VALUE("row");
}

static void sort(void *user, int column, bool descending)
{
    (void)user;
    data.sorts++;
    data.sorted_column = column;
    data.descending = descending;
}

static void destroyed(void *user)
{
    (void)user;
    data.destroyed++;
}

static const char *const titles[COLUMNS] = {"Number", "Text", "Check"};

static const bh_table_model whole = {
    BH_TABLE_MODEL_INIT,  .columns = COLUMNS,     .titles = titles, .cell = cell,           .set_cell = set_cell,
    .editable = editable, .row_title = row_title, .sort = sort,     .destroyed = destroyed,
};

static const bh_table_model plain = {BH_TABLE_MODEL_INIT, .columns = COLUMNS, .cell = cell};

static bh_object *view;

static int setup(void **state)
{
    (void)state;
    memset(&data, 0, sizeof data);
    data.rows = 100;
    data.take = true;
    forget_heard();
    view = bh_create("QTableView", NULL);
    data.model = bh_table_model_create(&whole, data.rows, NULL, NULL);
    return view && data.model && bh_table_view_set_model(view, data.model) == BH_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    bh_destroy(view);
    if (bh_is_alive(data.model))
        bh_destroy(data.model);
    return data.destroyed != 1 || data.beyond;
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

static void show(void)
{
    bh_call(view, "show");
    process_for(30);
}

static int rows_told(void)
{
    int rows = -1;
    bh_table_model_get_rows(data.model, &rows);
    return rows;
}

/* Of the processor, whatever else the machine does. */
static double used_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void only_visible_cells_are_asked_for(void **state)
{
    (void)state;
    data.rows = 1000000;
    assert_int_equal(bh_table_model_reset(data.model, data.rows), BH_OK);
    double begin = used_ms();
    show();
    assert_in_range(data.cells, 1, 20000);
    assert_int_equal(data.sorts, 0); /* shown as it is until a title is clicked */
    bh_call(view, "scrollToBottom");
    process_for(30);
    assert_true(used_ms() - begin < 1500);
    assert_in_range(data.cells, 1, 40000);
    assert_silent();
}

static void every_kind_of_view_shows_it(void **state)
{
    (void)state;
    static const char *const classes[] = {"QTableView", "QListView", "QTreeView", "QComboBox", NULL};
    data.rows = 1000000;
    bh_table_model_reset(data.model, data.rows);
    for (int i = 0; classes[i]; i++) {
        bh_object *other = bh_create(classes[i], NULL);
        data.cells = 0;
        double begin = used_ms();
        assert_int_equal(bh_table_view_set_model(other, data.model), BH_OK);
        bh_call(other, "show");
        process_for(20);
        assert_true(used_ms() - begin < 3000);
        assert_in_range(data.cells, 1, 20000);
        assert_int_equal(bh_table_view_set_model(other, data.model), BH_OK);
        bh_destroy(other);
    }
    assert_silent();
}

static void changes_are_told(void **state)
{
    (void)state;
    show();
    data.rows = 110;
    assert_int_equal(bh_table_model_rows_inserted(data.model, 100, 10), BH_OK);
    assert_int_equal(rows_told(), 110);
    data.rows = 5; /* the data has changed before the library is told */
    assert_int_equal(bh_table_model_rows_removed(data.model, 0, 105), BH_OK);
    assert_int_equal(rows_told(), 5);
    process_for(10);
    assert_int_equal(bh_table_model_cells_changed(data.model, 0, 0, 4, 2), BH_OK);
    assert_int_equal(bh_table_model_rows_inserted(data.model, 0, 0), BH_OK);
    data.rows = 0;
    assert_int_equal(bh_table_model_reset(data.model, 0), BH_OK);
    process_for(10);
    assert_silent();
}

static void changes_check_their_rows(void **state)
{
    (void)state;
    bh_object *model = data.model;
    assert_refused(bh_table_model_rows_inserted(model, 101, 1), BH_ERROR_RANGE, "row 101");
    assert_refused(bh_table_model_rows_inserted(model, -1, 1), BH_ERROR_RANGE, "row -1");
    assert_refused(bh_table_model_rows_inserted(model, 0, INT_MAX), BH_ERROR_RANGE, "count");
    assert_refused(bh_table_model_rows_inserted(model, 0, -1), BH_ERROR_RANGE, "count -1");
    assert_refused(bh_table_model_rows_removed(model, 90, 11), BH_ERROR_RANGE, "count 11");
    assert_refused(bh_table_model_rows_removed(model, INT_MAX, 1), BH_ERROR_RANGE, "row");
    assert_refused(bh_table_model_cells_changed(model, 0, 0, 100, 0), BH_ERROR_RANGE, "last_row 100");
    assert_refused(bh_table_model_cells_changed(model, 5, 0, 4, 0), BH_ERROR_RANGE, "last_row 4");
    assert_refused(bh_table_model_cells_changed(model, 0, 0, 0, 3), BH_ERROR_RANGE, "last_column 3");
    assert_refused(bh_table_model_cells_changed(model, 0, -1, 0, 0), BH_ERROR_RANGE, "first_column -1");
    assert_refused(bh_table_model_reset(model, -1), BH_ERROR_RANGE, "rows -1");
    assert_refused(bh_table_model_reset(model, INT_MAX), BH_ERROR_RANGE, "50000000");
    assert_refused(bh_table_model_get_rows(model, NULL), BH_ERROR_NULL, "rows");
    assert_refused(bh_table_model_reset(view, 1), BH_ERROR_CLASS, "QAbstractTableModel");
    assert_int_equal(rows_told(), 100);
}

static void no_change_while_a_cell_is_asked_for(void **state)
{
    (void)state;
    data.grow_inside = true;
    forget_heard();
    show();
    data.grow_inside = false;
    assert_heard(BH_ERROR_STATE, "asked for a cell");
    assert_int_equal(rows_told(), 100);
}

static void a_wrong_type_is_told_once(void **state)
{
    (void)state;
    data.wrong_type = true;
    forget_heard();
    show();
    assert_int_equal(heard.count, 1);
    assert_heard(BH_ERROR_TYPE, "BH_TABLE_ALIGNMENT: give a int");
}

static void titles_sort(void **state)
{
    (void)state;
    show();
    assert_int_equal(bh_call(view, "sortByColumn", 1, 0), BH_OK);
    assert_true(data.sorts >= 1); /* Qt may ask twice */
    assert_int_equal(data.sorted_column, 1);
    assert_false(data.descending);
    assert_int_equal(bh_call(view, "selectRow", 3), BH_OK);
    bh_call(view, "sortByColumn", 0, 1);
    assert_true(data.descending);
    int *rows;
    size_t count;
    assert_int_equal(bh_table_view_get_selected_rows(view, &rows, &count), BH_OK);
    assert_int_equal(count, 0); /* nobody knows where row 3 went */
    bh_free(rows);
    bh_object *unsorted = bh_table_model_create(&plain, 10, view, NULL);
    assert_int_equal(bh_table_view_set_model(view, unsorted), BH_OK);
    bool sorting = true;
    assert_int_equal(bh_get_bool(view, "sortingEnabled", &sorting), BH_OK);
    assert_false(sorting);
    process_for(10);
}

static void cells_are_edited(void **state)
{
    (void)state;
    show();
    assert_int_equal(bh_set_enum(view, "editTriggers", "CurrentChanged"), BH_OK);
    bh_call(view, "selectRow", 2); /* opens the editor of its first column, a number */
    process_for(10);
    bh_object *editor = bh_find(view, NULL, "QSpinBox");
    assert_non_null(editor);
    bh_set_int(editor, "value", 42);
    bh_call(view, "selectRow", 5);
    process_for(20);
    assert_int_equal(data.sets, 1);
    assert_string_equal(data.text, "42");
    assert_int_equal(rows_told(), 101); /* set_cell has added one */
}

static void selected_rows_come_sorted(void **state)
{
    (void)state;
    int *rows = NULL;
    size_t count = 7;
    show();
    bh_set_enum(view, "selectionMode", "MultiSelection");
    bh_call(view, "selectRow", 9);
    bh_call(view, "selectRow", 2);
    bh_call(view, "selectRow", 3);
    assert_int_equal(bh_table_view_get_selected_rows(view, &rows, &count), BH_OK);
    assert_int_equal(count, 3);
    assert_int_equal(rows[0], 2);
    assert_int_equal(rows[1], 3);
    assert_int_equal(rows[2], 9);
    bh_free(rows);
    data.rows = 1000000;
    bh_table_model_reset(data.model, data.rows);
    bh_set_enum(view, "selectionBehavior", "SelectItems");
    bh_call(view, "selectAll");
    assert_int_equal(bh_table_view_get_selected_rows(view, &rows, &count), BH_OK);
    assert_int_equal(count, 1000000);
    assert_int_equal(rows[999999], 999999);
    bh_free(rows);
    assert_refused(bh_table_view_get_selected_rows(view, NULL, &count), BH_ERROR_NULL, "rows");
    assert_int_equal(count, 0);
    assert_refused(bh_table_view_get_selected_rows(view, &rows, NULL), BH_ERROR_NULL, "count");
    bh_object *empty = bh_create("QListView", NULL);
    assert_int_equal(bh_table_view_get_selected_rows(empty, &rows, &count), BH_OK);
    assert_int_equal(count, 0);
    bh_free(rows);
    bh_destroy(empty);
    for (int nth = 1; nth <= 2; nth++) {
        bh__fail_allocation(nth);
        assert_refused(bh_table_view_get_selected_rows(view, &rows, &count), BH_ERROR_MEMORY, "no memory");
        assert_null(rows);
    }
    bh__fail_allocation(0);
}

static void views_check_their_arguments(void **state)
{
    (void)state;
    bh_object *widget = bh_create("QTableWidget", NULL), *combo = bh_create("QComboBox", NULL);
    assert_refused(bh_table_view_set_model(widget, data.model), BH_ERROR_CLASS, "its own model");
    assert_refused(bh_table_view_set_model(view, view), BH_ERROR_CLASS, "QAbstractTableModel");
    assert_refused(bh_table_view_set_model(view, bh_find(widget, NULL, "QAbstractTableModel")), BH_ERROR_CLASS,
                   "bh_table_model_create");
    assert_refused(bh_table_view_set_model(bh_create("QLabel", widget), data.model), BH_ERROR_CLASS, "QComboBox");
    assert_refused(bh_table_view_set_model(view, NULL), BH_ERROR_NULL, "model");
    assert_int_equal(bh_table_view_set_rows(view, 20, false), BH_OK);
    assert_refused(bh_table_view_set_rows(view, 0, true), BH_ERROR_RANGE, "height");
    assert_refused(bh_table_view_set_rows(combo, 20, true), BH_ERROR_CLASS, "QTableView");
    assert_int_equal(bh_table_view_set_column_width(view, 0, 120), BH_OK);
    assert_int_equal(bh_table_view_set_column_width(view, 1, -1), BH_OK);
    assert_refused(bh_table_view_set_column_width(view, 3, 10), BH_ERROR_RANGE, "column 3");
    assert_refused(bh_table_view_set_column_width(view, 0, INT_MAX), BH_ERROR_RANGE, "width");
    assert_refused(bh_table_view_set_column_width(combo, 0, 10), BH_ERROR_CLASS, "QTreeView");
    bh_object *calendar = bh_create("QCalendarWidget", widget);
    assert_refused(bh_table_view_set_model(bh_find(calendar, NULL, "QTableView"), data.model), BH_ERROR_CLASS, "its own model");
    bh_destroy(widget);
    bh_destroy(combo);
}

static void descriptions_are_checked(void **state)
{
    (void)state;
    bh_table_model wrong = plain;
    int local;
    assert_not_made(bh_table_model_create(NULL, 1, NULL, NULL), BH_ERROR_NULL, "description");
    wrong.size = 0;
    assert_not_made(bh_table_model_create(&wrong, 1, NULL, NULL), BH_ERROR_RANGE, "define it with BH_TABLE_MODEL_INIT");
    wrong.size = 7;
    assert_not_made(bh_table_model_create(&wrong, 1, NULL, NULL), BH_ERROR_RANGE, "size is 7");
    wrong = plain;
    wrong.cell = NULL;
    assert_not_made(bh_table_model_create(&wrong, 1, NULL, NULL), BH_ERROR_NULL, ".cell");
    wrong = plain;
    wrong.columns = 0;
    assert_not_made(bh_table_model_create(&wrong, 1, NULL, NULL), BH_ERROR_RANGE, "columns 0");
    wrong.columns = COLUMNS;
    wrong.titles = (const char *const[]){"a", NULL, "c"};
    assert_not_made(bh_table_model_create(&wrong, 1, NULL, NULL), BH_ERROR_NULL, "column 1");
    assert_not_made(bh_table_model_create(&plain, -1, NULL, NULL), BH_ERROR_RANGE, "rows -1");
    assert_not_made(bh_table_model_create(&plain, INT_MAX, NULL, NULL), BH_ERROR_RANGE, "rows 2147483647");
    assert_not_made(bh_table_model_create(&plain, 1, (bh_object *)&local, NULL), BH_ERROR_NOT_A_HANDLE, "no handle");
    for (int nth = 1; nth < 9; nth++) {
        bh__fail_allocation(nth);
        bh_object *made = bh_table_model_create(&whole, 1, NULL, NULL);
        assert_true(made ? !bh__allocation_failed() : bh__allocation_failed());
        assert_int_equal(data.destroyed, 0);
        bh_destroy(made);
        assert_int_equal(data.destroyed, made != NULL);
        data.destroyed = 0;
    }
    bh__fail_allocation(0);
}

static struct {
    int calls;
    bh_index now, before;
} current;

static void on_current(void *user, bh_index now, bh_index before)
{
    (void)user;
    current.calls++;
    current.now = now;
    current.before = before;
}

static void selection_is_told_and_cells_are_scrolled_to(void **state)
{
    (void)state;
    bh_object *empty = bh_create("QTableView", NULL);
    show();
    bh_object *selection = bh_table_view_selection(view);
    assert_non_null(bh_connect(selection, "currentRowChanged", BH_CALLBACK(on_current, bh_index, bh_index), NULL, NULL));
    bh_call(view, "selectRow", 2);
    bh_call(view, "selectRow", 5);
    assert_int_equal(current.calls, 2);
    assert_int_equal(current.now.row, 5);
    assert_int_equal(current.before.row, 2);
    assert_not_made(bh_table_view_selection(empty), BH_ERROR_STATE, "shows no model");
    assert_not_made(bh_table_view_selection(NULL), BH_ERROR_NULL, "view");
    data.rows = 1000;
    bh_table_model_reset(data.model, data.rows);
    assert_int_equal(bh_table_view_scroll_to(view, 999, 0), BH_OK);
    process_for(20);
    assert_true(data.greatest_row > 900);
    assert_refused(bh_table_view_scroll_to(view, 1000, 0), BH_ERROR_RANGE, "row 1000");
    assert_refused(bh_table_view_scroll_to(view, 0, COLUMNS), BH_ERROR_RANGE, "column 3");
    assert_refused(bh_table_view_scroll_to(empty, 0, 0), BH_ERROR_RANGE, "row 0");
    bh_destroy(empty);
}

static void the_model_goes_before_its_view(void **state)
{
    (void)state;
    show();
    assert_int_equal(bh_destroy(data.model), BH_OK);
    assert_int_equal(data.destroyed, 1);
    process_for(10);
    int rows = 5;
    assert_refused(bh_table_model_get_rows(data.model, &rows), BH_ERROR_STALE, "gone");
    assert_int_equal(rows, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_visible_cells_are_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(every_kind_of_view_shows_it, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(changes_check_their_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(no_change_while_a_cell_is_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_type_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(titles_sort, setup, teardown),
        cmocka_unit_test_setup_teardown(cells_are_edited, setup, teardown),
        cmocka_unit_test_setup_teardown(selected_rows_come_sorted, setup, teardown),
        cmocka_unit_test_setup_teardown(views_check_their_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(descriptions_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(selection_is_told_and_cells_are_scrolled_to, setup, teardown),
        cmocka_unit_test_setup_teardown(the_model_goes_before_its_view, setup, teardown),
    };
    return cmocka_run_group_tests(tests, with_app, without_app);
}
