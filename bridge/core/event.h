/* Events: the widgets that are watched, and who watches. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/object.h"

#include <bulkhead/event.h>

enum { BH__EVENT_ALL = (1 << BH_EVENT_TYPE_COUNT) - 1 };

/* Calls FN for the events whose bits (1 << type) are in TYPES, after all handlers of bh_on_event, until the widget is gone. GUI
 * thread. False without memory, reported for CALL. */
bool bh__event_watch(bh__object *widget, unsigned types, bh_event_function fn, void *user, const char *call);

/* A handler of a show, hide, resize, move, focus, enter or leave event is on the stack. GUI thread. */
bool bh__in_passive_event(void);

/* A widget is being put elsewhere by a call further up the calling thread's stack. */
bool bh__is_moving(void);

/* From now on close events of WIDGET go to FN alone, which bh__event_watch has added; NULL: to all again. GUI thread. */
void bh__event_close_only(const bh__object *widget, bh_event_function fn);

#endif
