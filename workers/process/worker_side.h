/* The worker's side: from the guard to the running function. */
#ifndef PROCESS_WORKER_SIDE_H
#define PROCESS_WORKER_SIDE_H

#include "process/shared_page.h"
#include "process/transport.h"

#include <bulkhead/main_guard.h>

/* The table that bh_main_guard got; NULL: none. */
const bh_process_function *bh__functions(void);

/* True once bh_main_guard was called. */
bool bh__is_guarded(void);

/* The function of that name, or NULL. */
const bh_process_function *bh__function_find(const bh_process_function *functions, const char *name);

/* The running job: what is behind a bh_job. */
typedef struct bh__job {
    bh__page *page;
    bh__channel *channel; /* NULL: it runs alone, for the command line */
    uint32_t sequence;
    int attempt;
    bh_status status; /* what bh_job_fail said; BH_OK: nothing */
    char error[1024]; /* its sentence, or the thread's last one */
} bh__job;

/* Runs FUNCTION for JOB, which becomes a bh_job meanwhile. What it returned; the sentence of an error is in JOB->error. */
bh_status bh__job_run(bh__job *job, const bh_process_function *function, bh_message_view arguments, bh_message *result);

/* Asks the running job to end, as the parent does. Safe in a signal handler. */
void bh__page_cancel(bh__page *page, uint32_t sequence);

/* Waits until there are more requests to end than SEEN, for at most NS. */
void bh__page_await_cancel(bh__page *page, uint32_t seen, int64_t ns);

/* The parent's answer to a result that it shall fetch, and waiting for it. */
void bh__page_answer_fetch(bh__page *page, bh__fetched answer);
void bh__page_await_fetch(bh__page *page);

/* Copies the newest progress, unless it is the one that was SEEN or is being written just now: then the worker rings again. Its size, or
 * 0. */
size_t bh__page_read_progress(bh__page *page, uint32_t *seen, uint32_t *sequence, uint64_t copy[BH_JOB_MAX_PROGRESS / 8]);

/* What a spawned worker does to itself first: dies with its parent, limits, niceness, first victim of a lack of memory. False, with
 * a reason, if it must not go on. */
bool bh__worker_setup(const bh__setup *setup, char *why, size_t size);

/* Time limits of one task, before it begins. */
void bh__worker_limit_task(const bh__setup *setup);

/* Bytes that this process holds in memory. */
uint64_t bh__worker_memory(void);

/* Writes to PAGE what a fatal signal was, on a stack of its own, and lets it take its course. */
void bh__worker_install_crash_record(bh__page *page);

/* True if processes go on that functions have started, in sessions of their own too. Collects those that have ended. */
bool bh__worker_left_any(void);

/* Runs tasks until the parent closes the channel. Returns the exit code. */
int bh__worker_loop(bh__channel *channel, bh__page *page, const bh_process_function *functions);

#endif
