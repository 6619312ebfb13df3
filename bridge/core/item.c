/* Items of QComboBox, QListWidget and QTreeWidget. A tree item is a handle of its own, made stale by the item's destructor. */
#include <bulkhead/item.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/thread.h"
#include "core/widget.h"
#include "shim/widgets.h"

/* Qt walks and deletes a tree by recursion. */
enum { MOST_COLUMNS = 1000, MOST_DEPTH = 1000 };

/* Qt::ItemDataRole. */
enum { DISPLAY = 0, TOOL_TIP = 3, FOREGROUND = 9 };

/* The widgets whose rows are being changed. Qt's models do not survive a second change inside the signals of the first. */
typedef struct change {
    const bhs_object *widget;
    struct change *outer;
} change;

static change *changes; /* GUI thread */

static bool is_changing(const bhs_object *widget, const char *call)
{
    for (const change *each = changes; each; each = each->outer)
        if (each->widget == widget) {
            bh__fail(BH_ERROR_STATE, call, "a row of it is being changed: do it afterwards, with bh_timer_single_shot");
            return true;
        }
    return false;
}

static void begin_change(change *self, const bhs_object *widget)
{
    *self = (change){widget, changes};
    changes = self;
}

static bh_status end_change(const change *self, bh_status status, const char *call)
{
    changes = self->outer;
    return bh__done(status, call);
}

/* --- combo boxes */

static bh_status add_to_combo(bh_object *combo, const char *const *texts, int count, const char *call)
{
    bh__object *self = bh__check_class(combo, "QComboBox", call, "combo");
    if (!self)
        return bh__last_status();
    int before = bh__int_of(self, "count");
    bh_status status = bh__done(bhs_items_add(self->qt, texts), call);
    if (status == BH_OK && count && bh__int_of(self, "count") == before)
        return bh__fail(BH_ERROR_STATE, call,
                        "the combo box took nothing: it shows a model (change its rows), or it is full (maxCount)");
    return status;
}

bh_status(bh_combo_box_add_item)(bh_object *combo, const char *text)
{
    static const char call[] = "bh_combo_box_add_item";
    if (!bh__check_class(combo, "QComboBox", call, "combo") || !bh__check_text(text, call, "text"))
        return bh__last_status();
    return add_to_combo(combo, (const char *const[]){text, NULL}, 1, call);
}

static bool check_list(const char *const *texts, const char *call, const char *what)
{
    if (!texts)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass a list that ends with NULL", what);
    return texts != NULL;
}

static int count_of(const char *const *texts)
{
    int count = 0;
    while (texts[count])
        count++;
    return count;
}

bh_status(bh_combo_box_add_items)(bh_object *combo, const char *const *texts)
{
    static const char call[] = "bh_combo_box_add_items";
    if (!bh__check_class(combo, "QComboBox", call, "combo") || !check_list(texts, call, "texts"))
        return bh__last_status();
    return add_to_combo(combo, texts, count_of(texts), call);
}

/* --- list widgets */

/* The list, if it has ROW. */
static bh__object *check_row(const bh_object *list, int row, const char *call)
{
    bh__object *self = bh__check_class(list, "QListWidget", call, "list");
    return self && bh__check_number(row, 0, bh__int_of(self, "count") - 1, call, "row") ? self : NULL;
}

bh_status(bh_list_widget_add_item)(bh_object *list, const char *text)
{
    static const char call[] = "bh_list_widget_add_item";
    bh__object *self = bh__check_class(list, "QListWidget", call, "list");
    if (!self || !bh__check_text(text, call, "text") || is_changing(self->qt, call))
        return bh__last_status();
    change added;
    begin_change(&added, self->qt);
    return end_change(&added, bhs_items_add(self->qt, (const char *const[]){text, NULL}), call);
}

bh_status(bh_list_widget_set_text)(bh_object *list, int row, const char *text)
{
    static const char call[] = "bh_list_widget_set_text";
    bh__object *self = check_row(list, row, call);
    if (!self || !bh__check_text(text, call, "text"))
        return bh__last_status();
    return bh__done(bhs_list_set_text(self->qt, row, text), call);
}

/* TEXT, newly allocated, goes to *OUT. */
static bh_status give_text(char *text, char **out, const char *call)
{
    *out = text;
    return text ? BH_OK : bh__fail(BH_ERROR_MEMORY, call, "no memory for the text");
}

bh_status(bh_list_widget_get_text)(bh_object *list, int row, char **text)
{
    static const char call[] = "bh_list_widget_get_text";
    if (!bh__check_out(text, call, "text"))
        return bh__last_status();
    *text = NULL;
    bh__object *self = check_row(list, row, call);
    return self ? give_text(bhs_list_text(self->qt, row), text, call) : bh__last_status();
}

bh_status(bh_list_widget_remove)(bh_object *list, int row)
{
    static const char call[] = "bh_list_widget_remove";
    bh__object *self = check_row(list, row, call);
    if (!self || is_changing(self->qt, call))
        return bh__last_status();
    change removed;
    begin_change(&removed, self->qt);
    return end_change(&removed, bhs_list_remove(self->qt, row), call);
}

/* --- tree widgets */

bh_status(bh_tree_widget_set_header)(bh_object *tree, const char *const *titles)
{
    static const char call[] = "bh_tree_widget_set_header";
    bh__object *self = bh__check_class(tree, "QTreeWidget", call, "tree");
    if (!self || !check_list(titles, call, "titles"))
        return bh__last_status();
    int count = count_of(titles);
    if (!bh__check_number(count, 1, MOST_COLUMNS, call, "number of titles"))
        return bh__last_status();
    return bh__done(bhs_tree_set_header(self->qt, titles, count), call);
}

/* One row. Freed by the destructor of the QTreeWidgetItem. */
typedef struct tree_item {
    bhs_tree_item *qt;
    bh_tree_item *handle;
    bh_object *tree;
    int depth; /* 1 at the top */
} tree_item;

/* The item and, in *TREE, its tree, which bh_destroy may have given up already. */
static tree_item *check_item(const bh_tree_item *item, bh__object **tree, const char *call, const char *what)
{
    tree_item *self = bh__check_here(item, BH__TREE_ITEM, call, what);
    *tree = self ? bh__check_object(self->tree, call, "the item's tree") : NULL;
    return *tree ? self : NULL;
}

/* The item that new ones are to go under. */
static tree_item *check_parent(const bh__object *tree, const bh_tree_item *parent, const char *call)
{
    bh__object *its_tree;
    tree_item *item = check_item(parent, &its_tree, call, "parent");
    if (!item)
        return NULL;
    if (its_tree != tree)
        bh__fail(BH_ERROR_STATE, call, "parent is an item of another tree: pass one of this tree, or NULL for the top");
    else if (item->depth >= MOST_DEPTH)
        bh__fail(BH_ERROR_RANGE, call, "parent is %d levels deep, which is all that a tree may have", MOST_DEPTH);
    else
        return item;
    return NULL;
}

static bool check_texts(const bh__object *tree, const char *const *texts, const char *call)
{
    if (!check_list(texts, call, "texts"))
        return false;
    int count = count_of(texts), columns = bh__int_of(tree, "columnCount");
    if (count <= columns)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "%d texts for %d columns: set the titles with bh_tree_widget_set_header first", count,
             columns);
    return false;
}

void bh__on_tree_item_gone(void *record)
{
    tree_item *self = record;
    bh__handle_destroy(self->handle, BH__TREE_ITEM);
    bh__free(self);
}

/* A new item that is in no tree yet. */
static tree_item *create(const bh__object *tree, const tree_item *above, const char *const *texts, const char *call)
{
    tree_item *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    self->tree = tree->handle;
    self->depth = above ? above->depth + 1 : 1;
    self->handle = bh__handle_create(BH__TREE_ITEM, self, bh__gui(), call);
    self->qt = self->handle ? bhs_tree_item_create(texts, self) : NULL;
    if (self->qt)
        return self;
    if (self->handle)
        bh__done(BH_ERROR_EXCEPTION, call);
    bh__on_tree_item_gone(self);
    return NULL;
}

bh_tree_item *(bh_tree_widget_add_item)(bh_object *tree, bh_tree_item *parent, const char *const *texts)
{
    static const char call[] = "bh_tree_widget_add_item";
    bh__object *self = bh__check_class(tree, "QTreeWidget", call, "tree");
    tree_item *above = self && parent ? check_parent(self, parent, call) : NULL;
    if (!self || (parent && !above) || !check_texts(self, texts, call) || is_changing(self->qt, call))
        return NULL;
    tree_item *item = create(self, above, texts, call);
    if (!item)
        return NULL;
    change added;
    bh_tree_item *handle = item->handle;
    begin_change(&added, self->qt);
    if (end_change(&added, bhs_tree_item_place(self->qt, above ? above->qt : NULL, item->qt), call) == BH_OK)
        return handle;
    bhs_tree_item_delete(item->qt);
    return NULL;
}

/* The item, if it has COLUMN. */
static tree_item *check_column(const bh_tree_item *item, int column, const char *call)
{
    bh__object *tree;
    tree_item *self = check_item(item, &tree, call, "item");
    return self && bh__check_number(column, 0, bh__int_of(tree, "columnCount") - 1, call, "column") ? self : NULL;
}

bh_status(bh_tree_item_set_text)(bh_tree_item *item, int column, const char *text)
{
    static const char call[] = "bh_tree_item_set_text";
    tree_item *self = check_column(item, column, call);
    if (!self || !bh__check_text(text, call, "text"))
        return bh__last_status();
    const bh_value value = BH_VALUE(text);
    return bh__done(bhs_tree_item_set(self->qt, column, DISPLAY, &value), call);
}

bh_status(bh_tree_item_get_text)(bh_tree_item *item, int column, char **text)
{
    static const char call[] = "bh_tree_item_get_text";
    if (!bh__check_out(text, call, "text"))
        return bh__last_status();
    *text = NULL;
    tree_item *self = check_column(item, column, call);
    return self ? give_text(bhs_tree_item_text(self->qt, column), text, call) : bh__last_status();
}

bh_status(bh_tree_item_set_tool_tip)(bh_tree_item *item, int column, const char *text)
{
    static const char call[] = "bh_tree_item_set_tool_tip";
    tree_item *self = check_column(item, column, call);
    if (!self || !bh__check_text(text, call, "text"))
        return bh__last_status();
    const bh_value value = BH_VALUE(text);
    return bh__done(bhs_tree_item_set(self->qt, column, TOOL_TIP, &value), call);
}

bh_status(bh_tree_item_set_color)(bh_tree_item *item, int column, const bh_color *color)
{
    static const char call[] = "bh_tree_item_set_color";
    tree_item *self = check_column(item, column, call);
    if (!self)
        return bh__last_status();
    const bh_value value = {.of.as_color = color ? *color : (bh_color){0}, .type = BH_TYPE_COLOR};
    return bh__done(bhs_tree_item_set(self->qt, column, FOREGROUND, color ? &value : NULL), call);
}

bh_status(bh_tree_item_set_expanded)(bh_tree_item *item, bool expanded)
{
    static const char call[] = "bh_tree_item_set_expanded";
    bh__object *tree;
    tree_item *self = check_item(item, &tree, call, "item");
    return self ? bh__done(bhs_tree_item_set_expanded(self->qt, expanded), call) : bh__last_status();
}

bh_status(bh_tree_item_select)(bh_tree_item *item)
{
    static const char call[] = "bh_tree_item_select";
    bh__object *tree;
    tree_item *self = check_item(item, &tree, call, "item");
    return self ? bh__done(bhs_tree_item_select(self->qt), call) : bh__last_status();
}

bh_status(bh_tree_item_destroy)(bh_tree_item *item)
{
    static const char call[] = "bh_tree_item_destroy";
    bh__object *tree;
    change removed;
    if (!item)
        return BH_OK;
    tree_item *self = check_item(item, &tree, call, "item");
    if (!self || is_changing(tree->qt, call))
        return bh__last_status();
    begin_change(&removed, tree->qt);
    bhs_tree_item_delete(self->qt);
    return end_change(&removed, BH_OK, call);
}

bh_status(bh_tree_widget_get_current)(bh_object *tree, bh_tree_item **item)
{
    static const char call[] = "bh_tree_widget_get_current";
    if (!bh__check_out(item, call, "item"))
        return bh__last_status();
    *item = NULL;
    bh__object *self = bh__check_class(tree, "QTreeWidget", call, "tree");
    if (!self)
        return bh__last_status();
    const tree_item *current = bhs_tree_current(self->qt);
    *item = current ? current->handle : NULL;
    return BH_OK;
}
