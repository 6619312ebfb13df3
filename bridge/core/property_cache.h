/* Properties of a class by name, remembered per thread: a property is looked up once, then found in a few nanoseconds. */
#ifndef CORE_PROPERTY_CACHE_H
#define CORE_PROPERTY_CACHE_H

#include "shim/shim.h"

typedef struct bh__property {
    const bhs_meta *meta; /* the class it was looked up in */
    const char *name;     /* Qt's own, static */
    int index;
    int type_id;
    bh_type type; /* the natural one; BH_TYPE_VOID: none */
    bool readable, writable, is_enum, is_flag, is_image;
    bool is_variant; /* of type QVariant: takes any value */
    bool is_direct;  /* the C value is, byte by byte, the Qt value */
} bh__property;

/* The property, or NULL if META has none of this NAME. Says nothing. What comes back is good until the next call on this thread, and
 * code that runs inside a read or write may make one: copy what is needed afterwards. */
const bh__property *bh__property_find(const bhs_meta *meta, const char *name);

/* A number for META and the contents of NAME: cheap rather than good, since a collision costs no more than a lookup. */
size_t bh__name_hash(const bhs_meta *meta, const char *name);
bool bh__same_name(const char *a, const char *b);

/* Adds "; did you mean 'value'?" to what is said about a property that META has not. Returns OUT. */
const char *bh__property_hint(const bhs_meta *meta, const char *name, char *out, size_t size);

#endif
