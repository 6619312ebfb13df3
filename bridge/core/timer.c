/* Timers: a function called by the event loop of the thread that started it.
 *
 * A timer belongs to its thread: only that fires, changes and stops it. What may come from elsewhere is the end of its context,
 * when the context has been moved to another thread meanwhile. Therefore two hold the record, the thread's list and the context's
 * end, and the later one frees it; a timer whose context has ended elsewhere finds a stale handle when it fires. */
#include "core/timer.h"

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/object.h"

#include <bulkhead/object.h>
#include <bulkhead/timer.h>

enum { PRECISE_BELOW_MS = 2000 }; /* as QTimer::singleShot */

typedef struct timer {
    bh__end end; /* first: what runs when the context goes */
    struct timer *next, *previous;
    bhs_object *qt;   /* NULL until it is started */
    bh_timer *handle; /* NULL for a single shot */
    bh_object *context;
    _Atomic(bh__thread *) thread; /* NULL once stopped */
    _Atomic int holders;
    void (*fn)(void *user);
    void *user;
} timer;

static _Thread_local timer *timers;

static void release(timer *self)
{
    if (atomic_fetch_sub(&self->holders, 1) == 1)
        bh__free(self);
}

/* Takes the context's end back, unless it runs or has run: then that lets go itself. */
static void leave_context(timer *self)
{
    bh__object *context = self->context ? bh__pin(self->context, BH__OBJECT) : NULL;
    if (!context)
        return;
    bool removed = bh__end_remove(context, &self->end);
    bh__unpin(self->context);
    if (removed)
        release(self);
}

/* Stops it for good. Also while it fires: nothing looks at it afterwards. */
static void stop(timer *self)
{
    atomic_store(&self->thread, NULL);
    if (self->previous)
        self->previous->next = self->next;
    else
        timers = self->next;
    if (self->next)
        self->next->previous = self->previous;
    bh__handle_destroy(self->handle, BH__TIMER);
    bhs_delete(self->qt);
    leave_context(self);
    release(self);
}

static void on_context_gone(bh__end *end)
{
    timer *self = (timer *)end;
    if (atomic_load(&self->thread) == bh__self())
        stop(self);
    release(self);
}

void bh__on_timer(void *payload)
{
    timer *self = payload;
    void (*fn)(void *user) = self->fn;
    void *user = self->user;
    bool orphaned = self->context && !bh_is_alive(self->context);
    bool once = !self->handle;
    if (once || orphaned)
        stop(self);
    if (!orphaned)
        bh__run_void(fn, user, once ? "single-shot timer" : "timer");
}

void bh__timers_destroy(bh__thread *thread)
{
    while (thread == bh__self() && timers)
        stop(timers);
}

/* --- starting */

static bool refuse_interval(int interval_ms, const char *call)
{
    if (interval_ms >= 0)
        return false;
    bh__fail(BH_ERROR_RANGE, call, "%d ms lie in the past: pass 0 or more", interval_ms);
    return true;
}

static bool refuse(int interval_ms, void (*fn)(void *user), const char *call)
{
    bh__thread *self = bh__self();
    if (bh__refuse_no_app(call) || refuse_interval(interval_ms, call))
        return true;
    if (!fn) {
        bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass the function to call");
        return true;
    }
    if (self->is_gui || (self->qt && atomic_load(&self->state) == BH__THREAD_RUNNING))
        return false;
    bh__fail(BH_ERROR_THREAD, call,
             "thread '%s' has no event loop, so a timer would never fire: start it on the GUI thread or on a bh_thread",
             self->name);
    return true;
}

static timer *add(bh__object *context, void (*fn)(void *user), void *user, const char *call)
{
    timer *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for a timer");
        return NULL;
    }
    self->end.run = on_context_gone;
    self->fn = fn;
    self->user = user;
    self->thread = bh__self();
    self->holders = 1;
    if (context) {
        self->context = context->handle;
        self->holders = 2;
        if (!bh__end_add(context, &self->end)) {
            bh__free(self);
            bh__fail(BH_ERROR_STATE, call, "context is being destroyed: its timers would never fire");
            return NULL;
        }
    }
    self->next = timers;
    if (timers)
        timers->previous = self;
    timers = self;
    return self;
}

/* Starts what was added; stops it again if that fails. */
static bool begin(timer *self, int interval_ms, bool precise, bool once, const char *call)
{
    if (!once && !(self->handle = bh__handle_create(BH__TIMER, self, bh__self(), call))) {
        stop(self);
        return false;
    }
    self->qt = bhs_timer_create(interval_ms, precise, self);
    if (self->qt)
        return true;
    stop(self);
    bh__fail(BH_ERROR_SYSTEM, call, "Qt cannot start a timer of %d ms on thread '%s'", interval_ms, bh__self()->name);
    return false;
}

static bh_status single_shot(bh__object *context, int delay_ms, void (*fn)(void *user), void *user, const char *call)
{
    timer *self = add(context, fn, user, call);
    return self && begin(self, delay_ms, delay_ms < PRECISE_BELOW_MS, true, call) ? BH_OK : bh__last_status();
}

bh_status(bh_timer_single_shot)(int delay_ms, void (*fn)(void *user), void *user)
{
    if (refuse(delay_ms, fn, "bh_timer_single_shot"))
        return bh__last_status();
    return single_shot(NULL, delay_ms, fn, user, "bh_timer_single_shot");
}

bh_status(bh_timer_single_shot_for)(bh_object *context, int delay_ms, void (*fn)(void *user), void *user)
{
    if (refuse(delay_ms, fn, "bh_timer_single_shot_for"))
        return bh__last_status();
    bh__object *object = bh__check_object(context, "bh_timer_single_shot_for", "context");
    return object ? single_shot(object, delay_ms, fn, user, "bh_timer_single_shot_for") : bh__last_status();
}

bh_timer *(bh_timer_start)(int interval_ms, bh_timer_type type, bh_object *context, void (*fn)(void *user), void *user)
{
    if (refuse(interval_ms, fn, "bh_timer_start"))
        return NULL;
    if (type != BH_TIMER_COARSE && type != BH_TIMER_PRECISE) {
        bh__fail(BH_ERROR_RANGE, "bh_timer_start", "type %d is no timer type: pass BH_TIMER_COARSE or BH_TIMER_PRECISE",
                 (int)type);
        return NULL;
    }
    bh__object *object = context ? bh__check_object(context, "bh_timer_start", "context") : NULL;
    timer *self = context && !object ? NULL : add(object, fn, user, "bh_timer_start");
    return self && begin(self, interval_ms, type == BH_TIMER_PRECISE, false, "bh_timer_start") ? self->handle : NULL;
}

bh_status(bh_timer_set_interval)(bh_timer *handle, int interval_ms)
{
    timer *self = bh__check_here(handle, BH__TIMER, "bh_timer_set_interval", "timer");
    if (!self || refuse_interval(interval_ms, "bh_timer_set_interval"))
        return bh__last_status();
    if (bhs_timer_set_interval(self->qt, interval_ms))
        return BH_OK;
    return bh__fail(BH_ERROR_SYSTEM, "bh_timer_set_interval", "Qt cannot start a timer of %d ms", interval_ms);
}

bh_status(bh_timer_stop)(bh_timer *handle)
{
    if (!handle)
        return BH_OK;
    timer *self = bh__check_here(handle, BH__TIMER, "bh_timer_stop", "timer");
    if (!self)
        return bh__last_status();
    stop(self);
    return BH_OK;
}
