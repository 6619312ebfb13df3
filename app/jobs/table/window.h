/* The part of a file that is in memory: from the row that is read to what was read last. */
#ifndef TABLE_WINDOW_H
#define TABLE_WINDOW_H

#include "jobs/table/source.h"

typedef struct window {
    source *from;
    char *bytes;                  /* one more than room */
    size_t room, at, end;         /* what is between AT and END has been read and is not used up */
    bool last;                    /* the file ends at END */
    uint64_t base;                /* of bytes[0], in the uncompressed file */
    const table_options *options; /* for go_on */
    const uint64_t *rows;
} window;

/* The window has no source yet: it is set before the first window_more. */
bh_status window_make(window *view, table_error *error);
void window_clear(window *view);

/* Whether there is no room for more behind AT. */
bool window_is_full(const window *view);

/* Moves what is left to the front, grows if it is more than half, and reads until there is no room or nothing more. What
 * pointed into the bytes does so no longer. */
bh_status window_more(window *view, table_error *error);

#endif
