/* Taking tasks back from a worker, ending them in it, and ending it. The reactor's thread. */
#include "process/process.h"

#include "base/clock.h"
#include "process/fault.h"
#include "process/link.h"

#include <signal.h>

enum {
    LEAVE_MS = 1000,   /* for a worker with nothing to do to end by itself */
    ABANDON_MS = 2000, /* after SIGKILL: what does not die even then hangs in the kernel */
    HUNG_UP_MS = 100,  /* from the end of its socket to its own */

    /* The same for a launcher, which has others to tell, and gets SIGTERM first: link_end.c. */
    LAUNCHER_LEAVE_MS = 10000,
    LAUNCHER_ABANDON_MS = 3500,
    LAUNCHER_HUNG_UP_MS = 2000
};

/* True if the worker had not begun it and now never will. */
static bool take_from_worker(bh__process *process, uint32_t sequence)
{
    uint8_t sent = BH__SLOT_SENT;
    return atomic_compare_exchange_strong(&process->at.page->states[sequence % BH__RING], &sent, BH__SLOT_REVOKED);
}

int bh__process_take_back(bh__process *process, int count)
{
    int taken = 0;
    for (uint32_t i = process->sent; i != process->acked && taken < count; i--) {
        bh__task **slot = &process->slots[i % BH__RING];
        bh__task *task = *slot;
        bool unasked = task && !task->reason && atomic_load(&process->at.page->states[i % BH__RING]) == BH__SLOT_SENT;
        if (unasked && process->link)
            taken += bh__link_ask(process, i, false); /* it comes back when the relay has said that it has not begun */
        if (!unasked || process->link || !take_from_worker(process, i))
            continue;
        *slot = NULL;
        process->tasks--;
        taken++;
        bh__pool_requeue(process->pool, task);
    }
    if (process->link)
        bh__process_flush(process);
    return taken;
}

static bool wants_kill(bh__pool *pool, const bh__task *task)
{
    pthread_mutex_lock(&pool->lock);
    bool kill = task->kill;
    pthread_mutex_unlock(&pool->lock);
    return kill;
}

void bh__process_arm(bh__process *process, const bh__task *task, bh__reason reason)
{
    int64_t now = bh__clock_ms();
    bh__pool *pool = process->pool;
    if (wants_kill(pool, task)) {
        process->kill_ms = now;
        return;
    }
    process->term_ms = now + pool->options.cancel_grace_ms;
    process->kill_ms = process->term_ms + pool->options.term_grace_ms;
    if (reason != BH__CLOSING || !pool->close_ms)
        return;
    int64_t early = (pool->close_ms - now) / 4; /* the close has a deadline of its own, until which all may end in good */
    int64_t grace = early < pool->options.term_grace_ms ? early : pool->options.term_grace_ms;
    process->term_ms = pool->close_ms - grace;
    process->kill_ms = pool->close_ms;
}

/* It has begun, or nobody knows yet. */
static void end_begun(bh__process *process, bh__task *task, uint32_t sequence, bh__reason reason)
{
    task->reason = reason;
    process->held = true;                     /* so that nothing else is in there when the signal comes */
    bh__process_take_back(process, BH__RING); /* before it ends, or the next one would begin */
    bool unknown = process->link && bh__link_ask(process, sequence, true);
    if (process->link)
        bh__process_flush(process);
    else
        bh__page_cancel(process->at.page, sequence);
    if (!unknown)
        bh__process_arm(process, task, reason); /* else when it is known to have begun */
}

void bh__process_end_task(bh__process *process, bh__task *task, bh__reason reason)
{
    uint32_t sequence = process->acked + 1;
    while (sequence != process->sent + 1 && process->slots[sequence % BH__RING] != task)
        sequence++;
    if (sequence == process->sent + 1)
        return; /* it has just come to its end */
    if (!process->link && take_from_worker(process, sequence)) {
        process->slots[sequence % BH__RING] = NULL;
        process->tasks--;
        bh__task_end_for(task, reason, NULL);
        return;
    }
    if (process->state == BH__DEAD)
        return; /* it is at its end: only the stack of that is still to come */
    bool asking = atomic_load(&process->at.page->states[sequence % BH__RING]) == BH__SLOT_ASKED;
    if (!task->reason)
        end_begun(process, task, sequence, reason);
    else if (!asking && wants_kill(process->pool, task)) /* it is being ended already */
        process->kill_ms = bh__clock_ms();
}

void bh__process_release(bh__process *process)
{
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++)
        if (process->slots[i % BH__RING] && process->slots[i % BH__RING]->reason)
            return;
    process->held = false;
    process->term_ms = process->kill_ms = 0;
    if (process->retiring && process->tasks == 0)
        bh__process_leave(process);
}

/* A signal of ours goes to it; statistics count the first. */
static void note_signal(bh__process *process)
{
    bh__pool *pool = process->pool;
    if (process->killed)
        return;
    process->killed = true;
    pthread_mutex_lock(&pool->lock);
    pool->counts.killed++;
    pthread_mutex_unlock(&pool->lock);
}

void bh__process_kill(bh__process *process, const char *broken)
{
    if (broken && !process->broken)
        process->broken = broken;
    bh__fault_step();
    if (process->link)
        bh__link_kill(process);
    else
        bh__signal_group(process->at.pid, process->at.pidfd, SIGKILL);
    note_signal(process);
    process->start_by_ms = process->check_ms = process->term_ms = process->kill_ms = 0;
    if (!process->abandon_ms)
        process->abandon_ms = bh__clock_ms() + (process->link ? LAUNCHER_ABANDON_MS : ABANDON_MS);
}

void bh__process_leave(bh__process *process)
{
    if (process->state == BH__LEAVING || process->state == BH__DEAD)
        return;
    bh__fault_step();
    process->state = BH__LEAVING;
    process->expected = true;
    process->start_by_ms = 0;
    bh__reactor_forget(&process->on_channel);
    bh__reactor_forget(&process->on_room);
    process->on_channel.descriptor = process->on_room.descriptor = -1;
    process->at.channel.ways->close(&process->at.channel); /* the worker reads the end of it */
    if (process->link && !process->link->greeted)
        bh__link_kill(process); /* it waits for a machine, and does not read */
    process->kill_ms = bh__clock_ms() + (process->link ? LAUNCHER_LEAVE_MS : LEAVE_MS);
    process->pool->alive--;
}

void bh__process_hung_up(bh__process *process)
{
    bh__reactor_forget(&process->on_channel); /* or it would be ready for ever */
    process->on_channel.descriptor = -1;
    process->gone = true;
    int64_t soon = bh__clock_ms() + (process->link ? LAUNCHER_HUNG_UP_MS : HUNG_UP_MS);
    if (!process->kill_ms || soon < process->kill_ms)
        process->kill_ms = soon;
}

void bh__process_term(bh__process *process)
{
    if (process->link) {
        bh__link_tell(process, BH__NOTE_TERM, 0);
        bh__process_flush(process);
    } else {
        bh__signal_group(process->at.pid, process->at.pidfd, SIGTERM);
    }
    note_signal(process);
    process->term_ms = 0;
    process->retiring = true; /* what the signal has done to it nobody knows */
    process->expected = true;
}
