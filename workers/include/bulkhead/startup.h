/* A staged start: stages with names, chained by single-shot timers once the application exists; splash screen first, main window last.
 *
 * Nothing expensive happens before the first paint: the first stage begins when the splash screen has been painted. Each stage runs from
 * the event loop, so the screen answers between stages, and throughout a stage that runs in the background. The splash screen shows the
 * name of the stage and how far the start is, by the weights of the stages. After the last one it ends with the main window, if
 * there is one.
 *
 * A stage that fails (a status that is not BH_OK, a C++ exception) ends the attempt: the stages before it are undone at once, the
 * last one first, and then the failure is shown with Retry, Continue without (optional stages only) and Quit. It is done in this
 * order so that while the question is open nothing half made is held, no lock, file or socket: Quit has nothing left to do that could
 * fail, and Retry begins again with the first stage, on the same ground as the first time, which also helps where a stage failed for what
 * an earlier one had made. Continue without does the same and leaves that stage out. The price is that stages run again;
 * a stage that is to be cheap the second time keeps what it may keep.
 *
 * When the program quits meanwhile (bh_app_quit, the last window closed, SIGTERM through the close), no further stage begins, and what has
 * been done is undone. */
#ifndef BULKHEAD_STARTUP_H
#define BULKHEAD_STARTUP_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A start that is under way. A checked handle, stale once it has ended. */
typedef struct bh_startup bh_startup;

typedef struct bh_startup_stage {
    size_t size;      /* set by BH_STARTUP_STAGE_INIT */
    const char *name; /* for people: "Opening the database" */

    /* The work. Returns BH_OK, or what bh_startup_fail returns, or any other status. On the GUI thread, which it holds up; with
     * `background` on a thread of a pool, where it looks at bh_startup_cancelled now and then. A stage that fails cleans up after
     * itself: its own undo does not run. */
    bh_status (*run)(bh_startup *self, void *user);

    /* Takes back what run has done, once for each time that run has succeeded and the start has not. GUI thread, in no more than
     * moments. NULL: there is nothing to take back. */
    void (*undo)(void *user);

    bool background;
    bool optional; /* the program can do without it */
    int weight;    /* its share of the progress; 0 counts as 1 */
} bh_startup_stage;

#define BH_STARTUP_STAGE_INIT .size = sizeof(bh_startup_stage)

typedef struct bh_startup_failure {
    const char *stage; /* its name */
    int index;         /* from 0 */
    bh_status status;
    const char *sentence; /* why, one line; valid during the call */
    bool optional;
    int attempt; /* from 1 */
} bh_startup_failure;

typedef enum bh_startup_decision {
    BH_STARTUP_QUIT,            /* ends the event loop with code 1 */
    BH_STARTUP_RETRY,           /* all again, from the first stage */
    BH_STARTUP_CONTINUE_WITHOUT /* the same, but without this stage. One that is not optional: reported, and as QUIT */
} bh_startup_decision;

typedef struct bh_startup_options {
    size_t size; /* set by BH_STARTUP_INIT */
    const bh_startup_stage
        *stages; /* in their order, each with BH_STARTUP_STAGE_INIT; they and their names must live until the end */
    int stage_count;
    void *user;         /* for all functions of the start-up */
    const char *splash; /* image of the splash screen, as bh_splash_show; NULL: a plain one */
    bool no_splash;

    /* Decides instead of the dialog, when the earlier stages have been undone. GUI thread; from the event loop. */
    bh_startup_decision (*on_failure)(void *user, const bh_startup_failure *failure);

    /* Once, at the end, on the GUI thread: BH_OK, the status of the stage after which it was quit, or BH_CANCELLED. All is undone
     * then, unless it is BH_OK. */
    void (*ended)(void *user, bh_status status);
    void (*drop)(void *user); /* once, behind it; where a stage was left running, on its thread when it has returned */

    /* When the program quits, how long it waits for a stage in the background to return; 0: 1,000. A stage that does not is named, and
     * left running; the stages before it are not undone then, as it may be using what they have made. The end of the application
     * gives it two seconds more. */
    int quit_timeout_ms;
} bh_startup_options;

#define BH_STARTUP_INIT .size = sizeof(bh_startup_options)

/* Starts, as soon as the event loop runs. OPTIONS are copied, the stages are not. One at a time. While it is under way closing the
 * last window does not end the program, as there may be moments without one; if the main window has been closed by its end, the
 * program ends then. GUI thread. NULL on failure, which takes nothing: drop does not run. */
BH_API bh_startup *bh_startup_start(const bh_startup_options *options);

/* Inside run: sets the sentence that says why the stage fails. Returns STATUS, so that
 * `return bh_startup_fail(self, BH_ERROR_IO, "cannot read %s", path);` is one line; BH_OK and BH_CANCELLED become BH_ERROR. Without it
 * the last error of the stage's thread says why, or else what the status means. */
BH_API bh_status bh_startup_fail(bh_startup *self, bh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Inside run: the main window, on which the splash screen ends when all is done. GUI thread. */
BH_API bh_status bh_startup_set_window(bh_startup *self, bh_object *window);

/* True once the start is to stop: return BH_CANCELLED then. True for a bad handle. Any thread. */
BH_API bool bh_startup_cancelled(bh_startup *self);

/* Stops it: no further stage begins, and when the one that runs has returned, all is undone; `ended` has BH_CANCELLED. The event
 * loop goes on. Any thread. Does not block. */
BH_API bh_status bh_startup_cancel(bh_startup *self);

#define bh_startup_start(...) BH_AT(bh_startup_start(__VA_ARGS__))
#define bh_startup_fail(...) BH_AT(bh_startup_fail(__VA_ARGS__))
#define bh_startup_set_window(...) BH_AT(bh_startup_set_window(__VA_ARGS__))
#define bh_startup_cancelled(...) BH_AT(bh_startup_cancelled(__VA_ARGS__))
#define bh_startup_cancel(...) BH_AT(bh_startup_cancel(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
