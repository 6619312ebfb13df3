/* The queue of a pool: see work.h. */
#include "base/work.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/spin.h"

#include <limits.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK_ITEMS = 126, /* 4 KiB */
    MOST_SPARES = 8,
    PAUSES = 8,
    MOST_VAIN = 64,
    LOOK_ON_NS = 30000 /* a result's way to the event loop and the next task's way back take a third of it */
};

static const int64_t above_all = (int64_t)INT_MAX + 1;

/* READ items have gone; a listed chunk has one more at least. */
struct bh__work_chunk {
    bh__work_chunk *next;
    unsigned read, used;
    bh__work items[CHUNK_ITEMS];
};

static void lock(bh__work_queue *queue)
{
    bh__lock_between(&queue->lock, PAUSES);
}

static void unlock(bh__work_queue *queue)
{
    pthread_mutex_unlock(&queue->lock);
}

void bh__work_init(bh__work_queue *queue)
{
    memset(queue, 0, sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
}

static void free_chunks(bh__work_chunk *first)
{
    while (first) {
        bh__work_chunk *next = first->next;
        bh__free(first);
        first = next;
    }
}

void bh__work_deinit(bh__work_queue *queue)
{
    for (bh__work_level *next, *level = queue->first; level; level = next) {
        next = level->next;
        free_chunks(level->head);
        if (level != &queue->usual)
            bh__free(level);
    }
    free_chunks(queue->spare);
    pthread_mutex_destroy(&queue->lock);
}

/* --- all that follows under the lock, down to the calls */

static bh__work_chunk *new_chunk(bh__work_queue *queue)
{
    bh__work_chunk *chunk = queue->spare;
    if (chunk) {
        queue->spare = chunk->next;
        queue->spare_count--;
    } else {
        chunk = bh__malloc(sizeof *chunk);
    }
    if (chunk) {
        chunk->next = NULL;
        chunk->read = chunk->used = 0;
    }
    return chunk;
}

static bh__work_level *new_level(bh__work_queue *queue, int64_t rank)
{
    bh__work_level *level = queue->usual_taken ? bh__malloc(sizeof *level) : &queue->usual;
    bh__work_chunk *chunk = level ? new_chunk(queue) : NULL;
    if (!chunk) {
        if (level != &queue->usual)
            bh__free(level);
        return NULL;
    }
    if (level == &queue->usual)
        queue->usual_taken = true;
    *level = (bh__work_level){rank, chunk, chunk, NULL};
    return level;
}

/* The first whose rank is not above this one. */
static bh__work_level **place_of(bh__work_queue *queue, int64_t rank)
{
    bh__work_level **at = &queue->first;
    while (*at && (*at)->rank > rank)
        at = &(*at)->next;
    return at;
}

/* The chunk for one more item; NULL without memory. */
static bh__work_chunk *room_for(bh__work_queue *queue, int64_t rank)
{
    bh__work_level **at = place_of(queue, rank);
    if (!*at || (*at)->rank != rank) {
        bh__work_level *made = new_level(queue, rank);
        if (!made)
            return NULL;
        made->next = *at;
        *at = made;
        return made->tail;
    }
    bh__work_chunk *tail = (*at)->tail;
    if (tail->used < CHUNK_ITEMS)
        return tail;
    bh__work_chunk *chunk = new_chunk(queue);
    if (chunk)
        (*at)->tail = tail->next = chunk;
    return chunk;
}

static void drop_level(bh__work_queue *queue, bh__work_level *level)
{
    *place_of(queue, level->rank) = level->next;
    if (level == &queue->usual)
        queue->usual_taken = false;
    else
        bh__free(level);
}

/* The head of the first level has been read to its end. Adds it to UNUSED if it is not kept. */
static void drop_head(bh__work_queue *queue, bh__work_chunk **unused)
{
    bh__work_level *level = queue->first;
    bh__work_chunk *head = level->head;
    level->head = head->next;
    if (!level->head)
        drop_level(queue, level);
    bool keep = queue->spare_count < MOST_SPARES;
    bh__work_chunk **list = keep ? &queue->spare : unused;
    queue->spare_count += keep;
    head->next = *list;
    *list = head;
}

/* False if none is left. */
static bool next_item(bh__work_queue *queue, bh__work *out, bh__work_chunk **unused)
{
    bool found = false;
    while (!found && queue->first) {
        bh__work_chunk *head = queue->first->head;
        *out = head->items[head->read++];
        found = out->fn != NULL;
        if (head->read == head->used)
            drop_head(queue, unused);
    }
    if (!found)
        return false;
    queue->count--;
    if (out->ticket)
        out->ticket->place = NULL;
    return true;
}

static void empty_place(bh__work_queue *queue, bh__work *item)
{
    if (item->ticket)
        item->ticket->place = NULL;
    item->fn = NULL;
    queue->count--;
}

/* --- the calls */

int bh__work_allow(bh__work_queue *queue, int more)
{
    lock(queue);
    queue->most += more;
    int free_seats = queue->most - queue->seats;
    int wanted = free_seats <= 0 ? 0 : (size_t)free_seats < queue->count ? free_seats : (int)queue->count;
    queue->seats += wanted;
    unlock(queue);
    return wanted;
}

int bh__work_present(bh__work_queue *queue)
{
    int absent = 0;
    lock(queue);
    const bh__work_level *level = queue->first;
    const bh__work_chunk *chunk = level && level->rank == above_all ? level->head : NULL;
    for (; chunk; chunk = chunk->next)
        for (unsigned i = chunk->read; i < chunk->used; i++)
            absent += chunk->items[i].fn != NULL;
    int present = queue->seats - absent - queue->looking_on;
    unlock(queue);
    return present > 0 ? present : 0;
}

bool bh__work_add(bh__work_queue *queue, int priority, const bh__work *item, bool *wanted)
{
    lock(queue);
    bool awaited = queue->looking_on && queue->count == 0;
    bool seat = queue->seats < queue->most && !awaited;
    bh__work_chunk *chunk = room_for(queue, seat ? above_all : priority);
    *wanted = chunk && seat;
    queue->seats += *wanted;
    queue->bringing += *wanted;
    if (chunk) {
        bh__work *place = &chunk->items[chunk->used++];
        *place = *item;
        if (item->ticket)
            item->ticket->place = place;
        queue->count++;
    }
    unlock(queue);
    return chunk != NULL;
}

void bh__work_brought(bh__work_queue *queue)
{
    lock(queue);
    queue->bringing--;
    unlock(queue);
}

void bh__work_settle(bh__work_queue *queue)
{
    bool settled = false;
    while (!settled) {
        lock(queue);
        settled = queue->bringing == 0;
        unlock(queue);
        if (!settled)
            sched_yield();
    }
}

bool bh__work_next(bh__work_queue *queue, bh__work *item)
{
    bh__work_chunk *unused = NULL;
    lock(queue);
    bool found = queue->seats <= queue->most && next_item(queue, item, &unused);
    queue->seats -= !found;
    unlock(queue);
    free_chunks(unused);
    return found;
}

static bool begin_to_look_on(bh__work_queue *queue)
{
    lock(queue);
    bool begins = !queue->looking_on && queue->count == 0 && queue->seats <= queue->most && queue->passed++ >= queue->vain;
    queue->looking_on |= begins;
    unlock(queue);
    return begins;
}

void bh__work_look_on(bh__work_queue *queue)
{
    static _Atomic long cores;
    if (!atomic_load_explicit(&cores, memory_order_relaxed))
        atomic_store_explicit(&cores, sysconf(_SC_NPROCESSORS_ONLN), memory_order_relaxed);
    if (atomic_load_explicit(&cores, memory_order_relaxed) < 2 || !begin_to_look_on(queue))
        return;
    int64_t until = bh__clock_ns() + LOOK_ON_NS;
    while (bh__work_is_empty(queue) && bh__clock_ns() < until)
        bh__pause(PAUSES);
    lock(queue);
    bool vain = queue->count == 0;
    queue->vain = !vain ? 0 : queue->vain < MOST_VAIN ? 2 * queue->vain + 1 : MOST_VAIN;
    queue->passed = 0;
    queue->looking_on = false;
    unlock(queue);
}

void bh__work_leave(bh__work_queue *queue)
{
    lock(queue);
    queue->seats--;
    unlock(queue);
}

bool bh__work_pop(bh__work_queue *queue, bh__work *item)
{
    bh__work_chunk *unused = NULL;
    lock(queue);
    bool found = next_item(queue, item, &unused);
    unlock(queue);
    free_chunks(unused);
    return found;
}

bool bh__work_take(bh__work_queue *queue, bh__work_ticket *ticket, bh__work *item)
{
    lock(queue);
    bh__work *place = ticket->place;
    if (place) {
        *item = *place;
        empty_place(queue, place);
    }
    unlock(queue);
    return place != NULL;
}

static bool is_same(const bh__work *a, const bh__work *b)
{
    return a->fn == b->fn && a->user == b->user && a->drop == b->drop && a->ticket == b->ticket;
}

bool bh__work_withdraw(bh__work_queue *queue, const bh__work *item)
{
    bh__work *last = NULL;
    lock(queue);
    const bh__work_level *level = queue->first;
    bh__work_chunk *chunk = level && level->rank == above_all ? level->head : NULL;
    for (; chunk; chunk = chunk->next)
        for (unsigned i = chunk->read; i < chunk->used; i++)
            if (is_same(&chunk->items[i], item))
                last = &chunk->items[i];
    if (last)
        empty_place(queue, last);
    unlock(queue);
    return last != NULL;
}
