/* One worker process as the reactor sees it: sending tasks, taking them back, ending it. What comes from it is in receive.c. */
#include "process/process.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/fault.h"
#include "process/memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LEAVE_MS = 1000,   /* for a worker with nothing to do to end by itself */
    ABANDON_MS = 2000, /* after SIGKILL: what does not die even then hangs in the kernel */
    HUNG_UP_MS = 100   /* from the end of its socket to its own */
};

/* --- starting */

static bool watch_all(bh__process *process)
{
    process->on_channel = (bh__source){bh__process_on_channel, process, process->at.channel.descriptor};
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
    process->at = (bh__spawned){.pid = -1, .pidfd = -1, .output = -1, .channel = {NULL, -1}};
    process->on_channel.descriptor = process->on_output.descriptor = process->on_end.descriptor = -1;
    process->start_by_ms = bh__clock_ms() + pool->options.start_timeout_ms;
    process->initialised = !pool->initialiser;
    bh__output_init(&process->output, pool->options.output);
    if (bh__spawn(&pool->plan, &process->at) && watch_all(process)) {
        if (pool->initialiser)
            bh__process_send_initialiser(process);
        return process;
    }
    undo(process, errno);
    return NULL;
}

/* --- sending */

/* Keeps a packet until there is room. False without memory or descriptors: nothing of it is kept then. */
static bool keep_packet(bh__process *process, const void *bytes, size_t size, int file)
{
    int copy = file >= 0 ? fcntl(file, F_DUPFD_CLOEXEC, 0) : -1;
    bh__late_packet *late = copy >= 0 || file < 0 ? bh__malloc(sizeof *late + size) : NULL;
    if (!late) {
        if (copy >= 0)
            close(copy);
        return false;
    }
    late->next = NULL;
    late->size = size;
    late->file = copy;
    memcpy(late->bytes, bytes, size);
    bh__late_packet **last = &process->waiting;
    while (*last)
        last = &(*last)->next;
    *last = late;
    bh__reactor_change(&process->on_channel, EPOLLIN | EPOLLOUT);
    return true;
}

static bool send_packet(bh__process *process, const void *bytes, size_t size, int file)
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    if (process->waiting)
        return keep_packet(process, bytes, size, file);
    bh__sent sent = process->at.channel.ways->send(&process->at.channel, &part, 1, file, false);
    if (sent == BH__SENT_FULL)
        return keep_packet(process, bytes, size, file);
    return true; /* gone: its end is about to be seen, and what it had not begun goes to others then */
}

static void drop_packet(bh__process *process)
{
    bh__late_packet *first = process->waiting;
    process->waiting = first->next;
    if (first->file >= 0)
        close(first->file);
    bh__free(first);
}

void bh__process_flush(bh__process *process)
{
    while (process->waiting) {
        struct iovec part = {process->waiting->bytes, process->waiting->size};
        const bh__transport *ways = process->at.channel.ways;
        if (ways->send(&process->at.channel, &part, 1, process->waiting->file, false) == BH__SENT_FULL)
            return;
        drop_packet(process);
    }
    bh__reactor_change(&process->on_channel, EPOLLIN);
}

/* The packet that is being filled; the reactor's thread alone does so. */
typedef struct filling {
    size_t size;
    uint32_t count;
    uint32_t first; /* sequence number before it */
} filling;
static _Alignas(8) unsigned char out[BH__PACKET_SIZE];

static void begin_packet(filling *packet, const bh__process *process)
{
    packet->size = sizeof(bh__packet_head);
    packet->count = 0;
    packet->first = process->sent;
}

/* A packet that cannot even be kept was never sent: its tasks go back. */
static void unsend(bh__process *process, const filling *packet)
{
    while (process->sent != packet->first) {
        bh__task **slot = &process->slots[process->sent % BH__RING];
        bh__task *task = *slot;
        *slot = NULL;
        atomic_store(&process->at.page->states[process->sent % BH__RING], BH__SLOT_FREE);
        process->sent--;
        if (!task)
            continue;
        process->tasks--;
        bh__pool_requeue(process->pool, task);
    }
}

static void end_packet(bh__process *process, filling *packet, int file)
{
    if (packet->count) {
        bh__wire_seal(out, BH__PACKET_TASKS, packet->size, packet->count);
        if (!send_packet(process, out, packet->size, file))
            unsend(process, packet);
    }
    begin_packet(packet, process);
}

static void add_record(bh__process *process, filling *packet, const bh__task_record *facts, const char *name, const void *payload)
{
    bh__task_record record = *facts;
    size_t inside = record.flags & BH__RECORD_MEMFD ? 0 : record.payload_size;
    record.name_size = (uint32_t)strlen(name) + 1;
    record.size = (uint32_t)(sizeof record + bh__padded(record.name_size) + bh__padded(inside));
    record.sequence = ++process->sent;
    atomic_store(&process->at.page->states[record.sequence % BH__RING], BH__SLOT_SENT);
    unsigned char *at = out + packet->size;
    memset(at, 0, sizeof record + bh__padded(record.name_size));
    memcpy(at, &record, sizeof record);
    memcpy(at + sizeof record, name, record.name_size);
    at += sizeof record + bh__padded(record.name_size);
    if (inside) {
        memset(at + bh__padded(inside) - 8, 0, 8);
        memcpy(at, payload, inside);
    }
    packet->size += record.size;
    packet->count++;
}

static size_t space_for(const bh__task *task)
{
    return sizeof(bh__task_record) + bh__padded(BH__NAME_SIZE) +
           (task->payload_size > BH__INLINE_SIZE ? 0 : bh__padded(task->payload_size));
}

static void note_sent(bh__process *process, bh__task *task)
{
    task->sent_ms = bh__clock_ms();
    process->slots[process->sent % BH__RING] = task;
    process->served++;
    if (process->state == BH__READY && !process->start_by_ms)
        process->start_by_ms = task->sent_ms + process->pool->options.start_timeout_ms;
    atomic_store(&task->slot, (int)(process->sent % BH__RING));
    int64_t check = task->sent_ms + task->run_ms;
    if (task->run_ms && (!process->check_ms || check < process->check_ms))
        process->check_ms = check;
}

/* A large payload travels in a packet of its own, with its file. */
static void send_large(bh__process *process, filling *packet, bh__task *task, bh__task_record *record)
{
    end_packet(process, packet, -1);
    int file = bh__memory_file_create(task->payload, task->payload_size);
    if (file < 0) {
        const bh_process_failure facts = {.kind = BH_FAILURE_MEMORY, .status = BH_ERROR_MEMORY, .exit_code = -1};
        process->tasks--;
        bh__task_fail(task, facts, NULL, "did not begin: there is no memory file for its %zu bytes of arguments",
                      task->payload_size);
        return;
    }
    record->flags |= BH__RECORD_MEMFD;
    add_record(process, packet, record, task->name, NULL);
    note_sent(process, task);
    end_packet(process, packet, file);
    close(file);
}

void bh__process_send(bh__process *process, bh__task **tasks, int count)
{
    filling packet;
    begin_packet(&packet, process);
    process->tasks += (uint32_t)count;
    for (int i = 0; i < count; i++) {
        bh__task *task = tasks[i];
        bh__task_record record = {.payload_size = task->payload_size, .attempt = (uint32_t)task->attempts + 1};
        if (task->payload_size > BH__INLINE_SIZE) {
            send_large(process, &packet, task, &record);
            continue;
        }
        if (packet.size + space_for(task) > sizeof out)
            end_packet(process, &packet, -1);
        add_record(process, &packet, &record, task->name, task->payload);
        note_sent(process, task);
    }
    end_packet(process, &packet, -1);
    bh__fault_step();
}

void bh__process_send_initialiser(bh__process *process)
{
    filling packet;
    const bh__pool *pool = process->pool;
    bh__task_record record = {.flags = BH__RECORD_INITIALISE, .payload_size = pool->initialiser_size, .attempt = 1};
    begin_packet(&packet, process);
    add_record(process, &packet, &record, pool->initialiser, pool->initialiser_payload);
    end_packet(process, &packet, -1);
}

bool bh__process_is_open(const bh__process *process)
{
    const bh_process_pool_options *options = &process->pool->options;
    bool takes = process->state == BH__STARTING || process->state == BH__READY;
    bool used_up = options->tasks_per_worker && process->served >= (uint64_t)options->tasks_per_worker;
    return takes && !process->held && !process->retiring && !process->waiting && !process->broken && !process->gone && !used_up;
}

/* --- taking back, ending */

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
        if (!task || !take_from_worker(process, i))
            continue;
        *slot = NULL;
        process->tasks--;
        taken++;
        bh__pool_requeue(process->pool, task);
    }
    return taken;
}

static bool wants_kill(bh__pool *pool, const bh__task *task)
{
    pthread_mutex_lock(&pool->lock);
    bool kill = task->kill;
    pthread_mutex_unlock(&pool->lock);
    return kill;
}

void bh__process_end_task(bh__process *process, bh__task *task, bh__reason reason)
{
    uint32_t sequence = process->acked + 1;
    while (sequence != process->sent + 1 && process->slots[sequence % BH__RING] != task)
        sequence++;
    if (sequence == process->sent + 1)
        return; /* it has just come to its end */
    if (take_from_worker(process, sequence)) {
        process->slots[sequence % BH__RING] = NULL;
        process->tasks--;
        bh__task_end_for(task, reason, NULL);
        return;
    }
    if (process->state == BH__DEAD)
        return;         /* it is at its end: only the stack of that is still to come */
    if (task->reason) { /* it is being ended already */
        if (wants_kill(process->pool, task))
            process->kill_ms = bh__clock_ms();
        return;
    }
    task->reason = reason;
    process->held = true; /* so that nothing else is in there when the signal comes */
    bh__process_take_back(process, BH__RING);
    bh__page_cancel(process->at.page, sequence);
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
    bh__signal_group(process->at.pid, process->at.pidfd, SIGKILL);
    note_signal(process);
    process->start_by_ms = process->check_ms = process->term_ms = process->kill_ms = 0;
    if (!process->abandon_ms)
        process->abandon_ms = bh__clock_ms() + ABANDON_MS;
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
    process->on_channel.descriptor = -1;
    process->at.channel.ways->close(&process->at.channel); /* the worker reads the end of it */
    process->kill_ms = bh__clock_ms() + LEAVE_MS;
    process->pool->alive--;
}

void bh__process_hung_up(bh__process *process)
{
    bh__reactor_forget(&process->on_channel); /* or it would be ready for ever */
    process->on_channel.descriptor = -1;
    process->gone = true;
    int64_t soon = bh__clock_ms() + HUNG_UP_MS;
    if (!process->kill_ms || soon < process->kill_ms)
        process->kill_ms = soon;
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
    if (late <= now)
        bh__process_kill(process, first ? "did not begin what it was given" : "was not ready in time");
    else
        process->start_by_ms = late;
}

static void give_term(bh__process *process)
{
    bh__signal_group(process->at.pid, process->at.pidfd, SIGTERM);
    note_signal(process);
    process->term_ms = 0;
    process->retiring = true; /* what the signal has done to it nobody knows */
    process->expected = true;
}

void bh__process_tick(bh__process *process, int64_t now)
{
    if (process->stack && now >= bh__stack_due(process->stack))
        bh__stack_late(process->stack);
    if (process->state == BH__DEAD)
        return;
    if (process->start_by_ms && now >= process->start_by_ms)
        check_begun(process, now);
    if (process->check_ms && now >= process->check_ms)
        check_run_time(process, now);
    if (process->term_ms && now >= process->term_ms)
        give_term(process);
    if (process->kill_ms && now >= process->kill_ms) {
        process->expected = process->expected || process->held;
        bh__process_kill(process, process->gone && !process->held ? "closed its socket" : NULL);
    }
    if (process->abandon_ms && now >= process->abandon_ms)
        bh__process_abandon(process);
}

int64_t bh__process_next_time(const bh__process *process)
{
    const int64_t times[] = {process->start_by_ms, process->check_ms,   process->term_ms,
                             process->kill_ms,     process->abandon_ms, process->stack ? bh__stack_due(process->stack) : 0};
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
    bh__reactor_forget(&process->on_output);
    process->on_channel.descriptor = process->on_output.descriptor = -1;
    if (process->at.channel.ways)
        process->at.channel.ways->close(&process->at.channel);
    if (process->at.output >= 0)
        close(process->at.output);
    process->at.output = -1;
    while (process->waiting)
        drop_packet(process);
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
    bh__free(process);
}
