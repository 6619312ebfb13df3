/* What the reactor does for a pool: gives tasks to workers, starts workers, keeps deadlines, and closes. All on the reactor's thread.
 *
 * How many tasks a worker holds: two, so that it has the next one at hand, and more if they are tiny, up to what takes it a fraction of
 * a millisecond. A worker that has nothing to do while another one holds tasks that it has not begun gets some of those. */
#include "process/link.h"

#include "base/clock.h"
#include "base/status.h"
#include "base/text.h"
#include "process/worker_side.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    DEPTH_MOST = 64,
    DEPTH_NS = 400000, /* what a worker holds takes it about so long */
    BATCH = BH__RING - 8,
    STEAL_MS = 1,
    SPARE_MS = 10,
    BACKOFF_MS = 10,
    BACKOFF_MOST_MS = 1000
};

/* --- wishes and deadlines */

/* A task that is to end, wherever it is now. */
static void end_task(bh__pool *pool, bh__task *task, bh__reason reason)
{
    pthread_mutex_lock(&pool->lock);
    bh__place place = task->place;
    bh__process *process = task->process;
    if (place == BH__IN_QUEUE) {
        bh__heap_remove(&pool->queue, &task->in_queue);
        task->place = BH__NEW;
    }
    pthread_mutex_unlock(&pool->lock);
    if (place == BH__IN_WORKER)
        bh__process_end_task(process, task, reason);
    else if (place == BH__IN_QUEUE)
        bh__task_end_for(task, reason, NULL);
}

static void end_asked(bh__pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    bh__task *task = pool->asked;
    pool->asked = NULL;
    for (bh__task *each = task; each; each = each->next_asked)
        each->asked = false; /* who is to be cancelled now may be to be killed later */
    pthread_mutex_unlock(&pool->lock);
    while (task) {
        bh__task *next = task->next_asked;
        end_task(pool, task, BH__CANCELLED);
        bh__task_unref(task);
        task = next;
    }
}

/* The next task whose deadline has passed, with a reference. */
static bh__task *overdue(bh__pool *pool, int64_t now)
{
    pthread_mutex_lock(&pool->lock);
    bh__task *task = pool->deadlines.first ? bh__task_of_deadlines(pool->deadlines.first) : NULL;
    if (task && task->deadline_ms > now)
        task = NULL;
    if (task) {
        bh__heap_take(&pool->deadlines);
        task->has_deadline = false;
        bh__task_ref(task);
    }
    pthread_mutex_unlock(&pool->lock);
    return task;
}

static void end_overdue(bh__pool *pool, int64_t now)
{
    bh__task *task;
    while ((task = overdue(pool, now))) {
        end_task(pool, task, BH__DEADLINE);
        bh__task_unref(task);
    }
}

/* --- workers */

static void start_one(bh__pool *pool, int64_t now)
{
    char text[128];
    bh__process *process = bh__process_start(pool);
    if (process) {
        process->next = pool->processes;
        pool->processes = process;
        pool->alive++;
        pthread_mutex_lock(&pool->lock);
        pool->counts.spawned++;
        pool->counts.workers++;
        pthread_mutex_unlock(&pool->lock);
        return;
    }
    snprintf(text, sizeof text, "it could not be started: %s", strerror(errno));
    int delay = BACKOFF_MS << (pool->spawn_failures < 7 ? pool->spawn_failures : 7);
    pool->spawn_failures++;
    pool->spawn_ms = now + (delay < BACKOFF_MOST_MS ? delay : BACKOFF_MOST_MS);
    bh__pool_count_death(pool, text);
}

static int count_busy(const bh__pool *pool)
{
    int busy = 0;
    for (const bh__process *p = pool->processes; p; p = p->next)
        busy += p->tasks > 0 && p->state != BH__DEAD;
    return busy;
}

static size_t queued(bh__pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    size_t count = pool->queue.count;
    pthread_mutex_unlock(&pool->lock);
    return count;
}

static bool is_used_up(const bh__process *process)
{
    int most = process->pool->options.tasks_per_worker;
    return process->retiring || (most && process->served >= (uint64_t)most);
}

/* Lets those go that have done their part. */
static void replace_used(bh__pool *pool)
{
    for (bh__process *p = pool->processes; p; p = p->next) {
        bool idle = p->tasks == 0 && !p->held && (p->state == BH__READY || p->state == BH__STARTING);
        if (idle && is_used_up(p)) {
            bh__process_leave(p);
            pthread_mutex_lock(&pool->lock);
            pool->counts.replaced += !p->killed;
            pthread_mutex_unlock(&pool->lock);
        }
    }
}

static void free_dead(bh__pool *pool)
{
    int count = 0;
    for (bh__process **at = &pool->processes; *at;) {
        bh__process *process = *at;
        if (process->state == BH__DEAD && process->on_end.descriptor < 0 && !process->stack) {
            *at = process->next;
            bh__process_free(process);
            continue;
        }
        count += !process->stack;
        at = &process->next;
    }
    pthread_mutex_lock(&pool->lock);
    pool->counts.workers = count;
    pthread_mutex_unlock(&pool->lock);
}

/* --- giving out */

static uint32_t depth_of(const bh__pool *pool)
{
    if (!pool->average_ns)
        return 2;
    int64_t depth = DEPTH_NS / pool->average_ns;
    return depth < 2 ? 2 : depth > DEPTH_MOST ? DEPTH_MOST : (uint32_t)depth;
}

static uint32_t left_of(const bh__process *process)
{
    int most = process->pool->options.tasks_per_worker;
    uint64_t left = most ? (uint64_t)most - process->served : BH__RING;
    uint32_t ring = (uint32_t)BATCH - (process->sent - process->acked);
    return left < ring ? (uint32_t)left : ring;
}

/* The one with the least to do, of those that may get more; a ready one before one that is starting. */
static bh__process *choose(bh__pool *pool, uint32_t depth)
{
    bh__process *best = NULL;
    bool all_busy = count_busy(pool) >= pool->options.workers;
    bool alone = !all_busy && depth <= 2; /* another worker can have the next one, and begin it at once */
    /* Tiny tasks are given out when half of them are done, so that they travel together. */
    uint32_t most = depth <= 2 ? depth - 1 : depth / 2;
    for (bh__process *p = pool->processes; p; p = p->next) {
        bool full = p->tasks > most || p->sent - p->acked >= (uint32_t)BATCH;
        if (!bh__process_is_open(p) || full || (p->tasks == 0 && all_busy) || (p->tasks > 0 && alone))
            continue;
        bool better =
            !best || p->tasks < best->tasks || (p->tasks == best->tasks && p->state == BH__READY && best->state != BH__READY);
        if (better)
            best = p;
    }
    return best;
}

/* Takes up to COUNT tasks from the queue for PROCESS, and those that are chained to the last of them. */
static int take_tasks(bh__pool *pool, bh__process *process, uint32_t count, bh__task **tasks)
{
    int taken = 0, most = (int)left_of(process);
    pthread_mutex_lock(&pool->lock);
    while (pool->queue.first && taken < most) {
        bh__task *task = bh__task_of_queue(pool->queue.first);
        bool chained = task->chained && taken > 0 && tasks[taken - 1]->order + 1 == task->order;
        if ((uint32_t)taken >= count && !chained)
            break;
        bh__heap_take(&pool->queue);
        task->place = BH__IN_WORKER;
        task->process = process;
        pool->with_workers++;
        tasks[taken++] = task;
    }
    if (taken && pool->options.queue)
        pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

static void give_out(bh__pool *pool)
{
    static bh__task *tasks[BH__RING];
    bool given = false;
    for (size_t waiting; (waiting = queued(pool)) > 0;) {
        uint32_t depth = depth_of(pool);
        bh__process *process = choose(pool, depth);
        if (!process)
            break;
        size_t workers = (size_t)pool->options.workers;
        size_t share = (waiting + workers - 1) / workers; /* few tasks are for all */
        uint32_t room = depth - process->tasks;
        int count = take_tasks(pool, process, share < room ? (uint32_t)share : room, tasks);
        if (count)
            bh__process_send(process, tasks, count);
        given = given || count;
    }
    if (given && pool->options.queue)
        bh__wake_host();
}

/* How many workers the tasks that there are could use. */
static int needed(bh__pool *pool)
{
    size_t tasks = (size_t)count_busy(pool) + queued(pool);
    return tasks < (size_t)pool->options.workers ? (int)tasks : pool->options.workers;
}

/* A spare is started when things have calmed down: starting one takes as long as a hundred tiny tasks. */
static void start_spare(bh__pool *pool, int64_t now)
{
    bool wanted = pool->options.spares > 0 && pool->alive < needed(pool) + pool->options.spares;
    if (!wanted)
        pool->spare_ms = 0;
    else if (!pool->spare_ms && pool->alive)
        pool->spare_ms = now + SPARE_MS;
    else if (now >= pool->spare_ms) {
        pool->spare_ms = 0;
        start_one(pool, now);
    }
}

/* A task goes to a worker as soon as there is one: starting the next takes longer than sending it. */
static void give_out_and_start(bh__pool *pool, int64_t now)
{
    give_out(pool);
    while (pool->alive < needed(pool) && now >= pool->spawn_ms && !pool->gave_up) {
        start_one(pool, now);
        give_out(pool);
    }
    if (now >= pool->spawn_ms && !pool->gave_up)
        start_spare(pool, now);
}

/* What a launcher has started holds a machine, or waits for one: where it has nothing to do, that ends. */
static void dismiss_idle(bh__pool *pool, int64_t now)
{
    int spares = pool->options.spares < 0 ? 0 : pool->options.spares, most = needed(pool) + spares;
    pool->idle_ms = 0;
    for (bh__process *p = pool->processes; p; p = p->next) {
        bool idle = p->link && p->tasks == 0 && !p->killed && (p->state == BH__READY || p->state == BH__STARTING);
        if (!idle || pool->alive <= most) {
            if (p->link)
                p->link->idle_ms = 0;
            continue;
        }
        if (!p->link->idle_ms)
            p->link->idle_ms = now;
        int64_t due = p->link->idle_ms + pool->options.idle_ms;
        if (now >= due)
            bh__link_dismiss(p);
        else if (!pool->idle_ms || due < pool->idle_ms)
            pool->idle_ms = due;
    }
}

static bh__process *richest(bh__pool *pool)
{
    bh__process *most = NULL;
    for (bh__process *p = pool->processes; p; p = p->next)
        if (p->tasks >= 2 && p->state == BH__READY && !p->held && (!most || p->tasks > most->tasks))
            most = p;
    return most;
}

static bool has_idle(const bh__pool *pool)
{
    bool idle = false;
    for (const bh__process *p = pool->processes; p; p = p->next)
        idle = idle || (p->tasks == 0 && p->state == BH__READY && bh__process_is_open(p));
    return idle && count_busy(pool) < pool->options.workers;
}

/* Long tasks that wait behind others go to a worker that has nothing to do. */
static void share_out(bh__pool *pool, int64_t now)
{
    pool->steal_ms = 0;
    while (queued(pool) == 0 && has_idle(pool)) {
        bh__process *from = richest(pool);
        if (!from || bh__link_is_asking(from))
            return;
        int64_t begun = atomic_load(&from->at.page->started_ns) / 1000000;
        if (begun <= now && now - begun < STEAL_MS) {
            pool->steal_ms = now + STEAL_MS + 1;
            return;
        }
        if (!bh__process_take_back(from, (int)(from->tasks / 2)) || from->link)
            return;
        give_out(pool);
    }
}

/* --- closing */

static void note_leftover(bh__pool *pool, const bh__process *process)
{
    pthread_mutex_lock(&pool->lock);
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++) {
        const bh__task *task = process->slots[i % BH__RING];
        if (task)
            bh__append_text(pool->leftovers, sizeof pool->leftovers, "%s%s (process %d)", pool->leftovers[0] ? ", " : "",
                            task->name, (int)process->at.pid);
    }
    pthread_mutex_unlock(&pool->lock);
}

static void end_all_in(bh__process *process)
{
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++)
        if (process->slots[i % BH__RING] && !process->slots[i % BH__RING]->reason)
            bh__process_end_task(process, process->slots[i % BH__RING], BH__CLOSING);
}

static void close_turn(bh__pool *pool, int64_t now)
{
    bool late = now >= pool->close_ms;
    for (bh__process *p = pool->processes; p; p = p->next) {
        if (late && p->stack)
            bh__stack_late(p->stack);
        if (late && p->state == BH__DEAD && p->link)
            bh__link_kill(p); /* its launcher goes on */
        if (p->state == BH__DEAD)
            continue;
        if (p->state != BH__LEAVING)
            end_all_in(p);
        if (p->tasks == 0)
            bh__process_leave(p);
        if (late && !p->abandon_ms) {
            note_leftover(pool, p);
            p->expected = true;
            bh__process_kill(p, NULL);
        }
    }
}

static void note_closed(bh__pool *pool)
{
    bool all = true;
    for (const bh__process *p = pool->processes; p; p = p->next)
        all = all && p->state == BH__DEAD && !p->stack && (!p->link || p->on_end.descriptor < 0);
    pthread_mutex_lock(&pool->lock);
    bool now_closed = all && !pool->closed;
    if (now_closed) {
        pool->closed = true;
        pthread_cond_broadcast(&pool->changed);
    }
    pthread_mutex_unlock(&pool->lock);
    if (now_closed)
        bh__wake_host();
}

/* --- a turn */

void bh__pool_turn(bh__pool *pool)
{
    int64_t now = bh__clock_ms();
    pthread_mutex_lock(&pool->lock);
    bool closing = pool->closing, given_up = pool->gave_up;
    pthread_mutex_unlock(&pool->lock);
    end_asked(pool);
    end_overdue(pool, now);
    if (closing)
        close_turn(pool, now);
    for (bh__process *p = pool->processes; p; p = p->next)
        bh__process_tick(p, now);
    replace_used(pool);
    free_dead(pool);
    if (closing) {
        note_closed(pool);
        return;
    }
    if (given_up) {
        for (bh__process *p = pool->processes; p; p = p->next)
            if (p->tasks == 0)
                bh__process_leave(p);
        return;
    }
    give_out_and_start(pool, now);
    share_out(pool, now);
    if (pool->launch)
        dismiss_idle(pool, now);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

int64_t bh__pool_next_time(bh__pool *pool)
{
    int64_t next = 0;
    pthread_mutex_lock(&pool->lock);
    if (pool->deadlines.first)
        next = bh__task_of_deadlines(pool->deadlines.first)->deadline_ms;
    bool closing = pool->closing, given_up = pool->gave_up, closed = pool->closed;
    int64_t close_ms = pool->close_ms;
    pthread_mutex_unlock(&pool->lock);
    for (const bh__process *p = pool->processes; p; p = p->next)
        next = earlier(next, bh__process_next_time(p));
    if (closing && !closed && close_ms > bh__clock_ms())
        next = earlier(next, close_ms);
    if (closing || given_up)
        return next;
    bool waits = pool->spawn_ms > bh__clock_ms(); /* the last start has failed */
    next = earlier(next, pool->idle_ms);
    return earlier(earlier(next, waits ? pool->spawn_ms : pool->spare_ms), pool->steal_ms);
}
