/* What must hold before anything is done to a target: the rules by which a user could do it. */
#ifndef PILOT_RULES_H
#define PILOT_RULES_H

#include "match.h"

typedef enum need { NEED_POINTER, NEED_KEYS, NEED_TEXT } need;

/* OUTCOME_DONE: all rules hold, and for NEED_POINTER *x and *y are where to point, in the window. Otherwise self->why names the rule. */
outcome rules_hold(request *self, need what, int *x, int *y);

/* The other end of a drag, which need not be enabled: it shows, in the same window, and is not covered. As rules_hold. */
outcome rules_reach(request *self, void *window, int *x, int *y);

/* Tells of a widget that moved while it was shown. */
void rules_moved(void *widget);

#endif
