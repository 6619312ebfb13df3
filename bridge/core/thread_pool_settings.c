/* Thread pools: their settings, and what they say about themselves. */
#include "base/status.h"
#include "core/thread.h"
#include "core/thread_pool.h"

#include <bulkhead/thread_pool.h>

enum { MOST_THREADS = 4096, LEAST_STACK = 64 * 1024, LARGEST_STACK = 1024 * 1024 * 1024 };

bool bh__pool_refuse_count(int count, const char *call)
{
    if (count >= 0 && count <= MOST_THREADS)
        return false;
    bh__fail(BH_ERROR_RANGE, call, "%d threads: pass 1 to %d, or 0 for one per core", count, MOST_THREADS);
    return true;
}

static void set_number(const bh__pool *self, const char *property, int value)
{
    bhs_property_write(self->qt, bhs_property_index(bhs_meta_of(self->qt), property), &value);
}

/* A thread that the system refused is one that Qt counts and does not have: it may have one more, and the seat is free again. Raising the
 * number starts what is queued at Qt, so it may be refused again. */
static void lose(bh__pool *self, unsigned lost)
{
    while (lost) {
        atomic_fetch_add(&self->lost_threads, (int)lost);
        while (lost--)
            bh__work_leave(&self->queue);
        unsigned before = bh__thread_start_failures();
        set_number(self, "maxThreadCount", atomic_load(&self->max_threads) + atomic_load(&self->lost_threads));
        lost = bh__thread_start_failures() - before;
    }
}

bh_status bh__pool_bring_thread(bh__pool *self)
{
    unsigned before = bh__thread_start_failures();
    bh_status status = bhs_pool_start(self->qt, self);
    if (status == BH_OK && bh__thread_start_failures() != before)
        status = BH_ERROR_SYSTEM;
    if (status == BH_ERROR_SYSTEM)
        lose(self, 1);
    else if (status)
        bh__work_leave(&self->queue);
    return status;
}

/* MORE seats, or fewer, after a call of Qt's that may have started threads, where BEFORE is what bh__thread_start_failures was. */
static void allow(bh__pool *self, int more, unsigned before)
{
    unsigned lost = bh__thread_start_failures() - before;
    lose(self, lost);
    for (int wanted = bh__work_allow(&self->queue, more); wanted > 0; wanted--)
        lost += bh__pool_bring_thread(self) != BH_OK;
    if (lost)
        bh__fail(BH_ERROR_SYSTEM, "bh_thread_pool",
                 "the system gave pool '%s' no thread for what is queued, which waits for those that it has", self->name);
}

void bh__pool_set_max(bh__pool *self, int count)
{
    unsigned before = bh__thread_start_failures();
    int most = count ? count : bhs_ideal_threads();
    int more = most - atomic_exchange(&self->max_threads, most);
    set_number(self, "maxThreadCount", most + atomic_load(&self->lost_threads));
    allow(self, more, before);
}

void bh__pool_lend_place(bh__pool *self, bool lends)
{
    unsigned before = bh__thread_start_failures();
    atomic_fetch_add(&self->lent, lends ? 1 : -1);
    if (lends)
        bhs_pool_release_thread(self->qt);
    else
        bhs_pool_reserve_thread(self->qt);
    allow(self, lends ? 1 : -1, before);
}

bh_status(bh_thread_pool_set_max_threads)(bh_thread_pool *handle, int count)
{
    bh__pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_max_threads", "pool");
    if (!self)
        return bh__last_status();
    bool refused = bh__pool_refuse_count(count, "bh_thread_pool_set_max_threads");
    if (!refused)
        bh__pool_set_max(self, count);
    bh__unpin(handle);
    return refused ? BH_ERROR_RANGE : BH_OK;
}

bh_status(bh_thread_pool_get_max_threads)(const bh_thread_pool *handle, int *count)
{
    if (!count)
        return bh__fail(BH_ERROR_NULL, "bh_thread_pool_get_max_threads", "count is NULL: pass the address of an int");
    *count = 0;
    bh__pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_get_max_threads", "pool");
    if (!self)
        return bh__last_status();
    *count = self->max_threads;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_get_active_threads)(const bh_thread_pool *handle, int *count)
{
    if (!count)
        return bh__fail(BH_ERROR_NULL, "bh_thread_pool_get_active_threads", "count is NULL: pass the address of an int");
    *count = 0;
    bh__pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_get_active_threads", "pool");
    if (!self)
        return bh__last_status();
    /* A thread is counted a little longer than its runnable, and one that waits has lent its place. */
    size_t most = bh__pool_left(self);
    int present = bh__work_present(&self->queue) - atomic_load(&self->lent);
    *count = present < 0 ? 0 : (size_t)present > most ? (int)most : present;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_expiry_ms)(bh_thread_pool *handle, int expiry_ms)
{
    bh__pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_expiry_ms", "pool");
    if (!self)
        return bh__last_status();
    set_number(self, "expiryTimeout", expiry_ms < 0 ? -1 : expiry_ms);
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_stack_size)(bh_thread_pool *handle, size_t bytes)
{
    static const char call[] = "bh_thread_pool_set_stack_size";
    bh__pool *self = bh__check_pin(handle, BH__POOL, call, "pool");
    if (!self)
        return bh__last_status();
    bh_status status = BH_OK;
    if (bytes && (bytes < LEAST_STACK || bytes > LARGEST_STACK))
        status = bh__fail(BH_ERROR_RANGE, call, "%zu bytes: pass %d to %d, or 0 for the system's default", bytes, LEAST_STACK,
                          LARGEST_STACK);
    else if (atomic_load(&self->used))
        status =
            bh__fail(BH_ERROR_STATE, call, "pool '%s' has run something already: set it before the first runnable", self->name);
    else
        set_number(self, "stackSize", (int)bytes);
    bh__unpin(handle);
    return status;
}
