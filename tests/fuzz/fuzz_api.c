/* Random calls of the whole public API, with arguments of every kind, on threads of every kind (api/fuzz.h says how).
 *
 *     fuzz_api --seconds N [--seed S] [--steps N] [--threads N] [--percent N] [--only FILE] [--list]
 *
 * Prints its seed first. The calls of the main thread replay with the same seed, as far as no other thread and no timer takes part:
 * --threads 0 leaves the raw threads out, --steps N ends after N calls, --only FILE makes only the calls whose numbers stand in
 * FILE (api/minimize.py looks for the fewest that still crash). FUZZ_VERBOSE in the environment shows each sentence.
 *
 * Ends with 0 only if nothing crashed, hung, leaked or broke a promise, and if enough functions have succeeded at least once. */
#include "api/fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { RAW_THREADS = 2, MEMORY_LIMIT_MIB = 6000 };

static struct {
    double seconds;
    unsigned long long steps;
    int threads;
    unsigned percent;
    FILE *only;
} options = {.seconds = 10, .steps = ~0ull, .threads = RAW_THREADS, .percent = 80};

static _Atomic bool raw_threads_end;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void nap(void)
{
    struct timespec time = {0, 100000};
    nanosleep(&time, NULL);
}

/* --- a thread that the library has not made, and that calls everything all the same */

static void *raw_thread(void *user)
{
    fuzz_lane = 1 + *(int *)user;
    fuzz_watchdog_lane();
    for (uint64_t step = 0; !atomic_load(&raw_threads_end); step++) {
        fuzz_seed(fuzz_mix(fuzz_run_seed ^ (uint64_t)fuzz_lane << 48, step));
        fuzz_call();
        nap();
    }
    for (fuzz_kind kind = 0; kind < FUZZ_KIND_COUNT; kind++)
        for (int i = 0; i < 200; i++)
            fuzz_kill_one(kind);
    atomic_store(&fuzz_progress[fuzz_lane], UINT64_MAX);
    return NULL;
}

static pthread_t raw_threads[RAW_THREADS];
static int numbers[RAW_THREADS];

static void start_raw_threads(void)
{
    for (int i = 0; i < options.threads; i++) {
        numbers[i] = i;
        if (pthread_create(&raw_threads[i], NULL, raw_thread, &numbers[i]))
            abort();
    }
}

/* They may be waiting for this thread. */
static void end_raw_threads(void)
{
    atomic_store(&raw_threads_end, true);
    for (int i = 0; i < options.threads; i++) {
        while (atomic_load(&fuzz_progress[i + 1]) != UINT64_MAX) {
            atomic_fetch_add(&fuzz_progress[0], 1);
            if (bh_app())
                bh_app_process_events(1);
            nap();
        }
        pthread_join(raw_threads[i], NULL);
    }
}

/* --- the main thread */

/* Each call has its own seed, so it does not need those before it. */
static bool step(void)
{
    unsigned long long number = atomic_load(&fuzz_step) + 1;
    if (options.only && fscanf(options.only, "%llu", &number) != 1)
        return false;
    atomic_store(&fuzz_step, number);
    fuzz_seed(fuzz_mix(fuzz_run_seed, number));
    if (!bh_app() && fuzz_chance(5))
        fuzz_call_by_name("bh_app_create");
    if (fuzz_chance(6))
        fuzz_call_by_name("bh_app_process_events");
    else
        fuzz_call();
    return true;
}

static void check_live_objects(void)
{
    bh_live_object one;
    char text[200];
    if (bh_live_objects(&one, 1) == 0)
        return;
    snprintf(text, sizeof text, "%s '%s' of thread '%s'%s", one.class_name, one.name, one.thread,
             one.has_parent ? ", a child" : "");
    fuzz_complain("bh_app_destroy", "objects that are still alive", text);
}

static void check_drops(void)
{
    char text[64];
    snprintf(text, sizeof text, "%ld", fuzz_tokens());
    if (fuzz_tokens() != 0)
        fuzz_complain("bh_app_destroy", "drop functions that have not run", text);
}

static void finish(void)
{
    atomic_store(&fuzz_stopping, true);
    end_raw_threads();
    if (bh_app() && bh_app_destroy())
        fuzz_complain("bh_app_destroy", "refused at the end", bh_last_error());
    fuzz_watchdog_stop();
    check_drops();
    check_live_objects();
    fuzz_names_stop();
}

/* What asks for all the memory of the machine gets none, instead of all. A sanitizer needs the room for itself. */
static void limit_memory(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    struct rlimit limit = {(rlim_t)MEMORY_LIMIT_MIB << 20, (rlim_t)MEMORY_LIMIT_MIB << 20};
    setrlimit(RLIMIT_AS, &limit);
#endif
}

static void usage(void)
{
    fprintf(stderr,
            "usage: fuzz_api [--seconds N] [--seed S] [--steps N] [--threads 0-%d] [--percent N] [--only FILE] [--list]\n",
            RAW_THREADS);
    exit(2);
}

static void read_options(int argc, char **argv)
{
    fuzz_run_seed = (uint64_t)time(NULL);
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--list")) {
            fuzz_list();
            exit(0);
        }
        if (i + 1 == argc)
            usage();
        const char *value = argv[++i];
        if (!strcmp(argv[i - 1], "--seconds"))
            options.seconds = strtod(value, NULL);
        else if (!strcmp(argv[i - 1], "--seed"))
            fuzz_run_seed = strtoull(value, NULL, 0);
        else if (!strcmp(argv[i - 1], "--steps"))
            options.steps = strtoull(value, NULL, 0);
        else if (!strcmp(argv[i - 1], "--threads"))
            options.threads = atoi(value);
        else if (!strcmp(argv[i - 1], "--percent"))
            options.percent = (unsigned)atoi(value);
        else if (!strcmp(argv[i - 1], "--only"))
            options.only = fopen(value, "r");
        else
            usage();
    }
    if (options.threads < 0 || options.threads > RAW_THREADS)
        usage();
}

int main(int argc, char **argv)
{
    read_options(argc, argv);
    printf("fuzz_api: seed %llu\n", (unsigned long long)fuzz_run_seed);
    fflush(stdout);
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
    limit_memory();
    fuzz_lane = 0;
    fuzz_trace_signals();
    fuzz_engine_start();
    fuzz_names_start();
    fuzz_watchdog_start();
    fuzz_call_by_name("bh_app_create");
    start_raw_threads();
    double end = now() + options.seconds;
    for (unsigned long long i = 0; i < options.steps && now() < end && step(); i++)
        continue;
    finish();
    bool enough = fuzz_report(options.percent);
    printf("seed %llu, %llu steps: %s\n", (unsigned long long)fuzz_run_seed, (unsigned long long)atomic_load(&fuzz_step),
           fuzz_complaints() ? "broken promises"
           : enough          ? "passed"
                             : "too few functions reached");
    return fuzz_complaints() || !enough;
}
