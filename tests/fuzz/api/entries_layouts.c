/* layout.h and item.h */
#include "fuzz.h"

#define LABEL fuzz_object("QLabel")
#define WIDGET fuzz_object("QWidget")
#define BOX fuzz_object("QBoxLayout")
#define GRID fuzz_object("QGridLayout")

/* A layout without parent, which can go into another one. */
static bh_object *loose_layout(void)
{
    static const char *const classes[] = {"QHBoxLayout", "QVBoxLayout", "QGridLayout", "QFormLayout"};
    if (fuzz_chance(30))
        return fuzz_object("QLayout");
    bh_object *layout = bh_create(classes[fuzz_below(4)], NULL);
    fuzz_keep_object(layout, NULL);
    return layout;
}

FUZZ_CALL(bh_layout_add_widget, BOX, WIDGET, fuzz_int())
FUZZ_CALL(bh_layout_add_layout, BOX, loose_layout(), fuzz_int())
FUZZ_CALL(bh_layout_add_stretch, BOX, fuzz_int())
FUZZ_CALL(bh_layout_add_spacing, BOX, fuzz_int())
FUZZ_CALL(bh_layout_set_margins, fuzz_object("QLayout"), fuzz_int(), fuzz_int(), fuzz_int(), fuzz_int())
FUZZ_CALL(bh_grid_add_widget, GRID, WIDGET, fuzz_row(), fuzz_row(), fuzz_row(), fuzz_row())
FUZZ_CALL(bh_grid_add_layout, GRID, loose_layout(), fuzz_row(), fuzz_row(), fuzz_row(), fuzz_row())
FUZZ_CALL(bh_grid_set_row_stretch, GRID, fuzz_row(), fuzz_int())
FUZZ_CALL(bh_grid_set_column_stretch, GRID, fuzz_row(), fuzz_int())
FUZZ_CALL(bh_form_add_row, fuzz_object("QFormLayout"), fuzz_text(), WIDGET)
FUZZ_CALL(bh_splitter_add_widget, fuzz_object("QSplitter"), WIDGET, fuzz_int())
FUZZ_CALL(bh_tab_widget_set_tab_text, fuzz_object("QTabWidget"), fuzz_row(), fuzz_text())
FUZZ_CALL(bh_scroll_area_set_widget, fuzz_object("QScrollArea"), WIDGET)
FUZZ_CALL(bh_label_set_buddy, LABEL, WIDGET)

/* Most are taken out of the layout that they were put into just before. */
static fuzz_result run_bh_layout_remove_widget(void)
{
    bh_object *layout = BOX, *widget = WIDGET;
    if (fuzz_chance(50))
        bh_layout_add_widget(layout, widget, 0);
    return fuzz_status(bh_layout_remove_widget(layout, widget));
}

static fuzz_result run_bh_splitter_get_sizes(void)
{
    int *sizes = fuzz_garbage();
    size_t count = 7;
    bool no_place = fuzz_chance(5);
    bh_status status = bh_splitter_get_sizes(fuzz_object("QSplitter"), no_place ? NULL : &sizes, &count);
    if (status && ((!no_place && sizes) || count))
        fuzz_complain("bh_splitter_get_sizes", "a result was left after a failure", "");
    if (!status)
        bh_free(sizes);
    return fuzz_status(status);
}

static fuzz_result run_bh_splitter_set_sizes(void)
{
    int sizes[8], count = 0;
    bh_object *splitter = fuzz_object("QSplitter");
    for (int i = 0; i < 8; i++)
        sizes[i] = fuzz_chance(80) ? fuzz_small(0, 500) : fuzz_int();
    if (!fuzz_chance(70) || bh_get_int(splitter, "count", &count) || count > 8)
        count = fuzz_small(0, 8);
    return fuzz_status(bh_splitter_set_sizes(splitter, fuzz_chance(5) ? NULL : sizes, (size_t)count));
}

static fuzz_result run_bh_tab_widget_add_tab(void)
{
    int index;
    return fuzz_status(bh_tab_widget_add_tab(fuzz_object("QTabWidget"), WIDGET, fuzz_text(), fuzz_chance(50) ? NULL : &index));
}

static fuzz_result run_bh_stacked_widget_add_widget(void)
{
    int index;
    return fuzz_status(bh_stacked_widget_add_widget(fuzz_object("QStackedWidget"), WIDGET, fuzz_chance(50) ? NULL : &index));
}

const fuzz_entry fuzz_layout_entries[] = {
    FUZZ_ENTRY(bh_layout_add_widget),
    FUZZ_ENTRY(bh_layout_add_layout),
    FUZZ_ENTRY(bh_layout_add_stretch),
    FUZZ_ENTRY(bh_layout_add_spacing),
    FUZZ_ENTRY(bh_layout_set_margins),
    FUZZ_ENTRY(bh_layout_remove_widget),
    FUZZ_ENTRY(bh_grid_add_widget),
    FUZZ_ENTRY(bh_grid_add_layout),
    FUZZ_ENTRY(bh_grid_set_row_stretch),
    FUZZ_ENTRY(bh_grid_set_column_stretch),
    FUZZ_ENTRY(bh_form_add_row),
    FUZZ_ENTRY(bh_splitter_add_widget),
    FUZZ_ENTRY(bh_splitter_get_sizes),
    FUZZ_ENTRY(bh_splitter_set_sizes),
    FUZZ_ENTRY(bh_tab_widget_add_tab),
    FUZZ_ENTRY(bh_tab_widget_set_tab_text),
    FUZZ_ENTRY(bh_stacked_widget_add_widget),
    FUZZ_ENTRY(bh_scroll_area_set_widget),
    FUZZ_ENTRY(bh_label_set_buddy),
    {NULL, NULL, 0},
};

/* --- item.h */

#define LIST fuzz_object("QListWidget")
#define TREE fuzz_object("QTreeWidget")
#define ITEM fuzz_thing(FUZZ_TREE_ITEM)

FUZZ_CALL(bh_combo_box_add_item, fuzz_object("QComboBox"), fuzz_text())
FUZZ_CALL(bh_combo_box_add_items, fuzz_object("QComboBox"), fuzz_strings())
FUZZ_CALL(bh_list_widget_add_item, LIST, fuzz_text())
FUZZ_CALL(bh_list_widget_set_text, LIST, fuzz_row(), fuzz_text())
FUZZ_CALL(bh_list_widget_remove, LIST, fuzz_row())
FUZZ_CALL(bh_tree_widget_set_header, TREE, fuzz_strings())
FUZZ_CALL(bh_tree_item_set_text, ITEM, fuzz_row(), fuzz_text())
FUZZ_CALL(bh_tree_item_set_expanded, ITEM, fuzz_bool())
FUZZ_CALL(bh_tree_item_set_tool_tip, ITEM, fuzz_row(), fuzz_text())
FUZZ_CALL(bh_tree_item_select, ITEM)
FUZZ_CALL(bh_tree_item_destroy, ITEM)

static fuzz_result got_text(const char *call, bh_status status, bool no_place, char *text)
{
    if (status && !no_place && text)
        fuzz_complain(call, "a result was left after a failure", "");
    if (!status)
        bh_free(text);
    return fuzz_status(status);
}

static fuzz_result run_bh_tree_item_set_color(void)
{
    bh_color color = BH_RGBA((uint8_t)fuzz_below(256), 0, 255, (uint8_t)fuzz_below(256));
    return fuzz_status(bh_tree_item_set_color(ITEM, fuzz_row(), fuzz_chance(20) ? NULL : &color));
}

static fuzz_result run_bh_list_widget_get_text(void)
{
    char *text = fuzz_garbage();
    bool no_place = fuzz_chance(5);
    bh_status status = bh_list_widget_get_text(LIST, fuzz_row(), no_place ? NULL : &text);
    return got_text("bh_list_widget_get_text", status, no_place, text);
}

static fuzz_result run_bh_tree_item_get_text(void)
{
    char *text = fuzz_garbage();
    bool no_place = fuzz_chance(5);
    bh_status status = bh_tree_item_get_text(ITEM, fuzz_row(), no_place ? NULL : &text);
    return got_text("bh_tree_item_get_text", status, no_place, text);
}

static fuzz_result run_bh_tree_widget_add_item(void)
{
    bh_tree_item *item = bh_tree_widget_add_item(TREE, fuzz_chance(50) ? NULL : ITEM, fuzz_strings());
    fuzz_keep(FUZZ_TREE_ITEM, item);
    return item ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_tree_widget_get_current(void)
{
    bh_tree_item *item = fuzz_garbage();
    bool no_place = fuzz_chance(5);
    bh_status status = bh_tree_widget_get_current(TREE, no_place ? NULL : &item);
    if (status && !no_place && item)
        fuzz_complain("bh_tree_widget_get_current", "a result was left after a failure", "");
    return fuzz_status(status);
}

const fuzz_entry fuzz_item_entries[] = {
    FUZZ_ENTRY(bh_combo_box_add_item),
    FUZZ_ENTRY(bh_combo_box_add_items),
    FUZZ_ENTRY(bh_list_widget_add_item),
    FUZZ_ENTRY(bh_list_widget_set_text),
    FUZZ_ENTRY(bh_list_widget_get_text),
    FUZZ_ENTRY(bh_list_widget_remove),
    FUZZ_ENTRY(bh_tree_widget_set_header),
    FUZZ_ENTRY(bh_tree_widget_add_item),
    FUZZ_ENTRY(bh_tree_item_set_text),
    FUZZ_ENTRY(bh_tree_item_get_text),
    FUZZ_ENTRY(bh_tree_item_set_expanded),
    FUZZ_ENTRY(bh_tree_item_select),
    FUZZ_ENTRY(bh_tree_item_destroy),
    FUZZ_ENTRY(bh_tree_widget_get_current),
    FUZZ_ENTRY(bh_tree_item_set_tool_tip),
    FUZZ_ENTRY(bh_tree_item_set_color),
    {NULL, NULL, 0},
};
