/* Ends the threads that OpenMP keeps for its next parallel region, where a library of it is loaded. */
#include "lifecycle/openmp.h"

#include "core/door.h"
#include "lifecycle/threads.h"

#include <dlfcn.h>
#include <sched.h>
#include <string.h>

enum { PAUSE_SOFT = 1, SETTLED_MS = 2, LAST_STEPS_MS = 50 }; /* omp_pause_soft; ended threads are seen until they are gone */

typedef int pause_all(int kind);

/* NULL where no OpenMP is loaded. */
static pause_all *find(void)
{
    static const char *const libraries[] = {"libgomp.so.1", "libomp.so.5", "libomp.so", "libiomp5.so"};
    static const char name[] = "omp_pause_resource_all";
    pause_all *function = NULL;
    void *found = dlsym(RTLD_DEFAULT, name);
    for (size_t i = 0; !found && i < sizeof libraries / sizeof libraries[0]; i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);
        found = library ? dlsym(library, name) : NULL;
        if (library)
            dlclose(library); /* it stays as loaded as it was */
    }
    memcpy(&function, &found, sizeof function); /* as POSIX means it; C has no such cast */
    return function;
}

static void count(const bh_thread_info *thread, void *user)
{
    (void)thread;
    ++*(size_t *)user;
}

static size_t count_threads(void)
{
    size_t threads = 0;
    bh__threads_each(count, &threads);
    return threads;
}

/* How many there are once their number does not change any more. */
static size_t count_when_settled(void)
{
    int64_t now = bh__door_now_ms(), last_change = now, until = now + LAST_STEPS_MS;
    size_t threads = count_threads();
    while (threads > 1 && now < until && now - last_change < SETTLED_MS) {
        sched_yield();
        size_t before = threads;
        threads = count_threads();
        now = bh__door_now_ms();
        last_change = threads == before ? last_change : now;
    }
    return threads;
}

size_t bh__openmp_release(void)
{
    pause_all *pause = find();
    size_t before = pause ? count_threads() : 0;
    if (!pause || pause(PAUSE_SOFT) != 0)
        return 0;
    size_t after = count_when_settled();
    return before > after ? before - after : 0;
}
