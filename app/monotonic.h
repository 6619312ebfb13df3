/* The clock that nobody sets. */
#ifndef APP_MONOTONIC_H
#define APP_MONOTONIC_H

#include <time.h>

/* Seconds since some moment before the program began. */
static inline double monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

#endif
