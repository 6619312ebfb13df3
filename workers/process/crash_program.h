/* Running bulkhead-crash on a record: posix_spawn, with the record in a memory file as its standard input. */
#ifndef PROCESS_CRASH_PROGRAM_H
#define PROCESS_CRASH_PROGRAM_H

#include <bulkhead/status.h>
#include <stddef.h>
#include <sys/types.h>

/* Where it is: beside this library, as where it was built, or where an installation puts both. Asks the loader, which may wait for it. */
BH_API bool bh__crash_program_find(char *out, size_t size);

/* Starts it on RECORD, of SIZE bytes. What it says is to be read from *OUTPUT, which does not block; *PID is to be waited for. False, and
 * nothing to be closed or waited for, if it cannot be started. */
BH_API bool bh__crash_program_start(const char *program, const char *record, size_t size, pid_t *pid, int *output);

/* Of what it has said, cut in place: TEXT becomes its first line, where the thread was, "function (file.c:12)" or ""; the frames are
 * returned, a line each, without a line end at the end. NULL: that is no answer. */
BH_API char *bh__crash_program_answer(char *text);

#endif
