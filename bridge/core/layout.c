/* Layouts and containers: who may be put where. Qt believes its caller and then crashes or loops; all checks are here. */
#include <bulkhead/layout.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/widget.h"
#include "shim/widgets.h"

enum {
    MOST_CELLS = 10000,
    MOST_STRETCH = 10000,
    MOST_PIXELS = 10000,
    MOST_SPLITTER_STRETCH = 255,
    LARGEST_SPLITTER_SIZE = 100000
};

/* The widget whose children LAYOUT arranges. Without one, Qt would not notice that a widget in the layout goes. */
static bh__object *host_of(const bh__object *layout, const char *call, const char *what)
{
    char text[128];
    bhs_object *host = bhs_layout_widget(layout->qt);
    if (host)
        return bh__check_object(bh__wrap(host, false, call), call, "the layout's widget");
    bh__fail(BH_ERROR_STATE, call,
             "%s %s belongs to no widget yet: create it with one, or add it to its layout before you fill it", what,
             bh__object_text(layout, text, sizeof text));
    return NULL;
}

/* A widget that may go into LAYOUT. */
static bh__object *check_widget(const bh__object *layout, const bh_object *widget, const char *call)
{
    bh__object *host = host_of(layout, call, "layout");
    bh__object *guest = host ? bh__check_guest(widget, host, call, "widget") : NULL;
    if (!guest || bhs_index_of(layout->qt, guest->qt) < 0)
        return guest;
    char text[128], layout_text[128];
    bh__fail(BH_ERROR_EXISTS, call, "widget %s is in %s already: take it out with bh_layout_remove_widget first",
             bh__object_text(guest, text, sizeof text), bh__object_text(layout, layout_text, sizeof layout_text));
    return NULL;
}

/* A layout that may go into LAYOUT. */
static bh__object *check_child(const bh__object *layout, const bh_object *child, const char *call)
{
    bh__object *inner = bh__check_class(child, "QLayout", call, "child");
    if (!inner || bh__refuse_moving(call, NULL))
        return NULL;
    char text[128];
    bh__object_text(inner, text, sizeof text);
    if (inner->qt == layout->qt)
        bh__fail(BH_ERROR_STATE, call, "child is %s itself: a layout cannot hold itself", text);
    else if (bh__is_ancestor(inner->qt, layout->qt))
        bh__fail(BH_ERROR_STATE, call, "child %s holds the layout already: a layout cannot be put into its own child", text);
    else if (bhs_parent(inner->qt))
        bh__fail(BH_ERROR_STATE, call, "child %s has its place already: create a layout that is to be added with NULL as parent",
                 text);
    else
        return inner;
    return NULL;
}

static bool check_stretch(int stretch, const char *call)
{
    return bh__check_number(stretch, 0, MOST_STRETCH, call, "stretch");
}

bh_status(bh_layout_add_widget)(bh_object *layout, bh_object *widget, int stretch)
{
    static const char call[] = "bh_layout_add_widget";
    bh__object *box = bh__check_class(layout, "QBoxLayout", call, "layout");
    bh__object *guest = box ? check_widget(box, widget, call) : NULL;
    if (!guest || !check_stretch(stretch, call))
        return bh__last_status();
    return bh__done(bhs_box_add(box->qt, guest->qt, stretch), call);
}

bh_status(bh_layout_add_layout)(bh_object *layout, bh_object *child, int stretch)
{
    static const char call[] = "bh_layout_add_layout";
    bh__object *box = bh__check_class(layout, "QBoxLayout", call, "layout");
    bh__object *inner = box ? check_child(box, child, call) : NULL;
    if (!inner || !check_stretch(stretch, call))
        return bh__last_status();
    return bh__done(bhs_box_add(box->qt, inner->qt, stretch), call);
}

bh_status(bh_layout_add_stretch)(bh_object *layout, int stretch)
{
    static const char call[] = "bh_layout_add_stretch";
    bh__object *box = bh__check_class(layout, "QBoxLayout", call, "layout");
    if (!box || !check_stretch(stretch, call))
        return bh__last_status();
    return bh__done(bhs_box_add_space(box->qt, true, stretch), call);
}

bh_status(bh_layout_add_spacing)(bh_object *layout, int pixels)
{
    static const char call[] = "bh_layout_add_spacing";
    bh__object *box = bh__check_class(layout, "QBoxLayout", call, "layout");
    if (!box || !bh__check_number(pixels, 0, MOST_PIXELS, call, "pixels"))
        return bh__last_status();
    return bh__done(bhs_box_add_space(box->qt, false, pixels), call);
}

bh_status(bh_layout_set_margins)(bh_object *layout, int left, int top, int right, int bottom)
{
    static const char call[] = "bh_layout_set_margins";
    bh__object *self = bh__check_class(layout, "QLayout", call, "layout");
    if (!self || !bh__check_number(left, 0, MOST_PIXELS, call, "left") || !bh__check_number(top, 0, MOST_PIXELS, call, "top") ||
        !bh__check_number(right, 0, MOST_PIXELS, call, "right") || !bh__check_number(bottom, 0, MOST_PIXELS, call, "bottom"))
        return bh__last_status();
    return bh__done(bhs_layout_set_margins(self->qt, left, top, right, bottom), call);
}

bh_status(bh_layout_remove_widget)(bh_object *layout, bh_object *widget)
{
    static const char call[] = "bh_layout_remove_widget";
    bh__object *self = bh__check_class(layout, "QLayout", call, "layout");
    bh__object *guest = self ? bh__check_class(widget, "QWidget", call, "widget") : NULL;
    if (!guest || bh__refuse_moving(call, guest))
        return bh__last_status();
    char text[128], layout_text[128];
    if (bhs_index_of(self->qt, guest->qt) < 0)
        return bh__fail(BH_ERROR_STATE, call, "widget %s is not in %s: name the layout that it was added to",
                        bh__object_text(guest, text, sizeof text), bh__object_text(self, layout_text, sizeof layout_text));
    return bh__done(bhs_layout_remove_widget(self->qt, guest->qt), call);
}

/* --- grid and form */

static bool check_line(int index, const char *call, const char *what)
{
    if (index >= 0)
        return bh__check_number(index, 0, MOST_CELLS - 1, call, what);
    bh__fail(BH_ERROR_RANGE, call, "%s %d is negative: %ss count from 0", what, index, what);
    return false;
}

static bool check_span(int first, int span, const char *call, const char *what)
{
    return bh__check_number(span, 1, MOST_CELLS - first, call, what);
}

static bool check_cell(const bhs_cell *cell, const char *call)
{
    return check_line(cell->row, call, "row") && check_line(cell->column, call, "column") &&
           check_span(cell->row, cell->row_span, call, "row_span") &&
           check_span(cell->column, cell->column_span, call, "column_span");
}

bh_status(bh_grid_add_widget)(bh_object *grid, bh_object *widget, int row, int column, int row_span, int column_span)
{
    static const char call[] = "bh_grid_add_widget";
    const bhs_cell cell = {row, column, row_span, column_span};
    bh__object *self = bh__check_class(grid, "QGridLayout", call, "grid");
    bh__object *guest = self ? check_widget(self, widget, call) : NULL;
    if (!guest || !check_cell(&cell, call))
        return bh__last_status();
    return bh__done(bhs_grid_add(self->qt, guest->qt, &cell), call);
}

bh_status(bh_grid_add_layout)(bh_object *grid, bh_object *child, int row, int column, int row_span, int column_span)
{
    static const char call[] = "bh_grid_add_layout";
    const bhs_cell cell = {row, column, row_span, column_span};
    bh__object *self = bh__check_class(grid, "QGridLayout", call, "grid");
    bh__object *inner = self ? check_child(self, child, call) : NULL;
    if (!inner || !check_cell(&cell, call))
        return bh__last_status();
    return bh__done(bhs_grid_add(self->qt, inner->qt, &cell), call);
}

bh_status(bh_grid_set_row_stretch)(bh_object *grid, int row, int stretch)
{
    static const char call[] = "bh_grid_set_row_stretch";
    bh__object *self = bh__check_class(grid, "QGridLayout", call, "grid");
    if (!self || !check_line(row, call, "row") || !check_stretch(stretch, call))
        return bh__last_status();
    return bh__done(bhs_grid_set_stretch(self->qt, true, row, stretch), call);
}

bh_status(bh_grid_set_column_stretch)(bh_object *grid, int column, int stretch)
{
    static const char call[] = "bh_grid_set_column_stretch";
    bh__object *self = bh__check_class(grid, "QGridLayout", call, "grid");
    if (!self || !check_line(column, call, "column") || !check_stretch(stretch, call))
        return bh__last_status();
    return bh__done(bhs_grid_set_stretch(self->qt, false, column, stretch), call);
}

bh_status(bh_form_add_row)(bh_object *form, const char *label, bh_object *field)
{
    static const char call[] = "bh_form_add_row";
    static const char *const classes[] = {"QWidget", "QLayout", NULL};
    bh__object *self = bh__check_class(form, "QFormLayout", call, "form");
    bh__object *item = self ? bh__check_classes(field, classes, "QWidget or a QLayout", call, "field") : NULL;
    if (!item || !host_of(self, call, "form"))
        return bh__last_status();
    if (!(bhs_is_widget(item->qt) ? check_widget(self, field, call) : check_child(self, field, call)))
        return bh__last_status();
    return bh__done(bhs_form_add_row(self->qt, label, item->qt), call);
}

/* --- containers */

/* A widget that may go into CONTAINER and is not there yet. */
static bh__object *check_page(const bh__object *container, const bh_object *page, const char *call, const char *what)
{
    bh__object *guest = bh__check_guest(page, container, call, what);
    if (!guest || bhs_index_of(container->qt, guest->qt) < 0)
        return guest;
    char text[128], container_text[128];
    bh__fail(BH_ERROR_EXISTS, call, "%s %s is in %s already", what, bh__object_text(guest, text, sizeof text),
             bh__object_text(container, container_text, sizeof container_text));
    return NULL;
}

bh_status(bh_splitter_add_widget)(bh_object *splitter, bh_object *widget, int stretch)
{
    static const char call[] = "bh_splitter_add_widget";
    bh__object *self = bh__check_class(splitter, "QSplitter", call, "splitter");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest || !bh__check_number(stretch, 0, MOST_SPLITTER_STRETCH, call, "stretch"))
        return bh__last_status();
    return bh__done(bhs_splitter_add(self->qt, guest->qt, stretch), call);
}

bh_status(bh_splitter_get_sizes)(const bh_object *splitter, int **sizes, size_t *count)
{
    static const char call[] = "bh_splitter_get_sizes";
    if (sizes)
        *sizes = NULL;
    if (count)
        *count = 0;
    if (!bh__check_out(sizes, call, "sizes") || !bh__check_out(count, call, "count") || !sizes || !count)
        return bh__last_status();
    bh__object *self = bh__check_class(splitter, "QSplitter", call, "splitter");
    int widgets = self ? bhs_splitter_sizes(self->qt, NULL) : 0;
    int *got = self ? bh__calloc((size_t)widgets + 1, sizeof *got) : NULL;
    if (!got)
        return self ? bh__fail(BH_ERROR_MEMORY, call, "no memory for the sizes") : bh__last_status();
    bhs_splitter_sizes(self->qt, got);
    *sizes = got;
    *count = (size_t)widgets;
    return BH_OK;
}

bh_status(bh_splitter_set_sizes)(bh_object *splitter, const int *sizes, size_t count)
{
    static const char call[] = "bh_splitter_set_sizes";
    bh__object *self = bh__check_class(splitter, "QSplitter", call, "splitter");
    if (!self || bh__refuse_moving(call, NULL))
        return bh__last_status();
    if (!sizes)
        return bh__fail(BH_ERROR_NULL, call, "sizes is NULL: pass one size for each of the splitter's widgets");
    int widgets = bhs_splitter_sizes(self->qt, NULL);
    if (count != (size_t)widgets)
        return bh__fail(BH_ERROR_RANGE, call, "%zu sizes for %d widgets: pass one for each", count, widgets);
    for (size_t i = 0; i < count; i++)
        if (!bh__check_number(sizes[i], 0, LARGEST_SPLITTER_SIZE, call, "a size"))
            return bh__last_status();
    return bh__done(bhs_splitter_set_sizes(self->qt, sizes, widgets), call);
}

bh_status(bh_tab_widget_add_tab)(bh_object *tabs, bh_object *page, const char *label, int *index)
{
    static const char call[] = "bh_tab_widget_add_tab";
    int at = -1;
    if (index)
        *index = -1;
    bh__object *self = bh__check_class(tabs, "QTabWidget", call, "tabs");
    bh__object *guest = self ? check_page(self, page, call, "page") : NULL;
    if (!guest || !bh__check_text(label, call, "label"))
        return bh__last_status();
    bh_status status = bh__done(bhs_page_add(self->qt, guest->qt, label, &at), call);
    if (index)
        *index = at;
    return status;
}

bh_status(bh_tab_widget_set_tab_text)(bh_object *tabs, int index, const char *label)
{
    static const char call[] = "bh_tab_widget_set_tab_text";
    bh__object *self = bh__check_class(tabs, "QTabWidget", call, "tabs");
    if (!self || !bh__check_number(index, 0, bh__int_of(self, "count") - 1, call, "index") ||
        !bh__check_text(label, call, "label"))
        return bh__last_status();
    return bh__done(bhs_tab_set_text(self->qt, index, label), call);
}

bh_status(bh_stacked_widget_add_widget)(bh_object *stack, bh_object *page, int *index)
{
    static const char call[] = "bh_stacked_widget_add_widget";
    int at = -1;
    if (index)
        *index = -1;
    bh__object *self = bh__check_class(stack, "QStackedWidget", call, "stack");
    bh__object *guest = self ? check_page(self, page, call, "page") : NULL;
    if (!guest)
        return bh__last_status();
    bh_status status = bh__done(bhs_page_add(self->qt, guest->qt, NULL, &at), call);
    if (index)
        *index = at;
    return status;
}

bh_status(bh_scroll_area_set_widget)(bh_object *area, bh_object *widget)
{
    static const char call[] = "bh_scroll_area_set_widget";
    bh__object *self = bh__check_class(area, "QScrollArea", call, "area");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest)
        return bh__last_status();
    return bh__done(bhs_scroll_area_set_widget(self->qt, guest->qt), call);
}

bh_status(bh_label_set_buddy)(bh_object *label, bh_object *buddy)
{
    static const char call[] = "bh_label_set_buddy";
    bh__object *self = bh__check_class(label, "QLabel", call, "label");
    bh__object *other = self ? bh__check_class(buddy, "QWidget", call, "buddy") : NULL;
    if (!other)
        return bh__last_status();
    return bh__done(bhs_label_set_buddy(self->qt, other->qt), call);
}
