/* What the bridge is to the rooms that are free of Qt: they ask base/host.h, and as long as there is an application this answers. */
#include "core/host.h"

#include "base/host.h"
#include "core/mailbox.h"
#include "core/thread.h"

static bool is_gui_thread(void)
{
    return bh_is_gui_thread();
}

static bool check_thread(bh_thread *thread, const char *call)
{
    if (!thread)
        return true;
    bh__thread *record = bh__check_pin(thread, BH__THREAD, call, "thread");
    if (record)
        bh__unpin(thread);
    return record != NULL;
}

static bh_status post_completion(bh_thread *thread, bh_status (*fn)(void *user), void *user, void (*drop)(void *user))
{
    return (bh_post_completion)(thread, fn, user, drop);
}

void bh__host_install(void)
{
    static const bh__host host = {is_gui_thread, check_thread, post_completion, bh__wait_until, bh__wake_waiters};
    bh__set_host(&host);
}

void bh__host_remove(void)
{
    bh__set_host(NULL);
}
