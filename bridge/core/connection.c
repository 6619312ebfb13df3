/* Connections: their records, references, lists and ends. See connection.h for their life. */
#include "core/connection.h"

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/thread.h"

#include <string.h>

enum { DISPATCHER_NUMBERS = 60000 * 64, RECORDS_PER_BLOCK = 64 };

/* Records live for ever; a number names one for the dispatcher. */
typedef struct block {
    bh__connection records[RECORDS_PER_BLOCK];
} block;

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static bh__connection *free_records;
static _Atomic(block *) blocks[DISPATCHER_NUMBERS / RECORDS_PER_BLOCK];
static uint32_t record_count;

static bh__connection *record_at(uint32_t id)
{
    if (id >= DISPATCHER_NUMBERS)
        return NULL;
    block *one = atomic_load_explicit(&blocks[id / RECORDS_PER_BLOCK], memory_order_acquire);
    return one ? &one->records[id % RECORDS_PER_BLOCK] : NULL;
}

static bh__connection *new_record(void)
{
    if (record_count == DISPATCHER_NUMBERS)
        return NULL;
    uint32_t id = record_count;
    block *one = atomic_load_explicit(&blocks[id / RECORDS_PER_BLOCK], memory_order_relaxed);
    if (!one) {
        one = bh__calloc(1, sizeof *one);
        if (!one)
            return NULL;
        atomic_store_explicit(&blocks[id / RECORDS_PER_BLOCK], one, memory_order_release);
    }
    record_count++;
    one->records[id % RECORDS_PER_BLOCK].id = id;
    return &one->records[id % RECORDS_PER_BLOCK];
}

bh__connection *bh__connection_take(void)
{
    pthread_mutex_lock(&table_lock);
    bh__connection *record = free_records;
    if (record)
        free_records = record->next;
    else
        record = new_record();
    pthread_mutex_unlock(&table_lock);
    return record;
}

static void give_record(bh__connection *record)
{
    pthread_mutex_lock(&table_lock);
    record->next = free_records;
    free_records = record;
    pthread_mutex_unlock(&table_lock);
}

/* --- references */

/* A reference, unless the record has ended or been used anew. */
bool bh__connection_try_ref(bh__connection *connection)
{
    uint32_t refs = atomic_load_explicit(&connection->refs, memory_order_relaxed);
    do {
        if (refs == 0)
            return false;
    } while (
        !atomic_compare_exchange_weak_explicit(&connection->refs, &refs, refs + 1, memory_order_acquire, memory_order_relaxed));
    if (!atomic_load_explicit(&connection->dead, memory_order_acquire))
        return true;
    bh__connection_unref(connection);
    return false;
}

void bh__sender_unref(bh__sender *sender)
{
    if (atomic_fetch_sub(&sender->refs, 1) != 1)
        return;
    pthread_mutex_destroy(&sender->lock);
    bh__free(sender);
}

void bh__connection_unref(bh__connection *connection)
{
    if (atomic_fetch_sub_explicit(&connection->refs, 1, memory_order_acq_rel) != 1)
        return;
    void (*drop)(void *) = connection->drop;
    void *user = connection->user;
    bh__sender *sender = connection->sender;
    bh__thread *target = connection->target;
    connection->sender = NULL;
    connection->target = NULL;
    give_record(connection);
    if (sender)
        bh__sender_unref(sender);
    if (target)
        bh__thread_unref(target);
    if (drop)
        bh__run_void(drop, user, "drop of a connection");
}

/* --- the sender's list */

void bh__listeners_unref(bh__listeners *listeners)
{
    if (!listeners || atomic_fetch_sub_explicit(&listeners->refs, 1, memory_order_acq_rel) != 1)
        return;
    for (int i = 0; i < listeners->count; i++)
        bh__connection_unref(listeners->list[i]);
    bh__free(listeners);
}

/* A copy of OLD (may be NULL) with ADDED and without REMOVED (each may be NULL). NULL without memory. */
static bh__listeners *changed_list(const bh__listeners *old, bh__connection *added, const bh__connection *removed)
{
    int count = old ? old->count : 0;
    bh__listeners *list = bh__malloc(sizeof *list + sizeof *list->list * (size_t)(count + 1));
    if (!list)
        return NULL;
    atomic_init(&list->refs, 1);
    list->count = 0;
    for (int i = 0; i < count; i++)
        if (old->list[i] != removed)
            list->list[list->count++] = old->list[i];
    if (added)
        list->list[list->count++] = added;
    for (int i = 0; i < list->count; i++)
        atomic_fetch_add_explicit(&list->list[i]->refs, 1, memory_order_relaxed);
    return list;
}

bh__sender *bh__sender_of(bh__object *object)
{
    if (object->sender)
        return object->sender;
    bh__sender *made = bh__calloc(1, sizeof *made);
    if (!made)
        return NULL;
    pthread_mutex_init(&made->lock, NULL);
    atomic_store(&made->refs, 1);
    made->last_signal = -1;
    /* Two threads may connect to the same object for the first time. */
    bh__sender *expected = NULL;
    if (__atomic_compare_exchange_n(&object->sender, &expected, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return made;
    bh__sender_unref(made);
    return expected;
}

static bool same_target(const bh__connection *a, const bh__connection *b)
{
    return a->signal == b->signal && a->callback.function == b->callback.function && a->user == b->user;
}

bh_status bh__sender_add(bh__sender *sender, bh__connection *connection, bool unique)
{
    pthread_mutex_lock(&sender->lock);
    bh__listeners *old = sender->listeners;
    bh_status status = BH_OK;
    for (int i = 0; old && i < old->count && unique && !status; i++)
        if (same_target(old->list[i], connection))
            status = BH_ERROR_EXISTS;
    bh__listeners *list = status ? NULL : changed_list(old, connection, NULL);
    if (list)
        sender->listeners = list;
    else if (!status)
        status = BH_ERROR_MEMORY;
    pthread_mutex_unlock(&sender->lock);
    if (list)
        bh__listeners_unref(old);
    return status;
}

/* Without memory for a shorter list a dead one stays listed, until the list changes again or its object goes. */
static void list_remove(bh__sender *sender, bh__connection *connection)
{
    pthread_mutex_lock(&sender->lock);
    bh__listeners *old = sender->listeners;
    bh__listeners *list = old ? changed_list(old, NULL, connection) : NULL;
    if (list)
        sender->listeners = list;
    pthread_mutex_unlock(&sender->lock);
    if (list)
        bh__listeners_unref(old);
}

/* --- ending */

/* Ends it, once, from any thread. The sender's lock is not held. */
void bh__connection_end(bh__connection *connection)
{
    if (atomic_exchange(&connection->dead, true))
        return;
    bh__handle_destroy(connection->handle, BH__CONNECTION);
    if (connection->qt)
        bhs_disconnect(connection->qt);
    if (connection->sender)
        list_remove(connection->sender, connection);
    if (connection->context_object)
        bh__end_remove(connection->context_object, &connection->context_end);
    if (!connection->target || !bh__mailbox_end_stream(&connection->target->mailbox, connection, &connection->stream))
        bh__connection_unref(connection);
}

static void on_context_gone(bh__end *end)
{
    bh__connection *connection = (bh__connection *)((char *)end - offsetof(bh__connection, context_end));
    connection->context_object = NULL;
    bh__connection_end(connection);
}

void bh__sender_gone(bh__object *object)
{
    bh__sender *sender = __atomic_exchange_n(&object->sender, NULL, __ATOMIC_ACQ_REL);
    if (!sender)
        return;
    pthread_mutex_lock(&sender->lock);
    bh__listeners *list = sender->listeners;
    sender->listeners = NULL;
    pthread_mutex_unlock(&sender->lock);
    for (int i = 0; list && i < list->count; i++)
        bh__connection_end(list->list[i]);
    bh__listeners_unref(list);
    bh__sender_unref(sender);
}

bh_status(bh_disconnect)(bh_connection *handle)
{
    if (!handle)
        return BH_OK;
    bh__connection *connection = bh__check_pin(handle, BH__CONNECTION, "bh_disconnect", "connection");
    if (!connection)
        return bh__last_status();
    bool held = bh__connection_try_ref(connection);
    bh__unpin(handle);
    if (!held)
        return bh__fail(BH_ERROR_STALE, "bh_disconnect", "the connection has ended already");
    bh__connection_end(connection);
    bh__connection_unref(connection);
    return BH_OK;
}

/* Behind its last message, on its thread: at once, or when the callbacks that still run have returned. */
void bh__connection_last(bh__connection *connection)
{
    if (connection->running)
        connection->last_seen = true;
    else
        bh__connection_unref(connection);
}

/* --- the numbers that the dispatcher knows */

bh__connection *bh__connection_numbered(uint32_t id)
{
    bh__connection *connection = record_at(id);
    return connection && bh__connection_try_ref(connection) ? connection : NULL;
}

bool bh__connection_context(bh__connection *connection, bh__object *context)
{
    connection->context_end.run = on_context_gone;
    connection->context_object = context;
    if (bh__end_add(context, &connection->context_end))
        return true;
    connection->context_object = NULL;
    return false;
}
