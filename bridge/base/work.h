/* What a pool has still to run, and how many threads are at it.
 *
 * Higher priorities go first; within one it is first come, first run. Items lie by value in chunks, one behind the other: an item needs
 * no memory of its own, which one thread would ask for and another give back, and the next ones are fetched into the cache with it.
 *
 * A thread that runs items has a seat. It takes one item after the other until none is left, and then leaves: as long as the seats are
 * taken, to add an item is all that there is to do, and nobody is woken. Whoever adds one where a seat is free is told to bring a thread;
 * that item goes before all that come while the thread is on its way, whatever their priority.
 *
 * To wake a thread takes longer than most answers to a result: one that has run the last item looks on for a moment, in its seat, before
 * it leaves. One at a time does; the next item is its own, and nobody is brought for it. Where the next one does not come so soon, or
 * others need the core, that is in vain, and tried more and more seldom.
 *
 * One lock guards all of it; no code of the program runs under it. A line of memory takes some hundreds of nanoseconds from one core to
 * another, in which the owner of the lock could do many items. So who finds the lock taken leaves its owner alone for a moment. */
#ifndef BASE_WORK_H
#define BASE_WORK_H

#include <bulkhead/status.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

typedef struct bh__work bh__work;
typedef struct bh__work_chunk bh__work_chunk;

/* For an item that somebody may take back. Guarded by the queue's lock while the item is in it. */
typedef struct bh__work_ticket {
    bh__work *place; /* NULL: somebody has it */
} bh__work_ticket;

struct bh__work {
    bh_status (*fn)(void *user); /* NULL: taken back, an empty place */
    void *user;
    void (*drop)(void *user);
    bh__work_ticket *ticket; /* or NULL */
};

/* The items of one rank, and never none: it is listed while it has some. */
typedef struct bh__work_level {
    int64_t rank; /* the priority, or above all */
    bh__work_chunk *head, *tail;
    struct bh__work_level *next; /* a lower one */
} bh__work_level;

typedef struct bh__work_queue {
    pthread_mutex_t lock; /* guards all of it */
    int seats, most;      /* taken, and how many there are */
    int bringing;         /* those who bring a thread just now */
    bool looking_on;      /* one of the seats is */
    int vain, passed;     /* how often one shall not look on, as it was in vain before; and how often it has not since */
    _Atomic size_t count; /* items, without those that were taken back; who looks on reads it without the lock */
    bh__work_level *first;
    bh__work_level usual; /* most queues have one priority at a time: it costs no memory */
    bool usual_taken;
    int spare_count;
    bh__work_chunk *spare;
} bh__work_queue;

BH_API void bh__work_init(bh__work_queue *queue); /* without seats */
BH_API void bh__work_deinit(bh__work_queue *queue);

/* MORE seats, or fewer if it is negative. How many threads the caller must bring: their seats are taken already. */
BH_API int bh__work_allow(bh__work_queue *queue, int more);

/* False: no memory. WANTED: the caller must bring a thread, whose seat is taken already, and then call bh__work_brought, whether there
 * was one or not. The item may have run before. */
BH_API bool bh__work_add(bh__work_queue *queue, int priority, const bh__work *item, bool *wanted);

BH_API void bh__work_brought(bh__work_queue *queue);

/* Waits for those who bring a thread. Nothing is added any more. */
BH_API void bh__work_settle(bh__work_queue *queue);

static inline bool bh__work_is_empty(const bh__work_queue *queue)
{
    return atomic_load_explicit(&queue->count, memory_order_relaxed) == 0;
}

/* For a thread with a seat: the next item. False, and it has the seat no more, if nothing is left or there are too many at it. */
BH_API bool bh__work_next(bh__work_queue *queue, bh__work *item);

/* For a thread with a seat, after an item: if it was the last, waits some microseconds for the next one. Not where there is one core only. */
BH_API void bh__work_look_on(bh__work_queue *queue);

/* How many threads are at it, without those that have yet to come, and those that look on. */
BH_API int bh__work_present(bh__work_queue *queue);

/* There was no thread to bring: its seat is free again. */
BH_API void bh__work_leave(bh__work_queue *queue);

/* For anyone: the next item, to be dropped. */
BH_API bool bh__work_pop(bh__work_queue *queue, bh__work *item);

/* The item of this ticket; false if somebody has it. */
BH_API bool bh__work_take(bh__work_queue *queue, bh__work_ticket *ticket, bh__work *item);

/* Takes out one that is the same as ITEM, the last of those that a thread was wanted for; false if there is none any more. */
BH_API bool bh__work_withdraw(bh__work_queue *queue, const bh__work *item);

#endif
