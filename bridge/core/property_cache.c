/* The cache of properties: direct-mapped, thread-local, keyed by class and name. What lives as long as the program (meta-objects and
 * their strings) is kept by address. */
#include "core/property_cache.h"

#include "base/text.h"

enum { CACHE_SIZE = 256 }; /* a power of two */

static _Thread_local bh__property cache[CACHE_SIZE];

/* Names are short: for them a loop beats the library's strlen and strcmp. */
size_t bh__name_hash(const bhs_meta *meta, const char *name)
{
    size_t hash = (size_t)(uintptr_t)meta >> 4;
    for (; *name; name++)
        hash = hash * 31 + (unsigned char)*name;
    return hash ^ hash >> 8;
}

bool bh__same_name(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static __attribute__((noinline)) const bh__property *look_up(const bhs_meta *meta, const char *name, bh__property *entry)
{
    int index = bhs_property_index(meta, name);
    if (index < 0)
        return NULL;
    bhs_property found;
    bhs_property_at(meta, index, &found);
    unsigned traits = bhs_type_traits(found.type_id);
    *entry = (bh__property){
        .meta = meta,
        .name = found.name,
        .index = index,
        .type_id = found.type_id,
        .type = bhs_type_of(found.type_id, NULL),
        .readable = found.readable,
        .writable = found.writable,
        .is_enum = found.is_enum,
        .is_flag = found.is_flag,
        .is_image = traits & BHS_IMAGE,
        .is_variant = traits & BHS_VARIANT,
        .is_direct = traits & BHS_DIRECT,
    };
    return entry;
}

const bh__property *bh__property_find(const bhs_meta *meta, const char *name)
{
    bh__property *entry = &cache[bh__name_hash(meta, name) % CACHE_SIZE];
    if (entry->meta == meta && bh__same_name(entry->name, name))
        return entry;
    return look_up(meta, name, entry);
}

const char *bh__property_hint(const bhs_meta *meta, const char *name, char *out, size_t size)
{
    bh__nearest nearest;
    bh__nearest_begin(&nearest, name);
    for (int i = bhs_property_count(meta) - 1; i >= 0; i--)
        bh__nearest_offer(&nearest, bhs_property_name(meta, i));
    return bh__nearest_hint(&nearest, out, size);
}
