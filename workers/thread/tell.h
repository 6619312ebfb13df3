/* Telling the end of something, which must not be lost. */
#ifndef THREAD_TELL_H
#define THREAD_TELL_H

#include <bulkhead/thread.h>

/* FN(USER) runs on THREAD (NULL: the GUI thread), or on the GUI thread if that has ended, or at once here if there is none any more.
 * Without memory for the message it waits for some. Any thread. */
void bh__tell(const bh_thread *thread, bh_status (*fn)(void *user), void *user);

#endif
