/* Main windows, their bars, menus and actions. */
#include <bulkhead/window.h>

#include "base/status.h"
#include "core/painter.h"
#include "core/value.h"
#include "core/widget.h"
#include "shim/widgets.h"

#include <bulkhead/property.h>

enum { WIDEST_PICTURE = 16384 };

static bhs_object *qt_of(const bh_object *handle)
{
    bh__object *object = bh__payload_of(handle, BH__OBJECT);
    return object->qt;
}

static const char *const menu_classes[] = {"QMenu", "QMenuBar", NULL};

bh_status(bh_main_window_set_central_widget)(bh_object *window, bh_object *widget)
{
    static const char call[] = "bh_main_window_set_central_widget";
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest)
        return bh__last_status();
    return bh__done(bhs_main_window_place(self->qt, guest->qt, false), call);
}

static bool check_area(int area, const char *call)
{
    if (area == BH_DOCK_LEFT || area == BH_DOCK_RIGHT || area == BH_DOCK_TOP || area == BH_DOCK_BOTTOM)
        return true;
    bh__fail(BH_ERROR_RANGE, call, "area %d is none: pass one of BH_DOCK_LEFT, _RIGHT, _TOP, _BOTTOM", area);
    return false;
}

bh_object *(bh_main_window_add_dock)(bh_object *window, const char *title, bh_object *widget, int area)
{
    static const char call[] = "bh_main_window_add_dock";
    bh__object *self = bh__check_class(window, "QMainWindow", call, "window");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest || !bh__check_text(title, call, "title") || !check_area(area, call))
        return NULL;
    bh_object *dock = bh__make("QDockWidget", self->qt, "windowTitle", title, call);
    return dock ? bh__kept(dock, bhs_dock_place(self->qt, qt_of(dock), guest->qt, area), call) : NULL;
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
    if (!self || !bh__check_text(title, call, "title") || bh__refuse_moving(call, NULL))
        return NULL;
    bh_object *bar = bh__make("QToolBar", self->qt, "windowTitle", title, call);
    return bar ? bh__kept(bar, bhs_main_window_place(self->qt, qt_of(bar), true), call) : NULL;
}

bh_status(bh_status_bar_add_widget)(bh_object *status_bar, bh_object *widget, bool permanent)
{
    static const char call[] = "bh_status_bar_add_widget";
    bh__object *self = bh__check_class(status_bar, "QStatusBar", call, "status_bar");
    bh__object *guest = self ? bh__check_guest(widget, self, call, "widget") : NULL;
    if (!guest)
        return bh__last_status();
    return bh__done(bhs_status_bar_add(self->qt, guest->qt, permanent), call);
}

bh_object *(bh_add_menu)(bh_object *menu_or_bar, const char *title)
{
    static const char call[] = "bh_add_menu";
    bh__object *self = bh__check_classes(menu_or_bar, menu_classes, "QMenuBar or a QMenu", call, "menu_or_bar");
    if (!self || !bh__check_text(title, call, "title"))
        return NULL;
    bh_object *menu = bh__make("QMenu", self->qt, "title", title, call);
    return menu ? bh__kept(menu, bhs_action_place(self->qt, qt_of(menu)), call) : NULL;
}

/* NULL is none. */
static bool check_shortcut(const char *shortcut, const char *call)
{
    char why[BHS_WHY_SIZE] = "";
    bhs_storage storage;
    bh_value value = BH_VALUE(shortcut);
    int id = bhs_type_id("QKeySequence");
    bh_status status = shortcut ? bhs_construct(id, &storage, &value, why) : BH_OK;
    if (status)
        bh__fail(status, call, "shortcut: %s", why);
    else if (shortcut)
        bhs_destroy_value(id, &storage);
    return status == BH_OK;
}

bh_object *(bh_add_action)(bh_object *widget, const char *text, const char *shortcut)
{
    static const char call[] = "bh_add_action";
    bh__object *self = bh__check_class(widget, "QWidget", call, "widget");
    if (!self || !bh__check_text(text, call, "text") || !check_shortcut(shortcut, call))
        return NULL;
    bh_object *action = bh__make("QAction", self->qt, "text", text, call);
    if (!action || (shortcut && !bh__kept(action, (bh_set_string)(action, "shortcut", shortcut), call)))
        return NULL;
    return bh__kept(action, bhs_action_place(self->qt, qt_of(action)), call);
}

bh_status(bh_menu_popup)(bh_object *menu, bh_point at)
{
    static const char call[] = "bh_menu_popup";
    bh__object *self = bh__check_class(menu, "QMenu", call, "menu");
    if (!self || bh__refuse_moving(call, NULL))
        return bh__last_status();
    return bh__done(bhs_menu_popup(self->qt, at), call);
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

bh_status(bh_save_picture)(bh_object *widget, const char *file)
{
    static const char call[] = "bh_save_picture";
    bool saved = false;
    bh__object *self = bh__check_class(widget, "QWidget", call, "widget");
    if (!self || !bh__check_text(file, call, "file") || bh__refuse_painting(call))
        return bh__last_status();
    int width = bh__int_of(self, "width"), height = bh__int_of(self, "height");
    if (width < 1 || height < 1 || width > WIDEST_PICTURE || height > WIDEST_PICTURE)
        return bh__fail(BH_ERROR_RANGE, call, "widget is %d x %d pixels: pictures have 1 to %d on each side", width, height,
                        WIDEST_PICTURE);
    bh_status status = bh__done(bhs_save_picture(self->qt, file, &saved), call);
    if (!status && !saved)
        status = bh__fail(BH_ERROR_IO, call, "cannot write '%s': is there such a folder, and may it be written to?", file);
    return status;
}
