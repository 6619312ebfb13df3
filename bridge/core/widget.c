/* Checks that the functions for widgets share. */
#include "core/widget.h"

#include "base/status.h"
#include "core/event.h"
#include "core/painter.h"

#include <bulkhead/object.h>
#include <bulkhead/property.h>

bool bh__is_ancestor(const bhs_object *ancestor, const bhs_object *object)
{
    while (object && object != ancestor)
        object = bhs_parent(object);
    return object != NULL;
}

bh__object *bh__check_classes(const bh_object *object, const char *const *classes, const char *list, const char *call,
                              const char *what)
{
    bh__object *self = bh__check_object(object, call, what);
    if (!self)
        return NULL;
    for (size_t i = 0; classes[i]; i++)
        if (bhs_inherits(self->qt, classes[i]))
            return self;
    char text[128];
    bh__fail(BH_ERROR_CLASS, call, "%s is %s: pass a %s", what, bh__object_text(self, text, sizeof text), list);
    return NULL;
}

/* Qt keeps plain pointers to the parts of its widgets (viewports, headers, editors): they cannot be taken out. What we made is
 * never such a part. */
static bool is_part(const bh__object *widget)
{
    return !widget->owned && bhs_parent(widget->qt);
}

bool bh__refuse_moving(const char *call, const bh__object *moved)
{
    char text[128];
    if (bh__refuse_painting(call))
        return true;
    if (bh__in_passive_event() && moved && bhs_has_window(moved->qt)) {
        bh__fail(BH_ERROR_STATE, call,
                 "%s has a window of its own, and Qt is in the middle of what this handler is told of: use bh_timer_single_shot",
                 bh__object_text(moved, text, sizeof text));
        return true;
    }
    if (bh__is_moving())
        bh__fail(BH_ERROR_STATE, call,
                 "a widget is being put into another just now, and this handler came from that: use bh_timer_single_shot");
    return bh__is_moving();
}

bh__object *bh__check_guest(const bh_object *widget, const bh__object *host, const char *call, const char *what)
{
    bh__object *guest = bh__check_class(widget, "QWidget", call, what);
    if (!guest || bh__refuse_moving(call, guest))
        return NULL;
    char text[128], host_text[128];
    bh__object_text(guest, text, sizeof text);
    bh__object_text(host, host_text, sizeof host_text);
    if (guest->qt == host->qt)
        bh__fail(BH_ERROR_STATE, call, "%s is %s itself: a widget cannot hold itself", what, text);
    else if (bh__is_ancestor(guest->qt, host->qt))
        bh__fail(BH_ERROR_STATE, call, "%s %s holds %s: a widget cannot be put into its own child", what, text, host_text);
    else if (is_part(guest))
        bh__fail(BH_ERROR_STATE, call, "%s %s is a part of a widget of Qt: only widgets made with bh_create can be moved", what,
                 text);
    else
        return guest;
    return NULL;
}

bool bh__check_text(const char *text, const char *call, const char *what)
{
    if (!text)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass a text, \"\" for an empty one", what);
    return text != NULL;
}

bool bh__check_out(const void *out, const char *call, const char *what)
{
    if (!out)
        bh__fail(BH_ERROR_NULL, call, "%s is NULL: pass the address of the variable that gets the result", what);
    return out != NULL;
}

static const char *counted_from(int low)
{
    return low == 0 ? " (counted from 0)" : "";
}

bool bh__check_number(int number, int low, int high, const char *call, const char *what)
{
    if (number >= low && number <= high)
        return true;
    if (number < 0 && low == 0)
        bh__fail(BH_ERROR_RANGE, call, "%s %d is negative: pass 0 to %d", what, number, high);
    else if (high < low)
        bh__fail(BH_ERROR_RANGE, call, "%s %d does not exist: there is none yet", what, number);
    else
        bh__fail(BH_ERROR_RANGE, call, "%s %d is out of range: pass %d to %d%s", what, number, low, high, counted_from(low));
    return false;
}

bh_status bh__done(bh_status status, const char *call)
{
    if (status == BH_OK)
        return BH_OK;
    return bh__fail(status, call, "Qt threw a C++ exception, contained here: %s", bhs_exception_text());
}

bh_object *bh__adopt(bhs_object *made, const char *call)
{
    if (!made) {
        bh__done(BH_ERROR_EXCEPTION, call);
        return NULL;
    }
    bh_object *handle = bh__wrap(made, true, call);
    if (!handle)
        bhs_delete(made);
    return handle;
}

bh_object *bh__make(const char *class_name, bhs_object *parent, const char *property, const char *text, const char *call)
{
    bh_object *handle = bh__adopt(bhs_create(class_name, parent), call);
    if (!handle || (bh_set_string)(handle, property, text) == BH_OK)
        return handle;
    (bh_destroy)(handle);
    return NULL;
}

bh_object *bh__kept(bh_object *handle, bh_status status, const char *call)
{
    if (bh__done(status, call) == BH_OK)
        return handle;
    (bh_destroy)(handle);
    return NULL;
}

int bh__int_of(const bh__object *object, const char *property)
{
    int value = 0;
    (bh_get_int)(object->handle, property, &value);
    return value;
}
