/* The record of a crash: what a fatal signal leaves of a thread.
 *
 * A handler on the alternate signal stack writes text, line by line, into memory that was there before: of a worker process the page
 * that its pool shares with it, of a program a buffer that goes to a file in one write (guard/crash.c). It takes no lock, allocates
 * nothing, loads nothing, and calls what POSIX or glibc say may be called in a handler:
 *
 * - The stack is walked by the unwinder of libgcc, linked statically, which finds unwind tables by _dl_find_object: no lock, also while
 *   another thread is in dlopen.
 * - Modules come from /proc/self/maps, which the kernel writes, and not from the loader's list, which may be in the middle of a change.
 *   Their build ids are read from their headers in memory, by process_vm_readv, which fails where an ordinary read would crash.
 * - The work is cut into stages. A crash inside the handler (a stack that leads nowhere, say) comes back to the handler, which goes on
 *   with the next stage: what the crashed one has written stays. So there is one record, and it is as long as it can be.
 * - Of several threads that crash at once one writes; the others wait for the process to end.
 * - Ten seconds are the end of it, whatever hangs (alarm).
 *
 * Then the signal takes its course as though we had not been there: to the handler that was there before, or to the default action, with
 * the true signal in the wait status and in the core dump.
 *
 * Functions, files and lines are found later, outside of the process, by the program bulkhead-crash. */
#ifndef PROCESS_CRASH_HOOK_H
#define PROCESS_CRASH_HOOK_H

#include "process/crash_record.h"

#include <bulkhead/status.h>
#include <signal.h>
#include <stdint.h>

/* What was seen first. */
typedef struct bh__crash_facts {
    int signal, code;
    uint64_t address;     /* of the memory or instruction that is meant; 0: the signal has none */
    uint64_t instruction; /* where the thread was */
    int thread;
    void *context; /* ucontext_t */
} bh__crash_facts;

/* Where the text goes. A line that is not whole yet, or that has no room, is not counted in *USED. */
typedef struct bh__crash_text {
    char *bytes;
    uint32_t size;
    _Atomic uint32_t *used;
    uint32_t line; /* bytes of the line that is being written */
} bh__crash_text;

/* In the handler. Texts lose what is not printable. */
BH_API void bh__crash_begin(bh__crash_text *text, const char *word); /* a line */
BH_API void bh__crash_word(bh__crash_text *text, const char *word, size_t most);
BH_API void bh__crash_number(bh__crash_text *text, int64_t number);
BH_API void bh__crash_hex(bh__crash_text *text, uint64_t number);
BH_API void bh__crash_end(bh__crash_text *text); /* of the line */

/* The stages: crash_write_linux.c, crash_modules_linux.c. With signal 0 in FACTS nothing has crashed, and the process goes on. */
BH_API void bh__crash_write_head(bh__crash_text *text, const bh__crash_facts *facts);
void bh__crash_write_registers(bh__crash_text *text, const bh__crash_facts *facts);
BH_API void bh__crash_write_frames(bh__crash_text *text, const bh__crash_facts *facts);
BH_API void bh__crash_write_modules(bh__crash_text *text, const bh__crash_facts *facts);
BH_API uint64_t bh__crash_instruction(const void *context);

/* False where there is none, instead of a signal. */
bool bh__crash_read_memory(uint64_t address, void *out, size_t size);

/* What is done with a record. All of it runs in the handler; each may be NULL. */
typedef struct bh__crash_sink {
    bh__crash_text text;
    void (*begun)(const bh__crash_facts *facts);
    void (*more)(bh__crash_text *text, const bh__crash_facts *facts); /* lines of its own, before the modules */
    void (*done)(bh__crash_text *text, const bh__crash_facts *facts);
    bool quiet_sanitizer; /* a sanitizer's handler, which would end the process in its own way, is not called */
} bh__crash_sink;

/* Runs FN(USER), in a handler of another signal: who walks a stack that is not whole may crash. False: it has, and was left there and
 * then, instead of a record. One thread at a time. */
BH_API bool bh__crash_try(void (*fn)(void *user), void *user);

/* From now on, once per process. */
BH_API void bh__crash_install(const bh__crash_sink *sink);

#endif
