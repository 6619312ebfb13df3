/* Keys: those of fields and menus go there; letters to something else become one type(), all others are press(). */
#include "record_inner.h"

#include <string.h>

/* While a popup is open it gets the keys, and offers of shortcuts go elsewhere; else they come first, and maybe instead */
static bool is_first(const seen *what)
{
    return what->kind == SEEN_WRITTEN || (what->kind == SEEN_KEY) == (look_popup() != NULL);
}

static bool is_modifier(const seen *what)
{
    return (what->key >= 0x01000020 && what->key <= 0x01000026) || what->key == 0x01001103; /* Shift … ScrollLock; AltGr */
}

static void put_key(const char *keys)
{
    buffer line = {0};
    buffer_text(&line, "press(");
    lines_quote(&line, keys);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

static void put_letters(void)
{
    buffer line = {0};
    buffer_text(&line, "type(");
    lines_quote(&line, buffer_get(&recorder.letters));
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

/* Where the focus goes to matters only if more keys go there */
static void moved_focus(const seen *what)
{
    record_settle();
    if (recorder.tabs.length)
        buffer_text(&recorder.tabs, "\n");
    buffer_text(&recorder.tabs, "press(");
    lines_quote(&recorder.tabs, what->text);
    buffer_text(&recorder.tabs, ")");
}

static bool writes(const seen *what)
{
    bool begun = recorder.what == DOING_LETTERS && recorder.widget == what->widget;
    return !(what->modifiers & (CONTROL | ALT | META)) && (unsigned char)what->letters[0] >= (begun ? 0x20 : 0x21) &&
           what->letters[0] != 0x7f;
}

static void other_key(const seen *what)
{
    if (writes(what)) {
        if (recorder.what != DOING_LETTERS || recorder.widget != what->widget)
            record_begin(DOING_LETTERS, what->widget, "");
        buffer_text(&recorder.letters, what->letters);
        put_letters();
    } else if (*what->text) {
        record_begin(DOING_KEY, what->widget, "");
        recorder.alt = what->modifiers == ALT || what->key == KEY_F10;
        put_key(what->text);
    }
}

void keys_pressed(const seen *what)
{
    void *owner = field_of(what->widget);
    field_kind field = look_field(owner);
    if (is_modifier(what) || !is_first(what) || menu_key(what))
        return;
    if (field && (what->kind == SEEN_WRITTEN || field_takes_key(field, owner, what)))
        field_key(what, owner, field);
    else if ((what->key == KEY_TAB && !what->modifiers) || what->key == KEY_BACKTAB)
        moved_focus(what);
    else
        other_key(what);
}
