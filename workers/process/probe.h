/* The line from a program that a checklist has started to that checklist: one datagram of text for each thing that is seen in
 * here. A program that nobody probes has no line, and all of this does nothing. */
#ifndef PROCESS_PROBE_H
#define PROCESS_PROBE_H

#include <bulkhead/status.h>
#include <sys/types.h>

/* In the environment: "ADDRESS PARENT ACTION". It counts for children of PARENT only; those that the program starts get its own
 * number there, so that its worker processes have a line, too. */
#define BH__PROBE_VARIABLE "BH_CHECKLIST"

enum { BH__PROBE_LINE = 1200 };

/* The guard was called at CALLER: takes the line up if there is one, and says how things stand before anything else has
 * happened. In a worker process it says that it is one. */
void bh__probe_guard(const void *caller);
void bh__probe_worker(void);

/* The same where there may be no guard: in bh_app_create. */
BH_API void bh__probe_app(void);

/* bh_main_guard was called in this process. */
BH_API bool bh__probe_has_guard(void);

/* What the checklist wants to see: "close"; NULL: nobody probes. */
BH_API const char *bh__probe_action(void);

/* Says a line, cut to BH__PROBE_LINE bytes. Any thread. */
BH_API void bh__probe_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What fails on the calling thread from here on was to fail. */
BH_API void bh__probe_expect_failure(bool expected);

/* Calls VISIT for each worker process of this process: whether Qt's code is in its memory, and whether a plugin for windows is.
 */
typedef struct bh__probe_child {
    pid_t pid;
    bool has_qt, has_windows;
    char name[64];
} bh__probe_child;
BH_API void bh__probe_children(void (*visit)(const bh__probe_child *child, void *user), void *user);

#endif
