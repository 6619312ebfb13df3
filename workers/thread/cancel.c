/* Being asked to stop. */
#include "thread/cancel.h"

#include "core/door.h"

void bh__cancel_init(bh__cancel *self)
{
    atomic_init(&self->asked, false);
    pthread_mutex_init(&self->lock, NULL);
    bh__cond_init(&self->wake);
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
    int64_t until = bh__clock_ms() + (ms > 0 ? ms : 0);
    struct timespec deadline = bh__clock_timespec_ms(until);
    int waited = 0;
    pthread_mutex_lock(&self->lock);
    while (!atomic_load(&self->asked) && waited == 0)
        waited = pthread_cond_timedwait(&self->wake, &self->lock, &deadline);
    pthread_mutex_unlock(&self->lock);
    return atomic_load(&self->asked) ? BH_CANCELLED : BH_OK;
}
