/* The handle table: slots in chunks that are never freed, checked without a lock. */
#include "core/handle.h"

#include "base/memory.h"
#include "base/status.h"
#include "core/thread.h"

#include <pthread.h>
#include <sched.h>

enum { CHUNK_BITS = 10, CHUNK_SIZE = 1 << CHUNK_BITS, CHUNK_COUNT = 1 << 14, NO_SLOT = 0 };

#define HANDLE_TAG UINT64_C(0xB4)
#define FIELD_MASK UINT64_C(0xFFFFFF)
#define LAST_GENERATION 0x1FFFFFFu /* 24 bits and the taken bit */

static _Atomic(bh__slot *) chunks[CHUNK_COUNT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards first_free, slot_count and next_free of the slots */
static uint32_t first_free;
static uint32_t slot_count = 1; /* slot 0 is never used: a handle of zeros is none */

static const char *const kind_names[BH__KIND_COUNT] = {
    [BH__FREE] = "nothing",
    [BH__OBJECT] = "bh_object",
    [BH__CONNECTION] = "bh_connection",
    [BH__TIMER] = "bh_timer",
    [BH__THREAD] = "bh_thread",
    [BH__POOL] = "bh_thread_pool",
    [BH__RUNNABLE] = "bh_runnable",
    [BH__EVENT_HANDLER] = "bh_event_handler",
    [BH__PAINTER] = "bh_painter",
    [BH__TREE_ITEM] = "bh_tree_item",
    [BH__WORKER] = "bh_worker",
    [BH__WORKER_CONTEXT] = "bh_worker_context",
    [BH__FINALIZER] = "bh_finalizer",
    [BH__STARTUP] = "bh_startup",
    [BH__TASK] = "bh_task",
    [BH__TASK_CONTEXT] = "bh_task_context",
    [BH__TASK_GROUP] = "bh_task_group",
};

const char *bh__kind_name(bh__kind kind)
{
    return (unsigned)kind < BH__KIND_COUNT ? kind_names[kind] : "?";
}

static bool is_handle(uint64_t bits)
{
    return bits >> 56 == HANDLE_TAG && (bits >> 48 & 0xFF) < BH__KIND_COUNT && (bits >> 48 & 0xFF) != BH__FREE;
}

static bh__slot *slot_at(uint32_t index)
{
    bh__slot *chunk = atomic_load_explicit(&chunks[index >> CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[index & (CHUNK_SIZE - 1)] : NULL;
}

/* The slot that the handle's index names, whatever its generation. */
static bh__slot *slot_named(uint64_t bits)
{
    uint32_t index = (uint32_t)(bits & FIELD_MASK);
    return index ? slot_at(index) : NULL;
}

static uint32_t generation_of(uint64_t bits)
{
    return (uint32_t)(bits >> 24 & FIELD_MASK) << 1 | 1;
}

static bool is_live(const bh__slot *slot, uint64_t bits)
{
    return atomic_load_explicit(&slot->generation, memory_order_acquire) == generation_of(bits);
}

bh__slot *bh__slot_of(const void *handle, bh__kind kind)
{
    uint64_t bits = (uint64_t)(uintptr_t)handle;
    if (bits >> 48 != (HANDLE_TAG << 8 | (uint64_t)kind))
        return NULL;
    bh__slot *slot = slot_named(bits);
    return slot && is_live(slot, bits) && slot->kind == kind ? slot : NULL;
}

void *bh__payload_of(const void *handle, bh__kind kind)
{
    bh__slot *slot = bh__slot_of(handle, kind);
    return slot ? atomic_load_explicit(&slot->payload, memory_order_relaxed) : NULL;
}

static uint32_t grow(void)
{
    uint32_t index = slot_count;
    uint32_t chunk = index >> CHUNK_BITS;
    if (chunk >= CHUNK_COUNT)
        return NO_SLOT;
    if (!atomic_load_explicit(&chunks[chunk], memory_order_relaxed)) {
        bh__slot *slots = bh__calloc(CHUNK_SIZE, sizeof *slots);
        if (!slots)
            return NO_SLOT;
        atomic_store_explicit(&chunks[chunk], slots, memory_order_release);
    }
    slot_count++;
    slot_at(index)->index = index;
    return index;
}

static bh__slot *take_slot(void)
{
    pthread_mutex_lock(&lock);
    uint32_t index = first_free;
    if (index)
        first_free = slot_at(index)->next_free;
    else
        index = grow();
    pthread_mutex_unlock(&lock);
    return index ? slot_at(index) : NULL;
}

static void give_slot(bh__slot *slot)
{
    if (atomic_load(&slot->generation) >= LAST_GENERATION - 1)
        return; /* retired: a handle of its first generation must not fit again */
    pthread_mutex_lock(&lock);
    slot->next_free = first_free;
    first_free = slot->index;
    pthread_mutex_unlock(&lock);
}

void *bh__handle_create(bh__kind kind, void *payload, bh__thread *thread, const char *call)
{
    bh__slot *slot = take_slot();
    if (!slot) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more %s", bh__kind_name(kind));
        return NULL;
    }
    if (thread)
        bh__thread_ref(thread);
    slot->kind = (uint8_t)kind;
    atomic_store_explicit(&slot->payload, payload, memory_order_relaxed);
    atomic_store_explicit(&slot->thread, thread, memory_order_relaxed);
    uint32_t generation = atomic_fetch_add_explicit(&slot->generation, 1, memory_order_release) + 1;
    uint64_t bits = HANDLE_TAG << 56 | (uint64_t)kind << 48 | (uint64_t)(generation >> 1) << 24 | slot->index;
    return (void *)(uintptr_t)bits;
}

/* The calling thread's own pins: an error hook that runs inside a call may destroy the very object that the call has pinned. */
enum { MOST_PINS = 16 };
static _Thread_local uint32_t my_pins[MOST_PINS];
static _Thread_local int my_pin_count;

static void note_pin(uint32_t index)
{
    if (my_pin_count < MOST_PINS)
        my_pins[my_pin_count] = index;
    my_pin_count++;
}

static void forget_pin(uint32_t index)
{
    int last = --my_pin_count < MOST_PINS ? my_pin_count : MOST_PINS - 1;
    int at = last;
    while (at > 0 && my_pins[at] != index)
        at--;
    my_pins[at] = my_pins[last];
}

static uint32_t pins_of_mine(uint32_t index)
{
    uint32_t count = 0;
    for (int i = 0; i < my_pin_count && i < MOST_PINS; i++)
        count += my_pins[i] == index;
    return count;
}

/* Other threads hold pins for the length of an emit or a post. One of them may be blocked on this thread's mailbox: it is let
 * through, or the two would wait for each other. */
static void wait_for_pins(bh__slot *slot)
{
    uint32_t mine_only = pins_of_mine(slot->index);
    if (atomic_load(&slot->pins) <= mine_only)
        return;
    bh__mailbox *mine = &bh__self()->mailbox;
    bh__mailbox_lenient(mine, true);
    while (atomic_load(&slot->pins) > mine_only)
        sched_yield();
    bh__mailbox_lenient(mine, false);
}

bool bh__handle_invalidate(const void *handle, bh__kind kind)
{
    bh__slot *slot = bh__slot_of(handle, kind);
    uint32_t expected = slot ? generation_of((uint64_t)(uintptr_t)handle) : 0;
    return slot && atomic_compare_exchange_strong(&slot->generation, &expected, expected + 1);
}

bool bh__handle_is_pinned(const void *handle)
{
    bh__slot *slot = slot_named((uint64_t)(uintptr_t)handle);
    return slot && atomic_load(&slot->pins) > pins_of_mine(slot->index);
}

void bh__handle_drain(const void *handle)
{
    wait_for_pins(slot_named((uint64_t)(uintptr_t)handle));
}

void bh__handle_release(const void *handle)
{
    bh__slot *slot = slot_named((uint64_t)(uintptr_t)handle);
    wait_for_pins(slot);
    bh__thread *thread = atomic_exchange(&slot->thread, NULL);
    atomic_store(&slot->payload, NULL);
    if (thread)
        bh__thread_unref(thread);
    give_slot(slot);
}

bool bh__handle_destroy(const void *handle, bh__kind kind)
{
    bool ours = bh__handle_invalidate(handle, kind);
    if (ours)
        bh__handle_release(handle);
    return ours;
}

void *bh__pin(const void *handle, bh__kind kind)
{
    bh__slot *slot = bh__slot_of(handle, kind);
    if (!slot)
        return NULL;
    /* Sequentially consistent with the destroyer's change of generation: either it sees the pin, or this sees the change. */
    atomic_fetch_add(&slot->pins, 1);
    if (atomic_load(&slot->generation) != generation_of((uint64_t)(uintptr_t)handle)) {
        atomic_fetch_sub(&slot->pins, 1);
        return NULL;
    }
    note_pin(slot->index);
    return atomic_load_explicit(&slot->payload, memory_order_relaxed);
}

void bh__unpin(const void *handle)
{
    bh__slot *slot = slot_named((uint64_t)(uintptr_t)handle);
    if (!slot)
        return;
    forget_pin(slot->index);
    atomic_fetch_sub_explicit(&slot->pins, 1, memory_order_release);
}

bh__thread *bh__thread_of_pinned(const void *handle)
{
    return atomic_load(&slot_named((uint64_t)(uintptr_t)handle)->thread);
}

/* Reports what is wrong with a handle that the fast check refused. */
static void explain(const void *handle, bh__kind kind, const char *call, const char *what)
{
    uint64_t bits = (uint64_t)(uintptr_t)handle;
    const char *wanted = bh__kind_name(kind);
    if (!handle)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass a %s *", what, wanted);
    else if (!is_handle(bits))
        bh__fail(BH_ERROR_NOT_A_HANDLE, call, "%s is %p, which is no handle: pass the %s * that the library gave out", what,
                 handle, wanted);
    else if ((bits >> 48 & 0xFF) != (uint64_t)kind)
        bh__fail(BH_ERROR_CLASS, call, "%s is a %s *: pass a %s *", what, bh__kind_name((bh__kind)(bits >> 48 & 0xFF)), wanted);
    else if (kind == BH__PAINTER)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: a painter lives only during its paint function", what);
    else if (kind == BH__FINALIZER)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: it has begun to run, or was removed", what);
    else if (kind == BH__TASK_CONTEXT)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: a context lives only while the task's function runs", what);
    else if (kind == BH__TASK)
        bh__fail(BH_ERROR_STALE, call, "%s is gone: its `done` has returned; .keep in its options keeps the handle", what);
    else if (!bh__gui())
        bh__fail(BH_ERROR_NO_APP, call, "%s was destroyed with the application: call bh_app_create and make a new one", what);
    else
        bh__fail(BH_ERROR_STALE, call, "%s is gone: it was destroyed before this call", what);
}

void *bh__check(const void *handle, bh__kind kind, const char *call, const char *what)
{
    void *payload = bh__payload_of(handle, kind);
    if (!payload)
        explain(handle, kind, call, what);
    return payload;
}

void *bh__check_pin(const void *handle, bh__kind kind, const char *call, const char *what)
{
    void *payload = bh__pin(handle, kind);
    if (!payload)
        explain(handle, kind, call, what);
    return payload;
}

void *bh__check_here(const void *handle, bh__kind kind, const char *call, const char *what)
{
    void *payload = bh__check(handle, kind, call, what);
    bh__slot *slot = payload ? bh__slot_of(handle, kind) : NULL;
    if (!slot)
        return NULL;
    bh__thread *owner = atomic_load_explicit(&slot->thread, memory_order_relaxed);
    if (!owner || owner == bh__self())
        return payload;
    bh__fail(BH_ERROR_THREAD, call, "this %s belongs to thread '%s', called on '%s': use bh_post to run it there",
             bh__kind_name(kind), owner->name, bh__self()->name);
    return NULL;
}

void bh__handles_each(bh__kind kind, void (*visit)(const void *handle, bh__slot *slot, void *user), void *user)
{
    pthread_mutex_lock(&lock);
    uint32_t count = slot_count;
    pthread_mutex_unlock(&lock);
    for (uint32_t i = 1; i < count; i++) {
        bh__slot *slot = slot_at(i);
        uint32_t generation = slot ? atomic_load(&slot->generation) : 0;
        if (!(generation & 1) || slot->kind != kind)
            continue;
        uint64_t bits = HANDLE_TAG << 56 | (uint64_t)kind << 48 | (uint64_t)(generation >> 1) << 24 | i;
        visit((const void *)(uintptr_t)bits, slot, user);
    }
}
