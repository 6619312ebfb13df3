/* The strip of jobs below the tabs: what runs, how far it is, and Stop; what has failed and why. */
#include "window/inner.h"

#include <stdio.h>

enum { TEXT_SIZE = 640, NAME_WIDTH = 220, BAR_WIDTH = 200, ROW_HEIGHT = 34, LEAST_TEXT = 60 };

bool strip_create(window *self, bh_object *parent)
{
    self->strip = bh_create("QFrame", parent);
    self->strip_layout = bh_create("QVBoxLayout", self->strip);
    bh_set_enum(self->strip, "frameShape", "StyledPanel");
    bh_layout_set_margins(self->strip_layout, 12, 6, 12, 6);
    bh_set_string(self->strip, "accessibleName", "Jobs");
    bh_call(self->strip, "hide");
    return self->strip_layout != NULL;
}

static void on_button(void *user)
{
    file_dismiss(user);
}

void strip_add(file *of)
{
    window *self = of->window;
    of->row = bh_create("QWidget", self->strip);
    bh_object *layout = bh_create("QHBoxLayout", of->row);
    bh_object *name = bh_create("QLabel", of->row);
    of->bar = bh_create("QProgressBar", of->row);
    of->says = bh_create("QLabel", of->row);
    of->button = bh_create("QPushButton", of->row);
    bh_layout_set_margins(layout, 0, 0, 0, 0);
    bh_set_string(name, "text", of->name);
    bh_set_string(name, "toolTip", of->path);
    bh_set_int(name, "minimumWidth", NAME_WIDTH);
    bh_set_int(of->bar, "maximumWidth", BAR_WIDTH);
    bh_set_string(of->says, "text", "reading");
    bh_set_int(of->says, "minimumWidth", LEAST_TEXT); /* rather than as wide as the text */
    bh_set_int(of->row, "maximumHeight", ROW_HEIGHT);
    bh_set_string(of->button, "text", "Stop");
    bh_layout_add_widget(layout, name, 0);
    bh_layout_add_widget(layout, of->bar, 0);
    bh_layout_add_widget(layout, of->says, 1);
    bh_layout_add_widget(layout, of->button, 0);
    bh_connect(of->button, "clicked", BH_CALLBACK(on_button), of, NULL);
    bh_layout_add_widget(self->strip_layout, of->row, 0);
    bh_call(self->strip, "show");
}

void strip_progress(void *of, int percent)
{
    const file *self = of;
    bh_set_int(self->bar, "value", percent);
}

void strip_fail(file *of)
{
    char text[TEXT_SIZE];
    if (!of->row)
        strip_add(of);
    snprintf(text, sizeof text, "cannot be read: %s", of->why);
    bh_call(of->bar, "hide");
    bh_set_string(of->says, "text", text);
    bh_set_string(of->says, "toolTip", text);
    bh_set_string(of->button, "text", "Dismiss");
}

void strip_remove(file *of)
{
    window *self = of->window;
    bool others = false;
    if (!of->row)
        return;
    bh_call(of->row, "hide");
    bh_destroy(of->row);
    of->row = NULL;
    for (const file *each = self->files; each; each = each->next)
        others = others || each->row;
    if (!others)
        bh_call(self->strip, "hide");
}
