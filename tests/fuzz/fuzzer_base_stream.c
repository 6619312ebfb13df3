/* A stream from a worker, or from a pool, that has gone mad: greeting, packets and notes. It comes in pieces, as streams do, cut where the
 * input says. The checksums of every other input are put right, or no mutation would ever get past them. */
#include "fuzz/touch.h"
#include "process/note.h"
#include "process/transport.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_note(const void *packet)
{
    bh__remote_setup setup;
    bh__remote_end end;
    const char *texts, *record;
    size_t record_size;
    static uint64_t got, whole;
    const bh__note *note = bh__note_read(packet);
    if (!note)
        return;
    touch(note + 1, note->size);
    if (bh__note_read_setup(note, &setup, &texts))
        for (uint32_t i = 0; i < setup.texts; i++) {
            touch(texts, strlen(texts) + 1);
            texts += strlen(texts) + 1;
        }
    if (bh__note_read_end(note, &end, &record, &record_size)) {
        touch(record, record_size);
        touch(end.why, strlen(end.why) + 1);
    }
    if (!bh__note_is_next_chunk(note, got, whole))
        return;
    whole = note->whole;
    got += note->size;
    if (got > whole)
        abort();
    got = got == whole ? 0 : got;
}

static void read_packet(const unsigned char *packet, int size)
{
    const void *payload;
    const char *name;
    size_t at = sizeof(bh__packet_head);
    unsigned char *own = malloc((size_t)size); /* of its very size: what is read behind it is found */
    if (!own)
        return;
    memcpy(own, packet, (size_t)size);
    if (bh__wire_check(own, (size_t)size, 0)) {
        read_note(own);
        while (bh__wire_result(own, &at, 0, &payload))
            continue;
        at = sizeof(bh__packet_head);
        while (bh__wire_task(own, &at, 0, &name, &payload))
            continue;
    }
    free(own);
}

/* Its size, and which note it is, so that what is in it is looked at. */
static void put_note_right(void *packet, size_t size)
{
    bh__note note;
    unsigned char *at = (unsigned char *)packet + sizeof(bh__packet_head);
    if (size < sizeof(bh__packet_head) + sizeof note)
        return;
    memcpy(&note, at, sizeof note);
    note.what = 1 + note.what % BH__NOTE_CHUNK;
    note.size = size - sizeof(bh__packet_head) - sizeof note;
    memcpy(at, &note, sizeof note);
}

/* All packets that can be found: their heads are where the one before says. */
static void put_right(unsigned char *bytes, size_t size)
{
    bh__packet_head head;
    for (size_t at = 0; size - at >= sizeof head; at += head.size + (size_t)1) {
        memcpy(&head, bytes + at, sizeof head);
        head.size = sizeof head + (head.size % 2048 / 8 * 8);
        if (head.size >= size - at)
            return;
        uint64_t aligned[(sizeof head + 2048) / 8];
        memcpy(aligned, bytes + at, head.size);
        bh__packet_kind kind = head.kind & 16 ? BH__PACKET_NOTE : (bh__packet_kind)(1 + head.kind % BH__PACKET_NOTE);
        if (kind == BH__PACKET_NOTE)
            put_note_right(aligned, head.size);
        bh__wire_seal(aligned, kind, head.size, kind == BH__PACKET_NOTE ? 1 : head.count % 3);
        memcpy(bytes + at, aligned, head.size);
        bytes[at + head.size] = '\n';
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static _Alignas(8) unsigned char packet[BH__PACKET_SIZE];
    int ends[2], none, got;
    bh__channel channel;
    char line[BH__GREETING_SIZE], why[160];
    bh__greeting greeting;
    if (size < 4 || size > 60000 || pipe2(ends, O_NONBLOCK | O_CLOEXEC))
        return 0;
    unsigned char *bytes = malloc(size);
    if (!bytes || !bh__stream_open(&channel, ends[0], open("/dev/null", O_WRONLY | O_CLOEXEC)))
        abort();
    memcpy(bytes, data, size);
    bool greets = data[0] & 1;
    if (data[0] & 2)
        put_right(bytes + 2, size - 2);
    size_t step = 1 + (size_t)data[1] * 7;
    for (size_t at = 2; at < size; at += step) {
        size_t here = size - at < step ? size - at : step;
        if (write(ends[1], bytes + at, here) != (ssize_t)here)
            break;
        if (greets && (got = bh__stream_receive_line(&channel, "", line, sizeof line)) > 0) {
            bh__greeting_check(line, "0123456789abcdef", &greeting, why, sizeof why);
            greets = false;
        }
        while (!greets && (got = channel.ways->receive(&channel, packet, sizeof packet, &none, false)) > 0)
            read_packet(packet, got);
    }
    close(ends[1]);
    channel.ways->close(&channel);
    free(bytes);
    return 0;
}
