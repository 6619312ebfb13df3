/* The descriptors of the process that can bring events, and whose they are. What is special to Linux is in descriptors_linux.c. */
#ifndef LIFECYCLE_DESCRIPTORS_H
#define LIFECYCLE_DESCRIPTORS_H

#include <bulkhead/exit_report.h>

/* Notes what is open: what there was before the application, and what it has opened while it was created. GUI thread. */
void bh__descriptors_before_app(void);
void bh__descriptors_app_created(void);

/* How many threads with an event loop run: each has an eventfd. */
typedef struct bh__loops {
    size_t ours, qt;
} bh__loops;

/* Calls VISIT for each that is open now. */
void bh__descriptors_each(bh__loops loops, void (*visit)(const bh_descriptor_info *descriptor, void *user), void *user);

#endif
