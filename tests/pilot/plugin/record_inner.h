/*
 * What the files of the recorder share. At any time one thing is under way; what is said of it may change until something else begins: a click
 * becomes a double click, what opens a menu becomes the menu's path, keys become what is in the field in the end.
 */
#ifndef PILOT_RECORD_INNER_H
#define PILOT_RECORD_INNER_H

#include "match.h"
#include "record.h"

/* As Qt numbers them */
enum {
    LEFT = 1,
    RIGHT = 2,
    MIDDLE = 4,
    SHIFT = 0x02000000,
    CONTROL = 0x04000000,
    ALT = 0x08000000,
    META = 0x10000000,
    KEY_ESCAPE = 0x01000000,
    KEY_TAB,
    KEY_BACKTAB,
    KEY_BACKSPACE,
    KEY_RETURN,
    KEY_ENTER,
    KEY_DELETE = 0x01000007,
    KEY_HOME = 0x01000010,
    KEY_LEFT = 0x01000012,
    KEY_UP,
    KEY_RIGHT,
    KEY_DOWN,
    KEY_PAGE_DOWN = 0x01000017,
    KEY_F4 = 0x01000033,
    KEY_F10 = 0x01000039,
    KEY_SPACE = 0x20
};

typedef enum doing {
    DOING_NOTHING,
    DOING_CLICK,
    DOING_FIELD,
    DOING_MENU,
    DOING_WHEEL,
    DOING_LETTERS, /* to what is no field */
    DOING_KEY
} doing;

typedef struct recording {
    doing what;
    void *widget; /* that it is about: asked for with record_exists() */
    buffer name;  /* its selector */
    bool said;    /* the last line is of it, and may change */
    field_kind field;
    buffer before;  /* DOING_FIELD: what was in it */
    bool edited;    /* DOING_FIELD: by keys */
    buffer letters; /* DOING_LETTERS */
    void *first;    /* DOING_WHEEL: the innermost widget under the pointer */
    int dx, dy;     /* DOING_WHEEL */
    bool alt;       /* DOING_KEY: one that opens a menu */
    buffer tabs;    /* keys that moved the focus, and matter only if more keys follow */
} recording;

extern recording recorder;

bool record_exists(void *widget);

/* What is under way is done: nothing of it will change any more. */
void record_settle(void);

/* Begins something else. */
void record_begin(doing what, void *widget, const char *name);

/* Says LINE of what is under way, in place of what was said of it; "" takes it back. */
void record_put(const char *line);

void record_put_word(const char *word,
                     const char *value);  /* word(name) or word(name, value); the name is that of what is under way */
void record_put_choice(const node *item); /* choose(host, item) */

/* The widget that a person means: not the parts that Qt makes it of. */
void *record_meant(void *widget);

/* Lines: record_lines.c */
void lines_keep(bool keep); /* for lines_kept, in place of sending them */
void lines_kept(buffer *out);
void lines_say(const char *line);
void lines_instead(const char *line);
void lines_quote(buffer *out, const char *text);
void lines_warn(const char *text);
void lines_selector(buffer *out, const char *text);
void lines_word(buffer *out, const char *word, const char *name); /* word("name", without its end */

/* Fields: record_field.c */
void *field_of(void *widget);
bool field_takes_key(field_kind field, void *owner, const seen *what);
void field_begin(void *owner, field_kind field);
void field_press(const seen *what, void *owner, field_kind field, const node *target);
void field_key(const seen *what, void *owner, field_kind field);
void field_settle(void);

/* Menus: record_menu.c. False: it is none. */
bool menu_press(const seen *what);
bool menu_release(const seen *what);
bool menu_key(const seen *what);

/* What is expected of a target: record_expect.c */
void expect_line(const node *target, buffer *out);

/* Keys: record_keys.c */
void keys_pressed(const seen *what);

#endif
