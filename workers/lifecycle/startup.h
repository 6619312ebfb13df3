/* Inside the life of the program: the end of a start-up that is still under way. */
#ifndef LIFECYCLE_STARTUP_H
#define LIFECYCLE_STARTUP_H

#include <bulkhead/startup.h>

/* The event loop has ended, or the application is about to: stops the start-up, if there is one, and undoes it. GUI thread. */
void bh__startup_stop(void);

/* A start-up has begun and not ended. GUI thread. */
bool bh__startup_is_under_way(void);

#endif
