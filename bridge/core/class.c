/* Classes defined in C: from a description to a class. */
#include "core/class.h"

#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *const bases[BHS_BASE_COUNT] = {
    [BHS_BASE_OBJECT] = "QObject",
    [BHS_BASE_WIDGET] = "QWidget",
    [BHS_BASE_DIALOG] = "QDialog",
    [BHS_BASE_MAIN_WINDOW] = "QMainWindow",
};

/* What a worker's class has besides its own. */
static const char *const worker_signals[] = {"started()", "error(QString)", "finished()"};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards classes, and that each is made once */
static bh__class *classes;

static bool complain(const char *call, const bh__class *class, bh_status status, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool complain(const char *call, const bh__class *class, bh_status status, const char *format, ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    bh__fail(status, call, "class '%s': %s", class->name, why);
    return false;
}

static bool read_method(bh__class *class, const char *text, bh__class_method *out, const char *call)
{
    char why[256];
    if (bh__signature_parse(text, &out->signature, why, sizeof why))
        return complain(call, class, BH_ERROR_SIGNATURE, "%s", why);
    for (int i = 0; i < out->signature.count; i++) {
        const char *name = out->signature.type_names[i];
        out->type_ids[i] = bhs_type_id(name);
        out->types[i] = out->type_ids[i] ? bhs_type_of(out->type_ids[i], NULL) : BH_TYPE_VOID;
        if (out->types[i] == BH_TYPE_VOID)
            return complain(call, class, BH_ERROR_SIGNATURE,
                            "'%.100s': type '%s' cannot cross to C: value.h lists those that can", text, name);
    }
    return true;
}

int bh__class_signal(const bh__class *class, const char *name)
{
    for (int i = 0; i < class->signal_count; i++)
        if (strcmp(class->signals[i].signature.name, name) == 0)
            return i;
    return -1;
}

static bool add_signal(bh__class *class, const char *text, const char *call)
{
    bh__class_method *added = &class->signals[class->signal_count];
    if (!read_method(class, text, added, call))
        return false;
    if (bh__class_signal(class, added->signature.name) >= 0)
        return complain(call, class, BH_ERROR_EXISTS, "two signals are named '%s'", added->signature.name);
    class->signal_count++;
    return true;
}

static bool read_signals(bh__class *class, const bh_class *from, const char *call)
{
    int count = BH_MAX_SIGNALS;
    while (count && !from->signals[count - 1])
        count--;
    for (int i = 0; i < count; i++) {
        if (!from->signals[i])
            return complain(call, class, BH_ERROR_NULL, "signal number %d has no signature, but later ones have", i);
        if ((unsigned)from->queues[i].policy > BH_QUEUE_DROP || from->queues[i].bound < 0)
            return complain(call, class, BH_ERROR_RANGE, "the queue of signal '%.60s' has policy %d and bound %d",
                            from->signals[i], (int)from->queues[i].policy, from->queues[i].bound);
        if (!add_signal(class, from->signals[i], call))
            return false;
        class->signals[i].queue = from->queues[i];
    }
    class->declared = count;
    for (int i = 0; from->run && i < 3; i++)
        if (!add_signal(class, worker_signals[i], call))
            return false;
    return true;
}

static bool same_types(const bh__class_method *method, const bh_callback *callback)
{
    bool same = method->signature.count == callback->count;
    for (int i = 0; same && i < callback->count; i++)
        same = method->types[i] == callback->types[i];
    return same;
}

static bool same_signature(const bh__class_method *a, const bh__class_method *b)
{
    return strcmp(a->signature.name, b->signature.name) == 0 && a->signature.count == b->signature.count &&
           memcmp(a->type_ids, b->type_ids, sizeof *a->type_ids * (size_t)a->signature.count) == 0;
}

static bool read_slots(bh__class *class, const bh_class *from, const char *call)
{
    for (int i = 0; i < BH_MAX_SLOTS && from->slots[i].signature; i++) {
        const bh_slot *slot = &from->slots[i];
        bh__class_method *added = &class->slots[class->slot_count];
        if (!read_method(class, slot->signature, added, call))
            return false;
        for (int j = 0; j < class->slot_count; j++)
            if (same_signature(added, &class->slots[j]))
                return complain(call, class, BH_ERROR_EXISTS, "two slots are '%.100s'", slot->signature);
        if (!slot->callback.function)
            return complain(call, class, BH_ERROR_NULL, "slot '%.100s' has no function: write it with BH_SLOT", slot->signature);
        if (!same_types(added, &slot->callback))
            return complain(call, class, BH_ERROR_SIGNATURE, "slot '%.100s' does not have the types of its BH_SLOT",
                            slot->signature);
        if (!bh__invoker_prepare(&added->invoker, &slot->callback, 2))
            return complain(call, class, BH_ERROR_SIGNATURE, "slot '%.100s' cannot be called by libffi", slot->signature);
        class->slot_count++;
    }
    return true;
}

/* The property's notify signal, added if the description has none of that name. */
static bool read_notify(bh__class *class, const bh_property *from, bh__class_property *property, const char *call)
{
    char text[2 * BH__NAME_SIZE];
    property->notify = -1;
    if (!from->notify)
        return true;
    if (!bh__is_identifier(from->notify))
        return complain(call, class, BH_ERROR_NAME, "notify of property '%s' is '%.60s', which is no name", property->name,
                        from->notify);
    property->notify = bh__class_signal(class, from->notify);
    if (property->notify < 0) {
        property->notify = class->signal_count;
        snprintf(text, sizeof text, "%s(%s)", from->notify, bhs_type_name(property->type_id));
        return add_signal(class, text, call);
    }
    const bh__class_method *signal = &class->signals[property->notify];
    if (signal->signature.count == 0 || (signal->signature.count == 1 && signal->type_ids[0] == property->type_id))
        return true;
    return complain(call, class, BH_ERROR_SIGNATURE, "signal '%s' cannot notify of property '%s': it takes nothing, or one %s",
                    from->notify, property->name, bhs_type_name(property->type_id));
}

static bool read_properties(bh__class *class, const bh_class *from, const char *call)
{
    for (int i = 0; i < BH_MAX_PROPERTIES && from->properties[i].name; i++) {
        const bh_property *one = &from->properties[i];
        bh__class_property *added = &class->properties[class->property_count];
        if (!bh__is_identifier(one->name))
            return complain(call, class, BH_ERROR_NAME, "'%.60s' is no name for a property", one->name);
        for (int j = 0; j < class->property_count; j++)
            if (strcmp(class->properties[j].name, one->name) == 0)
                return complain(call, class, BH_ERROR_EXISTS, "two properties are named '%s'", one->name);
        bh__copy_text(added->name, sizeof added->name, one->name);
        added->type_id = one->type ? bhs_type_id(one->type) : 0;
        added->type = added->type_id ? bhs_type_of(added->type_id, NULL) : BH_TYPE_VOID;
        added->read_only = one->read_only;
        if (added->type == BH_TYPE_VOID || added->type == BH_TYPE_INDEX)
            return complain(call, class, BH_ERROR_TYPE, "property '%s': type '%.60s' is none that value.h lists", added->name,
                            one->type ? one->type : "NULL");
        if (!read_notify(class, one, added, call))
            return false;
        class->property_count++;
    }
    return true;
}

static bool read_base(bh__class *class, const bh_class *from, const char *call)
{
    const char *name = from->base ? from->base : "QObject";
    while (class->base < BHS_BASE_COUNT && strcmp(bases[class->base], name) != 0)
        class->base++;
    if (class->base == BHS_BASE_COUNT)
        return complain(call, class, BH_ERROR_NAME, "base '%.60s': QObject, QWidget, QDialog or QMainWindow can be one", name);
    if (class->base == 0 && (from->paint || from->size_hint || from->event))
        return complain(call, class, BH_ERROR_CLASS, "paint, size_hint and event are for widgets: set .base = \"QWidget\"");
    if (class->base && from->run)
        return complain(call, class, BH_ERROR_CLASS,
                        "run is for workers, and a widget cannot live on another thread: leave .base out");
    return true;
}

static bool read_description(bh__class *class, const bh_class *from, const char *call)
{
    return read_base(class, from, call) && read_signals(class, from, call) && read_slots(class, from, call) &&
           read_properties(class, from, call);
}

static bool check_description(const bh_class *from, const char *call)
{
    if (!from)
        bh__fail(BH_ERROR_NULL, call, "description is NULL: pass the address of a bh_class");
    else if (from->size < sizeof *from || from->size > 65536)
        bh__fail(BH_ERROR_STATE, call, "the class's size is %zu: begin the description with BH_CLASS_INIT", from->size);
    else if (!bh__is_identifier(from->name))
        bh__fail(BH_ERROR_NAME, call, "class name '%.60s' is none: letters, digits and _, at most 63",
                 from->name ? from->name : "NULL");
    else if (bhs_class_meta(from->name))
        bh__fail(BH_ERROR_EXISTS, call, "class '%s' is Qt's: choose another name", from->name);
    else
        return true;
    return false;
}

/* Under the lock. */
static bh__class *find_class(const bh_class *description, const char *name)
{
    bh__class *class = classes;
    while (class && !(description && class->description == description) && strcmp(class->name, name) != 0)
        class = class->next;
    return class;
}

static bh__class *make_class(const bh_class *from, const char *call)
{
    bh__class *made = bh__calloc(1, sizeof *made);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for class '%s'", from->name);
        return NULL;
    }
    made->description = from;
    bh__copy_text(made->name, sizeof made->name, from->name);
    bool read = read_description(made, from, call);
    made->meta = read ? bh__metaobject_lay(made) : NULL;
    if (read && !made->meta)
        bh__fail(BH_ERROR_MEMORY, call, "no memory for class '%s'", from->name);
    if (!made->meta) {
        bh__free(made);
        return NULL;
    }
    made->method_offset = bhs_method_count(bhs_base_meta(made->base));
    return made;
}

/* Makes it outside of the lock, because a complaint runs the program's error hook; where two threads make it, the first counts. */
bh__class *bh__class_of(const bh_class *description, const char *call)
{
    if (!check_description(description, call))
        return NULL;
    pthread_mutex_lock(&lock);
    bh__class *class = find_class(description, description->name);
    pthread_mutex_unlock(&lock);
    if (!class) {
        bh__class *made = make_class(description, call);
        if (!made)
            return NULL;
        pthread_mutex_lock(&lock);
        class = find_class(description, description->name);
        bh__class **at = class ? &class->next : &classes; /* the one that came too late is kept too, behind it */
        made->next = *at;
        *at = made;
        class = class ? class : made;
        pthread_mutex_unlock(&lock);
    }
    if (class->description == description)
        return class;
    bh__fail(BH_ERROR_EXISTS, call, "another description has the name '%s' already: names of classes are unique",
             description->name);
    return NULL;
}

const bhs_meta *bh__class_meta(const char *name)
{
    pthread_mutex_lock(&lock);
    bh__class *class = find_class(NULL, name);
    pthread_mutex_unlock(&lock);
    return class ? class->meta : NULL;
}
