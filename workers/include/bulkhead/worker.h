/* Workers: an object of a C-defined class on a thread of its own. The document's "worker object moved to a QThread", with the order
 * (connect, then start) and the end (cancel, wait) checked.
 *
 * There are two views of a worker, and two types, so that neither side can call what is the other's: the owner's bh_worker on the
 * GUI thread, and the bh_worker_context inside its thread. */
#ifndef BULKHEAD_WORKER_H
#define BULKHEAD_WORKER_H

#include <bulkhead/assert.h>
#include <bulkhead/class.h>
#include <bulkhead/connect.h>
#include <bulkhead/thread.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_worker bh_worker;

typedef enum bh_worker_state {
    BH_WORKER_READY,
    BH_WORKER_RUNNING,
    BH_WORKER_FINISHED,
    BH_WORKER_FAILED,
    BH_WORKER_CANCELLED
} bh_worker_state;

/* Creates a worker of a class with a run function and base QObject. USER is passed to run and to the slots. Besides the class's own
 * signals each worker has "started()", "error(QString)" and "finished()"; finished comes last, exactly once, whatever happened.
 * GUI thread. Belongs to the caller: bh_worker_destroy, or the application's end. NULL on failure. */
BH_API bh_worker *bh_worker_create(const bh_class *description, void *user);

/* Its object, to connect to. Belongs to the worker. NULL for a bad handle. */
BH_API bh_object *bh_worker_object(bh_worker *worker);

/* Starts the thread and, on it, the class's run. Refused if it was started (BH_ERROR_STATE; bh_worker_restart after it has finished).
 * From here on bh_connect to its object is refused: what was emitted before would be missed. GUI thread. */
BH_API bh_status bh_worker_start(bh_worker *worker);

/* Runs it once more, after it has finished. Connections stay. GUI thread. */
BH_API bh_status bh_worker_restart(bh_worker *worker);

/* Asks it to stop: bh_cancelled becomes true and bh_worker_sleep wakes. Before the start: bh_worker_start ends it as cancelled, without a
 * call of run; bh_worker_restart forgets it. Any thread. Does not block. */
BH_API bh_status bh_worker_cancel(bh_worker *worker);

/* Waits until run has returned, at most TIMEOUT_MS (negative: without limit): BH_OK or BH_TIMEOUT. What the worker has emitted is
 * delivered meanwhile, so that its last results arrive. Not on the worker's own thread (BH_DEADLOCK). */
BH_API bh_status bh_worker_wait(bh_worker *worker, int timeout_ms);

BH_API bh_worker_state bh_worker_get_state(bh_worker *worker);

/* Why its last run, or a slot since, failed; status BH_OK if neither has. The strings are valid until its next failure, restart or end.
 * Refused while it runs (BH_ERROR_STATE). GUI thread. */
BH_API bh_status bh_worker_get_failure(bh_worker *worker, bh_failure *failure);

/* Frees it. Refused while it runs: cancel and wait first; and while one of its slots runs for a second more (BH_TIMEOUT). NULL is BH_OK
 * and does nothing. GUI thread. What has arrived there may be delivered meanwhile. */
BH_API bh_status bh_worker_destroy(bh_worker *worker);

/* Inside run and the slots of the worker, on its thread. */

/* The context of a worker's object, for its slots, which get the object. NULL for another object. The worker's thread. */
BH_API bh_worker_context *bh_worker_self(bh_object *self);

/* True once somebody has asked the worker to stop. Cheap enough for an inner loop. True for a bad handle. */
BH_API bool bh_cancelled(bh_worker_context *self);

/* Sleeps for MS milliseconds, or until cancelled: BH_OK or BH_CANCELLED. */
BH_API bh_status bh_worker_sleep(bh_worker_context *self, int ms);

/* Sets the run's failure: at its end signal "error" has the text; the error hook gets it, with function, file and line, if nobody is
 * connected. In a slot that happens at once. Returns STATUS, so that `return bh_fail(self, BH_ERROR_IO, "cannot read %s", path);` is one
 * line; BH_OK and BH_CANCELLED, which are no errors, become BH_ERROR. The run fails whatever it returns then. */
BH_API bh_status bh_fail(bh_worker_context *self, bh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a cause: ": because " and the failure set before, or else the error that a call of this library has reported last in
 * this run. Each level of a program adds its own sentence in this way. */
BH_API bh_status bh_fail_because(bh_worker_context *self, bh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define bh_worker_create(...) BH_AT(bh_worker_create(__VA_ARGS__))
#define bh_worker_object(...) BH_AT(bh_worker_object(__VA_ARGS__))
#define bh_worker_start(...) BH_AT(bh_worker_start(__VA_ARGS__))
#define bh_worker_restart(...) BH_AT(bh_worker_restart(__VA_ARGS__))
#define bh_worker_cancel(...) BH_AT(bh_worker_cancel(__VA_ARGS__))
#define bh_worker_wait(...) BH_AT(bh_worker_wait(__VA_ARGS__))
#define bh_worker_get_state(...) BH_AT(bh_worker_get_state(__VA_ARGS__))
#define bh_worker_destroy(...) BH_AT(bh_worker_destroy(__VA_ARGS__))
#define bh_cancelled(...) BH_AT(bh_cancelled(__VA_ARGS__))
#define bh_worker_sleep(...) BH_AT(bh_worker_sleep(__VA_ARGS__))
#define bh_worker_get_failure(...) BH_AT(bh_worker_get_failure(__VA_ARGS__))
#define bh_worker_self(...) BH_AT(bh_worker_self(__VA_ARGS__))
#define bh_fail(...) BH_AT_FUNCTION(bh_fail(__VA_ARGS__))
#define bh_fail_because(...) BH_AT_FUNCTION(bh_fail_because(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
