/* Time that goes on evenly: CLOCK_MONOTONIC, the same in all processes of the machine. */
#ifndef PROCESS_CLOCK_H
#define PROCESS_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t bh__clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t bh__clock_ms(void)
{
    return bh__clock_ns() / 1000000;
}

#endif
