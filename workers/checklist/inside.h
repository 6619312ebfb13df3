/* The checklist's half inside of the program that it looks at: it watches the program's life, does what the checklist wants to
 * see done once the main window is there, and closes the window as a person would. In a program that no checklist has started
 * all of it does nothing. */
#ifndef CHECKLIST_INSIDE_H
#define CHECKLIST_INSIDE_H

#include <bulkhead/status.h>

/* The moments of the application; GUI thread. */
void bh__inside_creating(void);
void bh__inside_created(void);
void bh__inside_loop_begins(void);
void bh__inside_loop_ended(int code);
void bh__inside_gone(void);

/* What can be done in here. It is called on the GUI thread, as a timer, until it returns true. */
typedef bool (*bh__inside_action)(void);

/* The action of that name; NULL: there is none. */
bh__inside_action bh__inside_action_find(const char *name);

/* How many runnables that the action "busy" has put into pools of the program have begun and not ended. */
int bh__inside_busy(void);

#endif
