/* Setbacks: tasks that come back from a worker, deaths that count against the budget, and pools that give up. On the reactor's thread. */
#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"
#include "process/process_pool.h"

#include <stdio.h>

static void fail_given_up(bh__pool *pool, bh__task *task)
{
    bh_process_failure facts = {.kind = pool->gave_up_kind, .status = BH_ERROR_STATE, .exit_code = -1};
    bh__task_fail(task, facts, NULL, "did not begin, as pool '%s' has given up: %s", pool->name, pool->gave_up_text);
}

static bool put_back(bh__pool *pool, bh__task *task, uint64_t *counter)
{
    pthread_mutex_lock(&pool->lock);
    bool closing = pool->closing, given_up = pool->gave_up;
    pool->with_workers--;
    task->process = NULL;
    atomic_store(&task->slot, -1);
    task->place = BH__NEW;
    if (!closing && !given_up) {
        task->place = BH__IN_QUEUE;
        bh__heap_add(&pool->queue, &task->in_queue);
        ++*counter;
    }
    pthread_mutex_unlock(&pool->lock);
    if (closing)
        bh__task_end_for(task, BH__CLOSING, NULL);
    else if (given_up)
        fail_given_up(pool, task);
    return !closing && !given_up;
}

bool bh__pool_requeue(bh__pool *pool, bh__task *task)
{
    return put_back(pool, task, &pool->counts.requeued);
}

void bh__pool_retry(bh__pool *pool, bh__task *task)
{
    put_back(pool, task, &pool->counts.retried);
}

void bh__pool_give_up(bh__pool *pool, bh_failure_kind kind, const char *text)
{
    bh__heap_node *node;
    pthread_mutex_lock(&pool->lock);
    bool first = !pool->gave_up && !pool->closing;
    if (first) {
        pool->gave_up_kind = kind;
        bh__copy_text(pool->gave_up_text, sizeof pool->gave_up_text, text);
        pool->gave_up = true;
        pthread_cond_broadcast(&pool->changed);
    }
    while (first && (node = bh__heap_take(&pool->queue))) {
        bh__task *task = bh__task_of_queue(node);
        task->place = BH__NEW;
        pthread_mutex_unlock(&pool->lock);
        fail_given_up(pool, task);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    if (first)
        bh__fail(BH_ERROR_STATE, "bh_process_pool", "pool '%s' has given up: %s", pool->name, text);
}

void bh__pool_count_death(bh__pool *pool, const char *text)
{
    char sentence[400];
    const bh_process_pool_options *options = &pool->options;
    int64_t now = bh__clock_ms();
    int64_t *oldest = &pool->deaths[pool->death_count % (uint64_t)options->budget_deaths];
    bool exceeded = pool->death_count >= (uint64_t)options->budget_deaths && now - *oldest < options->budget_ms;
    *oldest = now;
    pool->death_count++;
    pthread_mutex_lock(&pool->lock);
    pool->counts.deaths++;
    bool closing = pool->closing;
    pthread_mutex_unlock(&pool->lock);
    if (!exceeded || closing)
        return;
    snprintf(sentence, sizeof sentence, "more than %d workers died within %d ms; of the last one: %s", options->budget_deaths,
             options->budget_ms, text);
    bh__pool_give_up(pool, BH_FAILURE_BUDGET, sentence);
}
