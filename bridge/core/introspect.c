/* What there is: lists of names, properties, methods and enum keys. Each list is one block: the entries, then their texts. */
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/class.h"
#include "core/value.h"

#include <bulkhead/introspect.h>
#include <stdio.h>
#include <string.h>

bh_status(bh_class_names)(char ***names)
{
    static const char call[] = "bh_class_names";
    if (!names)
        return bh__fail(BH_ERROR_NULL, call, "names is NULL: give the address that gets the list");
    *names = NULL;
    const char *const *known = bhs_class_names();
    size_t count = 0, bytes = 0;
    for (; known[count]; count++)
        bytes += strlen(known[count]) + 1;
    char **list = bh__malloc((count + 1) * sizeof *list + bytes);
    if (!list)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for %zu names", count);
    char *text = (char *)(list + count + 1);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(known[i]) + 1;
        list[i] = memcpy(text, known[i], size);
        text += size;
    }
    list[count] = NULL;
    *names = list;
    return BH_OK;
}

/* The class, or NULL after having reported what is wrong. */
static const bhs_meta *begin(const char *class_name, bool has_out, size_t *count, const char *call)
{
    if (count)
        *count = 0;
    if (!class_name || !has_out || !count) {
        bh__fail(BH_ERROR_NULL, call, "%s is NULL", !class_name ? "class_name" : !has_out ? "out" : "count");
        return NULL;
    }
    const bhs_meta *meta = bhs_class_meta(class_name);
    if (!meta)
        meta = bh__class_meta(class_name);
    if (meta)
        return meta;
    char hint[96];
    bh__nearest nearest;
    bh__nearest_begin(&nearest, class_name);
    for (const char *const *name = bhs_class_names(); *name; name++)
        bh__nearest_offer(&nearest, *name);
    bh__fail(BH_ERROR_NAME, call, "there is no class '%.80s'%s", class_name, bh__nearest_hint(&nearest, hint, sizeof hint));
    return NULL;
}

/* A block for COUNT entries of SIZE bytes with BYTES of text behind them; reports. */
static void *block(size_t count, size_t size, size_t bytes, const char *class_name, const char *call)
{
    void *memory = bh__calloc(1, count * size + bytes);
    if (!memory)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for what %.80s has", class_name);
    return memory;
}

static const char *place_text(char **at, const char *text)
{
    size_t size = strlen(text) + 1;
    char *placed = memcpy(*at, text, size);
    *at += size;
    return placed;
}

/* A property that a derived class has redefined is told once. */
static bool property_at(const bhs_meta *meta, int index, bhs_property *out)
{
    if (bhs_property_index(meta, bhs_property_name(meta, index)) != index)
        return false;
    bhs_property_at(meta, index, out);
    return true;
}

bh_status(bh_class_properties)(const char *class_name, bh_property_info **out, size_t *count)
{
    static const char call[] = "bh_class_properties";
    bhs_property property;
    size_t found = 0, bytes = 0;
    if (out)
        *out = NULL;
    const bhs_meta *meta = begin(class_name, out != NULL, count, call);
    if (!meta || !out)
        return bh__last_status();
    int all = bhs_property_count(meta);
    for (int i = 0; i < all; i++)
        if (property_at(meta, i, &property) && ++found)
            bytes += strlen(property.type_name) + 1;
    bh_property_info *list = block(found, sizeof *list, bytes, class_name, call);
    if (!list)
        return BH_ERROR_MEMORY;
    char *text = (char *)(list + found);
    bh_property_info *next = list;
    for (int i = 0; i < all; i++)
        if (property_at(meta, i, &property))
            *next++ = (bh_property_info){.name = property.name,
                                         .type_name = place_text(&text, property.type_name),
                                         .type = bhs_type_of(property.type_id, NULL),
                                         .is_enum = property.is_enum,
                                         .writable = property.writable,
                                         .notify = property.notify};
    *out = list;
    *count = found;
    return BH_OK;
}

static bool method_at(const bhs_meta *meta, int index, bhs_method *out)
{
    bhs_method_at(meta, index, out);
    return out->is_public && bhs_method_index(meta, out->signature) == index;
}

bh_status(bh_class_methods)(const char *class_name, bh_method_info **out, size_t *count)
{
    static const char call[] = "bh_class_methods";
    bhs_method method;
    size_t found = 0, bytes = 0;
    if (out)
        *out = NULL;
    const bhs_meta *meta = begin(class_name, out != NULL, count, call);
    if (!meta || !out)
        return bh__last_status();
    int all = bhs_method_count(meta);
    for (int i = 0; i < all; i++)
        if (method_at(meta, i, &method) && ++found)
            bytes += strlen(method.signature) + 1;
    bh_method_info *list = block(found, sizeof *list, bytes, class_name, call);
    if (!list)
        return BH_ERROR_MEMORY;
    char *text = (char *)(list + found);
    bh_method_info *next = list;
    for (int i = 0; i < all; i++)
        if (method_at(meta, i, &method))
            *next++ = (bh_method_info){.signature = place_text(&text, method.signature),
                                       .returns = method.return_name,
                                       .kind = (bh_method_kind)method.kind,
                                       .callable = bh__is_callable(&method)};
    *out = list;
    *count = found;
    return BH_OK;
}

bh_status(bh_class_enums)(const char *class_name, bh_enum_key_info **out, size_t *count)
{
    static const char call[] = "bh_class_enums";
    bh_enum_key_info info;
    size_t found = 0;
    if (out)
        *out = NULL;
    const bhs_meta *meta = begin(class_name, out != NULL, count, call);
    if (!meta || !out)
        return bh__last_status();
    int all = bhs_enum_count(meta);
    for (int e = 0; e < all; e++)
        for (int i = 0; bhs_enum_key(meta, false, e, i, &info); i++)
            found++;
    bh_enum_key_info *list = block(found, sizeof *list, 0, class_name, call);
    if (!list)
        return BH_ERROR_MEMORY;
    bh_enum_key_info *next = list;
    for (int e = 0; e < all; e++)
        for (int i = 0; bhs_enum_key(meta, false, e, i, &info); i++)
            *next++ = info;
    *out = list;
    *count = found;
    return BH_OK;
}
