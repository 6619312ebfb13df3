/* Reading what a worker writes to its page. */
#include "process/worker_side.h"

size_t bh__page_read_progress(bh__page *page, uint32_t *seen, uint32_t *sequence, uint64_t copy[BH_JOB_MAX_PROGRESS / 8])
{
    uint32_t version = atomic_load_explicit(&page->progress_version, memory_order_acquire);
    *sequence = 0;
    if (version == *seen || version % 2)
        return 0;
    *sequence = atomic_load_explicit(&page->progress_sequence, memory_order_acquire);
    uint32_t size = atomic_load_explicit(&page->progress_size, memory_order_acquire);
    if (size > BH_JOB_MAX_PROGRESS || size % 8)
        return 0;
    for (size_t i = 0; i < size / 8; i++)
        copy[i] = atomic_load_explicit(&page->progress[i], memory_order_acquire);
    if (atomic_load_explicit(&page->progress_version, memory_order_relaxed) != version)
        return 0;
    *seen = version;
    return size;
}
