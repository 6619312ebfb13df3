/* Packets from a worker that has gone mad: nothing that is found in one may lie outside of it, whatever its bytes are. The checksum is
 * put right, or no mutation would ever get past it. */
#include "fuzz/touch.h"
#include "process/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OUTSIDE = BH__RECORD_MEMFD | BH__RECORD_CHUNKS };

static size_t inside(const bh__result_record *record)
{
    if (record->flags & BH__RECORD_FETCH)
        return sizeof(uint64_t);
    return record->flags & OUTSIDE ? 0 : (size_t)record->payload_size;
}

static void read_records(const void *packet, uint32_t outside)
{
    const void *payload;
    const char *name;
    size_t at = sizeof(bh__packet_head);
    for (const bh__result_record *record; (record = bh__wire_result(packet, &at, outside, &payload));)
        touch(payload, inside(record));
    at = sizeof(bh__packet_head);
    for (const bh__task_record *record; (record = bh__wire_task(packet, &at, outside, &name, &payload));) {
        touch(name, strlen(name) + 1);
        touch(payload, record->flags & OUTSIDE ? 0 : (size_t)record->payload_size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t body = size / 8 * 8;
    size_t whole = sizeof(bh__packet_head) + body;
    if (whole > BH__PACKET_SIZE)
        return 0;
    unsigned char *packet = malloc(whole); /* of its very size: what is read behind it is found */
    if (!packet)
        return 0;
    memcpy(packet + sizeof(bh__packet_head), data, body);
    bh__wire_seal(packet, size % 2 ? BH__PACKET_TASKS : BH__PACKET_RESULT, whole, 1);
    if (!bh__wire_check(packet, whole, 0))
        abort();
    read_records(packet, 0);
    read_records(packet, BH__RECORD_MEMFD);
    read_records(packet, BH__RECORD_CHUNKS);
    memcpy(packet, data, body); /* and as it came, head and all */
    if (bh__wire_check(packet, body, 0))
        read_records(packet, 0);
    free(packet);
    return 0;
}
