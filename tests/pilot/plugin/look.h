/*
 * What the plug-in's C sees of the program: Qt's objects as pointers that hold for one turn of the GUI thread, and no longer. Each function is
 * a few calls of Qt; what follows from them is decided in C. Texts are added to buffers, UTF-8.
 */
#ifndef PILOT_LOOK_H
#define PILOT_LOOK_H

#include "../wire.h"
#include "selector.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rect {
    int x, y, width, height;
} rect;

enum { NODE_DEPTH = 16 };

/* What a selector found: a widget, or a part of one. */
typedef struct node {
    part_kind part;
    void *widget;         /* of a part: the view, tab bar, menu … that shows it */
    void *action;         /* PART_ACTION */
    int index;            /* PART_TAB, PART_HEADER: from 0 */
    int rows[NODE_DEPTH]; /* PART_ITEM, PART_CELL: the path, from 0 */
    int depth, column;
} node;

/* Objects: look_tree.cpp */
size_t look_widgets(
    void *const **out); /* all, parents first, in an order that does not change between runs; holds until the next call */
void *look_parent(void *widget); /* also beyond a window to the widget that it belongs to; NULL at the top */
void *look_window(void *widget);
bool look_is(void *object, const char *class_name); /* inherits */
bool look_is_exactly(void *object, const char *class_name);
bool look_has_name(void *object, const char *name);
void look_name(void *object, buffer *out);
const char *look_class(void *object);
bool look_property(void *object, const char *name, buffer *out); /* false: there is none of that name */
void look_text(void *widget, buffer *out);                       /* what a user reads on it, without the mnemonic's & */
bool look_value(void *widget, buffer *out);                      /* its user property */
void look_role(void *widget, buffer *out);
void look_label(void *widget, buffer *out); /* of its buddy, its row in a form, or its accessible name */
void look_title(void *window, buffer *out);
bool look_interactive(void *widget);
void look_accessible(void *widget, buffer *out);
bool look_has_mnemonic(void *widget);

/* State: look_state.cpp */
bool look_visible(void *widget); /* shown, and so are its parents */
bool look_enabled(void *widget);
bool look_checked(void *widget);
bool look_focused(void *widget);
bool look_read_only(void *widget);
bool look_exposed(void *widget); /* its window is on a screen */
bool look_minimized(void *widget);
bool look_active(void *widget); /* its window is the one that keys go to */
void look_activate(void *widget);
void *look_blocker(void *widget); /* the modal window that keeps input from it, or NULL */
void *look_popup(void);           /* the popup that is open last, or NULL */
bool look_is_popup(void *window);
void *look_modal(void);
void *look_front(void); /* the window that a user would type into, or NULL */
bool look_takes_focus(void *widget);
void look_focus(void *widget);
rect look_rect(void *widget);                  /* in its window */
rect look_on_screen(void *widget, rect area);  /* what look_rect and others say, on the screen */
rect look_visible_rect(void *widget);          /* what of it its parents leave, in its window */
void *look_hit(void *window, int x, int y);    /* the widget there, as Qt will find it */
bool look_contains(void *widget, void *other); /* other is widget or inside of it */
bool look_reveal(void *widget);                /* scrolls it into view; true if that moved anything */
void look_click_point(void *widget, rect visible, int *x, int *y);
bool look_editable(void *widget);
bool look_completes(void *widget); /* offers what could be meant in a list that opens by itself */

/* Parts: look_parts.cpp. They fill *out and return true, or return false. */
size_t look_part_find(void *widget, const selector *part, node *out, size_t room);
rect look_part_rect(const node *part); /* in its window; empty if it does not show */
bool look_part_reveal(const node *part);
void look_part_text(const node *part, buffer *out);
bool look_part_enabled(const node *part);
bool look_part_checked(const node *part);
bool look_part_selected(const node *part);
void look_part_names(void *widget, part_kind kind, buffer *out); /* what there is, for a message */
bool look_part_at(void *widget, int x, int y,
                  node *out);                       /* what is at a point of a widget that shows parts; on its viewport, too */
int look_rows(void *widget);                        /* of a view's model, or a combo box's; -1 if it has none */
void *look_part_host(const node *part);             /* the widget that a person would name for it: of a tab the tab widget */
void look_part_path(const node *part, buffer *out); /* PART_ITEM: the texts on the way to it, with slashes */
bool look_part_checkable(const node *part);

/* What the recorder asks: look_record.cpp */
typedef enum field_kind {
    FIELD_NONE,
    FIELD_TEXT,   /* a line, with a list maybe */
    FIELD_LINES,  /* several */
    FIELD_NUMBER, /* a spin box, also of dates */
    FIELD_CHOICE, /* a combo box */
    FIELD_SLIDER,
    FIELD_CHECK,
    FIELD_TABS
} field_kind;

field_kind look_field(void *widget); /* FIELD_NONE also if it is read-only or disabled */
void look_field_value(void *widget, buffer *out);
bool look_field_takes_tab(void *widget);
bool look_is_qts(void *widget);             /* of a class of Qt's own, which does nothing else than that does */
void *look_popup_owner(void *popup);        /* the field that it belongs to, or NULL */
bool look_current(void *widget, node *out); /* the current item of a view or combo box, or tab of a bar */
void *look_menu_at(int x, int y);           /* the open menu, or the bar, at a point of the screen; or NULL */
size_t look_menus_open(void);
bool look_menu_key(void *menu, int key, void **action);     /* what a key chooses there */
bool look_menu_opens(void *action);                         /* another menu */
void *look_menu_root(void *menu);                           /* the bar, or the menu that opened by itself */
void look_menu_path(void *menu, void *action, buffer *out); /* from there */
bool look_action_works(void *action);
void look_to_screen(void *widget, int *x, int *y);
void look_from_screen(void *widget, int *x, int *y);
void *look_at_screen(int x, int y);
int look_drag_distance(void);

/* Hands: hands.cpp. They send at once what a window system would send. */
typedef enum hand {
    HAND_MOVE,
    HAND_PRESS,
    HAND_RELEASE,
    HAND_WHEEL,
    HAND_KEY,
    HAND_KEY_UP,
    HAND_CLOSE_LIST /* of completions, if one is open for the widget `window` */
} hand;

typedef struct input {
    hand kind;
    void *window; /* the widget that is one; checked before use */
    int x, y;     /* in it; of HAND_WHEEL the distance in dx and dy */
    int dx, dy;
    int button; /* 1 left, 2 right, 4 middle */
    bool twice; /* follows the one before so closely that it is a double click */
    int key, modifiers;
    char text[8];
} input;

bool hands_send(const input *what);                                                  /* false: the window is gone */
bool hands_drop(void *window, int x, int y, size_t count, const char *const *paths); /* of files; false: they are not taken */
bool hands_keys(const char *sequence, int *key, int *modifiers, char text[8]);       /* "Ctrl+S"; false: no such key */
size_t hands_text_key(const char *text, int *key, int *modifiers, char out[8]); /* the first character; how many bytes it has */

/* Back doors: doors.cpp. *why gets a sentence when they return false. */
bool door_set(void *object, const char *property, const char *value, buffer *why);
bool door_call(void *object, const char *slot, size_t count, const char *const *values, buffer *result);
bool door_close(void *window);
bool door_watch(void *object, const char *signal, buffer *number, buffer *why); /* from now on; the number is door_heard's */
long door_heard(long number); /* how often; -1: nobody listens under that number */
bool door_picture(void *widget, const char *format, buffer *out);
bool door_compare(void *widget, const void *expected, size_t length, int tolerance, size_t masks, const rect *mask,
                  buffer *difference, long *pixels, buffer *why);

/* Scene: scene.cpp: all windows that show, over each other as a person sees them. */
bool scene_paint(void *raised, rect *area); /* raised: a window, or NULL; area: on the screen. False: no window shows */
void scene_picture(buffer *out);            /* what was painted, as PNG */
bool scene_is_new(void);                    /* other than when this was asked the last time */

#ifdef __cplusplus
}
#endif
#endif
