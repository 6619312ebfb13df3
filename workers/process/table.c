/* The table of counted handles: slots in chunks, one lock, which is held for a few instructions. */
#include "process/table.h"

#include "base/memory.h"
#include "base/status.h"

#include <pthread.h>

enum { CHUNK_BITS = 10, CHUNK_SIZE = 1 << CHUNK_BITS, CHUNK_COUNT = 1 << 14 };

#define TABLE_TAG UINT64_C(0xB6)
#define FIELD_MASK UINT64_C(0xFFFFFF)

typedef struct entry {
    void *thing; /* NULL: free */
    uint32_t generation;
    uint32_t next_free;
    bh__entry_kind kind;
} entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static entry *chunks[CHUNK_COUNT];
static uint32_t first_free;
static uint32_t count = 1; /* entry 0 is never used: a handle of zeros is none */

static const char *const names[BH__ENTRY_KIND_COUNT] = {"nothing", "bh_process_pool", "bh_future", "bh_job"};

static entry *entry_at(uint32_t index)
{
    return &chunks[index >> CHUNK_BITS][index & (CHUNK_SIZE - 1)];
}

static uint32_t take_index(void)
{
    uint32_t index = first_free;
    if (index) {
        first_free = entry_at(index)->next_free;
        return index;
    }
    uint32_t chunk = count >> CHUNK_BITS;
    if (chunk >= CHUNK_COUNT)
        return 0;
    if (!chunks[chunk] && !(chunks[chunk] = bh__calloc(CHUNK_SIZE, sizeof **chunks)))
        return 0;
    return count++;
}

static void *handle_of(uint32_t index)
{
    const entry *e = entry_at(index);
    return (void *)(uintptr_t)(TABLE_TAG << 56 | (uint64_t)e->kind << 48 | (uint64_t)e->generation << 24 | index);
}

void *bh__table_add(bh__entry_kind kind, void *thing)
{
    void *handle = NULL;
    pthread_mutex_lock(&lock);
    uint32_t index = take_index();
    if (index) {
        entry *e = entry_at(index);
        e->thing = thing;
        e->kind = kind;
        handle = handle_of(index);
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

/* Under the lock: the entry of a live handle, or NULL. */
static entry *live(uint64_t bits, bh__entry_kind kind)
{
    uint32_t index = (uint32_t)(bits & FIELD_MASK);
    if (bits >> 48 != (TABLE_TAG << 8 | (uint64_t)kind) || !index || index >= count)
        return NULL;
    entry *e = entry_at(index);
    return e->thing && e->kind == kind && e->generation == (bits >> 24 & FIELD_MASK) ? e : NULL;
}

static void explain(const void *handle, bh__entry_kind kind, const char *call, const char *what)
{
    uint64_t bits = (uint64_t)(uintptr_t)handle;
    uint64_t other = bits >> 48 & 0xFF;
    if (!handle)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass a %s *", what, names[kind]);
    else if (bits >> 56 != TABLE_TAG || other == BH__ENTRY_NONE || other >= BH__ENTRY_KIND_COUNT)
        bh__fail(BH_ERROR_NOT_A_HANDLE, call, "%s is %p, which is no handle of a %s: pass what the library gave out", what,
                 handle, names[kind]);
    else if (other != (uint64_t)kind)
        bh__fail(BH_ERROR_CLASS, call, "%s is a %s *: pass a %s *", what, names[other], names[kind]);
    else if (kind == BH__ENTRY_JOB)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: a job lives only while its function runs", what);
    else
        bh__fail(BH_ERROR_STALE, call, "%s is gone: it was destroyed before this call", what);
}

void *bh__table_find(const void *handle, bh__entry_kind kind, void (*keep)(void *thing), const char *call, const char *what)
{
    pthread_mutex_lock(&lock);
    entry *e = live((uint64_t)(uintptr_t)handle, kind);
    void *thing = e ? e->thing : NULL;
    if (thing && keep)
        keep(thing);
    pthread_mutex_unlock(&lock);
    if (!thing)
        explain(handle, kind, call, what);
    return thing;
}

void *bh__table_remove(const void *handle, bh__entry_kind kind, const char *call, const char *what)
{
    pthread_mutex_lock(&lock);
    entry *e = live((uint64_t)(uintptr_t)handle, kind);
    void *thing = e ? e->thing : NULL;
    if (e) {
        e->thing = NULL;
        /* One whose generations are used up is retired: a handle of its first one must not fit again. */
        if (++e->generation < FIELD_MASK) {
            e->next_free = first_free;
            first_free = (uint32_t)((uintptr_t)handle & FIELD_MASK);
        }
    }
    pthread_mutex_unlock(&lock);
    if (!thing)
        explain(handle, kind, call, what);
    return thing;
}

void bh__table_each(bh__entry_kind kind, void (*visit)(const void *handle, void *user), void *user)
{
    pthread_mutex_lock(&lock);
    for (uint32_t i = 1; i < count; i++) {
        const entry *e = entry_at(i);
        if (!e->thing || e->kind != kind)
            continue;
        const void *handle = handle_of(i);
        pthread_mutex_unlock(&lock);
        visit(handle, user);
        pthread_mutex_lock(&lock);
    }
    pthread_mutex_unlock(&lock);
}
