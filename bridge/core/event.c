/* Events: handlers of a widget, behind one event filter.
 *
 * A handler may do anything: remove itself or others, destroy the widget, open a dialog whose loop brings more events. So a
 * handler that is removed while events are being handled only stops being called; the last dispatch to end frees it. Only the
 * GUI thread comes here. */
#include "core/event.h"

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/thread.h"
#include "shim/event.h"

#include <stdio.h>

enum { BUCKETS = 256 };

typedef struct handler {
    struct watch *watch;
    struct handler *next;
    bh_event_handler *handle; /* NULL for a class's own */
    unsigned types;           /* a bit each; 0: removed */
    bh_event_function fn;
    void *user;
} handler;

typedef struct watch {
    bh__end end;        /* first: what runs when the widget goes */
    struct watch *next; /* in its bucket */
    bh__object *widget; /* NULL once its handle is stale */
    bhs_object *filter;
    handler *handlers;        /* the last added first */
    int running;              /* dispatches that are on the stack */
    bh_event_function closes; /* not NULL: close events are its alone */
} watch;

static watch *buckets[BUCKETS]; /* by widget */

static const char *const labels[BH_EVENT_TYPE_COUNT] = {
    [BH_EVENT_CLOSE] = "handler of close event",
    [BH_EVENT_SHOW] = "handler of show event",
    [BH_EVENT_HIDE] = "handler of hide event",
    [BH_EVENT_RESIZE] = "handler of resize event",
    [BH_EVENT_MOVE] = "handler of move event",
    [BH_EVENT_KEY_PRESS] = "handler of key press event",
    [BH_EVENT_KEY_RELEASE] = "handler of key release event",
    [BH_EVENT_MOUSE_PRESS] = "handler of mouse press event",
    [BH_EVENT_MOUSE_RELEASE] = "handler of mouse release event",
    [BH_EVENT_MOUSE_DOUBLE_CLICK] = "handler of mouse double click event",
    [BH_EVENT_MOUSE_MOVE] = "handler of mouse move event",
    [BH_EVENT_WHEEL] = "handler of wheel event",
    [BH_EVENT_FOCUS_IN] = "handler of focus in event",
    [BH_EVENT_FOCUS_OUT] = "handler of focus out event",
    [BH_EVENT_ENTER] = "handler of enter event",
    [BH_EVENT_LEAVE] = "handler of leave event",
    [BH_EVENT_CONTEXT_MENU] = "handler of context menu event",
    [BH_EVENT_DRAG_ENTER] = "handler of drag enter event",
    [BH_EVENT_DRAG_LEAVE] = "handler of drag leave event",
    [BH_EVENT_DROP] = "handler of drop event",
};

static watch **bucket_of(const bh__object *widget)
{
    return &buckets[(uintptr_t)widget / sizeof *widget % BUCKETS];
}

static watch *find_watch(const bh__object *widget)
{
    watch *found = *bucket_of(widget);
    while (found && found->widget != widget)
        found = found->next;
    return found;
}

static void unlink_watch(watch *self)
{
    watch **at = bucket_of(self->widget);
    while (*at != self)
        at = &(*at)->next;
    *at = self->next;
}

/* Frees what was removed, and the watch itself once its widget is gone. Not while a dispatch looks at the list. */
static void sweep(watch *self)
{
    if (self->running)
        return;
    for (handler **at = &self->handlers; *at;) {
        handler *each = *at;
        if (each->types) {
            at = &each->next;
            continue;
        }
        *at = each->next;
        bh__free(each);
    }
    if (!self->widget)
        bh__free(self);
}

static void on_widget_gone(bh__end *end)
{
    watch *self = (watch *)end;
    unlink_watch(self);
    self->widget = NULL;
    bhs_delete(self->filter);
    for (handler *each = self->handlers; each; each = each->next) {
        each->types = 0;
        bh__handle_destroy(each->handle, BH__EVENT_HANDLER);
    }
    sweep(self);
}

static watch *add_watch(bh__object *widget, const char *call)
{
    watch *self = bh__calloc(1, sizeof *self);
    if (self)
        self->filter = bhs_filter_create(widget->qt, self);
    if (!self || !self->filter) {
        bh__free(self);
        bh__fail(BH_ERROR_MEMORY, call, "no memory to watch a widget's events");
        return NULL;
    }
    *self = (watch){.end = {.run = on_widget_gone}, .widget = widget, .filter = self->filter, .next = *bucket_of(widget)};
    if (!bh__end_add(widget, &self->end)) {
        bhs_delete(self->filter);
        bh__free(self);
        bh__fail(BH_ERROR_STALE, call, "the widget is being destroyed: it has no more events");
        return NULL;
    }
    *bucket_of(widget) = self;
    return self;
}

/* The filter passes on what somebody wants. */
static void update_filter(watch *self)
{
    unsigned types = 0;
    for (handler *each = self->handlers; each; each = each->next)
        types |= each->types;
    if (self->widget)
        bhs_filter_set_types(self->filter, types);
}

static handler *add_handler(bh__object *widget, unsigned types, bool last, bh_event_function fn, void *user, const char *call)
{
    watch *self = find_watch(widget);
    handler *added = self || (self = add_watch(widget, call)) ? bh__malloc(sizeof *added) : NULL;
    if (!added) {
        if (self)
            bh__fail(BH_ERROR_MEMORY, call, "no memory for a handler");
        return NULL;
    }
    handler **place = &self->handlers;
    while (last && *place)
        place = &(*place)->next;
    *added = (handler){self, *place, NULL, types, fn, user};
    *place = added;
    update_filter(self);
    return added;
}

static void remove_handler(handler *removed)
{
    watch *self = removed->watch;
    removed->types = 0;
    update_filter(self);
    sweep(self);
}

/* --- delivery */

struct frame {
    bh_event_function fn;
    bh_object *widget;
    void *user;
    const bh_event *event;
    bh_event_result result;
};

static void handler_thunk(void *frame)
{
    struct frame *call = frame;
    call->result = call->fn(call->widget, call->user, call->event);
}

static bool wants(const handler *each, const watch *self, bh_event_type type)
{
    bool asked = type != BH_EVENT_CLOSE || !self->closes || each->fn == self->closes;
    return asked && each->types >> type & 1;
}

static bh_event_result run_one(const handler *each, bh_object *widget, const bh_event *event)
{
    const char *label = labels[event->type];
    struct frame call = {each->fn, widget, each->user, event, BH_EVENT_PASS};
    if (!bh__run_handler(handler_thunk, &call, label, NULL))
        return BH_EVENT_PASS;
    if ((unsigned)call.result <= BH_EVENT_IGNORE)
        return call.result;
    bh__fail(BH_ERROR_RANGE, label, "returned %d, taken as BH_EVENT_PASS: return one of bh_event_result", (int)call.result);
    return BH_EVENT_PASS;
}

/* Events that tell what has happened, in the middle of what Qt does about it. */
static bool is_passive(bh_event_type type)
{
    enum {
        PASSIVE = 1 << BH_EVENT_SHOW | 1 << BH_EVENT_HIDE | 1 << BH_EVENT_RESIZE | 1 << BH_EVENT_MOVE | 1 << BH_EVENT_FOCUS_IN |
                  1 << BH_EVENT_FOCUS_OUT | 1 << BH_EVENT_ENTER | 1 << BH_EVENT_LEAVE
    };
    return PASSIVE >> type & 1;
}

static int passive; /* handlers of such events on the stack */

bool bh__in_passive_event(void)
{
    return passive > 0;
}

static bh_event_result dispatch(watch *self, const bh_event *event)
{
    bh_object *widget = self->widget->handle;
    bh_event_result result = BH_EVENT_PASS;
    handler *each = self->handlers;
    bool is_one = is_passive(event->type);
    self->running++;
    passive += is_one;
    for (; each && result == BH_EVENT_PASS && self->widget; each = each->next)
        if (wants(each, self, event->type))
            result = run_one(each, widget, event);
    if (!self->widget)
        result = BH_EVENT_ACCEPT; /* Qt must not go on with a widget that may be no more */
    passive -= is_one;
    self->running--;
    sweep(self);
    return result;
}

/* --- what comes while a widget is put elsewhere: it waits until the widget is there, as a handler could change what Qt has half done */

typedef struct late {
    struct late *next;
    watch *watch;
    bh_event event;
} late;

static _Thread_local int moves; /* functions of the shim that put something elsewhere, on the stack */
static late *first_late, **last_late = &first_late;

bool bh__is_moving(void)
{
    return moves > 0;
}

void bh__on_move_begins(void)
{
    moves++;
}

static void run_late(void)
{
    late *each = first_late;
    first_late = NULL;
    last_late = &first_late;
    for (late *next; each; each = next) {
        next = each->next;
        if (each->watch->widget)
            dispatch(each->watch, &each->event);
        each->watch->running--;
        sweep(each->watch);
        bh__free(each);
    }
}

/* Objects that are no widgets change their parents on other threads, too. */
void bh__on_move_ends(void)
{
    if (--moves == 0 && bh__self()->is_gui)
        run_late();
}

static bool put_off(watch *self, const bh_event *event)
{
    late *added = bh__malloc(sizeof *added);
    if (!added)
        return false;
    *added = (late){NULL, self, *event};
    self->running++;
    *last_late = added;
    last_late = &added->next;
    return true;
}

bh_event_result bh__on_event(void *payload, const bh_event *event)
{
    watch *self = payload;
    if (bh__is_moving() && is_passive(event->type) && put_off(self, event))
        return BH_EVENT_PASS;
    return dispatch(self, event);
}

/* --- the public calls */

bool bh__event_watch(bh__object *widget, unsigned types, bh_event_function fn, void *user, const char *call)
{
    return add_handler(widget, types, true, fn, user, call) != NULL;
}

void bh__event_close_only(const bh__object *widget, bh_event_function fn)
{
    watch *self = find_watch(widget);
    if (self)
        self->closes = fn;
}

bh_event_handler *(bh_on_event)(bh_object *widget, bh_event_type type, bh_event_function fn, void *user)
{
    bh__object *object = bh__check_class(widget, "QWidget", "bh_on_event", "widget");
    if (!object)
        return NULL;
    if ((unsigned)type >= BH_EVENT_TYPE_COUNT) {
        bh__fail(BH_ERROR_RANGE, "bh_on_event", "type %d is no event type: pass one of BH_EVENT_CLOSE (0) to BH_EVENT_DROP (%d)",
                 (int)type, BH_EVENT_TYPE_COUNT - 1);
        return NULL;
    }
    if (!fn) {
        bh__fail(BH_ERROR_NULL, "bh_on_event", "fn is NULL: pass the function that handles the event");
        return NULL;
    }
    handler *added = add_handler(object, 1u << type, false, fn, user, "bh_on_event");
    if (!added)
        return NULL;
    added->handle = bh__handle_create(BH__EVENT_HANDLER, added, bh__gui(), "bh_on_event");
    bh_event_handler *handle = added->handle;
    if (!handle)
        remove_handler(added);
    return handle;
}

bh_status(bh_remove_event_handler)(bh_event_handler *handle)
{
    if (!handle)
        return BH_OK;
    handler *removed = bh__check_here(handle, BH__EVENT_HANDLER, "bh_remove_event_handler", "handler");
    if (!removed)
        return bh__last_status();
    bh__handle_destroy(handle, BH__EVENT_HANDLER);
    remove_handler(removed);
    return BH_OK;
}
