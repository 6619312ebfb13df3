/* Help > Checklist: probes this program against the practices, and shows what was seen. */
#ifndef APP_WINDOW_CHECKLIST_DIALOG_H
#define APP_WINDOW_CHECKLIST_DIALOG_H

#include <bulkhead/bulkhead.h>

/* Opens it over WINDOW and starts at once; raises the one that is open. WINDOW's close stops it. */
void checklist_dialog_open(bh_object *window);

#endif
