/* A table over data in C: a real QAbstractTableModel that asks your functions only for the cells it shows, so that a million rows
 * scroll as fast as ten.
 *
 *     static void cell(void *user, int row, int column, bh_table_role role, bh_value *out)
 *     {
 *         if (role == BH_TABLE_TEXT)
 *             *out = BH_VALUE(people[row].name);
 *     }
 *     static const bh_table_model people_model = { BH_TABLE_MODEL_INIT, .columns = 2, .titles = titles, .cell = cell };
 *     bh_object *model = bh_table_model_create(&people_model, 100, view, NULL);
 *     bh_table_view_set_model(view, model);
 *
 * The number of rows is the library's: it is told of changes after they were made, and never asks for a row beyond. */
#ifndef BULKHEAD_TABLE_MODEL_H
#define BULKHEAD_TABLE_MODEL_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bh_table_role {
    BH_TABLE_TEXT,       /* string, or a number that Qt shows by locale */
    BH_TABLE_EDIT,       /* what an editor starts with; void: BH_TABLE_TEXT */
    BH_TABLE_TOOL_TIP,   /* string */
    BH_TABLE_ALIGNMENT,  /* int, BH_ALIGN_… */
    BH_TABLE_FOREGROUND, /* bh_color */
    BH_TABLE_BACKGROUND, /* bh_color */
    BH_TABLE_CHECKED,    /* bool; void: no check box */
    BH_TABLE_MARK,       /* bh_color: a small square of it before the text, as in a legend */
    BH_TABLE_BOLD,       /* bool: bold text */
    BH_TABLE_BAR         /* double, 0 to 1: a bar behind the text, this part of the cell; not where there is a background */
} bh_table_role;

typedef struct bh_table_model {
    size_t size; /* set by BH_TABLE_MODEL_INIT */
    int columns;
    const char *const *titles; /* one per column, or NULL */

    /* One cell. *OUT comes as void; leave it so where there is nothing. What it points to must live until the next call. GUI thread,
     * often, mostly while the table is painted (painter.h): no files, no locks, no event loop. */
    void (*cell)(void *user, int row, int column, bh_table_role role, bh_value *out);

    /* The user has edited a cell (BH_TABLE_EDIT: a string) or its check box (BH_TABLE_CHECKED: a bool). Returns whether it was taken.
     * NULL: the table is read-only. */
    bool (*set_cell)(void *user, int row, int column, bh_table_role role, const bh_value *value);

    /* Which cells can be edited; NULL with set_cell: all. */
    bool (*editable)(void *user, int row, int column);

    /* The title of a row; NULL: its number from 1. */
    void (*row_title)(void *user, int row, bh_value *out);

    /* The user has clicked a column title: order your data, the library then asks for all visible cells anew. NULL: no sorting. */
    void (*sort)(void *user, int column, bool descending);

    /* Runs once when the model is gone. */
    void (*destroyed)(void *user);
} bh_table_model;

#define BH_TABLE_MODEL_INIT .size = sizeof(bh_table_model)

/* Creates a model with ROWS rows. DESCRIPTION must live as long as the program (a static const). PARENT may be NULL. GUI thread, as all
 * that follows. NULL on failure; `destroyed` does not run then. */
BH_API bh_object *bh_table_model_create(const bh_table_model *description, int rows, bh_object *parent, void *user);

/* Tell of changes, after your data has changed. ROW counts from 0; rows are inserted before ROW, and removed from ROW on. */
BH_API bh_status bh_table_model_rows_inserted(bh_object *model, int row, int count);
BH_API bh_status bh_table_model_rows_removed(bh_object *model, int row, int count);
BH_API bh_status bh_table_model_cells_changed(bh_object *model, int first_row, int first_column, int last_row, int last_column);

/* Everything is new. Selections are lost; for growth at the end, rows_inserted keeps them. */
BH_API bh_status bh_table_model_reset(bh_object *model, int rows);
BH_API bh_status bh_table_model_get_rows(const bh_object *model, int *rows);

/* Shows MODEL in VIEW (QTableView, QListView, QTreeView, QComboBox). Clicked cells come as bh_index from "clicked(QModelIndex)". */
BH_API bh_status bh_table_view_set_model(bh_object *view, bh_object *model);

/* WIDTH in pixels; negative: as wide as the visible content. */
BH_API bh_status bh_table_view_set_column_width(bh_object *view, int column, int width);

/* The rows of a QTableView: HEIGHT pixels each, and whether their titles stand before them. */
BH_API bh_status bh_table_view_set_rows(bh_object *view, int height, bool titles);

/* The rows that are selected, sorted, one block, yours: bh_free. None is no error. */
BH_API bh_status bh_table_view_get_selected_rows(bh_object *view, int **rows, size_t *count);

/* The view's QItemSelectionModel, which is Qt's and goes with the next bh_table_view_set_model: connect to
 * "currentRowChanged(QModelIndex,QModelIndex)", whose bh_index are the new row and the one before, -1 for none. BH_ERROR_STATE: the view shows
 * no model. NULL on failure. */
BH_API bh_object *bh_table_view_selection(bh_object *view);

/* Scrolls a QTableView, QTreeView or QListView as little as shows the cell. It selects nothing: bh_call(view, "selectRow", row) does. */
BH_API bh_status bh_table_view_scroll_to(bh_object *view, int row, int column);

#define bh_table_model_cells_changed(...) BH_AT(bh_table_model_cells_changed(__VA_ARGS__))
#define bh_table_model_create(...) BH_AT(bh_table_model_create(__VA_ARGS__))
#define bh_table_model_get_rows(...) BH_AT(bh_table_model_get_rows(__VA_ARGS__))
#define bh_table_model_reset(...) BH_AT(bh_table_model_reset(__VA_ARGS__))
#define bh_table_model_rows_inserted(...) BH_AT(bh_table_model_rows_inserted(__VA_ARGS__))
#define bh_table_model_rows_removed(...) BH_AT(bh_table_model_rows_removed(__VA_ARGS__))
#define bh_table_view_get_selected_rows(...) BH_AT(bh_table_view_get_selected_rows(__VA_ARGS__))
#define bh_table_view_scroll_to(...) BH_AT(bh_table_view_scroll_to(__VA_ARGS__))
#define bh_table_view_selection(...) BH_AT(bh_table_view_selection(__VA_ARGS__))
#define bh_table_view_set_column_width(...) BH_AT(bh_table_view_set_column_width(__VA_ARGS__))
#define bh_table_view_set_rows(...) BH_AT(bh_table_view_set_rows(__VA_ARGS__))
#define bh_table_view_set_model(...) BH_AT(bh_table_view_set_model(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
