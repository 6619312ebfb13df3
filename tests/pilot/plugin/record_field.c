/*
 * Fields: what is in them when something else begins is what counts, however it came there, by keys, arrows, a wheel or a list. Then one line
 * says it.
 */
#include "record_inner.h"

#include <stdlib.h>
#include <string.h>

void *field_of(void *widget)
{
    void *window = look_window(widget), *owner = look_is_popup(window) ? look_popup_owner(window) : NULL;
    return record_meant(owner ? owner : widget);
}

static bool is_in_popup(void *widget, void *owner)
{
    return look_is_popup(look_window(widget)) && look_window(widget) != look_window(owner);
}

/* "fill" and the like with a value; numbers as such */
static void put_value(const char *word, const char *value)
{
    buffer line = {0};
    bool number = *value && *value != '0' && strlen(value) < 10 && strspn(value, "0123456789") == strlen(value);
    lines_word(&line, word, recorder.name.bytes);
    buffer_text(&line, ", ");
    if (number || strcmp(value, "0") == 0)
        buffer_text(&line, value);
    else
        lines_quote(&line, value);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

/* Dates and times are typed section by section, each in its way: what they are in the end is set */
static void put_date(void)
{
    buffer line = {0}, value = {0};
    const char *property = look_is(recorder.widget, "QDateEdit")   ? "date"
                           : look_is(recorder.widget, "QTimeEdit") ? "time"
                                                                   : "dateTime";
    look_value(recorder.widget, &value);
    lines_word(&line, "set", recorder.name.bytes);
    buffer_format(&line, ", \"%s\", ", property);
    lines_quote(&line, buffer_get(&value));
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
    buffer_free(&value);
}

/* What was typed at the end of what was there; else all of it */
static void put_text(const char *value)
{
    const char *before = buffer_get(&recorder.before);
    size_t length = strlen(before);
    if (!length || strncmp(value, before, length) != 0 || !value[length]) {
        put_value("fill", value);
        return;
    }
    buffer line = {0};
    lines_word(&line, "press", recorder.name.bytes);
    buffer_text(&line, recorder.field == FIELD_LINES ? ", \"Ctrl+End\")\n" : ", \"End\")\n");
    lines_word(&line, "type", recorder.name.bytes);
    buffer_text(&line, ", ");
    lines_quote(&line, value + length);
    buffer_text(&line, ")");
    record_put(line.bytes);
    buffer_free(&line);
}

/* A list that was opened, and closed again with the same choice, has done nothing */
static void unchanged(void)
{
    bool open = look_popup() && look_popup_owner(look_popup()) == recorder.widget;
    if (recorder.field == FIELD_CHOICE && recorder.said && !open)
        record_put("");
}

void field_settle(void)
{
    buffer value = {0};
    node current;
    if (!record_exists(recorder.widget))
        return;
    look_field_value(recorder.widget, &value);
    bool text = recorder.field == FIELD_TEXT || recorder.field == FIELD_LINES;
    bool changed = strcmp(buffer_get(&value), buffer_get(&recorder.before)) != 0;
    if (text ? !recorder.edited : !changed)
        unchanged();
    else if (text)
        put_text(buffer_get(&value));
    else if ((recorder.field == FIELD_CHOICE || recorder.field == FIELD_TABS) && look_current(recorder.widget, &current))
        record_put_choice(&current);
    else if (recorder.field == FIELD_CHECK)
        record_put_word(strcmp(buffer_get(&value), "true") == 0 ? "check" : "uncheck", NULL);
    else if (look_is(recorder.widget, "QDateTimeEdit"))
        put_date();
    else
        put_value("fill", buffer_get(&value));
    buffer_free(&value);
}

void field_begin(void *owner, field_kind field)
{
    buffer name = {0};
    if (recorder.what == DOING_FIELD && recorder.widget == owner && field != FIELD_CHECK)
        return;
    unique_selector(owner, &name);
    record_begin(DOING_FIELD, owner, name.bytes);
    recorder.field = field;
    look_field_value(owner, &recorder.before);
    buffer_free(&name);
}

/* By the list of a combo box: said at once, as a program may set the box back to where it was */
static void choose_item(void *owner, node item)
{
    field_begin(owner, look_field(owner));
    item.widget = owner;
    record_put_choice(&item);
    recorder.what = DOING_NOTHING;
    record_settle();
}

void field_press(const seen *what, void *owner, field_kind field, const node *target)
{
    bool popup = is_in_popup(what->widget, owner), begun = recorder.what == DOING_FIELD && recorder.widget == owner;
    if (popup && look_is(owner, "QComboBox") && target->part == PART_ITEM) {
        choose_item(owner, *target);
        return;
    }
    field_begin(owner, field);
    if (popup) /* what is chosen there is in the field then */
        recorder.edited = true;
    else if ((!begun || field == FIELD_CHECK) && field != FIELD_SLIDER && !look_is(owner, "QGroupBox"))
        record_put_word("click", NULL);
}

static bool is_letter(const seen *what)
{
    return !(what->modifiers & (CONTROL | ALT | META)) && (unsigned char)what->letters[0] >= 0x20 && what->letters[0] != 0x7f;
}

/* A letter with Ctrl */
static bool is_shortcut(const seen *what, const char *letters)
{
    return what->modifiers == CONTROL && what->key > 0 && what->key < 0x80 && strchr(letters, what->key);
}

static bool edits_text(field_kind field, void *owner, const seen *what)
{
    bool moves = (what->key >= KEY_HOME && what->key <= KEY_PAGE_DOWN) || what->key == KEY_BACKSPACE || what->key == KEY_DELETE;
    bool lines = field == FIELD_LINES && !(what->modifiers & (CONTROL | ALT)) &&
                 (what->key == KEY_RETURN || what->key == KEY_ENTER || (what->key == KEY_TAB && look_field_takes_tab(owner)));
    return is_letter(what) || lines || is_shortcut(what, "ACVXZY") || (moves && !(what->modifiers & ALT));
}

bool field_takes_key(field_kind field, void *owner, const seen *what)
{
    bool popup = look_popup() && is_in_popup(what->widget, owner), plain = !(what->modifiers & ~SHIFT);
    bool moves = plain && what->key >= KEY_HOME && what->key <= KEY_PAGE_DOWN;
    bool opens = what->key == KEY_F4 || (what->modifiers == ALT && (what->key == KEY_UP || what->key == KEY_DOWN));
    switch (field) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_NUMBER:
        if (popup && !look_is(owner, "QComboBox")) /* completions, which go by themselves: Return is for the field all the same */
            return what->key != KEY_RETURN && what->key != KEY_ENTER && what->key != KEY_TAB;
        return popup || edits_text(field, owner, what) || (opens && look_is(owner, "QComboBox"));
    case FIELD_CHOICE:
        return popup || is_letter(what) || opens || (moves && what->key != KEY_LEFT && what->key != KEY_RIGHT);
    case FIELD_SLIDER:
        return moves;
    case FIELD_CHECK:
        return plain && what->key == KEY_SPACE;
    default:
        return false;
    }
}

/* Return in the list of a combo box chooses what it is at */
static bool chooses(const seen *what, void *owner, node *item)
{
    bool enter = what->key == KEY_RETURN || what->key == KEY_ENTER || what->key == KEY_SPACE;
    return enter && is_in_popup(what->widget, owner) && look_current(record_meant(what->widget), item);
}

void field_key(const seen *what, void *owner, field_kind field)
{
    node item;
    bool text = field == FIELD_TEXT || field == FIELD_LINES || field == FIELD_NUMBER;
    bool moves = what->key >= KEY_HOME && what->key <= KEY_PAGE_DOWN, copies = is_shortcut(what, "AC");
    if (look_is(owner, "QComboBox") && chooses(what, owner, &item)) {
        choose_item(owner, item);
        return;
    }
    field_begin(owner, field);
    if (field == FIELD_CHECK)
        record_put_word("press", "Space"); /* until it is seen what comes of it */
    recorder.edited |= text && !copies && (!moves || is_in_popup(what->widget, owner));
}
