/*
 * The conversation with the runner: one request at a time. A request is attempted, and again whenever the program did something, until it
 * holds or its time is up. What it does to the program is done from the event loop, nested loops included, as a click that opens a dialog
 * with exec() returns only when that dialog is closed; the reply goes out when the loop has nothing more to do.
 */
#ifndef PILOT_SESSION_H
#define PILOT_SESSION_H

#include "look.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Called by the agent */
void session_start(int fd);
void session_receive(void);       /* there is something to read */
void session_step(void);          /* what agent_post asked for */
void session_blocks(void);        /* the loop has nothing more to do */
void session_tick(void);          /* every few milliseconds, while agent_tick is on */
void session_active(void);        /* the program handles an event */
void session_moved(void *widget); /* a widget that shows was moved or resized */
void session_stops(void);         /* the program ends */

/* Offered by the agent: agent.cpp */
void agent_post(void);
void agent_tick(bool on);
void agent_stop_listening(void);
void agent_quit(int code);
void agent_paint(void);           /* now, what would wait for the next picture */
int agent_busy(void);             /* the application's property pilotBusy */
void agent_warnings(buffer *out); /* takes what Qt has warned of, a line each */

long now_ms(void);

typedef enum outcome {
    OUTCOME_AGAIN, /* not yet: the sentence says which rule */
    OUTCOME_SOON,  /* the same, and worth another look in the next turn */
    OUTCOME_ACT,   /* inputs are queued */
    OUTCOME_DONE,  /* the reply is complete */
    OUTCOME_WRONG, /* the request itself is: no use trying again */
} outcome;

/* A request under way, as the functions that serve it see it. */
typedef struct request {
    const wire_frame *fields; /* verb, limit, selector, … */
    buffer why;               /* the sentence if it is not done */
    buffer value;             /* the reply's message if it is */
    buffer picture;           /* a second one, of bytes */
    buffer tree;              /* and widgets as text */
    buffer notes;             /* what it waited for, and what it did: a line each */
    node target;              /* what the last attempt found, for the failure's tree and picture */
    bool has_target;
    size_t named; /* the field that its selector is in */
    node before;  /* and where it was: what does not move is there twice */
    rect before_at;
    int round;   /* how often it has acted */
    long serial; /* tells it from those before and after */
} request;

typedef outcome (*verb)(request *self);

/* From now on notes tell what was done, too: somebody traces. */
void session_trace(void);

/* Sends what nobody asked for, while a person uses the program: a "line", one "instead" of the last, or a "warning". */
void session_say(const char *kind, const char *text);

/* Queues one input; they are sent one per turn of the loop. */
void session_input(const input *what);

/* The verb's function, or NULL: act.c, expect.c, ask.c, trace.c, record.c */
verb act_verb(const char *name);
verb expect_verb(const char *name);
verb ask_verb(const char *name);
verb trace_verb(const char *name);
verb record_verb(const char *name);

#ifdef __cplusplus
}
#endif
#endif
