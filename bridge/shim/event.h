/* Events of widgets, through one event filter per watched widget. See shim.h. */
#ifndef SHIM_EVENT_H
#define SHIM_EVENT_H

#include "shim/shim.h"

#include <bulkhead/event.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Watches WIDGET, for no type yet. It is no child of the widget, and ended by bhs_delete, also while it delivers. NULL: exception. */
bhs_object *bhs_filter_create(bhs_object *widget, void *watch);

/* Bit N of TYPES: events of bh_event_type N. */
void bhs_filter_set_types(bhs_object *filter, unsigned types);

/* Core. Must not PASS if the widget has gone meanwhile: Qt would go on with it. */
bh_event_result bh__on_event(void *watch, const bh_event *event);

#ifdef __cplusplus
}
#endif
#endif
