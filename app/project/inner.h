/* Inside a project: what its files share.
 *
 *     project.c    opening, observers, the close
 *     keeper.c     the store's thread: requests in order, and the rows that they changed
 *     rows.c       rows as the GUI thread has them
 *     jobs.c       what is under way and what waits; stop.c: how a person ends it
 *     begin.c      from a row to a task of a worker process
 *     here.c       trainings on a thread of this program
 *     finish.c     what becomes of a task that has ended, on the store's thread
 *     data.c, fetches.c, runs.c    what a person can ask for
 *     launcher.c   what trainings are started through
 *
 * There are two threads: G, the GUI thread, which has all but what is marked; and S, the store's. A request goes from G to S and comes back with
 * the rows that changed; a task ends on S, which writes what came of it, and goes on to G in the same way. So the store has seen everything
 * before G shows it, and G does nothing that takes time. */
#ifndef APP_PROJECT_INNER_H
#define APP_PROJECT_INNER_H

#include "project/json.h"
#include "project/places.h"
#include "project/project.h"

#include <stdatomic.h>

enum { PROJECT_BUCKETS = 1024, PROJECT_PATH = 4096, PROJECT_TABLES = STORE_EVENTS + 1, PROJECT_KINDS = PROJECT_PREDICT + 1 };

/* --- rows.c */

/* Rows as the store has given them: one memory for several. */
typedef struct row_block {
    void *rows;
    size_t users;
} row_block;

/* Pointers to rows, in their order. Each row begins with its id. */
typedef struct row_list {
    const void **rows;
    row_block **blocks;
    size_t count, room;
} row_list;

/* A row that came, changed or went (ROWS NULL); or all of a table (ID 0). Made on S, taken over on G. */
typedef struct row_change {
    store_table table;
    int64_t id;
    void *rows;
    size_t count;
    struct row_change *next;
} row_change;

typedef struct setting {
    char *name, *value;
    struct setting *next;
} setting;

const void *rows_find(const project *self, store_table table, int64_t id);
void rows_apply(project *self, row_change *changes); /* takes them; tells the observers */
void rows_drop(row_change *changes);
void rows_clear(project *self);

/* --- keeper.c */

typedef struct request request;

struct request {
    project *of;
    bh_status (*work)(request *self); /* S, with OF->store; NULL: nothing but DONE */
    void (*done)(request *self);      /* G, the rows are up to date; may be NULL. Not after project_destroy */
    void (*drop)(request *self);      /* G or S; frees what it has, may be NULL; last */
    int64_t id;                       /* a row's */
    void *data;
    bh_status status; /* of WORK */
    char sentence[512];
    row_change *changes;
    bool counted; /* keeper_ask's: it is one of project.asked */
};

/* Sends a copy of WHAT. If it fails, nothing is taken and DROP does not run. G. */
bh_status keeper_ask(project *self, const request *what);

bool keeper_start(project *self);
void keeper_stop(project *self, int timeout_ms); /* G: closes the store and waits */

/* Closes the store once all requests before have been worked through; then CLOSED(USER) runs, on S. */
bh_status keeper_close(project *self, void (*closed)(void *user), void *user);

/* S, in a callback there that is no request: what it writes between the two reaches G, with DONE. */
void keeper_begin(project *self);
void keeper_end(project *self, request *what);

/* S: notes an event in the log. */
void keeper_log(project *self, bh_log_level level, store_table table, int64_t row, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* --- jobs */

struct here;

typedef struct job {
    project_job seen; /* G */
    project *of;
    atomic_int references;
    bh_future *future; /* G; NULL: not in a process yet */
    bh_task *task;     /* G; a training on a thread here */
    struct here *here; /* what it says of itself */
    bool begun;        /* G: its row says that it runs, or soon will */
    bool dirty;        /* G: has news that nobody has been told */
    double began_at;
    struct job *neighbour;  /* in its bucket of project.by_row */
    atomic_bool stop, kill; /* somebody wants that */
    char title[256], text[192], metric[24];
    int64_t kept; /* the newest round that the store was told */

    /* fixed before it begins */
    char file[PROJECT_PATH], output[PROJECT_PATH];
    char origin[PROJECT_PATH]; /* a prediction's model; the address of an archive */
    bh_message *arguments;
    void (*predicted)(void *user, const char *failure, int64_t rows, int64_t bad_rows);
    void *user;

    /* S, when it has ended, and then G */
    char failure[512];
    int64_t rows, bad_rows;
    bool unpack; /* a fetch that is an archive: unpacked next */
} job;

/* What came of a task. */
typedef struct outcome {
    bh_status status; /* BH_OK, BH_CANCELLED, or why not */
    bh_message_view result;
    const char *text; /* a sentence, if it failed */
    const char *said; /* the same, with whose it is, for the log; NULL: as TEXT */
    const char *died; /* how its process died, or NULL */
    bh_message *last; /* what a training said last; NULL: not known */
} outcome;

/* jobs.c. G. */
job *jobs_add(project *self, project_job_kind kind, store_table table, int64_t row, const char *title); /* NULL: no memory */
job *jobs_find(const project *self, int64_t id);
job **jobs_bucket(project *self, store_table table, int64_t row); /* stop.c: of the jobs for that row */
void job_stop(job *which);                                        /* stop.c */
void jobs_notice(project *self, store_table table, int64_t row);  /* the row changed: it may want a job */
void jobs_schedule(project *self);
void jobs_end(request *ended);  /* the DONE of a request whose DATA is a job that has ended */
void jobs_drop(request *ended); /* and its DROP */
void jobs_close(project *self); /* nothing begins any more; what runs is asked to end */
void jobs_clear(project *self);
job *job_take(job *which);
void job_release(job *which); /* any thread */

/* begin.c. G: submits the job, whose row says that it runs. False, with a sentence: it has failed. */
bool job_submit(job *which, char *sentence, size_t size);
bh_process_pool *pool_of(project *self, project_job_kind kind); /* NULL: there is none, and none can be made */
void pools_close(project *self, int timeout_ms);

/* here.c. G: the same for a training on a thread. */
bool here_submit(job *which, char *sentence, size_t size);
bool here_progress(const job *which, bh_message *out);
void here_free(struct here *self);

/* progress.c. G: what a job says of itself, into SEEN; true if it is news. */
bool progress_read(job *which, bh_message_view said);
void progress_keep(job *which);                              /* tells the store */
void progress_keep_last(const job *which, bh_message *last); /* S: of a training that did not come to its end */

/* finish.c. S: writes what came of it; it goes on to jobs_end. */
void job_finish(job *which, const outcome *what);
bool jobs_cancel_waiting(project *self, job *const *list, size_t count); /* G: takes none; all at once, as they have not begun */
void job_finish_later(job *which, bh_status status, const char *text);   /* G: the same for one that has not begun */
bh_status job_start_row(request *begin); /* S: WORK of a request whose ID and DATA are the job's row and the job */

/* files.c. S. */
bool files_are_archive(const char *name);    /* any thread */
bh_status files_begin_unpacking(job *which); /* decides where to */
bh_status files_sweep(request *asked);       /* WORK of a request: removes what a death has left that nobody knows */
void files_remove(const char *path);         /* with all that is in it */
int64_t files_add_data_set(project *self, const char *path, const char *name, const char *source,
                           const char *hash); /* 0: failed */
void files_finish_fetch(job *which, const outcome *what);
void files_finish_unpacking(job *which, const outcome *what);

/* check.c: how a data set is read, taken apart once for all runs that train on it. Begins as {0}. */
typedef struct how_read {
    int64_t data_set; /* 0: none */
    bh_message *messages[2];
    bh_message_view chosen, found; /* by a person; by the job inspect */
} how_read;
void how_read_open(how_read *self, const store_data_set *data); /* nothing, if it is that already */
void how_read_close(how_read *self);

/* What a run keeps: the parameters it is GIVEN (JSON), and how its data set is read, as JSON to be freed with bh_free. Refused, reported as CALL's:
 * what cannot be trained. */
bh_status parameters_complete(const how_read *data, const char *given_json, char **json, int64_t *rounds, const char *call);

/* ask.c: a request about row ID with two texts. What WORK does with them, and DONE. */
typedef struct texts {
    char *a, *b;
} texts;
bh_status ask_about(project *self, bh_status (*work)(request *asked), int64_t id, const char *a, const char *b);
bh_status ask_about_then(project *self, bh_status (*work)(request *asked), void (*done)(request *asked), int64_t id,
                         const char *a, const char *b);

bh_status fetches_resume_all(project *self); /* fetches.c */

/* instance.c: listens for second starts; or asks the first one to show its window: S, blocks for moments. */
void instance_start(project *self);
void instance_stop(project *self);
bool instance_ask(const char *folder);

/* --- the project */

typedef struct observer_entry {
    project_observer told;
    bool gone;
    struct observer_entry *next;
} observer_entry;

struct project {
    atomic_int references;
    char folder[PROJECT_PATH], worker[PROJECT_PATH];
    bool opened, usable; /* opened() was called, and with BH_OK */
    bool closing;        /* nothing begins any more */
    bool closed;         /* the store has been asked to close */
    bool gone;           /* project_destroy has returned, or nearly */
    store_opened found;
    bool loaded; /* the first rows are here: from now on what is queued gets a job */

    observer_entry *observers;
    int telling;

    row_list lists[PROJECT_TABLES];
    setting *settings;

    job **jobs; /* by id */
    size_t job_count, job_room;
    job *by_row[PROJECT_BUCKETS];
    const project_job **shown;
    size_t shown_room;
    int64_t last_job;
    bh_timer *timer;
    int asked;             /* requests that have not come back */
    bool scheduling, busy; /* BUSY: idle() has not been called since a job was there */
    bh_process_pool *pools[PROJECT_KINDS];
    bh_process_pool **retired; /* of trainings, with another launcher; closed at the end */
    size_t retired_count;
    char *launcher;          /* of the next trainings; NULL: none */
    char *pool_launcher;     /* of the pool of trainings */
    bh_thread_pool *threads; /* trainings here */
    bh_thread_pool *readers; /* lists and curves */
    bh_thread_pool *keeper_pool;
    bh_object *window;
    int budget_ms;
    struct close_keeper *keeper;
    struct instance *instance;
    bh_thread_pool *listeners;
    bool raised; /* another process that has the project open has been asked to show its window, and has answered */

    /* S */
    bh_thread *thread;
    store *store;
    row_change *changes, **last_change;
    bh_timer *flush; /* NULL: nothing waits to be written */
    int64_t last_event;
};

void launcher_open(project *self);     /* launcher.c: on S, while G knows nothing of the project yet */
void project_all_ended(project *self); /* close.c: nothing is under way: a close that waits for that goes on */
void project_tell_idle(project *self);
int project_number(const project *self, const char *name, int fallback, int least, int most); /* a setting */
bh_status project_check(const project *self, const char *call);                               /* open, and not closing */

/* For each observer that has MEMBER: EACH_OBSERVER(self, changed, (e->told.user, table, id)); */
#define EACH_OBSERVER(self, member, arguments)                      \
    do {                                                            \
        (self)->telling++;                                          \
        for (observer_entry *e = (self)->observers; e; e = e->next) \
            if (!e->gone && e->told.member)                         \
                e->told.member arguments;                           \
        (self)->telling--;                                          \
    } while (0)

#endif
