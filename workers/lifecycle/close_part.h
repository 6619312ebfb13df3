/* What a window waits for: one kind of work behind one set of functions. */
#ifndef LIFECYCLE_CLOSE_PART_H
#define LIFECYCLE_CLOSE_PART_H

#include <bulkhead/status.h>

/* "worker 'Trainer'", and since when it has been doing that, on the clock of bh__clock_ms; 0: unknown. */
typedef void (*bh__close_line)(const char *text, int64_t since_ms, void *user);

/* All on the GUI thread. A handle that is stale by now has settled, and nothing is reported about it. */
typedef struct bh__close_kind {
    bool (*settled)(void *handle);                               /* it has ended, and its last results have been delivered */
    void (*cancel)(void *handle, int timeout_ms);                /* TIMEOUT_MS: until the deadline */
    void (*left)(void *handle, bh__close_line line, void *user); /* a line for each thing that has not settled */
} bh__close_kind;

typedef struct bh__close_part {
    const bh__close_kind *kind;
    void *handle;
    struct bh__close_part *next;
} bh__close_part;

extern const bh__close_kind bh__close_worker, bh__close_pool, bh__close_processes;

bool bh__close_parts_settled(const bh__close_part *first);
void bh__close_parts_cancel(const bh__close_part *first, int timeout_ms);
void bh__close_parts_left(const bh__close_part *first, bh__close_line line, void *user);

#endif
