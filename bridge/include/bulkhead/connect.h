/* Connections: from a signal to a C callback, or to a slot.
 *
 * Where the callback runs is the context's thread (the GUI thread if there is no context): directly if the signal is emitted on
 * that thread, through that thread's mailbox otherwise (mailbox.h: order, bounds, what happens to late signals).
 * A connection ends with bh_disconnect, with its sender, or with its context; ending any of them inside the callback is legal.
 * After it has ended its callback runs no more, not even for signals that are already queued. */
#ifndef BULKHEAD_CONNECT_H
#define BULKHEAD_CONNECT_H

#include <bulkhead/callback.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A connection. A checked handle, stale when the connection has ended. Needs no release. */
typedef struct bh_connection bh_connection;

typedef enum bh_connection_type {
    BH_CONNECTION_AUTO,            /* direct on the context's thread, queued elsewhere */
    BH_CONNECTION_DIRECT,          /* on the emitting thread, inside the emit */
    BH_CONNECTION_QUEUED,          /* always through the mailbox */
    BH_CONNECTION_BLOCKING_QUEUED, /* the emitting thread waits until the callback has returned; directly if it is the
                                      context's own; a circle of such waits is refused and reported, not entered */
} bh_connection_type;

typedef struct bh_connect_options {
    size_t size;        /* set by BH_CONNECT_INIT */
    bh_object *context; /* chooses the thread, and ends the connection when it goes; NULL: the GUI thread */
    bh_connection_type type;
    bool unique;              /* refused with BH_ERROR_EXISTS if the same sender, signal, function and user are connected */
    void (*drop)(void *user); /* runs exactly once, after the last pending call, whatever ended the connection; on the thread
                                 of the callback if that still runs, else on the thread that ended it */
} bh_connect_options;

#define BH_CONNECT_INIT .size = sizeof(bh_connect_options)

/* Connects SIGNAL of SENDER ("clicked", or "valueChanged(int)" to choose an overload) to CALLBACK with USER. The callback may take
 * fewer arguments than the signal has; the types of those it takes must be the signal's, or the call is refused with both.
 * OPTIONS may be NULL. A call that fails takes nothing: drop does not run. NULL on failure. Any thread. */
BH_API bh_connection *bh_connect(bh_object *sender, const char *signal, bh_callback callback, void *user,
                                 const bh_connect_options *options);

/* Connects a signal to a slot, or to another signal, of RECEIVER, as Qt does; either side may be of Qt or defined in C. Only AUTO,
 * DIRECT, QUEUED and BLOCKING_QUEUED; a queued one goes through Qt's own queue, which is not ordered against the mailbox. Ends with
 * either object or with bh_disconnect. Any thread. */
BH_API bh_connection *bh_connect_slot(bh_object *sender, const char *signal, bh_object *receiver, const char *slot,
                                      bh_connection_type type);

/* Ends the connection. NULL is BH_OK and does nothing; one that has ended already is BH_ERROR_STALE. Any thread. Does not block, so
 * a callback that is running on another thread may still be running. */
BH_API bh_status bh_disconnect(bh_connection *connection);

/* The object whose signal called the running callback or slot; NULL outside of one, or where it is gone. Reports nothing. */
BH_API bh_object *bh_sender(void);

#define bh_connect(...) BH_AT(bh_connect(__VA_ARGS__))
#define bh_connect_slot(...) BH_AT(bh_connect_slot(__VA_ARGS__))
#define bh_disconnect(...) BH_AT(bh_disconnect(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
