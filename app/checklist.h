/* bulkhead --checklist. */
#ifndef APP_CHECKLIST_H
#define APP_CHECKLIST_H

#include <stdbool.h>

/* Probes this program and prints what was seen, with progress on standard error where that is a terminal. Returns what main shall. */
int checklist_print(bool as_json);

#endif
