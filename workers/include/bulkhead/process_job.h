/* Functions that run in worker processes, and what they see of themselves.
 *
 *     static bh_status sum(bh_job *self, bh_message_view arguments, bh_message *result)
 *     {
 *         int64_t to = bh_message_get_int(arguments, "to", 100), total = 0;
 *         for (int64_t i = 1; i <= to; i++) {
 *             if (bh_job_cancelled(self))
 *                 return BH_CANCELLED;
 *             total += i;
 *         }
 *         return bh_message_add_int(result, "total", total);
 *     }
 *     static const bh_process_function functions[] = {{"sum", sum}, {0}};
 *
 * A worker process runs one function at a time, on its main thread. Nothing crosses between it and the program but arguments,
 * progress and result: global variables are the worker's own. What it prints is kept, and goes with the task's error. It may crash,
 * hang, leak, print or exit: its own task fails, and no other.
 *
 * Free of Qt, as worker processes are: there bh_app_create and all that makes an object of Qt are refused. */
#ifndef BULKHEAD_PROCESS_JOB_H
#define BULKHEAD_PROCESS_JOB_H

#include <bulkhead/message.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The running task, as its function sees it. A checked handle, good until the function returns. */
typedef struct bh_job bh_job;

/* Does the work of one task. ARGUMENTS are the submitter's; an empty map if it gave none; good until the function returns. What is
 * added to RESULT is what bh_future_result gives; left empty, it is an empty map. Returns BH_OK, BH_CANCELLED after
 * bh_job_cancelled, or an error: the task's future fails then, with the sentence of bh_job_fail or else the thread's last one. */
typedef bh_status bh_job_function(bh_job *self, bh_message_view arguments, bh_message *result);

/* One function of the table that bh_main_guard gets, by name. The table ends with {0}. */
typedef struct bh_process_function {
    const char *name; /* at most BH_PROCESS_FUNCTION_MAX_NAME bytes, unique in the table */
    bh_job_function *run;
} bh_process_function;

#define BH_PROCESS_FUNCTION_MAX_NAME 63

/* True once the task was cancelled or its time has run out. Costs one read of memory: fit for an inner loop. A function that goes on
 * regardless is ended by signals after the pool's graces. True for a bad handle. Any thread of the worker. */
BH_API bool bh_job_cancelled(bh_job *self);

/* Sleeps for MS milliseconds, or until cancelled: BH_OK or BH_CANCELLED. */
BH_API bh_status bh_job_sleep(bh_job *self, int ms);

/* Publishes how far the task is. The newest wins: what nobody has read yet is replaced, so this may be called as often as one likes.
 * PROGRESS is copied and stays the caller's; at most BH_JOB_MAX_PROGRESS bytes (BH_ERROR_RANGE). Does not block. */
BH_API bh_status bh_job_progress(bh_job *self, bh_message *progress);

/* The usual progress in one line: a map with "percent" and "text". TEXT NULL: "". */
BH_API bh_status bh_job_percent(bh_job *self, int percent, const char *text);

#define BH_JOB_MAX_PROGRESS 2048

/* Sets the task's error, as bh_process_failure.text gives it. Returns STATUS, so that
 * `return bh_job_fail(self, BH_ERROR_IO, "cannot read %s", path);` is one line; BH_OK and BH_CANCELLED, which are no errors, become
 * BH_ERROR. The first error stays. */
BH_API bh_status bh_job_fail(bh_job *self, bh_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Which run of the task this is: 1, or more for a task that is retried. 0 for a bad handle. */
BH_API int bh_job_attempt(bh_job *self);

#define bh_job_cancelled(...) BH_AT(bh_job_cancelled(__VA_ARGS__))
#define bh_job_sleep(...) BH_AT(bh_job_sleep(__VA_ARGS__))
#define bh_job_progress(...) BH_AT(bh_job_progress(__VA_ARGS__))
#define bh_job_percent(...) BH_AT(bh_job_percent(__VA_ARGS__))
#define bh_job_fail(...) BH_AT(bh_job_fail(__VA_ARGS__))
#define bh_job_attempt(...) BH_AT(bh_job_attempt(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
