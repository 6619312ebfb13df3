/* Processes below another: what a program has started, and what those have. */
#ifndef PILOT_FAMILY_H
#define PILOT_FAMILY_H

#include <sys/types.h>

/* Those whose parent ends become children of this process, and not of init: so they are found. */
void family_keep(void);

/* Kills all that are below ROOT, whatever process group or session they have made for themselves. ROOT itself stays. */
void family_kill(pid_t root);

#endif
