/* Views of a table model: showing it, column widths, selected rows. */
#include <bulkhead/table_model.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/table_model.h"
#include "core/widget.h"
#include "shim/widgets.h"

#include <bulkhead/call.h>
#include <bulkhead/property.h>
#include <stdlib.h>

enum { MOST_WIDTH = 10000, MOST_HEIGHT = 1000, SELECT_ROWS = 1 };

/* QComboBox::AdjustToMinimumContentsLengthWithIcon, the only policy that does not measure each row, and its width in letters. */
enum { ADJUST_TO_MINIMUM = 2, COMBO_LETTERS = 12 };

/* Whether VIEW shows a model of its own, which it would lose or crash without. */
static bool has_own_model(const bh__object *view, const char *call)
{
    static const char *const classes[] = {"QTableWidget", "QTreeWidget", "QListWidget", "QUndoView", "QFontComboBox", NULL};
    char text[128];
    bool own = !view->owned && bhs_parent(view->qt);
    for (int i = 0; classes[i] && !own; i++)
        own = bhs_inherits(view->qt, classes[i]);
    if (own)
        bh__fail(BH_ERROR_CLASS, call, "view is %s, which has its own model: use a QTableView, QListView, QTreeView or QComboBox",
                 bh__object_text(view, text, sizeof text));
    return own;
}

/* How a table looks, unless it is changed afterwards; nothing may need a look at each row. */
static void set_look(const bh__object *view)
{
    static const struct {
        const char *class_name, *property;
        bool value;
    } looks[] = {
        {"QTableView", "alternatingRowColors", true}, {"QTableView", "wordWrap", false},
        {"QTreeView", "alternatingRowColors", true},  {"QTreeView", "uniformRowHeights", true},
        {"QTreeView", "rootIsDecorated", false},      {"QListView", "uniformItemSizes", true},
    };
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (bhs_inherits(view->qt, looks[i].class_name))
            (bh_set_bool)(view->handle, looks[i].property, looks[i].value);
    if (bhs_inherits(view->qt, "QTableView"))
        (bh_set_int)(view->handle, "selectionBehavior", SELECT_ROWS);
    if (!bhs_inherits(view->qt, "QComboBox"))
        return;
    (bh_set_int)(view->handle, "sizeAdjustPolicy", ADJUST_TO_MINIMUM);
    if (bh__int_of(view, "minimumContentsLength") < COMBO_LETTERS)
        (bh_set_int)(view->handle, "minimumContentsLength", COMBO_LETTERS);
}

bh_status(bh_table_view_set_model)(bh_object *view, bh_object *model)
{
    static const char call[] = "bh_table_view_set_model";
    static const char *const classes[] = {"QTableView", "QListView", "QTreeView", "QComboBox", NULL};
    bh__object *self = bh__check_classes(view, classes, "QTableView, QListView, QTreeView or QComboBox", call, "view");
    bh__object *shown = self ? bh__check_class(model, "QAbstractTableModel", call, "model") : NULL;
    if (!shown || has_own_model(self, call))
        return bh__last_status();
    char text[128];
    const void *table = bhs_table_of(shown->qt);
    bool has_titles = bhs_inherits(self->qt, "QTableView") || bhs_inherits(self->qt, "QTreeView");
    if (!table)
        return bh__fail(BH_ERROR_CLASS, call, "model is %s, not one of bh_table_model_create",
                        bh__object_text(shown, text, sizeof text));
    set_look(self);
    if (has_titles) /* or it would sort the model at once, as the one before */
        (bh_set_bool)(view, "sortingEnabled", false);
    bh_status status = bh__done(bhs_view_set_model(self->qt, shown->qt), call);
    if (has_titles && status == BH_OK)
        (bh_set_bool)(view, "sortingEnabled", bh__table_sorts(table));
    return status;
}

bh_status(bh_table_view_set_column_width)(bh_object *view, int column, int width)
{
    static const char call[] = "bh_table_view_set_column_width";
    static const char *const classes[] = {"QTableView", "QTreeView", NULL};
    bh__object *self = bh__check_classes(view, classes, "QTableView or QTreeView", call, "view");
    if (!self || !bh__check_number(column, 0, bhs_view_cells(self->qt).width - 1, call, "column") ||
        (width > MOST_WIDTH && !bh__check_number(width, 0, MOST_WIDTH, call, "width")))
        return bh__last_status();
    const bh_value wanted = BH_VALUE(column);
    if (width < 0)
        return (bh_call_values)(view, "resizeColumnToContents", NULL, 1, &wanted);
    return bh__done(bhs_view_set_column_width(self->qt, column, width), call);
}

bh_object *(bh_table_view_selection)(bh_object *view)
{
    static const char call[] = "bh_table_view_selection";
    char text[128];
    bh__object *self = bh__check_class(view, "QAbstractItemView", call, "view");
    bhs_object *selection = self ? bhs_view_selection(self->qt) : NULL;
    if (self && !selection)
        bh__fail(BH_ERROR_STATE, call, "%s shows no model: bh_table_view_set_model first",
                 bh__object_text(self, text, sizeof text));
    return selection ? bh__wrap(selection, false, call) : NULL; /* the view's: it tells by destroyed() */
}

bh_status(bh_table_view_scroll_to)(bh_object *view, int row, int column)
{
    static const char call[] = "bh_table_view_scroll_to";
    static const char *const classes[] = {"QTableView", "QTreeView", "QListView", NULL};
    bh__object *self = bh__check_classes(view, classes, "QTableView, QTreeView or QListView", call, "view");
    if (!self || !bh__check_number(row, 0, bhs_view_cells(self->qt).height - 1, call, "row") ||
        !bh__check_number(column, 0, bhs_view_cells(self->qt).width - 1, call, "column"))
        return bh__last_status();
    return bh__done(bhs_view_scroll_to(self->qt, row, column), call);
}

/* Of a part that Qt has made, which needs no handle. VALUE is of the property's type. */
static bh_status write(bhs_object *part, const char *property, void *value)
{
    return bhs_property_write(part, bhs_property_index(bhs_meta_of(part), property), value);
}

bh_status(bh_table_view_set_rows)(bh_object *view, int height, bool titles)
{
    static const char call[] = "bh_table_view_set_rows";
    bh__object *self = bh__check_class(view, "QTableView", call, "view");
    if (!self || !bh__check_number(height, 1, MOST_HEIGHT, call, "height"))
        return bh__last_status();
    bhs_object *header = bhs_view_row_header(self->qt);
    /* First: a minimum above the height of rows goes through all of them for each of them. */
    bh_status status = write(header, "defaultSectionSize", &height);
    if (status == BH_OK)
        status = write(header, "minimumSectionSize", &height);
    if (status == BH_OK)
        status = write(header, "visible", &titles);
    return bh__done(status, call);
}

/* --- selected rows */

typedef struct range {
    int first, last;
} range;

typedef struct ranges {
    range *list;
    size_t count, capacity;
    bool failed;
} ranges;

static void add_range(int first, int last, void *user)
{
    ranges *all = user;
    if (all->count == all->capacity && !all->failed) {
        size_t capacity = all->capacity ? all->capacity * 2 : 16;
        range *list = bh__realloc(all->list, capacity * sizeof *list);
        all->failed = !list;
        all->list = list ? list : all->list;
        all->capacity = list ? capacity : all->capacity;
    }
    if (!all->failed)
        all->list[all->count++] = (range){first, last};
}

static int by_first(const void *a, const void *b)
{
    const range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

/* Sorts the ranges and cuts what they have in common (each selected column may have its own); returns how many rows are left. */
static size_t merge(ranges *all)
{
    size_t rows = 0;
    int next = 0;
    if (all->count)
        qsort(all->list, all->count, sizeof *all->list, by_first);
    for (size_t i = 0; i < all->count; i++) {
        range *each = &all->list[i];
        if (each->first < next)
            each->first = next;
        if (each->last < each->first)
            continue;
        rows += (size_t)(each->last - each->first) + 1;
        next = each->last + 1;
    }
    return rows;
}

static int *expand(ranges *all, size_t *count)
{
    *count = merge(all);
    int *rows = bh__malloc((*count ? *count : 1) * sizeof *rows);
    int *at = rows;
    for (size_t i = 0; rows && i < all->count; i++)
        for (int row = all->list[i].first; row <= all->list[i].last; row++)
            *at++ = row;
    return rows;
}

bh_status(bh_table_view_get_selected_rows)(bh_object *view, int **rows, size_t *count)
{
    static const char call[] = "bh_table_view_get_selected_rows";
    ranges all = {0};
    if (rows)
        *rows = NULL;
    if (count)
        *count = 0;
    if (!bh__check_out(rows, call, "rows") || !bh__check_out(count, call, "count") || !rows || !count)
        return bh__last_status();
    bh__object *self = bh__check_class(view, "QAbstractItemView", call, "view");
    if (!self || bh__done(bhs_view_selected(self->qt, add_range, &all), call)) {
        bh__free(all.list);
        return bh__last_status();
    }
    *rows = all.failed ? NULL : expand(&all, count);
    bh__free(all.list);
    if (*rows)
        return BH_OK;
    *count = 0;
    return bh__fail(BH_ERROR_MEMORY, call, "no memory for the rows");
}
