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

/* True if TARGET cannot end, because it waits, directly or through others, for a call that the calling thread is running. */
bool bh__waits_for_me(bh__thread *target);

#endif
