/* Requests from outside to end the program. What is special to Linux is in quit_linux.c. */
#ifndef CORE_QUIT_H
#define CORE_QUIT_H

#include <stdbool.h>

/* Signals are caught from here on, until bh__quit_end. GUI thread, with an application. */
void bh__quit_begin(void);
void bh__quit_end(void);

/* FN(CODE) is called instead of closing the windows and ending the event loop with CODE; NULL: as before. */
void bh__quit_ask_with(void (*fn)(int code));

/* Closes all visible windows, dialogs first, until one stays open. True if none is visible then. */
bool bh__close_windows(void);

#endif
