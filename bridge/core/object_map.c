/* From a QObject to its record: open addressing with linear probing, deletion by shifting back (Knuth, vol. 3, 6.4, R). */
#include "core/object_map.h"

#include "base/memory.h"
#include "base/status.h"

#include <string.h>

typedef struct entry {
    const bhs_object *key; /* NULL: free */
    bh__object *object;
} entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static entry *entries;
static size_t capacity, count; /* capacity: a power of two */

static size_t place_of(const bhs_object *key)
{
    uint64_t bits = (uint64_t)(uintptr_t)key >> 4;
    return (size_t)(bits * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (capacity - 1);
}

static size_t find(const bhs_object *key)
{
    size_t at = place_of(key);
    while (entries[at].key && entries[at].key != key)
        at = (at + 1) & (capacity - 1);
    return at;
}

static bool make_room(void)
{
    if (capacity && count < capacity / 2)
        return true;
    size_t old_capacity = capacity;
    entry *old = entries;
    entry *larger = bh__calloc(old_capacity ? old_capacity * 2 : 256, sizeof *larger);
    if (!larger)
        return false;
    entries = larger;
    capacity = old_capacity ? old_capacity * 2 : 256;
    for (size_t i = 0; i < old_capacity; i++)
        if (old[i].key)
            entries[find(old[i].key)] = old[i];
    bh__free(old);
    return true;
}

bh__object *bh__map_find(const bhs_object *qt)
{
    pthread_mutex_lock(&lock);
    bh__object *object = capacity ? entries[find(qt)].object : NULL;
    pthread_mutex_unlock(&lock);
    return object;
}

bool bh__map_add(const bhs_object *qt, bh__object *object)
{
    pthread_mutex_lock(&lock);
    bool room = make_room();
    if (room) {
        size_t at = find(qt);
        count += !entries[at].key;
        entries[at] = (entry){qt, object};
    }
    pthread_mutex_unlock(&lock);
    if (!room)
        bh__fail(BH_ERROR_MEMORY, "bh_object", "no memory for one more object");
    return room;
}

/* Closes the gap at AT: entries behind it that could have stood there move up. */
static void shift_back(size_t at)
{
    size_t gap = at;
    for (size_t next = (at + 1) & (capacity - 1); entries[next].key; next = (next + 1) & (capacity - 1)) {
        size_t home = place_of(entries[next].key);
        if (((next - home) & (capacity - 1)) < ((next - gap) & (capacity - 1)))
            continue;
        entries[gap] = entries[next];
        gap = next;
    }
    entries[gap] = (entry){NULL, NULL};
}

void bh__map_remove(const bhs_object *qt, const bh__object *object)
{
    pthread_mutex_lock(&lock);
    size_t at = capacity ? find(qt) : 0;
    if (capacity && entries[at].key == qt && entries[at].object == object) {
        shift_back(at);
        count--;
    }
    pthread_mutex_unlock(&lock);
}
