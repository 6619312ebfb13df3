/* watchdog.overhead_pct: what the watchdog costs a program that is busy: processor time of all threads for a storm of signals, from a thread
 * to the GUI thread, with the watchdog on, against off; the median of alternating rounds.
 * watchdog.turn_ns: the same for a turn of the event loop that handles next to nothing, a single timer: as much as it ever is.
 * watchdog.idle_wakeups_per_s: how often the GUI thread and the watchdog wake up where nothing happens. */
#include "bench.h"

#include <bulkhead/bulkhead.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { STORM = 200000, ROUNDS = 41, TURNS = 20000, IDLE_S = 3, TICK = 0 };

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* --- a storm */

static bh_object *sender;
static int heard;

static bh_status emit_all(void *user)
{
    (void)user;
    for (int i = 0; i < STORM; i++)
        bh_emit(sender, TICK, i, BENCH_TEXT);
    return BH_OK;
}

static void on_tick(void *user, int number, const char *text)
{
    (void)user;
    bench_require(number == heard++ && text[0] == BENCH_TEXT[0], "signals arrive in order");
    if (heard == STORM)
        bh_app_quit(0);
}

static double storm(void)
{
    double begun = processor_seconds();
    heard = 0;
    bench_require(bh_post(sender, emit_all, NULL, NULL) == BH_OK, "the sender starts");
    bh_app_exec();
    return processor_seconds() - begun;
}

/* --- turns */

static void turn(void *user)
{
    int *left = user;
    if (--*left > 0)
        bh_timer_single_shot(0, turn, left);
    else
        bh_app_quit(0);
}

static double turns(void)
{
    int left = TURNS;
    double begun = processor_seconds();
    bh_timer_single_shot(0, turn, &left);
    bh_app_exec();
    return processor_seconds() - begun;
}

/* --- on and off */

static double (*load)(void);

static double with(void)
{
    bench_require(bh_watchdog_start(NULL) == BH_OK, "it starts");
    double took = load();
    bench_require(bh_watchdog_stop() == BH_OK, "it stops");
    return took;
}

static double without(void)
{
    return load();
}

static bench_rounds compare(double (*of)(void))
{
    load = of;
    with(); /* not the first time that anything is needed */
    return bench_alternate(ROUNDS, with, without);
}

static double median_difference(const bench_rounds *rounds)
{
    double differences[BENCH_MAX_ROUNDS];
    for (int i = 0; i < rounds->count; i++)
        differences[i] = rounds->ours[i] - rounds->theirs[i];
    return bench_median(differences, (size_t)rounds->count);
}

/* --- rest */

static long wakeups(const char *of)
{
    char path[64], line[256];
    long found = 0, value;
    bh_thread_info *threads;
    size_t count;
    bench_require(bh_threads_list(&threads, &count) == BH_OK, "threads can be listed");
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/proc/self/task/%d/status", threads[i].tid);
        bool counts = of ? strcmp(threads[i].name, of) == 0 : threads[i].kind == BH_THREAD_GUI;
        FILE *file = counts ? fopen(path, "re") : NULL;
        while (file && fgets(line, sizeof line, file))
            if (sscanf(line, "voluntary_ctxt_switches:\t%ld", &value) == 1)
                found += value;
        if (file)
            fclose(file);
    }
    bh_free(threads);
    return found;
}

static bh_status quit(void *user)
{
    (void)user;
    bh_app_quit(0);
    return BH_OK;
}

static double counted;

static void *count_wakeups(void *unused)
{
    (void)unused;
    usleep(500000); /* by then it has seen that nothing happens */
    long before = wakeups(NULL) + wakeups("bh-watchdog");
    sleep(IDLE_S);
    counted = (double)(wakeups(NULL) + wakeups("bh-watchdog") - before) / IDLE_S;
    bh_post(NULL, quit, NULL, NULL);
    return NULL;
}

static void rest(void)
{
    pthread_t thread;
    bench_require(bh_watchdog_start(NULL) == BH_OK, "it starts");
    bench_require(pthread_create(&thread, NULL, count_wakeups, NULL) == 0, "a thread starts");
    bh_app_exec();
    pthread_join(thread, NULL);
    bh_watchdog_stop();
}

int main(int argc, char **argv)
{
    static const bh_class ticker = {BH_CLASS_INIT, .name = "Ticker", .signals = {[TICK] = "tick(int,QString)"}};
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
    bench_require(bh_app_create(argc, argv) != NULL, "there is an application");
    bh_thread *thread = bh_thread_create("storm");
    sender = bh_create_instance(&ticker, NULL, NULL);
    bench_require(bh_connect(sender, "tick", BH_CALLBACK(on_tick, int, const char *), bh_app(), NULL) != NULL, "it connects");
    bench_require(bh_thread_start(thread) == BH_OK && bh_move_to_thread(sender, thread) == BH_OK, "the thread starts");
    bench_rounds rounds = compare(storm);
    bench_figure("watchdog.overhead_pct", (1 / bench_ratio(&rounds) - 1) * 100, "%");
    rounds = compare(turns);
    bench_figure("watchdog.turn_ns", median_difference(&rounds) / TURNS * 1e9, "ns");
    bench_figure("watchdog.turn_pct", (1 / bench_ratio(&rounds) - 1) * 100, "%");
    rest();
    bench_figure("watchdog.idle_wakeups_per_s", counted, "1/s");
    bh_app_destroy();
    return 0;
}
