/* An alternate signal stack for each thread of ours, so that a handler can still run where the thread's own stack has overflowed. */
#ifndef BASE_ALTSTACK_H
#define BASE_ALTSTACK_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Gives the calling thread one, with a guard page below it, until it ends. A thread that has one (a sanitizer gives its own) keeps it;
 * without memory there is none. Cheap when called again. */
BH_API void bh__altstack_ensure(void);

#ifdef __cplusplus
}
#endif
#endif
