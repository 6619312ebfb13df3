/* What goes on behind the write front of a part file, on a thread of its own: hashing in order what has arrived without a gap, which is
 * then still in the system's memory, and syncing now and then, so that neither costs time of its own in the end. */
#ifndef FETCH_BEHIND_H
#define FETCH_BEHIND_H

#include "jobs/fetch/digest.h"

#include <pthread.h>

typedef struct behind {
    int file;
    int64_t total;
    bool hashing, running;
    pthread_t thread;
    digest digest;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    int64_t front, hashed; /* bytes without a gap from 0 on; those of them that have been hashed */
    int64_t written;       /* bytes written in all, and… */
    int64_t flushed;       /* …how many there were at the latest sync */
    uint64_t records;      /* lines "done" of the journal, and… */
    uint64_t synced;       /* …how many of them are surely on the disk */
    int error;             /* errno of what failed; 0: nothing did */
    bool stop;
} behind;

/* Begins for a part file of TOTAL bytes. Nothing WANTED: syncs only. False: no memory or no thread. */
bool behind_begin(behind *behind, int file, int64_t total, const digest_wanted *wanted);

/* The front has moved. Gives the number of journal records that are on the disk. */
uint64_t behind_advance(behind *behind, int64_t front, int64_t written, uint64_t records);

/* Waits for at most MS until all TOTAL bytes are hashed. True: they are, or an error says that they never will be. */
bool behind_wait(behind *behind, int ms, int64_t *hashed);

/* Ends the thread. Returns what failed, as errno; 0: nothing. Does nothing if none has begun. */
int behind_end(behind *behind);

/* Ends it, and gives up what was hashed. */
void behind_drop(behind *behind);

#endif
