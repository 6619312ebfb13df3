/* The list of all worker processes. They belong to the reactor's thread, so it is that thread that writes the list, and who asks waits for
 * it; but not for long, as it may be held up by a callback of the program's. */
#include "process/process_pool.h"
#include "process/worker_side.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"

#include <string.h>

enum { WAIT_MS = 100, FIRST_ROOM = 16 };

typedef struct listing {
    bh__late late;
    bh_process_worker_info *at;
    size_t count, room;
    bool no_memory;
    bool done, given_up; /* under the lock: whoever comes last frees it */
} listing;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards done and given_up of all listings */
static pthread_cond_t written;

static void prepare(void)
{
    bh__cond_init(&written);
}

const char *bh_process_worker_state_name(bh_process_worker_state state)
{
    static const char *const names[] = {"starting", "idle", "working", "ending"};
    return (unsigned)state <= BH_PROCESS_WORKER_ENDING ? names[state] : "ending";
}

/* --- on the reactor's thread */

static const char *function_of(const bh__process *process)
{
    for (uint32_t i = process->acked + 1; i != process->sent + 1; i++) {
        const bh__task *task = process->slots[i % BH__RING];
        int state = atomic_load(&process->at.page->states[i % BH__RING]);
        if (task && (state == BH__SLOT_STARTED || state == BH__SLOT_CANCEL))
            return task->name;
    }
    return "";
}

static bh_process_worker_state state_of(const bh__process *process, bool works)
{
    if (process->state == BH__LEAVING || process->retiring)
        return BH_PROCESS_WORKER_ENDING;
    if (process->state == BH__STARTING)
        return BH_PROCESS_WORKER_STARTING;
    return works ? BH_PROCESS_WORKER_WORKING : BH_PROCESS_WORKER_IDLE;
}

static void describe(const bh__process *process, bh_process_worker_info *out)
{
    const char *function = function_of(process);
    *out = (bh_process_worker_info){.pid = (int)process->at.pid, .served = process->served};
    out->state = state_of(process, function[0] != 0);
    bh__copy_text(out->pool, sizeof out->pool, process->pool->name);
    bh__copy_text(out->function, sizeof out->function, function);
    if (function[0])
        out->for_ms = bh__clock_ms() - atomic_load(&process->at.page->started_ns) / 1000000;
}

static bool make_room(listing *list)
{
    if (list->count < list->room)
        return true;
    size_t room = list->room ? 2 * list->room : FIRST_ROOM;
    void *more = bh__realloc(list->at, room * sizeof *list->at);
    if (!more) {
        list->no_memory = true;
        return false;
    }
    list->at = more;
    list->room = room;
    return true;
}

static void add_pool(bh__pool *pool, void *user)
{
    listing *list = user;
    for (const bh__process *process = pool->processes; process; process = process->next)
        if (process->state != BH__DEAD && make_room(list))
            describe(process, &list->at[list->count++]);
}

static void list_free(listing *list)
{
    bh__free(list->at);
    bh__free(list);
}

static void write_list(void *user)
{
    listing *list = user;
    bh__reactor_each(add_pool, list);
    pthread_mutex_lock(&lock);
    bool given_up = list->given_up;
    list->done = true;
    pthread_cond_broadcast(&written);
    pthread_mutex_unlock(&lock);
    if (given_up)
        list_free(list);
}

/* --- who asks */

static bool wait_for(listing *list)
{
    const struct timespec until = bh__clock_timespec_ms(bh__clock_ms() + WAIT_MS);
    int waited = 0;
    pthread_mutex_lock(&lock);
    while (!list->done && waited == 0)
        waited = pthread_cond_timedwait(&written, &lock, &until);
    bool done = list->done;
    list->given_up = !done;
    pthread_mutex_unlock(&lock);
    return done;
}

static bh_status ask(listing *list, const char *call)
{
    pthread_once(&once, prepare);
    list->late.run = write_list;
    list->late.user = list;
    if (bh__on_reactor())
        write_list(list);
    else
        bh__reactor_call(&list->late);
    if (wait_for(list))
        return BH_OK;
    return bh__fail(BH_TIMEOUT, call, "the pools' own thread has no answer within %d ms: it is busy, or a callback hangs there",
                    WAIT_MS);
}

/* To the caller, with what has come of it. */
static bh_status take(listing *list, bh_process_worker_info **out, size_t *count, const char *call)
{
    bh_status status = BH_OK;
    if (list->no_memory) {
        status = bh__fail(BH_ERROR_MEMORY, call, "no memory for more than %zu workers", list->count);
    } else {
        *out = list->at;
        *count = list->count;
        list->at = NULL;
    }
    list_free(list);
    return status;
}

bh_status(bh_process_workers_list)(bh_process_worker_info **out, size_t *count)
{
    static const char call[] = "bh_process_workers_list";
    if (out)
        *out = NULL;
    if (count)
        *count = 0;
    if (!out || !count)
        return bh__fail(BH_ERROR_NULL, call, "%s is NULL", out ? "count" : "out");
    if (!bh__reactor_runs())
        return BH_OK;
    listing *list = bh__calloc(1, sizeof *list);
    if (!list)
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for the list");
    bh_status status = ask(list, call);
    return status ? status : take(list, out, count, call);
}
