/* bh_post, bh_post_completion, bh_send: functions for another thread, through its mailbox. */
#include "core/post.h"

#include "base/status.h"
#include "core/guard.h"
#include "core/object.h"
#include "core/thread.h"

#include <bulkhead/object.h>
#include <string.h>

struct bh__wait {
    bh_status (*fn)(void *user);
    void *user;
    bh_status status;
    bh__thread *caller;
    bool done;            /* guarded by the wait lock */
    bool closed;          /* FN did not run: the thread has ended */
    pthread_cond_t ended; /* the caller waits for it */
};

static pthread_mutex_t wait_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the waits of all threads, the list of them, and done */
static bh__thread *waiting;                                   /* all threads that wait */

bool bh__call_run(bh__call *call, bool closing)
{
    bool runs = !closing && (!call->context || bh_is_alive(call->context));
    if (runs)
        bh__run_status(call->fn, call->user, "posted function", true);
    if (call->drop)
        bh__run_void(call->drop, call->user, "drop of a posted function");
    return runs;
}

static bool append_call(bh__thread *target, bh__message_kind kind, const bh__call *call)
{
    bh__message *message = bh__mailbox_append(&target->mailbox, kind, sizeof *call);
    if (!message)
        return false;
    memcpy(message->cells, call, sizeof *call);
    bh__mailbox_commit(&target->mailbox);
    return true;
}

bool bh__post_to(bh__thread *target, bh_status (*fn)(void *user), void *user)
{
    bh__call call = {fn, user, NULL, NULL};
    return append_call(target, BH__MESSAGE_COMPLETION, &call);
}

static bh_status post_call(bh__thread *target, bh__message_kind kind, const bh__call *call, const char *name)
{
    if (append_call(target, kind, call))
        return BH_OK;
    if (bh__mailbox_is_open(&target->mailbox))
        return bh__fail(BH_ERROR_MEMORY, name, "no memory for a message to thread '%s'", target->name);
    return bh__fail(BH_ERROR_CLOSED, name, "thread '%s' receives nothing more: it has ended, or never had an event loop",
                    target->name);
}

/* The thread of CONTEXT (NULL: the GUI thread) with a reference, or NULL after having reported. */
static bh__thread *thread_of(bh_object *context, const char *call)
{
    bh__thread *thread = bh__gui();
    if (context) {
        if (!bh__check_object_pin(context, call, "context"))
            return NULL;
        thread = bh__thread_of_pinned(context);
        bh__thread_ref(thread);
        bh__unpin(context);
        return thread;
    }
    if (!thread)
        bh__fail(BH_ERROR_NO_APP, call, "there is no GUI thread: call bh_app_create first");
    else
        bh__thread_ref(thread);
    return thread;
}

bh_status(bh_post)(bh_object *context, bh_status (*fn)(void *user), void *user, void (*drop)(void *user))
{
    if (!fn)
        return bh__fail(BH_ERROR_NULL, "bh_post", "fn is NULL: pass a function");
    bh__thread *target = thread_of(context, "bh_post");
    if (!target)
        return bh__last_status();
    bh__call call = {fn, user, drop, context};
    bh_status status = post_call(target, BH__MESSAGE_CALL, &call, "bh_post");
    bh__thread_unref(target);
    return status;
}

bh_status(bh_post_completion)(bh_thread *thread, bh_status (*fn)(void *user), void *user, void (*drop)(void *user))
{
    if (!fn)
        return bh__fail(BH_ERROR_NULL, "bh_post_completion", "fn is NULL: pass a function");
    bh__thread *target = bh__gui();
    if (thread && !(target = bh__check_pin(thread, BH__THREAD, "bh_post_completion", "thread")))
        return bh__last_status();
    if (!target)
        return bh__fail(BH_ERROR_NO_APP, "bh_post_completion", "there is no GUI thread: call bh_app_create first");
    bh__thread_ref(target);
    if (thread)
        bh__unpin(thread);
    bh__call call = {fn, user, drop, NULL};
    bh_status status = post_call(target, BH__MESSAGE_COMPLETION, &call, "bh_post_completion");
    bh__thread_unref(target);
    return status;
}

/* --- waiting for the answer */

/* Under the wait lock. */
static void enlist(bh__thread *self)
{
    if (self->waits++)
        return;
    self->next_waiting = waiting;
    self->waiting_place = &waiting;
    if (waiting)
        waiting->waiting_place = &self->next_waiting;
    waiting = self;
}

static void delist(bh__thread *self)
{
    if (--self->waits)
        return;
    *self->waiting_place = self->next_waiting;
    if (self->next_waiting)
        self->next_waiting->waiting_place = self->waiting_place;
}

bool bh__pool_runners(void *pool, bool (*is)(bh__thread *thread, void *user), void *user)
{
    bh__thread *self = bh__self();
    if (self->pool == pool && is(self, user))
        return true;
    for (bh__thread *thread = waiting; thread; thread = thread->next_waiting)
        if (thread->pool == pool && is(thread, user))
            return true;
    return false;
}

static bool closes_circle(const bh__thread *self, const bh__thread *target)
{
    for (const bh__thread *t = target; t; t = t->waits_for)
        if (t == self)
            return true;
    return false;
}

/* A walk through the waits: whom for, how deep, and how many steps it may still take. A call that is run on top of its caller's wait
 * closes a circle in this graph that is none, so the walk is bounded. */
typedef struct walk {
    const bh__thread *self;
    int depth, steps;
} walk;

static bool must_wait_for_self(bh__thread *thread, void *user);

static bool wait_is_for_self(const bh__end_wait *wait, walk *at)
{
    return wait->runners ? wait->runners(wait->what, must_wait_for_self, at) : must_wait_for_self(wait->target, at);
}

/* True if THREAD cannot end before SELF does: it waits for SELF's end, or for a call that SELF is running, or for a thread that does. */
static bool must_wait_for_self(bh__thread *thread, void *user)
{
    enum { MOST = 16 };
    walk *at = user;
    if (thread == at->self)
        return true;
    if (at->depth == MOST || --at->steps < 0)
        return false;
    at->depth++;
    bool is = thread->waits_for && thread->call_started && must_wait_for_self(thread->waits_for, at);
    for (const bh__end_wait *wait = thread->end_waits; wait && !is; wait = wait->outer)
        is = wait_is_for_self(wait, at);
    at->depth--;
    return is;
}

bool bh__end_wait_begin(bh__end_wait *wait)
{
    bh__thread *self = bh__self();
    walk at = {.self = self, .steps = 1000};
    pthread_mutex_lock(&wait_lock);
    bool circle = wait_is_for_self(wait, &at);
    if (!circle) {
        wait->outer = self->end_waits;
        self->end_waits = wait;
        enlist(self);
    }
    pthread_mutex_unlock(&wait_lock);
    return !circle;
}

void bh__end_wait_end(bh__end_wait *wait)
{
    pthread_mutex_lock(&wait_lock);
    bh__self()->end_waits = wait->outer;
    delist(bh__self());
    pthread_mutex_unlock(&wait_lock);
}

void bh__send_answer(bh__wait *wait, bool closing)
{
    pthread_mutex_lock(&wait_lock);
    wait->caller->call_started = !closing;
    pthread_mutex_unlock(&wait_lock);
    bh_status status = closing ? BH_ERROR_CLOSED : bh__run_status(wait->fn, wait->user, "bh_send", false);
    pthread_mutex_lock(&wait_lock);
    wait->status = status;
    wait->closed = closing;
    wait->done = true;
    pthread_cond_signal(&wait->ended);
    pthread_mutex_unlock(&wait_lock);
}

/* Under the wait lock: the caller is in the graph of waits until the answer is there. */
static void await_answer(bh__wait *wait, bh__thread *self)
{
    while (!wait->done)
        pthread_cond_wait(&wait->ended, &wait_lock);
    self->waits_for = NULL;
    self->call_started = false;
    delist(self);
}

static bh_status refuse_circle(const bh__thread *self, const bh__thread *target, const char *call)
{
    return bh__fail(BH_DEADLOCK, call, "thread '%s' waits for thread '%s' already: neither would ever go on; use bh_post",
                    target->name, self->name);
}

bh_status bh__send_to(bh__thread *target, bh_status (*fn)(void *user), void *user, const char *call)
{
    bh__thread *self = bh__self();
    if (target == self)
        return bh__run_status(fn, user, call, false);
    if (target->qt && atomic_load(&target->state) == BH__THREAD_NEW)
        return bh__fail(BH_ERROR_STATE, call, "thread '%s' was not started: nothing runs there; bh_thread_start it first",
                        target->name);
    bh__wait wait = {.fn = fn, .user = user, .caller = self, .ended = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&wait_lock);
    bool circle = closes_circle(self, target);
    if (!circle) {
        self->waits_for = target;
        enlist(self);
    }
    pthread_mutex_unlock(&wait_lock);
    if (circle)
        return refuse_circle(self, target, call);
    bh__message *message = bh__mailbox_append(&target->mailbox, BH__MESSAGE_SEND, 0);
    if (message) {
        message->of.wait = &wait;
        bh__mailbox_commit(&target->mailbox);
    }
    bh__mailbox_lenient(&self->mailbox, true);
    pthread_mutex_lock(&wait_lock);
    if (!message) {
        wait.closed = true;
        wait.done = true;
    }
    await_answer(&wait, self);
    pthread_mutex_unlock(&wait_lock);
    bh__mailbox_lenient(&self->mailbox, false);
    pthread_cond_destroy(&wait.ended);
    if (wait.closed)
        return bh__fail(BH_ERROR_CLOSED, call, "thread '%s' has ended, or never had an event loop: nothing runs there",
                        target->name);
    return wait.status;
}

bh_status(bh_send)(bh_object *context, bh_status (*fn)(void *user), void *user)
{
    if (!fn)
        return bh__fail(BH_ERROR_NULL, "bh_send", "fn is NULL: pass a function");
    bh__thread *target = thread_of(context, "bh_send");
    if (!target)
        return bh__last_status();
    bh_status status = bh__send_to(target, fn, user, "bh_send");
    bh__thread_unref(target);
    return status;
}
