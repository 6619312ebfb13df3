/* The reactor: one thread for all pools, which waits for sockets, processes and times, and sleeps while nothing happens. It also starts
 * the workers, as a worker is told to die when the thread that has started it ends: this one lasts as long as the program. */
#ifndef PROCESS_REACTOR_H
#define PROCESS_REACTOR_H

#include <bulkhead/status.h>
#include <stdint.h>

typedef struct bh__pool bh__pool;
typedef struct bh__late_packet bh__late_packet;

/* Something to watch. */
typedef struct bh__source {
    void (*ready)(void *user, uint32_t events); /* EPOLLIN and so on */
    void *user;
    int descriptor;
} bh__source;

/* A function that runs on the reactor's thread. */
typedef struct bh__late {
    struct bh__late *next;
    void (*run)(void *user);
    void *user;
} bh__late;

/* Starts the thread, if there is none yet. False if the system gives none. */
bool bh__reactor_start(void);
bool bh__reactor_runs(void); /* any thread */
bool bh__on_reactor(void);
bool bh__reactor_owns(int descriptor); /* any thread */

/* The pool is looked at from now on; until it is closed and nobody has it any more. */
void bh__reactor_add(bh__pool *pool);

/* Calls VISIT for each pool. On the reactor's thread. */
void bh__reactor_each(void (*visit)(bh__pool *pool, void *user), void *user);

/* Makes the reactor look at POOL soon. Any thread; cheap if it is awake. */
void bh__reactor_wake(bh__pool *pool);

/* Runs LATE on the reactor's thread. Any thread. LATE stays until it has run. */
void bh__reactor_call(bh__late *late);

/* On the reactor's thread. EVENTS 0 in change: none. */
bool bh__reactor_watch(bh__source *source, uint32_t events);
void bh__reactor_change(bh__source *source, uint32_t events);
void bh__reactor_forget(bh__source *source);

#endif
