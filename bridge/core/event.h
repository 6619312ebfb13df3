/* Events: the widgets that are watched, and who watches. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/object.h"

#include <bulkhead/event.h>

/* Calls FN for every event of every type in bh_event_type, after the handlers of bh_on_event, until the widget is gone: the
 * `event` function of a class defined in C. GUI thread. False without memory, reported for CALL. */
bool bh__event_watch(bh__object *widget, bh_event_function fn, void *user, const char *call);

#endif
