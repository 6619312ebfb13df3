/* Status codes, error sentences and the error hook: what every fallible call of Bulkhead speaks.
 *
 * Creators return a handle, or NULL; every other fallible call returns a bh_status. A call that fails changes nothing and
 * composes one sentence (the caller's file and line, the call, the values, what to do), which goes at once to the error hook.
 * The default hook writes it to the log, so that no error is silent.
 *
 * Everything here may be used from any thread, before the application exists and after it is gone. */
#ifndef BULKHEAD_STATUS_H
#define BULKHEAD_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define BH_THREAD_LOCAL __thread
#else
#define BH_THREAD_LOCAL _Thread_local
#endif

/* Marks what the libraries export. */
#define BH_API __attribute__((visibility("default")))

/* Codes are frozen: their numbers never change, new ones are added at the end. */
typedef enum bh_status {
    BH_OK = 0,
    BH_CANCELLED = 1,          /* the work was asked to stop, and did */
    BH_TIMEOUT = 2,            /* the time given ran out; what was waited for goes on */
    BH_DEADLOCK = 3,           /* the wait could never end: a circle of threads that wait for each other */
    BH_ERROR = 4,              /* the caller's own failure, with a sentence of the caller's */
    BH_ERROR_NULL = 5,         /* NULL where an object, a name or a function is needed */
    BH_ERROR_STALE = 6,        /* the handle's object is gone */
    BH_ERROR_NOT_A_HANDLE = 7, /* a real pointer, or garbage, was passed as a handle */
    BH_ERROR_CLASS = 8,        /* an object of another class, or a handle of another kind, than the call needs */
    BH_ERROR_THREAD = 9,       /* called on a thread that the object does not belong to */
    BH_ERROR_NO_APP = 10,      /* needs the application: before bh_app_create, or after bh_app_destroy */
    BH_ERROR_STATE = 11,       /* not now: started twice, connected too late, still running */
    BH_ERROR_NAME = 12,        /* no such class, property, signal, slot or enum key; the sentence has the nearest one */
    BH_ERROR_READ_ONLY = 13,   /* the property cannot be written */
    BH_ERROR_TYPE = 14,        /* the value's type does not fit; the sentence has both types */
    BH_ERROR_RANGE = 15,       /* the value does not fit into the type, or lies outside the bounds */
    BH_ERROR_SIGNATURE = 16,   /* a signature that cannot be read, or one that does not match */
    BH_ERROR_EXISTS = 17,      /* there is one already */
    BH_ERROR_MEMORY = 18,      /* no memory */
    BH_ERROR_EXCEPTION = 19,   /* a C++ exception was stopped at the boundary; the sentence has its text */
    BH_ERROR_IO = 20,          /* a file, socket or device failed */
    BH_ERROR_SYSTEM = 21,      /* the operating system refused: no thread, no descriptor, no process */
    BH_ERROR_CLOSED = 22,      /* the receiver has gone: its thread has ended, the application is closing */
    BH_ERROR_FORMAT = 23,      /* bytes or text that cannot be read as what they should be; the sentence says where */
    BH_ERROR_ASSERTION = 24,   /* a BH_ASSERT of the program failed; the sentence has the expression */
    BH_ERROR_FULL = 25         /* a queue with a bound has no room now */
} bh_status;

/* The code's name, "BH_ERROR_NULL". A static string, never NULL; "BH_STATUS_?" for a number that is no code. */
BH_API const char *bh_status_name(bh_status status);

/* What the code means, in a few words. A static string, never NULL. */
BH_API const char *bh_status_text(bh_status status);

/* What the error hook is told. Valid during the hook only; copy what you keep. Fields are only ever added. */
typedef struct bh_error {
    bh_status status;
    const char *sentence; /* the whole sentence, one line of UTF-8, never NULL */
    const char *call;     /* the function of ours that failed or reported, never NULL */
    const char *location; /* "file.c:42" of the caller, or "" where it is not known */
    const char *thread;   /* name of the thread that the hook runs on, never NULL */
} bh_error;

/* The program's hook for what is not fatal: refused calls, errors of workers and runnables that nobody listens to, C++
 * exceptions that were contained. Runs at once on the thread on which the error happened, so it may run on several threads
 * at a time, and must not block. It may call anything; an error that happens inside it goes to the log only. */
typedef struct bh_error_hook {
    void (*report)(const bh_error *error, void *user);
    void *user;
} bh_error_hook;

/* Installs a hook and returns the previous one, so that a hook can pass on what it does not want, or put the old one back.
 * A NULL report restores the default, which logs the sentence. */
BH_API bh_error_hook bh_set_error_hook(bh_error_hook hook);

/* The calling thread's latest error sentence, for those who want to show it; "" before the first. Never NULL. Belongs to the
 * library and stays valid until the thread's next failing call. A call that succeeds leaves it alone. */
BH_API const char *bh_last_error(void);

/* Reports an error of your own the way the library does: it becomes the thread's last error and goes to the hook. Returns
 * STATUS, so that `return bh_report(BH_ERROR_IO, "load", "cannot read %s", path);` is one line. FORMAT as printf's. */
BH_API bh_status bh_report(bh_status status, const char *call, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Frees what the library gave out as yours (strings, lists and tables: each is one block). NULL does nothing. */
BH_API void bh_free(void *memory);

/* Where the running call was written, set by the macros that stand behind each fallible function. Not for direct use. */
extern BH_API BH_THREAD_LOCAL const char *bh_location __attribute__((tls_model("initial-exec")));

/* A function, so that calls can be arguments of a call: the order in which two of them set the place does not matter. */
static inline void bh_at(const char *place)
{
    bh_location = place;
}

#define BH_LINE_TEXT(line) #line
#define BH_LINE(line) BH_LINE_TEXT(line)
#define BH_AT(call) (bh_at(__FILE__ ":" BH_LINE(__LINE__)), call)

#define bh_report(...) BH_AT(bh_report(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
