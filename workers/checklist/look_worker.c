/* A look at the program as a pool starts it: by a pool. */
#include "checklist/look.h"

#include "core/door.h"

#include <bulkhead/process_pool.h>
#include <stdio.h>
#include <string.h>

enum { SLICE_MS = 50, CLOSE_MS = 1000 };

static bh_process_pool *make_pool(const bh__look *look, char *const *changes)
{
    const bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT,
                                             .name = "checklist",
                                             .program = look->at->program,
                                             .environment = (const char *const *)changes,
                                             .workers = 1,
                                             .spares = -1,
                                             .start_timeout_ms = look->at->timeout_ms,
                                             .budget_deaths = 1};
    // cppcheck-suppress returnDanglingLifetime ; it copies them
    return (bh_process_pool_create)(&options);
}

/* One that goes on as a program does not come back by itself. */
static void wait_for(bh__look *look, bh_future *future)
{
    while (!(bh_future_is_done)(future)) {
        bh__look_hear(look, SLICE_MS);
        if (bh__look_find(look, "window ") || bh__look_find(look, "end ") || bh__look_is_over(look))
            (bh_future_kill)(future);
    }
    bh__look_hear(look, 0);
}

bool bh__look_run_worker(bh__look *look, const bh__look_at *at, int *kind)
{
    char *changes[BH__LOOK_CHANGES] = {NULL};
    *kind = BH_FAILURE_NONE;
    if (!bh__look_open(look, at))
        return false;
    bh_process_pool *pool = bh__look_changes(look, "close", changes) ? make_pool(look, changes) : NULL;
    bh_future *future = pool ? (bh_process_pool_submit)(pool, "there-is-no-such-function", NULL, NULL) : NULL;
    bh__look_changes_free(changes);
    if (!future)
        bh__copy_text(look->why, sizeof look->why, bh_last_error());
    if (future) {
        bh_process_failure failure = {0};
        wait_for(look, future);
        (bh_future_failure)(future, &failure);
        *kind = (int)failure.kind;
        bh__copy_text(look->output, sizeof look->output, failure.output);
        look->printed = strlen(look->output);
        bh__copy_text(look->why, sizeof look->why, failure.text);
        (bh_future_destroy)(future);
    }
    if (pool && (bh_process_pool_close)(pool, CLOSE_MS) == BH_OK)
        (bh_process_pool_destroy)(pool);
    bh__look_hear(look, 0);
    look->took_ms = bh__clock_ms() - look->begun_ms;
    return future != NULL;
}
