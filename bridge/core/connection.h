/* Connections from a signal to a C callback.
 *
 * The records live in memory that is never given back, so that an emission on one thread may look at one that another thread is
 * ending: bh__connection_try_ref tells whether it still lives. The life of a connection:
 *   made           1 reference, listed at its sender
 *   ended          (disconnect, sender gone, context gone) dead, off the list, its handle stale; what is queued is dropped
 *   last reference after the last queued message and the last running callback: drop(user), and the record is free again. */
#ifndef CORE_CONNECTION_H
#define CORE_CONNECTION_H

#include "core/mailbox.h"
#include "core/object.h"
#include "core/signature.h"

#include <bulkhead/connect.h>
#include <ffi.h>

/* How a callback with natural C arguments is called: a typed call for the commonest signatures, libffi for the rest. */
typedef struct bh__invoker {
    bh_function function;
    void (*trampoline)(bh_function function, void *const *leading, void **arguments); /* NULL: libffi */
    int leading; /* pointer arguments before the typed ones: 1 (user) or 2 (self, user) */
    int count;
    ffi_cif cif;
    ffi_type *types[2 + BH_MAX_ARGUMENTS];
} bh__invoker;

/* Prepares one. False if libffi refuses. */
bool bh__invoker_prepare(bh__invoker *invoker, const bh_callback *callback, int leading);

/* Calls it: LEADING are the pointers, ARGUMENTS the addresses of the typed values. Inside a handler only. */
void bh__invoke(const bh__invoker *invoker, void *const *leading, void **arguments);

struct bh__connection {
    _Atomic uint32_t refs;
    _Atomic bool dead;
    bh_connection *handle;
    bh__sender *sender; /* with a reference; who lists it */
    bh_object *sender_object;
    int signal;  /* method index in the sender's class */
    void *qt;    /* Qt's connection, for signals of Qt and for slots; NULL for signals of C classes */
    uint32_t id; /* number at the dispatcher, with qt */
    int slot; /* method index in the context's class, for a blocking connection to a slot that takes callback.count arguments; -1 */
    bh_connection_type type;
    bh__thread *target; /* with a reference */
    bh_object *context;
    bh__object *context_object; /* while `context_end` is registered */
    bh__end context_end;
    bh_callback callback;
    void *user;
    void (*drop)(void *user);
    bh__invoker invoker;
    int parameter_ids[BH_MAX_ARGUMENTS]; /* QMetaType ids of what the callback takes, for signals of Qt */
    bh__connection *next;                /* free list */

    /* What the emitting thread writes with each signal, and what the target's writes, are kept from each other's cache lines. */
    bh__stream stream __attribute__((aligned(64))); /* guarded by the target's mailbox */
    int running __attribute__((aligned(64)));       /* queued callbacks on the stack; the target's thread */
    bool last_seen;                                 /* its last message came while they ran */
};

/* What is connected to an object's signals: a list that is replaced, never changed, so that an emission reads it without a lock
 * held. It holds a reference to each connection, so that an emission needs none of its own. */
typedef struct bh__listeners {
    _Atomic uint32_t refs;
    int count;
    bh__connection *list[];
} bh__listeners;

struct bh__sender {
    _Atomic uint32_t refs;
    pthread_mutex_t lock;     /* guards all below */
    bh__listeners *listeners; /* NULL: none */
    int last_signal;
    uint64_t change; /* counts the changes from one signal to another */
};

/* Emits to the C callbacks of SIGNAL (method index): VALUES of natural types. */
bh_status bh__sender_emit(bh__sender *sender, int signal, int count, const bh_value *values);

/* A free record, without references; NULL without memory. */
bh__connection *bh__connection_take(void);

/* A reference to a record, or to the one with this number, unless it has ended. */
bool bh__connection_try_ref(bh__connection *connection);
bh__connection *bh__connection_numbered(uint32_t id);

/* Ends it, once, from any thread. */
void bh__connection_end(bh__connection *connection);

/* Lets it end with CONTEXT; false if CONTEXT is going. */
bool bh__connection_context(bh__connection *connection, bh__object *context);

/* The object's sender, made at first use; NULL without memory. */
bh__sender *bh__sender_of(bh__object *object);
void bh__sender_unref(bh__sender *sender);

/* Lists a connection; BH_ERROR_EXISTS if UNIQUE and there is one alike, or BH_ERROR_MEMORY. */
bh_status bh__sender_add(bh__sender *sender, bh__connection *connection, bool unique);
void bh__listeners_unref(bh__listeners *listeners);

/* True if a callback is connected to SIGNAL (method index). */
bool bh__sender_has(bh__sender *sender, int signal);

/* Delivers a queued message. False if it came too late. */
bool bh__connection_deliver(bh__connection *connection, bh__cell *cells, int count);

void bh__connection_unref(bh__connection *connection);

/* The last message of the connection has come. */
void bh__connection_last(bh__connection *connection);

/* The object is going: all its connections end. */
void bh__sender_gone(bh__object *object);

/* Whether the calling thread's emits wait for memory where there is none for a message. Returns what was so before. */
bool bh__deliver_patiently(bool patient);

#endif
