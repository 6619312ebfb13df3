/* The relay: what a launcher starts. It stands on the worker's machine between a stream of bytes, which leads to the pool, and a worker
 * that it starts as a pool would, with a socket, a page, a pidfd and a pipe for what it prints. So a worker is the same everywhere, and
 * what a pool knows of a local one the relay knows of this one and tells: which task had begun, how it died, where it crashed.
 *
 * A process of its own, with one thread, in which no function of the program runs. What it got as stdin and stdout it moves away at
 * once: 0 is empty then and 1 is stderr.
 *
 * It ends, and with it the worker and all that this has started: when the stream ends, when nothing was heard of the pool for too long,
 * when it gets SIGTERM, SIGINT or SIGHUP; and of itself when the worker is dead. If it is killed, the worker dies as that of a pool does. */
#ifndef PROCESS_RELAY_H
#define PROCESS_RELAY_H

#include "process/note.h"
#include "process/spawn.h"

/* A packet that waits for room in the worker's socket. */
typedef struct bh__parcel {
    struct bh__parcel *next;
    int file;
    size_t size;
    _Alignas(8) unsigned char bytes[];
} bh__parcel;

/* A result that goes to the pool in chunks. */
typedef struct bh__large {
    const void *data; /* NULL: there is none */
    bool mapped;
    size_t size, done;
    bh__result_record record; /* follows them */
} bh__large;

typedef struct bh__relay {
    bh__channel pool;
    bh__spawned worker;
    bh__remote_setup setup;
    uint32_t sent, acked; /* sequence numbers of the pool's */
    bh__parcel *waiting, *last_waiting;
    int arguments; /* a memory file that chunks go to; -1: none do */
    uint64_t arguments_got, arguments_whole;
    bh__large large;
    uint32_t progress_seen;
    bool progress_flying;               /* and not arrived: the next one waits, and is the newest then */
    uint32_t told_begun;                /* the pool knows that this one has begun */
    int look_after_ms;                  /* doubles while nothing has begun */
    int64_t heard_ms, look_ms, kill_ms; /* 0: no such time */
    bool leaving;                       /* nobody listens any more */
    bool dead;                          /* the worker */
    bool broken;                        /* that is what the worker did to the protocol */
    char why[104];                      /* the worker was ended for; "": it was not */
} bh__relay;

/* PLACE is the second word of the command line. Returns the exit code. */
int bh__relay_run(const char *place);

/* Ends the worker at once; WHY is told, if none was before. */
void bh__relay_end(bh__relay *relay, const char *why);
void bh__relay_break_off(bh__relay *relay, const char *why); /* "sent what is no message" */

/* Nobody listens any more: the worker is ended, if it has something to do, or ends. */
void bh__relay_leave(bh__relay *relay);

/* Adds a note for the pool. What brings large ones leaves the room of a packet free for small ones, which answer what the pool asks. */
void bh__relay_tell(bh__relay *relay, bh__note note, const void *bytes, size_t size);

/* Room for all that one packet of the worker brings. */
bool bh__relay_has_room(const bh__relay *relay);

/* relay_pool.c: what has come from the pool, and what of it waits for the worker. */
void bh__relay_from_pool(bh__relay *relay);
void bh__relay_to_worker(bh__relay *relay);

/* relay_worker.c: what has come from the worker. Returns whether there may be more. */
bool bh__relay_from_worker(bh__relay *relay);
void bh__relay_output(bh__relay *relay);
void bh__relay_chunks(bh__relay *relay);
void bh__relay_progress(bh__relay *relay); /* the newest, if the pool has not got it */

/* Tells of the running task, if it is time to. */
void bh__relay_look(bh__relay *relay, int64_t now);
void bh__relay_tell_begun(bh__relay *relay, uint32_t sequence);
uint32_t bh__relay_running(const bh__relay *relay); /* acked: none */

#endif
