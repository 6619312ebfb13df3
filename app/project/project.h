/* The project that is open, for the GUI thread: its data sets, fetches and runs as rows that keep themselves up to date, what is under
 * way, and all that a person can ask for. Windows show it and call it; the command line runs on it without a window.
 *
 * Nothing here blocks. What takes time goes to the store's thread, to worker processes or to a pool thread; what comes of it arrives as
 * a call of the observers, after the rows are up to date. A request that is refused at once returns a status with a sentence
 * (bh_last_error); one that fails later ends as the row's error and as an event.
 *
 *     store's thread      owns the store; requests reach it in order, rows come back
 *     worker processes    fetch, unpack, inspect, train, predict, each kind with its limit of jobs at a time
 *     a pool thread       trainings that are to run in this program, lists of files, curves, pages of tables
 *
 * What runs is in the store first, so that after any death the next opening knows it: store_opened says what was found.
 *
 * Pointers to rows, jobs and what is in them are good until the event loop goes round again. All calls: GUI thread. A project of NULL is
 * refused. */
#ifndef APP_PROJECT_PROJECT_H
#define APP_PROJECT_PROJECT_H

#include "store/data_sets.h"
#include "store/fetches.h"
#include "store/runs.h"
#include "store/settings.h"

#include <bulkhead/bulkhead.h>

typedef struct project project;
struct project_job;

/* --- observers */

/* Members that are NULL are not called. Added during a call of observers, one is called from the next change on. */
typedef struct project_observer {
    void (*opened)(void *user, const store_opened *found); /* once; status BH_OK, or the project cannot be used */

    /* Row ID of TABLE came, changed or went; 0: any number of them did. */
    void (*changed)(void *user, store_table table, int64_t id);

    /* A job came, went or got further (at most ten times a second each). JOB is NULL when it has gone. */
    void (*job)(void *user, int64_t id, const struct project_job *job);

    /* Nothing is under way and nothing waits any more: after each time that something was, and once after opened(). */
    void (*idle)(void *user);

    /* Something happened that a person wants to know: what failed, how it died. It is in the project's log, too. */
    void (*event)(void *user, const store_event *event);

    /* Row ID of TABLE has just come, and a person wants to see it (project_start_runs). */
    void (*show)(void *user, store_table table, int64_t id);

    /* Somebody has started the program once more with this project: the window should come to the front. */
    void (*raise)(void *user);
    void *user;
} project_observer;

/* True if nothing is under way and nothing waits, and idle() has been told. */
bool project_is_idle(const project *self);

void project_observe(project *self, const project_observer *observer);
void project_forget(project *self, void *user); /* all observers with this user */

/* A project that was destroyed keeps its memory, and nothing else, until all who took it have released it: for widgets, which Qt may free
 * later than their owner wanted, and which forget then. Any thread. */
project *project_take(project *self);
void project_release(project *self);

/* --- its life */

typedef struct project_options {
    size_t size;
    const char *worker; /* the worker program, a path; NULL: bulkhead-worker, where this program expects it */
} project_options;

#define PROJECT_OPTIONS_INIT sizeof(project_options), NULL

/* Begins to open the project in FOLDER, which is made if need be: opened() says what came of it. NULL, reported: no memory, no thread. */
project *project_open(const char *folder, const project_options *options);

/* Whether opened() has been called with BH_OK. */
bool project_is_open(const project *self);
const char *project_folder(const project *self); /* absolute */
const char *project_worker(const project *self); /* the worker program, absolute */

/* After opened() with BH_ERROR_EXISTS: the process that has it open has been asked to raise its window, and has answered. */
bool project_raised_other(const project *self);

/* The close of WINDOW (or of the program, NULL) waits for what this owns, bounded by BUDGET_MS: trainings keep a checkpoint, fetches
 * what is on the disk, the store writes what it has. What was running is "interrupted" only if the program had to leave it. */
bh_status project_close_with(project *self, bh_object *window, int budget_ms);

/* After bh_app_exec. Waits at most for what bh_app_destroy would. */
void project_destroy(project *self);

/* --- what is there */

const store_data_set *const *project_data_sets(const project *self, size_t *count); /* by name */
const store_fetch *const *project_fetches(const project *self, size_t *count);      /* as they came */
const store_run *const *project_runs(const project *self, size_t *count);           /* as they came */
const store_data_set *project_data_set(const project *self, int64_t id);            /* NULL: none */
const store_fetch *project_fetch(const project *self, int64_t id);
const store_run *project_run(const project *self, int64_t id);

/* Absolute path of a data set's file, of a run's folder, of a run's model; false if there is none or no room. */
bool project_data_path(const project *self, int64_t data_set, char *out, size_t size);
bool project_run_path(const project *self, int64_t run, char *out, size_t size);
bool project_model_path(const project *self, int64_t run, char *out, size_t size);

/* "" if there is no such setting. */
const char *project_setting(const project *self, const char *name);
bh_status project_set_setting(project *self, const char *name, const char *value);

/* Settings that the project itself goes by, with what holds if there is none. */
#define PROJECT_FETCHES_AT_ONCE "fetches_at_once"     /* 4 */
#define PROJECT_TRAININGS_AT_ONCE "trainings_at_once" /* 1 */
#define PROJECT_NICENESS "niceness"                   /* 10, of worker processes; holds from the next opening on */
#define PROJECT_MEMORY "worker_memory_mb"             /* 0, no limit: what a process that reads or trains may take; as niceness */

/* Words in front of a worker that trains: "srun -Q -n1"; "": none. They hold from the next training on, and are kept for this user on this
 * computer, not in the project, which may have come from somebody else. BH_ERROR_FORMAT: NULL, or several lines. */
const char *project_launcher(const project *self);
bh_status project_set_launcher(project *self, const char *words);

/* --- jobs: what is under way, and what waits for its turn */

typedef enum project_job_kind { PROJECT_FETCH, PROJECT_UNPACK, PROJECT_INSPECT, PROJECT_TRAIN, PROJECT_PREDICT } project_job_kind;

typedef enum project_job_state { PROJECT_WAITING, PROJECT_RUNNING, PROJECT_STOPPING } project_job_state;

typedef struct project_job {
    int64_t id; /* of this session, never used twice */
    project_job_kind kind;
    project_job_state state;
    store_table table; /* what it works for: a fetch, a data set, a run */
    int64_t row;
    const char *title;   /* the row's name */
    const char *text;    /* how far: "12 MB of 40 MB, 9.1 MB/s", "round 12 of 100, 0.0312" */
    double fraction;     /* done, 0 to 1; negative: not known */
    double eta_s;        /* negative: not known */
    double seconds;      /* since it began; 0 while it waits */
    int64_t memory;      /* bytes of its process; 0: not known, or it has none of its own */
    bool stoppable;      /* project_stop: keeps what can be gone on with */
    bool killable;       /* project_kill: its process ends now; not for one on a thread of this program */
    int64_t done, total; /* bytes of a fetch, or of an archive that is unpacked; total -1: not known */
    /* trainings */
    int64_t round, rounds, best_round;
    double train, valid; /* newest; NaN: none */
    const char *metric;  /* what these are; "" if not known yet */
} project_job;

const project_job *const *project_jobs(const project *self, size_t *count);             /* those that run first, as they began */
const project_job *project_job_of(const project *self, store_table table, int64_t row); /* NULL: none */
const project_job *project_find_job(const project *self, int64_t id);                   /* NULL: it has gone */

/* Waiting jobs go at once. What runs: Stop asks (a training ends within a round and keeps a checkpoint, a fetch keeps its bytes); Kill ends
 * its process. */
bh_status project_stop(project *self, int64_t job);
bh_status project_kill(project *self, int64_t job);
bh_status project_stop_all(project *self);

/* What happened with an id above AFTER (0: all that is kept), oldest first. DONE is called once, but not after project_destroy. */
bh_status project_read_events(project *self, int64_t after, void (*done)(void *user, const store_event *events, size_t count),
                              void *user);

/* --- fetching */

typedef struct project_fetch_item {
    const char *url;      /* http:, https: or file: */
    const char *name;     /* file name under data/; NULL or "": from the URL; made unique if it is taken */
    const char *hash;     /* "sha256:…"; NULL or "": none */
    const char *manifest; /* where the list was that has it; NULL: none */
    int64_t bytes;        /* 0: not known */
} project_fetch_item;

/* Queues all of them, or none. When one is done and its checksum is right, it is unpacked if it is an archive (.zip, .tar.…) or compressed,
 * and what is a table becomes a data set, which is inspected. */
bh_status project_add_fetches(project *self, const project_fetch_item *items, size_t count);

/* Reads a list of files: of TEXT if PATH is NULL. DONE is called once, with what jobs/manifest found, also
 * after the project was closed or destroyed. */
struct manifest;
bh_status project_read_list(project *self, const char *path, const char *text,
                            void (*done)(void *user, const struct manifest *list), void *user);

bh_status project_retry_fetch(project *self, int64_t id);                    /* goes on with what is on the disk */
bh_status project_set_fetch_url(project *self, int64_t id, const char *url); /* another address for the same bytes, and retries */
bh_status project_remove_fetch(project *self, int64_t id);                   /* the entry; its file stays if it is a data set */

/* --- data sets
 *
 * A new one is inspected by itself, once. Its facts then are what the job inspect gives (jobs/inspect/report.c), with "index" where
 * it could be made; or {"error": sentence} if that failed, and {"error": sentence, "stopped": true} if it was stopped. */

/* A file that lies on this computer; it stays where it is. An archive is unpacked into data/ first. It is inspected. */
bh_status project_add_file(project *self, const char *path);

/* OPTIONS as store_set_data_set_options; inspected again if how it is read has changed. */
bh_status project_set_data_options(project *self, int64_t id, const char *options);
bh_status project_inspect(project *self, int64_t id); /* also what is suspect: a person asked for it */
bh_status project_rename_data_set(project *self, int64_t id, const char *name);
bh_status project_remove_data_set(project *self, int64_t id); /* the entry; not the file */

/* --- runs
 *
 * Parameters of a run are a flat map: what it was given, and how its data set is read (target, features, format …). Metrics are a
 * flat map too: "train" and "valid", the newest or, at its end, the model's; then also "metric" (the name of these), "train-NAME"
 * and "valid-NAME" of each, "best", "rows", "validation_rows", "features", "bad_rows", "seconds", "objective", "threads",
 * "checkpoint_every". Importance is {"features": [names], "gain": [numbers], "weight": [numbers]}. */

/* Queues COUNT runs, or none: name, parameters (JSON: values of jobs/trainer/parameters.h by name, and "validation", "split_seed"),
 * data_set, mode and notes of each are used. How its data set is read is taken from the data set now. BH_ERROR_RANGE,
 * BH_ERROR_NAME: what is wrong with the parameters, in words. */
bh_status project_add_runs(project *self, const store_run *runs, size_t count);
bh_status project_start_runs(project *self, const store_run *runs, size_t count); /* likewise; and the first of them is shown */

bh_status project_resume_run(project *self, int64_t id); /* goes on from its checkpoint, to the same model; or begins, if it has
                                                            been waiting since the project was open the last time */
bh_status project_resume_all(project *self);             /* runs and fetches that are interrupted, or were waiting */
bh_status project_set_run_name(project *self, int64_t id, const char *name);
bh_status project_set_run_notes(project *self, int64_t id, const char *notes);
bh_status project_remove_run(project *self, int64_t id); /* with its folder. BH_ERROR_STATE: it runs or waits */

/* Points of a run's curve from round AFTER + 1 on, read on a pool thread. DONE is called once, also after the project was
 * closed or destroyed. */
struct curve_point;
bh_status project_read_curve(project *self, int64_t run, int64_t after,
                             void (*done)(void *user, int64_t run, const struct curve_point *points, size_t count), void *user);

/* Predicts FILE with the model of RUN into OUTPUT, as a job. DONE is called at most once: FAILURE NULL, with how many rows were written and how
 * many were bad and left out; or why not. */
bh_status project_predict(project *self, int64_t run, const char *file, const char *output,
                          void (*done)(void *user, const char *failure, int64_t rows, int64_t bad_rows), void *user);

#endif
