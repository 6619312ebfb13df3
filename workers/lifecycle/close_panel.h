/* What a closing window shows while it waits: what for, how long still, "Wait longer" and "Leave now". */
#ifndef LIFECYCLE_CLOSE_PANEL_H
#define LIFECYCLE_CLOSE_PANEL_H

#include "lifecycle/close_part.h"

#include <bulkhead/object.h>

typedef struct bh__close_panel {
    bh_object *dialog, *list, *time; /* stale once the window is gone */
} bh__close_panel;

/* All on the GUI thread. The dialog belongs to WINDOW. Without memory there is no panel, and the close goes on without. */
void bh__close_panel_open(bh__close_panel *self, bh_object *window, void (*longer)(void *user), void (*leave)(void *user),
                          void *user);
void bh__close_panel_update(const bh__close_panel *self, const bh__close_part *parts, int64_t left_ms, int64_t all_ms);
void bh__close_panel_end(bh__close_panel *self);

#endif
