/* Being asked to stop: a flag that is cheap to look at, and a sleep that it ends. Workers and tasks each have one. */
#ifndef THREAD_CANCEL_H
#define THREAD_CANCEL_H

#include <bulkhead/status.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct bh__cancel {
    _Atomic bool asked;
    pthread_mutex_t lock; /* guards the sleep, and what its owner says it does */
    pthread_cond_t wake;
} bh__cancel;

void bh__cancel_init(bh__cancel *self);
void bh__cancel_deinit(bh__cancel *self);
void bh__cancel_ask(bh__cancel *self);

/* Sleeps for MS milliseconds: BH_OK, or BH_CANCELLED as soon as it was asked. */
bh_status bh__cancel_sleep(bh__cancel *self, int ms);

static inline bool bh__cancel_asked(const bh__cancel *self)
{
    return atomic_load_explicit(&self->asked, memory_order_relaxed);
}

#endif
