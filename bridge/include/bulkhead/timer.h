/* Timers, from the event loop of the calling thread (the GUI thread or a bh_thread). */
#ifndef BULKHEAD_TIMER_H
#define BULKHEAD_TIMER_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A repeating timer. A checked handle, stale once stopped. */
typedef struct bh_timer bh_timer;

typedef enum bh_timer_type {
    BH_TIMER_COARSE, /* within 5 % of the interval: lets the system sleep */
    BH_TIMER_PRECISE /* within a millisecond */
} bh_timer_type;

/* Runs FN(USER) once, after DELAY_MS (0: as soon as the loop is back), if the application still exists then. */
BH_API bh_status bh_timer_single_shot(int delay_ms, void (*fn)(void *user), void *user);

/* The same on CONTEXT's behalf: not if CONTEXT is gone by then. CONTEXT belongs to the calling thread. */
BH_API bh_status bh_timer_single_shot_for(bh_object *context, int delay_ms, void (*fn)(void *user), void *user);

/* Runs FN(USER) every INTERVAL_MS until bh_timer_stop, or until CONTEXT (may be NULL) is gone. 0: each time the loop is idle. NULL on
 * failure. */
BH_API bh_timer *bh_timer_start(int interval_ms, bh_timer_type type, bh_object *context, void (*fn)(void *user), void *user);

/* Another interval, counted from now. The timer's thread. */
BH_API bh_status bh_timer_set_interval(bh_timer *timer, int interval_ms);

/* Stops and frees it; inside its own callback too. NULL is BH_OK and does nothing. The timer's thread. */
BH_API bh_status bh_timer_stop(bh_timer *timer);

#define bh_timer_single_shot(...) BH_AT(bh_timer_single_shot(__VA_ARGS__))
#define bh_timer_single_shot_for(...) BH_AT(bh_timer_single_shot_for(__VA_ARGS__))
#define bh_timer_start(...) BH_AT(bh_timer_start(__VA_ARGS__))
#define bh_timer_set_interval(...) BH_AT(bh_timer_set_interval(__VA_ARGS__))
#define bh_timer_stop(...) BH_AT(bh_timer_stop(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
