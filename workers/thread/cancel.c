/* Being asked to stop. */
#include "thread/cancel.h"

#include "core/door.h"

#include <time.h>

void bh__cancel_init(bh__cancel *self)
{
    pthread_condattr_t monotonic;
    atomic_init(&self->asked, false);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void bh__cancel_deinit(bh__cancel *self)
{
    pthread_mutex_destroy(&self->lock);
    pthread_cond_destroy(&self->wake);
}

void bh__cancel_ask(bh__cancel *self)
{
    atomic_store(&self->asked, true);
    pthread_mutex_lock(&self->lock);
    pthread_cond_broadcast(&self->wake);
    pthread_mutex_unlock(&self->lock);
}

bh_status bh__cancel_sleep(bh__cancel *self, int ms)
{
    int64_t until = bh__door_now_ms() + (ms > 0 ? ms : 0);
    struct timespec deadline = {until / 1000, until % 1000 * 1000000};
    int waited = 0;
    pthread_mutex_lock(&self->lock);
    while (!atomic_load(&self->asked) && waited == 0)
        waited = pthread_cond_timedwait(&self->wake, &self->lock, &deadline);
    pthread_mutex_unlock(&self->lock);
    return atomic_load(&self->asked) ? BH_CANCELLED : BH_OK;
}
