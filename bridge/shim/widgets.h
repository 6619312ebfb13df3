/* The shim's functions for layouts, windows, items and table models. See shim.h. GUI thread, checked objects of the right class.
 * Creators return NULL after an exception. */
#ifndef SHIM_WIDGETS_H
#define SHIM_WIDGETS_H

#include "shim/shim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- layouts and containers (layout.cpp) */

typedef struct bhs_cell {
    int row, column, row_span, column_span;
} bhs_cell;

bhs_object *bhs_layout_widget(const bhs_object *layout);                  /* whose children it arranges; NULL: none yet */
/* ITEM is a widget or a layout. */
bh_status bhs_box_add(bhs_object *box, bhs_object *item, int stretch);
bh_status bhs_box_add_stretch(bhs_object *box, int stretch);
bh_status bhs_box_add_spacing(bhs_object *box, int pixels);
bh_status bhs_layout_set_margins(bhs_object *layout, int left, int top, int right, int bottom);
bh_status bhs_layout_remove_widget(bhs_object *layout, bhs_object *widget);
bh_status bhs_grid_add(bhs_object *grid, bhs_object *item, const bhs_cell *cell);
bh_status bhs_grid_set_stretch(bhs_object *grid, bool row, int index, int stretch);
bh_status bhs_form_add_row(bhs_object *form, const char *label, bhs_object *field);
/* Of a QLayout, QSplitter, QTabWidget or QStackedWidget: where WIDGET is (-1: not there), and how many there are. */
int bhs_index_of(const bhs_object *container, const bhs_object *widget);
int bhs_tab_count(const bhs_object *tabs);
bh_status bhs_splitter_add(bhs_object *splitter, bhs_object *widget, int stretch);
bh_status bhs_tab_add(bhs_object *tabs, bhs_object *page, const char *label, int *index);
bh_status bhs_tab_set_text(bhs_object *tabs, int index, const char *label);
bh_status bhs_stack_add(bhs_object *stack, bhs_object *page, int *index);
/* The widget there before is deleted from the event loop. */
bh_status bhs_scroll_area_set_widget(bhs_object *area, bhs_object *widget);
bh_status bhs_label_set_buddy(bhs_object *label, bhs_object *buddy);

/* --- windows (window.cpp) */

bh_status bhs_main_window_set_central(bhs_object *window, bhs_object *widget);
bhs_object *bhs_dock_create(bhs_object *window, const char *title);
bh_status bhs_dock_place(bhs_object *window, bhs_object *dock, bhs_object *widget, int area);
bhs_object *bhs_main_window_bar(bhs_object *window, bool menu);           /* the status bar, or the menu bar */
bhs_object *bhs_tool_bar_create(bhs_object *window, const char *title);
bh_status bhs_tool_bar_place(bhs_object *window, bhs_object *bar);
bool bhs_status_bar_has(const bhs_object *bar, const bhs_object *widget);
bh_status bhs_status_bar_add(bhs_object *bar, bhs_object *widget, bool permanent);
bhs_object *bhs_menu_create(bhs_object *parent, const char *title);
bh_status bhs_menu_place(bhs_object *menu_or_bar, bhs_object *menu);
bhs_object *bhs_action_create(bhs_object *widget, const char *text, const void *key_sequence); /* a QKeySequence or NULL */
bh_status bhs_action_place(bhs_object *widget, bhs_object *action);
bool bhs_action_leads_to(const bhs_object *action, const bhs_object *widget); /* its menu is WIDGET, or opens it */
bh_status bhs_separator_add(bhs_object *widget);

/* Something that runs once from the GUI thread's event loop. */
typedef struct bhs_later {
    void (*run)(struct bhs_later *later);
    void (*drop)(struct bhs_later *later); /* after run, perhaps inside it; alone if the application goes first */
} bhs_later;

bh_status bhs_later_start(bhs_later *later, int ms);

/* A splash screen of IMAGE, or a plain one if that is NULL or cannot be read. */
bhs_object *bhs_splash_create(const char *image, bool *readable);
bh_status bhs_splash_show(bhs_object *splash, bhs_later *painted, int ms); /* PAINTED runs after the first paint or after MS */
bh_status bhs_splash_message(bhs_object *splash, const char *text);
bh_status bhs_splash_finish(bhs_object *splash, bhs_object *window);       /* once WINDOW is seen; NULL: now */

/* Dialogs that tell the core how they ended. ASK is the core's. */
bhs_object *bhs_message_box_create(bhs_object *parent, void *ask);
bh_status bhs_message_box_prepare(bhs_object *box, int icon, const char *title, const char *text, int buttons);
bhs_object *bhs_file_dialog_create(bhs_object *parent, void *ask);
/* MODE: bh_file_mode. */
bh_status bhs_file_dialog_prepare(bhs_object *dialog, int mode, const char *title, const char *folder, const char *filter);
bool bhs_file_dialog_paths(const bhs_object *dialog, bh_value *out);       /* bhs_release it */
bh_status bhs_dialog_open(bhs_object *dialog);
void bh__on_dialog_finished(void *ask, bhs_object *dialog, int result);
void bh__on_dialog_gone(void *ask);

/* --- items (item.cpp) */

int bhs_item_count(const bhs_object *list);                                /* of a QComboBox or QListWidget */
bh_status bhs_combo_add(bhs_object *combo, const char *const *texts);
bh_status bhs_list_add(bhs_object *list, const char *text);
bh_status bhs_list_set_text(bhs_object *list, int row, const char *text);
char *bhs_list_text(const bhs_object *list, int row);                      /* bh__malloc */
bh_status bhs_list_remove(bhs_object *list, int row);

typedef struct bhs_tree_item bhs_tree_item; /* a QTreeWidgetItem of ours */

bh_status bhs_tree_set_header(bhs_object *tree, const char *const *titles, int count);
int bhs_tree_columns(const bhs_object *tree);
bhs_tree_item *bhs_tree_item_create(const char *const *texts);
void bhs_tree_item_set_handle(bhs_tree_item *item, void *handle);
bh_status bhs_tree_item_place(bhs_object *tree, bhs_tree_item *parent, bhs_tree_item *item);
void *bhs_tree_item_handle(const bhs_tree_item *item);
bhs_object *bhs_tree_item_tree(const bhs_tree_item *item);
int bhs_tree_item_depth(const bhs_tree_item *item);                        /* 1 at the top */
bh_status bhs_tree_item_set_text(bhs_tree_item *item, int column, const char *text);
char *bhs_tree_item_text(const bhs_tree_item *item, int column);           /* bh__malloc */
bh_status bhs_tree_item_set_expanded(bhs_tree_item *item, bool expanded);
bh_status bhs_tree_item_select(bhs_tree_item *item);
void bhs_tree_item_delete(bhs_tree_item *item);
bhs_tree_item *bhs_tree_current(const bhs_object *tree);                   /* NULL: none, or not one of ours */
void bh__on_tree_item_gone(void *handle);

/* --- table models (table_model.cpp) */

typedef enum bhs_table_change { BHS_TABLE_INSERT, BHS_TABLE_REMOVE, BHS_TABLE_RESET } bhs_table_change;

bhs_object *bhs_table_create(bhs_object *parent, void *table);
void *bhs_table_of(const bhs_object *model);                               /* NULL: not one of ours */
void bhs_table_begin(bhs_object *model, bhs_table_change change, int row, int count);
void bhs_table_end(bhs_object *model, bhs_table_change change);
void bhs_table_changed(bhs_object *model, int first_row, int first_column, int last_row, int last_column);
bh_status bhs_view_set_model(bhs_object *view, bhs_object *model);
int bhs_view_columns(const bhs_object *view);
bh_status bhs_view_set_column_width(bhs_object *view, int column, int width); /* negative: as the visible content */
bh_status bhs_view_selected(const bhs_object *view, void (*visit)(int first_row, int last_row, void *user), void *user);

/* The core answers for any row and column. False: nothing there. */
int bh__on_table_rows(const void *table);
int bh__on_table_columns(const void *table);
bool bh__on_table_sorts(const void *table);
bool bh__on_table_cell(void *table, int row, int column, int role, bh_value *out); /* ROLE: bh_table_role */
bool bh__on_table_title(void *table, int section, bool of_row, bh_value *out);
bool bh__on_table_editable(void *table, int row, int column);
bool bh__on_table_set(void *table, int row, int column, int role, const bh_value *value);
void bh__on_table_sort(void *table, int column, bool descending);
void bh__on_table_gone(void *table);

#ifdef __cplusplus
}
#endif
#endif
