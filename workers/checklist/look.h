/* A look at a program: one process of it from its start to its end, with all that was seen of it from inside and outside. */
#ifndef CHECKLIST_LOOK_H
#define CHECKLIST_LOOK_H

#include <bulkhead/status.h>
#include <stdint.h>
#include <sys/types.h>

/* What all looks of a run have in common. */
typedef struct bh__look_at {
    const char *program;
    const char *const *arguments; /* NULL: none */
    int timeout_ms;
    bool (*stopped)(void *user); /* may be NULL */
    void *user;
} bh__look_at;

typedef struct bh__look_line {
    pid_t pid;
    char *text;
} bh__look_line;

typedef struct bh__look {
    const bh__look_at *at;
    char folder[4096]; /* where the program may write */
    char address[64];  /* of the line */
    int line, output_end;
    int64_t begun_ms, took_ms;
    pid_t pid; /* 0: it was not started, or a pool has started it */
    bool timed_out, stopped;
    int exit_code, signal; /* -1 and 0 unless known */
    int left;              /* processes that were there when it had ended */
    bh__look_line *lines;
    size_t count, room;
    char output[8192]; /* the beginning of what it has printed */
    size_t printed;
    char why[256]; /* it could not be started: why not */
} bh__look;

/* Starts the program as a person does, has it do ACTION, and sees it to its end. WORDS, if not NULL, are its arguments instead.
 * False, with look->why, if it could not be started. */
bool bh__look_run(bh__look *look, const bh__look_at *at, const char *action, const char *const *words);

/* Starts it as a pool starts its workers, with a task that it does not know. KIND: how that failed (bh_failure_kind). */
bool bh__look_run_worker(bh__look *look, const bh__look_at *at, int *kind);

/* The first line that begins so, without that beginning; NULL: there is none. */
const char *bh__look_find(const bh__look *look, const char *begins);
/* How many. */
int bh__look_count(const bh__look *look, const char *begins);

/* Ends what is left of it, and removes its folder. */
void bh__look_end(bh__look *look);

/* look_linux.c, for look_worker.c: folder and line; hearing what has been said for at most WAIT_MS; and what its environment is
 * to be, "NAME=VALUE" or "NAME" alone, ended by NULL: to be freed with bh__look_changes_free. */
enum { BH__LOOK_CHANGES = 16 };
bool bh__look_open(bh__look *look, const bh__look_at *at);
void bh__look_hear(bh__look *look, int wait_ms);
bool bh__look_changes(const bh__look *look, const char *action, char *changes[BH__LOOK_CHANGES]);
void bh__look_changes_free(char *changes[BH__LOOK_CHANGES]);
bool bh__look_is_over(bh__look *look); /* its time has run out, or somebody has stopped it */

#endif
