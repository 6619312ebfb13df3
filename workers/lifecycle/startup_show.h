/* What a start-up shows: the splash screen and, when a stage has failed, the question what to do. */
#ifndef LIFECYCLE_STARTUP_SHOW_H
#define LIFECYCLE_STARTUP_SHOW_H

#include <bulkhead/startup.h>

/* A stage begins: its name, and how far the start is, on the splash screen if there is one. Painted when it returns. */
void bh__startup_show_stage(const char *name, int percent);

/* Opens the dialog and returns it; NULL, reported, on failure. ANSWERED(USER, button of BH_BUTTON_…) runs once, from the event loop. */
bh_object *bh__startup_ask(const bh_startup_failure *failure, void (*answered)(void *user, int button), void *user);
bh_startup_decision bh__startup_decision_of(int button);

#endif
