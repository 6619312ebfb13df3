/* Inside the libraries: failing with a sentence. Free of Qt; everything may use it. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base/tls.h"

#include <bulkhead/status.h>
#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Composes "file.c:42: CALL: SENTENCE", makes it the thread's last error, tells the error hook, and returns STATUS. */
BH_API bh_status bh__fail(bh_status status, const char *call, const char *format, ...) __attribute__((format(printf, 3, 4)));
BH_API bh_status bh__fail_va(bh_status status, const char *call, const char *format, va_list arguments);

/* True while the program's error hook runs on the calling thread. */
BH_API extern BH_THREAD_LOCAL bool bh__hook_runs BH__TLS; /* read by each handler: no call */
static inline bool bh__in_hook(void)
{
    return bh__hook_runs;
}

/* Status of the calling thread's latest failure: for checks that return NULL after having reported. */
BH_API bh_status bh__last_status(void);

/* How many sentences the calling thread has composed: to tell whether there is a new one. */
BH_API unsigned bh__failure_count(void);

/* The static analyser cannot see that a failure is never BH_OK. */
#ifdef __clang_analyzer__
static inline bh_status bh__not_ok(bh_status status)
{
    if (status == BH_OK)
        __builtin_unreachable();
    return status;
}
#define bh__fail(...) bh__not_ok(bh__fail(__VA_ARGS__))
#define bh__last_status() bh__not_ok(bh__last_status())
#endif

/* How the hook learns the thread's name; the bridge installs its own. */
extern BH_API const char *(*bh__thread_name_hook)(void);

#ifdef __cplusplus
}
#endif
#endif
