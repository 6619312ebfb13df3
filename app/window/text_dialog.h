/* A dialog with a text to read and to copy. */
#ifndef APP_WINDOW_TEXT_DIALOG_H
#define APP_WINDOW_TEXT_DIALOG_H

#include <bulkhead/bulkhead.h>

/* Opens it over WINDOW as NAME, its text as NAME-text; raises the one of that name that is open. Copies all texts. */
void text_dialog_open(bh_object *window, const char *name, const char *title, const char *text);

#endif
