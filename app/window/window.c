/* The main window: its parts, what it remembers, and when it is idle. */
#include "window/inner.h"

#include <stdlib.h>

enum { WIDTH = 1080, HEIGHT = 680, TREE_WIDTH = 210 };

bh_object *window_object(const window *self)
{
    return self ? self->object : NULL;
}

/* --- the end */

static void keep_settings(window *self)
{
    bh_get_bool(self->object, "maximized", &self->settings->maximized);
    if (!self->settings->maximized)
        bh_get_rect(self->object, "geometry", &self->settings->geometry);
    settings_write(self->settings);
}

static bh_event_result on_close(bh_object *object, void *user, const bh_event *event)
{
    window *self = user;
    (void)object;
    (void)event;
    if (!self->options->quit_when_idle && !self->options->screenshot)
        keep_settings(self);
    return BH_EVENT_PASS;
}

/* What the command line waited for. */
static void on_idle(void *user)
{
    window *self = user;
    if (self->options->screenshot && bh_save_picture(self->object, self->options->screenshot))
        self->failed++;
    if (self->options->quit_when_idle)
        bh_close_all_windows(self->failed ? 1 : 0);
}

void window_changed(window *self)
{
    bool busy = !self->started;
    menus_update(self);
    for (const file *each = self->files; each; each = each->next)
        busy = busy || each->worker;
    if (busy || self->idle_told)
        return;
    self->idle_told = true;
    bh_timer_single_shot_for(self->object, 0, on_idle, self);
}

void window_started(window *self)
{
    int tab = self->options->file_count > 1 ? 1 : 0;
    bh_set_int(self->tabs, "currentIndex", tab);
    self->started = true;
    window_changed(self);
}

/* --- the parts */

static void on_selection(void *user)
{
    window *self = user;
    bh_tree_item *item = NULL;
    bh_tree_widget_get_current(self->tree, &item);
    file *found = file_find(self, item);
    if (found == self->current)
        return;
    self->current = found;
    panels_show_run(self);
    menus_update(self);
}

static void create_tree(window *self, bh_object *splitter)
{
    static const char *const header[] = {"Name", NULL}, *const runs[] = {"Runs", NULL};
    self->tree = bh_create("QTreeWidget", splitter);
    bh_tree_widget_set_header(self->tree, header);
    bh_set_bool(self->tree, "headerHidden", true);
    bh_set_string(self->tree, "accessibleName", "Project");
    bh_set_int(self->tree, "minimumWidth", TREE_WIDTH);
    self->runs = bh_tree_widget_add_item(self->tree, NULL, runs);
    bh_connect(self->tree, "itemSelectionChanged", BH_CALLBACK(on_selection), self, NULL);
    bh_splitter_add_widget(splitter, self->tree, 0);
}

static bool create_parts(window *self)
{
    bh_object *central = bh_create("QWidget", self->object);
    bh_object *layout = bh_create("QVBoxLayout", central);
    bh_object *splitter = bh_create("QSplitter", central);
    create_tree(self, splitter);
    self->tabs = bh_create("QTabWidget", splitter);
    bh_set_bool(self->tabs, "documentMode", true);
    bh_splitter_add_widget(splitter, self->tabs, 1);
    bh_set_bool(splitter, "childrenCollapsible", false);
    bh_layout_set_margins(layout, 0, 0, 0, 0);
    bh_layout_add_widget(layout, splitter, 1);
    if (!panels_create(self, self->tabs) || !strip_create(self, central))
        return false;
    bh_layout_add_widget(layout, self->strip, 0);
    return bh_main_window_set_central_widget(self->object, central) == BH_OK;
}

static void show(window *self)
{
    const bh_rect *last = &self->settings->geometry;
    if (last->width && !self->options->screenshot)
        bh_set_rect(self->object, "geometry", *last);
    else
        bh_set_size(self->object, "size", BH_SIZE(WIDTH, HEIGHT));
    bh_call(self->object, self->settings->maximized && !self->options->screenshot ? "showMaximized" : "show");
}

window *window_create(settings *kept, const options *asked)
{
    window *self = calloc(1, sizeof *self);
    if (!self) {
        bh_report(BH_ERROR_MEMORY, "window", "no memory for a window");
        return NULL;
    }
    self->settings = kept;
    self->options = asked;
    bh_app_set_color_scheme((bh_color_scheme)(asked->scheme ? asked->scheme : kept->scheme));
    self->object = bh_create("QMainWindow", NULL);
    bh_set_string(self->object, "windowTitle", "Bulkhead");
    if (!self->object || !create_parts(self)) {
        bh_destroy(self->object);
        free(self);
        return NULL;
    }
    menus_create(self);
    status_create(self);
    bh_on_event(self->object, BH_EVENT_CLOSE, on_close, self);
    panels_show_run(self);
    show(self);
    return self;
}
