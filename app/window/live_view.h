/* What the program is doing right now, for who wonders: event loop, mailbox, threads and worker processes. */
#ifndef APP_WINDOW_LIVE_VIEW_H
#define APP_WINDOW_LIVE_VIEW_H

#include <bulkhead/bulkhead.h>

/* Opens it beside WINDOW, or brings it to the front. It looks once a second, as long as it is visible. */
void live_view_open(bh_object *window);

#endif
