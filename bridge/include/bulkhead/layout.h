/* Layouts and containers: what reflection does not reach. A layout is made with bh_create("QVBoxLayout", widget) and belongs to that
 * widget; "QHBoxLayout", "QGridLayout" and "QFormLayout" likewise. Everything here: GUI thread. */
#ifndef BULKHEAD_LAYOUT_H
#define BULKHEAD_LAYOUT_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Box layouts. STRETCH: its share of spare space, 0 for none. The widget becomes a child of the layout's widget. */
BH_API bh_status bh_layout_add_widget(bh_object *layout, bh_object *widget, int stretch);
BH_API bh_status bh_layout_add_layout(bh_object *layout, bh_object *child, int stretch);
BH_API bh_status bh_layout_add_stretch(bh_object *layout, int stretch);
BH_API bh_status bh_layout_add_spacing(bh_object *layout, int pixels);

/* Any layout. The space between its items is the property "spacing". */
BH_API bh_status bh_layout_set_margins(bh_object *layout, int left, int top, int right, int bottom);

/* Takes a widget out again; it keeps its parent. */
BH_API bh_status bh_layout_remove_widget(bh_object *layout, bh_object *widget);

/* Grid. Rows and columns count from 0, spans from 1. */
BH_API bh_status bh_grid_add_widget(bh_object *grid, bh_object *widget, int row, int column, int row_span, int column_span);
BH_API bh_status bh_grid_add_layout(bh_object *grid, bh_object *child, int row, int column, int row_span, int column_span);
BH_API bh_status bh_grid_set_row_stretch(bh_object *grid, int row, int stretch);
BH_API bh_status bh_grid_set_column_stretch(bh_object *grid, int column, int stretch);

/* Form. LABEL with a mnemonic ("&Name") becomes the field's label and keyboard shortcut; NULL: the field takes the whole row. */
BH_API bh_status bh_form_add_row(bh_object *form, const char *label, bh_object *field);

/* QSplitter, QTabWidget, QStackedWidget, QScrollArea. ICON_FILE and tab labels: UTF-8. INDEX may be NULL. */
BH_API bh_status bh_splitter_add_widget(bh_object *splitter, bh_object *widget, int stretch);

/* The sizes of a splitter's widgets in pixels, one after another: to remember them, and to give them back. SIZES got is one block,
 * yours: bh_free. COUNT set is the number of the splitter's widgets; sizes that do not add up to what there is are stretched to it, and
 * before the splitter is shown they are kept until then. */
BH_API bh_status bh_splitter_get_sizes(const bh_object *splitter, int **sizes, size_t *count);
BH_API bh_status bh_splitter_set_sizes(bh_object *splitter, const int *sizes, size_t count);

BH_API bh_status bh_tab_widget_add_tab(bh_object *tabs, bh_object *page, const char *label, int *index);
BH_API bh_status bh_tab_widget_set_tab_text(bh_object *tabs, int index, const char *label);
BH_API bh_status bh_stacked_widget_add_widget(bh_object *stack, bh_object *page, int *index);
BH_API bh_status bh_scroll_area_set_widget(bh_object *area, bh_object *widget);

/* A label's mnemonic moves the focus to BUDDY; screen readers call BUDDY by the label's text. */
BH_API bh_status bh_label_set_buddy(bh_object *label, bh_object *buddy);

#define bh_form_add_row(...) BH_AT(bh_form_add_row(__VA_ARGS__))
#define bh_grid_add_layout(...) BH_AT(bh_grid_add_layout(__VA_ARGS__))
#define bh_grid_add_widget(...) BH_AT(bh_grid_add_widget(__VA_ARGS__))
#define bh_grid_set_column_stretch(...) BH_AT(bh_grid_set_column_stretch(__VA_ARGS__))
#define bh_grid_set_row_stretch(...) BH_AT(bh_grid_set_row_stretch(__VA_ARGS__))
#define bh_label_set_buddy(...) BH_AT(bh_label_set_buddy(__VA_ARGS__))
#define bh_layout_add_layout(...) BH_AT(bh_layout_add_layout(__VA_ARGS__))
#define bh_layout_add_spacing(...) BH_AT(bh_layout_add_spacing(__VA_ARGS__))
#define bh_layout_add_stretch(...) BH_AT(bh_layout_add_stretch(__VA_ARGS__))
#define bh_layout_add_widget(...) BH_AT(bh_layout_add_widget(__VA_ARGS__))
#define bh_layout_remove_widget(...) BH_AT(bh_layout_remove_widget(__VA_ARGS__))
#define bh_layout_set_margins(...) BH_AT(bh_layout_set_margins(__VA_ARGS__))
#define bh_scroll_area_set_widget(...) BH_AT(bh_scroll_area_set_widget(__VA_ARGS__))
#define bh_splitter_add_widget(...) BH_AT(bh_splitter_add_widget(__VA_ARGS__))
#define bh_splitter_get_sizes(...) BH_AT(bh_splitter_get_sizes(__VA_ARGS__))
#define bh_splitter_set_sizes(...) BH_AT(bh_splitter_set_sizes(__VA_ARGS__))
#define bh_stacked_widget_add_widget(...) BH_AT(bh_stacked_widget_add_widget(__VA_ARGS__))
#define bh_tab_widget_add_tab(...) BH_AT(bh_tab_widget_add_tab(__VA_ARGS__))
#define bh_tab_widget_set_tab_text(...) BH_AT(bh_tab_widget_set_tab_text(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
