/* Caused faults: counters. */
#include "process/fault.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long planned[BH__FAULT_COUNT], seen[BH__FAULT_COUNT];
static void (*_Atomic on_step)(void);

void bh__fault_plan(bh__fault fault, long count)
{
    atomic_store(&seen[fault], 0);
    atomic_store(&planned[fault], count > 0 ? count : 0);
}

void bh__fault_from_environment(void)
{
    static const char *const names[BH__FAULT_COUNT] = {"step=", "spawn=", "send=", "memfd=", "fetch=", "corrupt="};
    const char *plan = getenv("BH_FAULT");
    for (int i = 0; plan && i < BH__FAULT_COUNT; i++) {
        const char *at = strstr(plan, names[i]);
        if (at)
            bh__fault_plan((bh__fault)i, strtol(at + strlen(names[i]), NULL, 10));
    }
}

long bh__fault_seen(bh__fault fault)
{
    return atomic_load(&seen[fault]);
}

bool bh__fault_now(bh__fault fault)
{
    long count = atomic_fetch_add_explicit(&seen[fault], 1, memory_order_relaxed) + 1;
    return count == atomic_load_explicit(&planned[fault], memory_order_relaxed);
}

void bh__fault_on_step(void (*fn)(void))
{
    atomic_store(&on_step, fn);
}

void bh__fault_step(void)
{
    if (!bh__fault_now(BH__FAULT_STEP))
        return;
    void (*fn)(void) = atomic_load(&on_step);
    if (fn)
        fn();
    else
        kill(getpid(), SIGKILL);
}
