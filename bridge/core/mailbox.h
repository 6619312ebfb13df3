/* The mailbox: the one door through which other threads reach a thread.
 *
 * Senders append messages to chunks of memory under the lock; one event of Qt wakes the owner for a whole batch. The owner takes
 * all chunks at once, and then messages from them one at a time: what it has taken belongs to the mailbox, not to a stack frame,
 * so that a nested event loop inside a callback goes on with the very next message. A second event is posted before the first
 * callback of a batch runs: it wakes the nested loop, if there is one, and the next slice otherwise.
 *
 * Lock order: wait lock, connection's sender lock, mailbox lock, Qt's. No code of the program runs under any of them. */
#ifndef CORE_MAILBOX_H
#define CORE_MAILBOX_H

#include "base/clock.h"
#include "shim/shim.h"

#include <bulkhead/class.h>
#include <bulkhead/mailbox.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct bh__chunk bh__chunk;
typedef struct bh__connection bh__connection;
typedef struct bh__wait bh__wait;

/* One argument in its natural C type: libffi is handed its address. */
typedef union bh__cell {
    unsigned char bytes[16];
    uint64_t number;
    const void *pointer;
} bh__cell;

typedef enum bh__message_kind {
    BH__MESSAGE_REPLACED, /* its place is taken by a newer one */
    BH__MESSAGE_SIGNAL,
    BH__MESSAGE_CALL, /* bh_post */
    BH__MESSAGE_COMPLETION,
    BH__MESSAGE_SEND, /* bh_send: somebody waits */
    BH__MESSAGE_END   /* the last message of a connection */
} bh__message_kind;

typedef struct bh__call {
    bh_status (*fn)(void *user);
    void *user;
    void (*drop)(void *user);
    bh_object *context; /* NULL: none */
} bh__call;

typedef struct bh__message {
    uint32_t size; /* of the whole, a multiple of 16 */
    uint16_t kind;
    uint16_t count; /* of cells */
    union {
        bh__connection *connection; /* SIGNAL, END */
        bh__wait *wait;             /* SEND */
    } of;
    bh__cell cells[]; /* SIGNAL: arguments, then the bytes of strings. CALL, COMPLETION: a bh__call */
} bh__message;

/* The messages of one connection in one mailbox; guarded by the mailbox's lock. */
typedef struct bh__stream {
    bh_queue_policy policy;
    uint32_t bound;
    uint32_t epoch;         /* of the mailbox when count and newest were written; older: nothing of it waits */
    uint32_t count;         /* waiting */
    bh__message *newest;    /* the last one, if it may still be replaced */
    uint64_t newest_change; /* the sender's change counter then */
    bool ended;
} bh__stream;

typedef struct bh__mailbox {
    pthread_mutex_t lock;   /* guards all down to `owner` */
    pthread_cond_t space;   /* blocked senders wait for it */
    pthread_cond_t arrived; /* the owner waits for it, inside bh__wait_until */
    bhs_object *receiver;   /* takes the events; NULL before the thread runs */
    bool open;
    bool posted;  /* an event is under way */
    bool waiting; /* the owner is inside bh__wait_until */
    bool woken;
    _Atomic bool ending; /* its event loop was asked to end: nothing more is delivered than the running handler */
    int lenient;         /* the owner waits without delivering: bounds do not block */
    int blocked_now;
    uint32_t epoch; /* counts the times that the owner has taken all */
    bh__chunk *head, *tail, *spare;
    int spare_count;
    _Atomic size_t shared_count; /* changed under the lock; the owner looks at it without */
    size_t completions;          /* not yet run, also among those that the owner has taken */
    bh_mailbox_stats stats;

    /* owner: touched by the owning thread only. */
    bh__chunk *local;
    size_t local_count;
    struct bh__mailbox *next_waiter; /* guarded by the waiters' lock */
} bh__mailbox;

void bh__mailbox_init(bh__mailbox *box);
void bh__mailbox_deinit(bh__mailbox *box);

/* On the owner's thread, when it can receive and when it no longer can. Closing runs completions, answers those who wait with
 * BH_ERROR_CLOSED, and drops and counts the rest. Opening before the thread runs: `bh__mailbox_open` alone. */
void bh__mailbox_open(bh__mailbox *box);
bool bh__mailbox_receive(bh__mailbox *box);
void bh__mailbox_close(bh__mailbox *box);

/* Whether it takes messages. Any thread. */
bool bh__mailbox_is_open(bh__mailbox *box);

/* Reserves a message of a connection, with room for SIZE bytes behind the header, and holds the mailbox's lock until
 * bh__mailbox_commit. NULL, without the lock, if it is not taken: late, dropped, or NO_MEMORY. CHANGE is the sender's counter, by
 * which NEWEST sees whether something else was sent in between. MAY_BLOCK: the caller may be made to wait. */
bh__message *bh__mailbox_reserve(bh__mailbox *box, bh__stream *stream, size_t size, uint64_t change, bool may_block,
                                 bool *no_memory);

/* Appends a message of another KIND, whatever bounds say. NULL if closed or without memory. Then commit, too. */
bh__message *bh__mailbox_append(bh__mailbox *box, bh__message_kind kind, size_t size);
void bh__mailbox_commit(bh__mailbox *box);

/* Ends a stream: nothing of it is taken any more. True if the owner will release the connection, behind all that still waits
 * (where there is no memory for that last message, never); false if the mailbox is closed and nothing waits. */
bool bh__mailbox_end_stream(bh__mailbox *box, bh__connection *connection, bh__stream *stream);

/* The owner goes to wait without delivering: senders that are blocked on it are let through, beyond their bounds. Nests. */
void bh__mailbox_lenient(bh__mailbox *box, bool on);

/* Delivers for a slice of time; true if there is more. ALL: until no completion is left. The owner's thread. */
bool bh__mailbox_deliver(bh__mailbox *box);
void bh__mailbox_deliver_completions(bh__mailbox *box);

/* Waits until DONE(USER), delivering the calling thread's mailbox meanwhile; false at the timeout (negative: none). DONE runs
 * without locks on this thread, after each bh__wake_waiters. */
bool bh__wait_until(bool (*done)(void *user), void *user, int timeout_ms);

/* Something that others may wait for has happened. Any thread. */
void bh__wake_waiters(void);

#endif
