/* What a person expects of what was pointed at: that which is worth a test, as it is now. */
#include "record_inner.h"

#include <string.h>

enum { TEXT_MAX = 160 }; /* a longer one is known by its begin */

static void put_text(const char *text, buffer *out)
{
    size_t length = strcspn(text, "\n");
    buffer begin = {0};
    if (strlen(text) <= TEXT_MAX) {
        buffer_text(out, "to_have_text(");
        lines_quote(out, text);
    } else {
        for (length = length < TEXT_MAX ? length : TEXT_MAX; length && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--; /* not within a letter */
        buffer_put(&begin, text, length);
        buffer_text(out, "to_contain_text(");
        lines_quote(out, begin.bytes);
    }
    buffer_text(out, ")");
    buffer_free(&begin);
}

static void put_value(const char *value, buffer *out)
{
    buffer_text(out, "to_have_value(");
    if (*value && strlen(value) < 10 && strspn(value, "0123456789") == strlen(value) && (*value != '0' || !value[1]))
        buffer_text(out, value);
    else
        lines_quote(out, value);
    buffer_text(out, ")");
}

static void put_state(bool is, const char *state, buffer *out)
{
    buffer_format(out, "%sto_be_%s()", is ? "" : "not_", state);
}

static void of_part(const node *target, buffer *out)
{
    bool item = target->part == PART_ITEM || target->part == PART_CELL;
    if (look_part_checkable(target))
        put_state(look_part_checked(target), "checked", out);
    else if (target->part == PART_TAB || (item && look_part_selected(target)))
        put_state(look_part_selected(target), "selected", out);
    else if (target->part == PART_ACTION)
        buffer_text(out, look_part_enabled(target) ? "to_be_enabled()" : "to_be_disabled()");
    else
        buffer_text(out, "to_be_visible()");
}

/* Beside all items: how many there are */
static bool of_rows(void *widget, buffer *out)
{
    int rows = look_is(widget, "QAbstractItemView") ? look_rows(widget) : -1;
    if (rows >= 0)
        buffer_format(out, "to_have_rows(%d)", rows);
    return rows >= 0;
}

static bool is_number(void *widget)
{
    return look_is(widget, "QAbstractSlider") || look_is(widget, "QSpinBox") || look_is(widget, "QDoubleSpinBox") ||
           look_is(widget, "QProgressBar") || look_is(widget, "QLCDNumber");
}

static void of_widget(void *widget, const char *name, buffer *out)
{
    buffer text = {0};
    field_kind field = look_field(widget);
    look_text(widget, &text);
    bool button = look_is(widget, "QAbstractButton"), checks = look_is(widget, "QCheckBox") || look_is(widget, "QRadioButton");
    if (field == FIELD_CHECK || checks) {
        put_state(look_checked(widget), "checked", out);
    } else if (is_number(widget) || look_is(widget, "QComboBox")) {
        buffer_clear(&text);
        look_value(widget, &text);
        put_value(buffer_get(&text), out);
    } else if (button) {
        buffer_text(out, look_enabled(widget) ? "to_be_enabled()" : "to_be_disabled()");
    } else if (!of_rows(widget, out)) {
        bool by_text = strstr(name, ":text(") || look_window(widget) == widget; /* it would be no news */
        if ((text.length || field) && !by_text)
            put_text(text.bytes, out);
        else
            buffer_text(out, "to_be_visible()");
    }
    buffer_free(&text);
}

/* A cell of a table is known by its place, so that there is something to expect of it */
static bool of_cell(const node *target, buffer *out)
{
    buffer name = {0}, text = {0};
    if (target->part != PART_ITEM || target->depth != 1 || !look_is(target->widget, "QTableView") || look_part_checkable(target))
        return false;
    unique_selector(target->widget, &name);
    buffer_format(&name, " item(%d, %d)", target->rows[0] + 1, target->column + 1);
    look_part_text(target, &text);
    lines_word(out, "expect", name.bytes);
    buffer_text(out, "):");
    put_text(buffer_get(&text), out);
    buffer_free(&name);
    buffer_free(&text);
    return true;
}

void expect_line(const node *target, buffer *out)
{
    buffer name = {0};
    if (of_cell(target, out))
        return;
    unique_node(target, &name);
    lines_word(out, "expect", name.bytes);
    buffer_text(out, "):");
    if (target->part)
        of_part(target, out);
    else
        of_widget(target->widget, name.bytes, out);
    buffer_free(&name);
}
