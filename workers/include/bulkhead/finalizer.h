/* Finalisers: what releases models, sockets, locks and the like at the end of the program, whichever way it ends. Python's `atexit`.
 *
 * They run in reverse order of their registration, once each: at the end of bh_app_destroy, when threads, windows and the
 * application are gone; at exit(), from whichever thread; after return from main. SIGTERM and SIGINT take the close's path, and so
 * one of these. They do not run after _exit, SIGKILL or a crash: what must survive those is to be written when it changes.
 *
 * A time limit cannot be had by stopping a function. So each runs on a thread of its own, named "bh-finalizer", while the thread that
 * ends the program waits for as long as the limit says, and then goes on without it; it is named in the log and in the exit
 * report, and what it does until the process ends it still does. Hence a finaliser must not touch what belongs to a thread: no widgets (they
 * are gone), nothing kept by thread-local storage. One that comes later in the order should not need what one before it may still hold.
 * Where the system gives no thread for it, it runs on the thread that ends the program, without a limit. */
#ifndef BULKHEAD_FINALIZER_H
#define BULKHEAD_FINALIZER_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A finaliser that has not run. A checked handle, stale once it begins to run. */
typedef struct bh_finalizer bh_finalizer;

/* Adds FN(USER) under NAME (copied), with TIMEOUT_MS, at least 1, to end in. What FN returns goes to the error hook if it is neither BH_OK
 * nor BH_CANCELLED, as does a C++ exception; the others run all the same. USER must live until then. Any thread, before the
 * application exists and after it is gone, but not from a finaliser at exit(). NULL on failure. */
BH_API bh_finalizer *bh_finalizer_add(const char *name, bh_status (*fn)(void *user), void *user, int timeout_ms);

/* Takes it back: FN does not run. BH_ERROR_STALE if it has begun. NULL is BH_OK and does nothing. Any thread. */
BH_API bh_status bh_finalizer_remove(bh_finalizer *finalizer);

#define bh_finalizer_add(...) BH_AT(bh_finalizer_add(__VA_ARGS__))
#define bh_finalizer_remove(...) BH_AT(bh_finalizer_remove(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
