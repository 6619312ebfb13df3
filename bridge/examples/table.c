/* A table of a million rows over data in C, with sorting, editing and a status line. */
#include <bulkhead/qt.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 1000000, NUMBER = 0, SQUARE = 1, NOTE = 2, COLUMNS = 3 };

static const char *const titles[] = {"Number", "Square", "Note"};

static struct {
    bool descending;
    char notes[ROWS][16];
} data;

static int number_at(int row)
{
    return data.descending ? ROWS - 1 - row : row;
}

static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
{
    (void)user;
    int number = number_at(row);
    if (role == BH_TABLE_ALIGNMENT && column != NOTE)
        *out = BH_VALUE(BH_ALIGN_RIGHT | BH_ALIGN_VCENTER);
    if (role != BH_TABLE_TEXT)
        return;
    if (column == NUMBER)
        *out = BH_VALUE(number);
    else if (column == SQUARE)
        *out = BH_VALUE((int64_t)number * number);
    else
        *out = BH_VALUE(data.notes[number]);
}

static bool set_cell(void *user, int row, int column, bh_table_role role, const bh_value *value)
{
    (void)user;
    if (role != BH_TABLE_EDIT || column != NOTE)
        return false;
    snprintf(data.notes[number_at(row)], sizeof data.notes[0], "%s", value->of.as_string);
    return true;
}

static bool editable(void *user, int row, int column)
{
    (void)user;
    (void)row;
    return column == NOTE;
}

static void sort(void *user, int column, bool descending)
{
    (void)user;
    (void)column;
    data.descending = descending;
}

static const bh_table_model squares = {
    BH_TABLE_MODEL_INIT,  .columns = COLUMNS,   .titles = titles, .cell = cell,
    .set_cell = set_cell, .editable = editable, .sort = sort,
};

static void on_clicked(void *user, bh_index index)
{
    char text[64];
    snprintf(text, sizeof text, "Row %d: %d", index.row + 1, number_at(index.row));
    bh_call(user, "showMessage", text);
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create("QMainWindow", NULL);
    bh_object *view = bh_create("QTableView", window);
    bh_set_string(window, "windowTitle", "Squares");
    bh_table_view_set_model(view, bh_table_model_create(&squares, ROWS, view, NULL));
    bh_main_window_set_central_widget(window, view);
    bh_connect(view, "clicked", BH_CALLBACK(on_clicked, bh_index), bh_main_window_status_bar(window), NULL);
    bh_set_size(window, "size", BH_SIZE(480, 360));
    bh_call(window, "show");
    return bh_app_exec();
}
