/* See process_door.h. */
#include "process/process_door.h"

#include "base/text.h"
#include "process/handle.h"
#include "process/process_pool.h"
#include "process/reactor.h"

/* Quietly: a pool that is gone has ended. */
static bh__pool *find(bh_process_pool *handle)
{
    return bh__process_payload(handle, BH__PROCESS_POOL) ? bh__pool_find(handle, "close") : NULL;
}

bool bh__process_door_check(bh_process_pool *handle, const char *call)
{
    bh__pool *pool = bh__pool_find(handle, call);
    if (pool)
        bh__pool_unref(pool);
    return pool != NULL;
}

void bh__process_door_begin_close(bh_process_pool *handle, int timeout_ms)
{
    bh__pool *pool = find(handle);
    if (!pool)
        return;
    bh__pool_begin_close(pool, timeout_ms);
    bh__pool_unref(pool);
}

size_t bh__process_door_left(bh_process_pool *handle, char *name, size_t size)
{
    bh__pool *pool = find(handle);
    if (name)
        bh__copy_text(name, size, pool ? pool->name : "");
    if (!pool)
        return 0;
    pthread_mutex_lock(&pool->lock);
    size_t left = pool->open;
    pthread_mutex_unlock(&pool->lock);
    bh__pool_unref(pool);
    return left;
}

bool bh__process_door_owns(int descriptor)
{
    return bh__reactor_owns(descriptor);
}
