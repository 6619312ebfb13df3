/* Main windows, their bars, menus and actions. */
#include <bulkhead/window.h>

#include "base/status.h"
#include "core/value.h"
#include "core/widget.h"
#include "shim/widgets.h"

static const char *const menu_classes[] = {"QMenu", "QMenuBar", NULL};

bh_status(bh_main_window_set_central_widget)(bh_object *window, bh_object *widget)
{
    static const char call[] = "bh_main_window_set_central_widget";
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest)
        return bh__last_status();
    return bh__done(bhs_main_window_set_central(self->qt, guest->qt), call);
}

static bool check_area(int area, const char *call)
{
    if (area == BH_DOCK_LEFT || area == BH_DOCK_RIGHT || area == BH_DOCK_TOP || area == BH_DOCK_BOTTOM)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "area %d is none: pass one of BH_DOCK_LEFT, _RIGHT, _TOP, _BOTTOM", area);
    return false;
}

/* HANDLE, or NULL with what it names destroyed if STATUS is a failure. */
static bh_object *placed(bh_object *handle, bhs_object *qt, bh_status status, const char *call)
{
    if (bh__done(status, call) == BH_OK)
        return handle;
    bhs_delete(qt);
    return NULL;
}

bh_object *(bh_main_window_add_dock)(bh_object *window, const char *title, bh_object *widget, int area)
{
    static const char call[] = "bh_main_window_add_dock";
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest || !bh__check_text(title, call, "title") || !check_area(area, call))
        return NULL;
    bhs_object *dock = bhs_dock_create(self->qt, title);
    bh_object *handle = bh__adopt(dock, call);
    return handle ? placed(handle, dock, bhs_dock_place(self->qt, dock, guest->qt, area), call) : NULL;
}

static bh_object *bar_of(bh_object *window, bool menu, const char *call)
{
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    if (!self)
        return NULL;
    bhs_object *bar = bhs_main_window_bar(self->qt, menu);
    if (bar)
        return bh__wrap(bar, false, call);
    bh__done(BH_ERROR_EXCEPTION, call);
    return NULL;
}

bh_object *(bh_main_window_status_bar)(bh_object *window)
{
    return bar_of(window, false, "bh_main_window_status_bar");
}

bh_object *(bh_main_window_menu_bar)(bh_object *window)
{
    return bar_of(window, true, "bh_main_window_menu_bar");
}

bh_object *(bh_main_window_add_tool_bar)(bh_object *window, const char *title)
{
    static const char call[] = "bh_main_window_add_tool_bar";
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    if (!self || !bh__check_text(title, call, "title"))
        return NULL;
    bhs_object *bar = bhs_tool_bar_create(self->qt, title);
    bh_object *handle = bh__adopt(bar, call);
    return handle ? placed(handle, bar, bhs_tool_bar_place(self->qt, bar), call) : NULL;
}

bh_status(bh_status_bar_add_widget)(bh_object *status_bar, bh_object *widget, bool permanent)
{
    static const char call[] = "bh_status_bar_add_widget";
    bh__object *self = bh__check_class(status_bar, "QStatusBar", call, "status_bar");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest)
        return bh__last_status();
    char text[128];
    if (bhs_status_bar_has(self->qt, guest->qt))
        return bh__fail(BH_ERROR_EXISTS, call, "widget %s is in the status bar already", bh__object_text(guest, text, sizeof text));
    return bh__done(bhs_status_bar_add(self->qt, guest->qt, permanent), call);
}

bh_object *(bh_add_menu)(bh_object *menu_or_bar, const char *title)
{
    static const char call[] = "bh_add_menu";
    bh__object *self = bh__check_classes(menu_or_bar, menu_classes, "QMenuBar or a QMenu", call, "menu_or_bar");
    if (!self || !bh__check_text(title, call, "title"))
        return NULL;
    bhs_object *menu = bhs_menu_create(self->qt, title);
    bh_object *handle = bh__adopt(menu, call);
    return handle ? placed(handle, menu, bhs_menu_place(self->qt, menu), call) : NULL;
}

/* Reads SHORTCUT ("Ctrl+O") as a QKeySequence in STORAGE, of type *ID; 0 for NULL. */
static bool read_shortcut(const char *shortcut, int *id, bhs_storage *storage, const char *call)
{
    char why[256] = "";
    *id = shortcut ? bhs_type_id("QKeySequence") : 0;
    if (!shortcut)
        return true;
    bh_value value = BH_VALUE(shortcut);
    if (bhs_construct(*id, storage, &value, why) == BH_OK)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "shortcut \"%s\" is none (%s): write it as in \"Ctrl+O\"", shortcut, why);
    return false;
}

bh_object *(bh_add_action)(bh_object *widget, const char *text, const char *shortcut)
{
    static const char call[] = "bh_add_action";
    int id;
    bhs_storage key;
    bh__object *self = bh__check_class(widget, "QWidget", call, "widget");
    if (!self || !bh__check_text(text, call, "text") || !read_shortcut(shortcut, &id, &key, call))
        return NULL;
    bhs_object *action = bhs_action_create(self->qt, text, id ? key.bytes : NULL);
    if (id)
        bhs_destroy_value(id, &key);
    bh_object *handle = bh__adopt(action, call);
    return handle ? placed(handle, action, bhs_action_place(self->qt, action), call) : NULL;
}

bh_status(bh_share_action)(bh_object *widget, bh_object *action)
{
    static const char call[] = "bh_share_action";
    bh__object *self = bh__check_class(widget, "QWidget", call, "widget");
    bh__object *shared = self ? bh__check_class(action, "QAction", call, "action") : NULL;
    if (!shared)
        return bh__last_status();
    char text[128];
    if (bhs_action_leads_to(shared->qt, self->qt))
        return bh__fail(BH_ERROR_STATE, call, "action opens %s itself: a menu cannot be in itself",
                        bh__object_text(self, text, sizeof text));
    return bh__done(bhs_action_place(self->qt, shared->qt), call);
}

bh_status(bh_add_separator)(bh_object *menu_or_bar)
{
    static const char call[] = "bh_add_separator";
    static const char *const classes[] = {"QMenu", "QMenuBar", "QToolBar", NULL};
    bh__object *self = bh__check_classes(menu_or_bar, classes, "QMenu, QMenuBar or QToolBar", call, "menu_or_bar");
    if (!self)
        return bh__last_status();
    return bh__done(bhs_separator_add(self->qt), call);
}
