/* A job: what a running function sees of itself, through a handle that is good until it returns. */
#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"
#include "process/fault.h"
#include "process/handle.h"
#include "process/wire.h"
#include "process/worker_side.h"

#include <bulkhead/log.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bh__job *check(bh_job *self, const char *call)
{
    return bh__process_check(self, BH__PROCESS_JOB, call, "self");
}

static bool is_cancelled(const bh__job *job)
{
    uint8_t state = atomic_load_explicit(&job->page->states[job->sequence % BH__RING], memory_order_relaxed);
    return state == BH__SLOT_CANCEL;
}

bool(bh_job_cancelled)(bh_job *self)
{
    const bh__job *job = check(self, "bh_job_cancelled");
    return !job || is_cancelled(job);
}

int(bh_job_attempt)(bh_job *self)
{
    const bh__job *job = check(self, "bh_job_attempt");
    return job ? job->attempt : 0;
}

bh_status(bh_job_sleep)(bh_job *self, int ms)
{
    const bh__job *job = check(self, "bh_job_sleep");
    if (!job)
        return bh__last_status();
    if (ms < 0)
        return bh__fail(BH_ERROR_RANGE, "bh_job_sleep", "ms is %d: pass 0 or more", ms);
    int64_t until = bh__clock_ns() + (int64_t)ms * 1000000;
    for (;;) {
        uint32_t seen = atomic_load(&job->page->cancels);
        int64_t left = until - bh__clock_ns();
        if (is_cancelled(job))
            return BH_CANCELLED;
        if (left <= 0)
            return BH_OK;
        bh__page_await_cancel(job->page, seen, left);
    }
}

/* --- progress */

/* Tells the parent that there is some, unless it has been told and has not looked yet: a storm of progress is one packet. */
static void ring(const bh__job *job)
{
    if (atomic_exchange(&job->page->progress_rung, 1))
        return;
    bh__packet_head packet;
    bh__wire_seal(&packet, BH__PACKET_PROGRESS, sizeof packet, 0);
    struct iovec part = {&packet, sizeof packet};
    job->channel->ways->send(job->channel, &part, 1, -1, true);
}

static void publish(const bh__job *job, const void *data, size_t size)
{
    bh__page *page = job->page;
    uint32_t version = atomic_load_explicit(&page->progress_version, memory_order_relaxed);
    uint64_t word;
    atomic_store_explicit(&page->progress_version, version + 1, memory_order_relaxed);
    atomic_store_explicit(&page->progress_sequence, job->sequence, memory_order_release);
    atomic_store_explicit(&page->progress_size, (uint32_t)size, memory_order_release);
    for (size_t i = 0; i < size / sizeof word; i++) { /* messages have a multiple of 8 bytes */
        memcpy(&word, (const unsigned char *)data + i * sizeof word, sizeof word);
        atomic_store_explicit(&page->progress[i], word, memory_order_release);
    }
    bh__fault_step();
    atomic_store_explicit(&page->progress_version, version + 2, memory_order_release);
    ring(job);
}

static void print_progress(const void *data, size_t size)
{
    bh_message_view view = {NULL};
    if ((bh_message_open)(data, size, &view))
        return;
    char *json = (bh_message_view_json)(view);
    if (json)
        fprintf(stderr, "%s\n", json);
    bh_free(json);
}

bh_status(bh_job_progress)(bh_job *self, bh_message *progress)
{
    const bh__job *job = check(self, "bh_job_progress");
    const void *data;
    size_t size;
    if (!job)
        return bh__last_status();
    bh_status status = (bh_message_data)(progress, &data, &size);
    if (status)
        return status;
    if (size > BH_JOB_MAX_PROGRESS)
        return bh__fail(BH_ERROR_RANGE, "bh_job_progress", "%zu bytes of progress: at most %d; the rest belongs into the result",
                        size, BH_JOB_MAX_PROGRESS);
    if (job->channel)
        publish(job, data, size);
    else
        print_progress(data, size);
    return BH_OK;
}

bh_status(bh_job_percent)(bh_job *self, int percent, const char *text)
{
    if (!check(self, "bh_job_percent"))
        return bh__last_status();
    bh_message *progress = (bh_message_create)();
    if (!progress)
        return bh__last_status();
    (bh_message_add_int)(progress, "percent", percent);
    bh_status status = (bh_message_add_string)(progress, "text", text ? text : "");
    if (!status)
        status = (bh_job_progress)(self, progress);
    (bh_message_destroy)(progress);
    return status;
}

/* --- errors */

bh_status(bh_job_fail)(bh_job *self, bh_status status, const char *format, ...)
{
    bh__job *job = check(self, "bh_job_fail");
    if (!job)
        return bh__last_status();
    if (status == BH_OK || status == BH_CANCELLED)
        status = BH_ERROR;
    if (job->status)
        return status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(job->error, sizeof job->error, format ? format : "", arguments);
    va_end(arguments);
    bh__clean_text(job->error);
    job->status = status;
    return status;
}

/* In a worker errors of calls are printed, as they are by default, and the last one may be why a function fails. */
static void note_error(const bh_error *error, void *user)
{
    bh__job *job = user;
    bh_log(BH_LOG_ERROR, "error", "%s", error->sentence);
    if (!job->status)
        bh__copy_text(job->error, sizeof job->error, error->sentence);
}

static bh_status outcome(bh__job *job, bh_status returned)
{
    if (returned == BH_OK && job->status)
        return job->status; /* it has said that it failed */
    if (returned != BH_OK && !job->error[0])
        bh__copy_text(job->error, sizeof job->error, bh_status_text(returned));
    return returned;
}

bh_status bh__job_run(bh__job *job, const bh_process_function *function, bh_message_view arguments, bh_message *result)
{
    job->status = BH_OK;
    job->error[0] = 0;
    bh_job *self = bh__process_handle_create(BH__PROCESS_JOB, job, "bh_job");
    if (!self)
        return bh__last_status();
    bh_error_hook before = bh_set_error_hook((bh_error_hook){note_error, job});
    bh_status status = function->run(self, arguments, result);
    bh_set_error_hook(before);
    bh__process_handle_destroy(self, BH__PROCESS_JOB);
    return outcome(job, status);
}
