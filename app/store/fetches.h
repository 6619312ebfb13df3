/* Fetches: downloads that wait, run, or have ended. */
#ifndef APP_STORE_FETCHES_H
#define APP_STORE_FETCHES_H

#include "store/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/*              start            finish
 *     QUEUED ---------> RUNNING ---------> DONE, FAILED, CANCELLED
 *        ^                 | the program died
 *        |   requeue       v
 *        +----------- INTERRUPTED, FAILED, CANCELLED
 *
 * What is queued can be finished too: cancelled before it began. */
typedef enum store_fetch_state {
    STORE_FETCH_QUEUED,
    STORE_FETCH_RUNNING,
    STORE_FETCH_DONE,
    STORE_FETCH_FAILED,
    STORE_FETCH_INTERRUPTED,
    STORE_FETCH_CANCELLED
} store_fetch_state;

/* A row. Its strings are never NULL and belong to the list that it came in. */
typedef struct store_fetch {
    int64_t id;
    const char *url;
    const char *name;          /* file name under data/ */
    const char *expected_hash; /* "sha256:…" as the manifest or a person gave it, or "" */
    const char *manifest;      /* where the manifest that lists it was, or "" */
    const char *error;         /* why the last attempt failed or ended, or "" */
    store_fetch_state state;
    int attempts;                  /* how often it was started */
    int64_t bytes_done;            /* as last heard; the fetching job knows what is on the disk */
    int64_t bytes_total;           /* -1: not known */
    int64_t data_set;              /* the data set that it became; 0: none */
    int64_t added, started, ended; /* ms since 1970; 0: not yet. started is the last attempt's */
    int64_t changed;
} store_fetch;

/* Queues a fetch: url, name, expected_hash, manifest and bytes_total are used (0 counts as not known). NULL strings are "". ID
 * may be NULL; 0 on failure. For a manifest: all of them between store_begin and store_commit. */
bh_status store_add_fetch(store *s, const store_fetch *row, int64_t *id);

/* Another address for the same bytes, when the old one has expired. Not while it runs. */
bh_status store_set_fetch_url(store *s, int64_t id, const char *url);

/* BH_ERROR_STATE: it is not queued. */
bh_status store_start_fetch(store *s, int64_t id);

/* How far it is: collected, see store_flush. TOTAL -1: not known. Ignored unless it runs. */
bh_status store_fetch_bytes(store *s, int64_t id, int64_t done, int64_t total);

/* Ends it: STATE is DONE, FAILED or CANCELLED, ERROR a sentence or NULL, DATA_SET the id of what it became, or 0. */
bh_status store_finish_fetch(store *s, int64_t id, store_fetch_state state, const char *error, int64_t data_set);

/* Once more: back to the queue. BH_ERROR_STATE: it is queued, running or done. */
bh_status store_requeue_fetch(store *s, int64_t id);

/* Removes the row. BH_ERROR_STATE: it is running. */
bh_status store_remove_fetch(store *s, int64_t id);

/* All, in the order in which they came. ROWS is freed with store_free; NULL and 0 if there are none, or on failure. */
bh_status store_list_fetches(store *s, store_fetch **rows, size_t *count);

/* One, freed with store_free. BH_ERROR_NAME: there is none. */
bh_status store_get_fetch(store *s, int64_t id, store_fetch **row);

/* "queued", "running" …; "?" for what is none. */
const char *store_fetch_state_name(store_fetch_state state);

#define store_add_fetch(...) BH_AT(store_add_fetch(__VA_ARGS__))
#define store_set_fetch_url(...) BH_AT(store_set_fetch_url(__VA_ARGS__))
#define store_start_fetch(...) BH_AT(store_start_fetch(__VA_ARGS__))
#define store_fetch_bytes(...) BH_AT(store_fetch_bytes(__VA_ARGS__))
#define store_finish_fetch(...) BH_AT(store_finish_fetch(__VA_ARGS__))
#define store_requeue_fetch(...) BH_AT(store_requeue_fetch(__VA_ARGS__))
#define store_remove_fetch(...) BH_AT(store_remove_fetch(__VA_ARGS__))
#define store_list_fetches(...) BH_AT(store_list_fetches(__VA_ARGS__))
#define store_get_fetch(...) BH_AT(store_get_fetch(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
