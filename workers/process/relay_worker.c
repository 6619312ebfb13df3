/* What the worker sends to the relay: results, progress, what it prints. It goes on to the pool, large results in chunks. */
#include "process/relay.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/memory_file.h"
#include "process/worker_side.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_PACKETS = 32, /* in a row, so that the first of them arrive while the worker works on */
    HUNG_UP_MS = 100,  /* from the end of its socket to its own */
    LOOK_MS = 5,
    LOOK_MOST_MS = 1000
};

/* --- the running task */

uint32_t bh__relay_running(const bh__relay *relay)
{
    for (uint32_t i = relay->acked + 1; i != relay->sent + 1; i++) {
        uint8_t state = atomic_load(&relay->worker.page->states[i % BH__RING]);
        if (state != BH__SLOT_REVOKED)
            return state == BH__SLOT_STARTED || state == BH__SLOT_CANCEL ? i : relay->acked;
    }
    return relay->acked;
}

void bh__relay_tell_begun(bh__relay *relay, uint32_t sequence)
{
    int64_t since = bh__clock_ns() - atomic_load(&relay->worker.page->started_ns);
    relay->told_begun = sequence;
    bh__relay_tell(relay, (bh__note){.what = BH__NOTE_BEGUN, .sequence = sequence, .value = since > 0 ? (uint64_t)since : 0},
                   NULL, 0);
}

/* Tiny tasks are over before it is time to say that they have begun. */
void bh__relay_look(bh__relay *relay, int64_t now)
{
    bool due = relay->look_ms && now >= relay->look_ms;
    uint32_t running = bh__relay_running(relay);
    relay->look_ms = 0;
    if (relay->sent == relay->acked || (running != relay->acked && running == relay->told_begun))
        return;
    if (due && running != relay->acked) {
        bh__relay_tell_begun(relay, running);
        return;
    }
    relay->look_after_ms = due ? 2 * relay->look_after_ms : LOOK_MS;
    relay->look_ms = now + (relay->look_after_ms < LOOK_MOST_MS ? relay->look_after_ms : LOOK_MOST_MS);
}

/* --- progress, output */

void bh__relay_progress(bh__relay *relay)
{
    uint64_t copy[BH_JOB_MAX_PROGRESS / 8];
    uint32_t sequence;
    atomic_store(&relay->worker.page->progress_rung, 0); /* before it looks: what comes now rings again */
    size_t size = bh__page_read_progress(relay->worker.page, &relay->progress_seen, &sequence, copy);
    if (!size)
        return;
    relay->progress_flying = true;
    bh__relay_tell(relay, (bh__note){.what = BH__NOTE_PROGRESS, .sequence = sequence}, copy, size);
}

void bh__relay_output(bh__relay *relay)
{
    char bytes[4096];
    while (relay->worker.output >= 0 && bh__stream_has_room(&relay->pool, 2 * BH__PACKET_SIZE)) {
        ssize_t got = read(relay->worker.output, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            if (got == 0 || errno != EAGAIN) {
                close(relay->worker.output);
                relay->worker.output = -1;
            }
            return;
        }
        bh__relay_tell(relay, (bh__note){.what = BH__NOTE_OUTPUT}, bytes, (size_t)got);
    }
}

/* --- results */

static void send_record(bh__relay *relay, const bh__result_record *record)
{
    _Alignas(8) unsigned char packet[sizeof(bh__packet_head) + sizeof *record];
    memcpy(packet + sizeof(bh__packet_head), record, sizeof *record);
    bh__wire_seal(packet, BH__PACKET_RESULT, sizeof packet, 1);
    struct iovec part = {packet, sizeof packet};
    relay->pool.ways->send(&relay->pool, &part, 1, -1, false);
}

static void drop_large(bh__relay *relay)
{
    if (relay->large.mapped)
        bh__memory_file_unmap(relay->large.data, relay->large.size);
    else
        bh__free((void *)(uintptr_t)relay->large.data);
    relay->large = (bh__large){.data = NULL};
}

void bh__relay_chunks(bh__relay *relay)
{
    bh__large *large = &relay->large;
    while (large->data && bh__stream_has_room(&relay->pool, 2 * BH__PACKET_SIZE)) {
        size_t left = large->size - large->done, size = left < BH__CHUNK_SIZE ? left : BH__CHUNK_SIZE;
        if (!left) {
            send_record(relay, &large->record);
            drop_large(relay);
            return;
        }
        bh__note note = {.what = BH__NOTE_CHUNK, .value = large->done, .whole = large->size};
        bh__relay_tell(relay, note, (const unsigned char *)large->data + large->done, size);
        large->done += size;
        if (!bh__stream_has_room(&relay->pool, 2 * BH__PACKET_SIZE))
            bh__stream_flush(&relay->pool);
    }
}

/* Copies a result from the worker's memory, and lets it go on. NULL: it comes again by another way, or never. */
static void *fetch(bh__relay *relay, const bh__result_record *record, const void *payload)
{
    uint64_t address;
    bh__fetch how = BH__FETCH_IMPOSSIBLE;
    memcpy(&address, payload, sizeof address);
    void *copy = bh__malloc(record->payload_size);
    if (copy)
        how = bh__memory_fetch(relay->worker.pid, address, copy, record->payload_size);
    if (how != BH__FETCH_WRONG)
        bh__page_answer_fetch(relay->worker.page, how == BH__FETCH_OK ? BH__FETCH_DONE : BH__FETCH_REFUSED);
    if (how == BH__FETCH_WRONG)
        bh__relay_break_off(relay, "sent what is no message");
    if (how == BH__FETCH_OK)
        return copy;
    bh__free(copy);
    return NULL;
}

/* True once it is told, or is going to be. */
static bool send_large(bh__relay *relay, const bh__result_record *record, const void *payload, int *file)
{
    bh__large large = {.size = record->payload_size, .mapped = *file >= 0, .record = *record};
    if (large.mapped)
        large.data = bh__memory_file_map(*file, large.size);
    else
        large.data = fetch(relay, record, payload);
    *file = -1;
    if (!large.data && large.mapped)
        bh__relay_end(relay, "there is no memory for its result");
    if (!large.data)
        return false;
    large.record.size = sizeof large.record;
    large.record.flags = (record->flags & BH__RECORD_INITIALISE) | BH__RECORD_CHUNKS;
    relay->large = large;
    return true;
}

/* False: that cannot be. */
static bool on_result(bh__relay *relay, const void *packet, size_t size, int *file)
{
    const void *payload;
    size_t at = sizeof(bh__packet_head);
    const bh__result_record *record = bh__wire_result(packet, &at, *file >= 0 ? BH__RECORD_MEMFD : 0, &payload);
    if (!record || at != size || record->sequence != relay->acked + 1 || relay->acked == relay->sent)
        return false;
    if (record->status != BH_OK)
        bh__relay_output(relay); /* what it has printed before it failed goes with its error */
    bh__relay_progress(relay);   /* the last of this task's, before its end */
    if (record->flags & BH__RECORD_FETCH || *file >= 0) {
        if (send_large(relay, record, payload, file))
            relay->acked++;
        bh__relay_chunks(relay);
        return true;
    }
    relay->acked++;
    struct iovec part = {(void *)(uintptr_t)packet, size};
    relay->pool.ways->send(&relay->pool, &part, 1, -1, false);
    return true;
}

/* False: that is no packet of a worker. */
static bool on_packet(bh__relay *relay, const void *packet, size_t size, int *file)
{
    bh__packet_head head;
    if (!bh__wire_check(packet, size, 0))
        return false;
    memcpy(&head, packet, sizeof head);
    if (head.kind == BH__PACKET_RESULT)
        return head.count == 1 && on_result(relay, packet, size, file);
    if (*file >= 0 || head.count != 0)
        return false;
    if (head.kind == BH__PACKET_HELLO)
        bh__relay_tell(relay, (bh__note){.what = BH__NOTE_READY, .value = (uint64_t)relay->worker.pid}, NULL, 0);
    else if (head.kind != BH__PACKET_PROGRESS)
        return false;
    else if (!relay->progress_flying)
        bh__relay_progress(relay);
    return true;
}

bool bh__relay_from_worker(bh__relay *relay)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    bh__channel *channel = &relay->worker.channel;
    int file, i = 0;
    for (; i < MOST_PACKETS && channel->descriptor >= 0 && !relay->broken && bh__relay_has_room(relay); i++) {
        int size = channel->ways->receive(channel, packet, sizeof packet, &file, false);
        if (size == 0) { /* it has closed it, and is about to end: if not, it is helped */
            channel->ways->close(channel);
            relay->kill_ms = relay->kill_ms ? relay->kill_ms : bh__clock_ms() + HUNG_UP_MS;
        }
        if (size == 0 || size == -1)
            break;
        if (size < 0 || !on_packet(relay, packet, (size_t)size, &file))
            bh__relay_break_off(relay, "sent what is no message");
        if (file >= 0)
            close(file);
    }
    if (relay->sent != relay->acked && i > 0) {
        relay->look_ms = 0;
        bh__relay_look(relay, bh__clock_ms());
    }
    return !relay->broken && (i == MOST_PACKETS || relay->large.data);
}
