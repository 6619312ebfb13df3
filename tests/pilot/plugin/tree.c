/* Widgets as text: what a failure shows around its selector, and what text snapshots compare. No positions, as these differ between machines. */
#include "match.h"

#include <string.h>

static void put_short(const buffer *text, buffer *out)
{
    size_t length = strcspn(text->bytes, "\n");
    buffer_text(out, " \"");
    buffer_put(out, text->bytes, length < 80 ? length : 80);
    buffer_text(out, length < text->length ? "…\"" : "\"");
}

static void put_line(void *widget, bool with_focus, buffer *out)
{
    buffer text = {0}, value = {0};
    buffer_text(out, look_class(widget));
    look_name(widget, &text);
    if (text.length)
        buffer_format(out, "#%s", text.bytes);
    buffer_clear(&text);
    look_text(widget, &text);
    if (text.length)
        put_short(&text, out);
    if (!look_is(widget, "QPushButton") && look_value(widget, &value) && strcmp(buffer_get(&value), buffer_get(&text)) != 0 &&
        value.length && value.length < 80)
        buffer_format(out, " = %s", value.bytes);
    if (look_rows(widget) >= 0 && !look_is(widget, "QComboBox"))
        buffer_format(out, " (%d rows)", look_rows(widget));
    if (!look_enabled(widget))
        buffer_text(out, " (disabled)");
    if (!look_visible(widget))
        buffer_text(out, " (hidden)");
    else if (with_focus && look_focused(widget) && look_takes_focus(widget))
        buffer_text(out, " (focus)");
    buffer_free(&text);
    buffer_free(&value);
}

void tree_line(void *widget, buffer *out)
{
    put_line(widget, true, out);
}

/* Inner parts of Qt's own widgets, which no test speaks of */
static bool is_inner(void *widget)
{
    buffer name = {0};
    look_name(widget, &name);
    bool inner = strncmp(buffer_get(&name), "qt_", 3) == 0 && !look_is(widget, "QAbstractItemView");
    buffer_free(&name);
    void *parent = look_parent(widget);
    return inner || (parent && (look_is(parent, "QAbstractSpinBox") || look_is(parent, "QComboBox"))) ||
           (!look_visible(widget) && look_window(widget) != widget);
}

static int depth_below(void *root, void *widget)
{
    int depth = 0;
    for (; widget && widget != root; widget = look_parent(widget))
        depth++;
    return depth;
}

void tree_text(void *widget, buffer *out)
{
    void *const *all;
    size_t count = look_widgets(&all);
    for (size_t i = 0; i < count; i++) {
        if (widget ? !look_contains(widget, all[i]) : !look_visible(look_window(all[i])))
            continue;
        bool hidden_window = all[i] != widget && !look_visible(look_window(all[i]));
        if ((is_inner(all[i]) && all[i] != widget) || hidden_window || (look_parent(all[i]) && is_inner(look_parent(all[i]))))
            continue;
        buffer_format(out, "%*s", 2 * (depth_below(widget, all[i]) - (widget ? 0 : 1)), "");
        put_line(all[i], !widget, out); /* windows get the focus when they are ready: no matter for a snapshot */
        buffer_text(out, "\n");
    }
}
