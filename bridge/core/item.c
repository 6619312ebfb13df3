/* Items of QComboBox, QListWidget and QTreeWidget. A tree item is a handle of its own, made stale by the item's destructor. */
#include <bulkhead/item.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/thread.h"
#include "core/widget.h"
#include "shim/widgets.h"

/* Qt walks and deletes a tree by recursion. */
enum { MOST_COLUMNS = 1000, MOST_DEPTH = 1000 };

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
    int before = bhs_item_count(self->qt);
    bh_status status = bh__done(bhs_combo_add(self->qt, texts), call);
    if (status == BH_OK && count && bhs_item_count(self->qt) == before)
        return bh__fail(BH_ERROR_STATE, call, "the combo box took nothing: it shows a model (change its rows), or it is full (maxCount)");
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
    return self && bh__check_number(row, 0, bhs_item_count(self->qt) - 1, call, "row") ? self : NULL;
}

bh_status(bh_list_widget_add_item)(bh_object *list, const char *text)
{
    static const char call[] = "bh_list_widget_add_item";
    bh__object *self = bh__check_class(list, "QListWidget", call, "list");
    if (!self || !bh__check_text(text, call, "text") || is_changing(self->qt, call))
        return bh__last_status();
    change added;
    begin_change(&added, self->qt);
    return end_change(&added, bhs_list_add(self->qt, text), call);
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

/* The item that new ones are to go under. */
static bhs_tree_item *check_parent(const bh__object *tree, const bh_tree_item *parent, const char *call)
{
    bhs_tree_item *item = bh__check_here(parent, BH__TREE_ITEM, call, "parent");
    if (!item)
        return NULL;
    if (bhs_tree_item_tree(item) != tree->qt)
        bh__fail(BH_ERROR_STATE, call, "parent is an item of another tree: pass one of this tree, or NULL for the top");
    else if (bhs_tree_item_depth(item) >= MOST_DEPTH)
        bh__fail(BH_ERROR_RANGE, call, "parent is %d levels deep, which is all that a tree may have", MOST_DEPTH);
    else
        return item;
    return NULL;
}

static bool check_texts(const bh__object *tree, const char *const *texts, const char *call)
{
    if (!check_list(texts, call, "texts"))
        return false;
    int count = count_of(texts), columns = bhs_tree_columns(tree->qt);
    if (count <= columns)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "%d texts for %d columns: set the titles with bh_tree_widget_set_header first", count, columns);
    return false;
}

/* Puts a new item, with its handle, into the tree; NULL, with the item gone, if that fails. */
static bh_tree_item *place(bhs_object *tree, bhs_tree_item *parent, bhs_tree_item *item, const char *call)
{
    void *handle = bh__handle_create(BH__TREE_ITEM, item, bh__gui(), call);
    change added;
    bhs_tree_item_set_handle(item, handle);
    begin_change(&added, tree);
    if (end_change(&added, handle ? bhs_tree_item_place(tree, parent, item) : BH_OK, call) == BH_OK && handle)
        return handle;
    bhs_tree_item_delete(item);
    return NULL;
}

bh_tree_item *(bh_tree_widget_add_item)(bh_object *tree, bh_tree_item *parent, const char *const *texts)
{
    static const char call[] = "bh_tree_widget_add_item";
    bh__object *self = bh__check_class(tree, "QTreeWidget", call, "tree");
    bhs_tree_item *above = self && parent ? check_parent(self, parent, call) : NULL;
    if (!self || (parent && !above) || !check_texts(self, texts, call) || is_changing(self->qt, call))
        return NULL;
    bhs_tree_item *item = bhs_tree_item_create(texts);
    if (item)
        return place(self->qt, above, item, call);
    bh__done(BH_ERROR_EXCEPTION, call);
    return NULL;
}

static bhs_tree_item *check_item(const bh_tree_item *item, const char *call)
{
    return bh__check_here(item, BH__TREE_ITEM, call, "item");
}

/* The item, if it has COLUMN. */
static bhs_tree_item *check_column(const bh_tree_item *item, int column, const char *call)
{
    bhs_tree_item *self = check_item(item, call);
    if (!self)
        return NULL;
    int columns = bhs_tree_columns(bhs_tree_item_tree(self));
    return bh__check_number(column, 0, columns - 1, call, "column") ? self : NULL;
}

bh_status(bh_tree_item_set_text)(bh_tree_item *item, int column, const char *text)
{
    static const char call[] = "bh_tree_item_set_text";
    bhs_tree_item *self = check_column(item, column, call);
    if (!self || !bh__check_text(text, call, "text"))
        return bh__last_status();
    return bh__done(bhs_tree_item_set_text(self, column, text), call);
}

bh_status(bh_tree_item_get_text)(bh_tree_item *item, int column, char **text)
{
    static const char call[] = "bh_tree_item_get_text";
    if (!bh__check_out(text, call, "text"))
        return bh__last_status();
    *text = NULL;
    bhs_tree_item *self = check_column(item, column, call);
    return self ? give_text(bhs_tree_item_text(self, column), text, call) : bh__last_status();
}

bh_status(bh_tree_item_set_expanded)(bh_tree_item *item, bool expanded)
{
    static const char call[] = "bh_tree_item_set_expanded";
    bhs_tree_item *self = check_item(item, call);
    return self ? bh__done(bhs_tree_item_set_expanded(self, expanded), call) : bh__last_status();
}

bh_status(bh_tree_item_select)(bh_tree_item *item)
{
    static const char call[] = "bh_tree_item_select";
    bhs_tree_item *self = check_item(item, call);
    return self ? bh__done(bhs_tree_item_select(self), call) : bh__last_status();
}

bh_status(bh_tree_item_destroy)(bh_tree_item *item)
{
    static const char call[] = "bh_tree_item_destroy";
    change removed;
    bhs_tree_item *self = item ? check_item(item, call) : NULL;
    if (!item)
        return BH_OK;
    if (!self || is_changing(bhs_tree_item_tree(self), call))
        return bh__last_status();
    begin_change(&removed, bhs_tree_item_tree(self));
    bhs_tree_item_delete(self);
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
    const bhs_tree_item *current = bhs_tree_current(self->qt);
    *item = current ? bhs_tree_item_handle(current) : NULL;
    return BH_OK;
}

void bh__on_tree_item_gone(void *handle)
{
    bh__handle_destroy(handle, BH__TREE_ITEM);
}
