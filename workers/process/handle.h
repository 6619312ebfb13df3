/* Handles of what this library gives out: an opaque pointer that is no address, as the bridge's are (core/handle.h), with a tag of its
 * own, so that a handle of the one is refused by the other.
 *
 *     63     56 55    48 47            24 23             0
 *     [ 0xB5  ] [ kind ] [  generation  ] [    index     ]
 *
 * Slots are never freed and their generation is atomic: a handle of any age can be checked on any thread without a lock. What several
 * threads use while one may destroy it counts its references: bh__process_find takes one before the handle can become stale. */
#ifndef PROCESS_HANDLE_H
#define PROCESS_HANDLE_H

#include <bulkhead/status.h>

typedef enum bh__process_kind {
    BH__PROCESS_FREE,
    BH__PROCESS_MESSAGE, /* payload: bh__writer */
    BH__PROCESS_POOL,    /* bh__pool, counted */
    BH__PROCESS_FUTURE,  /* bh__task, counted */
    BH__PROCESS_JOB,     /* bh__job */
    BH__PROCESS_KIND_COUNT
} bh__process_kind;

/* A new handle of KIND for PAYLOAD; NULL, after having reported for CALL, without memory. */
void *bh__process_handle_create(bh__process_kind kind, void *payload, const char *call);

/* Makes it stale and frees the slot. False, and nothing, if it is stale already: of several callers one gets true. */
bool bh__process_handle_destroy(const void *handle, bh__process_kind kind);

/* The payload, or NULL. Says nothing. */
void *bh__process_payload(const void *handle, bh__process_kind kind);

/* The payload, or NULL after having reported why: NULL, no handle, another kind, stale. CALL is the function, WHAT the parameter. */
void *bh__process_check(const void *handle, bh__process_kind kind, const char *call, const char *what);

/* As bh__process_check, and calls KEEP(payload) while the handle cannot become stale. KEEP counts a reference, no more. */
void *bh__process_find(const void *handle, bh__process_kind kind, void (*keep)(void *payload), const char *call,
                       const char *what);

/* Makes it stale and gives the payload; NULL after having reported. */
void *bh__process_take(const void *handle, bh__process_kind kind, const char *call, const char *what);

/* Calls VISIT for each live handle of KIND, without a lock. */
void bh__process_each(bh__process_kind kind, void (*visit)(const void *handle, void *user), void *user);

#endif
