/* Waiting on words of the shared page: futexes, which are not private to a process. */
#include "base/clock.h"
#include "process/worker_side.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wake(_Atomic uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

void bh__page_cancel(bh__page *page, uint32_t sequence)
{
    uint8_t started = BH__SLOT_STARTED;
    if (!atomic_compare_exchange_strong(&page->states[sequence % BH__RING], &started, BH__SLOT_CANCEL))
        return;
    atomic_fetch_add(&page->cancels, 1);
    wake(&page->cancels);
}

void bh__page_await_cancel(bh__page *page, uint32_t seen, int64_t ns)
{
    struct timespec time = bh__clock_timespec(ns);
    syscall(SYS_futex, &page->cancels, FUTEX_WAIT, seen, &time, NULL, 0);
}

void bh__page_answer_fetch(bh__page *page, bh__fetched answer)
{
    atomic_store(&page->fetched, answer);
    wake(&page->fetched);
}

/* A parent that dies ends this process, so it needs no timeout. */
void bh__page_await_fetch(bh__page *page)
{
    while (atomic_load(&page->fetched) == BH__FETCH_OPEN)
        syscall(SYS_futex, &page->fetched, FUTEX_WAIT, BH__FETCH_OPEN, NULL, NULL, 0);
}
