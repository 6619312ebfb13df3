/* Handles of what this library gives out: an opaque pointer that is no address, as the bridge's are (core/handle.h), with a tag of its
 * own, so that a handle of the one is refused by the other.
 *
 *     63     56 55    48 47            24 23             0
 *     [ 0xB5  ] [ kind ] [  generation  ] [    index     ]
 *
 * Slots are never freed and their generation is atomic: a handle of any age can be checked on any thread without a lock. Nothing here
 * keeps a payload alive: what several threads use while one may destroy it counts its own references. */
#ifndef PROCESS_HANDLE_H
#define PROCESS_HANDLE_H

#include <bulkhead/status.h>

typedef enum bh__process_kind {
    BH__PROCESS_FREE,
    BH__PROCESS_MESSAGE, /* payload: bh__writer */
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

#endif
