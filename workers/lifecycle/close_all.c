/* The close of all windows: one after the other, because each may wait for its work, and each may refuse. */
#include "core/door.h"
#include "lifecycle/close.h"

#include <bulkhead/app.h>
#include <bulkhead/log.h>

static struct {
    bool under_way;
    int code;
} all; /* GUI thread */

bool bh__close_all_wants(int *code)
{
    if (all.under_way)
        *code = all.code;
    return all.under_way;
}

void bh__close_all_go_on(void *unused)
{
    (void)unused;
    if (!all.under_way)
        return;
    if (bh__door_close_windows()) {
        all.under_way = false;
        (bh_app_quit)(all.code);
    } else if (!bh__close_is_under_way()) {
        all.under_way = false;
        bh_log(BH_LOG_INFO, "close", "a window stays open: the program goes on");
    }
}

/* Qt's own request, which follows the last window closed, has no code and keeps that of the signal that came first. */
void bh__close_all(int code)
{
    if (code || !all.under_way)
        all.code = code;
    all.under_way = true;
    bh__close_all_go_on(NULL);
}

bh_status(bh_close_all_windows)(int code)
{
    if (bh__door_refuse_off_gui("bh_close_all_windows"))
        return bh__last_status();
    bh__close_all(code);
    return BH_OK;
}
