/* Classes defined in C: what a description becomes at first use, and the instances. */
#ifndef CORE_CLASS_H
#define CORE_CLASS_H

#include "core/connection.h"
#include "core/door.h"
#include "core/object.h"
#include "core/signature.h"

#include <bulkhead/class.h>

enum { BH__MOST_SIGNALS = BH_MAX_SIGNALS + BH_MAX_PROPERTIES + 3 }; /* with notify signals and a worker's own */

typedef struct bh__class_method {
    bh__signature signature;
    int type_ids[BH_MAX_ARGUMENTS]; /* QMetaType ids */
    bh_type types[BH_MAX_ARGUMENTS];
    bh_queue queue;      /* signals */
    bh__invoker invoker; /* slots */
} bh__class_method;

typedef struct bh__class_property {
    char name[BH__NAME_SIZE];
    int type_id;
    bh_type type;
    int notify; /* signal, -1: none */
    bool read_only;
} bh__class_property;

typedef struct bh__class {
    const bh_class *description;
    char name[BH__NAME_SIZE];
    int base; /* BHS_BASE_… */
    const bhs_meta *meta;
    int method_offset; /* of its first signal in its meta-object */
    int declared;      /* signals of the description */
    int signal_count, slot_count, property_count;
    bh__class_method signals[BH__MOST_SIGNALS];
    bh__class_method slots[BH_MAX_SLOTS];
    bh__class_property properties[BH_MAX_PROPERTIES];
    struct bh__class *next;
} bh__class;

struct bh__instance {
    bh__class *class;
    bh_object *handle; /* stale when the object is gone */
    void *user;
    bool whole;                         /* made with success: `destroyed` will run */
    _Atomic bool connect_closed;        /* a worker that runs: what it has emitted already would be missed */
    _Atomic uint64_t qt_signals[2];     /* signals that something of Qt has been connected to */
    bh_value values[BH_MAX_PROPERTIES]; /* owned */

    /* A worker's: its context, and who is told what came out of a slot. */
    bh_worker_context *context;
    void (*failed)(void *user, const bh__door_caught *caught);
    void *failed_user;
};

/* The class of a description, made at first use. NULL after having reported for CALL. Any thread. */
bh__class *bh__class_of(const bh_class *description, const char *call);

/* The meta-object of a class that has been used; NULL. */
const bhs_meta *bh__class_meta(const char *name);

/* bh_create_instance for CALL. */
bh_object *bh__instance_create(const bh_class *description, bh_object *parent, void *user, const char *call);

/* Lays the meta-object (metaobject.c). NULL without memory. */
const bhs_meta *bh__metaobject_lay(const bh__class *class);

/* For connect.c: false, reported, if the object's signals can no longer be connected to. */
bool bh__class_may_connect(bh__object *object, const char *call);

/* True if METHOD is a signal of a class defined in C; its queue's policy and bound go to STREAM. */
bool bh__class_queue(const bh__object *object, int method, bh__stream *stream);

/* Emits local signal SIGNAL with values of natural types. The object is checked, and pinned if it lives elsewhere. */
bh_status bh__class_emit(bh__object *object, int signal, int count, const bh_value *values);

/* True if something is connected to local signal SIGNAL. */
bool bh__class_has_listeners(bh__object *object, int signal);

/* The number of a signal by name; -1. */
int bh__class_signal(const bh__class *class, const char *name);

#endif
