/* Inside the store: what its files share. Memory is SQLite's (sqlite3_malloc64 and its kin), so that one allocator that fails at
 * the Nth call, as tests install it, reaches everything here. */
#ifndef APP_STORE_INNER_H
#define APP_STORE_INNER_H

#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>

enum { STORE_TABLES = STORE_EVENTS + 1, STORE_LONGEST_SENTENCE = 1024 };

/* A row that the running transaction changed. */
typedef struct store__change {
    store_table table;
    int64_t id;
    bool added;   /* and was not there before */
    bool removed; /* and is no longer there */
    bool quiet;   /* only by rounds and bytes, which run.json need not repeat */
} store__change;

/* The newest that was heard of a run or fetch, not written yet. */
typedef struct store__pending {
    store_table table;
    int64_t id, first, second; /* a run's round and best round, a fetch's bytes done and total */
    char *metrics;             /* a run's, or NULL: as before */
    size_t metrics_room;
    bool waits; /* an entry that does not keeps its memory for the next round */
} store__pending;

typedef enum store__transaction { STORE__NONE, STORE__OPEN, STORE__GIVEN_UP } store__transaction;

struct store {
    sqlite3 *db;
    char *folder; /* absolute, without a slash at its end */
    pthread_t thread;
    bool reader;
    int lock; /* descriptor of project.lock, or -1 */
    store__transaction transaction;

    store_hook hook;
    int delivering; /* hooks that are running, one in another */
    store__change *changes;
    size_t change_count, change_room;
    size_t change_mark;              /* what the running change of a longer transaction began with */
    bool changed_many[STORE_TABLES]; /* more rows of this table than it makes sense to list */
    bool quiet;

    store__pending *pending;
    size_t pending_count;
    int64_t flush_at; /* monotonic ms; 0: nothing waits */

    bh_status status;                      /* of the latest failure */
    char sentence[STORE_LONGEST_SENTENCE]; /* and its words, without the call and its place */
};

/* How a row becomes a struct: a table of columns for each. */
typedef enum store__kind {
    STORE__TEXT,
    STORE__JSON, /* text that run.json shows as JSON */
    STORE__INT64,
    STORE__INT,
    STORE__BOOL,
    STORE__WORD /* an int, by the words of its enum */
} store__kind;

typedef struct store__field {
    const char *column; /* NULL: the end */
    store__kind kind;
    size_t offset;
    const char *const *words; /* ends with NULL */
} store__field;

typedef struct store__shape {
    const char *table, *noun;
    size_t size;
    const store__field *fields;
} store__shape;

extern const store__shape store__data_set_shape, store__fetch_shape, store__run_shape, store__event_shape;

/* sql.c */
bh_status store__fail(store *s, bh_status status, const char *call, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bh_status store__sql_failed(store *s, const char *call); /* the latest of s->db */
bh_status store__code_failed(store *s, const char *call, int code);
bh_status store__check(store *s, const char *call);        /* NULL and thread */
bh_status store__check_writer(store *s, const char *call); /* and that it may write */

/* The static analyser cannot see that a failure is never BH_OK. */
#ifdef __clang_analyzer__
static inline bh_status store__not_ok(bh_status status)
{
    if (status == BH_OK)
        __builtin_unreachable();
    return status;
}
#define store__fail(...) store__not_ok(store__fail(__VA_ARGS__))
#endif

/* TYPES has a letter for each value: i int64_t, t text of which NULL is '', n text of which NULL is NULL. */
sqlite3_stmt *store__prepare_va(store *s, const char *call, const char *sql, const char *types, va_list values);
sqlite3_stmt *store__prepare(store *s, const char *call, const char *sql, const char *types, ...);
int store__step(store *s, const char *call, sqlite3_stmt *statement); /* 1: a row, 0: none any more, -1: failed and reported */
bh_status store__run(store *s, const char *call, const char *sql, const char *types, ...);
bh_status store__number(store *s, const char *call, int64_t *out, const char *sql, const char *types, ...);

/* change.c: each change stands between the two; END keeps it if STATUS is BH_OK, and returns what came of it. */
bh_status store__begin_change(store *s, const char *call);
bh_status store__end_change(store *s, const char *call, bh_status status);
void store__watch(store *s); /* from now on changes are noted for the hook */
void store__drop_hook(store *s);

/* change_row.c: sets columns of a row ("notes = ?1"), or removes it, if it is in one of the states that WHEN lists as SQL; NULL:
 * in any. Each is a change of its own. */
bh_status store__change_row(store *s, const char *call, const store__shape *shape, int64_t id, const char *when, const char *set,
                            const char *types, ...);
bh_status store__remove_row(store *s, const char *call, const store__shape *shape, int64_t id, const char *when);

/* rows.c: ROWS is a pointer to a pointer. TAIL is what comes after FROM TABLE. */
bh_status store__check_list(store *s, const char *call, void *rows, size_t *count);
bh_status store__list(store *s, const char *call, const store__shape *shape, void **rows, size_t *count, const char *tail,
                      const char *types, ...);
bh_status store__get(store *s, const char *call, const store__shape *shape, int64_t id, void **row);
char *store__give_text(const char *text); /* a copy for store_free */
const char *store__word(const char *const *words, int value);

/* schema.c: steps lead from each version of the schema to the next. Both return a code of SQLite's. */
extern const char *const store__steps[];
extern const int store__step_count;
enum { STORE_APPLICATION_ID = 0x42554c4b };
int store__migrate(sqlite3 *db, const char *const *steps, int from, int to);
int store__compare_schema(sqlite3 *db, int version, bool *same);

/* database.c: opens project.db, makes it, brings it to this version, or sets it aside. */
bh_status store__open_database(store *s, const char *call, int busy_ms, store_opened *opened);
bh_status store__connect(store *s, const char *call, int busy_ms);
void store__disconnect(store *s);
void store__tell(store_opened *opened, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* recover.c, rescue.c: after a death; after a damage, within a change. */
bh_status store__recover(store *s, const char *call, const char *last_crash, store_opened *opened);
bh_status store__rescue(store *s, const char *call, store_opened *opened);

/* run_file.c: runs/ID and its run.json. The path is the caller's to sqlite3_free. */
char *store__run_path(const store *s, int64_t id, const char *file);
bh_status store__write_run_file(store *s, const char *call, int64_t id);
void store__remove_run_folder(store *s, int64_t id); /* run.json, and the folder if nothing else is in it */

/* pending.c: within a change. */
bh_status store__write_pending(store *s, const char *call);
void store__forget_pending(store *s);
void store__free_pending(store *s);

/* lock.c, boot_linux.c */
bh_status store__lock(store *s, const char *call, store_opened *opened);
void store__boot_id(char *out, size_t size); /* which start of the computer this is; "" if the system does not say */

int64_t store__now(void);       /* ms since 1970 */
int64_t store__monotonic(void); /* ms */

#endif
