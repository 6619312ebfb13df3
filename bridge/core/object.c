/* Objects: their records, the checks at each call, the tree. */
#include "core/object.h"

#include "base/host.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/text.h"
#include "core/connection.h"
#include "core/guard.h"
#include "core/object_map.h"
#include "core/post.h"
#include "core/thread.h"

#include <bulkhead/app.h>
#include <bulkhead/object.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t name_lock = PTHREAD_MUTEX_INITIALIZER; /* guards the names of all records */
static pthread_mutex_t end_lock = PTHREAD_MUTEX_INITIALIZER;  /* guards the lists of ends */

/* --- sentences */

const char *bh__object_text(const bh__object *object, char *out, size_t size)
{
    pthread_mutex_lock(&name_lock);
    snprintf(out, size, object->name[0] ? "%s '%s'" : "%s", object->class_name, object->name);
    pthread_mutex_unlock(&name_lock);
    return out;
}

void bh__object_renamed(bh__object *object, const char *name)
{
    pthread_mutex_lock(&name_lock);
    bh__copy_text(object->name, sizeof object->name, name);
    pthread_mutex_unlock(&name_lock);
}

static const char *thread_text(const bh__thread *thread, char *out, size_t size)
{
    snprintf(out, size, thread->is_gui ? "the GUI thread" : "thread '%s'", thread->name);
    return out;
}

static void refuse_thread(const bh_object *handle, const bh__thread *owner, const char *call)
{
    char text[128], belongs[64];
    bh__object *object = bh__pin(handle, BH__OBJECT);
    if (object)
        bh__object_text(object, text, sizeof text);
    else
        bh__copy_text(text, sizeof text, "an object");
    if (object)
        bh__unpin(handle);
    bh__fail(BH_ERROR_THREAD, call, "%s belongs to %s, called on '%s': %s", text, thread_text(owner, belongs, sizeof belongs),
             bh__self()->name, owner->is_gui ? "emit a signal instead, or bh_post to it" : "use bh_post to run it there");
}

/* --- checks */

bh__object *bh__check_object(const bh_object *object, const char *call, const char *what)
{
    bh__slot *slot = bh__slot_of(object, BH__OBJECT);
    bh__thread *owner = slot ? atomic_load_explicit(&slot->thread, memory_order_relaxed) : NULL;
    if (owner && owner == bh__self())
        return atomic_load_explicit(&slot->payload, memory_order_relaxed);
    if (!bh__check(object, BH__OBJECT, call, what))
        return NULL;
    if (owner)
        refuse_thread(object, owner, call);
    else
        bh__fail(BH_ERROR_STALE, call, "%s is gone: it was destroyed during this call", what);
    return NULL;
}

bh__object *bh__check_object_pin(const bh_object *object, const char *call, const char *what)
{
    return bh__check_pin(object, BH__OBJECT, call, what);
}

bh__object *bh__check_class(const bh_object *object, const char *class_name, const char *call, const char *what)
{
    char text[128];
    bh__object *record = bh__check_object(object, call, what);
    if (!record || bhs_inherits(record->qt, class_name))
        return record;
    bh__fail(BH_ERROR_CLASS, call, "%s is %s: this call needs a %s", what, bh__object_text(record, text, sizeof text),
             class_name);
    return NULL;
}

bool bh__refuse_no_app(const char *call)
{
    if (bh__gui())
        return false;
    if (!bh__refuse_in_worker_process(call))
        bh__fail(BH_ERROR_NO_APP, call, "there is no application: call bh_app_create first");
    return true;
}

bool bh__refuse_off_gui(const char *call)
{
    if (bh__refuse_no_app(call))
        return true;
    if (bh__self()->is_gui)
        return false;
    bh__fail(BH_ERROR_THREAD, call, "called on '%s': only the GUI thread may; use bh_post", bh__self()->name);
    return true;
}

bool bh__refuse_part(const bh__object *object, const char *call)
{
    char text[128];
    bh__object_text(object, text, sizeof text);
    if (object->library) {
        bh__fail(BH_ERROR_STATE, call, "%s belongs to the library: use bh_app_destroy, bh_thread_destroy or bh_worker_destroy",
                 text);
        return true;
    }
    bhs_object *above = object->owned ? NULL : bhs_parent(object->qt);
    if (!object->owned && bhs_inherits(object->qt, "QWindow")) {
        bh__fail(BH_ERROR_STATE, call, "%s is the window that Qt has made for a widget: close or destroy the widget", text);
        return true;
    }
    if (!above)
        return false;
    bh__fail(BH_ERROR_STATE, call, "%s is a part that Qt has made inside a %s: it lives and goes with it", text,
             bhs_meta_name(bhs_meta_of(above)));
    return true;
}

bool bh__slot_destroys(const char *name)
{
    static const char *const names[] = {"deleteLater", "terminate", "start"};
    size_t length = strcspn(name, "(");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i]) == length && memcmp(name, names[i], length) == 0)
            return true;
    return false;
}

bool bh__refuse_no_loop(const char *call)
{
    if (bh__refuse_no_app(call))
        return true;
    if (bh__self()->is_gui || bh__self()->handle)
        return false;
    bh__fail(BH_ERROR_THREAD, call, "called on '%s', which has no event loop: objects live on the GUI thread or on a bh_thread",
             bh__self()->name);
    return true;
}

/* --- records */

bh_object *bh__known(bhs_object *qt)
{
    bh__object *object = qt ? bh__map_find(qt) : NULL;
    return object ? object->handle : NULL;
}

/* The thread that the QObject lives on, as we know it. One of somebody else's making gets a record that no call matches. */
static bh__thread *owner_of(const bhs_object *qt)
{
    const void *lives = bhs_thread_of(qt);
    return lives == bhs_current_thread() ? bh__self() : bh__thread_of_qt(lives);
}

bh_object *bh__wrap(bhs_object *qt, bool owned, const char *call)
{
    bh_object *known = bh__known(qt);
    if (!qt || known)
        return known;
    bh__object *object = bh__calloc(1, sizeof *object);
    if (!object) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more object");
        return NULL;
    }
    object->qt = qt;
    object->owned = owned;
    object->class_name = bhs_meta_name(bhs_meta_of(qt));
    bhs_name(qt, object->name, sizeof object->name);
    object->handle = bh__handle_create(BH__OBJECT, object, owner_of(qt), call);
    if (!object->handle || !bh__map_add(qt, object)) {
        if (object->handle)
            bh__handle_destroy(object->handle, BH__OBJECT);
        bh__free(object);
        return NULL;
    }
    if (!owned)
        bhs_track(qt);
    return object->handle;
}

bool bh__end_add(bh__object *object, bh__end *end)
{
    pthread_mutex_lock(&end_lock);
    bool alive = !object->going;
    if (alive) {
        end->next = object->ends;
        object->ends = end;
    }
    pthread_mutex_unlock(&end_lock);
    return alive;
}

bool bh__end_remove(bh__object *object, bh__end *end)
{
    pthread_mutex_lock(&end_lock);
    bh__end **at = &object->ends;
    while (*at && *at != end)
        at = &(*at)->next;
    bool found = *at != NULL;
    if (found)
        *at = end->next;
    pthread_mutex_unlock(&end_lock);
    return found;
}

static bh__end *next_end(bh__object *object)
{
    pthread_mutex_lock(&end_lock);
    object->going = true;
    bh__end *end = object->ends;
    if (end)
        object->ends = end->next;
    pthread_mutex_unlock(&end_lock);
    return end;
}

/* Ends all that hangs on the object: connections, handlers, timers. */
static void cut_loose(bh__object *object)
{
    bh__end *end;
    bh__map_remove(object->qt, object);
    while ((end = next_end(object)))
        end->run(end);
    bh__sender_gone(object);
}

/* The QObject is being destroyed. If another thread has made the handle stale, its message destroys the record. */
void bh__object_gone(bhs_object *qt)
{
    bh__object *object = bh__map_find(qt);
    if (!object)
        return;
    bool ours = bh__handle_destroy(object->handle, BH__OBJECT);
    if (!ours)
        bh__handle_drain(object->handle); /* destroy_posted is under way */
    cut_loose(object);
    if (ours)
        bh__free(object);
    else
        object->qt = NULL;
}

/* The handle is stale already. LATER: a function of Qt further up the stack may still be working with the object. */
static void destroy_record(bh__object *object, bool later)
{
    bhs_object *qt = object->qt;
    if (qt) {
        cut_loose(object);
        if (later)
            bhs_delete_later(qt);
        else
            bhs_delete(qt);
    }
    bh__free(object);
}

/* The thread that holds a pin may be waiting for a handler that is further up this thread's stack. */
static bh_status destroy_posted(void *object)
{
    const void *handle = ((bh__object *)object)->handle;
    if (bh__in_handler() && bh__handle_is_pinned(handle) && bh__post_to(bh__self(), destroy_posted, object))
        return BH_OK;
    bh__handle_release(handle);
    destroy_record(object, true);
    return BH_OK;
}

/* --- creating and destroying */

bool bh__is_gui_class(const bhs_meta *meta)
{
    static const char *const roots[] = {"QWidget",   "QLayout",      "QAction",           "QActionGroup",
                                        "QShortcut", "QButtonGroup", "QAbstractItemModel"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++)
        if (bhs_class_is(meta, roots[i]))
            return true;
    return false;
}

static bool valid_parent(const char *class_name, const bhs_meta *meta, const bh__object *parent)
{
    char text[128];
    bool layout = bhs_class_is(meta, "QLayout");
    if (!layout && !bhs_class_is(meta, "QWidget"))
        return true;
    bh__object_text(parent, text, sizeof text);
    if (!bhs_is_widget(parent->qt))
        bh__fail(BH_ERROR_CLASS, "bh_create", "the parent of a %s must be a widget, not %s", class_name, text);
    else if (layout && bhs_inherits(parent->qt, "QMainWindow"))
        bh__fail(BH_ERROR_EXISTS, "bh_create",
                 "%s arranges its own parts: give the layout to a QWidget, and that to bh_main_window_set_central_widget", text);
    else if (layout && (bhs_inherits(parent->qt, "QInputDialog") || bhs_inherits(parent->qt, "QFileDialog")))
        bh__fail(BH_ERROR_EXISTS, "bh_create", "%s makes a layout of its own when it is shown: for another one use a QDialog",
                 text);
    else if (layout && bhs_widget_has_layout(parent->qt))
        bh__fail(BH_ERROR_EXISTS, "bh_create",
                 "%s has a layout already: make this one without parent and add it with bh_layout_add_layout", text);
    else
        return true;
    return false;
}

static void refuse_class(const char *class_name)
{
    char hint[96];
    bh__nearest nearest;
    bh__nearest_begin(&nearest, class_name);
    for (const char *const *name = bhs_class_names(); *name; name++)
        bh__nearest_offer(&nearest, *name);
    bh__fail(BH_ERROR_NAME, "bh_create", "no class '%.60s'%s bh_class_names lists them", class_name,
             bh__nearest_hint(&nearest, hint, sizeof hint)[0] ? hint : ":");
}

bh_object *(bh_create)(const char *class_name, bh_object *parent)
{
    if (!class_name) {
        bh__fail(BH_ERROR_NULL, "bh_create", "class_name is NULL: pass one such as \"QPushButton\"");
        return NULL;
    }
    const bhs_meta *meta = bhs_class_meta(class_name);
    if (bh__refuse_no_loop("bh_create"))
        return NULL;
    if (!meta) {
        refuse_class(class_name);
        return NULL;
    }
    if (bh__is_gui_class(meta) && bh__refuse_off_gui("bh_create"))
        return NULL;
    bh__object *above = parent ? bh__check_object(parent, "bh_create", "parent") : NULL;
    if (parent && (!above || !valid_parent(class_name, meta, above)))
        return NULL;
    bhs_object *qt = bhs_create(class_name, above ? above->qt : NULL);
    if (!qt) {
        bh__fail(BH_ERROR_EXCEPTION, "bh_create", "making a %s threw: %s", class_name, bhs_exception_text());
        return NULL;
    }
    bh_object *made = bh__wrap(qt, true, "bh_create");
    if (!made)
        bhs_delete(qt);
    return made;
}

/* An object without parent may be destroyed from elsewhere: its own thread does it, or this one if that has ended. A thread that is
 * none of ours cannot be asked. */
static bh_status destroy_from_elsewhere(bh_object *handle, bool by_library)
{
    bh__object *object = bh__check_object_pin(handle, "bh_destroy", "object");
    if (!object)
        return bh__last_status();
    bh__thread *owner = bh__thread_of_pinned(handle);
    bool reachable = owner->qt || atomic_load(&owner->state) == BH__THREAD_ENDED;
    bool part = !by_library && bh__refuse_part(object, "bh_destroy");
    bool allowed = !part && reachable && !owner->is_gui && !bhs_parent(object->qt);
    if (allowed)
        bh__thread_ref(owner);
    bh__unpin(handle);
    if (part)
        return bh__last_status();
    if (!allowed)
        return bh__check_object(handle, "bh_destroy", "object") ? BH_OK : bh__last_status();
    bool running = atomic_load(&owner->state) == BH__THREAD_RUNNING;
    if (!bh__handle_invalidate(handle, BH__OBJECT)) {
        bh__check_object(handle, "bh_destroy", "object");
    } else if (!running || !bh__post_to(owner, destroy_posted, object)) {
        bh__handle_release(handle);
        destroy_record(object, false);
    }
    bh__thread_unref(owner);
    return BH_OK;
}

bh_status bh__destroy(bh_object *handle, bool by_library)
{
    if (!handle)
        return BH_OK;
    bh__slot *slot = bh__slot_of(handle, BH__OBJECT);
    if (slot && atomic_load(&slot->thread) != bh__self())
        return destroy_from_elsewhere(handle, by_library);
    bh__object *object = bh__check_object(handle, "bh_destroy", "object");
    if (!object || (!by_library && bh__refuse_part(object, "bh_destroy")))
        return bh__last_status();
    bool later = bh__in_handler();
    bh__handle_invalidate(handle, BH__OBJECT);
    if (later && bh__handle_is_pinned(handle) && bh__post_to(bh__self(), destroy_posted, object))
        return BH_OK;
    bh__handle_release(handle);
    destroy_record(object, later);
    return BH_OK;
}

bh_status(bh_destroy)(bh_object *handle)
{
    return bh__destroy(handle, false);
}

/* --- asking */

bool bh_is_alive(const bh_object *object)
{
    return bh__slot_of(object, BH__OBJECT) != NULL;
}

bool(bh_inherits)(const bh_object *object, const char *class_name)
{
    bh__object *record = bh__check_object_pin(object, "bh_inherits", "object");
    if (!record)
        return false;
    bool is = class_name && bhs_inherits(record->qt, class_name);
    bh__unpin(object);
    if (!class_name)
        bh__fail(BH_ERROR_NULL, "bh_inherits", "class_name is NULL: pass one such as \"QWidget\"");
    return is;
}

const char *(bh_class_name)(const bh_object *object)
{
    bh__object *record = bh__check_object_pin(object, "bh_class_name", "object");
    const char *name = record ? record->class_name : "";
    if (record)
        bh__unpin(object);
    return name;
}

bh_status(bh_set_name)(bh_object *object, const char *name)
{
    bh__object *record = bh__check_object(object, "bh_set_name", "object");
    if (!record)
        return bh__last_status();
    if (!name)
        name = "";
    bh__object_renamed(record, name);
    bhs_set_name(record->qt, name);
    return BH_OK;
}

char *(bh_name)(const bh_object *object)
{
    bh__object *record = bh__check_object(object, "bh_name", "object");
    if (!record)
        return NULL;
    char *name = bhs_name_copy(record->qt);
    if (!name)
        bh__fail(BH_ERROR_MEMORY, "bh_name", "no memory");
    return name;
}

typedef struct listing {
    bh_live_object *out;
    size_t capacity, count;
} listing;

static void list_object(const void *handle, bh__slot *slot, void *user)
{
    (void)slot;
    listing *list = user;
    bh__object *object = bh__pin(handle, BH__OBJECT);
    if (!object)
        return;
    if (list->count < list->capacity) {
        bh_live_object *line = &list->out[list->count];
        bh__thread *owner = bh__thread_of_pinned(handle);
        line->object = object->handle;
        bh__copy_text(line->class_name, sizeof line->class_name, object->class_name);
        pthread_mutex_lock(&name_lock);
        bh__copy_text(line->name, sizeof line->name, object->name);
        pthread_mutex_unlock(&name_lock);
        bh__copy_text(line->thread, sizeof line->thread, owner ? owner->name : "");
        line->has_parent = bhs_parent(object->qt) != NULL;
    }
    list->count++;
    bh__unpin(handle);
}

size_t bh_live_objects(bh_live_object *out, size_t capacity)
{
    listing list = {out, out ? capacity : 0, 0};
    bh__handles_each(BH__OBJECT, list_object, &list);
    return list.count;
}
