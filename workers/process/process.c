/* One worker process as the reactor sees it: from its start to the end of its record, and what its times bring. What goes to it is in
 * process_send.c, what comes from it in receive.c, its end in process_end.c. */
#include "process/process.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/link.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- starting */

static bool watch_all(bh__process *process)
{
    process->on_channel = (bh__source){bh__process_on_channel, process, process->at.channel.descriptor};
    process->on_room = (bh__source){bh__process_on_room, process, -1};
    process->on_output = (bh__source){bh__process_on_output, process, process->at.output};
    process->on_end = (bh__source){bh__process_on_end, process, process->at.pidfd};
    return bh__reactor_watch(&process->on_channel, EPOLLIN) && bh__reactor_watch(&process->on_output, EPOLLIN) &&
           bh__reactor_watch(&process->on_end, EPOLLIN);
}

static void undo(bh__process *process, int error)
{
    if (process->at.pidfd >= 0) { /* it runs, but cannot be watched: out of memory */
        bh__signal_group(process->at.pid, process->at.pidfd, SIGKILL);
        siginfo_t facts;
        waitid(P_PIDFD, (id_t)process->at.pidfd, &facts, WEXITED);
    }
    bh__process_free(process);
    errno = error;
}

bh__process *bh__process_start(bh__pool *pool)
{
    bh__process *process = bh__calloc(1, sizeof *process);
    if (!process) {
        errno = ENOMEM;
        return NULL;
    }
    process->pool = pool;
    process->at = (bh__spawned){.pid = -1, .pidfd = -1, .output = -1, .channel = BH__NO_CHANNEL};
    process->on_channel.descriptor = process->on_room.descriptor = process->on_output.descriptor = process->on_end.descriptor =
        -1;
    process->start_by_ms = bh__clock_ms() + pool->options.start_timeout_ms;
    process->initialised = !pool->initialiser;
    bh__output_init(&process->output, pool->options.output);
    if (pool->launch && !bh__link_create(process))
        errno = ENOMEM;
    else if (bh__spawn(&pool->plan, &process->at) && watch_all(process)) {
        if (pool->initialiser && !process->link)
            bh__process_send_initialiser(process);
        return process;
    }
    undo(process, errno);
    return NULL;
}
bool bh__process_is_open(const bh__process *process)
{
    const bh_process_pool_options *options = &process->pool->options;
    bool takes = (process->state == BH__STARTING && !process->link) || process->state == BH__READY;
    bool used_up = options->tasks_per_worker && process->served >= (uint64_t)options->tasks_per_worker;
    return takes && !process->held && !process->retiring && !process->waiting && !process->broken && !process->gone && !used_up;
}

/* --- times */

/* The running task's own limit, if it is over; when to look again otherwise. */
static void check_run_time(bh__process *process, int64_t now)
{
    process->check_ms = 0;
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++) {
        bh__task *task = process->slots[i % BH__RING];
        if (!task || !task->run_ms)
            continue;
        int64_t begun = now;
        uint8_t state = atomic_load(&process->at.page->states[i % BH__RING]);
        if (state == BH__SLOT_STARTED || state == BH__SLOT_CANCEL)
            begun = atomic_load(&process->at.page->started_ns) / 1000000;
        if (begun < task->sent_ms)
            begun = task->sent_ms;
        if (begun > now)
            begun = now;
        if (now - begun >= task->run_ms) {
            bh__process_end_task(process, task, BH__RUN_TIME);
            return;
        }
        if (!process->check_ms || begun + task->run_ms < process->check_ms)
            process->check_ms = begun + task->run_ms;
    }
}

/* It was to begin something by now. While the first of its tasks runs the others may wait; but one that does not even begin the first is
 * stopped, or stuck in the kernel, and others can do what it has. */
static void check_begun(bh__process *process, int64_t now)
{
    uint32_t i = process->acked + 1;
    while (i != process->sent + 1 && !process->slots[i % BH__RING])
        i++;
    process->start_by_ms = 0;
    if (process->state == BH__READY && i == process->sent + 1)
        return;
    const bh__task *first = process->state == BH__READY ? process->slots[i % BH__RING] : NULL;
    int64_t late = first ? first->sent_ms + process->pool->options.start_timeout_ms : now;
    if (first && atomic_load(&process->at.page->states[i % BH__RING]) != BH__SLOT_SENT)
        late = now + process->pool->options.start_timeout_ms;
    if (late <= now && first && process->link) { /* the relay knows what had begun, and is still believed */
        process->link->blame = "did not begin what it was given";
        bh__process_kill(process, NULL);
    } else if (late <= now)
        bh__process_kill(process, first ? "did not begin what it was given" : "was not ready in time");
    else
        process->start_by_ms = late;
}

void bh__process_tick(bh__process *process, int64_t now)
{
    if (process->stack && now >= bh__stack_due(process->stack))
        bh__stack_late(process->stack);
    if (process->link)
        bh__link_tick(process, now);
    if (process->state == BH__DEAD)
        return;
    if (process->start_by_ms && now >= process->start_by_ms)
        check_begun(process, now);
    if (process->check_ms && now >= process->check_ms)
        check_run_time(process, now);
    if (process->term_ms && now >= process->term_ms)
        bh__process_term(process);
    if (process->kill_ms && now >= process->kill_ms) {
        process->expected = process->expected || process->held;
        bh__process_kill(process, process->gone && !process->held && !process->link ? "closed its socket" : NULL);
    }
    if (process->abandon_ms && now >= process->abandon_ms)
        bh__process_abandon(process);
}

int64_t bh__process_next_time(const bh__process *process)
{
    int64_t stack = process->stack ? bh__stack_due(process->stack) : 0, link = process->link ? bh__link_next_time(process) : 0;
    const int64_t times[] = {
        process->start_by_ms, process->check_ms, process->term_ms, process->kill_ms, process->abandon_ms, stack, link};
    int64_t next = 0;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        if (times[i] && (!next || times[i] < next))
            next = times[i];
    return next;
}

/* --- the end of the record */

void bh__process_let_go(bh__process *process)
{
    bh__reactor_forget(&process->on_channel);
    bh__reactor_forget(&process->on_room);
    bh__reactor_forget(&process->on_output);
    process->on_channel.descriptor = process->on_room.descriptor = process->on_output.descriptor = -1;
    if (process->at.channel.ways)
        process->at.channel.ways->close(&process->at.channel);
    if (process->at.output >= 0)
        close(process->at.output);
    process->at.output = -1;
    bh__process_drop_waiting(process);
    if (process->at.page)
        munmap(process->at.page, sizeof *process->at.page);
    process->at.page = NULL;
    bh__output_free(&process->output);
}

void bh__process_free(bh__process *process)
{
    bh__process_let_go(process);
    bh__reactor_forget(&process->on_end);
    if (process->at.pidfd >= 0)
        close(process->at.pidfd);
    bh__link_free(process);
    bh__free(process);
}
