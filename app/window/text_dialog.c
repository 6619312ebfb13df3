/* See text_dialog.h. */
#include "window/text_dialog.h"

#include "window/parts.h"

#include <stdio.h>

enum { WIDTH = 760, HEIGHT = 480 };

static void on_copy(void *text)
{
    bh_call(text, "selectAll");
    bh_call(text, "copy");
}

static void on_close(void *object)
{
    bh_call(object, "close");
}

static void on_finished(void *object)
{
    bh_destroy(object);
}

void text_dialog_open(bh_object *window, const char *name, const char *title, const char *text)
{
    char part[64];
    if (part_raise(window, name))
        return;
    bh_object *object = bh_create("QDialog", window), *layout = part_box(object, "QVBoxLayout", PART_MARGIN);
    bh_set_name(object, name);
    bh_set_string(object, "windowTitle", title);
    snprintf(part, sizeof part, "%s-text", name);
    bh_object *shown = part_widget(object, "QPlainTextEdit", part);
    bh_set_bool(shown, "readOnly", true);
    bh_set_enum(shown, "lineWrapMode", "NoWrap");
    bh_set_string(shown, "accessibleName", title);
    bh_set_string(shown, "plainText", text);
    bh_object *row = part_widget(object, "QWidget", "buttons"), *buttons = part_box(row, "QHBoxLayout", 0);
    snprintf(part, sizeof part, "%s-copy", name);
    bh_layout_add_stretch(buttons, 1);
    bh_layout_add_widget(buttons, part_button(row, part, "C&opy", BH_CALLBACK(on_copy), shown), 0);
    snprintf(part, sizeof part, "%s-close", name);
    bh_layout_add_widget(buttons, part_button(row, part, "&Close", BH_CALLBACK(on_close), object), 0);
    bh_layout_add_widget(layout, shown, 1);
    bh_layout_add_widget(layout, row, 0);
    bh_connect(object, "finished", BH_CALLBACK(on_finished), object, NULL);
    bh_set_size(object, "size", BH_SIZE(WIDTH, HEIGHT));
    bh_call(object, "open");
}
