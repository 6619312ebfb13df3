/* Data sets: files that can be looked at and trained on. */
#ifndef APP_STORE_DATA_SETS_H
#define APP_STORE_DATA_SETS_H

#include "store/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row. Its strings are never NULL and belong to the list that it came in. */
typedef struct store_data_set {
    int64_t id;
    const char *name;
    const char *file;    /* relative to the project's folder if it lies in it, otherwise absolute; unique */
    const char *source;  /* the URL it was fetched from, or "" */
    const char *hash;    /* "sha256:…", as it was verified or computed, or "" */
    const char *options; /* JSON object: how to read it, as a person chose it (delimiter, header, target, split …) */
    const char *facts;   /* JSON: what inspecting found (columns with type, missing, unique, min, max; bad lines), or "" */
    const char *suspect; /* why it should not be opened unless a person asks for it, or "" */
    int64_t bytes;
    int64_t row_count, column_count; /* -1: not inspected yet */
    bool opening;                    /* somebody is reading it now */
    int64_t added, changed;          /* ms since 1970 */
} store_data_set;

/* Adds a data set: name, file, source, hash, bytes, options and facts are used, row_count and column_count too if there are
 * facts. NULL strings are ""; options "" is {}. ID may be NULL; 0 on failure. BH_ERROR_EXISTS: there is one with this file.
 * BH_ERROR_FORMAT: options or facts are no JSON. */
bh_status store_add_data_set(store *s, const store_data_set *row, int64_t *id);

bh_status store_rename_data_set(store *s, int64_t id, const char *name);

/* How to read it. OPTIONS is JSON. What was found with other options (facts) is forgotten. */
bh_status store_set_data_set_options(store *s, int64_t id, const char *options);

/* The same where how the file is read stays as it was, and only what is done with its columns differs: what was found stays. */
bh_status store_set_data_set_choices(store *s, int64_t id, const char *options);

/* Around each reading of the file: begin before the first byte is read; end with what was found, or with FACTS NULL if there is
 * nothing new. A program that dies in between finds the data set suspect the next time. End makes it unsuspicious. */
bh_status store_begin_opening(store *s, int64_t id);
bh_status store_end_opening(store *s, int64_t id, int64_t row_count, int64_t column_count, const char *facts);

/* Reading it went wrong in a way that a program should not repeat by itself: the worker crashed, or a person killed it. Ends the
 * opening. WHY is a sentence; "" takes the suspicion back. */
bh_status store_suspect_data_set(store *s, int64_t id, const char *why);

/* Removes the row; its file stays. Runs and fetches stay, without a data set. */
bh_status store_remove_data_set(store *s, int64_t id);

/* All, by name. ROWS is freed with store_free; NULL and 0 if there are none, or on failure. */
bh_status store_list_data_sets(store *s, store_data_set **rows, size_t *count);

/* One, freed with store_free. BH_ERROR_NAME: there is none. */
bh_status store_get_data_set(store *s, int64_t id, store_data_set **row);

#define store_add_data_set(...) BH_AT(store_add_data_set(__VA_ARGS__))
#define store_rename_data_set(...) BH_AT(store_rename_data_set(__VA_ARGS__))
#define store_set_data_set_options(...) BH_AT(store_set_data_set_options(__VA_ARGS__))
#define store_set_data_set_choices(...) BH_AT(store_set_data_set_choices(__VA_ARGS__))
#define store_begin_opening(...) BH_AT(store_begin_opening(__VA_ARGS__))
#define store_end_opening(...) BH_AT(store_end_opening(__VA_ARGS__))
#define store_suspect_data_set(...) BH_AT(store_suspect_data_set(__VA_ARGS__))
#define store_remove_data_set(...) BH_AT(store_remove_data_set(__VA_ARGS__))
#define store_list_data_sets(...) BH_AT(store_list_data_sets(__VA_ARGS__))
#define store_get_data_set(...) BH_AT(store_get_data_set(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
