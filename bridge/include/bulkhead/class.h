/* Classes defined in C: QObjects and widgets with signals, slots and properties that Qt itself can see.
 *
 *     enum { CHANGED };
 *     static void reset(bh_object *self, void *user) { … bh_emit(self, CHANGED, 0); }
 *
 *     static const bh_class gauge = {
 *         BH_CLASS_INIT,
 *         .name = "Gauge",
 *         .base = "QWidget",
 *         .signals = { [CHANGED] = "changed(int)" },
 *         .slots = { BH_SLOT("reset()", reset) },
 *         .properties = { { .name = "level", .type = "int", .notify = "levelChanged" } },
 *         .paint = paint_gauge,
 *     };
 *     bh_object *object = bh_create_instance(&gauge, window, &state);
 *
 * The class gets a real QMetaObject, made from the description at first use: Qt's slots connect to its signals, findChild finds it by
 * its name, its properties can be read by name. Signatures use Qt's type names (value.h); one that cannot be read is refused with
 * the sentence that says where. */
#ifndef BULKHEAD_CLASS_H
#define BULKHEAD_CLASS_H

#include <bulkhead/callback.h>
#include <bulkhead/event.h>
#include <bulkhead/painter.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Inside a worker's thread, its run function and slots: see worker.h. */
typedef struct bh_worker_context bh_worker_context;

enum { BH_MAX_SIGNALS = 32, BH_MAX_SLOTS = 16, BH_MAX_PROPERTIES = 32 };

/* What happens when a signal is emitted faster than its receiver on another thread takes it. */
typedef enum bh_queue_policy {
    BH_QUEUE_BLOCK,  /* the emitting thread waits; on the GUI thread, and while the receiver itself waits, it goes on (counted) */
    BH_QUEUE_NEWEST, /* keeps the newest: replaces the one before, unless this sender has sent something else in between */
    BH_QUEUE_DROP    /* not taken, and counted */
} bh_queue_policy;

typedef struct bh_queue {
    bh_queue_policy policy;
    int bound; /* messages that may wait in the mailbox, beside the batch that is being delivered; 0: 1,024; beyond it, NEWEST blocks as BLOCK does */
} bh_queue;

/* A slot: its signature and the function. Made by BH_SLOT. */
typedef struct bh_slot {
    const char *signature;
    bh_callback callback;
} bh_slot;

/* BH_SLOT("name(int,QString)", fn, int, const char *): FN is `void fn(bh_object *self, void *user, int, const char *)`. Checked
 * against the types when compiled, against the signature when the class is first used. */
#ifndef __cplusplus
#define BH_SLOT_2(text, fn)                                                        \
    {                                                                              \
        (text),                                                                    \
        {                                                                          \
            (bh_function) _Generic((fn), void (*)(bh_object *, void *) : (fn)), 0, \
            {                                                                      \
                BH_TYPE_VOID                                                       \
            }                                                                      \
        }                                                                          \
    }
#define BH_SLOT_N(text, fn, ...)                                                                                    \
    {                                                                                                               \
        (text),                                                                                                     \
        {                                                                                                           \
            (bh_function) _Generic((fn), void (*)(bh_object *, void *, __VA_ARGS__) : (fn)), BH_COUNT(__VA_ARGS__), \
            {                                                                                                       \
                BH_EACH(BH_TYPE_OF, __VA_ARGS__)                                                                    \
            }                                                                                                       \
        }                                                                                                           \
    }
#define BH_SLOT_3 BH_SLOT_N
#define BH_SLOT_4 BH_SLOT_N
#define BH_SLOT_5 BH_SLOT_N
#define BH_SLOT_6 BH_SLOT_N
#define BH_SLOT_7 BH_SLOT_N
#define BH_SLOT_8 BH_SLOT_N
#define BH_SLOT_9 BH_SLOT_N
#define BH_SLOT_10 BH_SLOT_N
#define BH_SLOT(...) BH_PASTE(BH_SLOT_, BH_COUNT(__VA_ARGS__))(__VA_ARGS__)
#endif

/* A property, kept by the library. */
typedef struct bh_property {
    const char *name;
    const char *type;   /* Qt's name: "int", "QString" */
    const char *notify; /* name of a signal that is emitted with the new value when it changes; NULL: none. A signal of this name
                           and type is added to the class if the description has none. */
    bool read_only;     /* for Qt and bh_set_…; bh_set_property_value writes it */
} bh_property;

typedef struct bh_class {
    size_t size;      /* set by BH_CLASS_INIT */
    const char *name; /* a C identifier, unique in the program */
    const char *base; /* "QObject" (also if NULL), "QWidget", "QDialog" or "QMainWindow" */
    const char *signals[BH_MAX_SIGNALS];
    bh_queue queues[BH_MAX_SIGNALS]; /* by signal; left out: block at 1,024 */
    bh_slot slots[BH_MAX_SLOTS];
    bh_property properties[BH_MAX_PROPERTIES];

    /* Workers only: the work itself, on the worker's thread. */
    bh_status (*run)(bh_worker_context *self, void *user);

    /* Widgets only, each may be NULL. PAINT gets a painter on the widget; SIZE the widget's size. EVENT sees every event of
     * bh_event_type before the widget does. */
    void (*paint)(bh_object *self, void *user, bh_painter *painter, bh_size size);
    bh_size (*size_hint)(bh_object *self, void *user);
    bh_event_function event;

    /* Runs once when an instance is gone, with its user. The object's handle is stale by then. */
    void (*destroyed)(void *user);
} bh_class;

#define BH_CLASS_INIT .size = sizeof(bh_class)

/* Creates an instance. DESCRIPTION must live as long as the program (a static const). PARENT and thread as bh_create; USER is passed to
 * every function of the class. NULL on failure; `destroyed` does not run then. */
BH_API bh_object *bh_create_instance(const bh_class *description, bh_object *parent, void *user);

/* The USER of an instance; NULL, with a sentence, for another object. */
BH_API bh_status bh_instance_user(const bh_object *object, void **user);

/* Writes a property of an instance, read-only ones too, and emits its notify signal if it changed. The object's thread. */
BH_API bh_status bh_set_property_value(bh_object *object, const char *property, const bh_value *value);

/* Emits signal number SIGNAL of the class's description with COUNT arguments. Callbacks on other threads get copies through their
 * mailboxes, where the signal's queue policy may make this call wait. Any thread may emit for an object of no widget class. */
BH_API bh_status bh_emit_values(bh_object *object, int signal, int count, const bh_value *arguments);

/* The object behind a worker's context. Reports nothing; a bad handle gives one that every call refuses. */
BH_API bh_object *bh_worker_context_object(bh_worker_context *context);

#define bh_create_instance(...) BH_AT(bh_create_instance(__VA_ARGS__))
#define bh_instance_user(...) BH_AT(bh_instance_user(__VA_ARGS__))
#define bh_set_property_value(...) BH_AT(bh_set_property_value(__VA_ARGS__))

#ifdef __cplusplus
}
inline bh_object *bh_emitter(bh_object *object)
{
    return object;
}
inline bh_object *bh_emitter(bh_worker_context *context)
{
    return bh_worker_context_object(context);
}
template <class S, class... A> inline bh_status bh_emit_cpp(S *self, int signal, A... arguments)
{
    const bh_value values[] = {bh_value_of(arguments)..., bh_value()};
    return bh_emit_values(bh_emitter(self), signal, static_cast<int>(sizeof...(A)), values);
}
#define bh_emit(...) BH_AT(bh_emit_cpp(__VA_ARGS__))
#else
static inline bh_object *bh_emitter_object(bh_object *object)
{
    return object;
}
#define BH_EMITTER(self) (_Generic((self), bh_object * : bh_emitter_object, bh_worker_context * : bh_worker_context_object)(self))
#define BH_EMIT_2(self, signal) BH_AT(bh_emit_values(BH_EMITTER(self), signal, 0, NULL))
#define BH_EMIT_N(self, signal, ...) \
    BH_AT(bh_emit_values(BH_EMITTER(self), signal, BH_COUNT(__VA_ARGS__), (const bh_value[]){BH_EACH(BH_VALUE, __VA_ARGS__)}))
#define BH_EMIT_3 BH_EMIT_N
#define BH_EMIT_4 BH_EMIT_N
#define BH_EMIT_5 BH_EMIT_N
#define BH_EMIT_6 BH_EMIT_N
#define BH_EMIT_7 BH_EMIT_N
#define BH_EMIT_8 BH_EMIT_N
#define BH_EMIT_9 BH_EMIT_N
#define BH_EMIT_10 BH_EMIT_N

/* bh_emit(self, SIGNAL, arguments…): SELF is the instance, or a worker's context. An argument of a type that no signal can have does
 * not compile; a number or type of arguments that is not the signal's is refused with both. */
#define bh_emit(...) BH_PASTE(BH_EMIT_, BH_COUNT(__VA_ARGS__))(__VA_ARGS__)
#endif

#endif
