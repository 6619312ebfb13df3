/* object.h and introspect.h */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static fuzz_result run_bh_create(void)
{
    const char *name = fuzz_class_name();
    bool is_layout = name && strstr(name, "Layout");
    bh_object *parent = NULL;
    if (is_layout && fuzz_chance(50)) {
        parent = bh_create("QWidget", NULL);
        fuzz_keep_object(parent, NULL);
    } else if (fuzz_chance(60)) {
        parent = fuzz_object(fuzz_chance(80) ? "QWidget" : NULL);
    }
    bh_object *object = bh_create(name, parent);
    if (object && fuzz_chance(10) && bh_inherits(object, "QWidget"))
        bh_call(object, "show");
    return fuzz_made(object);
}

static fuzz_result run_bh_destroy(void)
{
    bh_object *object = fuzz_thing((fuzz_kind)fuzz_below(3));
    if (bh_is_alive(object))
        fuzz_note("%s", bh_class_name(object));
    bh_status status = bh_destroy(object);
    if (status == BH_OK && bh_is_alive(object))
        fuzz_complain("bh_destroy", "a destroyed object is still alive", bh_class_name(object));
    return fuzz_status(status);
}

static fuzz_result run_bh_is_alive(void)
{
    return bh_is_alive(fuzz_thing((fuzz_kind)fuzz_below(FUZZ_KIND_COUNT))) ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result run_bh_inherits(void)
{
    return bh_inherits(fuzz_object(NULL), fuzz_class_name()) ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result run_bh_class_name(void)
{
    const char *name = bh_class_name(fuzz_object(NULL));
    return name[0] ? FUZZ_OK : FUZZ_REFUSED;
}

FUZZ_CALL(bh_set_name, fuzz_object(NULL), fuzz_text())

static fuzz_result run_bh_name(void)
{
    char *name = bh_name(fuzz_object(NULL));
    bh_free(name);
    return name ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_parent(void)
{
    bh_object *parent = fuzz_garbage();
    bool no_place = fuzz_chance(5);
    bh_status status = bh_parent(fuzz_object(NULL), no_place ? NULL : &parent);
    if (status && !no_place && parent)
        fuzz_complain("bh_parent", "a result was left after a failure", "");
    if (!status && parent)
        fuzz_keep(FUZZ_OBJECT, parent);
    return fuzz_status(status);
}

FUZZ_CALL(bh_set_parent, fuzz_object(fuzz_chance(70) ? "QWidget" : NULL), fuzz_chance(20) ? NULL : fuzz_object("QWidget"))

static void keep_some(bh_object **list, size_t count, size_t counted, const char *call)
{
    size_t length = 0;
    while (list[length])
        length++;
    if (counted && length != count)
        fuzz_complain(call, "the count is not the list's", "");
    if (length > 0)
        fuzz_keep(FUZZ_OBJECT, list[fuzz_below((unsigned)length)]);
}

static fuzz_result run_bh_children(void)
{
    bh_object **children = fuzz_garbage();
    size_t count = 77;
    bool no_place = fuzz_chance(5), counted = fuzz_chance(70);
    bh_status status = bh_children(fuzz_object(NULL), no_place ? NULL : &children, counted ? &count : NULL);
    if (status && !no_place && (children || (counted && count)))
        fuzz_complain("bh_children", "a result was left after a failure", "");
    if (!status) {
        keep_some(children, count, counted, "bh_children");
        bh_free(children);
    }
    return fuzz_status(status);
}

static fuzz_result run_bh_find(void)
{
    bh_object *found = bh_find(fuzz_object(NULL), fuzz_chance(50) ? NULL : fuzz_text(),
                               fuzz_chance(30)   ? NULL
                               : fuzz_chance(50) ? "QWidget"
                                                 : fuzz_class_name());
    return fuzz_made(found);
}

static fuzz_result run_bh_find_all(void)
{
    bh_object **found = fuzz_garbage();
    size_t count = 77;
    bool no_place = fuzz_chance(5), counted = fuzz_chance(70);
    bh_status status = bh_find_all(fuzz_object(NULL), fuzz_chance(70) ? NULL : fuzz_text(),
                                   fuzz_chance(50) ? NULL : fuzz_class_name(), no_place ? NULL : &found, counted ? &count : NULL);
    if (status && !no_place && (found || (counted && count)))
        fuzz_complain("bh_find_all", "a result was left after a failure", "");
    if (!status) {
        keep_some(found, count, counted, "bh_find_all");
        bh_free(found);
    }
    return fuzz_status(status);
}

static fuzz_result run_bh_live_objects(void)
{
    bh_live_object live[8];
    size_t capacity = fuzz_below(9);
    size_t count = bh_live_objects(capacity ? live : NULL, capacity);
    for (size_t i = 0; i < count && i < capacity; i++)
        if (!memchr(live[i].name, 0, sizeof live[i].name) || !live[i].object)
            fuzz_complain("bh_live_objects", "a row that is none", "");
    return count ? FUZZ_OK : FUZZ_QUIET;
}

/* --- introspect.h */

static fuzz_result run_bh_class_names(void)
{
    char **names = fuzz_garbage();
    bool no_place = fuzz_chance(10);
    bh_status status = bh_class_names(no_place ? NULL : &names);
    if (!status)
        bh_free(names);
    return fuzz_status(status);
}

#define CLASS_LIST(function, type)                                                                                \
    static fuzz_result run_##function(void)                                                                       \
    {                                                                                                             \
        type *list = fuzz_garbage();                                                                              \
        size_t count = 77;                                                                                        \
        bool no_place = fuzz_chance(5);                                                                           \
        bh_status status = function(fuzz_class_name(), no_place ? NULL : &list, fuzz_chance(80) ? &count : NULL); \
        if (status && !no_place && list)                                                                          \
            fuzz_complain(#function, "a result was left after a failure", "");                                    \
        if (!status)                                                                                              \
            bh_free(list);                                                                                        \
        return fuzz_status(status);                                                                               \
    }
CLASS_LIST(bh_class_properties, bh_property_info)
CLASS_LIST(bh_class_methods, bh_method_info)
CLASS_LIST(bh_class_enums, bh_enum_key_info)

const fuzz_entry fuzz_object_entries[] = {
    FUZZ_ENTRY(bh_create),
    FUZZ_ENTRY(bh_destroy),
    FUZZ_ENTRY(bh_is_alive),
    FUZZ_ENTRY(bh_inherits),
    FUZZ_ENTRY(bh_class_name),
    FUZZ_ENTRY(bh_set_name),
    FUZZ_ENTRY(bh_name),
    FUZZ_ENTRY(bh_parent),
    FUZZ_ENTRY(bh_set_parent),
    FUZZ_ENTRY(bh_children),
    FUZZ_ENTRY(bh_find),
    FUZZ_ENTRY(bh_find_all),
    FUZZ_ENTRY(bh_live_objects),
    FUZZ_RARE(bh_class_names, 5),
    FUZZ_RARE(bh_class_properties, 5),
    FUZZ_RARE(bh_class_methods, 5),
    FUZZ_RARE(bh_class_enums, 5),
    {NULL, NULL, 0},
};
