/* What the checklist does inside of the program that it looks at, each once, when its main window is there. */
#include "checklist/inside.h"

#include "core/door.h"
#include "guard/crash.h"
#include "process/probe.h"

#include <bulkhead/app.h>
#include <bulkhead/assert.h>
#include <bulkhead/call.h>
#include <bulkhead/finalizer.h>
#include <bulkhead/object.h>
#include <bulkhead/process_pool.h>
#include <bulkhead/property.h>
#include <bulkhead/timer.h>
#include <bulkhead/worker.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FATAL_CODE = 7, BUSY_MS = 400, NAMED_MS = 20, PATIENCE = 100, SIGNALS = 5 };

static void pause_ms(int ms)
{
    struct timespec left = bh__clock_timespec_ms(ms);
    while (nanosleep(&left, &left) != 0)
        continue;
}

/* --- "busy": each pool of the program gets work that takes a while, and the close comes in the middle of it */

static atomic_int queued, begun, ended;
static atomic_bool too_late; /* what has not begun by then does nothing: its pool is busy with other things */

static bh_status be_busy(void *name)
{
    if (atomic_load(&too_late))
        return BH_OK;
    atomic_fetch_add(&begun, 1);
    bh__probe_say("busy %s", (const char *)name);
    pause_ms(BUSY_MS);
    atomic_fetch_add(&ended, 1);
    return BH_OK;
}

static void make_busy(bh_thread_pool *pool, void *user)
{
    char name[64];
    (void)user;
    bh__door_pool_pending(pool, name, sizeof name);
    if (strncmp(name, "bh-", 3) == 0) /* the library's own */
        return;
    char *copy = bh__strdup(name);
    if (copy && (bh_thread_pool_start)(pool, be_busy, copy, bh__free, 0, NULL) == BH_OK)
        atomic_fetch_add(&queued, 1);
    else
        bh__free(copy);
}

static bool busy(void)
{
    static int calls;
    if (calls++ == 0)
        bh__door_pools(make_busy, NULL);
    if (atomic_load(&begun) < atomic_load(&queued) && calls <= PATIENCE)
        return false;
    atomic_store(&too_late, true);
    return true;
}

int bh__inside_busy(void)
{
    return atomic_load(&begun) - atomic_load(&ended);
}

/* --- "linger": a thread that nobody knows, as libraries make them */

static void *do_linger(void *user)
{
    pthread_setname_np(pthread_self(), "lingering");
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;)
        pause_ms(1000);
    return user;
}

static bool linger(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, do_linger, NULL) == 0)
        pthread_detach(thread);
    pause_ms(NAMED_MS); /* it has its name by then */
    return true;
}

/* --- "fail": a handler of an event fails in the middle */

static bool deferred_ran, went_on;

static void on_deferred(void *user)
{
    (void)user;
    deferred_ran = true;
}

static void on_click(void *user)
{
    (void)user;
    bh_defer(on_deferred, NULL);
    BH_ASSERT_MSG(went_on, "the checklist wants to see a handler fail");
    went_on = true;
}

static bool fail(void)
{
    bh_object *button = (bh_create)("QPushButton", NULL);
    (bh_connect)(button, "clicked", BH_CALLBACK(on_click), NULL, NULL);
    (bh_call_values)(button, "click", NULL, 0, NULL);
    bool shown = (bh_is_alive)(button);
    (bh_destroy)(button);
    bh__probe_say("handler deferred=%d stopped=%d window=%d", deferred_ran, !went_on, shown);
    return true;
}

/* --- "final", "exit", "crash": the end, in good order and not */

static bh_status finalize(void *user)
{
    (void)user;
    bh__probe_say("finalized");
    return BH_OK;
}

static bool final(void)
{
    (bh_finalizer_add)("checklist", finalize, NULL, 1000);
    return true;
}

static bool leave(void)
{
    final();
    bh__probe_say("leaving code=%d", FATAL_CODE);
    exit(FATAL_CODE);
}

static bool crash(void)
{
    char folder[BH__PROBE_LINE];
    bh__crash_folder(folder, sizeof folder);
    bh__probe_say("crashing %s", folder);
    raise(SIGSEGV);
    return true;
}

/* --- "signals": a worker tells the GUI thread, and tries to touch a widget itself */

enum { STEP };

static struct {
    bh_worker *worker;
    bh_object *label;
    int arrived, in_order, on_gui;
    bool refused, finished;
} told;

static bh_status tell(bh_worker_context *self, void *user)
{
    (void)user;
    bh__probe_expect_failure(true);
    told.refused = (bh_set_string)(told.label, "text", "touched") == BH_ERROR_THREAD;
    bh__probe_expect_failure(false);
    for (int i = 0; i < SIGNALS; i++)
        bh_emit(self, STEP, i);
    return BH_OK;
}

static const bh_class teller = {BH_CLASS_INIT, .name = "ChecklistTeller", .signals = {[STEP] = "step(int)"}, .run = tell};

static void on_step(void *user, int number)
{
    (void)user;
    told.in_order += number == told.arrived;
    told.arrived++;
    told.on_gui += bh_is_gui_thread();
}

static void on_finished(void *user)
{
    (void)user;
    told.finished = true;
}

static bool signals(void)
{
    if (!told.label) {
        told.label = (bh_create)("QLabel", NULL);
        told.worker = (bh_worker_create)(&teller, NULL);
        (bh_connect)(bh_worker_object(told.worker), "step", BH_CALLBACK(on_step, int), NULL, NULL);
        (bh_connect)(bh_worker_object(told.worker), "finished", BH_CALLBACK(on_finished), NULL, NULL);
        told.finished = (bh_worker_start)(told.worker) != BH_OK;
    }
    if (!told.finished || (bh_worker_destroy)(told.worker) != BH_OK)
        return false;
    (bh_destroy)(told.label);
    bh__probe_say("signals arrived=%d order=%d gui=%d refused=%d", told.arrived, told.in_order, told.on_gui, told.refused);
    return true;
}

/* --- "pool": worker processes of this very program */

enum { WORKERS = 2 };

static bh_process_pool *pool;
static bh_future *futures[WORKERS];

static bool start_workers(void)
{
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = 0;
    const bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .name = "checklist", .program = program,
                                             .workers = WORKERS,           .spares = -1,        .budget_deaths = 1};
    pool = (bh_process_pool_create)(&options);
    for (int i = 0; pool && i < WORKERS; i++)
        futures[i] = (bh_process_pool_submit)(pool, "there-is-no-such-function", NULL, NULL);
    if (!pool)
        bh__probe_say("pool none: %s", bh_last_error());
    return pool != NULL;
}

static void tell_child(const bh__probe_child *child, void *user)
{
    (void)user;
    bh__probe_say("child pid=%d qt=%d windows=%d %s", (int)child->pid, child->has_qt, child->has_windows, child->name);
}

static void tell_end(bh_future *future)
{
    bh_process_failure failure = {0};
    (bh_future_failure)(future, &failure);
    bh__probe_say("task kind=%d %s", (int)failure.kind, failure.text ? failure.text : "");
    (bh_future_destroy)(future);
}

static bool use_pool(void)
{
    if (!pool && !start_workers())
        return true;
    for (int i = 0; i < WORKERS; i++)
        if (futures[i] && !(bh_future_is_done)(futures[i]))
            return false;
    bh__probe_children(tell_child, NULL);
    for (int i = 0; i < WORKERS; i++)
        tell_end(futures[i]);
    bh__probe_say("pool closed=%d", (bh_process_pool_close)(pool, 2000) == BH_OK);
    return true;
}

/* --- */

bh__inside_action bh__inside_action_find(const char *name)
{
    static const struct {
        const char *name;
        bh__inside_action action;
    } known[] = {{"busy", busy},  {"linger", linger}, {"fail", fail},       {"final", final},
                 {"exit", leave}, {"crash", crash},   {"signals", signals}, {"pool", use_pool}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].action;
    return NULL;
}
