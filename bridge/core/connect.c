/* bh_connect and bh_connect_slot. */
#include "base/status.h"
#include "core/class.h"
#include "core/connection.h"
#include "core/thread.h"

#include <bulkhead/introspect.h>
#include <string.h>

enum { DEFAULT_BOUND = 1024 };

static bool valid_options(const bh_connect_options *options)
{
    if (!options)
        return true;
    if (options->size < sizeof *options || options->size > 4096)
        bh__fail(BH_ERROR_STATE, "bh_connect", "options.size is %zu: begin the options with BH_CONNECT_INIT", options->size);
    else if ((unsigned)options->type > BH_CONNECTION_BLOCKING_QUEUED)
        bh__fail(BH_ERROR_RANGE, "bh_connect", "options.type is %d: use a BH_CONNECTION_… value", (int)options->type);
    else
        return true;
    return false;
}

static bool valid_callback(const bh_callback *callback)
{
    if (!callback->function)
        bh__fail(BH_ERROR_NULL, "bh_connect", "the callback is NULL: pass BH_CALLBACK(function, types…)");
    else if (callback->count < 0 || callback->count > BH_MAX_ARGUMENTS)
        bh__fail(BH_ERROR_RANGE, "bh_connect", "the callback has %d types: make it with BH_CALLBACK", callback->count);
    else
        return true;
    return false;
}

/* The context's thread with a reference; the GUI's without a context. */
static bh__thread *target_of(bh_object *context)
{
    bh__thread *target = bh__gui();
    if (context) {
        if (!bh__check_object_pin(context, "bh_connect", "context"))
            return NULL;
        target = bh__thread_of_pinned(context);
    }
    if (target)
        bh__thread_ref(target);
    if (context)
        bh__unpin(context);
    return target;
}

/* Fills a record that nobody sees yet. */
static void reset(bh__connection *made, const bh_callback *callback, const bhs_method *method, void *user,
                  const bh_connect_options *options)
{
    made->dead = false;
    made->running = 0;
    made->last_seen = false;
    made->handle = NULL;
    made->qt = NULL;
    made->sender = NULL;
    made->signal = method->index;
    made->slot = -1;
    made->type = options ? options->type : BH_CONNECTION_AUTO;
    made->context = options ? options->context : NULL;
    made->context_object = NULL;
    made->callback = *callback;
    made->user = user;
    made->drop = NULL; /* ours only when the connection stands */
    made->stream = (bh__stream){.bound = DEFAULT_BOUND};
    memcpy(made->parameter_ids, method->parameter_ids, sizeof made->parameter_ids);
}

static bool fill(bh__connection *made, const bh_callback *callback, const bhs_method *method, void *user,
                 const bh_connect_options *options)
{
    reset(made, callback, method, user, options);
    made->target = target_of(made->context);
    return made->target && bh__invoker_prepare(&made->invoker, callback, 1);
}

/* Lists it at the sender, or connects it to Qt. */
static bh_status attach(bh__connection *made, bh__object *object, bool unique)
{
    made->sender = bh__sender_of(object);
    if (!made->sender)
        return BH_ERROR_MEMORY;
    atomic_fetch_add(&made->sender->refs, 1);
    made->sender_object = object->handle;
    bool of_c = bh__class_queue(object, made->signal, &made->stream);
    made->handle = bh__handle_create(BH__CONNECTION, made, NULL, "bh_connect");
    if (!made->handle)
        return BH_ERROR_MEMORY;
    atomic_store_explicit(&made->refs, 1, memory_order_release);
    bh_status status = bh__sender_add(made->sender, made, unique);
    if (status || of_c)
        return status;
    made->qt = bhs_connect(object->qt, made->signal, made->id);
    return made->qt ? BH_OK : BH_ERROR_MEMORY;
}

static bh_connection *refuse(bh__connection *made, bh_status status, const char *signal, const char *object_text)
{
    if (status == BH_ERROR_EXISTS)
        bh__fail(status, "bh_connect", "%s: signal '%s' is connected to this function and user already, and unique was asked for",
                 object_text, signal);
    else if (status == BH_ERROR_MEMORY)
        bh__fail(status, "bh_connect", "no memory for one more connection");
    if (atomic_load(&made->refs)) {
        bh__connection_end(made);
        return NULL;
    }
    if (made->handle)
        bh__handle_destroy(made->handle, BH__CONNECTION);
    atomic_store(&made->refs, 1);
    bh__connection_unref(made);
    return NULL;
}

static bool add_context(bh__connection *made)
{
    if (!made->context)
        return true;
    bh__object *context = bh__check_object_pin(made->context, "bh_connect", "context");
    bool added = context && bh__connection_context(made, context);
    if (context)
        bh__unpin(made->context);
    return added;
}

bh_connection *(bh_connect)(bh_object *sender, const char *signal, bh_callback callback, void *user,
                            const bh_connect_options *options)
{
    char text[128];
    if (!valid_callback(&callback) || !valid_options(options))
        return NULL;
    bh__object *object = bh__check_object_pin(sender, "bh_connect", "sender");
    if (!object)
        return NULL;
    bhs_method method;
    bh_connection *result = NULL;
    bh__connection *made = NULL;
    bh__object_text(object, text, sizeof text);
    if (!bh__class_may_connect(object, "bh_connect") ||
        !bh__find_method(bhs_meta_of(object->qt), signal, BH_METHOD_SIGNAL, &callback, &method, "bh_connect", text))
        goto out;
    made = bh__connection_take();
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, "bh_connect", "no memory for one more connection");
        goto out;
    }
    atomic_store(&made->refs, 0);
    bh_status status = fill(made, &callback, &method, user, options) ? BH_OK : bh__last_status();
    status = status ? status : attach(made, object, options && options->unique);
    if (!status) {
        made->drop = options ? options->drop : NULL;
        status = add_context(made) ? BH_OK : BH_ERROR_STALE;
    }
    if (status) {
        made->drop = NULL;
        refuse(made, status, signal, text);
        goto out;
    }
    result = made->handle;
out:
    bh__unpin(sender);
    return result;
}

/* --- to a slot */

/* True if Qt would convert, or cut off, SIGNAL's arguments for METHOD. */
static bool fits(const bhs_method *signal, const bhs_method *method)
{
    if (method->parameter_count > signal->parameter_count)
        return false;
    for (int i = 0; i < method->parameter_count; i++)
        if (signal->parameter_ids[i] != method->parameter_ids[i])
            return false;
    return true;
}

/* The slot that SLOT means for SIGNAL; a signal of the receiver is one, too. */
static bool find_slot(const bhs_meta *meta, const bhs_method *signal, const char *slot, bhs_method *out, const char *text)
{
    bool named = slot && !strchr(slot, '(');
    int count = bhs_method_count(meta);
    bool found = false;
    for (int i = 0; named && i < count; i++) {
        bhs_method one;
        bhs_method_at(meta, i, &one);
        if (strcmp(one.name, slot) != 0 || !one.is_public || !fits(signal, &one))
            continue;
        if (!found || one.parameter_count > out->parameter_count)
            *out = one;
        found = true;
    }
    return found || bh__find_method(meta, slot, -1, NULL, out, "bh_connect_slot", text);
}

static bool find_both(bh__object *sender, const char *signal, bh__object *receiver, const char *slot, bhs_method *from,
                      bhs_method *to)
{
    char text[128], other[128];
    bh__object_text(sender, text, sizeof text);
    bh__object_text(receiver, other, sizeof other);
    if (!bh__class_may_connect(sender, "bh_connect_slot") ||
        !bh__find_method(bhs_meta_of(sender->qt), signal, BH_METHOD_SIGNAL, NULL, from, "bh_connect_slot", text) ||
        !find_slot(bhs_meta_of(receiver->qt), from, slot, to, other))
        return false;
    if (bh__slot_destroys(to->name) && bh__refuse_part(receiver, "bh_connect_slot"))
        return false;
    if (fits(from, to))
        return true;
    bh__fail(BH_ERROR_SIGNATURE, "bh_connect_slot",
             "%s: signal %s does not fit %s of %s: the slot takes the same types, or fewer of them", text, from->signature,
             to->signature, other);
    return false;
}

/* A blocking one is ours: Qt's would wait for ever on the receiver's own thread and in a circle, and holds up who sends to the waiter. */
static void *connect_qt(bh__connection *made, bh__object *sender, bh__object *receiver, const bhs_method *slot,
                        bh_connection_type type)
{
    if (type != BH_CONNECTION_BLOCKING_QUEUED)
        return bhs_connect_slot(sender->qt, made->signal, receiver->qt, slot->index, (int)type);
    made->slot = slot->index;
    made->callback.count = slot->parameter_count;
    made->context = receiver->handle;
    return bhs_connect(sender->qt, made->signal, made->id);
}

static bh_connection *attach_slot(bh__object *sender, bh__object *receiver, const bhs_method *from, const bhs_method *to,
                                  bh_connection_type type)
{
    bh__connection *made = bh__connection_take();
    bh_status status = BH_ERROR_MEMORY;
    if (!made) {
        bh__fail(status, "bh_connect_slot", "no memory for one more connection");
        return NULL;
    }
    atomic_store(&made->refs, 0);
    bh_callback none = {NULL, 0, {BH_TYPE_VOID}};
    reset(made, &none, from, NULL, NULL);
    made->target = NULL;
    made->sender = bh__sender_of(sender);
    if (made->sender) {
        atomic_fetch_add(&made->sender->refs, 1);
        made->sender_object = sender->handle;
        made->handle = bh__handle_create(BH__CONNECTION, made, NULL, "bh_connect_slot");
        made->qt = made->handle ? connect_qt(made, sender, receiver, to, type) : NULL;
    }
    if (made->qt) {
        atomic_store_explicit(&made->refs, 1, memory_order_release);
        status = bh__sender_add(made->sender, made, false);
        if (!status && !bh__connection_context(made, receiver))
            status = BH_ERROR_STALE;
    }
    if (!status)
        return made->handle;
    return refuse(made, status, from->name, "bh_connect_slot");
}

bh_connection *(bh_connect_slot)(bh_object *sender, const char *signal, bh_object *receiver, const char *slot,
                                 bh_connection_type type)
{
    if ((unsigned)type > BH_CONNECTION_BLOCKING_QUEUED) {
        bh__fail(BH_ERROR_RANGE, "bh_connect_slot", "type is %d: use a BH_CONNECTION_… value", (int)type);
        return NULL;
    }
    bh__object *from = bh__check_object_pin(sender, "bh_connect_slot", "sender");
    if (!from)
        return NULL;
    bh_connection *made = NULL;
    bh__object *to = bh__check_object_pin(receiver, "bh_connect_slot", "receiver");
    bhs_method signal_method, slot_method;
    if (to && find_both(from, signal, to, slot, &signal_method, &slot_method))
        made = attach_slot(from, to, &signal_method, &slot_method, type);
    if (to)
        bh__unpin(receiver);
    bh__unpin(sender);
    return made;
}
