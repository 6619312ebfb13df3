/* The host and the kind of this process: set once or twice, read by all. */
#include "base/host.h"

#include "base/status.h"

#include <stdatomic.h>

static _Atomic(const bh__host *) current;
static _Atomic(void (*)(int64_t)) before_destroy;
static atomic_int worker_depth;

const bh__host *bh__get_host(void)
{
    return atomic_load_explicit(&current, memory_order_acquire);
}

void bh__set_host(const bh__host *host)
{
    atomic_store_explicit(&current, host, memory_order_release);
}

void bh__set_before_destroy(void (*fn)(int64_t left_ms))
{
    atomic_store(&before_destroy, fn);
}

void bh__run_before_destroy(int64_t left_ms)
{
    void (*fn)(int64_t) = atomic_load(&before_destroy);
    if (fn)
        fn(left_ms);
}

void bh__become_worker_process(int depth)
{
    atomic_store(&worker_depth, depth);
}

int bh__worker_process_depth(void)
{
    return atomic_load(&worker_depth);
}

bool bh__refuse_in_worker_process(const char *call)
{
    if (!bh__worker_process_depth())
        return false;
    bh__fail(BH_ERROR_STATE, call,
             "this is a worker process: what has to do with windows belongs to the program; return the data as a result instead");
    return true;
}
