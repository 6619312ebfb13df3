/* Functions sent to a thread: what the mailbox does with a bh_post, a completion and a bh_send. */
#ifndef CORE_POST_H
#define CORE_POST_H

#include "core/handle.h"
#include "core/mailbox.h"

/* Runs a posted function, then its drop; only the drop if its context is gone or CLOSING. True if it ran. */
bool bh__call_run(bh__call *call, bool closing);

/* Runs what a waiting thread has sent, or with CLOSING answers BH_ERROR_CLOSED, and wakes it. */
void bh__send_answer(bh__wait *wait, bool closing);

/* Runs FN(USER) on TARGET and waits, as bh_send. CALL for sentences. */
bh_status bh__send_to(bh__thread *target, bh_status (*fn)(void *user), void *user, const char *call);

/* Sends FN(USER) to TARGET as something that must not be lost; false, unreported, if the thread receives nothing more. */
bool bh__post_to(bh__thread *target, bh_status (*fn)(void *user), void *user);

/* Who must go on before WHAT can happen, where that is no single thread and changes: calls IS(thread, user) for each thread until one
 * answers true, and returns that. It runs under the wait lock and may not wait. */
typedef bool (*bh__runners)(void *what, bool (*is)(bh__thread *thread, void *user), void *user);

/* A wait for something that others must bring about, known while it lasts; on the waiter's stack. */
typedef struct bh__end_wait {
    bh__thread *target; /* for the end of this thread; or NULL: */
    bh__runners runners;
    void *what;
    struct bh__end_wait *outer;
} bh__end_wait;

/* WAIT has target, or runners and what. False if that is the calling thread, or a thread that waits itself, directly or through others,
 * for the calling thread. With true: to be ended by bh__end_wait_end. */
bool bh__end_wait_begin(bh__end_wait *wait);
void bh__end_wait_end(bh__end_wait *wait);

/* For a bh__runners, under the wait lock: the calling thread, and all threads that wait for something, if they belong to POOL. */
bool bh__pool_runners(void *pool, bool (*is)(bh__thread *thread, void *user), void *user);

#endif
