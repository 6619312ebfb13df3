/* window.h */
#include "fuzz.h"

#include <string.h>

#define WINDOW fuzz_object("QMainWindow")
#define WIDGET fuzz_object("QWidget")

static bh_object *bar_or_menu(void)
{
    static const char *const families[] = {"QMenu", "QMenuBar", "QToolBar"};
    return fuzz_object(families[fuzz_below(3)]);
}

static int any_area(void)
{
    return fuzz_chance(80) ? 1 << fuzz_below(4) : fuzz_int();
}

FUZZ_CALL(bh_main_window_set_central_widget, WINDOW, WIDGET)
FUZZ_MAKE(bh_main_window_add_dock, WINDOW, fuzz_text(), WIDGET, any_area())
FUZZ_MAKE(bh_main_window_status_bar, WINDOW)
FUZZ_MAKE(bh_main_window_menu_bar, WINDOW)
FUZZ_MAKE(bh_main_window_add_tool_bar, WINDOW, fuzz_text())
FUZZ_CALL(bh_status_bar_add_widget, fuzz_object("QStatusBar"), WIDGET, fuzz_bool())
FUZZ_MAKE(bh_add_menu, bar_or_menu(), fuzz_text())
FUZZ_MAKE(bh_add_action, fuzz_chance(50) ? bar_or_menu() : WIDGET, fuzz_text(), fuzz_text())
FUZZ_CALL(bh_share_action, fuzz_chance(50) ? bar_or_menu() : WIDGET, fuzz_object("QAction"))
FUZZ_CALL(bh_add_separator, bar_or_menu())
FUZZ_CALL(bh_menu_popup, bar_or_menu(), fuzz_point())
FUZZ_CALL(bh_splash_show, fuzz_text(), fuzz_chance(95) ? fuzz_on_void : NULL, NULL)
FUZZ_CALL(bh_splash_message, fuzz_text())
FUZZ_CALL(bh_splash_set_progress, fuzz_chance(90) ? fuzz_small(-1, 101) : fuzz_int())
FUZZ_CALL(bh_splash_finish, fuzz_chance(50) ? NULL : WIDGET)

static const char *picture_file(void)
{
    return fuzz_chance(50) ? "/tmp/bulkhead-fuzz.png" : fuzz_chance(50) ? "/nowhere/at.png" : NULL;
}

FUZZ_CALL(bh_save_picture, WIDGET, picture_file())

static void on_answer(void *user, int button)
{
    (void)button;
    fuzz_on_void(user);
}

static int any_buttons(void)
{
    static const int buttons[] = {BH_BUTTON_OK, BH_BUTTON_YES | BH_BUTTON_NO,
                                  BH_BUTTON_SAVE | BH_BUTTON_DISCARD | BH_BUTTON_CANCEL, BH_BUTTON_ABORT | BH_BUTTON_RETRY,
                                  BH_BUTTON_CLOSE};
    return fuzz_chance(80) ? buttons[fuzz_below(5)] : fuzz_int();
}

static fuzz_result run_bh_message_box_set_button_text(void)
{
    bh_object *box = fuzz_chance(50) ? WIDGET : bh_message_box(NULL, BH_MESSAGE_ERROR, "", "", any_buttons(), NULL, NULL);
    bh_status status = bh_message_box_set_button_text(box, fuzz_chance(50) ? BH_BUTTON_RETRY : any_buttons(), fuzz_text());
    fuzz_keep_object(box, NULL);
    return fuzz_status(status);
}

static fuzz_result run_bh_message_box(void)
{
    bh_message_icon icon = fuzz_chance(90) ? (bh_message_icon)fuzz_below(4) : (bh_message_icon)fuzz_int();
    return fuzz_made(bh_message_box(fuzz_chance(50) ? NULL : WIDGET, icon, fuzz_text(), fuzz_text(), any_buttons(),
                                    fuzz_chance(70) ? on_answer : NULL, NULL));
}

static void on_chosen(void *user, const char *const *paths)
{
    if (!paths)
        fuzz_complain("bh_file_dialog", "a callback got no list", "");
    for (int i = 0; paths && paths[i]; i++)
        if (!paths[i][0])
            fuzz_complain("bh_file_dialog", "an empty path", "");
    fuzz_on_void(user);
}

static fuzz_result run_bh_file_dialog(void)
{
    bh_file_mode mode = fuzz_chance(90) ? (bh_file_mode)fuzz_below(4) : (bh_file_mode)fuzz_int();
    return fuzz_made(bh_file_dialog(fuzz_chance(50) ? NULL : WIDGET, mode, fuzz_text(), fuzz_text(), fuzz_text(),
                                    fuzz_chance(80) ? on_chosen : NULL, NULL));
}

const fuzz_entry fuzz_window_entries[] = {
    FUZZ_ENTRY(bh_main_window_set_central_widget),
    FUZZ_ENTRY(bh_main_window_add_dock),
    FUZZ_ENTRY(bh_main_window_status_bar),
    FUZZ_ENTRY(bh_main_window_menu_bar),
    FUZZ_ENTRY(bh_main_window_add_tool_bar),
    FUZZ_ENTRY(bh_status_bar_add_widget),
    FUZZ_ENTRY(bh_add_menu),
    FUZZ_ENTRY(bh_add_action),
    FUZZ_ENTRY(bh_share_action),
    FUZZ_ENTRY(bh_add_separator),
    FUZZ_ENTRY(bh_menu_popup),
    FUZZ_RARE(bh_splash_show, 10),
    FUZZ_ENTRY(bh_splash_message),
    FUZZ_RARE(bh_save_picture, 20),
    FUZZ_ENTRY(bh_splash_set_progress),
    FUZZ_RARE(bh_splash_finish, 4),
    FUZZ_RARE(bh_message_box, 10),
    FUZZ_RARE(bh_message_box_set_button_text, 20),
    FUZZ_RARE(bh_file_dialog, 50),
    {NULL, NULL, 0},
};
