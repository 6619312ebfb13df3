/* Inside the watchdog. The GUI thread keeps its beat (watchdog_beat.c); the watchdog's thread looks at it (watchdog.c), judges what it sees
 * (watchdog_judge.c), and says so (watchdog_report.c) with the stacks that threads take of themselves (thread_stack_linux.c). */
#ifndef GUARD_WATCHDOG_H
#define GUARD_WATCHDOG_H

#include "core/door.h"

#include <bulkhead/watchdog.h>

/* --- the moments of the program; GUI thread */

void bh__watchdog_app_created(void);
void bh__watchdog_loop_begins(void);
void bh__watchdog_loop_ended(void);
void bh__watchdog_gone(void);

/* --- the beat: watchdog_beat.c */

enum { BH__BEAT_SLACK_MS = 50 }; /* so late the watchdog may be without that meaning anything */

/* The GUI thread is in turn TURN; odd: busy since SINCE_NS, even: it waits for events. */
typedef struct bh__beat {
    uint64_t turn;
    int64_t since_ns;
} bh__beat;

/* Counts anew from here, as busy. A turn of LONG_NS or more is looked at more closely when it ends. GUI thread. */
void bh__beat_start(int64_t long_ns);
void bh__beat_turn(bh__door_turn turn); /* GUI thread */

/* False if it changed meanwhile. Any thread. */
bool bh__beat_read(bh__beat *out);

/* The watchdog's: sleeps until a turn begins that comes after TURN, or bh__beat_wake; or until AT_NS, whatever happens. */
void bh__beat_sleep(uint64_t turn);
void bh__beat_sleep_until(int64_t at_ns);
void bh__beat_wake(void); /* any thread */

/* What the watchdog has seen: so much of TURN does not count; the GUI thread had run for RAN_NS in all; it looks again at NEXT_NS
 * (INT64_MAX: it cannot say). */
void bh__beat_seen(uint64_t turn, int64_t excused_ns, int64_t ran_ns, int64_t next_ns);

/* How long TURN has taken if it has ended and was long, in ms; or else FALLBACK. */
int64_t bh__beat_took_ms(uint64_t turn, int64_t fallback);

/* All but hangs. Any thread. */
void bh__beat_latency(bh_watchdog_latency *out);

/* --- the judgement: watchdog_judge.c. Knows no clock, no thread and no text; tests call it, too. */

typedef struct bh__look {
    uint64_t turn;     /* of the beat */
    int64_t since_ms;  /* of the beat */
    int64_t now_ms;    /* CLOCK_MONOTONIC */
    int64_t late_ms;   /* this look comes later than it was meant to: the process, or the machine, stood still */
    int64_t ran_ms;    /* for how long in all the GUI thread has run */
    int64_t queued_ms; /* for how long in all the GUI thread was ready to run, and did not */
    int64_t boot_ms;   /* CLOCK_BOOTTIME: goes on where the machine sleeps */
} bh__look;

typedef struct bh__judge {
    int64_t limit_ms[3]; /* of the stages */
    bh__look last;
    int told;                 /* stages of the hang that is under way */
    int64_t stood_ms;         /* of the turn: everything stood still */
    int64_t queued_before_ms; /* the turn */
} bh__judge;

/* True if a hang that was told of is over with this look. */
BH_API bool bh__judge_look(bh__judge *self, const bh__look *look);

/* How long the turn has lasted by the last look, without what does not count; 0 while the GUI thread waits. */
BH_API int64_t bh__judge_age(const bh__judge *self);

/* How much of the turn does not count. */
BH_API int64_t bh__judge_excused(const bh__judge *self);

/* True for each stage that is due by then, once; what it is in STAGE. */
BH_API bool bh__judge_next(bh__judge *self, bh_hang_stage *stage);

/* STAGE, and what follows it, is not to be told yet: the turn counts from the last look on only. */
BH_API void bh__judge_excuse(bh__judge *self, bh_hang_stage stage);

/* --- stacks: thread_stack_linux.c */

enum { BH__THREAD_STACK_SIZE = 8192 };

/* Chooses a real-time signal that nobody uses, and keeps it. False if there is none. */
bool bh__thread_stack_prepare(void);

/* Asks the thread TID for its stack, and waits for TIMEOUT_MS: the first lines of a record (process/crash_record.h), without modules, and
 * their length. 0: it did not answer. The watchdog's thread only. */
size_t bh__thread_stack_take(int tid, char out[BH__THREAD_STACK_SIZE], int timeout_ms);

/* --- reports: watchdog_report.c. The watchdog's thread, but for prepare. */

/* False without memory. Asks now for what may not be had while the GUI thread hangs. */
bool bh__hang_prepare(void);
void bh__hang_release(void);

typedef struct bh__hang_facts {
    bh_hang hang;      /* without its texts */
    const char *phase; /* "in its event loop" */
    uint64_t turn;     /* of the beat */
    int gui_tid;
    bh_hang_function fn;
    void *user;
    _Atomic bool *stopping; /* then nothing is waited for any more */
} bh__hang_facts;
void bh__hang_report(const bh__hang_facts *facts);

/* --- the system: watchdog_linux.c */

typedef struct bh__system {
    int schedstat, stat; /* of the GUI thread; -1: there is none */
    uint64_t ran_ns, queued_ns;
    int64_t since_ms; /* they are so */
} bh__system;
void bh__system_open(bh__system *self, int gui_tid);
void bh__system_close(bh__system *self);

/* For how long in all, by NOW_MS, the GUI thread has run, and was ready to and did not; 0 where the system does not tell. */
void bh__system_times(bh__system *self, int64_t now_ms, int64_t *ran_ms, int64_t *queued_ms);
BH_API bool bh__system_has_debugger(void);

/* Tests: the clocks of the watchdog jump by so much, as though the machine had slept. */
BH_API void bh__watchdog_sleep_machine(int64_t ms);
int64_t bh__system_boot_ms(void);

#endif
