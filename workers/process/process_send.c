/* Sending to a worker: packets of tasks, and what waits for room. The reactor's thread. */
#include "process/process.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/fault.h"
#include "process/link.h"
#include "process/memory_file.h"

#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* --- packets */

/* Tells the reactor whether room is waited for. */
static void want_room(bh__process *process)
{
    bool wants = process->waiting || bh__stream_is_pending(&process->at.channel);
    if (wants == process->wants_room)
        return;
    process->wants_room = wants;
    if (!process->link) {
        bh__reactor_change(&process->on_channel, EPOLLIN | (wants ? EPOLLOUT : 0));
        return;
    }
    process->on_room.descriptor = bh__stream_output(&process->at.channel);
    if (wants)
        bh__reactor_watch(&process->on_room, EPOLLOUT);
    else
        bh__reactor_forget(&process->on_room);
}

static void append(bh__process *process, bh__late_packet *late)
{
    late->next = NULL;
    if (process->waiting)
        process->last_waiting->next = late;
    else
        process->waiting = late;
    process->last_waiting = late;
    want_room(process);
}

static bool keep_packet(bh__process *process, const void *bytes, size_t size, int file)
{
    int copy = file >= 0 ? fcntl(file, F_DUPFD_CLOEXEC, 0) : -1;
    bh__late_packet *late = copy >= 0 || file < 0 ? bh__malloc(sizeof *late + size) : NULL;
    if (!late) {
        if (copy >= 0)
            close(copy);
        return false;
    }
    late->size = size;
    late->file = copy;
    late->task = NULL;
    memcpy(late->bytes, bytes, size);
    append(process, late);
    return true;
}

/* Its payload is to go in chunks, before what is posted next. */
static bool keep_chunks(bh__process *process, bh__task *task)
{
    bh__late_packet *late = bh__malloc(sizeof *late);
    if (!late)
        return false;
    bh__task_ref(task);
    *late = (bh__late_packet){.file = -1, .task = task};
    append(process, late);
    return true;
}

bool bh__process_post(bh__process *process, const void *bytes, size_t size, int file)
{
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    if (process->at.channel.descriptor < 0)
        return true; /* closed: nothing is to be said to it any more */
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
    if (first->task)
        bh__task_unref(first->task);
    bh__free(first);
}

void bh__process_drop_waiting(bh__process *process)
{
    while (process->waiting)
        drop_packet(process);
}

static bh__sent send_chunks(bh__process *process, bh__late_packet *late)
{
    static _Alignas(8) unsigned char chunk[sizeof(bh__packet_head) + sizeof(bh__note) + BH__CHUNK_SIZE];
    bh__channel *channel = &process->at.channel;
    const bh__task *task = late->task;
    while (late->size < task->payload_size) {
        size_t left = task->payload_size - late->size, size = left < BH__CHUNK_SIZE ? left : BH__CHUNK_SIZE;
        bh__note note = {.what = BH__NOTE_CHUNK, .value = late->size, .whole = task->payload_size};
        struct iovec part = {chunk, bh__note_make(chunk, note, (const unsigned char *)task->payload + late->size, size)};
        bh__sent sent = channel->ways->send(channel, &part, 1, -1, false);
        if (sent != BH__SENT)
            return sent;
        late->size += size;
    }
    return BH__SENT;
}

/* What waits, as far as there is room. */
static bh__sent send_waiting(bh__process *process)
{
    bh__channel *channel = &process->at.channel;
    while (process->waiting) {
        bh__late_packet *first = process->waiting;
        struct iovec part = {first->bytes, first->size};
        bh__sent sent = first->task ? send_chunks(process, first) : channel->ways->send(channel, &part, 1, first->file, false);
        if (sent == BH__SENT_FULL)
            return sent;
        drop_packet(process);
    }
    return BH__SENT;
}

void bh__process_flush(bh__process *process)
{
    bh__sent kept, written = BH__SENT;
    if (!process->at.channel.ways || process->at.channel.descriptor < 0)
        return;
    do {
        kept = send_waiting(process);
        if (process->link)
            written = bh__stream_flush(&process->at.channel);
    } while (process->link && kept == BH__SENT_FULL && written == BH__SENT);
    if (written == BH__SENT_GONE) { /* its end is about to be seen */
        bh__process_drop_waiting(process);
        process->wants_room = true;
        bh__reactor_forget(&process->on_room);
        bh__stream_end_output(&process->at.channel);
        return;
    }
    want_room(process);
}

/* --- tasks */

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
        if (!bh__process_post(process, out, packet->size, file))
            unsend(process, packet);
    }
    begin_packet(packet, process);
}

static void add_record(bh__process *process, filling *packet, const bh__task_record *facts, const char *name, const void *payload)
{
    bh__task_record record = *facts;
    size_t inside = record.flags & (BH__RECORD_MEMFD | BH__RECORD_CHUNKS) ? 0 : record.payload_size;
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

static void fail_large(bh__process *process, bh__task *task)
{
    const bh_process_failure facts = {.kind = BH_FAILURE_MEMORY, .status = BH_ERROR_MEMORY, .exit_code = -1};
    process->tasks--;
    bh__task_fail(task, facts, NULL, "did not begin: there is no memory file for its %zu bytes of arguments", task->payload_size);
}

/* A large payload travels in a packet of its own, with its file; or behind its chunks. */
static void send_large(bh__process *process, filling *packet, bh__task *task, bh__task_record *record)
{
    end_packet(process, packet, -1);
    int file = process->link ? -1 : bh__memory_file_create(task->payload, task->payload_size);
    if (process->link ? !keep_chunks(process, task) : file < 0) {
        fail_large(process, task);
        return;
    }
    record->flags |= process->link ? BH__RECORD_CHUNKS : BH__RECORD_MEMFD;
    add_record(process, packet, record, task->name, NULL);
    note_sent(process, task);
    uint32_t sent = process->sent;
    end_packet(process, packet, file);
    if (file >= 0)
        close(file);
    if (process->link && process->sent != sent)
        bh__process_kill(process, NULL); /* chunks are on their way, and there is no memory for what they belong to */
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
    if (process->link)
        bh__process_flush(process);
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
