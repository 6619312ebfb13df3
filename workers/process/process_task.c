/* Tasks: their references, and how each comes to its end exactly once. */
#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "process/fault.h"
#include "process/future.h"
#include "process/memory_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 1400 };

/* For the time when there is no memory even for a sentence. */
#define POOR(kind, status, text) [kind] = {{kind, status, "function failed: " text, 0, 0, -1, 0, 0, "", 0, ""}}
static const bh__failure poor[] = {
    POOR(BH_FAILURE_NONE, BH_ERROR, "unknown"),
    POOR(BH_FAILURE_RETURNED, BH_ERROR, "it returned an error"),
    POOR(BH_FAILURE_SIGNAL, BH_ERROR_SYSTEM, "its worker died of a signal"),
    POOR(BH_FAILURE_EXIT, BH_ERROR_SYSTEM, "its worker ended without a result"),
    POOR(BH_FAILURE_DEADLINE, BH_TIMEOUT, "its time ran out"),
    POOR(BH_FAILURE_CANCELLED, BH_CANCELLED, "it was cancelled"),
    POOR(BH_FAILURE_MEMORY, BH_ERROR_MEMORY, "no memory"),
    POOR(BH_FAILURE_PROTOCOL, BH_ERROR_FORMAT, "its worker sent what is no message"),
    POOR(BH_FAILURE_CLOSED, BH_ERROR_CLOSED, "the pool was closed"),
    POOR(BH_FAILURE_QUARANTINED, BH_ERROR_STATE, "it has killed two workers"),
    POOR(BH_FAILURE_BUDGET, BH_ERROR_STATE, "the pool has given up"),
    POOR(BH_FAILURE_INITIALISER, BH_ERROR_STATE, "the pool's initialiser failed"),
    POOR(BH_FAILURE_NO_FUNCTION, BH_ERROR_NAME, "the worker does not know it"),
    POOR(BH_FAILURE_LAUNCHER, BH_ERROR_SYSTEM, "the pool's launcher starts no worker"),
};

static bool is_poor(const bh__failure *failure)
{
    return failure >= poor && failure < poor + sizeof poor / sizeof poor[0];
}

bh__task *bh__task_create(bh__pool *pool, const char *name, const void *payload, size_t size)
{
    size_t before = bh__padded(sizeof(bh__task));
    size_t length = strlen(name) + 1;
    if (size > SIZE_MAX - before - length)
        return NULL;
    bh__task *task = bh__malloc(before + size + length);
    if (!task)
        return NULL;
    memset(task, 0, sizeof *task);
    unsigned char *bytes = (unsigned char *)task + before;
    if (size)
        memcpy(bytes, payload, size);
    memcpy(bytes + size, name, length);
    task->payload = bytes;
    task->payload_size = size;
    task->name = (const char *)bytes + size;
    task->pool = pool;
    bh__pool_ref(pool);
    atomic_init(&task->refs, 1);
    atomic_init(&task->slot, -1);
    atomic_init(&task->state, BH_FUTURE_QUEUED);
    return task;
}

void bh__task_ref(bh__task *task)
{
    atomic_fetch_add_explicit(&task->refs, 1, memory_order_relaxed);
}

void bh__task_unref(bh__task *task)
{
    if (atomic_fetch_sub_explicit(&task->refs, 1, memory_order_acq_rel) != 1)
        return;
    if (task->result_mapped)
        bh__memory_file_unmap(task->result, task->result_size);
    else
        bh__free((void *)(uintptr_t)task->result);
    if (!is_poor(task->failure))
        bh__free((void *)(uintptr_t)task->failure);
    bh__free(task->progress);
    bh__pool_unref(task->pool);
    bh__free(task);
}

bool bh__task_is_over(const bh__task *task)
{
    return atomic_load_explicit(&task->state, memory_order_acquire) >= BH_FUTURE_DONE;
}

/* --- failures */

static const bh__failure *make_failure(const bh__task *task, bh_process_failure facts, const char *sentence,
                                       const bh__output *output)
{
    size_t length = strlen(sentence) + 1;
    size_t printed = output ? bh__output_length(output) : 0;
    size_t stack = facts.stack ? strlen(facts.stack) : 0;
    bh__failure *made = bh__malloc(sizeof *made + length + printed + 1 + stack + 1);
    if (!made)
        return &poor[facts.kind];
    char *texts = (char *)(made + 1);
    memcpy(texts, sentence, length);
    if (printed)
        bh__output_copy(output, texts + length, printed);
    texts[length + printed] = 0;
    char *frames = texts + length + printed + 1;
    if (stack)
        memcpy(frames, facts.stack, stack);
    frames[stack] = 0;
    facts.text = texts;
    facts.output = texts + length;
    facts.output_size = printed;
    facts.stack = frames;
    facts.attempts = task->attempts;
    facts.worker_pid = (int)task->last_pid;
    made->facts = facts;
    return made;
}

void bh__task_fail(bh__task *task, bh_process_failure facts, const bh__output *output, const char *format, ...)
{
    char what[SENTENCE - 100], sentence[SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    snprintf(sentence, sizeof sentence, "function '%s' %s", task->name, what);
    bh__clean_text(sentence);
    bh__task_finish(task, (bh__outcome){.failure = make_failure(task, facts, sentence, output)});
}

void bh__task_end_for(bh__task *task, bh__reason reason, const bh__output *output)
{
    bh_process_failure facts = {.exit_code = -1};
    const char *begun = task->attempts ? "while it ran" : "before it began";
    switch (reason) {
    case BH__DEADLINE:
        facts.kind = BH_FAILURE_DEADLINE;
        facts.status = BH_TIMEOUT;
        bh__task_fail(task, facts, output, "did not end by its deadline, which passed %s", begun);
        return;
    case BH__RUN_TIME:
        facts.kind = BH_FAILURE_DEADLINE;
        facts.status = BH_TIMEOUT;
        bh__task_fail(task, facts, output, "ran for more than the %d ms that it was given", task->run_ms);
        return;
    case BH__CLOSING:
        facts.kind = BH_FAILURE_CLOSED;
        facts.status = BH_ERROR_CLOSED;
        bh__task_fail(task, facts, output, "was ended %s, as pool '%s' was closed", begun, task->pool->name);
        return;
    case BH__CANCELLED:
    case BH__NO_REASON:
        facts.kind = BH_FAILURE_CANCELLED;
        facts.status = BH_CANCELLED;
        bh__task_fail(task, facts, output, "was cancelled %s", begun);
        return;
    }
}

/* --- the end */

static void free_outcome(const bh__outcome *outcome)
{
    if (outcome->mapped)
        bh__memory_file_unmap(outcome->result, outcome->size);
    else
        bh__free((void *)(uintptr_t)outcome->result);
    if (outcome->failure && !is_poor(outcome->failure))
        bh__free((void *)(uintptr_t)outcome->failure);
}

static bh_future_state state_for(const bh__outcome *outcome)
{
    if (!outcome->failure)
        return BH_FUTURE_DONE;
    return outcome->failure->facts.kind == BH_FAILURE_CANCELLED ? BH_FUTURE_CANCELLED : BH_FUTURE_FAILED;
}

/* Marks it as over in its pool; false if it was already. */
static bool leave_pool(bh__task *task, bh_future_state state)
{
    bh__pool *pool = task->pool;
    pthread_mutex_lock(&pool->lock);
    bool first = task->place != BH__OVER;
    if (first) {
        if (task->place == BH__IN_QUEUE)
            bh__heap_remove(&pool->queue, &task->in_queue);
        if (task->place == BH__IN_WORKER)
            pool->with_workers--;
        if (task->has_deadline)
            bh__heap_remove(&pool->deadlines, &task->in_deadlines);
        task->has_deadline = false;
        task->process = NULL;
        task->place = BH__OVER;
        pool->counts.done += state == BH_FUTURE_DONE;
        pool->counts.failed += state == BH_FUTURE_FAILED;
        pool->counts.cancelled += state == BH_FUTURE_CANCELLED;
    }
    pthread_mutex_unlock(&pool->lock);
    return first;
}

/* After the future shows its end, so that who waits for the pool finds all futures done. */
static void count_out(bh__pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bool last = --pool->open == 0;
    if (last || pool->options.queue)
        pthread_cond_broadcast(&pool->changed);
    bool look = last && pool->closing;
    pthread_mutex_unlock(&pool->lock);
    bh__wake_host();
    if (look)
        bh__reactor_wake(pool);
}

void bh__task_finish(bh__task *task, bh__outcome outcome)
{
    bh_future_state state = state_for(&outcome);
    bh__pool *pool = task->pool;
    if (!leave_pool(task, state)) {
        free_outcome(&outcome);
        return;
    }
    bh__future_complete(task, &outcome, state);
    bh__fault_step();
    count_out(pool);
    bh__task_unref(task); /* the pool's */
}
