/* Packets: sealing and checking. */
#include "process/wire.h"

#include "process/fault.h"
#include "process/shared_page.h"

#include <string.h>

uint32_t bh__wire_checksum(const void *data, size_t size)
{
    /* FNV-1a over words instead of bytes, with a rotation so that high bits reach low ones */
    uint64_t sum = UINT64_C(0xcbf29ce484222325);
    const unsigned char *bytes = data;
    for (size_t i = 0; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        sum = (sum ^ word) * UINT64_C(0x100000001b3);
        sum = sum << 27 | sum >> 37;
    }
    return (uint32_t)(sum ^ sum >> 32);
}

void bh__wire_seal(void *packet, bh__packet_kind kind, size_t size, uint32_t count)
{
    unsigned char *bytes = packet;
    bh__packet_head head = {
        .magic = BH__WIRE_MAGIC,
        .version = BH__WIRE_VERSION,
        .kind = (uint16_t)kind,
        .size = (uint32_t)size,
        .checksum = bh__wire_checksum(bytes + sizeof head, size - sizeof head),
        .count = count,
    };
    memcpy(packet, &head, sizeof head);
    if (bh__fault_now(BH__FAULT_CORRUPT))
        bytes[size / 2] ^= 0x10;
}

bool bh__wire_check(const void *packet, size_t size, bh__packet_kind kind)
{
    bh__packet_head head;
    if (size < sizeof head || size % 8 || size > BH__PACKET_SIZE)
        return false;
    memcpy(&head, packet, sizeof head);
    bool known = head.kind >= BH__PACKET_HELLO && head.kind <= BH__PACKET_NOTE && (!kind || head.kind == kind);
    return known && head.magic == BH__WIRE_MAGIC && head.version == BH__WIRE_VERSION && head.size == size && !head.zero &&
           head.checksum == bh__wire_checksum((const unsigned char *)packet + sizeof head, size - sizeof head);
}

/* The record's place if a head of HEAD bytes, and the size that its first number says, lie inside the packet. */
static const void *record_at(const void *packet, size_t *at, size_t head)
{
    const unsigned char *bytes = packet;
    uint32_t whole, size;
    memcpy(&whole, bytes + offsetof(bh__packet_head, size), sizeof whole);
    if (*at > whole || whole - *at < head)
        return NULL;
    const unsigned char *record = bytes + *at;
    memcpy(&size, record, sizeof size);
    if (size < head || size % 8 || size > whole - *at)
        return NULL;
    *at += size;
    return record;
}

enum { OUTSIDE = BH__RECORD_MEMFD | BH__RECORD_CHUNKS };

const bh__task_record *bh__wire_task(const void *packet, size_t *at, uint32_t outside, const char **name, const void **payload)
{
    const bh__task_record *record = record_at(packet, at, sizeof *record);
    if (!record || (record->flags & OUTSIDE) != outside)
        return NULL;
    if (record->name_size < 2 || record->name_size > BH__NAME_SIZE)
        return NULL;
    size_t before = sizeof *record + bh__padded(record->name_size);
    uint64_t inside = outside ? 0 : record->payload_size;
    if (inside > BH__INLINE_SIZE || before + bh__padded(inside) != record->size)
        return NULL;
    *name = (const char *)(record + 1);
    *payload = (const unsigned char *)record + before;
    return memchr(*name, 0, record->name_size) == *name + record->name_size - 1 ? record : NULL;
}

/* Bytes of the payload that are in the record. */
static uint64_t inside_result(const bh__result_record *record)
{
    if (record->flags & BH__RECORD_FETCH)
        return sizeof(uint64_t);
    return record->flags & OUTSIDE ? 0 : record->payload_size;
}

const bh__result_record *bh__wire_result(const void *packet, size_t *at, uint32_t outside, const void **payload)
{
    const bh__result_record *record = record_at(packet, at, sizeof *record);
    if (!record || (record->flags & OUTSIDE) != outside)
        return NULL;
    bool fetch = record->flags & BH__RECORD_FETCH;
    if (fetch && (outside || record->status != BH_OK || record->payload_size > BH__FETCH_SIZE))
        return NULL;
    uint64_t inside = inside_result(record);
    if (inside > BH__INLINE_SIZE || sizeof *record + bh__padded(inside) != record->size)
        return NULL;
    *payload = record + 1;
    return record;
}
