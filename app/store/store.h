/* The memory of a project: what was fetched, what is trained on, what ran and how it ended, kept as it happens.
 *
 * A project is a folder:
 *
 *     project.db (-wal, -shm)      the database that is described below, SQLite in WAL mode
 *     project.lock                 locked by the program that has the project open; freed with the process, whatever ends it
 *     data/                        files of data sets
 *     runs/ID/                     files of a run: its curve, checkpoints and model, which the trainer writes, and run.json, a
 *                                  second copy of the run's row, which the store writes
 *     project.db.damaged-TIME      a damaged database that was set aside
 *
 * Tables, each with a header of its own that says what its columns mean:
 *
 *     data_sets   files that can be looked at and trained on, what is known of their columns (data_sets.h)
 *     fetches     downloads, waiting, under way and ended (fetches.h)
 *     runs        trainings, with parameters, state, newest round, results (runs.h)
 *     settings    names and values: limits, the last choices of forms (settings.h)
 *     events      what happened, for the log view (settings.h)
 *     sessions    one row each time that the project was opened: process, boot, beginning, end
 *
 * A fetch refers to the data set that it became, a run to the data set that it was trained on; both outlive it. Ids are never
 * used twice, because they name folders. All text is UTF-8, and '' where there is none; times are milliseconds since 1970; JSON
 * columns hold valid JSON; states are words, so that any SQLite tool can read the file. PRAGMA user_version is the version of the
 * schema (schema.c has the way from each to the next), and PRAGMA application_id says that the file is ours.
 *
 * What happens when
 *   a change is made     each call is one transaction, on the disk (fsync) when it returns; store_begin and store_commit make
 *                        several calls one. Rounds and bytes of what runs are the exception: they are collected for 200 ms.
 *   the program dies     the next store_open finds the state after the last change that had returned, or after the one that was
 *                        under way. What was running becomes *interrupted*, with how the program died; a data set that was being
 *                        opened becomes suspect, so that nobody opens it by itself again.
 *   project.db is damaged     it is set aside with its -wal and -shm, reported, and a new one is filled with what data/ and runs/
 *                        hold. Any other trouble (disk full, read-only, locked, of a newer version) refuses with a sentence, and
 *                        leaves the files as they are.
 *
 * Threads: a store belongs to the thread that opened it; calls on others are refused. There is one store that writes, on the
 * program's store thread. Any number of readers may be open beside it (store_open_reader), each on a thread of its own; a reader
 * sees what is committed, and never waits for the writer. Every call may read or write the disk, so none belongs on the GUI
 * thread.
 *
 * Calls return a bh_status and report as the library does (bh_report). A pointer to a store is checked for NULL and for the
 * thread; it is no handle, and dead after store_close. */
#ifndef APP_STORE_H
#define APP_STORE_H

#include <bulkhead/status.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct store store;

typedef struct store_options {
    size_t size;
    int busy_ms;            /* how long a call waits for another program that has the database locked; 0: not at all */
    const char *last_crash; /* how the program died the last time, from its crash record; NULL or "": not known */
} store_options;

#define STORE_OPTIONS_INIT                \
    {                                     \
        sizeof(store_options), 2000, NULL \
    }

/* What store_open found. */
typedef struct store_opened {
    bh_status status;
    char sentence[1024]; /* for a person: why it was refused, or what was found and done; "" if there is nothing to say */
    pid_t other_pid;     /* BH_ERROR_EXISTS: the process that has the project open; 0: not known */
    bool created;        /* there was no database before */
    bool crashed;        /* the last session did not close the project */
    bool damaged;        /* the database was damaged and is set aside as the file kept_as of the project's folder */
    char kept_as[128];
    int interrupted_runs, interrupted_fetches; /* were running, and are no longer */
    int suspects;                              /* data sets that were being opened when the program died */
    int rescued_data_sets, rescued_runs;       /* listed again from data/ and runs/ */
} store_opened;

/* Opens the project in FOLDER for writing, and makes folder and files if they are not there; its parent must be. OPTIONS NULL:
 * the defaults. OPENED may be NULL; it is filled in any case. NULL after reporting:
 *   BH_ERROR_EXISTS     another process, or this one, has the project open
 *   BH_ERROR_READ_ONLY  folder or database cannot be written
 *   BH_TIMEOUT          another program has locked the database
 *   BH_ERROR_FORMAT     the database was written by a newer version, or by another program
 *   BH_ERROR_IO, BH_ERROR_MEMORY, BH_ERROR_NULL */
store *store_open(const char *folder, const store_options *options, store_opened *opened);

/* Opens the project in FOLDER for reading, on the calling thread, while another thread or process has it open for writing or
 * nobody has. NULL after reporting; BH_ERROR_NAME: there is no project. */
store *store_open_reader(const char *folder);

/* Writes what is collected, and closes. An open transaction is rolled back. NULL is fine. BH_ERROR_STATE inside the hook: the
 * store stays open. If the last rounds cannot be written, it says so and closes. */
bh_status store_close(store *s);

/* Makes all changes until store_commit one transaction: all of them are kept, or none. BH_ERROR_STATE: one is open already. */
bh_status store_begin(store *s);

/* A change that failed between the two has changed nothing, and the others are kept; but after a failure that made the database
 * give up the whole transaction (disk full), all further changes and the commit are refused with BH_ERROR_STATE. In every case
 * there is no transaction any more afterwards. */
bh_status store_commit(store *s);
bh_status store_rollback(store *s);

/* Rounds and bytes are collected and written together: in the first such call 200 ms after the first that is waiting, before the
 * row's state changes, in store_close, and here. If they cannot be written they are kept, and tried again a second later. */
bh_status store_flush(store *s);

/* When to call store_flush if no other call comes before, in ms from now; 0: now, -1: nothing waits. -1 for a bad store. */
int store_flush_due_ms(store *s);

typedef enum store_table { STORE_DATA_SETS = 1, STORE_FETCHES, STORE_RUNS, STORE_SETTINGS, STORE_EVENTS } store_table;

/* Told what changed, after the commit, on the store's thread: each row once in a transaction. ID 0: any number of rows of that
 * table. The callback may call the store, but not close it. */
typedef struct store_hook {
    void (*changed)(store_table table, int64_t id, void *user);
    void *user;
    void (*drop)(void *user); /* may be NULL; runs once, when the hook is replaced or the store closed */
} store_hook;

/* Replaces the hook; one without CHANGED removes it. If it is refused, drop does not run. */
bh_status store_set_hook(store *s, store_hook hook);

/* Whether TABLE has a row ID: false, without a word, if not, or on failure. */
bool store_has(store *s, store_table table, int64_t id);

/* Frees what a list call or a get call gave: rows with all their strings. NULL is fine. Any thread. */
void store_free(void *rows);

/* The project's folder, absolute. "" for NULL. Valid until store_close. */
const char *store_folder(const store *s);

#define store_open(...) BH_AT(store_open(__VA_ARGS__))
#define store_open_reader(...) BH_AT(store_open_reader(__VA_ARGS__))
#define store_close(...) BH_AT(store_close(__VA_ARGS__))
#define store_begin(...) BH_AT(store_begin(__VA_ARGS__))
#define store_commit(...) BH_AT(store_commit(__VA_ARGS__))
#define store_rollback(...) BH_AT(store_rollback(__VA_ARGS__))
#define store_flush(...) BH_AT(store_flush(__VA_ARGS__))
#define store_flush_due_ms(...) BH_AT(store_flush_due_ms(__VA_ARGS__))
#define store_has(...) BH_AT(store_has(__VA_ARGS__))
#define store_set_hook(...) BH_AT(store_set_hook(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
