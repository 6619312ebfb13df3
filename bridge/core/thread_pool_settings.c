/* Thread pools: their settings, and what they say about themselves. */
#include "base/status.h"
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

void bh__pool_note_lost(bh__pool *self, unsigned before)
{
    unsigned lost = bhs_thread_start_failures() - before;
    if (!lost)
        return;
    atomic_fetch_add(&self->lost_threads, (int)lost);
    bh__fail(BH_ERROR_SYSTEM, "bh_thread_pool", "the system gave pool '%s' no thread: %u of its runnables will never run",
             self->name, lost);
}

/* A thread that the system refused is one that Qt counts and does not have. Raising the number starts what is queued, so it may be refused
 * again, and Qt then loses what it was to run. */
void bh__pool_set_max(bh__pool *self, int count)
{
    unsigned before = bhs_thread_start_failures();
    int most = count ? count : bhs_ideal_threads();
    atomic_store(&self->max_threads, most);
    bhs_pool_set(self->qt, "maxThreadCount", most + atomic_load(&self->lost_threads));
    bh__pool_note_lost(self, before);
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
    /* Qt counts a thread a little longer than its runnable. */
    size_t most = bh__pool_left(self);
    *count = bhs_pool_get(self->qt, "activeThreadCount");
    if ((size_t)*count > most)
        *count = (int)most;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_pool_set_expiry_ms)(bh_thread_pool *handle, int expiry_ms)
{
    bh__pool *self = bh__check_pin(handle, BH__POOL, "bh_thread_pool_set_expiry_ms", "pool");
    if (!self)
        return bh__last_status();
    bhs_pool_set(self->qt, "expiryTimeout", expiry_ms < 0 ? -1 : expiry_ms);
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
        bhs_pool_set(self->qt, "stackSize", (int)bytes);
    bh__unpin(handle);
    return status;
}
