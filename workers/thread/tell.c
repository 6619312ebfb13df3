/* Telling the end of something, which must not be lost. */
#include "thread/tell.h"

#include "core/door.h"

#include <time.h>

void bh__tell(const bh_thread *thread, bh_status (*fn)(void *user), void *user)
{
    enum { TRIES = 2000 };
    static const struct timespec moment = {0, 1000000};
    bh_status status = bh__door_post_completion(thread, fn, user);
    if (status == BH_ERROR_CLOSED && thread)
        status = bh__door_post_completion(thread = NULL, fn, user);
    for (int i = 0; status == BH_ERROR_MEMORY && i < TRIES; i++) {
        nanosleep(&moment, NULL);
        status = bh__door_post_completion(thread, fn, user);
    }
    if (status)
        bh__door_run(fn, user, "end of a task");
}
