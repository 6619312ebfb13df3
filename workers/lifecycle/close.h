/* Inside the life of the program: closes that are under way. GUI thread. */
#ifndef LIFECYCLE_CLOSE_H
#define LIFECYCLE_CLOSE_H

#include <bulkhead/close.h>

/* A window waits for its work to end. */
bool bh__close_is_under_way(void);

/* The event loop begins, or has ended. */
void bh__close_loop(bool runs);

/* bh_close_all_windows, for requests from outside. */
void bh__close_all(int code);

/* True, with the code that it is to end with, while all windows are asked to close. */
bool bh__close_all_wants(int *code);

/* A window has closed that had made the others wait. */
void bh__close_all_go_on(void *unused);

#endif
