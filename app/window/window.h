/* The main window, for the rest of the program. GUI thread. */
#ifndef APP_WINDOW_WINDOW_H
#define APP_WINDOW_WINDOW_H

#include "options.h"
#include "settings.h"

typedef struct window window;

/* Shown when it returns. KEPT is written when it closes; both must live as long as the program. NULL on failure, reported. */
window *window_create(settings *kept, const options *asked);
bh_object *window_object(const window *self);

/* Reads a file of curves in the background. */
void window_open_file(window *self, const char *file);

/* All that the command line asks for has been begun. */
void window_started(window *self);

#endif
