/* Delivering a signal to its callbacks: here, through the receiver's mailbox, or with the emitter waiting. */
#include "base/status.h"
#include "core/connection.h"
#include "core/guard.h"
#include "core/post.h"
#include "core/thread.h"
#include "core/value.h"

#include <bulkhead/object.h>
#include <string.h>
#include <time.h>

typedef struct delivery {
    const bh__connection *connection;
    void **arguments;
} delivery;

static void call_callback(void *frame)
{
    delivery *call = frame;
    void *leading[] = {call->connection->user};
    bh__invoke(&call->connection->invoker, leading, call->arguments);
}

static void deliver_here(bh__connection *connection, void **arguments)
{
    delivery call = {connection, arguments};
    bh__run_handler(call_callback, &call, "callback of a signal", connection->sender_object);
}

static bool context_is_here(const bh__connection *connection)
{
    return !connection->context || bh_is_alive(connection->context);
}

bool bh__connection_deliver(bh__connection *connection, bh__cell *cells, int count)
{
    void *arguments[BH_MAX_ARGUMENTS];
    if (atomic_load_explicit(&connection->dead, memory_order_acquire) || !context_is_here(connection))
        return false;
    for (int i = 0; i < count; i++)
        arguments[i] = &cells[i];
    /* The last message of the connection comes behind this one, but a nested loop may reach it before the callback returns. */
    connection->running++;
    deliver_here(connection, arguments);
    if (--connection->running == 0 && connection->last_seen) {
        connection->last_seen = false;
        bh__connection_unref(connection);
    }
    return true;
}

/* Bytes that VALUE takes behind the cells. */
static size_t extra_size(const bh_value *value)
{
    size_t size = 0;
    if (value->type == BH_TYPE_STRING)
        return value->of.as_string ? strlen(value->of.as_string) + 1 : 1;
    if (value->type == BH_TYPE_FONT)
        return value->of.as_font ? sizeof(bh_font) : 0;
    if (value->type != BH_TYPE_STRINGS)
        return 0;
    size_t count = 0;
    for (const char *const *s = value->of.as_strings; s && *s; s++, count++)
        size += strlen(*s) + 1;
    return size + (count + 1) * sizeof(char *);
}

static size_t aligned(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

static void copy_list(const char *const *from, void *extra)
{
    size_t count = 0;
    while (from && from[count])
        count++;
    char **pointers = extra;
    char *bytes = (char *)(pointers + count + 1);
    for (size_t i = 0; i < count; i++) {
        pointers[i] = bytes;
        bytes = stpcpy(bytes, from[i]) + 1;
    }
    pointers[count] = NULL;
}

/* The value itself, read in the width in which the caller has just written it: a wider read would have to wait until all that was
 * written before, into lines that are in the other core's cache, has left the processor's store buffer. */
static void copy_plain(const bh_value *value, bh__cell *cell)
{
    switch (value->type) {
    case BH_TYPE_BOOL:
        memcpy(cell, &value->of.as_bool, sizeof value->of.as_bool);
        break;
    case BH_TYPE_INT:
    case BH_TYPE_UINT:
        memcpy(cell, &value->of.as_int, sizeof value->of.as_int);
        break;
    case BH_TYPE_INT64:
    case BH_TYPE_UINT64:
    case BH_TYPE_DOUBLE:
    case BH_TYPE_OBJECT:
        memcpy(cell, &value->of.as_int64, sizeof value->of.as_int64);
        break;
    default:
        memcpy(cell, &value->of, sizeof *cell);
    }
}

/* Copies VALUE into CELL, what it points to to EXTRA of SIZE bytes. */
static void copy_value(const bh_value *value, size_t size, bh__cell *cell, void *extra)
{
    if (!size) {
        copy_plain(value, cell);
        return;
    }
    cell->pointer = extra;
    if (value->type == BH_TYPE_STRING)
        memcpy(extra, value->of.as_string ? value->of.as_string : "", size);
    else if (value->type == BH_TYPE_FONT)
        memcpy(extra, value->of.as_font, size);
    else
        copy_list(value->of.as_strings, extra);
}

static _Thread_local bool patient;

bool bh__deliver_patiently(bool now)
{
    bool before = patient;
    patient = now;
    return before;
}

/* Room for a message of SIZE bytes; NULL: not taken, or NO_MEMORY. */
static bh__message *reserve(bh__connection *connection, size_t size, uint64_t change, bool *no_memory)
{
    enum { TRIES = 2000 };
    static const struct timespec moment = {0, 1000000};
    bh__thread *self = bh__self(), *target = connection->target;
    bool may_block = !self->is_gui && self != target;
    bh__message *message = bh__mailbox_reserve(&target->mailbox, &connection->stream, size, change, may_block, no_memory);
    for (int i = 0; *no_memory && patient && i < TRIES; i++) {
        nanosleep(&moment, NULL);
        message = bh__mailbox_reserve(&target->mailbox, &connection->stream, size, change, may_block, no_memory);
    }
    return message;
}

static bh_status enqueue(bh__connection *connection, const bh_value *values, uint64_t change)
{
    bh__thread *target = connection->target;
    int count = connection->callback.count;
    size_t sizes[BH_MAX_ARGUMENTS], size = sizeof(bh__cell) * (size_t)count;
    for (int i = 0; i < count; i++)
        size += aligned(sizes[i] = extra_size(&values[i]));
    bool no_memory;
    bh__message *message = reserve(connection, size, change, &no_memory);
    if (!message)
        return no_memory ? BH_ERROR_MEMORY : BH_OK;
    message->of.connection = connection;
    message->count = (uint16_t)count;
    char *extra = (char *)(message->cells + count);
    for (int i = 0; i < count; i++) {
        copy_value(&values[i], sizes[i], &message->cells[i], extra);
        extra += aligned(sizes[i]);
    }
    bh__mailbox_commit(&target->mailbox);
    return BH_OK;
}

typedef struct blocking_frame {
    bh__connection *connection;
    void **arguments;
} blocking_frame;

static bh_status deliver_blocking(void *frame)
{
    blocking_frame *call = frame;
    if (!atomic_load(&call->connection->dead) && context_is_here(call->connection))
        deliver_here(call->connection, call->arguments);
    return BH_OK;
}

static bh_status deliver(bh__connection *connection, void **arguments, const bh_value *values, uint64_t change)
{
    bool here = connection->target == bh__self();
    if (connection->type == BH_CONNECTION_DIRECT || (here && connection->type != BH_CONNECTION_QUEUED)) {
        if (context_is_here(connection))
            deliver_here(connection, arguments);
        return BH_OK;
    }
    if (connection->type != BH_CONNECTION_BLOCKING_QUEUED)
        return enqueue(connection, values, change);
    blocking_frame call = {connection, arguments};
    return bh__send_to(connection->target, deliver_blocking, &call, "blocking connection");
}

/* The list as it is now, with a reference, and the sender's change counter for SIGNAL. */
static bh__listeners *current_listeners(bh__sender *sender, int signal, uint64_t *change)
{
    pthread_mutex_lock(&sender->lock);
    bh__listeners *list = sender->listeners;
    if (list)
        atomic_fetch_add_explicit(&list->refs, 1, memory_order_relaxed);
    if (sender->last_signal != signal) {
        sender->last_signal = signal;
        sender->change++;
    }
    *change = sender->change;
    pthread_mutex_unlock(&sender->lock);
    return list;
}

bh_status bh__sender_emit(bh__sender *sender, int signal, int count, const bh_value *values)
{
    void *arguments[BH_MAX_ARGUMENTS];
    uint64_t change;
    bh_status status = BH_OK;
    bh__listeners *list = current_listeners(sender, signal, &change);
    for (int i = 0; i < count; i++)
        arguments[i] = (void *)&values[i].of;
    for (int i = 0; list && i < list->count; i++) {
        bh__connection *connection = list->list[i];
        if (connection->signal != signal || connection->qt || atomic_load_explicit(&connection->dead, memory_order_acquire))
            continue;
        bh_status one = deliver(connection, arguments, values, change);
        status = status ? status : one;
    }
    bh__listeners_unref(list);
    return status;
}

bool bh__sender_has(bh__sender *sender, int signal)
{
    bool has = false;
    pthread_mutex_lock(&sender->lock);
    for (int i = 0; sender->listeners && i < sender->listeners->count && !has; i++)
        has = sender->listeners->list[i] && sender->listeners->list[i]->signal == signal;
    pthread_mutex_unlock(&sender->lock);
    return has;
}

/* --- signals of Qt */

typedef struct slot_frame {
    bh_object *receiver;
    int slot;
    void **arguments;
} slot_frame;

static bh_status call_slot(void *frame)
{
    slot_frame *call = frame;
    bh__object *receiver = bh__payload_of(call->receiver, BH__OBJECT);
    if (receiver && bhs_method_call(receiver->qt, call->slot, call->arguments))
        return bh__fail(BH_ERROR_EXCEPTION, "slot", "threw a C++ exception, contained here: %s", bhs_exception_text());
    return BH_OK;
}

/* To a slot, with the emitting thread waiting: its arguments stay where they are. */
static void deliver_to_slot(const bh__connection *connection, void **qt_arguments)
{
    void *arguments[1 + BH_MAX_ARGUMENTS] = {NULL};
    slot_frame call = {connection->context, connection->slot, arguments};
    if (!bh__pin(connection->context, BH__OBJECT))
        return;
    bh__thread *target = bh__thread_of_pinned(connection->context);
    bh__thread_ref(target);
    bh__unpin(connection->context);
    memcpy(arguments + 1, qt_arguments + 1, sizeof *arguments * (size_t)connection->callback.count);
    bh__send_to(target, call_slot, &call, "blocking connection");
    bh__thread_unref(target);
}

/* Reads the arguments that the callback takes; plain numbers are handed on where they lie. */
void bh__on_signal(unsigned id, void **qt_arguments)
{
    bh__connection *connection = bh__connection_numbered(id);
    if (!connection)
        return;
    if (connection->slot >= 0) {
        deliver_to_slot(connection, qt_arguments);
        bh__connection_unref(connection);
        return;
    }
    bh_value values[BH_MAX_ARGUMENTS];
    void *arguments[BH_MAX_ARGUMENTS];
    int count = connection->callback.count, read = 0;
    while (read < count && bhs_read(connection->parameter_ids[read], qt_arguments[1 + read], &values[read])) {
        arguments[read] = &values[read].of;
        read++;
    }
    bh_status status = BH_ERROR_MEMORY;
    if (read == count)
        status = deliver(connection, arguments, values, 0);
    if (status == BH_ERROR_MEMORY)
        bh__fail(status, "signal", "no memory to deliver a signal's arguments: it is lost");
    while (read--)
        bh__value_release(&values[read]);
    bh__connection_unref(connection);
}
