/* Failures of workers and tasks: what an entry guard makes of what came out of their functions. */
#ifndef GUARD_FAILURE_H
#define GUARD_FAILURE_H

#include "core/door.h"

#include <bulkhead/assert.h>

/* One block with its strings. NULL stands for "has not failed". */
typedef struct bh__failure bh__failure;

/* A failure told by the program: bh_fail and its kin, whose place is the running call's. BECAUSE: BEFORE, or else the thread's last error
 * if it is younger than SINCE (bh__failure_count), is its cause. BEFORE is freed. Never NULL: without memory there is a fixed one. */
bh__failure *bh__failure_told(bh_status status, bool because, bh__failure *before, unsigned since, const char *format,
                              va_list arguments);

/* What a run has ended with: what came out (CAUGHT), or what was told, or a bare STATUS. NULL if that is no failure. */
bh__failure *bh__failure_of_run(bh_status status, const bh__door_caught *caught, bh__failure *told, unsigned since);

/* A failure by the library's own judgement. FORMAT as printf's. */
bh__failure *bh__failure_make(bh_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));

bh__failure *bh__failure_copy(const bh__failure *self); /* NULL for NULL */
void bh__failure_free(bh__failure *self);
bh_failure bh__failure_view(const bh__failure *self);

/* Tells the error hook: "data.c:42: WHO: ❌ KIND error: TEXT (in FUNCTION)". */
void bh__failure_report(const bh__failure *self, const char *who, const char *kind);

#endif
