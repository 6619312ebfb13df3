/* The mailbox: see mailbox.h for how it works. */
#include "core/mailbox.h"

#include "base/memory.h"
#include "base/spin.h"
#include "base/status.h"
#include "core/connection.h"
#include "core/post.h"
#include "core/thread.h"

#include <string.h>
#include <time.h>

enum {
    CHUNK_BYTES = 32 * 1024,
    SLICE_MS = 3,
    CHECK_EVERY = 8, /* messages between two looks at the exact clock */
    MOST_SPARES = 8,
    STORM = 16 /* messages since the last pause, from which on it is worth another one */
};

struct bh__chunk {
    bh__chunk *next;
    size_t capacity, used;
    size_t read; /* owner only */
    int in_use;  /* owner only: callbacks that still look into it */
    unsigned char data[] __attribute__((aligned(16)));
};

/* When a slice ends. The coarse clock costs a few nanoseconds and is read after every message, so that slow callbacks end a slice in
 * time; its step may be as long as a slice, so the exact clock, which costs ten times that, is read now and then as well. */
typedef struct slice {
    int64_t coarse_end, exact_end; /* ms */
    unsigned count;
} slice;

static slice begin_slice(void)
{
    return (slice){bh__clock_coarse_ms() + SLICE_MS, bh__clock_ms() + SLICE_MS, 0};
}

static bool slice_is_over(slice *self)
{
    if (++self->count % CHECK_EVERY == 0 && bh__clock_ms() >= self->exact_end)
        return true;
    return bh__clock_coarse_ms() > self->coarse_end;
}

void bh__mailbox_init(bh__mailbox *box)
{
    pthread_mutexattr_t adaptive;
    memset(box, 0, sizeof *box);
    pthread_mutexattr_init(&adaptive);
    pthread_mutexattr_settype(&adaptive, PTHREAD_MUTEX_ADAPTIVE_NP); /* held for some tens of nanoseconds: spin before sleeping */
    pthread_mutex_init(&box->lock, &adaptive);
    pthread_mutexattr_destroy(&adaptive);
    pthread_cond_init(&box->space, NULL);
    bh__cond_init(&box->arrived);
    box->epoch = 1;
}

static void free_chunks(bh__chunk *first)
{
    while (first) {
        bh__chunk *next = first->next;
        bh__free(first);
        first = next;
    }
}

void bh__mailbox_deinit(bh__mailbox *box)
{
    free_chunks(box->spare);
    pthread_mutex_destroy(&box->lock);
    pthread_cond_destroy(&box->space);
    pthread_cond_destroy(&box->arrived);
}

/* --- sending: all under the lock */

static bh__chunk *new_chunk(bh__mailbox *box, size_t size)
{
    size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    bh__chunk *chunk = capacity == CHUNK_BYTES ? box->spare : NULL;
    if (chunk) {
        box->spare = chunk->next;
        box->spare_count--;
    } else {
        chunk = bh__malloc(sizeof *chunk + capacity);
        box->stats.bytes += chunk ? capacity : 0;
    }
    if (chunk)
        *chunk = (bh__chunk){.capacity = capacity};
    return chunk;
}

/* Each line of a chunk is in the other core's cache, some hundreds of nanoseconds away: asked for a dozen messages before it is
 * needed, it is there in time. Past the end of a chunk this asks in vain, and harms nothing. */
enum { FETCH_AHEAD = 1536, CACHE_LINE = 64 };

static inline void fetch_to_read(const unsigned char *at)
{
    __builtin_prefetch(at + FETCH_AHEAD);
    __builtin_prefetch(at + FETCH_AHEAD + CACHE_LINE);
}

/* GCC's prefetch for writing is one for reading on plain x86-64; the line would have to be asked for again, as one's own. Where the
 * processor does not know prefetchw, it does nothing. */
static inline void fetch_to_write(const unsigned char *at)
{
#if defined(__x86_64__)
    __asm__ volatile("prefetchw %0\n\tprefetchw %1" : : "m"(at[FETCH_AHEAD]), "m"(at[FETCH_AHEAD + CACHE_LINE]));
#else
    __builtin_prefetch(at + FETCH_AHEAD, 1);
    __builtin_prefetch(at + FETCH_AHEAD + CACHE_LINE, 1);
#endif
}

static size_t shared_count(const bh__mailbox *box)
{
    return atomic_load_explicit(&box->shared_count, memory_order_relaxed);
}

/* Under the lock, so that a load and a store are enough. */
static void set_shared_count(bh__mailbox *box, size_t count)
{
    atomic_store_explicit(&box->shared_count, count, memory_order_relaxed);
}

static bh__message *allocate(bh__mailbox *box, bh__message_kind kind, size_t payload)
{
    size_t size = (sizeof(bh__message) + payload + 15) & ~(size_t)15;
    if (size > UINT32_MAX)
        return NULL;
    if (!box->tail || box->tail->capacity - box->tail->used < size) {
        bh__chunk *chunk = new_chunk(box, size);
        if (!chunk)
            return NULL;
        if (box->tail)
            box->tail->next = chunk;
        else
            box->head = chunk;
        box->tail = chunk;
    }
    bh__message *message = (bh__message *)(box->tail->data + box->tail->used);
    fetch_to_write(box->tail->data + box->tail->used);
    box->tail->used += size;
    set_shared_count(box, shared_count(box) + 1);
    box->stats.sent += kind != BH__MESSAGE_END;
    message->size = (uint32_t)size;
    message->kind = (uint16_t)kind;
    message->count = 0;
    return message;
}

/* The newest message of the stream, for its place, if nothing else of the sender lies behind it. */
static bh__message *replace_newest(bh__mailbox *box, bh__stream *stream, size_t payload, uint64_t change)
{
    bh__message *newest = stream->newest;
    if (stream->policy != BH_QUEUE_NEWEST || !newest || stream->newest_change != change)
        return NULL;
    box->stats.conflated++;
    box->stats.sent++;
    if (newest->size >= sizeof(bh__message) + payload)
        return newest;
    newest->kind = BH__MESSAGE_REPLACED;
    stream->newest = NULL;
    stream->count--;
    box->stats.sent--;
    return NULL;
}

static void refresh(bh__mailbox *box, bh__stream *stream)
{
    if (stream->epoch == box->epoch)
        return;
    stream->epoch = box->epoch;
    stream->count = 0;
    stream->newest = NULL;
}

/* Waits for space with the lock held. The waiter's own senders are let through meanwhile, or two threads that emit to each other
 * would wait for ever. */
static void wait_for_space(bh__mailbox *box, const bh__stream *stream)
{
    bh__mailbox *mine = &bh__self()->mailbox;
    uint32_t epoch = box->epoch;
    box->stats.blocked++;
    pthread_mutex_unlock(&box->lock);
    bh__mailbox_lenient(mine, true);
    pthread_mutex_lock(&box->lock);
    box->blocked_now++;
    while (box->open && !box->lenient && !stream->ended && box->epoch == epoch)
        pthread_cond_wait(&box->space, &box->lock);
    box->blocked_now--;
    pthread_mutex_unlock(&box->lock);
    bh__mailbox_lenient(mine, false);
    pthread_mutex_lock(&box->lock);
}

bh__message *bh__mailbox_reserve(bh__mailbox *box, bh__stream *stream, size_t size, uint64_t change, bool may_block,
                                 bool *no_memory)
{
    bh__message *message = NULL;
    *no_memory = false;
    pthread_mutex_lock(&box->lock);
    for (;;) {
        if (!box->open || stream->ended) {
            box->stats.late++;
            break;
        }
        refresh(box, stream);
        message = replace_newest(box, stream, size, change);
        if (message)
            return message;
        bool full = stream->count >= stream->bound;
        if (full && stream->policy == BH_QUEUE_DROP) {
            box->stats.dropped++;
            break;
        }
        if (full && may_block && !box->lenient) {
            wait_for_space(box, stream);
            continue;
        }
        if (full)
            box->stats.exceeded++;
        message = allocate(box, BH__MESSAGE_SIGNAL, size);
        *no_memory = !message;
        if (!message)
            break;
        stream->count++;
        stream->newest = message;
        stream->newest_change = change;
        return message;
    }
    pthread_mutex_unlock(&box->lock);
    return NULL;
}

bh__message *bh__mailbox_append(bh__mailbox *box, bh__message_kind kind, size_t size)
{
    pthread_mutex_lock(&box->lock);
    bh__message *message = box->open ? allocate(box, kind, size) : NULL;
    if (!message)
        pthread_mutex_unlock(&box->lock);
    else if (kind == BH__MESSAGE_COMPLETION)
        box->completions++;
    return message;
}

/* Under the lock: makes sure that an event is under way. */
static void post(bh__mailbox *box)
{
    if (box->posted || !box->receiver)
        return;
    box->posted = true;
    bhs_mailbox_wake(box->receiver);
}

void bh__mailbox_commit(bh__mailbox *box)
{
    post(box);
    if (box->waiting)
        pthread_cond_signal(&box->arrived);
    pthread_mutex_unlock(&box->lock);
}

bool bh__mailbox_end_stream(bh__mailbox *box, bh__connection *connection, bh__stream *stream)
{
    pthread_mutex_lock(&box->lock);
    stream->ended = true;
    if (box->blocked_now)
        pthread_cond_broadcast(&box->space);
    bool open = box->open;
    bh__message *last = open ? allocate(box, BH__MESSAGE_END, 0) : NULL;
    if (last) {
        last->of.connection = connection;
        bh__mailbox_commit(box);
    } else {
        pthread_mutex_unlock(&box->lock);
    }
    return open;
}

void bh__mailbox_lenient(bh__mailbox *box, bool on)
{
    pthread_mutex_lock(&box->lock);
    box->lenient += on ? 1 : -1;
    if (on && box->blocked_now)
        pthread_cond_broadcast(&box->space);
    pthread_mutex_unlock(&box->lock);
}

/* --- receiving: the owner's thread */

/* Takes all that has been sent; true if there was something. Under the lock. */
static bool take_all(bh__mailbox *box)
{
    if (!box->head)
        return false;
    box->local = box->head;
    box->local_count = shared_count(box);
    box->head = box->tail = NULL;
    set_shared_count(box, 0);
    box->epoch++;
    if (box->blocked_now)
        pthread_cond_broadcast(&box->space);
    return true;
}

static void lock_as_owner(bh__mailbox *box)
{
    bh__lock_between(&box->lock, 4);
}

static void recycle(bh__mailbox *box, bh__chunk *chunk)
{
    lock_as_owner(box);
    bool keep = box->spare_count < MOST_SPARES && chunk->capacity == CHUNK_BYTES;
    if (keep) {
        chunk->next = box->spare;
        box->spare = chunk;
        box->spare_count++;
    } else {
        box->stats.bytes -= chunk->capacity;
    }
    pthread_mutex_unlock(&box->lock);
    if (!keep)
        bh__free(chunk);
}

/* A chunk that has been read to its end goes when no callback looks into it any more. */
static void release_chunk(bh__mailbox *box, bh__chunk *chunk)
{
    if (--chunk->in_use == 0 && chunk->read == chunk->used && chunk != box->local)
        recycle(box, chunk);
}

/* The next message, or NULL if nothing is left. Its chunk stays until release_chunk. */
static bh__message *next_message(bh__mailbox *box, bh__chunk **from)
{
    if (!box->local) {
        lock_as_owner(box);
        bool some = take_all(box);
        if (some && box->local_count > 1)
            post(box);
        pthread_mutex_unlock(&box->lock);
        if (!some)
            return NULL;
    }
    bh__chunk *chunk = box->local;
    bh__message *message = (bh__message *)(chunk->data + chunk->read);
    fetch_to_read(chunk->data + chunk->read);
    chunk->read += message->size;
    chunk->in_use++;
    box->local_count--;
    if (chunk->read == chunk->used)
        box->local = chunk->next;
    *from = chunk;
    return message;
}

static void count_completion(bh__mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    box->completions--;
    pthread_mutex_unlock(&box->lock);
}

/* Runs one message, or, when the mailbox is closing, only what must not be lost. */
static bool run_message(bh__mailbox *box, bh__message *message, bool closing)
{
    switch ((bh__message_kind)message->kind) {
    case BH__MESSAGE_REPLACED:
        return true;
    case BH__MESSAGE_SIGNAL:
        return !closing && bh__connection_deliver(message->of.connection, message->cells, message->count);
    case BH__MESSAGE_CALL:
        return bh__call_run((bh__call *)message->cells, closing);
    case BH__MESSAGE_COMPLETION:
        count_completion(box);
        return bh__call_run((bh__call *)message->cells, false);
    case BH__MESSAGE_SEND:
        bh__send_answer(message->of.wait, closing);
        return true;
    case BH__MESSAGE_END:
        bh__connection_last(message->of.connection);
        return true;
    }
    return true;
}

typedef struct tally {
    uint64_t delivered, late;
} tally;

static void run_next(bh__mailbox *box, bh__message *message, bh__chunk *chunk, bool closing, tally *sum)
{
    bool counts = message->kind != BH__MESSAGE_END && message->kind != BH__MESSAGE_REPLACED;
    bool done = run_message(box, message, closing);
    release_chunk(box, chunk);
    if (counts && done)
        sum->delivered++;
    else if (counts)
        sum->late++;
}

static void begin_batch(bh__mailbox *box)
{
    lock_as_owner(box);
    if (!box->local)
        take_all(box);
    if (box->local_count > 1)
        post(box);
    pthread_mutex_unlock(&box->lock);
}

/* Under the lock: what a storm has left, but for one chunk, for the caller to free. */
static bh__chunk *surplus(bh__mailbox *box)
{
    bh__chunk *first = box->spare_count > 1 ? box->spare->next : NULL;
    if (!first)
        return NULL;
    box->spare->next = NULL;
    box->stats.bytes -= (size_t)(box->spare_count - 1) * CHUNK_BYTES;
    box->spare_count = 1;
    return first;
}

static bool end_batch(bh__mailbox *box, tally sum)
{
    lock_as_owner(box);
    bool more = box->local || box->head;
    box->stats.delivered += sum.delivered;
    box->stats.late += sum.late;
    bh__chunk *unused = more ? NULL : surplus(box);
    if (more)
        post(box);
    pthread_mutex_unlock(&box->lock);
    free_chunks(unused);
    return more;
}

/* In a storm the sender is about to send more. Taking every dozen of messages as it comes would have the two cores pass the same
 * lines of memory to and fro, and going back to the event loop each time would add a sleep and a wake-up: both cost many times what
 * the messages cost. So the owner leaves the sender alone for a moment, within its slice, and takes what has gathered. */
static bool more_soon(bh__mailbox *box)
{
    enum { ENOUGH = 256 };
    static const struct timespec moment = {0, 50000};
    if (shared_count(box) < ENOUGH)
        nanosleep(&moment, NULL);
    return shared_count(box) > 0;
}

bool bh__mailbox_deliver(bh__mailbox *box)
{
    slice time = begin_slice();
    tally sum = {0, 0};
    uint64_t before = 0;
    begin_batch(box);
    do {
        bh__chunk *chunk;
        bh__message *message = next_message(box, &chunk);
        uint64_t now = sum.delivered + sum.late;
        if (message)
            run_next(box, message, chunk, false, &sum);
        else if (now - before < STORM || !more_soon(box))
            break;
        else
            before = now;
    } while (!atomic_load_explicit(&box->ending, memory_order_relaxed) && !slice_is_over(&time));
    return end_batch(box, sum);
}

void bh__mailbox_deliver_completions(bh__mailbox *box)
{
    for (;;) {
        pthread_mutex_lock(&box->lock);
        bool some = box->completions > 0;
        pthread_mutex_unlock(&box->lock);
        if (!some)
            return;
        bh__mailbox_deliver(box);
    }
}

void bh__on_mailbox(void *mailbox)
{
    bh__mailbox *box = mailbox;
    lock_as_owner(box);
    box->posted = false;
    box->stats.batches++;
    pthread_mutex_unlock(&box->lock);
    bh__mailbox_deliver(box);
}

/* --- opening and closing */

void bh__mailbox_open(bh__mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    box->open = true;
    pthread_mutex_unlock(&box->lock);
}

bool bh__mailbox_is_open(bh__mailbox *box)
{
    pthread_mutex_lock(&box->lock);
    bool open = box->open;
    pthread_mutex_unlock(&box->lock);
    return open;
}

bool bh__mailbox_receive(bh__mailbox *box)
{
    bhs_object *receiver = bhs_mailbox_create(box);
    pthread_mutex_lock(&box->lock);
    box->receiver = receiver;
    box->open = receiver != NULL;
    if (box->head && receiver)
        post(box);
    pthread_mutex_unlock(&box->lock);
    return receiver != NULL;
}

void bh__mailbox_close(bh__mailbox *box)
{
    tally sum = {0, 0};
    bh__message *message;
    bh__chunk *chunk;
    pthread_mutex_lock(&box->lock);
    bhs_object *receiver = box->receiver;
    box->receiver = NULL;
    box->open = false;
    box->posted = false;
    pthread_cond_broadcast(&box->space);
    pthread_mutex_unlock(&box->lock);
    while ((message = next_message(box, &chunk)))
        run_next(box, message, chunk, true, &sum);
    end_batch(box, sum);
    if (receiver)
        bhs_delete(receiver);
}

/* --- statistics */

bh_status(bh_mailbox_get_stats)(bh_thread *thread, bh_mailbox_stats *out)
{
    if (!out)
        return bh__fail(BH_ERROR_NULL, "bh_mailbox_get_stats", "out is NULL: pass the address of a bh_mailbox_stats");
    memset(out, 0, sizeof *out);
    bh__thread *owner = bh__gui();
    if (thread && !(owner = bh__check_pin(thread, BH__THREAD, "bh_mailbox_get_stats", "thread")))
        return bh__last_status();
    if (!owner)
        return bh__fail(BH_ERROR_NO_APP, "bh_mailbox_get_stats", "there is no GUI thread: call bh_app_create first");
    pthread_mutex_lock(&owner->mailbox.lock);
    *out = owner->mailbox.stats;
    out->waiting = shared_count(&owner->mailbox) + owner->mailbox.local_count;
    pthread_mutex_unlock(&owner->mailbox.lock);
    if (thread)
        bh__unpin(thread);
    return BH_OK;
}
