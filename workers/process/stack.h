/* The stack of a worker that has crashed. Its addresses become functions, files and lines in a process of their own, bulkhead-crash:
 * reading debug information takes time, memory and code that nobody wants in a program with windows, and what it reads may be broken.
 * Where that program is missing, or fails, or takes too long, frames are shown as module and offset. The reactor's thread. */
#ifndef PROCESS_STACK_H
#define PROCESS_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bh__stack bh__stack;

/* Begins with the record RECORD, of SIZE bytes, which is copied. DONE(USER) will run on the reactor's thread, once, and not in here.
 * NULL: no memory, or no record. */
bh__stack *bh__stack_begin(const char *record, size_t size, void (*done)(void *user), void *user);

/* When to call bh__stack_late at the latest, of bh__clock_ms; which gives up on symbols, and calls DONE. */
int64_t bh__stack_due(const bh__stack *stack);
void bh__stack_late(bh__stack *stack);

/* After DONE: where it crashed, "function (file.c:12)" or "", and the frames, a line each. Good until bh__stack_free. */
const char *bh__stack_where(const bh__stack *stack);
const char *bh__stack_frames(const bh__stack *stack);
void bh__stack_free(bh__stack *stack);

#endif
