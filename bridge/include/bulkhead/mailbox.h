/* The mailbox: the one door through which other threads reach a thread.
 *
 * Each thread that receives has one. Senders append to it; one event of Qt wakes the receiver for a whole batch; the receiver
 * delivers for a few milliseconds, goes back to its event loop, and delivers on. So a storm of signals never freezes a window.
 *
 * Order: what one sender sends to one receiver arrives in order. Each signal of a C-defined class has a bound and a policy for the
 * time when the receiver is slower than the sender (bh_queue in class.h); signals of Qt's classes block at the default bound.
 * Late: a signal whose connection, context or receiver has gone is dropped and counted. What completes work (bh_post_completion)
 * is never dropped: bh_app_exec delivers it before it returns.
 * Callbacks that open a nested event loop (a dialog's exec) keep the delivery going.
 *
 * No deadlock by waiting: the GUI thread is never blocked by a bound; a thread that waits in this library releases the senders
 * that are blocked on it or delivers its own mailbox meanwhile; a circle of synchronous calls is refused (BH_DEADLOCK). */
#ifndef BULKHEAD_MAILBOX_H
#define BULKHEAD_MAILBOX_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A thread. See thread.h. */
typedef struct bh_thread bh_thread;

/* Runs FN(USER) on CONTEXT's thread, from its event loop; CONTEXT NULL: the GUI thread. If CONTEXT is gone by then, FN does not
 * run. DROP(USER), if not NULL, runs exactly once, after FN or instead of it. A call that fails takes nothing. FN returns a
 * status; what is not BH_OK or BH_CANCELLED goes to the error hook. Any thread. Does not block. */
BH_API bh_status bh_post(bh_object *context, bh_status (*fn)(void *user), void *user, void (*drop)(void *user));

/* As bh_post, for what completes work and must not be lost: FN runs even when the loop of THREAD has been told to quit; where the
 * thread has ended already the call fails with BH_ERROR_CLOSED. THREAD NULL: the GUI thread. Any thread. Does not block. */
BH_API bh_status bh_post_completion(bh_thread *thread, bh_status (*fn)(void *user), void *user, void (*drop)(void *user));

/* Runs FN(USER) on CONTEXT's thread, waits, and returns what FN returned. Directly if the caller is on that thread. Refused with
 * BH_DEADLOCK where the wait would close a circle; BH_ERROR_CLOSED where the thread ends before FN has run. Any thread. Blocks. */
BH_API bh_status bh_send(bh_object *context, bh_status (*fn)(void *user), void *user);

/* Counters since the thread began. Fields are only ever added. */
typedef struct bh_mailbox_stats {
    uint64_t sent;      /* messages that senders handed over */
    uint64_t delivered; /* callbacks and functions run */
    uint64_t conflated; /* replaced by a newer one of the same signal (policy NEWEST) */
    uint64_t dropped;   /* not taken because of the bound (policy DROP) */
    uint64_t late;      /* connection, context or receiver gone */
    uint64_t blocked;   /* times that a sender had to wait (policy BLOCK) */
    uint64_t exceeded;  /* taken beyond the bound, because the sender may not be blocked or the receiver waits */
    uint64_t batches;   /* events of Qt that it took */
    size_t waiting;     /* messages in it now */
    size_t bytes;       /* memory that it holds now */
} bh_mailbox_stats;

/* THREAD NULL: the GUI thread. Any thread. */
BH_API bh_status bh_mailbox_get_stats(bh_thread *thread, bh_mailbox_stats *out);

#define bh_post(...) BH_AT(bh_post(__VA_ARGS__))
#define bh_post_completion(...) BH_AT(bh_post_completion(__VA_ARGS__))
#define bh_send(...) BH_AT(bh_send(__VA_ARGS__))
#define bh_mailbox_get_stats(...) BH_AT(bh_mailbox_get_stats(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
