/* From a QObject to its record: a hash table under a lock. */
#ifndef CORE_OBJECT_MAP_H
#define CORE_OBJECT_MAP_H

#include "core/object.h"

bh__object *bh__map_find(const bhs_object *qt);

/* False, reported, without memory. */
bool bh__map_add(const bhs_object *qt, bh__object *object);

/* Takes the entry out if it is this object's. */
void bh__map_remove(const bhs_object *qt, const bh__object *object);

#endif
