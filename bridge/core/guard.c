/* Handlers: exceptions stop here, what was deferred runs, and the caller's place is kept apart. */
#include "core/guard.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
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
    bool in_hook, in_log; /* it began inside of one */
} handler;

static _Thread_local handler *current BH__TLS;

/* Where the assertion that is under way has failed. */
static _Thread_local char assertion_function[64], assertion_location[128];

static void take_caught(bh__caught *caught)
{
    bool assertion = bhs_exception_is_assertion();
    caught->status = assertion ? BH_ERROR_ASSERTION : BH_ERROR_EXCEPTION;
    bh__copy_text(caught->text, sizeof caught->text, bhs_exception_text());
    bh__copy_text(caught->function, sizeof caught->function, assertion ? assertion_function : "");
    bh__copy_text(caught->location, sizeof caught->location, assertion ? assertion_location : "");
}

static void report(const bh__caught *caught, const char *what, bool deferred_one)
{
    if (!what)
        what = "handler";
    bh_location = caught->location[0] ? caught->location : NULL;
    if (caught->status == BH_ERROR_ASSERTION)
        bh__fail(caught->status, what, "%s%s: %s", deferred_one ? "a deferred function: in " : "in ", caught->function,
                 caught->text);
    else
        bh__fail(caught->status, what, "%s: %s",
                 deferred_one ? "a deferred function threw" : "threw a C++ exception, contained here", caught->text);
}

void bh__report_caught(const bh__caught *caught, const char *what)
{
    report(caught, what, false);
}

static void report_last(const char *what, bool deferred_one)
{
    bh__caught caught;
    take_caught(&caught);
    report(&caught, what, deferred_one);
}

/* An exception in one of them does not keep the others from running. */
static void run_deferred(handler *self, const char *what)
{
    while (self->deferred) {
        deferred *first = self->deferred;
        self->deferred = first->next;
        if (!bhs_try(first->fn, first->user))
            report_last(what, true);
        bh__free(first);
    }
}

/* BH_OK, or what came out. */
static bh_status run(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender, bh__caught *caught)
{
    const char *place = bh_location;
    handler self = {current, NULL, sender, bh__in_hook(), bh__in_log()};
    bh_location = NULL;
    current = &self;
    bh_status status = BH_OK;
    if (!bhs_try(thunk, frame)) {
        status = bhs_exception_is_assertion() ? BH_ERROR_ASSERTION : BH_ERROR_EXCEPTION;
        caught ? take_caught(caught) : report_last(what, false);
    }
    if (self.deferred)
        run_deferred(&self, what);
    current = self.outer;
    bh_location = place;
    return status;
}

bool bh__run_handler(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender)
{
    return run(thunk, frame, what, sender, NULL) == BH_OK;
}

bool bh__run_caught(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender, bh__caught *caught)
{
    caught->status = BH_OK;
    return run(thunk, frame, what, sender, caught) == BH_OK;
}

/* The error hook and log handlers are called by functions of ours that an exception must not pass: they hold a lock. A guard inside of
 * them is as good as any. */
void bh__assertion_throw(const char *text, const char *function, const char *location)
{
    if (!current || bh__in_hook() != current->in_hook || bh__in_log() != current->in_log)
        return;
    bh__copy_text(assertion_function, sizeof assertion_function, function);
    bh__copy_text(assertion_location, sizeof assertion_location, location);
    bhs_throw_assertion(text);
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
    bh_status thrown = run(status_thunk, &call, what, NULL, NULL);
    if (thrown)
        return thrown;
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
