/* Widgets as all pages make them. */
#include "window/parts.h"

#include <stdio.h>
#include <string.h>

enum { ROW_HEIGHT = 24, SEMIBOLD = 600, BUTTON_MARGIN = 24, LETTER_WIDTH = 7 };

const bh_color part_good = {0x2E, 0x9E, 0x5B, 255}, part_bad = {0xD9, 0x48, 0x48, 255}, part_warning = {0xC0, 0x84, 0x1A, 255},
               part_active = {0x35, 0x84, 0xE4, 255}, part_quiet = {0x80, 0x88, 0x90, 255};

bh_object *part_widget(bh_object *parent, const char *class_name, const char *name)
{
    bh_object *made = bh_create(class_name, parent);
    bh_set_name(made, name);
    return made;
}

bh_object *part_label(bh_object *parent, const char *name, const char *text)
{
    bh_object *label = part_widget(parent, "QLabel", name);
    bh_set_enum(label, "textFormat", "PlainText");
    bh_set_string(label, "text", text);
    return label;
}

bh_object *part_button(bh_object *parent, const char *name, const char *text, bh_callback clicked, void *user)
{
    bh_object *button = part_widget(parent, "QPushButton", name);
    bh_set_string(button, "text", text);
    bh_set_int(button, "minimumWidth", BUTTON_MARGIN + LETTER_WIDTH * (int)strlen(text));
    bh_connect(button, "clicked", clicked, user, NULL);
    return button;
}

bh_object *part_box(bh_object *parent, const char *class_name, int margin)
{
    bh_object *box = bh_create(class_name, parent);
    bh_layout_set_margins(box, margin, margin, margin, margin);
    bh_set_int(box, "spacing", PART_SPACING);
    return box;
}

bh_object *part_empty(bh_object *parent, const char *name, const char *says, const part_action *actions, void *user)
{
    char label_name[64];
    snprintf(label_name, sizeof label_name, "%s-text", name);
    bh_object *page = part_widget(parent, "QWidget", name), *box = part_box(page, "QVBoxLayout", PART_MARGIN);
    bh_object *label = part_label(page, label_name, says), *row = bh_create("QHBoxLayout", NULL);
    bh_set_enum(label, "alignment", "AlignCenter");
    bh_set_bool(label, "wordWrap", true);
    part_secondary(label);
    bh_layout_add_stretch(box, 1);
    bh_layout_add_widget(box, label, 0);
    bh_layout_add_layout(box, row, 0);
    bh_layout_add_stretch(row, 1);
    for (; actions->name; actions++)
        bh_layout_add_widget(row, part_button(page, actions->name, actions->text, actions->clicked, user), 0);
    bh_layout_add_stretch(row, 1);
    bh_layout_add_stretch(box, 2);
    return page;
}

bool part_raise(bh_object *window, const char *name)
{
    bh_object **found = NULL;
    size_t count = 0;
    bool raised = bh_find_all(window, name, "QDialog", &found, &count) == BH_OK && count && bh_call(found[0], "raise") == BH_OK;
    bh_free(found);
    return raised;
}

int part_title_letters(int width)
{
    enum { LETTER = 10, LEAST = 12 }; /* a heading's */
    return width > LETTER * LEAST ? width / LETTER : LEAST;
}

bh_object *part_table(bh_object *parent, const char *name, const char *accessible)
{
    bh_object *table = part_widget(parent, "QTableView", name);
    bh_set_string(table, "accessibleName", accessible);
    bh_set_bool(table, "showGrid", false);
    bh_set_enum(table, "textElideMode", "ElideMiddle"); /* names differ at their ends as often as at their beginnings */
    bh_set_bool(table, "cornerButtonEnabled", false);
    bh_set_bool(table, "tabKeyNavigation", false);
    bh_table_view_set_rows(table, ROW_HEIGHT, false);
    return table;
}

void part_finish_table(bh_object *table, bool stretches)
{
    bh_object **headers = NULL;
    size_t count = 0;
    if (bh_find_all(table, NULL, "QHeaderView", &headers, &count))
        return;
    if (count) { /* the vertical one is made first */
        bh_object *titles = headers[count - 1];
        bh_set_bool(titles, "stretchLastSection", stretches);
        bh_set_bool(titles, "highlightSections", false);
        bh_set_enum(titles, "defaultAlignment", "AlignLeft|AlignVCenter");
    }
    bh_free(headers);
}

void part_heading(bh_object *label)
{
    bh_font font;
    if (bh_get_font(label, "font", &font))
        return;
    font.point_size *= 1.35;
    font.weight = SEMIBOLD;
    bh_set_font(label, "font", &font);
}

void part_set_style(bh_object *widget, const char *style)
{
    char *now = NULL;
    bh_get_string(widget, "styleSheet", &now);
    if (!now || strcmp(now, style) != 0)
        bh_set_string(widget, "styleSheet", style);
    bh_free(now);
}

void part_secondary(bh_object *label)
{
    bh_set_string(label, "styleSheet", "color: #808890");
}

void part_show(bh_object *widget, bool shown)
{
    bh_set_bool(widget, "visible", shown);
}

void part_set_text(bh_object *widget, const char *text)
{
    bh_set_string(widget, "text", text);
    part_show(widget, text[0] != 0);
}

int part_int(bh_object *widget, const char *property, int fallback)
{
    int value;
    return bh_get_int(widget, property, &value) ? fallback : value;
}
