/* What is known of a start-up that is under way. */
#ifndef LIFECYCLE_STARTUP_RECORD_H
#define LIFECYCLE_STARTUP_RECORD_H

#include <bulkhead/connect.h>
#include <bulkhead/startup.h>
#include <bulkhead/thread_pool.h>
#include <stdatomic.h>

typedef enum bh__mark { OPEN, DONE, LEFT_OUT } bh__mark;

typedef struct startup {
    bh_startup *handle;
    bh_startup_options options;
    bh__mark *marks; /* one for each stage */
    bh_thread_pool *pool;
    bh_object *window, *box;
    bh_connection *last_closed;
    bool quits_on_close; /* what quitOnLastWindowClosed was */
    bool window_closed;  /* the last one that was seen, since `window` was set */
    int next, attempt;
    bool running;          /* a stage does */
    int busy;              /* its functions are on the stack of the GUI thread: it must not end under them */
    _Atomic bool returned; /* the stage in the background has */
    _Atomic bool cancelled;
    _Atomic int refs;
    _Atomic int users; /* of options.user: the start, and the stage in the background */

    /* Of the running stage; written by its thread. */
    bh_status status;
    bool failed; /* by bh_startup_fail */
    char sentence[1024];
} startup;

/* A stage by its number. */
const bh_startup_stage *bh__startup_stage_at(const startup *self, int index);

/* How much is done, by the weights of the stages. */
int bh__startup_percent(const startup *self);

/* Whether a stage runs in the background. */
bool bh__startup_needs_pool(const startup *self);

/* FN of the program, if it is not NULL. */
void bh__startup_call(startup *self, void (*fn)(void *user), const char *what);

/* Runs the next stage on the calling thread; its status and sentence are in the record then. */
void bh__startup_run_stage(startup *self);

/* Whether the options will do; reported for CALL if not. */
bool bh__startup_check(const bh_startup_options *options, const char *call);

#endif
