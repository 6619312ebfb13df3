/* Handlers: exceptions stop here, what was deferred runs, and the caller's place is kept apart. */
#include "core/guard.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/status.h"
#include "core/object.h"
#include "shim/shim.h"

#include <bulkhead/app.h>
#include <bulkhead/connect.h>
#include <bulkhead/object.h>

typedef struct deferred {
    void (*fn)(void *user);
    void *user;
    struct deferred *next;
} deferred;

typedef struct handler {
    struct handler *outer;
    deferred *deferred;
    bh_object *sender;
} handler;

static _Thread_local handler *current;

/* An exception in one of them does not keep the others from running. */
static void run_deferred(handler *self, const char *what)
{
    while (self->deferred) {
        deferred *first = self->deferred;
        self->deferred = first->next;
        if (!bhs_try(first->fn, first->user))
            bh__fail(BH_ERROR_EXCEPTION, what ? what : "handler", "a deferred function threw: %s", bhs_exception_text());
        bh__free(first);
    }
}

bool bh__run_handler(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender)
{
    const char *place = bh_location;
    handler self = {current, NULL, sender};
    bh_location = NULL;
    current = &self;
    bool completed = bhs_try(thunk, frame);
    if (!completed)
        bh__fail(BH_ERROR_EXCEPTION, what ? what : "handler", "threw a C++ exception, contained here: %s", bhs_exception_text());
    if (self.deferred)
        run_deferred(&self, what);
    current = self.outer;
    bh_location = place;
    return completed;
}

bool bh__in_handler(void)
{
    return current || bh__in_hook() || bh__in_log();
}

struct void_frame {
    void (*fn)(void *user);
    void *user;
};

static void void_thunk(void *frame)
{
    struct void_frame *call = frame;
    call->fn(call->user);
}

bool bh__run_void(void (*fn)(void *user), void *user, const char *what)
{
    struct void_frame call = {fn, user};
    return bh__run_handler(void_thunk, &call, what, NULL);
}

struct status_frame {
    bh_status (*fn)(void *user);
    void *user;
    bh_status status;
};

static void status_thunk(void *frame)
{
    struct status_frame *call = frame;
    call->status = call->fn(call->user);
}

bh_status bh__run_status(bh_status (*fn)(void *user), void *user, const char *what, bool report)
{
    struct status_frame call = {fn, user, BH_OK};
    if (!bh__run_handler(status_thunk, &call, what, NULL))
        return BH_ERROR_EXCEPTION;
    if (report && call.status != BH_OK && call.status != BH_CANCELLED)
        bh__fail(call.status, what ? what : "function", "ended with %s (%s)", bh_status_name(call.status),
                 bh_status_text(call.status));
    return call.status;
}

bh_status(bh_defer)(void (*fn)(void *user), void *user)
{
    if (!fn)
        return bh__fail(BH_ERROR_NULL, "bh_defer", "fn is NULL: pass a function");
    if (!current)
        return bh__fail(BH_ERROR_STATE, "bh_defer",
                        "no handler is running: call it inside a callback, slot, event handler or timer");
    deferred *added = bh__malloc(sizeof *added);
    if (!added)
        return bh__fail(BH_ERROR_MEMORY, "bh_defer", "no memory");
    *added = (deferred){fn, user, current->deferred};
    current->deferred = added;
    return BH_OK;
}

bh_object *bh_sender(void)
{
    return current && bh_is_alive(current->sender) ? current->sender : NULL;
}
