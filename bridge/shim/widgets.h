/* The shim's functions for layouts, windows, items and table models. See shim.h. GUI thread, checked objects of the right class.
 * Creators return NULL after an exception. */
#ifndef SHIM_WIDGETS_H
#define SHIM_WIDGETS_H

#include "shim/painter.h"
#include "shim/shim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- layouts and containers (layout.cpp) */

typedef struct bhs_cell {
    int row, column, row_span, column_span;
} bhs_cell;

bhs_object *bhs_layout_widget(const bhs_object *layout); /* whose children it arranges; NULL: none yet */
/* ITEM is a widget or a layout. */
bh_status bhs_box_add(bhs_object *box, bhs_object *item, int stretch);
bh_status bhs_box_add_space(bhs_object *box, bool stretches, int size); /* a share, or pixels */
bh_status bhs_layout_set_margins(bhs_object *layout, int left, int top, int right, int bottom);
bh_status bhs_layout_remove_widget(bhs_object *layout, bhs_object *widget);
bh_status bhs_grid_add(bhs_object *grid, bhs_object *item, const bhs_cell *cell);
bh_status bhs_grid_set_stretch(bhs_object *grid, bool row, int index, int stretch);
bh_status bhs_form_add_row(bhs_object *form, const char *label, bhs_object *field);
/* Of a QLayout, QTabWidget or QStackedWidget: where WIDGET is; -1: not there. */
int bhs_index_of(const bhs_object *container, const bhs_object *widget);
bh_status bhs_splitter_add(bhs_object *splitter, bhs_object *widget, int stretch);
/* Returns how many widgets it has. SIZES has room for, or is, one for each of them; NULL: not wanted. */
int bhs_splitter_sizes(const bhs_object *splitter, int *sizes);
bh_status bhs_splitter_set_sizes(bhs_object *splitter, const int *sizes, int count);
/* PAGES is a QTabWidget, or a QStackedWidget, which has no labels. */
bh_status bhs_page_add(bhs_object *pages, bhs_object *page, const char *label, int *index);
bh_status bhs_tab_set_text(bhs_object *tabs, int index, const char *label);
/* The widget there before is deleted from the event loop. */
bh_status bhs_scroll_area_set_widget(bhs_object *area, bhs_object *widget);
bh_status bhs_label_set_buddy(bhs_object *label, bhs_object *buddy);

/* --- windows (window.cpp) */

bh_status bhs_main_window_place(bhs_object *window, bhs_object *widget, bool tool_bar); /* as a tool bar, or in the middle */
bh_status bhs_dock_place(bhs_object *window, bhs_object *dock, bhs_object *widget, int area);
bhs_object *bhs_main_window_bar(bhs_object *window, bool menu); /* the menu bar, or the status bar */
bh_status bhs_status_bar_add(bhs_object *bar, bhs_object *widget, bool permanent);
bh_status bhs_action_place(bhs_object *widget, bhs_object *action_or_menu);
bh_status bhs_separator_add(bhs_object *widget);
bh_status bhs_menu_popup(bhs_object *menu, bh_point at);
bool bhs_action_leads_to(const bhs_object *action, const bhs_object *widget); /* its menu is WIDGET, or opens it */
bh_status bhs_save_picture(bhs_object *widget, const char *file, bool *saved);

/* A splash screen of IMAGE, or a plain one if that is NULL or cannot be read. SHOWING is the core's. */
bhs_object *bhs_splash_create(const char *image, bool *readable, void *showing);
void bh__on_splash_painted(void *showing, bhs_painter *painter,
                           bh_size size); /* each time; core: paints what is above the image */

bhs_object *bhs_message_box_button(const bhs_object *box, int button); /* NULL: the QMessageBox has none such */
bh_status bhs_file_dialog_start(bhs_object *dialog, const char *folder, const char *filter);

/* --- items (item.cpp) */

bh_status bhs_items_add(bhs_object *combo_or_list, const char *const *texts);
bh_status bhs_list_set_text(bhs_object *list, int row, const char *text);
char *bhs_list_text(const bhs_object *list, int row); /* bh__malloc */
bh_status bhs_list_remove(bhs_object *list, int row);

typedef struct bhs_tree_item bhs_tree_item; /* a QTreeWidgetItem of ours */

bh_status bhs_tree_set_header(bhs_object *tree, const char *const *titles, int count);
bhs_tree_item *bhs_tree_item_create(const char *const *texts, void *record); /* RECORD is the core's */
bh_status bhs_tree_item_place(bhs_object *tree, bhs_tree_item *parent, bhs_tree_item *item);
/* ROLE is Qt's; NULL: as if it had never been set. */
bh_status bhs_tree_item_set(bhs_tree_item *item, int column, int role, const bh_value *value);
char *bhs_tree_item_text(bhs_tree_item *item, int column); /* bh__malloc */
bh_status bhs_tree_item_set_expanded(bhs_tree_item *item, bool expanded);
bh_status bhs_tree_item_select(bhs_tree_item *item);
void bhs_tree_item_delete(bhs_tree_item *item);
void *bhs_tree_current(const bhs_object *tree); /* a record; NULL: none, or not one of ours */
void bh__on_tree_item_gone(void *record);

/* --- table models (table_model.cpp) */

/* The role that a part of a cell is asked by: Qt::UserRole. Answered to Qt as a background. */
enum { BHS_ROLE_BAR = 0x100 };

typedef enum bhs_table_change { BHS_TABLE_INSERT, BHS_TABLE_REMOVE, BHS_TABLE_RESET } bhs_table_change;

bhs_object *bhs_table_create(bhs_object *parent, void *table);
void *bhs_table_of(const bhs_object *model); /* NULL: not one of ours */
void bhs_table_begin(bhs_object *model, bhs_table_change change, int row, int count);
void bhs_table_end(bhs_object *model, bhs_table_change change);
void bhs_table_changed(bhs_object *model, int first_row, int first_column, int last_row, int last_column);
bh_status bhs_view_set_model(bhs_object *view, bhs_object *model);
bhs_object *bhs_view_selection(bhs_object *view); /* NULL: no model */
bh_status bhs_view_scroll_to(bhs_object *view, int row, int column);
bh_size bhs_view_cells(const bhs_object *view);           /* columns and rows */
bhs_object *bhs_view_row_header(const bhs_object *table); /* of a QTableView */
bh_status bhs_view_set_column_width(bhs_object *view, int column, int width);
bh_status bhs_view_selected(const bhs_object *view, void (*visit)(int first_row, int last_row, void *user), void *user);

/* The core answers for any row and column. ROLE is Qt's. */
int bh__on_table_rows(const void *table);
int bh__on_table_columns(const void *table);
bool bh__on_table_cell(void *table, int row, int column, int role, bh_value *out); /* false: nothing to show */
bool bh__on_table_title(void *table, int section, bool of_row, bh_value *out);
bool bh__on_table_editable(void *table, int row, int column);
bool bh__on_table_set(void *table, int row, int column, int role, const char *text, bool checked);
void bh__on_table_sort(void *table, int column, bool descending);
void bh__on_table_gone(void *table);

#ifdef __cplusplus
}
#endif
#endif
