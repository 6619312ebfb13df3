/* The application's end, for workers and tasks together: all are told first, then waited for in what is left of the time. */
#ifndef THREAD_END_H
#define THREAD_END_H

#include <stdint.h>

/* Until that moment of bh__clock_ms. GUI thread. */
void bh__end_work(int64_t deadline_ms);

#endif
