/* The thread behind the write front: see its header. */
#include "jobs/fetch/behind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, SYNC_EVERY = 128 << 20 };

/* Under the lock: waits until there is something to do. False: it is to end. */
static bool await_work(behind *b, int64_t *from, int64_t *size, bool *sync)
{
    for (;;) {
        int64_t ready = b->hashing ? b->front - b->hashed : 0;
        bool last = b->front == b->total;
        *from = b->hashed;
        *size = ready < BLOCK ? ready : BLOCK;
        *sync = b->written - b->flushed >= SYNC_EVERY;
        if (b->stop || b->error)
            return false;
        if (ready >= BLOCK || (last && ready > 0) || *sync)
            return true;
        pthread_cond_wait(&b->changed, &b->lock);
    }
}

static int hash_block(behind *b, unsigned char *block, int64_t from, int64_t size)
{
    for (int64_t done = 0; done < size;) {
        ssize_t got = pread(b->file, block + done, (size_t)(size - done), from + done);
        if (got == 0 || (got < 0 && errno != EINTR))
            return got == 0 ? EIO : errno;
        done += got > 0 ? got : 0;
    }
    return digest_add(&b->digest, block, (size_t)size) ? 0 : ENOMEM;
}

static void *work(void *user)
{
    behind *b = user;
    int64_t from, size;
    bool sync;
    unsigned char *block = malloc(BLOCK);
    pthread_mutex_lock(&b->lock);
    b->error = block ? 0 : ENOMEM;
    while (await_work(b, &from, &size, &sync)) {
        int64_t written = b->written;
        uint64_t records = b->records;
        pthread_mutex_unlock(&b->lock);
        int error = size > 0 ? hash_block(b, block, from, size) : 0;
        if (!error && sync && fdatasync(b->file))
            error = errno;
        pthread_mutex_lock(&b->lock);
        b->hashed += error ? 0 : size;
        if (!error && sync) {
            b->flushed = written;
            b->synced = records;
        }
        b->error = error;
        pthread_cond_broadcast(&b->changed);
    }
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    free(block);
    return NULL;
}

bool behind_begin(behind *b, int file, int64_t total, const digest_wanted *wanted)
{
    *b = (struct behind){.file = file, .total = total, .hashing = *wanted->name != 0};
    if (b->hashing && !digest_begin(&b->digest, wanted, total))
        return false;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    b->running = pthread_create(&b->thread, NULL, work, b) == 0;
    if (!b->running && b->hashing)
        digest_drop(&b->digest);
    return b->running;
}

uint64_t behind_advance(behind *b, int64_t front, int64_t written, uint64_t records)
{
    if (!b->running)
        return 0;
    pthread_mutex_lock(&b->lock);
    b->front = front;
    b->written = written;
    b->records = records;
    uint64_t synced = b->synced;
    if (front - b->hashed >= BLOCK || front == b->total || written - b->flushed >= SYNC_EVERY)
        pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    return synced;
}

bool behind_wait(behind *b, int ms, int64_t *hashed)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&b->lock);
    int late = 0;
    while (b->hashing && !b->error && b->hashed < b->total && !late)
        late = pthread_cond_timedwait(&b->changed, &b->lock, &until);
    *hashed = b->hashed;
    bool over = !b->hashing || b->error || b->hashed >= b->total;
    pthread_mutex_unlock(&b->lock);
    return over;
}

int behind_end(behind *b)
{
    if (!b->running)
        return 0;
    pthread_mutex_lock(&b->lock);
    b->stop = true;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    b->running = false;
    return b->error;
}

void behind_drop(behind *b)
{
    behind_end(b);
    if (b->hashing)
        digest_drop(&b->digest);
    b->hashing = false;
}
