/* Main windows, menus, tool bars, the splash screen and dialogs. Everything here: GUI thread. */
#ifndef BULKHEAD_WINDOW_H
#define BULKHEAD_WINDOW_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The widget in the middle of a QMainWindow; the window owns it, and destroys the one before. */
BH_API bh_status bh_main_window_set_central_widget(bh_object *window, bh_object *widget);

/* A dock widget beside it, AREA: BH_DOCK_… . */
enum { BH_DOCK_LEFT = 1, BH_DOCK_RIGHT = 2, BH_DOCK_TOP = 4, BH_DOCK_BOTTOM = 8 };
BH_API bh_object *bh_main_window_add_dock(bh_object *window, const char *title, bh_object *widget, int area);

/* The window's own bars, made at first use. Messages: bh_call(bar, "showMessage", "Saved", 2000). */
BH_API bh_object *bh_main_window_status_bar(bh_object *window);
BH_API bh_object *bh_main_window_menu_bar(bh_object *window);
BH_API bh_object *bh_main_window_add_tool_bar(bh_object *window, const char *title);

/* Adds a widget to a status bar: on the left, or at the right end where messages do not hide it. */
BH_API bh_status bh_status_bar_add_widget(bh_object *status_bar, bh_object *widget, bool permanent);

/* A menu in a menu bar or in a menu. TITLE with a mnemonic ("&File"). */
BH_API bh_object *bh_add_menu(bh_object *menu_or_bar, const char *title);

/* A new action of TEXT ("&Open…") in a menu, tool bar or any widget (where its shortcut works); connect to "triggered". SHORTCUT as
 * in "Ctrl+O", or NULL. Belongs to that widget. */
BH_API bh_object *bh_add_action(bh_object *widget, const char *text, const char *shortcut);

/* The same action in one more place. */
BH_API bh_status bh_share_action(bh_object *widget, bh_object *action);
BH_API bh_status bh_add_separator(bh_object *menu_or_bar);

/* Opens MENU (bh_create("QMenu", widget)) as a context menu with its corner AT a point of the screen, as BH_EVENT_CONTEXT_MENU has it, and
 * returns. An empty menu is BH_OK and opens nothing. */
BH_API bh_status bh_menu_popup(bh_object *menu, bh_point at);

/* Shows IMAGE (a file; NULL: a plain one with the application's name) as splash screen, and runs NEXT(USER) once it has been painted:
 * the way to chain what makes the main window. An image that cannot be read is reported, and NEXT runs all the same.
 * One at a time. */
BH_API bh_status bh_splash_show(const char *image, void (*next)(void *user), void *user);

/* A line on the splash screen; BH_OK and nothing where there is none. */
BH_API bh_status bh_splash_message(const char *text);

/* How far the start is, as a bar at the lower edge of the splash screen: 0 to 100 percent, or negative for none. BH_OK and nothing where
 * there is no splash screen. */
BH_API bh_status bh_splash_set_progress(int percent);

/* Ends the splash screen once WINDOW is shown; NULL: at once. BH_OK and nothing where there is none. */
BH_API bh_status bh_splash_finish(bh_object *window);

typedef enum bh_message_icon {
    BH_MESSAGE_INFORMATION,
    BH_MESSAGE_QUESTION,
    BH_MESSAGE_WARNING,
    BH_MESSAGE_ERROR
} bh_message_icon;

/* Buttons of a message box, with Qt's values; added up. */
enum {
    BH_BUTTON_OK = 0x400,
    BH_BUTTON_SAVE = 0x800,
    BH_BUTTON_YES = 0x4000,
    BH_BUTTON_NO = 0x10000,
    BH_BUTTON_ABORT = 0x40000,
    BH_BUTTON_RETRY = 0x80000,
    BH_BUTTON_CLOSE = 0x200000,
    BH_BUTTON_CANCEL = 0x400000,
    BH_BUTTON_DISCARD = 0x800000
};

/* Opens a message box on PARENT (or NULL) and returns; the window stays alive. ANSWERED(USER, button), if not NULL, runs once when
 * it closes; Escape and the close button answer as Qt does (CANCEL, or the only button). Returns the box. */
BH_API bh_object *bh_message_box(bh_object *parent, bh_message_icon icon, const char *title, const char *text, int buttons,
                                 void (*answered)(void *user, int button), void *user);

/* What a button of a message box says instead ("Continue &Without"); BUTTON is one of those that it has, and
 * loses its icon. */
BH_API bh_status bh_message_box_set_button_text(bh_object *box, int button, const char *text);

typedef enum bh_file_mode { BH_FILE_OPEN, BH_FILE_OPEN_MANY, BH_FILE_SAVE, BH_FILE_FOLDER } bh_file_mode;

/* Opens a file dialog and returns. FOLDER (or NULL) is where it starts, FILTER as in "Tables (*.csv *.tsv);;All (*)" (or NULL).
 * CHOSEN(USER, paths) runs once when it closes; PATHS is NULL-terminated, empty if cancelled, valid during the call. */
BH_API bh_object *bh_file_dialog(bh_object *parent, bh_file_mode mode, const char *title, const char *folder, const char *filter,
                                 void (*chosen)(void *user, const char *const *paths), void *user);

/* Paints WIDGET, shown or not, with what is in it into FILE, a PNG picture. Not while a widget is painted. */
BH_API bh_status bh_save_picture(bh_object *widget, const char *file);

#define bh_add_action(...) BH_AT(bh_add_action(__VA_ARGS__))
#define bh_add_menu(...) BH_AT(bh_add_menu(__VA_ARGS__))
#define bh_add_separator(...) BH_AT(bh_add_separator(__VA_ARGS__))
#define bh_file_dialog(...) BH_AT(bh_file_dialog(__VA_ARGS__))
#define bh_main_window_add_dock(...) BH_AT(bh_main_window_add_dock(__VA_ARGS__))
#define bh_main_window_add_tool_bar(...) BH_AT(bh_main_window_add_tool_bar(__VA_ARGS__))
#define bh_main_window_menu_bar(...) BH_AT(bh_main_window_menu_bar(__VA_ARGS__))
#define bh_main_window_set_central_widget(...) BH_AT(bh_main_window_set_central_widget(__VA_ARGS__))
#define bh_main_window_status_bar(...) BH_AT(bh_main_window_status_bar(__VA_ARGS__))
#define bh_menu_popup(...) BH_AT(bh_menu_popup(__VA_ARGS__))
#define bh_message_box(...) BH_AT(bh_message_box(__VA_ARGS__))
#define bh_message_box_set_button_text(...) BH_AT(bh_message_box_set_button_text(__VA_ARGS__))
#define bh_save_picture(...) BH_AT(bh_save_picture(__VA_ARGS__))
#define bh_share_action(...) BH_AT(bh_share_action(__VA_ARGS__))
#define bh_splash_finish(...) BH_AT(bh_splash_finish(__VA_ARGS__))
#define bh_splash_message(...) BH_AT(bh_splash_message(__VA_ARGS__))
#define bh_splash_set_progress(...) BH_AT(bh_splash_set_progress(__VA_ARGS__))
#define bh_splash_show(...) BH_AT(bh_splash_show(__VA_ARGS__))
#define bh_status_bar_add_widget(...) BH_AT(bh_status_bar_add_widget(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
