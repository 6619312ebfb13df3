/* Handles: what C holds of a thing of ours. An opaque pointer that is no address.
 *
 *     63     56 55    48 47            24 23             0
 *     [ 0xB4  ] [ kind ] [  generation  ] [    index     ]
 *
 * The tag in the upper byte tells a handle from any address that a user-space pointer can have on x86-64 and AArch64. Slots are
 * never freed and their generation is atomic, so that a handle of any age can be checked on any thread without a lock.
 * A slot whose generations are used up is retired.
 *
 * A call on the thread that an object belongs to needs no more than the check: only that thread destroys it. A call from another
 * thread (emit, post, cancel) pins the slot; invalidation waits until nobody has it pinned. */
#ifndef CORE_HANDLE_H
#define CORE_HANDLE_H

#include <bulkhead/value.h>
#include <stdatomic.h>

typedef struct bh__thread bh__thread; /* core/thread.h */
typedef struct bh__object bh__object; /* core/object.h */

typedef enum bh__kind {
    BH__FREE,
    BH__OBJECT,     /* payload: bh__object */
    BH__CONNECTION, /* bh__connection */
    BH__TIMER,      /* a timer's struct */
    BH__THREAD,     /* bh__thread */
    BH__POOL,       /* the pool's struct */
    BH__RUNNABLE,
    BH__EVENT_HANDLER,
    BH__PAINTER,
    BH__TREE_ITEM,
    BH__WORKER, /* workers/thread */
    BH__WORKER_CONTEXT,
    BH__FINALIZER, /* workers/lifecycle */
    BH__STARTUP,
    BH__TASK,
    BH__TASK_CONTEXT,
    BH__TASK_GROUP,
    BH__KIND_COUNT
} bh__kind;

typedef struct bh__slot {
    _Atomic uint32_t generation; /* even: free; odd: taken. The handle holds generation >> 1 */
    _Atomic uint32_t pins;
    _Atomic(void *) payload;
    _Atomic(bh__thread *) thread; /* the owner's thread, NULL: any may call */
    uint32_t index;
    uint8_t kind;
    uint32_t next_free; /* guarded by the table's lock */
} bh__slot;

/* A new handle of KIND for PAYLOAD; NULL, after having reported for CALL, without memory. THREAD may be NULL. */
void *bh__handle_create(bh__kind kind, void *payload, bh__thread *thread, const char *call);

/* Makes it stale, waits for pins of other threads, frees the slot. False, and nothing, if it is stale already. */
bool bh__handle_destroy(const void *handle, bh__kind kind);

/* The same in two steps, for a thread that must not wait for other threads' pins, since one of them may be waiting for it: the first
 * makes the handle stale, the second, on another thread, waits and gives the slot back. Drain only waits. */
bool bh__handle_invalidate(const void *handle, bh__kind kind);
void bh__handle_release(const void *handle);
void bh__handle_drain(const void *handle);

/* Another thread is in a call with it, or was a moment ago; whether the handle is stale or not. */
bool bh__handle_is_pinned(const void *handle);

/* The slot, or NULL if it is no live handle of KIND. Says nothing. */
bh__slot *bh__slot_of(const void *handle, bh__kind kind);

/* The payload, or NULL. Says nothing. For the owner's thread. */
void *bh__payload_of(const void *handle, bh__kind kind);

/* As bh__payload_of, pinned until bh__unpin(handle): for other threads. Keep it short, never call user code with it. */
void *bh__pin(const void *handle, bh__kind kind);
void bh__unpin(const void *handle);

/* The owner's thread of a pinned handle, which may have become stale since. Valid until bh__unpin. */
bh__thread *bh__thread_of_pinned(const void *handle);

/* The payload, or NULL after having reported why: NULL, no handle, another kind, stale. CALL is the function, WHAT the parameter. */
void *bh__check(const void *handle, bh__kind kind, const char *call, const char *what);

/* The same, pinned. */
void *bh__check_pin(const void *handle, bh__kind kind, const char *call, const char *what);

/* As bh__check, and refuses other threads than the slot's. */
void *bh__check_here(const void *handle, bh__kind kind, const char *call, const char *what);

/* Calls visit for each live handle of KIND, without a lock; for reports. */
void bh__handles_each(bh__kind kind, void (*visit)(const void *handle, bh__slot *slot, void *user), void *user);

/* The public type's name of a kind, "bh_object". */
const char *bh__kind_name(bh__kind kind);

#endif
