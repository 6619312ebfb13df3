/* The dialog that begins fetches: addresses that are pasted, or a list of files that is opened. */
#ifndef APP_WINDOW_FETCH_DIALOG_H
#define APP_WINDOW_FETCH_DIALOG_H

#include "project/project.h"

/* Opens it over WINDOW. ADDRESSES, one a line, stand in it already; NULL: none. */
void fetch_dialog_open(bh_object *window, project *of, const char *addresses);

#endif
