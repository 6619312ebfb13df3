/* Menus: what is opened on the way to an entry is one line with it, menu("File/Open"), by mouse and by keys. */
#include "record_inner.h"

#include <string.h>

static void *opened; /* the bar whose menu is open because of a line that stands */

static bool is_bar(void *widget)
{
    return look_is(widget, "QMenuBar");
}

/* From a bar; if there are several it must be said of which */
static void put_menu(void *bar, const char *path)
{
    buffer line = {0}, name = {0};
    if (unique_is("QMenuBar", bar)) {
        buffer_text(&line, "menu(");
    } else {
        unique_selector(bar, &name);
        lines_word(&line, "choose", name.bytes);
        buffer_text(&line, ", ");
    }
    lines_quote(&line, path);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&name);
}

static void put_popup(const char *path)
{
    buffer line = {0};
    buffer_text(&line, "choose(\"QMenu\", ");
    lines_quote(&line, path);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

/* An entry of a menu that was open when something else was said: the way there is said already */
static void put_rest(const char *path)
{
    buffer line = {0}, name = {0};
    const char *slash = strrchr(path, '/');
    buffer_text(&name, "QMenu:visible action(");
    lines_quote(&name, slash ? slash + 1 : path);
    buffer_text(&name, ")");
    lines_word(&line, "click", name.bytes);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&name);
}

/* Whether what was said last is the way to this menu */
static bool goes_on(void *root)
{
    return recorder.said &&
           ((recorder.what == DOING_MENU && recorder.widget == root) || (recorder.what == DOING_KEY && recorder.alt));
}

static void chosen(void *menu, void *action)
{
    buffer path = {0};
    void *root = look_menu_root(menu);
    bool on = goes_on(root), bar = is_bar(root);
    if (!look_action_works(action))
        return;
    look_menu_path(menu, action, &path);
    if (!on || (!bar && recorder.what == DOING_KEY))
        record_begin(DOING_MENU, root, "");
    recorder.what = DOING_MENU;
    recorder.widget = root;
    if (!bar)
        put_popup(path.bytes);
    else if (on || opened != root || menu == root)
        put_menu(root, path.bytes);
    else
        put_rest(path.bytes);
    opened = bar && look_menu_opens(action) ? root : NULL;
    if (!look_menu_opens(action)) {
        recorder.what = DOING_NOTHING;
        record_settle();
    }
    buffer_free(&path);
}

/* Closed with nothing chosen: from a bar that is nothing, else a key that closes it */
static void left(void *menu, size_t levels)
{
    void *root = look_menu_root(menu);
    if (goes_on(root) && is_bar(root)) {
        if (levels == look_menus_open()) {
            record_put("");
            recorder.what = DOING_NOTHING;
            opened = NULL;
        }
        return;
    }
    opened = NULL;
    record_begin(DOING_KEY, menu, "");
    for (size_t i = 0; i < levels; i++) {
        recorder.said = false;
        record_put("press(\"Escape\")");
    }
    record_settle();
}

/* Where the press really is: menus that are open get all of them */
static void *menu_under(const seen *what, node *target)
{
    int x = what->global_x, y = what->global_y;
    void *menu = look_menu_at(x, y);
    if (!menu)
        return NULL;
    look_from_screen(menu, &x, &y);
    return look_part_at(menu, x, y, target) ? menu : NULL;
}

/* A popup that is no menu, and no field's: closed by a press beside it */
static bool beside_popup(const seen *what)
{
    void *popup = look_popup();
    rect whole = popup ? look_rect(popup) : (rect){0};
    int x = what->global_x, y = what->global_y;
    if (!popup || look_window(what->widget) != popup)
        return false;
    look_from_screen(popup, &x, &y);
    if (x >= 0 && y >= 0 && x < whole.width && y < whole.height)
        return false;
    if (look_is(popup, "QMenu")) {
        left(popup, look_menus_open());
    } else if (!look_popup_owner(popup)) {
        record_begin(DOING_KEY, popup, "");
        record_put("press(\"Escape\")");
        record_settle();
    }
    return true;
}

bool menu_press(const seen *what)
{
    node target;
    void *menu = look_is(what->widget, "QMenu") || is_bar(what->widget) ? menu_under(what, &target) : NULL;
    if (!menu)
        return beside_popup(what);
    bool again = is_bar(menu) && recorder.what == DOING_MENU && recorder.widget == menu && look_menus_open();
    buffer path = {0};
    if (again) /* a press on what opened it closes it, and on another opens that */
        look_menu_path(menu, target.action, &path);
    bool closes = again && strcmp(buffer_get(&recorder.name), buffer_get(&path)) == 0;
    buffer_free(&path);
    if (closes)
        left(menu, look_menus_open());
    else
        chosen(menu, target.action);
    if (is_bar(menu) && recorder.what == DOING_MENU) {
        buffer_clear(&recorder.name);
        look_menu_path(menu, target.action, &recorder.name);
    }
    return true;
}

/* Pressed on the bar, and released on an entry of what that opened */
bool menu_release(const seen *what)
{
    node target;
    bool began = recorder.what == DOING_MENU && recorder.said && is_bar(recorder.widget);
    void *menu = began && (look_is(what->widget, "QMenu") || is_bar(what->widget)) ? menu_under(what, &target) : NULL;
    if (!menu)
        return false;
    if (look_is(menu, "QMenu") && !look_menu_opens(target.action))
        chosen(menu, target.action);
    return true;
}

bool menu_key(const seen *what)
{
    void *action;
    bool menu = look_is(what->widget, "QMenu");
    if (!menu)
        return is_bar(what->widget) && !(what->modifiers & (CONTROL | META)); /* the way to an entry, which says it all */
    if (what->key == KEY_ESCAPE)
        left(what->widget, 1);
    else if (look_menu_key(what->widget, what->key, &action))
        chosen(what->widget, action);
    return true;
}
