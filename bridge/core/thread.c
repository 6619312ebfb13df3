/* Threads: the record of each, and bh_thread on real QThreads. */
#include "core/thread.h"

#include "base/altstack.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/object.h"
#include "core/post.h"
#include "core/thread_list.h"
#include "core/timer.h"

#include <bulkhead/app.h>
#include <bulkhead/object.h>
#include <bulkhead/thread.h>
#include <limits.h>
#include <sys/eventfd.h>
#include <unistd.h>

static _Thread_local bh__thread *self __attribute__((tls_model("initial-exec")));
static _Atomic(bh__thread *) gui;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_exit; /* its destructor gives back the thread's own reference */

static bh__thread out_of_memory = {.name = "?"}; /* stands for a thread that no record could be made for */
static bh__thread foreign = {.name = "a thread of others"};

/* --- records */

void bh__thread_ref(bh__thread *thread)
{
    atomic_fetch_add_explicit(&thread->refs, 1, memory_order_relaxed);
}

void bh__thread_unref(bh__thread *thread)
{
    if (atomic_fetch_sub_explicit(&thread->refs, 1, memory_order_acq_rel) != 1)
        return;
    bh__mailbox_deinit(&thread->mailbox);
    bh__free(thread);
}

static void on_thread_exit(void *thread)
{
    self = NULL;
    bh__thread_list_remove(thread);
    atomic_store(&((bh__thread *)thread)->state, BH__THREAD_ENDED); /* of others, too: what belonged to it may be destroyed */
    bh__thread_unref(thread);
}

static const char *current_name(void)
{
    return bh__self()->name;
}

static void prepare(void)
{
    pthread_key_create(&at_exit, on_thread_exit);
    bh__thread *fixed[] = {&out_of_memory, &foreign};
    for (int i = 0; i < 2; i++) {
        bh__mailbox_init(&fixed[i]->mailbox);
        atomic_store(&fixed[i]->refs, UINT32_MAX / 2);
    }
    bh__thread_name_hook = current_name;
}

static bh__thread *new_record(const char *name)
{
    pthread_once(&once, prepare);
    bh__thread *made = bh__calloc(1, sizeof *made);
    if (!made)
        return NULL;
    bh__mailbox_init(&made->mailbox);
    atomic_store(&made->refs, 1);
    bh__copy_text(made->name, sizeof made->name, name);
    bh__clean_text(made->name);
    made->priority = BH_PRIORITY_INHERIT;
    return made;
}

static void become(bh__thread *thread)
{
    bh__thread *before = self; /* made where something direct is connected to the QThread's "started" */
    self = thread;
    thread->qt_thread = bhs_current_thread();
    pthread_setspecific(at_exit, thread);
    if (before && before != &out_of_memory) {
        bh__thread_list_remove(before);
        bh__thread_unref(before);
    }
    bh__thread_list_add(thread);
    if (thread->listed.role == BH__ROLE_FOREIGN)
        bh__thread_list_set(thread, BH__ROLE_THREAD, NULL);
}

static bh__thread *first_sight(void)
{
    char name[16] = "";
    pthread_getname_np(pthread_self(), name, sizeof name);
    bh__thread *made = new_record(name);
    if (!made)
        return &out_of_memory;
    self = made;
    pthread_setspecific(at_exit, made);
    bh__thread_list_add(made);
    return made;
}

bh__thread *bh__self(void)
{
    return self ? self : first_sight();
}

bh__thread *bh__gui(void)
{
    return atomic_load_explicit(&gui, memory_order_acquire);
}

void bh__set_gui(bh__thread *thread)
{
    bh__thread *old = bh__gui();
    if (old)
        old->is_gui = false;
    if (thread) {
        thread->is_gui = true;
        thread->qt_thread = bhs_current_thread();
        bh__thread_list_set(thread, BH__ROLE_GUI, "GUI");
    }
    atomic_store_explicit(&gui, thread, memory_order_release);
}

bool bh_is_gui_thread(void)
{
    return bh__self()->is_gui;
}

typedef struct search {
    const void *qt_thread;
    bh__thread *found;
} search;

static void compare(const void *handle, bh__slot *slot, void *user)
{
    search *wanted = user;
    bh__thread *thread = bh__pin(handle, BH__THREAD);
    (void)slot;
    if (!thread)
        return;
    if ((const void *)thread->qt == wanted->qt_thread)
        wanted->found = thread;
    bh__unpin(handle);
}

bh__thread *bh__thread_of_qt(const void *qt_thread)
{
    bh__thread *main_thread = bh__gui();
    if (main_thread && main_thread->qt_thread == qt_thread)
        return main_thread;
    search wanted = {.qt_thread = qt_thread};
    bh__handles_each(BH__THREAD, compare, &wanted);
    return wanted.found ? wanted.found : &foreign;
}

/* --- bh_thread */

bh_thread *(bh_thread_create)(const char *name)
{
    if (bh__refuse_no_app("bh_thread_create"))
        return NULL;
    bh__thread *made = new_record(name && name[0] ? name : "bh-thread");
    if (made)
        made->qt = bhs_thread_create(made);
    if (!made || !made->qt) {
        bh__fail(BH_ERROR_MEMORY, "bh_thread_create", "no memory for one more thread");
        if (made)
            bh__thread_unref(made);
        return NULL;
    }
    bhs_set_name(made->qt, made->name);
    made->qt_handle = bh__wrap(made->qt, true, "bh_thread_create");
    made->handle = made->qt_handle ? bh__handle_create(BH__THREAD, made, NULL, "bh_thread_create") : NULL;
    if (made->handle) {
        ((bh__object *)bh__payload_of(made->qt_handle, BH__OBJECT))->library = true;
        bh__mailbox_open(&made->mailbox);
        return made->handle;
    }
    bhs_delete(made->qt);
    bh__thread_unref(made);
    return NULL;
}

static int state_of(const bh__thread *thread)
{
    return atomic_load_explicit(&thread->state, memory_order_acquire);
}

/* The record, pinned, if it has not been started; NULL after having reported. */
static bh__thread *check_new(bh_thread *handle, const char *call)
{
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, call, "thread");
    if (!thread || state_of(thread) == BH__THREAD_NEW)
        return thread;
    bh__unpin(handle);
    bh__fail(BH_ERROR_STATE, call, "thread '%s' %s: a thread runs once, make a new one", thread->name,
             state_of(thread) == BH__THREAD_RUNNING ? "runs already" : "has ended");
    return NULL;
}

bh_status(bh_thread_set_stack_size)(bh_thread *handle, size_t bytes)
{
    if (bytes && (bytes < (size_t)PTHREAD_STACK_MIN || bytes > (size_t)1 << 31))
        return bh__fail(BH_ERROR_RANGE, "bh_thread_set_stack_size", "%zu bytes: from %d bytes to 2 GiB, or 0 for the default",
                        bytes, (int)PTHREAD_STACK_MIN);
    bh__thread *thread = check_new(handle, "bh_thread_set_stack_size");
    if (!thread)
        return bh__last_status();
    thread->stack_size = bytes;
    bh__unpin(handle);
    return BH_OK;
}

bh_status(bh_thread_set_priority)(bh_thread *handle, bh_thread_priority priority)
{
    if ((unsigned)priority > BH_PRIORITY_INHERIT)
        return bh__fail(BH_ERROR_RANGE, "bh_thread_set_priority", "priority is %d: use a BH_PRIORITY_… value", (int)priority);
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_set_priority", "thread");
    if (!thread)
        return bh__last_status();
    thread->priority = priority;
    if (state_of(thread) == BH__THREAD_RUNNING && priority != BH_PRIORITY_INHERIT)
        bhs_thread_set_priority(thread->qt, (int)priority);
    bh__unpin(handle);
    return BH_OK;
}

static atomic_int beginning; /* threads that were started and have no event loop yet */

/* A thread's event loop needs descriptors, and GLib ends the process where there are none. Those that are beginning need theirs too. */
static bool has_descriptors(void)
{
    enum { EACH = 2, SPARE = 8, MOST = 256 };
    int probes[MOST], count = 0, wanted = SPARE + EACH * (1 + atomic_load(&beginning));
    if (wanted > MOST)
        wanted = MOST;
    while (count < wanted && (probes[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    for (int i = 0; i < count; i++)
        close(probes[i]);
    return count == wanted;
}

bh_status(bh_thread_start)(bh_thread *handle)
{
    bh__thread *thread = check_new(handle, "bh_thread_start");
    if (!thread)
        return bh__last_status();
    if (!has_descriptors()) {
        bh__unpin(handle);
        return bh__fail(
            BH_ERROR_SYSTEM, "bh_thread_start",
            "the process has too few file descriptors left for one more event loop: close some, or raise RLIMIT_NOFILE");
    }
    int expected = BH__THREAD_NEW;
    bool first = atomic_compare_exchange_strong(&thread->state, &expected, BH__THREAD_RUNNING);
    bool started = false;
    if (first) {
        bh__thread_ref(thread); /* the thread's own, given back at its exit */
        atomic_fetch_add(&beginning, 1);
        started = bhs_thread_start(thread->qt, (int)thread->priority, thread->stack_size);
        if (!started) {
            atomic_fetch_sub(&beginning, 1);
            atomic_store(&thread->state, BH__THREAD_NEW);
            bh__thread_unref(thread);
        }
    }
    bh__unpin(handle);
    if (started)
        return BH_OK;
    if (!first)
        return bh__fail(BH_ERROR_STATE, "bh_thread_start", "another thread is starting it already");
    return bh__fail(BH_ERROR_SYSTEM, "bh_thread_start", "the system gives no more threads: end some, or ask for a smaller stack");
}

void bh__on_thread_begins(void *record)
{
    atomic_fetch_sub(&beginning, 1);
    bh__altstack_ensure();
    become(record);
    bh__mailbox_receive(&((bh__thread *)record)->mailbox);
}

void bh__on_thread_ends(void *record)
{
    bh__thread *thread = record;
    bh__mailbox_close(&thread->mailbox);
    bh__timers_destroy(thread); /* after the close, whose completions may have started some */
    atomic_store_explicit(&thread->state, BH__THREAD_ENDED, memory_order_release);
    bh__wake_waiters();
}

bh_status(bh_thread_quit)(bh_thread *handle)
{
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_quit", "thread");
    if (!thread)
        return bh__last_status();
    if (state_of(thread) == BH__THREAD_RUNNING) {
        atomic_store_explicit(&thread->mailbox.ending, true, memory_order_relaxed);
        bhs_thread_quit(thread->qt);
    }
    bh__unpin(handle);
    return BH_OK;
}

static bool has_ended(void *thread)
{
    return state_of(thread) != BH__THREAD_RUNNING;
}

static bh_status wait_for(bh_thread *handle, bh__thread *thread, int timeout_ms)
{
    bh__end_wait wait = {.target = thread};
    if (!bh__end_wait_begin(&wait))
        return bh__fail(BH_DEADLOCK, "bh_thread_wait", "thread '%s' cannot end while '%s' waits for it: wait on another thread",
                        thread->name, bh__self()->name);
    bool ended = bh__wait_until(has_ended, thread, timeout_ms);
    bh__end_wait_end(&wait);
    if (!ended)
        return BH_TIMEOUT;
    /* What is left of it is Qt's: the end of its start routine. A callback may have destroyed the handle meanwhile. */
    if (bh__pin(handle, BH__THREAD)) {
        if (state_of(thread) == BH__THREAD_ENDED)
            bhs_thread_wait(thread->qt, -1);
        bh__unpin(handle);
    }
    return BH_OK;
}

bh_status(bh_thread_wait)(bh_thread *handle, int timeout_ms)
{
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_wait", "thread");
    if (!thread)
        return bh__last_status();
    bh__thread_ref(thread);
    bh__unpin(handle);
    bh_status status = wait_for(handle, thread, timeout_ms);
    bh__thread_unref(thread);
    return status;
}

bh_status(bh_thread_destroy)(bh_thread *handle)
{
    if (!handle)
        return BH_OK;
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_destroy", "thread");
    if (!thread)
        return bh__last_status();
    int state = state_of(thread);
    bh__unpin(handle);
    if (state == BH__THREAD_RUNNING)
        return bh__fail(BH_ERROR_STATE, "bh_thread_destroy", "thread '%s' is running: bh_thread_quit and bh_thread_wait first",
                        (bh_thread_name)(handle));
    if (!bh__handle_destroy(handle, BH__THREAD))
        return bh__check(handle, BH__THREAD, "bh_thread_destroy", "thread") ? BH_OK : bh__last_status();
    if (state == BH__THREAD_ENDED)
        bhs_thread_wait(thread->qt, -1);
    else
        bh__mailbox_close(&thread->mailbox);
    atomic_store(&thread->state, BH__THREAD_ENDED);
    bhs_delete(thread->qt);
    bh__thread_unref(thread);
    return BH_OK;
}

bool(bh_thread_is_running)(const bh_thread *handle)
{
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_is_running", "thread");
    if (!thread)
        return false;
    bool running = state_of(thread) == BH__THREAD_RUNNING;
    bh__unpin(handle);
    return running;
}

const char *(bh_thread_name)(const bh_thread *handle)
{
    if (!handle)
        return bh__self()->name;
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_name", "thread");
    if (!thread)
        return "";
    bh__unpin(handle);
    return thread->name;
}

bh_thread *bh_thread_current(void)
{
    return bh__self()->handle;
}

bh_object *(bh_thread_object)(const bh_thread *handle)
{
    bh__thread *thread = bh__check_pin(handle, BH__THREAD, "bh_thread_object", "thread");
    if (!thread)
        return NULL;
    bh__unpin(handle);
    return thread->qt_handle;
}

/* --- moving */

static void rehome(bh_object *handle, bh__thread *target)
{
    bh__slot *slot = bh__slot_of(handle, BH__OBJECT);
    if (!slot)
        return;
    bh__thread_ref(target);
    bh__thread_unref(atomic_exchange(&slot->thread, target));
}

static void rehome_child(bhs_object *child, void *target)
{
    rehome(bh__known(child), target);
}

static bh_status move(bh__object *object, bh__thread *target, bool by_library)
{
    char text[128];
    bh__object_text(object, text, sizeof text);
    if (bh__is_gui_class(bhs_meta_of(object->qt)))
        return bh__fail(BH_ERROR_CLASS, "bh_move_to_thread",
                        "%s stays on the GUI thread, as widgets, layouts, actions and models do", text);
    if (object->library && !by_library)
        return bh__fail(BH_ERROR_CLASS, "bh_move_to_thread", "%s belongs to the library and stays where it is", text);
    if (bhs_parent(object->qt))
        return bh__fail(BH_ERROR_STATE, "bh_move_to_thread", "%s has a parent: only a whole tree can move, move its root", text);
    if (state_of(target) == BH__THREAD_ENDED)
        return bh__fail(BH_ERROR_CLOSED, "bh_move_to_thread", "thread '%s' has ended: nothing runs there", target->name);
    bhs_descendants(object->qt, rehome_child, target);
    rehome(object->handle, target);
    bhs_move_to_thread(object->qt, target->is_gui ? NULL : target->qt);
    return BH_OK;
}

bh_status bh__move(bh_object *handle, bh_thread *thread, bool by_library)
{
    bh__object *object = bh__check_object(handle, "bh_move_to_thread", "object");
    if (!object)
        return bh__last_status();
    if (!thread)
        return move(object, bh__gui(), by_library);
    bh__thread *target = bh__check_pin(thread, BH__THREAD, "bh_move_to_thread", "thread");
    if (!target)
        return bh__last_status();
    bh__thread_ref(target);
    bh__unpin(thread);
    bh_status status = move(object, target, by_library);
    bh__thread_unref(target);
    return status;
}

bh_status(bh_move_to_thread)(bh_object *handle, bh_thread *thread)
{
    return bh__move(handle, thread, false);
}

/* --- the end of the application */

static void quit_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    (void)user;
    bh_thread_quit((bh_thread *)handle);
}

static void end_one(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    int64_t left = *(int64_t *)user - bh__clock_ms();
    bh_thread *thread = (bh_thread *)handle;
    if (bh_thread_wait(thread, left > 0 ? (int)left : 0) == BH_TIMEOUT)
        bh__fail(BH_TIMEOUT, "bh_app_destroy", "thread '%s' did not end in time and is left running", bh_thread_name(thread));
    else
        bh_thread_destroy(thread);
}

void bh__threads_destroy(int64_t deadline)
{
    bh__handles_each(BH__THREAD, quit_one, NULL);
    bh__handles_each(BH__THREAD, end_one, &deadline);
}
