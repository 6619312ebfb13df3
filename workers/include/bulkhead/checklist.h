/* The checklist: whether a program keeps the practices, each row of them probed, and not asserted.
 *
 *     bh_checklist_result *result;
 *     if (bh_checklist_run(NULL, &result) == BH_OK) {
 *         char *text = bh_checklist_text(result);
 *         fputs(text, stdout);
 *         bh_free(text);
 *         bh_free(result);
 *     }
 *
 * The rows are those of the Golden Checklist and of the lists DO and DON'T in "Crash Resistant Python when using Threading and
 * Multiprocessing". For each of them the program is started anew, without a display and with folders of its own for what it
 * writes, as a person starts it, as a pool starts its workers, or as nobody should; the library inside of it tells what it
 * sees, and does what the row is about when the main window is there: it makes pools busy, lets a handler fail, starts worker
 * processes, crashes, leaves by exit(), and closes the window as a person would. What hangs, crashes or does not even start is
 * a row that fails, with what was seen, and not the end of the checklist.
 *
 * A program that is looked at must open a window by itself when it is started with the given arguments. Nothing of the person's
 * is touched: HOME and the XDG folders are temporary ones, removed afterwards. The variable BH_CHECKLIST in its environment tells
 * the program that it is looked at, by whom, and what for. */
#ifndef BULKHEAD_CHECKLIST_H
#define BULKHEAD_CHECKLIST_H

#include <bulkhead/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row. Strings belong to the result. Fields are only ever added. */
typedef struct bh_checklist_row {
    const char *name;     /* short: "golden-close" */
    const char *list;     /* "Golden Checklist", "DO" or "DON'T" */
    const char *practice; /* in the words of the document */
    const char *why;      /* why it is smart, or "" */
    const char *here;     /* what stands for it in this library */
    bool passed;
    const char *seen; /* what was seen, one line of UTF-8 */
    int64_t took_ms;
} bh_checklist_row;

typedef struct bh_checklist_result {
    const char *program; /* its path */
    size_t count;
    const bh_checklist_row *rows;
    size_t passed, failed;
} bh_checklist_result;

/* Begin with BH_CHECKLIST_INIT. 0 and NULL mean what stands in brackets. All is used during the call only. */
typedef struct bh_checklist_options {
    size_t size;                  /* set by the initialiser */
    const char *program;          /* path of the program to look at [this program] */
    const char *const *arguments; /* for it, and NULL [none] */
    const char *only;             /* name of the one row that is to be probed [all] */
    int timeout_ms;               /* how long a process may take before it is ended, and its row fails [20000] */

    /* Calls ROW(USER) when a row is about to be probed (DONE false: its result is not set yet), and when it has been;
     * STOPPED(USER), often, to ask whether to stop. Both on the calling thread [NULL: nobody] */
    void (*row)(void *user, const bh_checklist_row *row, size_t index, size_t count, bool done);
    bool (*stopped)(void *user);
    void *user;
} bh_checklist_options;

#define BH_CHECKLIST_INIT .size = sizeof(bh_checklist_options)

/* Probes all rows, one after the other; some seconds to a minute. OPTIONS NULL: BH_CHECKLIST_INIT alone. OUT: one block, yours:
 * bh_free; NULL on failure. BH_OK when all were probed, whether they passed or not; BH_CANCELLED when STOPPED said so.
 * BH_ERROR_STATE where bh_main_guard was not called, in a worker process, and in a program that a checklist has started;
 * BH_ERROR_NAME if there is no row ONLY; BH_ERROR_IO if there is no such program, or no folder can be made; BH_DEADLOCK on the
 * GUI thread: a task is the place. Any other thread, and the main thread before bh_app_create. Blocks. Linux only. */
BH_API bh_status bh_checklist_run(const bh_checklist_options *options, bh_checklist_result **out);

/* A result for people: a line for each row with "pass" or "fail", and what was seen. Yours: bh_free; NULL on failure. Any
 * thread. */
BH_API char *bh_checklist_text(const bh_checklist_result *result);

/* A result for programs: {"program": …, "passed": 15, "failed": 1, "rows": [{"name": …, "list": …, "practice": …, "why": …,
 * "here": …, "passed": true, "seen": …, "took_ms": 412}, …]}, in one line. Yours: bh_free; NULL on failure. Any thread. */
BH_API char *bh_checklist_json(const bh_checklist_result *result);

#define bh_checklist_run(...) BH_AT(bh_checklist_run(__VA_ARGS__))
#define bh_checklist_text(...) BH_AT(bh_checklist_text(__VA_ARGS__))
#define bh_checklist_json(...) BH_AT(bh_checklist_json(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
