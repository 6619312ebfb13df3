/* Workers: an instance of a C-defined class on a thread of its own.
 *
 * The thread lives as long as the worker, so that slots work before and after a run and restart needs no new thread. A run ends in
 * three steps: the state changes, "finished" is emitted, and a completion behind it in the GUI thread's mailbox settles the worker.
 * Who waits on the GUI thread waits for that last step, so that all that was emitted has been delivered. */
#include "thread/worker.h"

#include "thread/worker_record.h"

#include <bulkhead/app.h>
#include <bulkhead/log.h>
#include <bulkhead/object.h>
#include <stdatomic.h>

enum { DESTROY_WAIT_MS = 1000 };

static bh__worker *all; /* GUI thread */

void bh__worker_unref(bh__worker *self)
{
    if (atomic_fetch_sub(&self->refs, 1) != 1)
        return;
    bh__cancel_deinit(&self->cancel);
    bh__failure_free(self->failure);
    bh__failure_free(self->told);
    bh__free(self);
}

bh_status bh__worker_settle(void *from)
{
    bh__worker *self = from;
    atomic_store(&self->settled, true);
    bh__door_wake_waiters();
    bh__worker_unref(self);
    return BH_OK;
}

static void drop_worker(void *from)
{
    bh__worker_unref(from);
}

/* --- making */

static bool make_parts(bh__worker *self)
{
    self->head.object = bh__door_create_instance(self->description, self->user, "bh_worker_create");
    self->thread = self->head.object ? (bh_thread_create)(self->description->name) : NULL;
    self->context = self->thread ? bh__door_context_create(&self->head, "bh_worker_create") : NULL;
    self->handle = self->context ? bh__door_worker_create(&self->head, "bh_worker_create") : NULL;
    if (self->handle)
        bh__door_set_worker(self->head.object, self->context, bh__worker_slot_failed, self);
    return self->handle != NULL;
}

static void destroy_parts(bh__worker *self)
{
    if (bh_is_alive(self->head.object))
        bh__door_destroy(self->head.object);
    if (self->thread && (bh_thread_is_running)(self->thread)) {
        (bh_thread_quit)(self->thread);
        (bh_thread_wait)(self->thread, DESTROY_WAIT_MS);
    }
    (bh_thread_destroy)(self->thread);
    bh__door_context_destroy(self->context);
}

static bh__worker *new_worker(const bh_class *description, void *user)
{
    bh__worker *made = bh__calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->description = description;
    made->user = user;
    atomic_init(&made->refs, 1);
    atomic_init(&made->settled, true);
    bh__cancel_init(&made->cancel);
    return made;
}

static void enlist(bh__worker *self)
{
    self->next = all;
    self->place = &all;
    if (all)
        all->place = &self->next;
    all = self;
}

static void delist(bh__worker *self)
{
    *self->place = self->next;
    if (self->next)
        self->next->place = self->place;
}

bh_worker *(bh_worker_create)(const bh_class *description, void *user)
{
    if (bh__door_refuse_off_gui("bh_worker_create"))
        return NULL;
    if (description && description->size >= sizeof *description && !description->run) {
        bh__fail(BH_ERROR_NULL, "bh_worker_create", "class '%.60s' has no run function: set .run",
                 description->name ? description->name : "NULL");
        return NULL;
    }
    bh__worker *made = new_worker(description, user);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, "bh_worker_create", "no memory for one more worker");
        return NULL;
    }
    if (!make_parts(made)) {
        destroy_parts(made);
        bh__worker_unref(made);
        return NULL;
    }
    enlist(made);
    return made->handle;
}

/* --- the owner's calls */

/* The record with a reference of the caller's; NULL after having reported. */
static bh__worker *check(bh_worker *handle, const char *call)
{
    bh__worker *self = bh__door_worker_pin(handle, call);
    if (!self)
        return NULL;
    atomic_fetch_add(&self->refs, 1);
    bh__door_worker_unpin(handle);
    return self;
}

bh_object *(bh_worker_object)(bh_worker *handle)
{
    bh__worker *self = check(handle, "bh_worker_object");
    if (!self)
        return NULL;
    bh_object *object = self->head.object;
    bh__worker_unref(self);
    return object;
}

static const char *state_text(int state)
{
    static const char *const texts[] = {"was not started", "runs", "has finished", "has failed", "was cancelled"};
    return texts[state];
}

/* The thread and the object on it, at the first start. */
static bh_status begin_thread(bh__worker *self)
{
    bh_status status = (bh_thread_is_running)(self->thread) ? BH_OK : (bh_thread_start)(self->thread);
    if (status || self->moved)
        return status;
    status = bh__door_move_to_thread(self->head.object, self->thread);
    if (status)
        return status;
    self->moved = true;
    bh__door_close_connecting(self->head.object);
    return BH_OK;
}

static bh_status begin(bh__worker *self, bool again, const char *call)
{
    int state = atomic_load(&self->state);
    if (again ? state <= BH_WORKER_RUNNING : state != BH_WORKER_READY)
        return bh__fail(BH_ERROR_STATE, call, "worker '%s' %s: %s", self->description->name, state_text(state),
                        again ? "restart is for one that has ended" : "bh_worker_restart runs one again that has ended");
    if (!atomic_load(&self->settled))
        return bh__fail(BH_ERROR_STATE, call, "worker '%s' is ending: its signal 'finished' has not been delivered yet",
                        self->description->name);
    bh_status status = begin_thread(self);
    if (status) {
        char cause[256];
        bh__copy_text(cause, sizeof cause, bh_last_error());
        return bh__fail(status, call, "worker '%s' has no thread to run on: %s", self->description->name, cause);
    }
    if (again)
        atomic_store(&self->cancel.asked, false);
    self->skips = bh__cancel_asked(&self->cancel);
    atomic_store(&self->settled, false);
    self->begun_ms = bh__clock_ms();
    atomic_store(&self->state, BH_WORKER_RUNNING);
    atomic_fetch_add(&self->refs, 1);
    status = (bh_post_completion)(self->thread, bh__worker_run, self, drop_worker);
    if (!status)
        return BH_OK;
    bh__worker_unref(self);
    atomic_store(&self->state, state);
    atomic_store(&self->settled, true);
    return status;
}

static bh_status begin_checked(bh_worker *handle, bool again, const char *call)
{
    if (bh__door_refuse_off_gui(call))
        return bh__last_status();
    bh__worker *self = check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = begin(self, again, call);
    bh__worker_unref(self);
    return status;
}

bh_status(bh_worker_start)(bh_worker *handle)
{
    return begin_checked(handle, false, "bh_worker_start");
}

bh_status(bh_worker_restart)(bh_worker *handle)
{
    return begin_checked(handle, true, "bh_worker_restart");
}

bh_status(bh_worker_cancel)(bh_worker *handle)
{
    bh__worker *self = check(handle, "bh_worker_cancel");
    if (!self)
        return bh__last_status();
    bh__cancel_ask(&self->cancel);
    bh__worker_unref(self);
    return BH_OK;
}

static bool has_settled(void *self)
{
    return atomic_load(&((bh__worker *)self)->settled);
}

static bool has_ended(void *self)
{
    return atomic_load(&((bh__worker *)self)->state) != BH_WORKER_RUNNING;
}

bh_status(bh_worker_wait)(bh_worker *handle, int timeout_ms)
{
    bh__worker *self = check(handle, "bh_worker_wait");
    if (!self)
        return bh__last_status();
    bh_status status = bh__door_wait_for(self->thread, bh_is_gui_thread() ? has_settled : has_ended, self, timeout_ms);
    if (status == BH_DEADLOCK && bh_thread_current() == self->thread)
        bh__fail(status, "bh_worker_wait", "worker '%s' waits for itself: return from run instead", self->description->name);
    else if (status == BH_DEADLOCK)
        bh__fail(status, "bh_worker_wait", "worker '%s' waits for '%s' already: neither would ever go on",
                 self->description->name, (bh_thread_name)(NULL));
    bh__worker_unref(self);
    return status;
}

bh_worker_state(bh_worker_get_state)(bh_worker *handle)
{
    bh__worker *self = check(handle, "bh_worker_get_state");
    if (!self)
        return BH_WORKER_READY;
    int state = atomic_load(&self->state);
    bh__worker_unref(self);
    return (bh_worker_state)state;
}

/* Its strings stay until the next failure: the owner asks when the worker has ended. */
bh_status(bh_worker_get_failure)(bh_worker *handle, bh_thread_failure *failure)
{
    static const char call[] = "bh_worker_get_failure";
    if (!failure)
        return bh__fail(BH_ERROR_NULL, call, "failure is NULL: pass the address of a bh_thread_failure");
    *failure = bh__failure_view(NULL);
    bh__worker *self = bh__door_refuse_off_gui(call) ? NULL : check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = BH_OK;
    if (atomic_load(&self->state) == BH_WORKER_RUNNING)
        status = bh__fail(BH_ERROR_STATE, call, "worker '%s' runs: ask when it has finished", self->description->name);
    else
        *failure = bh__failure_view(self->failure);
    bh__worker_unref(self);
    return status;
}

static bh_status answer(void *from)
{
    atomic_fetch_add(&((bh__worker *)from)->answers, 1);
    bh__door_wake_waiters();
    return BH_OK;
}

static bool has_answered(void *self)
{
    return atomic_load(&((bh__worker *)self)->answers) > 0;
}

/* A slot may be running, which would keep the thread from ending. What is delivered meanwhile may destroy the worker. */
static bool thread_is_free(bh__worker *self)
{
    if (!(bh_thread_is_running)(self->thread))
        return true;
    atomic_store(&self->answers, 0);
    atomic_fetch_add(&self->refs, 1);
    if ((bh_post_completion)(self->thread, answer, self, drop_worker)) {
        bh__worker_unref(self);
        return false;
    }
    return bh__door_wait_until(has_answered, self, DESTROY_WAIT_MS);
}

static bh_status destroy(bh__worker *self, bh_worker *handle)
{
    static const char call[] = "bh_worker_destroy";
    const char *name = self->description->name;
    if (atomic_load(&self->state) == BH_WORKER_RUNNING)
        return bh__fail(BH_ERROR_STATE, call, "worker '%s' runs: bh_worker_cancel and bh_worker_wait first", name);
    const char *place = bh_location;
    bool is_free = thread_is_free(self);
    bh_location = place;
    bh__worker *still = bh__door_worker_pin(handle, call);
    if (!still)
        return bh__last_status();
    bh__door_worker_unpin(handle);
    if (!is_free || atomic_load(&self->state) == BH_WORKER_RUNNING)
        return bh__fail(BH_TIMEOUT, call, "a slot of worker '%s' is still running after %d ms: destroy it later", name,
                        DESTROY_WAIT_MS);
    delist(self);
    bh__door_worker_destroy(handle);
    destroy_parts(self);
    bh__worker_unref(self);
    return BH_OK;
}

bh_status(bh_worker_destroy)(bh_worker *handle)
{
    if (!handle)
        return BH_OK;
    if (bh__door_refuse_off_gui("bh_worker_destroy"))
        return bh__last_status();
    bh__worker *self = check(handle, "bh_worker_destroy");
    if (!self)
        return bh__last_status();
    bh_status status = destroy(self, handle);
    bh__worker_unref(self);
    return status;
}

static bh__worker *first_left(void)
{
    bh__worker *self = all;
    while (self && self->abandoned)
        self = self->next;
    return self;
}

static bool is_listed(const bh__worker *wanted)
{
    bh__worker *self = all;
    while (self && self != wanted)
        self = self->next;
    return self != NULL;
}

void bh__workers_cancel(void)
{
    for (bh__worker *self = all; self; self = self->next) {
        self->abandoned = false;
        bh__cancel_ask(&self->cancel);
    }
}

/* What is delivered meanwhile may destroy any of them. */
void bh__workers_end(int64_t deadline)
{
    for (bh__worker *self; (self = first_left()); bh__worker_unref(self)) {
        int64_t left = deadline - bh__clock_ms();
        atomic_fetch_add(&self->refs, 1);
        bh__door_wait_until(has_settled, self, left > 0 ? (int)left : 0);
        if (!is_listed(self))
            continue;
        self->abandoned = true;
        if (has_ended(self))
            (bh_worker_destroy)(self->handle);
        else
            bh__fail(BH_TIMEOUT, "bh_app_destroy", "worker '%s' did not end in time and is left running",
                     self->description->name);
    }
}

/* --- for the close */

static bh__worker *find(const bh_worker *handle)
{
    bh__worker *self = all;
    while (self && self->handle != handle)
        self = self->next;
    return self;
}

bool bh__worker_is_settled(bh_worker *handle)
{
    bh__worker *self = find(handle);
    return !self || atomic_load(&self->settled);
}

const char *bh__worker_class(bh_worker *handle)
{
    bh__worker *self = find(handle);
    return self ? self->description->name : "";
}

int64_t bh__worker_since(bh_worker *handle)
{
    bh__worker *self = find(handle);
    return self ? self->begun_ms : 0;
}
