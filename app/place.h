/* Which folder is the project. Blocks for moments. */
#ifndef APP_PLACE_H
#define APP_PLACE_H

#include "options.h"
#include "project/user_files.h"

typedef struct place {
    char folder[USER_PATH];
    bool temporary; /* made for this start: place_remove takes it away */
} place;

/* What ASKED says; a temporary folder for a demo without a project; else bulkhead/default among the user's data. False, having said why on
 * standard error. */
bool place_find(const options *asked, place *out);
void place_remove(const place *self); /* nothing, unless it is temporary */

#endif
