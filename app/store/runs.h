/* Runs: trainings that wait, run, or have ended. The curve of a run is no part of its row: the trainer appends every round to a
 * file in the run's folder. The row has what a table of runs shows. */
#ifndef APP_STORE_RUNS_H
#define APP_STORE_RUNS_H

#include "store/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/*              start            finish
 *     QUEUED ---------> RUNNING ---------> DONE, STOPPED, KILLED, FAILED
 *        ^                 | the program died
 *        |   requeue       v
 *        +----------- INTERRUPTED, STOPPED, KILLED, FAILED
 *
 * What is queued can be finished too: taken back before it began. */
typedef enum store_run_state {
    STORE_RUN_QUEUED,
    STORE_RUN_RUNNING,
    STORE_RUN_STOPPED,     /* at a person's wish, with a checkpoint */
    STORE_RUN_KILLED,      /* at a person's wish, at once */
    STORE_RUN_INTERRUPTED, /* the program died */
    STORE_RUN_DONE,
    STORE_RUN_FAILED
} store_run_state;

typedef enum store_run_mode { STORE_RUN_PROCESS, STORE_RUN_THREAD } store_run_mode;

/* A row. Its strings are never NULL and belong to the list that it came in. */
typedef struct store_run {
    int64_t id;
    const char *name;
    const char *kind;       /* what is done: "train" … */
    const char *parameters; /* JSON object, as the job gets it */
    const char *data_hash;  /* of the data set when the run was added, or "" */
    const char *metrics;    /* JSON object: name and number, as last heard, or at the best round once it has ended; or "" */
    const char *importance; /* JSON: features and their importance, or "" */
    const char *model;      /* the model's file, relative to the project's folder, or "" */
    const char *notes;      /* a person's */
    const char *error;      /* why it failed, or "" */
    const char *died;       /* how its worker or the program died, or "" */
    store_run_state state;
    store_run_mode mode;
    int64_t data_set;              /* 0: none, or removed since */
    int64_t round, rounds;         /* finished so far, as last heard; wanted */
    int64_t best_round;            /* -1: not known */
    int64_t spent_ms;              /* of all attempts that have ended together */
    int64_t added, started, ended; /* ms since 1970; 0: not yet. started is the last attempt's */
    int64_t changed;
} store_run;

/* Queues a run: name, kind, parameters, data_set, mode, rounds and notes are used. NULL strings are ""; parameters "" is {}.
 * Makes the run's folder with run.json in it. ID may be NULL; 0 on failure. For a grid: all of them between store_begin and
 * store_commit. BH_ERROR_FORMAT: the parameters are no JSON object. BH_ERROR_NAME: there is no such data set. */
bh_status store_add_run(store *s, const store_run *row, int64_t *id);

/* BH_ERROR_STATE: it is not queued. */
bh_status store_start_run(store *s, int64_t id);

/* ROUND rounds are finished: collected, see store_flush. BEST_ROUND -1: not known. METRICS is a JSON object, or NULL: as before.
 * Ignored unless it runs. */
bh_status store_run_round(store *s, int64_t id, int64_t round, int64_t best_round, const char *metrics);

/* What a run leaves behind. Fields that are NULL leave what is there. */
typedef struct store_run_result {
    const char *metrics, *importance, *model;
    const char *error, *died;
} store_run_result;

/* Ends it: STATE is DONE, STOPPED, KILLED or FAILED. RESULT may be NULL. */
bh_status store_finish_run(store *s, int64_t id, store_run_state state, const store_run_result *result);

/* Resume: back to the queue, with its rounds so far. BH_ERROR_STATE: it is queued, running or done. */
bh_status store_requeue_run(store *s, int64_t id);

bh_status store_set_run_name(store *s, int64_t id, const char *name);
bh_status store_set_run_notes(store *s, int64_t id, const char *notes);

/* Removes the row and run.json; the folder's other files are the caller's. BH_ERROR_STATE: it is running. */
bh_status store_remove_run(store *s, int64_t id);

/* Which runs, and in which order. */
typedef struct store_run_query {
    size_t size;
    const char *sort; /* a column ("id", "name", "state", "started", "round" …), "metric:NAME" or "parameter:NAME"; NULL: "id".
                          * Runs without such a value come last. */
    bool descending;
    int64_t data_set; /* 0: of all */
    unsigned states;  /* 1u << STORE_RUN_… of each wanted state; 0: all */
    const char *text; /* part of name, notes, parameters or error, without regard to case of ASCII; NULL or "": all */
    int64_t limit;    /* 0: all */
    int64_t offset;
} store_run_query;

#define STORE_RUN_QUERY_INIT                                   \
    {                                                          \
        sizeof(store_run_query), NULL, false, 0, 0, NULL, 0, 0 \
    }

/* QUERY NULL: all by id. ROWS is freed with store_free; NULL and 0 if there are none, or on failure. BH_ERROR_NAME: cannot be
 * sorted by that. */
bh_status store_list_runs(store *s, const store_run_query *query, store_run **rows, size_t *count);

/* One, freed with store_free. BH_ERROR_NAME: there is none. */
bh_status store_get_run(store *s, int64_t id, store_run **row);

/* The run's folder, absolute, freed with store_free; NULL on failure. Whether there is such a run is not checked. */
bh_status store_run_folder(const store *s, int64_t id, char **folder);

/* "queued", "running" …; "?" for what is none. */
const char *store_run_state_name(store_run_state state);

#define store_add_run(...) BH_AT(store_add_run(__VA_ARGS__))
#define store_start_run(...) BH_AT(store_start_run(__VA_ARGS__))
#define store_run_round(...) BH_AT(store_run_round(__VA_ARGS__))
#define store_finish_run(...) BH_AT(store_finish_run(__VA_ARGS__))
#define store_requeue_run(...) BH_AT(store_requeue_run(__VA_ARGS__))
#define store_set_run_name(...) BH_AT(store_set_run_name(__VA_ARGS__))
#define store_set_run_notes(...) BH_AT(store_set_run_notes(__VA_ARGS__))
#define store_remove_run(...) BH_AT(store_remove_run(__VA_ARGS__))
#define store_list_runs(...) BH_AT(store_list_runs(__VA_ARGS__))
#define store_get_run(...) BH_AT(store_get_run(__VA_ARGS__))
#define store_run_folder(...) BH_AT(store_run_folder(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
