/* Widgets as all pages make them: named, connected, alike. */
#ifndef APP_WINDOW_PARTS_H
#define APP_WINDOW_PARTS_H

#include <bulkhead/bulkhead.h>

enum { PART_MARGIN = 12, PART_SPACING = 8 };

/* Each under PARENT with its object name. */
bh_object *part_widget(bh_object *parent, const char *class_name, const char *name);
bh_object *part_label(bh_object *parent, const char *name, const char *text); /* plain text, selectable */
bh_object *part_button(bh_object *parent, const char *name, const char *text, bh_callback clicked, void *user);

/* A box in PARENT, "QVBoxLayout" or "QHBoxLayout", with MARGIN on all sides and the usual spacing. */
bh_object *part_box(bh_object *parent, const char *class_name, int margin);

/* What a page shows that has nothing to show: SAYS, and below it a button for each of ACTIONS, which end with one without a name. */
typedef struct part_action {
    const char *name, *text;
    bh_callback clicked;
} part_action;
bh_object *part_empty(bh_object *parent, const char *name, const char *says, const part_action *actions, void *user);

/* Brings the dialog NAME of WINDOW to the front; false if there is none. */
bool part_raise(bh_object *window, const char *name);

/* Rows under WIDGETS of a table that cannot be edited but by its check boxes. */
bh_object *part_table(bh_object *parent, const char *name, const char *accessible);

/* Its column titles, once it shows a model; the last column takes what is left if it STRETCHES. */
void part_finish_table(bh_object *table, bool stretches);

void part_heading(bh_object *label);                       /* larger */
int part_title_letters(int width);                         /* how many of a heading fit into so many pixels, about */
void part_secondary(bh_object *label);                     /* fainter */
void part_set_style(bh_object *widget, const char *style); /* nothing if it has it: to set one anew is dear */
void part_show(bh_object *widget, bool shown);
void part_set_text(bh_object *widget, const char *text); /* "" hides it */

/* The value of an int property; FALLBACK if it cannot be read. */
int part_int(bh_object *widget, const char *property, int fallback);

/* Colours of states, on light and dark. */
extern const bh_color part_good, part_bad, part_warning, part_active, part_quiet;

#endif
