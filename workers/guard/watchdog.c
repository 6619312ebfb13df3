/* The watchdog: its thread, and its life. The thread looks at the GUI thread's beat as long as that goes on, and sleeps as soon as it rests. */
#include "guard/watchdog.h"

#include "lifecycle/finalizer.h"

#include <bulkhead/app.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOTICE_MS = 128, STACK_MS = 1000, REPORT_MS = 5000, LOOKS = 4 /* in notice_ms */, STOP_MS = 1000 };

static const char *const phases[] = {"before its event loop", "in its event loop", "after its event loop"};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards exists */
static pthread_cond_t ended;
static bool exists;           /* the thread; what it uses is the thread's as long as it does */
static _Atomic bool stopping; /* it is to end */

static bh_watchdog_options options;
static bh__system sources;
static bh__look first; /* when it was started */
static _Atomic uint64_t hangs;
static atomic_int phase;

/* The GUI thread's. */
static bool on; /* started, and not stopped */

/* --- the thread */

typedef struct watch {
    bh__judge judge;
    uint64_t turn; /* of the hang that is under way */
    int64_t age_ms;
    int64_t from_ns; /* the next look is counted from here: the beginning of the last, or the end of telling */
} watch;

static void publish(const bh__judge *judge, int64_t next_ns)
{
    bh__beat_seen(judge->last.turn, bh__judge_excused(judge) * 1000000, judge->last.ran_ms * 1000000, next_ns);
}

static void tell(watch *self, bh_hang_stage stage)
{
    bh__hang_facts facts = {.hang = {.stage = stage, .number = atomic_load(&hangs), .for_ms = self->age_ms},
                            .phase = phases[atomic_load(&phase)],
                            .turn = self->turn,
                            .gui_tid = (int)getpid(),
                            .fn = options.hang,
                            .user = options.user,
                            .stopping = &stopping};
    publish(&self->judge, INT64_MAX); /* this takes its time */
    if (stage == BH_HANG_OVER)
        facts.hang.for_ms = bh__beat_took_ms(self->turn, self->age_ms);
    bh__hang_report(&facts);
    self->from_ns = bh__clock_ns();
}

static void tell_what_is_due(watch *self)
{
    bh_hang_stage stage;
    while (!atomic_load(&stopping) && bh__judge_next(&self->judge, &stage)) {
        if (bh__system_has_debugger()) {
            bh__judge_excuse(&self->judge, stage);
            return;
        }
        self->turn = self->judge.last.turn;
        self->age_ms = bh__judge_age(&self->judge);
        if (stage == BH_HANG_NOTICED)
            atomic_fetch_add(&hangs, 1);
        tell(self, stage);
    }
}

/* True if the GUI thread rests, and has since the last look. WANTED_NS: when this look was meant to be. */
static bool look(watch *self, int64_t wanted_ns)
{
    bh__beat beat;
    uint64_t before = self->judge.last.turn;
    int64_t now = self->from_ns = bh__clock_ns();
    if (!bh__beat_read(&beat))
        return false;
    bh__look seen = {.turn = beat.turn,
                     .since_ms = beat.since_ns / 1000000,
                     .now_ms = now / 1000000,
                     .late_ms = (now - wanted_ns) / 1000000,
                     .boot_ms = bh__system_boot_ms()};
    bh__system_times(&sources, seen.now_ms, &seen.ran_ms, &seen.queued_ms);
    if (bh__judge_look(&self->judge, &seen))
        tell(self, BH_HANG_OVER);
    tell_what_is_due(self);
    return beat.turn % 2 == 0 && beat.turn == before;
}

static int64_t rest(const watch *self, bool rests)
{
    const bh__judge *judge = &self->judge;
    int64_t next = self->from_ns + (int64_t)options.notice_ms * 1000000 / LOOKS;
    bh__beat beat;
    if (!rests) {
        publish(judge, next);
        bh__beat_sleep_until(next);
        return next;
    }
    bh__beat_sleep(judge->last.turn);
    return bh__beat_read(&beat) && beat.turn % 2 != 0 ? beat.since_ns : bh__clock_ns();
}

static bh_status drop(void *unused)
{
    (void)unused;
    options.drop(options.user);
    return BH_OK;
}

static void *run(void *unused)
{
    watch self = {.judge = {.limit_ms = {options.notice_ms, options.stack_ms, options.report_ms}, .last = first}};
    bh__beat begun;
    (void)unused;
    int64_t wanted = bh__beat_read(&begun) ? begun.since_ns : bh__clock_ns(); /* the thread may have come late itself */
    bh__door_become("bh-watchdog");
    while (!atomic_load(&stopping))
        wanted = rest(&self, look(&self, wanted));
    if (options.drop)
        bh__door_run(drop, NULL, "bh_watchdog_start");
    bh__hang_release();
    bh__system_close(&sources);
    pthread_mutex_lock(&lock);
    exists = false;
    pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* Signals are for the program's threads. */
static bool start_thread(void)
{
    pthread_t thread;
    pthread_attr_t detached;
    sigset_t all, before;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&thread, &detached, run, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&detached);
    return started;
}

/* --- start and stop */

static void prepare(void)
{
    bh__cond_init(&ended);
}

static bool thread_exists(void)
{
    pthread_mutex_lock(&lock);
    bool now = exists;
    pthread_mutex_unlock(&lock);
    return now;
}

static bool refuse_off_main(const char *call)
{
    if (getpid() == (pid_t)syscall(SYS_gettid))
        return false;
    bh__fail(BH_ERROR_THREAD, call, "called on another thread: the watchdog belongs to the program's main thread");
    return true;
}

static void set_default(int *value, int usual)
{
    if (*value == 0)
        *value = usual;
}

/* The options with defaults, or false after having reported. */
static bool take_options(const bh_watchdog_options *given, bh_watchdog_options *out, const char *call)
{
    if (given && (given->size < sizeof *given || given->size > 4096)) {
        bh__fail(BH_ERROR_STATE, call, "options.size is %zu: begin the options with BH_WATCHDOG_INIT", given->size);
        return false;
    }
    *out = given ? *given : (bh_watchdog_options){BH_WATCHDOG_INIT};
    set_default(&out->notice_ms, NOTICE_MS);
    set_default(&out->stack_ms, STACK_MS);
    set_default(&out->report_ms, REPORT_MS);
    if (out->notice_ms >= LOOKS && out->notice_ms < out->stack_ms && out->stack_ms < out->report_ms)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "notice_ms is %d, stack_ms %d, report_ms %d: they rise, from %d on", out->notice_ms,
             out->stack_ms, out->report_ms, LOOKS);
    return false;
}

static bh_status begin(const char *call)
{
    if (!bh__thread_stack_prepare())
        return bh__fail(BH_ERROR_SYSTEM, call, "all real-time signals are in use: one is needed to take stacks");
    if (!bh__hang_prepare())
        return bh__fail(BH_ERROR_MEMORY, call, "no memory for reports");
    bh__system_open(&sources, (int)getpid());
    first = (bh__look){.now_ms = bh__clock_ms(), .boot_ms = bh__system_boot_ms()};
    bh__system_times(&sources, first.now_ms, &first.ran_ms, &first.queued_ms);
    atomic_store(&stopping, false);
    atomic_store(&hangs, 0);
    bh__beat_start((int64_t)options.notice_ms * 1000000);
    exists = true;
    if (start_thread())
        return BH_OK;
    exists = false;
    bh__system_close(&sources);
    bh__hang_release();
    return bh__fail(BH_ERROR_SYSTEM, call, "the system starts no more threads");
}

bh_status(bh_watchdog_start)(const bh_watchdog_options *given)
{
    static const char call[] = "bh_watchdog_start";
    bh_watchdog_options wanted;
    pthread_once(&once, prepare);
    if (refuse_off_main(call) || !take_options(given, &wanted, call))
        return bh__last_status();
    if (thread_exists())
        return bh__fail(BH_ERROR_EXISTS, call, "there is a watchdog already%s",
                        on ? "" : ": it ends when its function has returned");
    options = wanted;
    bh_status status = begin(call);
    if (status)
        return status;
    on = true;
    bh__finalizers_at_exit(); /* it ends with the process, if there never is an application */
    if (bh_app())
        bh__door_watch_turns(bh__beat_turn);
    return BH_OK;
}

static bool wait_for_end(void)
{
    const struct timespec until = bh__clock_timespec_ms(bh__clock_ms() + STOP_MS);
    int waited = 0;
    pthread_mutex_lock(&lock);
    while (exists && waited == 0)
        waited = pthread_cond_timedwait(&ended, &lock, &until);
    bool gone = !exists;
    pthread_mutex_unlock(&lock);
    return gone;
}

bh_status(bh_watchdog_stop)(void)
{
    static const char call[] = "bh_watchdog_stop";
    if (refuse_off_main(call))
        return bh__last_status();
    if (!on)
        return BH_OK;
    on = false;
    bh__door_watch_turns(NULL);
    atomic_store(&stopping, true);
    bh__beat_wake();
    if (wait_for_end())
        return BH_OK;
    return bh__fail(BH_TIMEOUT, call, "the watchdog has not ended within %d ms: its function still runs", STOP_MS);
}

bh_status(bh_watchdog_get_latency)(bh_watchdog_latency *out)
{
    if (!out)
        return bh__fail(BH_ERROR_NULL, "bh_watchdog_get_latency", "out is NULL: pass the address of a bh_watchdog_latency");
    bh__beat_latency(out);
    out->hangs = atomic_load(&hangs);
    return BH_OK;
}

/* --- the moments of the program */

static void pass(int next)
{
    atomic_store(&phase, next);
    if (on)
        bh__beat_turn(BH__TURN_BEGINS);
}

void bh__watchdog_app_created(void)
{
    pass(0);
    if (on)
        bh__door_watch_turns(bh__beat_turn);
}

void bh__watchdog_loop_begins(void)
{
    pass(1);
}

void bh__watchdog_loop_ended(void)
{
    pass(2);
}

void bh__watchdog_gone(void)
{
    if (getpid() == (pid_t)syscall(SYS_gettid))
        (bh_watchdog_stop)();
}
