/* Time that goes on evenly: CLOCK_MONOTONIC, the same in all processes of the machine; and waiting by it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

static inline int64_t bh__clock_read_ns(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t bh__clock_ns(void)
{
    return bh__clock_read_ns(CLOCK_MONOTONIC);
}

static inline int64_t bh__clock_ms(void)
{
    return bh__clock_ns() / 1000000;
}

/* Some milliseconds behind, but read without asking the hardware, which costs ten times as much. */
static inline int64_t bh__clock_coarse_ms(void)
{
    return bh__clock_read_ns(CLOCK_MONOTONIC_COARSE) / 1000000;
}

static inline struct timespec bh__clock_timespec(int64_t ns)
{
    return (struct timespec){ns / 1000000000, ns % 1000000000};
}

static inline struct timespec bh__clock_timespec_ms(int64_t ms)
{
    return (struct timespec){ms / 1000, ms % 1000 * 1000000};
}

/* One whose timed waits go by this clock. */
static inline void bh__cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

#endif
