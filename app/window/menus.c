/* Menus, and what their actions do. */
#include "window/inner.h"

#include <math.h>
#include <stdio.h>

static bh_object *add(bh_object *menu, const char *text, const char *shortcut, bh_callback callback, void *user)
{
    bh_object *action = bh_add_action(menu, text, shortcut);
    bh_connect(action, "triggered", callback, user, NULL);
    return action;
}

/* --- File */

static void open_chosen(void *user, const char *const *paths)
{
    for (; *paths; paths++)
        window_open_file(user, *paths);
}

static void on_open(void *user)
{
    window *self = user;
    bh_file_dialog(self->object, BH_FILE_OPEN_MANY, "Open Curves", NULL, "Tables of numbers (*.csv *.tsv *.txt);;All files (*)",
                   open_chosen, self);
}

static void complain(window *self, const char *sentence)
{
    bh_message_box(self->object, BH_MESSAGE_WARNING, "Bulkhead", sentence, BH_BUTTON_OK, NULL, NULL);
}

static void save_chosen(void *user, const char *const *paths)
{
    window *self = user;
    int tab = 0;
    bh_get_int(self->tabs, "currentIndex", &tab);
    if (paths[0] && bh_save_picture(tab ? self->compare_chart : self->run_chart, paths[0]))
        complain(self, bh_last_error());
}

static void on_save(void *user)
{
    window *self = user;
    bh_file_dialog(self->object, BH_FILE_SAVE, "Save Picture of the Chart", NULL, "Pictures (*.png)", save_chosen, self);
}

static void export_chosen(void *user, const char *const *paths)
{
    if (paths[0] && !panels_export(user, paths[0]))
        complain(user, "The table could not be written. Is there such a folder, and is there room in it?");
}

static void on_export(void *user)
{
    window *self = user;
    bh_file_dialog(self->object, BH_FILE_SAVE, "Export the Table of the Comparison", NULL, "Tables (*.csv)", export_chosen, self);
}

static void on_close_file(void *user)
{
    window *self = user;
    if (self->current)
        file_dismiss(self->current);
}

static void on_quit(void *user)
{
    (void)user;
    bh_close_all_windows(0);
}

static void create_file_menu(window *self, bh_object *bar)
{
    bh_object *menu = bh_add_menu(bar, "&File");
    add(menu, "&Open Curves\xE2\x80\xA6", "Ctrl+O", BH_CALLBACK(on_open), self);
    self->close = add(menu, "&Close Curves", "Ctrl+W", BH_CALLBACK(on_close_file), self);
    bh_add_separator(menu);
    self->save = add(menu, "&Save Picture\xE2\x80\xA6", "Ctrl+S", BH_CALLBACK(on_save), self);
    self->export = add(menu, "&Export Table\xE2\x80\xA6", "Ctrl+E", BH_CALLBACK(on_export), self);
    bh_add_separator(menu);
    add(menu, "&Quit", "Ctrl+Q", BH_CALLBACK(on_quit), self);
}

/* --- View, Help */

static void set_scheme(window *self, bh_color_scheme scheme)
{
    self->settings->scheme = scheme;
    bh_app_set_color_scheme(scheme);
}

static void on_system(void *user)
{
    set_scheme(user, BH_COLORS_SYSTEM);
}

static void on_light(void *user)
{
    set_scheme(user, BH_COLORS_LIGHT);
}

static void on_dark(void *user)
{
    set_scheme(user, BH_COLORS_DARK);
}

static void on_log(void *user, bool on)
{
    panels_set_log(user, on);
}

static void on_show_all(void *user)
{
    window *self = user;
    bh_chart_set_view(self->run_chart, NAN, NAN, NAN, NAN);
    bh_chart_set_view(self->compare_chart, NAN, NAN, NAN, NAN);
}

static void on_full_screen(void *user)
{
    window *self = user;
    bool full = false;
    bh_get_bool(self->object, "fullScreen", &full);
    bh_call(self->object, full ? "showNormal" : "showFullScreen");
}

static void on_about(void *user)
{
    window *self = user;
    char text[512];
    snprintf(text, sizeof text,
             "<h3>Bulkhead %s</h3><p>Shows and compares the curves of training runs.</p>"
             "<p>Written in C on the library Bulkhead: files are read by workers, and the window answers meanwhile.</p>"
             "<p>MIT licence. Uses Qt under the LGPL.</p>",
             bh_version());
    bh_message_box(self->object, BH_MESSAGE_INFORMATION, "About Bulkhead", text, BH_BUTTON_CLOSE, NULL, NULL);
}

void menus_create(window *self)
{
    bh_object *bar = bh_main_window_menu_bar(self->object);
    create_file_menu(self, bar);
    bh_object *view = bh_add_menu(bar, "&View");
    self->log = bh_add_action(view, "&Logarithmic Scale", "Ctrl+L");
    bh_set_bool(self->log, "checkable", true);
    bh_connect(self->log, "toggled", BH_CALLBACK(on_log, bool), self, NULL);
    add(view, "Show &All Points", "Ctrl+0", BH_CALLBACK(on_show_all), self);
    bh_add_separator(view);
    add(view, "Colours of the S&ystem", NULL, BH_CALLBACK(on_system), self);
    add(view, "Ligh&t Colours", NULL, BH_CALLBACK(on_light), self);
    add(view, "&Dark Colours", NULL, BH_CALLBACK(on_dark), self);
    bh_add_separator(view);
    add(view, "&Full Screen", "F11", BH_CALLBACK(on_full_screen), self);
    add(bh_add_menu(bar, "&Help"), "&About Bulkhead", "F1", BH_CALLBACK(on_about), self);
    menus_update(self);
}

void menus_update(window *self)
{
    bool any = false;
    for (const file *each = self->files; each; each = each->next)
        any = any || each->state == FILE_READ;
    bh_set_bool(self->save, "enabled", any);
    bh_set_bool(self->export, "enabled", any);
    bh_set_bool(self->close, "enabled", self->current != NULL);
}
