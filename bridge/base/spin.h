/* A way to a lock that others take and leave all the time. */
#ifndef BASE_SPIN_H
#define BASE_SPIN_H

#include <pthread.h>

static inline void bh__pause(int times)
{
    for (int i = 0; i < times; i++) {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("yield");
#endif
    }
}

/* A thread in a storm of calls holds the lock half of the time; one that went to sleep for it would make the other wake it at each
 * unlock, a hundred times what a call costs. So it tries between the other's turns first, PAUSES apart. */
static inline void bh__lock_between(pthread_mutex_t *lock, int pauses)
{
    enum { TRIES = 200 };
    for (int i = 0; i < TRIES; i++) {
        if (pthread_mutex_trylock(lock) == 0)
            return;
        bh__pause(pauses);
    }
    pthread_mutex_lock(lock);
}

#endif
