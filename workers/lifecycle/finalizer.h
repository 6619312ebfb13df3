/* Inside the life of the program: running the finalisers, and what became of them. */
#ifndef LIFECYCLE_FINALIZER_H
#define LIFECYCLE_FINALIZER_H

#include <bulkhead/finalizer.h>

/* Runs all that are left, the last one first. Any thread. */
void bh__finalizers_run(void);

/* So that they run at exit(), too; once for the process, and not in children that it has forked. */
void bh__finalizers_at_exit(void);

/* The names of those that were late, in the order in which they began: calls VISIT for each; and how many failed. */
void bh__finalizers_late(void (*visit)(const char *name, void *user), void *user);
size_t bh__finalizers_failed(void);

#endif
