/* Instances of classes defined in C: creating, emitting, and what Qt asks of them. */
#include "base/memory.h"
#include "base/status.h"
#include "core/class.h"
#include "core/event.h"
#include "core/guard.h"
#include "core/painter.h"
#include "core/thread.h"
#include "core/value.h"

#include <bulkhead/app.h>
#include <bulkhead/object.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_BOUND = 1024 };

/* --- creating */

static bool may_create(const bh__class *class, bh_object *parent, bh__object **above, const char *call)
{
    char text[128];
    if (class->base ? bh__refuse_off_gui(call) : bh__refuse_no_loop(call))
        return false;
    *above = parent ? bh__check_object(parent, call, "parent") : NULL;
    if (!parent || (*above && (!class->base || bhs_is_widget((*above)->qt))))
        return true;
    if (*above)
        bh__fail(BH_ERROR_CLASS, call, "the parent of a %s must be a widget, not %s", class->name,
                 bh__object_text(*above, text, sizeof text));
    return false;
}

/* Property values begin as their type's empty value. */
static void init_values(bh__instance *instance)
{
    bhs_storage storage;
    for (int i = 0; i < instance->class->property_count; i++) {
        int id = instance->class->properties[i].type_id;
        if (!bhs_default_construct(id, &storage))
            continue;
        bhs_read(id, &storage, &instance->values[i]);
        bhs_destroy_value(id, &storage);
    }
}

static bh_object *finish(bh__instance *instance, bhs_object *qt, const char *call)
{
    bh_object *handle = bh__wrap(qt, true, call);
    bh__object *object = handle ? bh__payload_of(handle, BH__OBJECT) : NULL;
    bh_event_function event = instance->class->description->event;
    if (!object || (event && !bh__event_watch(object, BH__EVENT_ALL, event, instance->user, call))) {
        bhs_delete(qt);
        return NULL;
    }
    object->instance = instance;
    instance->handle = handle;
    instance->whole = true;
    return handle;
}

bh_object *bh__instance_create(const bh_class *description, bh_object *parent, void *user, const char *call)
{
    bh__object *above;
    if (bh__refuse_no_app(call))
        return NULL;
    bh__class *class = bh__class_of(description, call);
    if (!class || !may_create(class, parent, &above, call))
        return NULL;
    bh__instance *instance = bh__calloc(1, sizeof *instance);
    if (!instance) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a %s", class->name);
        return NULL;
    }
    instance->class = class;
    instance->user = user;
    init_values(instance);
    bhs_object *qt = bhs_dynamic_create(class->base, class->meta, instance);
    if (qt && above) /* what is a window with Qt's constructors is one here */
        bhs_set_parent(qt, above->qt, class->base >= BHS_BASE_DIALOG);
    if (qt)
        return finish(instance, qt, call);
    bh__fail(BH_ERROR_EXCEPTION, call, "making a %s threw: %s", class->name, bhs_exception_text());
    return NULL;
}

bh_object *(bh_create_instance)(const bh_class *description, bh_object *parent, void *user)
{
    return bh__instance_create(description, parent, user, "bh_create_instance");
}

void bh__on_destroyed(void *from)
{
    bh__instance *instance = from;
    for (int i = 0; i < instance->class->property_count; i++)
        bh__value_release(&instance->values[i]);
    void (*destroyed)(void *) = instance->whole ? instance->class->description->destroyed : NULL;
    void *user = instance->user;
    bh__free(instance);
    if (destroyed)
        bh__run_void(destroyed, user, "destroyed of a class");
}

static bh__instance *instance_of(bh__object *object, const char *call)
{
    char text[128];
    if (!object || object->instance)
        return object ? object->instance : NULL;
    bh__fail(BH_ERROR_CLASS, call, "%s is no instance of a class defined in C", bh__object_text(object, text, sizeof text));
    return NULL;
}

bh_status(bh_instance_user)(const bh_object *object, void **user)
{
    if (!user)
        return bh__fail(BH_ERROR_NULL, "bh_instance_user", "user is NULL: pass the address of a void *");
    *user = NULL;
    bh__object *record = bh__check_object_pin(object, "bh_instance_user", "object");
    if (!record)
        return bh__last_status();
    bh__instance *instance = instance_of(record, "bh_instance_user");
    if (instance)
        *user = instance->user;
    bh__unpin(object);
    return instance ? BH_OK : bh__last_status();
}

/* --- connecting */

bool bh__class_may_connect(bh__object *object, const char *call)
{
    char text[128];
    if (!object->instance || !atomic_load(&object->instance->connect_closed))
        return true;
    bh__fail(BH_ERROR_STATE, call, "%s runs already: what it has emitted would be missed; connect before bh_worker_start",
             bh__object_text(object, text, sizeof text));
    return false;
}

bool bh__class_queue(const bh__object *object, int method, bh__stream *stream)
{
    const bh__class *class = object->instance ? object->instance->class : NULL;
    int local = class ? method - class->method_offset : -1;
    if (local < 0 || local >= class->signal_count)
        return false;
    const bh_queue *queue = &class->signals[local].queue;
    stream->policy = queue->policy;
    stream->bound = queue->bound ? (uint32_t)queue->bound : DEFAULT_BOUND;
    return true;
}

void bh__on_qt_connected(void *instance, int local_signal)
{
    if (local_signal >= 0 && local_signal < 128)
        atomic_fetch_or(&((bh__instance *)instance)->qt_signals[local_signal / 64], UINT64_C(1) << local_signal % 64);
}

/* --- emitting */

static bool qt_listens(bh__instance *instance, int signal)
{
    return atomic_load_explicit(&instance->qt_signals[signal / 64], memory_order_relaxed) >> signal % 64 & 1;
}

static bh_status emit_to_qt(bhs_object *qt, const bh__class *class, int signal, int count, const bh_value *values)
{
    const bh__class_method *method = &class->signals[signal];
    bhs_storage storage[BH_MAX_ARGUMENTS];
    void *arguments[1 + BH_MAX_ARGUMENTS] = {NULL};
    char why[256];
    int made = 0;
    bh_status status = BH_OK;
    while (made < count && !(status = bhs_construct(method->type_ids[made], &storage[made], &values[made], why))) {
        arguments[1 + made] = &storage[made];
        made++;
    }
    if (!status)
        bhs_activate(qt, class->meta, signal, arguments);
    else
        bh__fail(status, "bh_emit", "signal '%s', argument %d: %s", method->signature.name, made + 1, why);
    while (made--)
        bhs_destroy_value(method->type_ids[made], &storage[made]);
    return status;
}

static bh_status refuse_memory(const bh__class *class, int signal)
{
    return bh__fail(BH_ERROR_MEMORY, "bh_emit", "no memory to deliver signal '%s'", class->signals[signal].signature.name);
}

bh_status bh__class_emit(bh__object *object, int signal, int count, const bh_value *values)
{
    bh__instance *instance = object->instance;
    const bh__class *class = instance->class;
    bh_object *handle = object->handle;
    bhs_object *qt = object->qt;
    bool listens = qt_listens(instance, signal);
    bh_status status = BH_OK;
    bh__sender *sender = __atomic_load_n(&object->sender, __ATOMIC_ACQUIRE);
    if (sender)
        status = bh__sender_emit(sender, class->method_offset + signal, count, values);
    /* A callback may have destroyed the object. */
    if (listens && bh_is_alive(handle)) {
        bh_status to_qt = emit_to_qt(qt, class, signal, count, values);
        status = status ? status : to_qt;
    }
    return status == BH_ERROR_MEMORY ? refuse_memory(class, signal) : status;
}

bool bh__class_has_listeners(bh__object *object, int signal)
{
    bh__sender *sender = __atomic_load_n(&object->sender, __ATOMIC_ACQUIRE);
    return qt_listens(object->instance, signal) ||
           (sender && bh__sender_has(sender, object->instance->class->method_offset + signal));
}

static bh_status refuse_arguments(const bh__class *class, int signal, int count, const bh_value *values, int wrong)
{
    char declared[700], given[64];
    bh__signature_text(&class->signals[signal].signature, declared, sizeof declared);
    if (wrong < 0)
        return bh__fail(BH_ERROR_SIGNATURE, "bh_emit", "%s: signal %s takes %d arguments, given %d", class->name, declared,
                        class->signals[signal].signature.count, count);
    return bh__fail(BH_ERROR_SIGNATURE, "bh_emit", "%s: signal %s, argument %d is %s: it needs a %s", class->name, declared,
                    wrong + 1, bh__value_text(&values[wrong], given, sizeof given),
                    bh_type_name(class->signals[signal].types[wrong]));
}

/* Makes *VALUES what the signal wants: left as they are, or, where one has to be converted, all of them in CONVERTED. */
static bh_status check_arguments(const bh__class *class, int signal, int count, const bh_value **values, bh_value *converted)
{
    const bh__class_method *method = &class->signals[signal];
    const bh_value *given = *values;
    bool as_they_are = true;
    if (count != method->signature.count || (count && !given))
        return refuse_arguments(class, signal, count, given, -1);
    for (int i = 0; i < count; i++)
        as_they_are =
            as_they_are && given[i].type == method->types[i] && (given[i].type != BH_TYPE_STRING || given[i].of.as_string);
    if (as_they_are)
        return BH_OK;
    for (int i = 0; i < count; i++) {
        if (bh__value_convert(&given[i], method->types[i], &converted[i]))
            return refuse_arguments(class, signal, count, given, i);
        if (method->types[i] == BH_TYPE_STRING && !converted[i].of.as_string)
            converted[i].of.as_string = "";
    }
    *values = converted;
    return BH_OK;
}

static bh_status check_emit(bh__object *object, int signal, int count, const bh_value **values, bh_value *converted)
{
    bh__instance *instance = instance_of(object, "bh_emit");
    if (!instance)
        return bh__last_status();
    if (signal < 0 || signal >= instance->class->declared)
        return bh__fail(BH_ERROR_NAME, "bh_emit", "%s has no signal number %d: its description has %d", instance->class->name,
                        signal, instance->class->declared);
    return check_arguments(instance->class, signal, count, values, converted);
}

/* From another thread, with the object pinned. It is let go while callbacks run: one that waits for this emission may destroy it. */
static bh_status emit_and_unpin(bh__object *object, int signal, int count, const bh_value *values)
{
    bh_object *handle = object->handle;
    const bh__class *class = object->instance->class;
    bool listens = qt_listens(object->instance, signal);
    bh_status status = BH_OK;
    bh__sender *sender = __atomic_load_n(&object->sender, __ATOMIC_ACQUIRE);
    if (sender)
        atomic_fetch_add_explicit(&sender->refs, 1, memory_order_relaxed);
    bh__unpin(handle);
    if (sender) {
        status = bh__sender_emit(sender, class->method_offset + signal, count, values);
        bh__sender_unref(sender);
    }
    object = listens ? bh__pin(handle, BH__OBJECT) : NULL;
    if (object) {
        bh_status to_qt = emit_to_qt(object->qt, class, signal, count, values);
        status = status ? status : to_qt;
        bh__unpin(handle);
    }
    return status == BH_ERROR_MEMORY ? refuse_memory(class, signal) : status;
}

bh_status bh_emit_values(bh_object *handle, int signal, int count, const bh_value *values)
{
    bh_value converted[BH_MAX_ARGUMENTS];
    bh__slot *slot = bh__slot_of(handle, BH__OBJECT);
    if (slot && atomic_load_explicit(&slot->thread, memory_order_relaxed) == bh__self()) {
        bh__object *mine = atomic_load_explicit(&slot->payload, memory_order_relaxed);
        bh_status checked = check_emit(mine, signal, count, &values, converted);
        return checked ? checked : bh__class_emit(mine, signal, count, values);
    }
    bh__object *object = bh__check_object_pin(handle, "bh_emit", "object");
    if (!object)
        return bh__last_status();
    if (object->instance && object->instance->class->base) {
        bh__unpin(handle);
        return bh__check_object(handle, "bh_emit", "object") ? BH_OK : bh__last_status();
    }
    bh_status status = check_emit(object, signal, count, &values, converted);
    if (!status)
        return emit_and_unpin(object, signal, count, values);
    bh__unpin(handle);
    return status;
}

/* --- properties */

static void notify(bh__object *object, int property)
{
    const bh__class *class = object->instance->class;
    int signal = class->properties[property].notify;
    if (signal >= 0)
        bh__class_emit(object, signal, class->signals[signal].signature.count, &object->instance->values[property]);
}

static size_t natural_size(bh_type type)
{
    switch (type) {
    case BH_TYPE_BOOL:
        return sizeof(bool);
    case BH_TYPE_INT:
    case BH_TYPE_UINT:
    case BH_TYPE_COLOR:
        return sizeof(int);
    case BH_TYPE_DATE:
        return sizeof(bh_date);
    case BH_TYPE_POINTF:
    case BH_TYPE_RECT:
    case BH_TYPE_TIME:
    case BH_TYPE_DATE_TIME:
        return sizeof(bh_rect);
    default:
        return sizeof(int64_t);
    }
}

/* Lists and fonts count as changed. */
static bool same_value(const bh_value *a, const bh_value *b)
{
    if (a->type == BH_TYPE_STRING)
        return a->of.as_string && b->of.as_string && strcmp(a->of.as_string, b->of.as_string) == 0;
    if (a->type == BH_TYPE_STRINGS || a->type == BH_TYPE_FONT)
        return false;
    return memcmp(&a->of, &b->of, natural_size(b->type)) == 0;
}

/* Takes VALUE, whose strings are blocks of ours. */
static void store(bh__instance *instance, int property, bh_value *value)
{
    bh__object *object = bh__payload_of(instance->handle, BH__OBJECT);
    bh_value *place = &instance->values[property];
    bool same = same_value(place, value);
    bh__value_release(place);
    *place = *value;
    if (!same && object)
        notify(object, property);
}

static int find_property(const bh__class *class, const char *name)
{
    int at = class->property_count;
    while (at-- && strcmp(class->properties[at].name, name) != 0)
        ;
    return at;
}

/* By way of Qt's value, so that VALUE is checked and copied as a property of Qt would be. */
static bh_status write_value(bh__instance *instance, int property, const bh_value *value)
{
    const bh__class_property *to = &instance->class->properties[property];
    bh_value natural, copy;
    bhs_storage storage;
    char why[256], given[64];
    if (bh__value_convert(value, to->type, &natural))
        return bh__fail(BH_ERROR_TYPE, "bh_set_property_value", "%s: property '%s' is a %s, given %s", instance->class->name,
                        to->name, bhs_type_name(to->type_id), bh__value_text(value, given, sizeof given));
    bh_status status = bhs_construct(to->type_id, &storage, &natural, why);
    if (status)
        return bh__fail(status, "bh_set_property_value", "%s: property '%s': %s", instance->class->name, to->name, why);
    bool read = bhs_read(to->type_id, &storage, &copy);
    bhs_destroy_value(to->type_id, &storage);
    if (!read)
        return bh__fail(BH_ERROR_MEMORY, "bh_set_property_value", "no memory");
    store(instance, property, &copy);
    return BH_OK;
}

bh_status(bh_set_property_value)(bh_object *handle, const char *property, const bh_value *value)
{
    if (!property || !value)
        return bh__fail(BH_ERROR_NULL, "bh_set_property_value", "%s is NULL", property ? "value" : "property");
    bh__object *object = bh__check_object(handle, "bh_set_property_value", "object");
    bh__instance *instance = instance_of(object, "bh_set_property_value");
    if (!instance)
        return bh__last_status();
    int found = find_property(instance->class, property);
    if (found < 0)
        return bh__fail(BH_ERROR_NAME, "bh_set_property_value", "%s has no property '%.60s'", instance->class->name, property);
    return write_value(instance, found, value);
}

/* --- what Qt asks of it */

typedef struct slot_call {
    const bh__class_method *slot;
    void *leading[2];
    void **arguments;
} slot_call;

static void call_slot(void *frame)
{
    slot_call *call = frame;
    bh__invoke(&call->slot->invoker, call->leading, call->arguments);
}

/* Reads Qt's arguments into natural values; false without memory. */
static bool read_arguments(const bh__class_method *method, void **from, bh_value *values)
{
    int read = 0, count = method->signature.count;
    while (read < count && bhs_read(method->type_ids[read], from[1 + read], &values[read]))
        read++;
    if (read == count)
        return true;
    while (read--)
        bh__value_release(&values[read]);
    return false;
}

/* What comes out of a worker's slot is that worker's failure. */
static void run_slot(const bh__instance *instance, slot_call *call, bhs_object *sender)
{
    bh__caught caught;
    void (*failed)(void *, const bh__caught *) = instance->failed;
    void *user = instance->failed_user;
    if (!failed)
        bh__run_handler(call_slot, call, call->slot->signature.name, bh__known(sender));
    else if (!bh__run_caught(call_slot, call, call->slot->signature.name, bh__known(sender), &caught))
        failed(user, &caught);
}

static void invoke(bh__instance *instance, int local, void **qt_arguments, bhs_object *sender)
{
    const bh__class *class = instance->class;
    bool is_signal = local < class->signal_count;
    const bh__class_method *method = is_signal ? &class->signals[local] : &class->slots[local - class->signal_count];
    bh__object *object = bh__payload_of(instance->handle, BH__OBJECT);
    bh_value values[BH_MAX_ARGUMENTS];
    void *arguments[BH_MAX_ARGUMENTS];
    if (!object || !read_arguments(method, qt_arguments, values))
        return;
    for (int i = 0; i < method->signature.count; i++)
        arguments[i] = &values[i].of;
    if (is_signal) {
        bh__class_emit(object, local, method->signature.count, values);
    } else {
        slot_call call = {method, {instance->handle, instance->user}, arguments};
        run_slot(instance, &call, sender);
    }
    for (int i = 0; i < method->signature.count; i++)
        bh__value_release(&values[i]);
}

void bh__on_metacall(void *from, int kind, int local, void **arguments, bhs_object *sender)
{
    bh__instance *instance = from;
    bh_value value;
    if (kind == 0) {
        invoke(instance, local, arguments, sender);
        return;
    }
    int id = instance->class->properties[local].type_id;
    if (kind == 1) {
        char why[256];
        bhs_destroy_value(id, arguments[0]);
        if (bhs_construct(id, arguments[0], &instance->values[local], why))
            bhs_default_construct(id, arguments[0]);
    } else if (bhs_read(id, arguments[0], &value)) {
        store(instance, local, &value);
    }
}

typedef struct size_call {
    bh__instance *instance;
    bh_size size;
} size_call;

static void ask_size(void *frame)
{
    size_call *call = frame;
    call->size = call->instance->class->description->size_hint(call->instance->handle, call->instance->user);
}

bool bh__on_size_hint(void *from, bh_size *size)
{
    size_call call = {from, {-1, -1}};
    if (!call.instance->class->description->size_hint || !bh_is_alive(call.instance->handle))
        return false;
    if (!bh__run_handler(ask_size, &call, "size_hint of a class", NULL))
        return false;
    *size = call.size;
    return true;
}

void bh__on_paint(void *from, bhs_object *widget, void *painter, bh_size size)
{
    bh__instance *instance = from;
    const bh_class *description = instance->class->description;
    if (description->paint && bh_is_alive(instance->handle))
        bh__paint(instance->handle, widget, painter, description->paint, instance->user, size);
}
