/* What a pool and the relay of a worker behind a launcher tell each other beside tasks and results. Locally the shared page, the pidfd
 * and descriptors say these things; a stream of bytes has none of them.
 *
 * First the relay greets, with a line of text that every version understands:
 *
 *     bulkhead-stream 1 0.7.0-1 le64,chunks 5f0c…  4711 node17
 *
 * version of the stream, version of the library and its packets, what it can do, the word that it was started with, its process, its
 * machine. The pool compares, and answers with the note SETUP; the relay starts the worker, and says READY. Only then tasks go out. */
#ifndef PROCESS_NOTE_H
#define PROCESS_NOTE_H

#include "process/shared_page.h"
#include "process/wire.h"

#define BH__STREAM_MARK "--bulkhead-stream" /* PROGRAM BH__STREAM_MARK "VERSION:DEPTH:COOKIE" */
#define BH__GREETING "bulkhead-stream "
#define BH__ABILITIES "le64,chunks" /* numbers and pointers as here; large payloads in pieces */

enum {
    BH__STREAM_VERSION = 1,
    BH__GREETING_SIZE = 256,
    BH__COOKIE_SIZE = 20, /* 16 digits and a 0 */
    BH__CHUNK_SIZE = 32 * 1024,
    BH__HOST_SIZE = 65
};

typedef enum bh__news {
    /* from the pool */
    BH__NOTE_SETUP = 1, /* bytes: bh__remote_setup and its texts */
    BH__NOTE_PING,      /* answered by PONG; nothing for too long, and either side takes the other one for dead */
    BH__NOTE_REVOKE,    /* give `sequence` back if it has not begun: answered by REVOKED, or BEGUN */
    BH__NOTE_CANCEL,    /* the same, and if it has begun it is asked to end */
    BH__NOTE_TERM,      /* SIGTERM to the worker and what it has started */
    BH__NOTE_KILL,      /* SIGKILL */
    BH__NOTE_SEEN,      /* the last progress has arrived: the newest may follow */

    /* from the relay */
    BH__NOTE_READY, /* the worker is; `value`: its process */
    BH__NOTE_PONG,
    BH__NOTE_BEGUN,    /* `sequence` began `value` ns ago */
    BH__NOTE_REVOKED,  /* `sequence` never will */
    BH__NOTE_PROGRESS, /* bytes: the newest of `sequence` */
    BH__NOTE_OUTPUT,   /* bytes: what it has printed */
    BH__NOTE_GONE,     /* the worker is dead; bytes: bh__remote_end and the record of its crash */

    /* both */
    BH__NOTE_CHUNK /* bytes `value` and on of a payload of `whole` bytes, that of the next record */
} bh__news;

/* A packet of kind BH__PACKET_NOTE is its head, this, and SIZE bytes filled up to a multiple of 8. */
typedef struct bh__note {
    uint32_t what; /* bh__news */
    uint32_t sequence;
    uint64_t value;
    uint64_t whole;
    uint64_t size;
} bh__note;

typedef struct bh__remote_setup {
    bh__setup setup;
    int32_t depth, threads, silence_ms;
    uint32_t texts; /* how many: cookie, folder ("": none), then changes of the environment; each with its 0 */
} bh__remote_setup;

typedef struct bh__remote_end {
    int32_t known, signal, exit_code;
    int32_t crash_signal; /* 0: there is no record */
    int32_t crash_code;
    int32_t broken; /* WHY is what it did to the protocol, for which it was ended */
    uint64_t crash_address;
    uint64_t begun[BH__RING / 64]; /* a bit each: of what is on its way it had begun that, by sequence number */
    char why[104];                 /* "", or what the relay did it for; ends with 0 */
} bh__remote_end;

enum { BH__NOTE_MOST = BH__PACKET_SIZE - sizeof(bh__packet_head) - sizeof(bh__note) };

/* Makes a note of PACKET, BH__PACKET_SIZE bytes, with SIZE bytes, at most BH__NOTE_MOST, from BYTES. Returns the packet's size. */
BH_API size_t bh__note_make(void *packet, bh__note note, const void *bytes, size_t size);

/* The note in a packet that bh__wire_check has let through; its bytes stand behind it. NULL: it is none. */
BH_API const bh__note *bh__note_read(const void *packet);

/* What is in its bytes; false: not what it must be. TEXTS points into NOTE: read them with bh__text_after. */
BH_API bool bh__note_read_setup(const bh__note *note, bh__remote_setup *out, const char **texts);
BH_API bool bh__note_read_end(const bh__note *note, bh__remote_end *out, const char **record, size_t *record_size);

/* True if it is the next piece of a payload of which GOT bytes of WHOLE have come; GOT 0: the first of any payload. */
BH_API bool bh__note_is_next_chunk(const bh__note *note, uint64_t got, uint64_t whole);

/* The greeting. */
typedef struct bh__greeting {
    int stream;
    long pid;
    char version[48], abilities[64], cookie[BH__COOKIE_SIZE], host[BH__HOST_SIZE];
} bh__greeting;

/* Version of the library and of its packets, which both sides must have the same of. */
const char *bh__wire_build(void);

BH_API void bh__greeting_make(char out[BH__GREETING_SIZE], const char *cookie);

/* False, with a sentence's end in WHY, if LINE is no greeting or nothing to work with. COOKIE: what it was started with. */
BH_API bool bh__greeting_check(const char *line, const char *cookie, bh__greeting *out, char *why, size_t size);

#endif
