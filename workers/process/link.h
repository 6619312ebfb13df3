/* What stands between a pool and a worker behind a launcher: the launcher, a stream of bytes and, at its other end, the relay
 * (relay.h). Where a local worker's page, pidfd and descriptors are asked, here it is told, and the answer comes later. The reactor's
 * thread.
 *
 * The page of such a process is a copy that the pool alone has: states of tasks as far as the relay has told, the beginning of the running
 * one, the record of a crash. So all that reads it is the same for both.
 *
 * The process that the pool watches is the launcher. The worker is dead when the relay says so (then the truth about its tasks is as
 * exact as that of a local one), or when the launcher has ended or the stream has: then nobody can say which of the tasks on their way
 * had begun, and as a task runs at most once, all of them fail but those that may run twice. */
#ifndef PROCESS_LINK_H
#define PROCESS_LINK_H

#include "process/note.h"
#include "process/process.h"

struct bh__link {
    bool greeted, told_end;
    pid_t worker;
    char host[BH__HOST_SIZE];
    int64_t idle_ms;                            /* since when it has nothing to do */
    int64_t heard_ms, ping_ms;                  /* 0: not yet */
    int64_t launcher_term_ms, launcher_kill_ms; /* 0: no such time */
    void *incoming;                             /* a large result that comes in chunks; NULL: none, or no memory for it */
    uint64_t incoming_got, incoming_whole;
    const char *blame; /* what it is being ended for; NULL: nothing of its own */
    char why[160];     /* the worker never was one; "": it was */
};

/* With the process that has just been started. False without memory. */
bool bh__link_create(bh__process *process);
void bh__link_free(bh__process *process);

/* Before the first packet: 1 once it has greeted and was answered; else as receiving a packet. */
int bh__link_greet(bh__process *process);
void bh__link_on_note(bh__process *process, const void *packet);

/* Tells the relay: one of bh__news. */
void bh__link_tell(bh__process *process, bh__news what, uint32_t sequence);

/* Asks for a task that may not have begun, and for its end if it has with CANCEL. False if it is known to have begun. */
bool bh__link_ask(bh__process *process, uint32_t sequence, bool cancel);
bool bh__link_is_asking(const bh__process *process);

/* Takes what came in chunks, WHOLE bytes; false: it did not. *OUT is NULL without memory. */
bool bh__link_take_chunks(bh__process *process, uint64_t whole, void **out);

/* Ends worker and launcher: the one by a note, if there is somebody to read it, the other by signals. */
void bh__link_kill(bh__process *process);

/* Nobody needs it: it is let go, or has its launcher ended where that waits for a machine still. */
void bh__link_dismiss(bh__process *process);

/* The launcher is to end by itself, in some seconds. */
void bh__link_let_end(bh__process *process);

void bh__link_tick(bh__process *process, int64_t now);
int64_t bh__link_next_time(const bh__process *process);

/* It is dead and has not told how: what is on its way may have begun, and a worker that never was ready is no worker's death. */
void bh__link_lost(bh__process *process);

/* How the launcher ended, for a process whose end it is. */
void bh__link_describe(const bh__process *process, char *out, size_t size);

#endif
