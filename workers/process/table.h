/* Checked handles of the rooms that are free of Qt. A handle is no address: tag, kind, generation and index, as in core/handle.h, with a
 * tag of its own. What it names is counted: who finds it by its handle holds a reference, so that nothing goes while it is used,
 * on any thread. */
#ifndef PROCESS_TABLE_H
#define PROCESS_TABLE_H

#include <bulkhead/status.h>

typedef enum bh__entry_kind {
    BH__ENTRY_NONE,
    BH__ENTRY_POOL,   /* bh_process_pool */
    BH__ENTRY_FUTURE, /* bh_future */
    BH__ENTRY_JOB,    /* bh_job */
    BH__ENTRY_KIND_COUNT
} bh__entry_kind;

/* A new handle for THING; NULL, unreported, without memory. */
void *bh__table_add(bh__entry_kind kind, void *thing);

/* The thing, after KEEP(thing) under the table's lock; NULL after having reported: NULL, no handle, another kind, gone. */
void *bh__table_find(const void *handle, bh__entry_kind kind, void (*keep)(void *thing), const char *call, const char *what);

/* Makes the handle stale and returns the thing; NULL after having reported. */
void *bh__table_remove(const void *handle, bh__entry_kind kind, const char *call, const char *what);

/* Calls VISIT for each live handle of KIND, without the lock. */
void bh__table_each(bh__entry_kind kind, void (*visit)(const void *handle, void *user), void *user);

#endif
