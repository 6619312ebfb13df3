/* The tree of objects: parents, children, finding. */
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/widget.h"

#include <bulkhead/object.h>
#include <string.h>

bh_status(bh_parent)(const bh_object *object, bh_object **parent)
{
    if (!parent)
        return bh__fail(BH_ERROR_NULL, "bh_parent", "parent is NULL: pass the address of a bh_object *");
    *parent = NULL;
    bh__object *record = bh__check_object(object, "bh_parent", "object");
    if (!record)
        return bh__last_status();
    bhs_object *above = bhs_parent(record->qt);
    *parent = bh__wrap(above, false, "bh_parent");
    return !above || *parent ? BH_OK : BH_ERROR_MEMORY;
}

static bh_status refuse_parent(const bh__object *record, const bh__object *above)
{
    char text[128], other[128];
    bh__object_text(record, text, sizeof text);
    if (bhs_inherits(record->qt, "QLayout"))
        return bh__fail(BH_ERROR_CLASS, "bh_set_parent",
                        "%s is a layout: name its widget when it is created, or use bh_layout_add_layout", text);
    if (!above)
        return BH_OK;
    bh__object_text(above, other, sizeof other);
    if (bhs_is_widget(record->qt) && !bhs_is_widget(above->qt))
        return bh__fail(BH_ERROR_CLASS, "bh_set_parent", "%s is a widget: its parent must be one, not %s", text, other);
    if (bh__is_ancestor(record->qt, above->qt))
        return bh__fail(BH_ERROR_STATE, "bh_set_parent", "%s stands above %s already: it cannot be its child", text, other);
    return BH_OK;
}

bh_status(bh_set_parent)(bh_object *object, bh_object *parent)
{
    bh__object *record = bh__check_object(object, "bh_set_parent", "object");
    bh__object *above = record && parent ? bh__check_object(parent, "bh_set_parent", "parent") : NULL;
    if (!record || (parent && !above))
        return bh__last_status();
    if (bh__refuse_part(record, "bh_set_parent") || bh__refuse_moving("bh_set_parent", record))
        return bh__last_status();
    bh_status status = refuse_parent(record, above);
    if (status)
        return status;
    if (bhs_set_parent(record->qt, above ? above->qt : NULL, false))
        return bh__fail(BH_ERROR_EXCEPTION, "bh_set_parent", "threw: %s", bhs_exception_text());
    return BH_OK;
}

/* --- lists of objects */

typedef struct gathering {
    const char *name, *class_name; /* NULL: any */
    bool first_only, failed;
    bh_object **list;
    size_t count, capacity;
    bh__nearest nearest;
} gathering;

static bool grow(gathering *all)
{
    if (all->count + 1 < all->capacity)
        return true;
    size_t capacity = all->capacity ? all->capacity * 2 : 16;
    bh_object **list = bh__realloc(all->list, capacity * sizeof *list);
    all->failed = !list;
    if (!list)
        return false;
    all->list = list;
    all->capacity = capacity;
    return true;
}

static void gather(bhs_object *child, void *user)
{
    gathering *all = user;
    char name[128];
    if (all->failed || (all->first_only && all->count))
        return;
    if (all->class_name && !bhs_inherits(child, all->class_name))
        return;
    if (all->name) {
        bhs_name(child, name, sizeof name);
        bh__nearest_offer(&all->nearest, name);
        if (strcmp(name, all->name) != 0)
            return;
    }
    bh_object *handle = bh__wrap(child, false, "bh_find");
    if (!handle || !grow(all))
        all->failed = true;
    else
        all->list[all->count++] = handle;
}

static bh_status hand_over(gathering *all, const char *call, bh_object ***out, size_t *count)
{
    if (all->failed || !grow(all)) {
        bh__free(all->list);
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for the list");
    }
    all->list[all->count] = NULL;
    *out = all->list;
    if (count)
        *count = all->count;
    return BH_OK;
}

static bool begin_list(bh_object ***out, size_t *count, const char *call)
{
    if (count)
        *count = 0;
    if (out)
        *out = NULL;
    else
        bh__fail(BH_ERROR_NULL, call, "the place for the list is NULL: pass the address of a bh_object **");
    return out != NULL;
}

bh_status(bh_children)(const bh_object *object, bh_object ***children, size_t *count)
{
    gathering all = {0};
    bh__object *record = begin_list(children, count, "bh_children") ? bh__check_object(object, "bh_children", "object") : NULL;
    if (!record)
        return bh__last_status();
    bhs_children(record->qt, gather, &all);
    return hand_over(&all, "bh_children", children, count);
}

bh_status(bh_find_all)(const bh_object *root, const char *name, const char *class_name, bh_object ***found, size_t *count)
{
    gathering all = {.name = name, .class_name = class_name};
    bh__object *record = begin_list(found, count, "bh_find_all") ? bh__check_object(root, "bh_find_all", "root") : NULL;
    if (!record)
        return bh__last_status();
    bh__nearest_begin(&all.nearest, name ? name : "");
    bhs_descendants(record->qt, gather, &all);
    return hand_over(&all, "bh_find_all", found, count);
}

bh_object *(bh_find)(const bh_object *root, const char *name, const char *class_name)
{
    gathering all = {.name = name, .class_name = class_name, .first_only = true};
    bh__object *record = bh__check_object(root, "bh_find", "root");
    if (!record)
        return NULL;
    bh__nearest_begin(&all.nearest, name ? name : "");
    bhs_descendants(record->qt, gather, &all);
    bh_object *found = all.count ? all.list[0] : NULL;
    bh__free(all.list);
    if (all.failed) {
        bh__fail(BH_ERROR_MEMORY, "bh_find", "no memory");
    } else if (!found) {
        char text[128], hint[96];
        bh__fail(BH_ERROR_NAME, "bh_find", "%s has no descendant%s%.60s%s%s%.60s%s", bh__object_text(record, text, sizeof text),
                 name ? " named '" : "", name ? name : "", name ? "'" : "", class_name ? " of class " : "",
                 class_name ? class_name : "", bh__nearest_hint(&all.nearest, hint, sizeof hint));
    }
    return found;
}
