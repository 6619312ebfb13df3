/* Threads as the bridge knows them: each thread that ever called us has one record, found by thread-local storage. */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "core/door.h"
#include "core/handle.h"
#include "core/mailbox.h"

#include <bulkhead/thread.h>

typedef enum bh__thread_state { BH__THREAD_NEW, BH__THREAD_RUNNING, BH__THREAD_ENDED } bh__thread_state;

struct bh__thread {
    bh__mailbox mailbox;   /* open only on the GUI thread and on threads of ours */
    _Atomic uint32_t refs; /* the thread itself, its handle, and the slots and connections that name it */
    bool is_gui;
    char name[32];
    bh_thread *handle;     /* NULL for the GUI thread and threads of others */
    bhs_object *qt;        /* NULL likewise */
    bh_object *qt_handle;  /* the QThread as an object */
    const void *qt_thread; /* QThread::currentThread() there, for comparison; NULL before it is known */
    _Atomic int state;     /* bh__thread_state */
    size_t stack_size;
    bh_thread_priority priority;

    /* Its place in the list of those that run; guarded by the list's lock (thread_list.c), as `name` once it is in there. */
    struct {
        int tid;
        bh__door_role role;
        char doing[48];
        int64_t since_ms;
        bh__thread *next, **place;
    } listed;
    _Atomic int64_t runnable_since_ms; /* on threads of pools; 0: none runs */

    /* Synchronous waits; guarded by the wait lock (post.c). */
    bh__thread *waits_for;          /* for its answer to a bh_send */
    struct bh__end_wait *end_waits; /* for the end of others, the innermost first */
    bool call_started;              /* the thread waited for is running our call now */
    int waits;                      /* of both kinds; while there are some it is in the list of those that wait */
    bh__thread *next_waiting, **waiting_place;

    const void *pool; /* that it is a thread of, or NULL; never changes once set. Written by the thread before its first wait */
};

/* The calling thread's record, made at first use; never NULL (a shared one for "no memory" is returned then). */
bh__thread *bh__self(void);

/* The GUI thread's record while the application exists; NULL otherwise. */
bh__thread *bh__gui(void);
void bh__set_gui(bh__thread *thread);

/* The thread whose QThread this is; one that stands for all threads of others if it is none of ours. */
bh__thread *bh__thread_of_qt(const void *qt_thread);

/* bh_move_to_thread; BY_LIBRARY: an object of the library's, too. */
bh_status bh__move(bh_object *object, bh_thread *thread, bool by_library);

/* Asks all threads to quit and waits for them until DEADLINE; for the end of the application. Those that do not end in time are named and left. */
void bh__threads_destroy(int64_t deadline);

/* How many QThreads that the calling thread has started got no thread of the system; Qt tells by a message only. */
unsigned bh__thread_start_failures(void);

void bh__thread_ref(bh__thread *thread);
void bh__thread_unref(bh__thread *thread);

#endif
