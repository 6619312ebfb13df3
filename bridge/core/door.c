/* The door of the bridge for the rooms above it. */
#include "core/door.h"

#include "core/class.h"
#include "core/event.h"
#include "core/guard.h"
#include "core/object.h"
#include "core/post.h"
#include "core/quit.h"
#include "core/thread.h"
#include "core/thread_list.h"
#include "core/thread_pool.h"

#include <bulkhead/object.h>

bh_worker_context *bh__door_context_create(bh__worker_head *head, const char *call)
{
    return bh__handle_create(BH__WORKER_CONTEXT, head, NULL, call);
}

void bh__door_context_destroy(bh_worker_context *context)
{
    bh__handle_destroy(context, BH__WORKER_CONTEXT);
}

void *bh__door_context_check(bh_worker_context *context, const char *call)
{
    return bh__check(context, BH__WORKER_CONTEXT, call, "self");
}

void *bh__door_worker_create(bh__worker_head *head, const char *call)
{
    return bh__handle_create(BH__WORKER, head, NULL, call);
}

void bh__door_worker_destroy(const void *worker)
{
    bh__handle_destroy(worker, BH__WORKER);
}

void *bh__door_worker_pin(const void *worker, const char *call)
{
    return bh__check_pin(worker, BH__WORKER, call, "worker");
}

void bh__door_worker_unpin(const void *worker)
{
    bh__unpin(worker);
}

static bh__kind kind_of(bh__door_kind kind)
{
    static const bh__kind kinds[] = {[BH__DOOR_FINALIZER] = BH__FINALIZER,
                                     [BH__DOOR_STARTUP] = BH__STARTUP,
                                     [BH__DOOR_TASK] = BH__TASK,
                                     [BH__DOOR_TASK_CONTEXT] = BH__TASK_CONTEXT,
                                     [BH__DOOR_TASK_GROUP] = BH__TASK_GROUP};
    return kinds[kind];
}

void *bh__door_handle_create(bh__door_kind kind, void *record, const char *call)
{
    return bh__handle_create(kind_of(kind), record, NULL, call);
}

bool bh__door_handle_destroy(bh__door_kind kind, const void *handle)
{
    return bh__handle_destroy(handle, kind_of(kind));
}

void *bh__door_handle_check(bh__door_kind kind, const void *handle, const char *call, const char *what)
{
    return bh__check(handle, kind_of(kind), call, what);
}

void *bh__door_handle_pin(bh__door_kind kind, const void *handle, const char *call, const char *what)
{
    return bh__check_pin(handle, kind_of(kind), call, what);
}

void bh__door_handle_unpin(const void *handle)
{
    bh__unpin(handle);
}

bool bh__door_refuse_no_app(const char *call)
{
    return bh__refuse_no_app(call);
}

bool bh__door_refuse_off_gui(const char *call)
{
    return bh__refuse_off_gui(call);
}

bh_object *bh_worker_context_object(bh_worker_context *context)
{
    bh__worker_head *head = bh__payload_of(context, BH__WORKER_CONTEXT);
    /* A bad context goes on as it is: the call that gets it says what is wrong with it. */
    return head ? head->object : (bh_object *)context;
}

bh_status bh__door_run(bh_status (*fn)(void *user), void *user, const char *what)
{
    bh__door_doing before;
    bh__door_doing_begin(&before, what);
    bh_status status = bh__run_status(fn, user, what, false);
    bh__door_doing_end(&before);
    return status;
}

typedef struct try_frame {
    bh_status (*fn)(void *user);
    void *user;
    bh_status status;
} try_frame;

static void try_thunk(void *frame)
{
    try_frame *call = frame;
    call->status = call->fn(call->user);
}

bh_status bh__door_try(bh_status (*fn)(void *user), void *user, const char *what, bh__door_caught *caught)
{
    try_frame call = {fn, user, BH_OK};
    bh__door_doing before;
    bh__door_doing_begin(&before, what);
    bh_status status = bh__run_caught(try_thunk, &call, what, NULL, caught) ? call.status : caught->status;
    bh__door_doing_end(&before);
    return status;
}

void bh__door_throw_assertion(const char *text, const char *function, const char *location)
{
    bh__assertion_throw(text, function, location);
}

bh_status bh__door_emit(bh_object *object, const char *signal, int count, const bh_value *values)
{
    bh__object *record = bh__check_object(object, "bh_emit", "object");
    int number = record && record->instance ? bh__class_signal(record->instance->class, signal) : -1;
    return number >= 0 ? bh__class_emit(record, number, count, values) : BH_ERROR_NAME;
}

bh_status bh__door_emit_surely(bh_object *object, const char *signal, int count, const bh_value *values)
{
    bool before = bh__deliver_patiently(true);
    bh_status status = bh__door_emit(object, signal, count, values);
    bh__deliver_patiently(before);
    return status;
}

bool bh__door_has_listeners(bh_object *object, const char *signal)
{
    bh__object *record = bh__payload_of(object, BH__OBJECT);
    int number = record && record->instance ? bh__class_signal(record->instance->class, signal) : -1;
    return number >= 0 && bh__class_has_listeners(record, number);
}

bh_object *bh__door_create_instance(const bh_class *description, void *user, const char *call)
{
    bh_object *made = bh__instance_create(description, NULL, user, call);
    bh__object *record = made ? bh__payload_of(made, BH__OBJECT) : NULL;
    if (record)
        record->library = true;
    return made;
}

void bh__door_set_worker(bh_object *object, bh_worker_context *context, void (*failed)(void *user, const bh__door_caught *caught),
                         void *user)
{
    bh__object *record = bh__payload_of(object, BH__OBJECT);
    if (!record || !record->instance)
        return;
    record->instance->context = context;
    record->instance->failed = failed;
    record->instance->failed_user = user;
}

bh_worker_context *bh__door_worker_context_of(bh_object *object, const char *call)
{
    char text[128];
    bh__object *record = bh__check_object(object, call, "self");
    bh_worker_context *context = record && record->instance ? record->instance->context : NULL;
    if (record && !context)
        bh__fail(BH_ERROR_CLASS, call, "%s is no worker's object", bh__object_text(record, text, sizeof text));
    return context;
}

bh_object *bh__door_create_widget(const bh_class *description, bh_object *parent, void *user, const char *call)
{
    return bh__instance_create(description, parent, user, call);
}

void *bh__door_widget_user(const bh_object *widget, const bh_class *description, const char *call, const char *what)
{
    char text[128];
    bh__object *record = bh__check_object(widget, call, what);
    if (!record)
        return NULL;
    if (record->instance && record->instance->class->description == description)
        return record->instance->user;
    bh__fail(BH_ERROR_CLASS, call, "%s is %s: this call needs a %s", what, bh__object_text(record, text, sizeof text),
             description->name);
    return NULL;
}

bh_status bh__door_move_to_thread(bh_object *object, bh_thread *thread)
{
    bh__thread *record = bh__pin(thread, BH__THREAD);
    if (record) {
        bh__thread_list_set(record, BH__ROLE_WORKER, NULL);
        bh__unpin(thread);
    }
    return bh__move(object, thread, true);
}

bh_status bh__door_destroy(bh_object *object)
{
    return bh__destroy(object, true);
}

void bh__door_close_connecting(bh_object *object)
{
    bh__object *record = bh__pin(object, BH__OBJECT);
    if (!record)
        return;
    if (record->instance)
        atomic_store(&record->instance->connect_closed, true);
    bh__unpin(object);
}

bool bh__door_wait_until(bool (*done)(void *user), void *user, int timeout_ms)
{
    return bh__wait_until(done, user, timeout_ms);
}

bh_status bh__door_wait_for(bh_thread *handle, bool (*done)(void *user), void *user, int timeout_ms)
{
    bh__thread *thread = done(user) ? NULL : bh__pin(handle, BH__THREAD);
    if (!thread)
        return bh__wait_until(done, user, timeout_ms) ? BH_OK : BH_TIMEOUT;
    bh__end_wait wait = {.target = thread};
    bh_status status = BH_DEADLOCK;
    bh__thread_ref(thread);
    bh__unpin(handle);
    if (bh__end_wait_begin(&wait)) {
        status = bh__wait_until(done, user, timeout_ms) ? BH_OK : BH_TIMEOUT;
        bh__end_wait_end(&wait);
    }
    bh__thread_unref(thread);
    return status;
}

bh_status bh__door_wait_for_runners(bh__door_runners runners, void *what, bool (*done)(void *user), void *user, int timeout_ms)
{
    bh__end_wait wait = {.runners = runners, .what = what};
    if (done(user) || timeout_ms == 0)
        return done(user) ? BH_OK : BH_TIMEOUT;
    if (!bh__end_wait_begin(&wait))
        return BH_DEADLOCK;
    bool lent = bh__pool_lend();
    bool ended = bh__wait_until(done, user, timeout_ms);
    bh__pool_take_back(lent);
    bh__end_wait_end(&wait);
    return ended ? BH_OK : BH_TIMEOUT;
}

bh__thread *bh__door_self(void)
{
    return bh__self();
}

void bh__door_wake_waiters(void)
{
    bh__wake_waiters();
}

bh_status bh__door_post_completion(const bh_thread *handle, bh_status (*fn)(void *user), void *user)
{
    bh__thread *target = handle ? bh__pin(handle, BH__THREAD) : bh__gui();
    if (!target)
        return BH_ERROR_CLOSED;
    bh__thread_ref(target);
    if (handle)
        bh__unpin(handle);
    bh_status status = bh__post_to(target, fn, user)           ? BH_OK
                       : bh__mailbox_is_open(&target->mailbox) ? BH_ERROR_MEMORY
                                                               : BH_ERROR_CLOSED;
    bh__thread_unref(target);
    return status;
}

bool bh__door_is_thread(const bh_thread *thread, const char *call)
{
    if (!bh__check_pin(thread, BH__THREAD, call, "thread"))
        return false;
    bh__unpin(thread);
    return true;
}

void *bh__door_pool_hold(const bh_thread_pool *pool, const char *call)
{
    return bh__pool_hold(pool, call);
}

void bh__door_pool_release(void *held)
{
    bh__pool_release(held);
}

void bh__door_when_pool_cleared(void (*fn)(const bh_thread_pool *pool))
{
    bh__pool_when_cleared(fn);
}

bool bh__door_is_widget(bh_object *window, const char *call)
{
    return bh__check_class(window, "QWidget", call, "window") != NULL;
}

bool bh__door_watch_close(bh_object *window, bh_event_function fn, void *user, const char *call)
{
    bh__object *object = bh__check_class(window, "QWidget", call, "window");
    return object && bh__event_watch(object, 1u << BH_EVENT_CLOSE, fn, user, call);
}

typedef struct pool_visit {
    void (*visit)(bh_thread_pool *pool, void *user);
    void *user;
} pool_visit;

static void visit_pool(const void *handle, bh__slot *slot, void *user)
{
    const pool_visit *call = user;
    (void)slot;
    call->visit((bh_thread_pool *)handle, call->user);
}

void bh__door_pools(void (*visit)(bh_thread_pool *pool, void *user), void *user)
{
    pool_visit call = {visit, user};
    bh__handles_each(BH__POOL, visit_pool, &call);
}

size_t bh__door_pool_pending(const bh_thread_pool *pool, char *name, size_t size)
{
    return bh__pool_pending(pool, name, size);
}

bool bh__door_pool_check(const bh_thread_pool *pool, const char *call)
{
    return bh__check(pool, BH__POOL, call, "pool") != NULL;
}

void bh__door_quit_ask_with(void (*fn)(int code))
{
    bh__quit_ask_with(fn);
}

bool bh__door_close_windows(void)
{
    return bh__close_windows();
}

void bh__door_close_only(bh_object *window, bh_event_function fn)
{
    bh__object *object = bh__payload_of(window, BH__OBJECT);
    if (object)
        bh__event_close_only(object, fn);
}

typedef struct gone_hook {
    bh__end end; /* first */
    void (*fn)(void *user);
    void *user;
} gone_hook;

static void on_gone(bh__end *end)
{
    gone_hook *hook = (gone_hook *)end;
    bh__run_void(hook->fn, hook->user, "end of an object");
    bh__free(hook);
}

bool bh__door_when_gone(bh_object *object, void (*fn)(void *user), void *user, const char *call)
{
    bh__object *record = bh__check_object(object, call, "object");
    gone_hook *hook = record ? bh__malloc(sizeof *hook) : NULL;
    if (!hook) {
        if (record)
            bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return false;
    }
    *hook = (gone_hook){{.run = on_gone}, fn, user};
    if (bh__end_add(record, &hook->end))
        return true;
    bh__free(hook);
    bh__fail(BH_ERROR_STALE, call, "the object is being destroyed");
    return false;
}

typedef struct widget_visit {
    void (*visit)(const char *class_name, const char *name, bool visible, void *user);
    void *user;
} widget_visit;

static void visit_widget(bhs_object *widget, bool visible, void *user)
{
    widget_visit *call = user;
    char name[64];
    bhs_name(widget, name, sizeof name);
    call->visit(bhs_meta_name(bhs_meta_of(widget)), name, visible, call->user);
}

typedef struct others {
    const bhs_object *window;
    int count;
} others;

static void count_other(bhs_object *widget, bool visible, void *user)
{
    others *all = user;
    all->count += visible && widget != all->window && !bhs_parent(widget);
}

int bh__door_other_windows(bh_object *window)
{
    bh__object *record = bh__payload_of(window, BH__OBJECT);
    others all = {record ? record->qt : NULL, 0};
    bhs_top_level_widgets(count_other, &all);
    return all.count;
}

void bh__door_top_level_widgets(void (*visit)(const char *class_name, const char *name, bool visible, void *user), void *user)
{
    widget_visit call = {visit, user};
    bhs_top_level_widgets(visit_widget, &call);
}
