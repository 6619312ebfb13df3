/* Failures: what the library makes of an error, an exception or a failed assertion that comes out of code of the program; and
 * assertions that end one run of such code instead of the program.
 *
 * Every place where the library calls the program has an entry guard: a worker's run and slots, tasks, runnables of pools, posted
 * functions, callbacks, event handlers, timers. What comes out of it, a returned error, a C++ exception or a failed BH_ASSERT, ends
 * that run only. A worker's or a task's is its failure, told to those who listen; all others go to the error hook. */
#ifndef BULKHEAD_ASSERT_H
#define BULKHEAD_ASSERT_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a run failed. The strings belong to the worker or task and are valid until it runs again or is gone; never NULL. Fields are
 * only ever added. */
typedef struct bh_failure {
    bh_status status;     /* BH_OK: it has not failed */
    const char *text;     /* what happened, and its causes: "cannot load the table: because cannot read data.csv" */
    const char *function; /* "load" of the program, "" where it is not known, as for C++ exceptions */
    const char *location; /* "file.c:42", or "" */
} bh_failure;

/* Ends the running entry if CONDITION is false: the nearest entry guard stops it and reports the expression, the function, file and
 * line. Always compiled in. BH_ASSERT_MSG adds a text, as printf's.
 *
 * On its way up the stack it passes the frames of the program's functions as a C++ exception does, and runs nothing in them: a mutex
 * that such a function has locked stays locked, memory that only it knew is lost, a file that it opened stays open, and data that it
 * was changing stays half changed. What must not be left like that is given to bh_defer before, or belongs to `user` and is released
 * by `drop`. Treat the data that the function was working on as lost.
 *
 * C functions on that way need unwind tables. GCC and Clang make them by default on x86-64 and AArch64; elsewhere, or with
 * -fno-asynchronous-unwind-tables, compile with -fexceptions. Outside of any entry guard (in plain main, on a thread of the program's
 * own making, inside the error hook or a log handler) there is nothing to go back to: the message is written to stderr, and the
 * program aborts. */
#define BH_ASSERT(condition) \
    ((condition) ? (void)0 : bh_assertion_failed(#condition, __func__, __FILE__ ":" BH_LINE(__LINE__), NULL))
#define BH_ASSERT_MSG(condition, ...) \
    ((condition) ? (void)0 : bh_assertion_failed(#condition, __func__, __FILE__ ":" BH_LINE(__LINE__), __VA_ARGS__))

/* Says in which function the running call was written; for the macros of calls that describe a failure. Not for direct use. */
BH_API void bh_in_function(const char *function);
#define BH_AT_FUNCTION(call) (bh_in_function(__func__), BH_AT(call))

/* Behind the macros. FORMAT may be NULL. Does not return. */
BH_API void bh_assertion_failed(const char *expression, const char *function, const char *location, const char *format, ...)
    __attribute__((noreturn, format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif
#endif
