/* Items of the small list widgets: QComboBox, QListWidget, QTreeWidget. For more than some thousand rows, and for what changes, a
 * table model (table_model.h). Everything here: GUI thread. */
#ifndef BULKHEAD_ITEM_H
#define BULKHEAD_ITEM_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Appends one item, or all of a NULL-terminated list. The current one is the property "currentIndex" or "currentText". */
BH_API bh_status bh_combo_box_add_item(bh_object *combo, const char *text);
BH_API bh_status bh_combo_box_add_items(bh_object *combo, const char *const *texts);

/* Rows count from 0. TEXT got is a new string, yours: bh_free. The current row is the property "currentRow". */
BH_API bh_status bh_list_widget_add_item(bh_object *list, const char *text);
BH_API bh_status bh_list_widget_set_text(bh_object *list, int row, const char *text);
BH_API bh_status bh_list_widget_get_text(bh_object *list, int row, char **text);
BH_API bh_status bh_list_widget_remove(bh_object *list, int row);

/* A row of a QTreeWidget. A checked handle, stale when Qt has deleted it. */
typedef struct bh_tree_item bh_tree_item;

/* The column titles; their number is the number of columns. */
BH_API bh_status bh_tree_widget_set_header(bh_object *tree, const char *const *titles);

/* Appends an item with one text per column (NULL-terminated) under PARENT, or at the top (NULL). NULL on failure. */
BH_API bh_tree_item *bh_tree_widget_add_item(bh_object *tree, bh_tree_item *parent, const char *const *texts);
BH_API bh_status bh_tree_item_set_text(bh_tree_item *item, int column, const char *text);
BH_API bh_status bh_tree_item_get_text(bh_tree_item *item, int column, char **text);

/* What a pointer that rests on it is told, "" for nothing; and the colour of its text, NULL for the palette's. */
BH_API bh_status bh_tree_item_set_tool_tip(bh_tree_item *item, int column, const char *text);
BH_API bh_status bh_tree_item_set_color(bh_tree_item *item, int column, const bh_color *color);

BH_API bh_status bh_tree_item_set_expanded(bh_tree_item *item, bool expanded);
BH_API bh_status bh_tree_item_select(bh_tree_item *item);

/* Removes it and what is under it. NULL is BH_OK and does nothing. */
BH_API bh_status bh_tree_item_destroy(bh_tree_item *item);

/* The current item; ITEM is NULL if there is none or if it was not made here. */
BH_API bh_status bh_tree_widget_get_current(bh_object *tree, bh_tree_item **item);

#define bh_combo_box_add_item(...) BH_AT(bh_combo_box_add_item(__VA_ARGS__))
#define bh_combo_box_add_items(...) BH_AT(bh_combo_box_add_items(__VA_ARGS__))
#define bh_list_widget_add_item(...) BH_AT(bh_list_widget_add_item(__VA_ARGS__))
#define bh_list_widget_get_text(...) BH_AT(bh_list_widget_get_text(__VA_ARGS__))
#define bh_list_widget_remove(...) BH_AT(bh_list_widget_remove(__VA_ARGS__))
#define bh_list_widget_set_text(...) BH_AT(bh_list_widget_set_text(__VA_ARGS__))
#define bh_tree_item_destroy(...) BH_AT(bh_tree_item_destroy(__VA_ARGS__))
#define bh_tree_item_get_text(...) BH_AT(bh_tree_item_get_text(__VA_ARGS__))
#define bh_tree_item_select(...) BH_AT(bh_tree_item_select(__VA_ARGS__))
#define bh_tree_item_set_color(...) BH_AT(bh_tree_item_set_color(__VA_ARGS__))
#define bh_tree_item_set_tool_tip(...) BH_AT(bh_tree_item_set_tool_tip(__VA_ARGS__))
#define bh_tree_item_set_expanded(...) BH_AT(bh_tree_item_set_expanded(__VA_ARGS__))
#define bh_tree_item_set_text(...) BH_AT(bh_tree_item_set_text(__VA_ARGS__))
#define bh_tree_widget_add_item(...) BH_AT(bh_tree_widget_add_item(__VA_ARGS__))
#define bh_tree_widget_get_current(...) BH_AT(bh_tree_widget_get_current(__VA_ARGS__))
#define bh_tree_widget_set_header(...) BH_AT(bh_tree_widget_set_header(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
