/* The watchdog: says when the GUI thread hangs, and where.
 *
 * A hang is a turn of the event loop that takes too long: the window does not answer, and nobody sees why. From bh_watchdog_start on a
 * thread of the library looks at the turns of the GUI thread. Of each hang it says once
 *
 *   after 128 ms    that there is one: a warning in the log, category "watchdog"
 *   after 1 s       where: the stack of the GUI thread, with functions, files and lines
 *   after 5 s       everything: all threads of the process, with the stacks of ours
 *
 * and how long it was, when it is over. Nothing is ever killed, and nothing goes on differently because of it.
 *
 *     bh_watchdog_start(NULL);                            (first thing in main, after bh_main_guard)
 *     bh_app_create(argc, argv);
 *
 * What is no hang: a dialog with an event loop of its own, as long as that turns; a machine that sleeps; a process that is stopped, or
 * has a debugger; a machine that is so busy that the GUI thread, ready to run, does not get a processor: such times do not count. What
 * is one: all else that keeps the GUI thread from its event loop, a wait for another thread too, and before and after the event loop what
 * the start and the end of the program do.
 *
 * While nothing happens neither the GUI thread nor the watchdog wakes up. A turn costs some 200 ns. */
#ifndef BULKHEAD_WATCHDOG_H
#define BULKHEAD_WATCHDOG_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bh_hang_stage {
    BH_HANG_NOTICED, /* it has lasted for notice_ms */
    BH_HANG_STACK,   /* for stack_ms: where and text are the GUI thread's */
    BH_HANG_REPORT,  /* for report_ms: text is of all threads */
    BH_HANG_OVER     /* it is over */
} bh_hang_stage;

/* Valid during the call. Fields are only ever added. */
typedef struct bh_hang {
    bh_hang_stage stage;
    uint64_t number;   /* of this hang, from 1 on since the start of the watchdog */
    int64_t for_ms;    /* how long by now; of one that is over how long in all, to within a quarter of notice_ms */
    const char *where; /* "read_all (reader.c:42)"; "" where that is not known. Never NULL */
    const char *text;  /* lines: a sentence, then what was found. Never NULL */
} bh_hang;

typedef void (*bh_hang_function)(const bh_hang *hang, void *user);

/* Begin with BH_WATCHDOG_INIT, which sets the size. 0 and NULL mean what stands in brackets. */
typedef struct bh_watchdog_options {
    size_t size;           /* set by the initialiser */
    int notice_ms;         /* [128] */
    int stack_ms;          /* more than that [1000] */
    int report_ms;         /* more than that [5000] */
    bh_hang_function hang; /* called at each stage, on the watchdog's thread, before the log; NULL: nobody */
    void *user;
    void (*drop)(void *user); /* runs once, on the watchdog's thread, when that ends */
} bh_watchdog_options;

#define BH_WATCHDOG_INIT .size = sizeof(bh_watchdog_options)

/* Starts it. OPTIONS NULL: BH_WATCHDOG_INIT alone. Before bh_app_create, too: then it sees what hangs in there. It ends with the application,
 * after the finalisers. A call that fails takes nothing. BH_ERROR_EXISTS if it runs, BH_ERROR_RANGE for times that do not rise,
 * BH_ERROR_MEMORY, BH_ERROR_SYSTEM without another thread or a real-time signal. The program's main thread. */
BH_API bh_status bh_watchdog_start(const bh_watchdog_options *options);

/* Ends it, and waits for that for a second at most: if HANG still runs by then, it goes on (BH_TIMEOUT), and the watchdog ends behind it.
 * BH_OK if there is none. The program's main thread, and not HANG. */
BH_API bh_status bh_watchdog_stop(void);

/* How long turns of the event loop have taken since the start of the watchdog, those that handled something. What does not count for a hang
 * does not count here. Fields are only ever added. */
typedef struct bh_watchdog_latency {
    uint64_t turns;
    double p50_ms, p99_ms; /* so long or shorter: half of them, 99 of 100; to within an eighth */
    double longest_ms;     /* the longest, with the one that is under way */
    uint64_t hangs;        /* that lasted for notice_ms */
    double recent_ms;      /* the longest of the last second or two, with the one that is under way */
} bh_watchdog_latency;

/* All 0 if the watchdog was never started; what it has seen, once it has ended. Any thread; does not wait for the GUI thread. */
BH_API bh_status bh_watchdog_get_latency(bh_watchdog_latency *out);

#define bh_watchdog_start(...) BH_AT(bh_watchdog_start(__VA_ARGS__))
#define bh_watchdog_stop(...) BH_AT(bh_watchdog_stop(__VA_ARGS__))
#define bh_watchdog_get_latency(...) BH_AT(bh_watchdog_get_latency(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
