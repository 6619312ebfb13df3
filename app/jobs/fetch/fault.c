/* Caused faults: a counter. */
#include "jobs/fetch/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void fault_step(void)
{
    static long planned = -1, seen;
    if (planned < 0) {
        const char *plan = getenv("BH_FETCH_KILL_AT");
        planned = plan ? strtol(plan, NULL, 10) : 0;
    }
    if (planned > 0 && ++seen == planned)
        kill(getpid(), SIGKILL);
}
