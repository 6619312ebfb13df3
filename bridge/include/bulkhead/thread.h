/* Threads: real QThreads with an event loop, by checked handles.
 *
 * For background work that reports progress, a worker (worker.h) is what you want; this is the ground below it. */
#ifndef BULKHEAD_THREAD_H
#define BULKHEAD_THREAD_H

#include <bulkhead/mailbox.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Qt's QThread::Priority. */
typedef enum bh_thread_priority {
    BH_PRIORITY_IDLE,
    BH_PRIORITY_LOWEST,
    BH_PRIORITY_LOW,
    BH_PRIORITY_NORMAL,
    BH_PRIORITY_HIGH,
    BH_PRIORITY_HIGHEST,
    BH_PRIORITY_TIME_CRITICAL,
    BH_PRIORITY_INHERIT
} bh_thread_priority;

/* Creates a thread that is not running yet. NAME is what debuggers and sentences show (the system cuts it to 15 bytes); NULL:
 * "bh-thread". Belongs to the caller: bh_thread_destroy. Any thread; needs the application. NULL on failure. */
BH_API bh_thread *bh_thread_create(const char *name);

/* Before the start. BYTES 0: the system's default. */
BH_API bh_status bh_thread_set_stack_size(bh_thread *thread, size_t bytes);

/* Before the start, or while it runs. */
BH_API bh_status bh_thread_set_priority(bh_thread *thread, bh_thread_priority priority);

/* Starts it, and its event loop. Objects moved to it receive from now on. Refused if it runs, or has run. BH_ERROR_SYSTEM where
 * the system gives no thread. Any thread. */
BH_API bh_status bh_thread_start(bh_thread *thread);

/* Asks its event loop to end once the running handler returns. What is queued then is dropped and counted. Any thread. */
BH_API bh_status bh_thread_quit(bh_thread *thread);

/* Waits until it has ended, for at most TIMEOUT_MS (negative: without limit). BH_TIMEOUT if it still runs, BH_OK if it has ended or
 * never started. On a thread with a mailbox, what arrives there is delivered meanwhile. On the thread itself: BH_DEADLOCK. */
BH_API bh_status bh_thread_wait(bh_thread *thread, int timeout_ms);

/* Frees it. Refused while it runs (BH_ERROR_STATE): quit and wait first. NULL is BH_OK and does nothing. Any thread but itself. */
BH_API bh_status bh_thread_destroy(bh_thread *thread);

BH_API bool bh_thread_is_running(const bh_thread *thread);

/* The name, "" for a bad handle. bh_thread_name(NULL) is the calling thread's. Valid while the thread exists. */
BH_API const char *bh_thread_name(const bh_thread *thread);

/* The calling thread, if it is one of these; NULL otherwise (GUI thread, pool threads, threads of others). Reports nothing. */
BH_API bh_thread *bh_thread_current(void);

/* Its QThread, to connect to "started" and "finished". Belongs to the thread. */
BH_API bh_object *bh_thread_object(const bh_thread *thread);

/* Moves an object and its children to THREAD (NULL: the GUI thread), where its slots and events run from then on. Refused, each
 * with its reason, for widgets, layouts, actions and models, for an object with a parent, and from a thread that is not the object's. */
BH_API bh_status bh_move_to_thread(bh_object *object, bh_thread *thread);

#define bh_thread_create(...) BH_AT(bh_thread_create(__VA_ARGS__))
#define bh_thread_set_stack_size(...) BH_AT(bh_thread_set_stack_size(__VA_ARGS__))
#define bh_thread_set_priority(...) BH_AT(bh_thread_set_priority(__VA_ARGS__))
#define bh_thread_start(...) BH_AT(bh_thread_start(__VA_ARGS__))
#define bh_thread_quit(...) BH_AT(bh_thread_quit(__VA_ARGS__))
#define bh_thread_wait(...) BH_AT(bh_thread_wait(__VA_ARGS__))
#define bh_thread_destroy(...) BH_AT(bh_thread_destroy(__VA_ARGS__))
#define bh_thread_is_running(...) BH_AT(bh_thread_is_running(__VA_ARGS__))
#define bh_thread_name(...) BH_AT(bh_thread_name(__VA_ARGS__))
#define bh_thread_object(...) BH_AT(bh_thread_object(__VA_ARGS__))
#define bh_move_to_thread(...) BH_AT(bh_move_to_thread(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
