/* Ends the threads that OpenMP keeps for its next parallel region, where a library of it is loaded. */
#include "lifecycle/openmp.h"

#include "core/door.h"
#include "lifecycle/threads.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    PAUSE_SOFT = 1,
    SETTLED_MS = 2,
    LAST_STEPS_MS = 50,
    MOST_SUSPECTS = 1024
}; /* omp_pause_soft; ended threads are seen until they are gone */

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

/* Threads that OpenMP may have started: those between two regions wait, and are known; one that spins is of unknown origin. */
typedef struct suspects {
    int tids[MOST_SUSPECTS];
    size_t count;
} suspects;

static void note(const bh_thread_info *thread, void *user)
{
    suspects *list = user;
    bool may_be = thread->kind == BH_THREAD_OPENMP || (thread->kind == BH_THREAD_NATIVE && strcmp(thread->what, "unknown") == 0);
    if (may_be && list->count < MOST_SUSPECTS)
        list->tids[list->count++] = thread->tid;
}

static bool is_running(int tid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d", tid);
    return access(path, F_OK) == 0;
}

static size_t count_gone(const suspects *list)
{
    size_t gone = 0;
    for (size_t i = 0; i < list->count; i++)
        gone += !is_running(list->tids[i]);
    return gone;
}

/* How many of them have gone, once that number does not change any more. */
static size_t count_when_settled(const suspects *list)
{
    int64_t now = bh__clock_ms(), last_change = now, until = now + LAST_STEPS_MS;
    size_t gone = count_gone(list);
    while (gone < list->count && now < until && now - last_change < SETTLED_MS) {
        sched_yield();
        size_t before = gone;
        gone = count_gone(list);
        now = bh__clock_ms();
        last_change = gone == before ? last_change : now;
    }
    return gone;
}

size_t bh__openmp_release(void)
{
    suspects list = {.count = 0};
    pause_all *pause = find();
    if (!pause)
        return 0;
    bh__threads_each(note, &list);
    return list.count && pause(PAUSE_SOFT) == 0 ? count_when_settled(&list) : 0;
}
