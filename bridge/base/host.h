/* What the program around the libraries is: whether there is a bridge with a GUI thread and mailboxes, and whether this is a spawned
 * worker process. The rooms that are free of Qt ask here; the bridge answers. */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bh_thread bh_thread;

/* The bridge, as long as there is an application. */
typedef struct bh__host {
    bool (*is_gui_thread)(void);

    /* False, reported for CALL, if THREAD, which may be NULL for the GUI thread, cannot be posted to. */
    bool (*check_thread)(bh_thread *thread, const char *call);
    bh_status (*post_completion)(bh_thread *thread, bh_status (*fn)(void *user), void *user, void (*drop)(void *user));

    /* Waits until DONE(USER), delivering the calling thread's mailbox meanwhile; false at the timeout (negative: none). */
    bool (*wait_until)(bool (*done)(void *user), void *user, int timeout_ms);
    void (*wake_waiters)(void);
} bh__host;

/* NULL: there is none. Once set, a host stays valid for ever, so that who has read it may call it. */
BH_API const bh__host *bh__get_host(void);
BH_API void bh__set_host(const bh__host *host);

/* FN runs at the beginning of bh_app_destroy, on the GUI thread, and is told how long it may take; 0 or less: no time is left. There is
 * one, for process pools. */
BH_API void bh__set_before_destroy(void (*fn)(int64_t left_ms));
BH_API void bh__run_before_destroy(int64_t left_ms);

/* This process is a worker, DEPTH levels below the program that a person started. Never taken back. */
BH_API void bh__become_worker_process(int depth);
BH_API int bh__worker_process_depth(void); /* 0: it is none */

/* Reports and returns true in a worker process. */
BH_API bool bh__refuse_in_worker_process(const char *call);

#ifdef __cplusplus
}
#endif
#endif
