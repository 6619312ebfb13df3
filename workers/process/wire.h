/* What is in a packet: a head, and records. The whole of a packet is checked before anything in it is believed: magic, version, kind,
 * size, checksum, and that each record lies inside. What is wrong ends the worker, and nothing after it is read.
 *
 * Numbers are in the machine's order: both sides are the same build, which the guard has compared. All is aligned to 8 bytes. */
#ifndef PROCESS_WIRE_H
#define PROCESS_WIRE_H

#include <bulkhead/status.h>

enum {
    BH__WIRE_VERSION = 1,
    BH__PACKET_SIZE = 64 * 1024, /* the largest packet */
    BH__INLINE_SIZE = 32 * 1024, /* the largest payload inside a packet; what is larger goes by a sealed memory file */
    BH__FETCH_SIZE = 32 << 20    /* or, from a worker, up to here, is fetched from its memory */
};

#define BH__WIRE_MAGIC 0x57504842u /* "BHPW" */

typedef enum bh__packet_kind {
    BH__PACKET_HELLO = 1, /* worker: ready. No records */
    BH__PACKET_TASKS,     /* parent: task records */
    BH__PACKET_RESULT,    /* worker: one result record */
    BH__PACKET_PROGRESS,  /* worker: there is progress in the shared page. No records */
    BH__PACKET_NOTE       /* both, on streams only: note.h */
} bh__packet_kind;

typedef struct bh__packet_head {
    uint32_t magic;
    uint16_t version;
    uint16_t kind;
    uint32_t size;     /* of the packet */
    uint32_t checksum; /* of what follows the head */
    uint32_t count;    /* records */
    uint32_t zero;
} bh__packet_head;

enum {
    BH__RECORD_MEMFD = 1,       /* the payload is in the memory file that came with the packet, which has this record only */
    BH__RECORD_INITIALISE = 2,  /* task: the pool's initialiser. Result: the initialiser's */
    BH__RECORD_SKIPPED = 4,     /* result: the task had been revoked */
    BH__RECORD_NO_FUNCTION = 8, /* result: the table has none of that name */
    BH__RECORD_FETCH = 16,      /* result: the payload is in the worker's memory, at the address that stands in its place */
    BH__RECORD_CHUNKS = 32      /* on streams: the payload came before, in chunks; the packet has this record only */
};

typedef struct bh__task_record {
    uint32_t size; /* of the record, with name and payload */
    uint32_t sequence;
    uint32_t flags;
    uint32_t name_size; /* with its 0; it follows, filled up to a multiple of 8 */
    uint64_t payload_size;
    uint32_t attempt;
    uint32_t zero;
} bh__task_record;

typedef struct bh__result_record {
    uint32_t size;
    uint32_t sequence;
    uint32_t flags;
    int32_t status;        /* bh_status */
    uint64_t payload_size; /* of a result, or bytes of an error's sentence with its 0 */
    uint64_t ran_ns;
    uint64_t growth; /* bytes that the worker holds more than after its first task */
} bh__result_record;

static inline size_t bh__padded(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

/* A checksum of SIZE bytes, a multiple of 8. */
uint32_t bh__wire_checksum(const void *data, size_t size);

/* Completes the head of a packet whose SIZE bytes begin with it. */
BH_API void bh__wire_seal(void *packet, bh__packet_kind kind, size_t size, uint32_t count);

/* True if SIZE bytes are a packet of KIND; 0: any kind. */
BH_API bool bh__wire_check(const void *packet, size_t size, bh__packet_kind kind);

/* The record at *AT, which is moved behind it; NULL if it does not lie inside the packet or is not sound in itself. Begin with *AT =
 * sizeof(bh__packet_head). OUTSIDE is where the payload is, as the record must say too: 0, BH__RECORD_MEMFD where a descriptor came with
 * the packet, BH__RECORD_CHUNKS where chunks came before it. */
BH_API const bh__task_record *bh__wire_task(const void *packet, size_t *at, uint32_t outside, const char **name,
                                            const void **payload);
BH_API const bh__result_record *bh__wire_result(const void *packet, size_t *at, uint32_t outside, const void **payload);

#endif
