/* The handle table: slots in chunks that are never freed, checked without a lock. */
#include "process/handle.h"

#include "base/memory.h"
#include "base/status.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { CHUNK_BITS = 10, CHUNK_SIZE = 1 << CHUNK_BITS, CHUNK_COUNT = 1 << 14 };

#define HANDLE_TAG UINT64_C(0xB5)
#define FIELD_MASK UINT64_C(0xFFFFFF)
#define LAST_GENERATION 0x1FFFFFFu /* 24 bits and the taken bit */

typedef struct slot {
    _Atomic uint32_t generation; /* even: free; odd: taken. The handle holds generation >> 1 */
    _Atomic uint32_t kind;
    _Atomic uint32_t pins; /* those who look at the payload just now */
    _Atomic(void *) payload;
    uint32_t index;
    uint32_t next_free; /* guarded by the table's lock */
} slot;

static _Atomic(slot *) chunks[CHUNK_COUNT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards first_free, slot_count and next_free of the slots */
static uint32_t first_free;
static uint32_t slot_count = 1; /* slot 0 is never used: a handle of zeros is none */

static const char *const kind_names[BH__PROCESS_KIND_COUNT] = {
    [BH__PROCESS_FREE] = "nothing",     [BH__PROCESS_MESSAGE] = "bh_message", [BH__PROCESS_POOL] = "bh_process_pool",
    [BH__PROCESS_FUTURE] = "bh_future", [BH__PROCESS_JOB] = "bh_job",
};

static slot *slot_at(uint32_t index)
{
    slot *chunk = atomic_load_explicit(&chunks[index >> CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[index & (CHUNK_SIZE - 1)] : NULL;
}

static uint32_t generation_of(uint64_t bits)
{
    return (uint32_t)(bits >> 24 & FIELD_MASK) << 1 | 1;
}

/* The slot of a live handle of KIND, or NULL. */
static slot *slot_of(const void *handle, bh__process_kind kind)
{
    uint64_t bits = (uint64_t)(uintptr_t)handle;
    uint32_t index = (uint32_t)(bits & FIELD_MASK);
    if (bits >> 48 != (HANDLE_TAG << 8 | (uint64_t)kind) || !index)
        return NULL;
    slot *named = slot_at(index);
    if (!named || atomic_load_explicit(&named->generation, memory_order_acquire) != generation_of(bits))
        return NULL;
    return atomic_load_explicit(&named->kind, memory_order_relaxed) == (uint32_t)kind ? named : NULL;
}

/* A slot that was never used; under the lock. */
static slot *grow(void)
{
    uint32_t chunk = slot_count >> CHUNK_BITS;
    if (chunk >= CHUNK_COUNT)
        return NULL;
    if (!atomic_load_explicit(&chunks[chunk], memory_order_relaxed)) {
        slot *slots = bh__calloc(CHUNK_SIZE, sizeof *slots);
        if (!slots)
            return NULL;
        atomic_store_explicit(&chunks[chunk], slots, memory_order_release);
    }
    slot *fresh = slot_at(slot_count);
    fresh->index = slot_count++;
    return fresh;
}

static slot *take_slot(void)
{
    pthread_mutex_lock(&lock);
    slot *taken = first_free ? slot_at(first_free) : grow();
    if (taken && taken->index == first_free)
        first_free = taken->next_free;
    pthread_mutex_unlock(&lock);
    return taken;
}

static void give_slot(slot *given)
{
    if (atomic_load(&given->generation) >= LAST_GENERATION - 1)
        return; /* retired: a handle of its first generation must not fit again */
    pthread_mutex_lock(&lock);
    given->next_free = first_free;
    first_free = given->index;
    pthread_mutex_unlock(&lock);
}

void *bh__process_handle_create(bh__process_kind kind, void *payload, const char *call)
{
    slot *taken = take_slot();
    if (!taken) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more %s", kind_names[kind]);
        return NULL;
    }
    atomic_store_explicit(&taken->kind, (uint32_t)kind, memory_order_relaxed);
    atomic_store_explicit(&taken->payload, payload, memory_order_relaxed);
    uint32_t generation = atomic_fetch_add_explicit(&taken->generation, 1, memory_order_release) + 1;
    uint64_t bits = HANDLE_TAG << 56 | (uint64_t)kind << 48 | (uint64_t)(generation >> 1) << 24 | taken->index;
    return (void *)(uintptr_t)bits;
}

/* A pin lasts for a few instructions. */
static void retire(slot *stale)
{
    while (atomic_load(&stale->pins) > 0)
        sched_yield();
    atomic_store(&stale->payload, NULL);
    give_slot(stale);
}

bool bh__process_handle_destroy(const void *handle, bh__process_kind kind)
{
    slot *taken = slot_of(handle, kind);
    uint32_t expected = generation_of((uint64_t)(uintptr_t)handle);
    if (!taken || !atomic_compare_exchange_strong(&taken->generation, &expected, expected + 1))
        return false;
    retire(taken);
    return true;
}

void *bh__process_payload(const void *handle, bh__process_kind kind)
{
    slot *taken = slot_of(handle, kind);
    return taken ? atomic_load_explicit(&taken->payload, memory_order_relaxed) : NULL;
}

/* Reports what is wrong with a handle that the fast check refused. */
static void explain(const void *handle, bh__process_kind kind, const char *call, const char *what)
{
    uint64_t bits = (uint64_t)(uintptr_t)handle;
    uint64_t other = bits >> 48 & 0xFF;
    if (!handle)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass a %s *", what, kind_names[kind]);
    else if (bits >> 56 != HANDLE_TAG || other == BH__PROCESS_FREE || other >= BH__PROCESS_KIND_COUNT)
        bh__fail(BH_ERROR_NOT_A_HANDLE, call, "%s is %p, which is no %s *: pass the one that the library gave out", what, handle,
                 kind_names[kind]);
    else if (other != (uint64_t)kind)
        bh__fail(BH_ERROR_CLASS, call, "%s is a %s *: pass a %s *", what, kind_names[other], kind_names[kind]);
    else if (kind == BH__PROCESS_JOB)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: a job lives only while its function runs", what);
    else
        bh__fail(BH_ERROR_STALE, call, "%s is gone: it was destroyed before this call", what);
}

void *bh__process_check(const void *handle, bh__process_kind kind, const char *call, const char *what)
{
    void *payload = bh__process_payload(handle, kind);
    if (!payload)
        explain(handle, kind, call, what);
    return payload;
}

void *bh__process_find(const void *handle, bh__process_kind kind, void (*keep)(void *payload), const char *call, const char *what)
{
    slot *named = slot_of(handle, kind);
    void *payload = NULL;
    if (named) {
        /* Sequentially consistent with the destroyer's change of generation: either it sees the pin, or this sees the change. */
        atomic_fetch_add(&named->pins, 1);
        if (atomic_load(&named->generation) == generation_of((uint64_t)(uintptr_t)handle))
            payload = atomic_load_explicit(&named->payload, memory_order_relaxed);
        if (payload)
            keep(payload);
        atomic_fetch_sub_explicit(&named->pins, 1, memory_order_release);
    }
    if (!payload)
        explain(handle, kind, call, what);
    return payload;
}

void *bh__process_take(const void *handle, bh__process_kind kind, const char *call, const char *what)
{
    slot *taken = slot_of(handle, kind);
    uint32_t expected = generation_of((uint64_t)(uintptr_t)handle);
    if (!taken || !atomic_compare_exchange_strong(&taken->generation, &expected, expected + 1)) {
        explain(handle, kind, call, what);
        return NULL;
    }
    void *payload = atomic_load_explicit(&taken->payload, memory_order_relaxed);
    retire(taken);
    return payload;
}

void bh__process_each(bh__process_kind kind, void (*visit)(const void *handle, void *user), void *user)
{
    pthread_mutex_lock(&lock);
    uint32_t count = slot_count;
    pthread_mutex_unlock(&lock);
    for (uint32_t i = 1; i < count; i++) {
        const slot *at = slot_at(i);
        uint32_t generation = atomic_load(&at->generation);
        if (!(generation & 1) || atomic_load(&at->kind) != (uint32_t)kind)
            continue;
        uint64_t bits = HANDLE_TAG << 56 | (uint64_t)kind << 48 | (uint64_t)(generation >> 1) << 24 | i;
        visit((const void *)(uintptr_t)bits, user);
    }
}
