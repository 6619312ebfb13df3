/* The main window, for the rest of the program. GUI thread. */
#ifndef APP_WINDOW_WINDOW_H
#define APP_WINDOW_WINDOW_H

#include "options.h"
#include "project/project.h"
#include "settings.h"

typedef struct window window;

/* Shown when it returns. KEPT is written when it closes; all three must live as long as the window, which goes with its object. NULL on
 * failure, reported. */
window *window_create(project *of, settings *kept, const options *asked);
bh_object *window_object(const window *self); /* NULL for NULL */

/* Bring a tab to the front with what it is to show. */
void window_show_data(window *self, int64_t data_set);
void window_show_run(window *self, int64_t run);
void window_show_compare(window *self);

#endif
