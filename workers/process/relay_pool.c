/* What the pool sends to the relay: tasks, which go on to the worker, and notes, which locally a pool would do itself. Nothing of it is
 * believed before it was checked; what is no packet ends the worker. */
#include "process/relay.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/memory_file.h"
#include "process/worker_side.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static void break_off(bh__relay *relay)
{
    bh__relay_end(relay, "what came from its pool was no packet");
}

/* --- to the worker */

static void drop_parcel(bh__relay *relay)
{
    bh__parcel *first = relay->waiting;
    relay->waiting = first->next;
    if (first->file >= 0)
        close(first->file);
    bh__free(first);
}

void bh__relay_to_worker(bh__relay *relay)
{
    bh__channel *channel = &relay->worker.channel;
    while (relay->waiting && channel->descriptor >= 0) {
        struct iovec part = {relay->waiting->bytes, relay->waiting->size};
        if (channel->ways->send(channel, &part, 1, relay->waiting->file, false) == BH__SENT_FULL)
            return;
        drop_parcel(relay);
    }
}

/* Takes FILE. */
static void pass_on(bh__relay *relay, const void *packet, size_t size, int file)
{
    bh__parcel *parcel = bh__malloc(sizeof *parcel + size);
    if (!parcel) {
        if (file >= 0)
            close(file);
        bh__relay_end(relay, "there is no memory for its tasks");
        return;
    }
    *parcel = (bh__parcel){.file = file, .size = size};
    memcpy(parcel->bytes, packet, size);
    if (relay->waiting)
        relay->last_waiting->next = parcel;
    else
        relay->waiting = parcel;
    relay->last_waiting = parcel;
    bh__relay_to_worker(relay);
}

/* --- tasks */

/* Notes that a task is on its way; false if it cannot be the next one. */
static bool note_task(bh__relay *relay, const bh__task_record *task)
{
    if (task->sequence != relay->sent + 1 || relay->sent - relay->acked >= BH__RING)
        return false;
    relay->sent++;
    atomic_store(&relay->worker.page->states[relay->sent % BH__RING], BH__SLOT_SENT);
    return true;
}

/* The task whose arguments came in chunks: it goes on with the file that they are in now. */
static bool pass_on_large(bh__relay *relay, unsigned char *packet, const bh__packet_head *head)
{
    const char *name;
    const void *payload;
    bh__task_record record;
    size_t at = sizeof *head;
    const bh__task_record *task = bh__wire_task(packet, &at, BH__RECORD_CHUNKS, &name, &payload);
    bool whole = task && head->count == 1 && at == head->size && relay->arguments_got == relay->arguments_whole &&
                 task->payload_size == relay->arguments_whole;
    if (!whole || !note_task(relay, task))
        return false;
    int file = relay->arguments;
    relay->arguments = -1;
    relay->arguments_got = relay->arguments_whole = 0;
    if (!bh__memory_file_seal(file)) {
        close(file);
        return false;
    }
    memcpy(&record, task, sizeof record);
    record.flags = (record.flags & ~(uint32_t)BH__RECORD_CHUNKS) | BH__RECORD_MEMFD;
    memcpy(packet + sizeof *head, &record, sizeof record);
    bh__wire_seal(packet, BH__PACKET_TASKS, head->size, 1);
    pass_on(relay, packet, head->size, file);
    return true;
}

static bool on_tasks(bh__relay *relay, unsigned char *packet)
{
    bh__packet_head head;
    memcpy(&head, packet, sizeof head);
    size_t at = sizeof head;
    if (relay->arguments >= 0)
        return pass_on_large(relay, packet, &head);
    for (uint32_t i = 0; i < head.count; i++) {
        const char *name;
        const void *payload;
        const bh__task_record *task = bh__wire_task(packet, &at, 0, &name, &payload);
        if (!task || !note_task(relay, task))
            return false;
    }
    if (head.count == 0 || at != head.size)
        return false;
    pass_on(relay, packet, head.size, -1);
    return true;
}

static bool on_chunk(bh__relay *relay, const bh__note *note)
{
    if (!bh__note_is_next_chunk(note, relay->arguments_got, relay->arguments_whole))
        return false;
    if (relay->arguments < 0) {
        relay->arguments = bh__memory_file_open();
        relay->arguments_whole = note->whole;
    }
    if (relay->arguments < 0 || !bh__memory_file_add(relay->arguments, note + 1, note->size))
        bh__relay_end(relay, "there is no memory for its arguments");
    relay->arguments_got += note->size;
    return true;
}

/* --- notes */

static bool on_way(const bh__relay *relay, uint32_t sequence)
{
    return sequence - relay->acked - 1 < relay->sent - relay->acked;
}

/* Its end, or its result, has been told already where it is not on its way any more. */
static void take_back(bh__relay *relay, uint32_t sequence, bool cancel)
{
    uint8_t sent = BH__SLOT_SENT;
    if (!on_way(relay, sequence))
        return;
    if (atomic_compare_exchange_strong(&relay->worker.page->states[sequence % BH__RING], &sent, BH__SLOT_REVOKED)) {
        bh__relay_tell(relay, (bh__note){.what = BH__NOTE_REVOKED, .sequence = sequence}, NULL, 0);
        return;
    }
    if (cancel)
        bh__page_cancel(relay->worker.page, sequence);
    bh__relay_tell_begun(relay, sequence);
}

static bool on_note(bh__relay *relay, const bh__note *note)
{
    switch (note ? note->what : 0) {
    case BH__NOTE_PING:
        bh__relay_tell(relay, (bh__note){.what = BH__NOTE_PONG}, NULL, 0);
        return true;
    case BH__NOTE_REVOKE:
        take_back(relay, note->sequence, false);
        return true;
    case BH__NOTE_CANCEL:
        take_back(relay, note->sequence, true);
        return true;
    case BH__NOTE_TERM:
        bh__signal_group(relay->worker.pid, relay->worker.pidfd, SIGTERM);
        return true;
    case BH__NOTE_KILL:
        bh__relay_end(relay, NULL);
        return true;
    case BH__NOTE_SEEN:
        relay->progress_flying = false;
        return true;
    case BH__NOTE_CHUNK:
        return on_chunk(relay, note);
    default:
        return false;
    }
}

void bh__relay_from_pool(bh__relay *relay)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    for (;;) {
        int none, size = relay->pool.ways->receive(&relay->pool, packet, sizeof packet, &none, false);
        if (size == -1)
            break;
        if (size == 0) {
            bh__relay_leave(relay);
            return;
        }
        bh__packet_head head;
        bool known = size > 0 && bh__wire_check(packet, (size_t)size, 0), well = false;
        memcpy(&head, packet, sizeof head);
        if (known && head.kind == BH__PACKET_TASKS)
            well = on_tasks(relay, packet);
        else if (known && head.kind == BH__PACKET_NOTE)
            well = on_note(relay, bh__note_read(packet));
        if (!well) {
            break_off(relay);
            return;
        }
    }
    if (relay->sent != relay->acked && !relay->look_ms)
        bh__relay_look(relay, bh__clock_ms());
    if (!relay->progress_flying)
        bh__relay_progress(relay);
}
