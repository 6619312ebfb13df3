/* thread.h and thread_pool.h */
#include "fuzz.h"

#include <limits.h>
#include <stdint.h>

#define THREAD fuzz_thing(FUZZ_THREAD)
#define POOL fuzz_thing(FUZZ_POOL)

/* None between 0 and what our own callbacks need. */
static size_t any_stack_size(void)
{
    static const size_t sizes[] = {0, 1, 8u << 20, 16u << 20, SIZE_MAX, 0};
    size_t size = sizes[fuzz_below(fuzz_chance(80) ? 1 : 6)];
    fuzz_note("%zu", size);
    return size;
}

static bh_thread_priority any_priority(void)
{
    return fuzz_chance(90) ? (bh_thread_priority)fuzz_small(BH_PRIORITY_LOWEST, BH_PRIORITY_INHERIT)
                           : (bh_thread_priority)fuzz_int();
}

static fuzz_result run_bh_thread_create(void)
{
    bh_thread *thread = bh_thread_create(fuzz_text());
    fuzz_keep(FUZZ_THREAD, thread);
    if (thread && fuzz_chance(70))
        bh_thread_start(thread);
    return thread ? FUZZ_OK : FUZZ_REFUSED;
}

/* Without a limit only for one that has been told to end, and only from the main thread: two that wait for each other without one are
 * refused, but which of them is a matter of time. */
static fuzz_result run_bh_thread_wait(void)
{
    bh_thread *thread = THREAD;
    int timeout = fuzz_small(0, 10);
    if (fuzz_lane == 0 && fuzz_chance(5) && bh_thread_quit(thread) == BH_OK)
        timeout = -1;
    fuzz_note("%d ms", timeout);
    return fuzz_status(bh_thread_wait(thread, timeout));
}

static fuzz_result run_bh_thread_is_running(void)
{
    return bh_thread_is_running(THREAD) ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result run_bh_thread_name(void)
{
    const char *name = bh_thread_name(fuzz_chance(30) ? NULL : THREAD);
    if (!name)
        fuzz_complain("bh_thread_name", "NULL", "");
    return name && name[0] ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result run_bh_thread_current(void)
{
    bh_thread *thread = bh_thread_current();
    fuzz_keep(FUZZ_THREAD, thread);
    return thread ? FUZZ_OK : FUZZ_QUIET;
}

/* An object without parent, which can go to another thread. */
static bh_object *loose_object(void)
{
    if (fuzz_chance(30))
        return fuzz_object(NULL);
    bh_object *object = bh_create(fuzz_chance(50) ? "QObject" : "QTimer", NULL);
    fuzz_keep_object(object, NULL);
    return object;
}

FUZZ_CALL(bh_thread_set_stack_size, THREAD, any_stack_size())
FUZZ_CALL(bh_thread_set_priority, THREAD, any_priority())
FUZZ_CALL(bh_thread_start, THREAD)
FUZZ_CALL(bh_thread_quit, THREAD)
FUZZ_CALL(bh_thread_destroy, THREAD)
FUZZ_MAKE(bh_thread_object, THREAD)
FUZZ_CALL(bh_move_to_thread, loose_object(), fuzz_chance(10) ? NULL : THREAD)

const fuzz_entry fuzz_thread_entries[] = {
    FUZZ_RARE(bh_thread_create, 4),
    FUZZ_ENTRY(bh_thread_set_stack_size),
    FUZZ_ENTRY(bh_thread_set_priority),
    FUZZ_ENTRY(bh_thread_start),
    FUZZ_RARE(bh_thread_quit, 4),
    FUZZ_ENTRY(bh_thread_wait),
    FUZZ_ENTRY(bh_thread_destroy),
    FUZZ_ENTRY(bh_thread_is_running),
    FUZZ_ENTRY(bh_thread_name),
    FUZZ_ENTRY(bh_thread_current),
    FUZZ_ENTRY(bh_thread_object),
    FUZZ_ENTRY(bh_move_to_thread),
    {NULL, NULL, 0},
};

/* --- thread_pool.h */

static fuzz_result run_bh_thread_pool_create(void)
{
    bh_thread_pool *pool = bh_thread_pool_create(fuzz_text(), fuzz_chance(90) ? fuzz_small(0, 4) : fuzz_int());
    fuzz_keep(FUZZ_POOL, pool);
    return pool ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_thread_pool_start(void)
{
    void *user = fuzz_chance(70) ? fuzz_token_new() : NULL;
    bh_runnable *runnable = NULL;
    bh_status status = bh_thread_pool_start(POOL, fuzz_chance(95) ? fuzz_on_posted : NULL, user, user ? fuzz_token_drop : NULL,
                                            fuzz_int(), fuzz_chance(70) ? &runnable : NULL);
    if (status) {
        fuzz_token_drop(user);
        if (runnable)
            fuzz_complain("bh_thread_pool_start", "a result was left after a failure", "");
    }
    fuzz_keep(FUZZ_RUNNABLE, runnable);
    return fuzz_status(status);
}

static fuzz_result run_bh_thread_pool_try_take(void)
{
    bool taken;
    return fuzz_status(bh_thread_pool_try_take(POOL, fuzz_thing(FUZZ_RUNNABLE), fuzz_chance(95) ? &taken : NULL));
}

/* A pool's runnables are short, so it may be waited for without a limit; but not by one that may be waited for itself. */
static fuzz_result run_bh_thread_pool_wait_for_done(void)
{
    int timeout = fuzz_lane == 0 && fuzz_chance(5) ? -1 : fuzz_small(0, 10);
    fuzz_note("%d ms", timeout);
    return fuzz_status(bh_thread_pool_wait_for_done(POOL, timeout));
}

#define POOL_COUNT(function)                                                       \
    static fuzz_result run_##function(void)                                        \
    {                                                                              \
        int count = 77;                                                            \
        bool no_place = fuzz_chance(5);                                            \
        bh_status status = function(POOL, no_place ? NULL : &count);               \
        if (status && !no_place && count)                                          \
            fuzz_complain(#function, "the result was not cleared on failure", ""); \
        return fuzz_status(status);                                                \
    }
POOL_COUNT(bh_thread_pool_get_max_threads)
POOL_COUNT(bh_thread_pool_get_active_threads)

FUZZ_CALL(bh_thread_pool_clear, POOL)
FUZZ_CALL(bh_thread_pool_set_max_threads, POOL, fuzz_chance(90) ? fuzz_small(1, 4) : fuzz_int())
FUZZ_CALL(bh_thread_pool_set_expiry_ms, POOL, fuzz_int())
FUZZ_CALL(bh_thread_pool_set_stack_size, POOL, any_stack_size())
FUZZ_CALL(bh_thread_pool_destroy, POOL)

const fuzz_entry fuzz_pool_entries[] = {
    FUZZ_ENTRY(bh_thread_pool_create),          FUZZ_ENTRY(bh_thread_pool_start),
    FUZZ_ENTRY(bh_thread_pool_try_take),        FUZZ_ENTRY(bh_thread_pool_clear),
    FUZZ_ENTRY(bh_thread_pool_wait_for_done),   FUZZ_ENTRY(bh_thread_pool_set_max_threads),
    FUZZ_ENTRY(bh_thread_pool_get_max_threads), FUZZ_ENTRY(bh_thread_pool_get_active_threads),
    FUZZ_ENTRY(bh_thread_pool_set_expiry_ms),   FUZZ_ENTRY(bh_thread_pool_set_stack_size),
    FUZZ_ENTRY(bh_thread_pool_destroy),         {NULL, NULL, 0},
};
