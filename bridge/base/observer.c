/* See observer.h. */
#include "base/observer.h"

#include <stdatomic.h>
#include <stddef.h>

static _Atomic(const bh__observer *) current;

void bh__observe(const bh__observer *observer)
{
    atomic_store_explicit(&current, observer, memory_order_release);
}

void bh__observer_failed(const bh_error *error)
{
    const bh__observer *observer = atomic_load_explicit(&current, memory_order_acquire);
    if (observer)
        observer->failed(error);
}

void bh__observer_logged(bh_log_level level, const char *category, const char *line)
{
    const bh__observer *observer = atomic_load_explicit(&current, memory_order_acquire);
    if (observer)
        observer->logged(level, category, line);
}
