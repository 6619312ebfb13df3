/* The door of the bridge for the rooms above it: what workers need and programs do not. Everything else they do through the public
 * headers. */
#ifndef CORE_DOOR_H
#define CORE_DOOR_H

#include "base/clock.h"
#include "base/log.h"
#include "base/log_ring.h"
#include "base/memory.h"
#include "base/spawn_attributes.h"
#include "base/status.h"
#include "base/text.h"

#include <bulkhead/class.h>
#include <bulkhead/thread.h>
#include <bulkhead/thread_pool.h>

/* A worker's record begins with its object: the bridge finds it there for bh_emit(context, …). */
typedef struct bh__worker_head {
    bh_object *object;
} bh__worker_head;

/* Handles for workers, and for their contexts. NULL, reported for CALL, without memory. HEAD is what check returns. */
BH_API bh_worker_context *bh__door_context_create(bh__worker_head *head, const char *call);
BH_API void bh__door_context_destroy(bh_worker_context *context);
BH_API void *bh__door_context_check(bh_worker_context *context, const char *call);
BH_API void *bh__door_worker_create(bh__worker_head *head, const char *call);
BH_API void bh__door_worker_destroy(const void *worker);

/* Handles of other kinds. Destroy: false, and nothing, if it is stale already. Check: the record, or NULL after having reported. */
typedef enum bh__door_kind {
    BH__DOOR_FINALIZER,
    BH__DOOR_STARTUP,
    BH__DOOR_TASK,
    BH__DOOR_TASK_CONTEXT,
    BH__DOOR_TASK_GROUP
} bh__door_kind;
BH_API void *bh__door_handle_create(bh__door_kind kind, void *record, const char *call);
BH_API bool bh__door_handle_destroy(bh__door_kind kind, const void *handle);
BH_API void *bh__door_handle_check(bh__door_kind kind, const void *handle, const char *call, const char *what);
BH_API void *bh__door_handle_pin(bh__door_kind kind, const void *handle, const char *call, const char *what);
BH_API void bh__door_handle_unpin(const void *handle);

/* The record, pinned until bh__door_worker_unpin; NULL after having reported. GUI: refuses other threads. */
BH_API void *bh__door_worker_pin(const void *worker, const char *call);
BH_API void bh__door_worker_unpin(const void *worker);
BH_API bool bh__door_refuse_off_gui(const char *call);
BH_API bool bh__door_refuse_no_app(const char *call);

/* Runs FN(USER) as a handler, with exceptions and failed assertions contained and reported for WHAT; their status then. */
BH_API bh_status bh__door_run(bh_status (*fn)(void *user), void *user, const char *what);

/* The same without a report: what came out is in CAUGHT, status BH_OK if nothing did. Otherwise FN's status is returned. */
typedef struct bh__door_caught {
    bh_status status;
    char text[1024];
    char function[64], location[128]; /* of an assertion; "" otherwise */
} bh__door_caught;
BH_API bh_status bh__door_try(bh_status (*fn)(void *user), void *user, const char *what, bh__door_caught *caught);

/* A failed assertion goes up to the nearest handler. Returns only where there is none. */
BH_API void bh__door_throw_assertion(const char *text, const char *function, const char *location);

/* Emits a signal of an instance by name, those included that a worker's class has by itself. The object's thread. */
BH_API bh_status bh__door_emit(bh_object *object, const char *signal, int count, const bh_value *values);
/* The same, and where there is no memory for a message it waits for some: for what must arrive. */
BH_API bh_status bh__door_emit_surely(bh_object *object, const char *signal, int count, const bh_value *values);
BH_API bool bh__door_has_listeners(bh_object *object, const char *signal);

/* An instance without parent that belongs to the library: the program may neither destroy nor move it. CALL is whose sentence it is
 * that refuses. */
BH_API bh_object *bh__door_create_instance(const bh_class *description, void *user, const char *call);
/* bh_create_instance for CALL: its sentences say CALL. */
BH_API bh_object *bh__door_create_widget(const bh_class *description, bh_object *parent, void *user, const char *call);

/* The user of a widget that is an instance of DESCRIPTION; NULL, reported for CALL, for anything else and on other threads than the
 * GUI's. */
BH_API void *bh__door_widget_user(const bh_object *widget, const bh_class *description, const char *call, const char *what);
BH_API bh_status bh__door_move_to_thread(bh_object *object, bh_thread *thread);
BH_API bh_status bh__door_destroy(bh_object *object);

/* What belongs to the instance of a worker: its context, and FAILED(USER, …), which gets what came out of one of its slots. */
BH_API void bh__door_set_worker(bh_object *object, bh_worker_context *context,
                                void (*failed)(void *user, const bh__door_caught *caught), void *user);
BH_API bh_worker_context *bh__door_worker_context_of(bh_object *object, const char *call); /* NULL, reported */

/* From now on bh_connect to the object's signals is refused. */
BH_API void bh__door_close_connecting(bh_object *object);

/* How many runnables run or wait in the pool, and its name, if NAME is not NULL; 0 for a stale handle. Reports nothing. */
BH_API size_t bh__door_pool_pending(const bh_thread_pool *pool, char *name, size_t size);

/* Calls VISIT for each pool of the program. GUI thread. */
BH_API void bh__door_pools(void (*visit)(bh_thread_pool *pool, void *user), void *user);

/* False, reported, for what is no pool. */
BH_API bool bh__door_pool_check(const bh_thread_pool *pool, const char *call);

/* See core/mailbox.h. */
BH_API bool bh__door_wait_until(bool (*done)(void *user), void *user, int timeout_ms);

/* The same for what only THREAD can bring about: BH_OK, BH_TIMEOUT, or at once BH_DEADLOCK, unreported, if THREAD waits itself for
 * the calling thread, which may be THREAD. */
BH_API bh_status bh__door_wait_for(bh_thread *thread, bool (*done)(void *user), void *user, int timeout_ms);

/* The same where those who must bring it about are no single thread, and change: RUNNERS calls IS(thread, user) for each of them until
 * one answers true, and returns that. It is called under a lock that comes before all of the workers', and waits for nothing. A thread
 * of a pool lends its place meanwhile. */
typedef struct bh__thread bh__thread;
typedef bool (*bh__door_runners)(void *what, bool (*is)(bh__thread *thread, void *user), void *user);
BH_API bh_status bh__door_wait_for_runners(bh__door_runners runners, void *what, bool (*done)(void *user), void *user,
                                           int timeout_ms);
BH_API bh__thread *bh__door_self(void);

BH_API void bh__door_wake_waiters(void);

/* As bh_post_completion, unreported: BH_ERROR_CLOSED if the thread (NULL: the GUI thread) receives nothing more, BH_ERROR_MEMORY if it
 * could later. */
BH_API bh_status bh__door_post_completion(const bh_thread *thread, bh_status (*fn)(void *user), void *user);

/* False, reported, if it is no thread of ours that still is there. */
BH_API bool bh__door_is_thread(const bh_thread *thread, const char *call);

/* Keeps a pool from ending, as something that is queued in it, until bh__door_pool_release of what it returns. NULL, reported. */
BH_API void *bh__door_pool_hold(const bh_thread_pool *pool, const char *call);
BH_API void bh__door_pool_release(void *held);

/* FN runs each time that a pool has been cleared, by a call or by the end of the application. One function. */
BH_API void bh__door_when_pool_cleared(void (*fn)(const bh_thread_pool *pool));

/* False, reported, if it is no widget of this thread. */
BH_API bool bh__door_is_widget(bh_object *window, const char *call);

/* FN is called for close events of the window after all handlers of the program. False, reported, if it is no widget. */
BH_API bool bh__door_watch_close(bh_object *window, bh_event_function fn, void *user, const char *call);

/* From now on close events of the window go to FN alone, which was passed to watch_close: the program has had its say. NULL: to all. */
BH_API void bh__door_close_only(bh_object *window, bh_event_function fn);

/* FN(USER) runs when the object is gone, on its thread; once. False, reported, for a bad handle. */
BH_API bool bh__door_when_gone(bh_object *object, void (*fn)(void *user), void *user, const char *call);

/* The visible windows without parent other than WINDOW. GUI thread. */
BH_API int bh__door_other_windows(bh_object *window);

/* Calls VISIT for each top-level widget: class, objectName, visible. GUI thread. */
BH_API void bh__door_top_level_widgets(void (*visit)(const char *class_name, const char *name, bool visible, void *user),
                                       void *user);

/* The next bh_app_destroy waits until then, instead of two seconds, for what still runs. Any thread. */
BH_API void bh__door_end_by(int64_t deadline_ms);

/* See core/quit.h. */
BH_API void bh__door_quit_ask_with(void (*fn)(int code));
BH_API bool bh__door_close_windows(void);

/* --- the life of the application */

/* Called on the GUI thread, outside of handlers. */
typedef struct bh__door_life {
    void (*creating)(void);                /* in bh_app_create: nothing of Qt exists yet */
    void (*created)(void);                 /* at its end */
    void (*loop_begins)(void);             /* bh_app_exec is about to run the event loop */
    void (*loop_ended)(int code);          /* and has: before it returns */
    void (*ending)(void);                  /* at the beginning of bh_app_destroy */
    void (*end_work)(int64_t deadline_ms); /* then: what still runs may do so until that moment of bh__clock_ms */
    void (*gone)(void);                    /* at its end: there is no application any more */
} bh__door_life;

/* A library above the bridge may define this symbol; bh_app_create finds it where that library is loaded. It is how that library's parts
 * are in place without static initialisers and without a call of the program. */
extern BH_API const bh__door_life bh__door_life_above __attribute__((weak));

/* --- the turns of the GUI thread's event loop */

typedef enum bh__door_turn {
    BH__TURN_WAITS,  /* it is about to wait for events, if there are none */
    BH__TURN_BEGINS, /* it goes round: a nested loop does, too */
    BH__TURN_HANDLES /* the first event since either of them */
} bh__door_turn;

/* FN hears of them, on the GUI thread, from now on until NULL is given or the application goes. GUI thread, with an application. */
BH_API bool bh__door_watch_turns(void (*fn)(bh__door_turn turn));

/* --- threads, for reports */

typedef enum bh__door_role {
    BH__ROLE_FOREIGN, /* not ours, but has called us */
    BH__ROLE_GUI,
    BH__ROLE_THREAD,
    BH__ROLE_WORKER,
    BH__ROLE_POOL,
    BH__ROLE_LIBRARY /* the library's own */
} bh__door_role;

typedef struct bh__door_thread {
    char name[32];
    char doing[48]; /* "" while it does nothing of the program's */
    bh__door_role role;
    bool ended;       /* but for its last steps */
    int64_t since_ms; /* bh__clock_ms when it began that; its start where it does nothing */
} bh__door_thread;

/* What is known of the running thread with this id of the system's; false if it never called us. Any thread. */
BH_API bool bh__door_thread_of(int tid, bh__door_thread *out);

/* The calling thread, made by the library itself, is named so from here on. */
BH_API void bh__door_become(const char *name);

/* What the calling thread does from here to the end, in a few words (copied): "task 'fetch'". Nests. bh__door_run does it. */
typedef struct bh__door_doing {
    char what[48];
    int64_t since_ms;
} bh__door_doing;
BH_API void bh__door_doing_begin(bh__door_doing *before, const char *what);
BH_API void bh__door_doing_end(const bh__door_doing *before);

#endif
