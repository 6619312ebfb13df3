/* Guard: every entry from Qt or the system into code of the program goes through here.
 *
 * A handler is one run of such code. Around it: C++ exceptions stop here and go to the error hook, what was deferred runs at its
 * end whichever way it ended, and the place of the running call is kept apart. */
#ifndef CORE_GUARD_H
#define CORE_GUARD_H

#include "core/door.h"

/* Calls THUNK(FRAME) as a handler. WHAT names it in the report of an exception ("slot of 'clicked'"); may be NULL. SENDER is what
 * bh_sender returns inside; may be NULL. Returns false if an exception was contained. */
bool bh__run_handler(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender);

/* What came out of code of the program: BH_ERROR_EXCEPTION or BH_ERROR_ASSERTION. */
typedef bh__door_caught bh__caught;

/* The same without a report: for those who tell it in their own way. */
bool bh__run_caught(void (*thunk)(void *frame), void *frame, const char *what, bh_object *sender, bh__caught *caught);

/* Tells the error hook, with the assertion's place as the location. */
void bh__report_caught(const bh__caught *caught, const char *what);

/* A failed assertion goes up to the nearest guard. Returns only where there is none. */
void bh__assertion_throw(const char *text, const char *function, const char *location);

/* For `void fn(void *user)`, and for `bh_status fn(void *user)`, whose status it returns (BH_ERROR_EXCEPTION or BH_ERROR_ASSERTION after one) and, with
 * REPORT, tells to the error hook if it is neither BH_OK nor BH_CANCELLED. */
bool bh__run_void(void (*fn)(void *user), void *user, const char *what);
bh_status bh__run_status(bh_status (*fn)(void *user), void *user, const char *what, bool report);

/* True while a handler, the error hook or a log handler runs on the calling thread. */
bool bh__in_handler(void);

#endif
