/* A keyboard, for tests in C: keys go the way that they go from a window system, by way of shortcuts and mnemonics to what has the focus. */
#ifndef TEST_KEYS_H
#define TEST_KEYS_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the topmost visible window, or dialog, the one that gets keys. False: there is none. */
bool keys_activate(void);

/* KEY and MODIFIERS as in bulkhead/event.h; TEXT: what it types, or "". */
void keys_press(int key, int modifiers, const char *text);

/* The object name of what has the focus, or of the nearest of its parents that has one; "" if nothing has it. */
const char *keys_focus(void);
bool keys_set_focus(const char *name); /* in the active window */

/* Presses Tab until it comes round. The names of visible, enabled controls that it did not reach, each followed by a space; "" if it reached all. */
const char *keys_not_reached(void);

/* Mnemonics (Alt and a letter) that two controls of the active window share, each with their texts; "" if there are none. */
const char *keys_shared_mnemonics(void);

/* The menu key, on what has the focus; and the menu that is open: its texts, a line each, those that cannot be chosen in brackets. "": none is. */
void keys_ask_for_menu(void);
const char *keys_menu(void);
bool keys_choose(const char *text); /* an entry of it, without "&" and what follows a tab */

/* What is on the clipboard. */
const char *keys_clipboard(void);

#ifdef __cplusplus
}
#endif
#endif
