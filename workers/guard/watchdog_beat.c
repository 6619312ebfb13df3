/* The beat of the GUI thread: which turn of its event loop it is in, and since when; and how long turns have taken. Written by the GUI
 * thread without a lock and, while the watchdog is awake, without a call of the system. */
#include "guard/watchdog.h"

#include <errno.h>
#include <math.h>
#include <semaphore.h>
#include <stdatomic.h>

/* Times in classes of an eighth of their power of two. */
enum { FINE = 8, CLASSES = 64 * FINE, LEAST_NS = 1000000, SECOND_NS = 1000000000 };

static _Atomic uint64_t turn; /* odd: busy */
static _Atomic int64_t since_ns;
static _Atomic bool asleep; /* the watchdog sleeps, until a turn begins */
static sem_t bell;
static _Atomic uint64_t excused_turn;
static _Atomic int64_t excused_ns, ran_then_ns, next_look_ns;
static _Atomic int64_t longest_ns, long_took_ns;
static _Atomic uint64_t long_turn; /* the latest that was long */
static _Atomic uint64_t counts[CLASSES];
static struct {
    _Atomic int64_t second, longest_ns;
} recent[2]; /* the current second, and the one before, if these are the ones */

static clockid_t gui_clock; /* how long it has run */

/* The GUI thread's. */
static int64_t long_ns;
static bool handled; /* this turn has an event */

/* --- how long turns took */

static unsigned class_of(int64_t ns)
{
    uint64_t value = (uint64_t)(ns > FINE ? ns : FINE);
    unsigned power = 63u - (unsigned)__builtin_clzll(value);
    return power * FINE + (unsigned)((value >> (power - 3)) & (FINE - 1));
}

/* The middle of a class. */
static double class_ms(unsigned class)
{
    uint64_t width = (1ull << class / FINE) / FINE;
    uint64_t middle_ns = (FINE + class % FINE) * width + width / 2;
    return (double)middle_ns / 1e6;
}

/* What the watchdog has seen of it. And if it is late itself, the whole process may have stood still: all that this thread has not run. */
static int64_t uncounted(uint64_t of, int64_t now, int64_t ran)
{
    int64_t late = now - atomic_load(&next_look_ns), seen = atomic_load(&excused_turn) == of ? atomic_load(&excused_ns) : 0;
    if (late > BH__BEAT_SLACK_MS * 1000000ll)
        late -= ran - atomic_load(&ran_then_ns);
    else
        late = 0;
    return seen + (late > 0 ? late : 0);
}

static int64_t counted(uint64_t of, int64_t begun, int64_t now, int64_t ran)
{
    int64_t took = now - begun - uncounted(of, now, ran);
    return took > 0 ? took : 0;
}

static void note_recent(int64_t now, int64_t took)
{
    int64_t second = now / SECOND_NS;
    int slot = (int)(second % 2);
    if (atomic_load_explicit(&recent[slot].second, memory_order_relaxed) != second) {
        atomic_store_explicit(&recent[slot].longest_ns, 0, memory_order_relaxed);
        atomic_store_explicit(&recent[slot].second, second, memory_order_relaxed);
    }
    if (took > atomic_load_explicit(&recent[slot].longest_ns, memory_order_relaxed))
        atomic_store_explicit(&recent[slot].longest_ns, took, memory_order_relaxed);
}

static int64_t recent_ns(int64_t now)
{
    int64_t longest = 0;
    for (int i = 0; i < 2; i++) {
        int64_t took = atomic_load(&recent[i].longest_ns);
        if (atomic_load(&recent[i].second) >= now / SECOND_NS - 1 && took > longest)
            longest = took;
    }
    return longest;
}

static void finish(int64_t now)
{
    uint64_t of = atomic_load_explicit(&turn, memory_order_relaxed);
    int64_t took = now - atomic_load_explicit(&since_ns, memory_order_relaxed);
    if (took >= long_ns) {
        took = counted(of, now - took, now, bh__clock_read_ns(gui_clock));
        atomic_store(&long_took_ns, took);
        atomic_store(&long_turn, of);
    }
    if (!handled && took < LEAST_NS) /* the loop merely went round */
        return;
    _Atomic uint64_t *count = &counts[class_of(took)];
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + 1, memory_order_relaxed);
    if (took > atomic_load_explicit(&longest_ns, memory_order_relaxed))
        atomic_store_explicit(&longest_ns, took, memory_order_relaxed);
    note_recent(now, took);
}

/* --- the GUI thread */

static void begin(uint64_t next, int64_t now)
{
    atomic_store_explicit(&since_ns, now, memory_order_relaxed);
    atomic_store(&turn, next);
    if (atomic_load(&asleep) && atomic_exchange(&asleep, false))
        sem_post(&bell);
}

void bh__beat_turn(bh__door_turn what)
{
    uint64_t before = atomic_load_explicit(&turn, memory_order_relaxed);
    bool busy = before % 2 != 0;
    if (what == BH__TURN_HANDLES) {
        if (!busy)
            begin(before + 1, bh__clock_ns());
        handled = true;
        return;
    }
    int64_t now = bh__clock_ns();
    if (busy)
        finish(now);
    handled = false;
    if (what == BH__TURN_BEGINS)
        begin(before + (busy ? 2 : 1), now);
    else if (busy)
        atomic_store(&turn, before + 1);
}

void bh__beat_start(int64_t least_long_ns)
{
    static bool prepared;
    if (!prepared)
        prepared = sem_init(&bell, 0, 0) == 0 && pthread_getcpuclockid(pthread_self(), &gui_clock) == 0;
    for (int i = 0; i < CLASSES; i++)
        atomic_store(&counts[i], 0);
    atomic_store(&longest_ns, 0);
    atomic_store(&recent[0].second, 0);
    atomic_store(&recent[1].second, 0);
    atomic_store(&next_look_ns, INT64_MAX);
    long_ns = least_long_ns;
    handled = false;
    begin((atomic_load(&turn) | 1) + 2, bh__clock_ns());
}

/* --- the watchdog */

bool bh__beat_read(bh__beat *out)
{
    out->turn = atomic_load(&turn);
    out->since_ns = atomic_load(&since_ns);
    return atomic_load(&turn) == out->turn;
}

void bh__beat_sleep(uint64_t seen)
{
    atomic_store(&next_look_ns, INT64_MAX);
    atomic_store(&asleep, true);
    if (atomic_load(&turn) == seen)
        while (sem_wait(&bell) && errno == EINTR)
            continue;
    atomic_store(&asleep, false);
}

void bh__beat_sleep_until(int64_t at_ns)
{
    const struct timespec at = bh__clock_timespec(at_ns);
    while (sem_clockwait(&bell, CLOCK_MONOTONIC, &at) && errno == EINTR)
        continue;
}

void bh__beat_wake(void)
{
    sem_post(&bell);
}

void bh__beat_seen(uint64_t of, int64_t ns, int64_t ran_ns, int64_t next_ns)
{
    atomic_store(&excused_turn, 0);
    atomic_store(&excused_ns, ns);
    atomic_store(&ran_then_ns, ran_ns);
    atomic_store(&excused_turn, of);
    atomic_store(&next_look_ns, next_ns);
}

int64_t bh__beat_took_ms(uint64_t of, int64_t fallback)
{
    return atomic_load(&long_turn) == of ? atomic_load(&long_took_ns) / 1000000 : fallback;
}

/* --- for who asks */

static double percentile(const uint64_t *of, uint64_t total, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)total), seen = 0;
    for (unsigned i = 0; i < CLASSES; i++)
        if ((seen += of[i]) > wanted)
            return class_ms(i);
    return 0;
}

void bh__beat_latency(bh_watchdog_latency *out)
{
    uint64_t copy[CLASSES], total = 0;
    bh__beat now;
    for (int i = 0; i < CLASSES; i++)
        total += copy[i] = atomic_load_explicit(&counts[i], memory_order_relaxed);
    int64_t longest = atomic_load(&longest_ns), clock = bh__clock_ns(), lately = recent_ns(clock);
    if (bh__beat_read(&now) && now.turn % 2 != 0) {
        int64_t took = counted(now.turn, now.since_ns, clock, bh__clock_read_ns(gui_clock));
        longest = took > longest ? took : longest;
        lately = took > lately ? took : lately;
    }
    double longest_ms = (double)longest / 1e6; /* no part of it took longer, though the middle of its class may be more */
    *out = (bh_watchdog_latency){.turns = total,
                                 .p50_ms = fmin(percentile(copy, total, 0.5), longest_ms),
                                 .p99_ms = fmin(percentile(copy, total, 0.99), longest_ms),
                                 .longest_ms = longest_ms,
                                 .recent_ms = (double)lately / 1e6};
}
