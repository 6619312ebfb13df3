/* Thread pools: real QThreadPools, each the program's own; the global one is never touched.
 *
 * A runnable is a function. One that returns an error, or lets a C++ exception out, is reported to the error hook with the
 * pool's name, and the pool goes on. */
#ifndef BULKHEAD_THREAD_POOL_H
#define BULKHEAD_THREAD_POOL_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_thread_pool bh_thread_pool;

/* A runnable that was started and may still be taken back. A checked handle, stale once it begins to run. */
typedef struct bh_runnable bh_runnable;

/* NAME is what the pool's threads are called (the system cuts it to 15 bytes); NULL: "bh-pool". MAX_THREADS 0: one per core.
 * Belongs to the caller: bh_thread_pool_destroy. Any thread; needs the application. NULL on failure. */
BH_API bh_thread_pool *bh_thread_pool_create(const char *name, int max_threads);

/* Queues FN(USER) with PRIORITY (higher first; 0 is usual). DROP(USER), if not NULL, runs exactly once: after FN, or instead of it
 * when the runnable is cleared or taken back. RUNNABLE, if not NULL, gets a handle for bh_thread_pool_try_take. A call that fails
 * takes nothing. Any thread. Does not block. */
BH_API bh_status bh_thread_pool_start(bh_thread_pool *pool, bh_status (*fn)(void *user), void *user, void (*drop)(void *user),
                                      int priority, bh_runnable **runnable);

/* Takes a runnable back before it runs. TAKEN tells whether that came in time; false is no error. */
BH_API bh_status bh_thread_pool_try_take(bh_thread_pool *pool, bh_runnable *runnable, bool *taken);

/* Takes back all that have not begun. */
BH_API bh_status bh_thread_pool_clear(bh_thread_pool *pool);

/* Waits until nothing runs and nothing is queued, at most TIMEOUT_MS (negative: without limit): BH_OK or BH_TIMEOUT. On a thread
 * with a mailbox, what arrives there is delivered meanwhile. On one of the pool's own threads: BH_DEADLOCK. */
BH_API bh_status bh_thread_pool_wait_for_done(bh_thread_pool *pool, int timeout_ms);

BH_API bh_status bh_thread_pool_set_max_threads(bh_thread_pool *pool, int count);
BH_API bh_status bh_thread_pool_get_max_threads(const bh_thread_pool *pool, int *count);
BH_API bh_status bh_thread_pool_get_active_threads(const bh_thread_pool *pool, int *count);

/* How long an idle thread lives; negative: for ever. Default 30,000. */
BH_API bh_status bh_thread_pool_set_expiry_ms(bh_thread_pool *pool, int expiry_ms);

/* Before the first runnable. BYTES 0: the system's default. */
BH_API bh_status bh_thread_pool_set_stack_size(bh_thread_pool *pool, size_t bytes);

/* Frees it. Refused while something runs or is queued (BH_ERROR_STATE): clear and wait first, so that no call of this library waits
 * without a limit that you chose. NULL is BH_OK and does nothing. */
BH_API bh_status bh_thread_pool_destroy(bh_thread_pool *pool);

#define bh_thread_pool_create(...) BH_AT(bh_thread_pool_create(__VA_ARGS__))
#define bh_thread_pool_start(...) BH_AT(bh_thread_pool_start(__VA_ARGS__))
#define bh_thread_pool_try_take(...) BH_AT(bh_thread_pool_try_take(__VA_ARGS__))
#define bh_thread_pool_clear(...) BH_AT(bh_thread_pool_clear(__VA_ARGS__))
#define bh_thread_pool_wait_for_done(...) BH_AT(bh_thread_pool_wait_for_done(__VA_ARGS__))
#define bh_thread_pool_set_max_threads(...) BH_AT(bh_thread_pool_set_max_threads(__VA_ARGS__))
#define bh_thread_pool_get_max_threads(...) BH_AT(bh_thread_pool_get_max_threads(__VA_ARGS__))
#define bh_thread_pool_get_active_threads(...) BH_AT(bh_thread_pool_get_active_threads(__VA_ARGS__))
#define bh_thread_pool_set_expiry_ms(...) BH_AT(bh_thread_pool_set_expiry_ms(__VA_ARGS__))
#define bh_thread_pool_set_stack_size(...) BH_AT(bh_thread_pool_set_stack_size(__VA_ARGS__))
#define bh_thread_pool_destroy(...) BH_AT(bh_thread_pool_destroy(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
