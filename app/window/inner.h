/* Inside the window: what its files share. */
#ifndef APP_WINDOW_INNER_H
#define APP_WINDOW_INNER_H

#include "window/data_page.h"
#include "window/fetch_page.h"
#include "window/parts.h"
#include "window/text.h"
#include "window/window.h"

enum { TAB_DATA, TAB_RUN, TAB_COMPARE };

typedef struct tree tree;
typedef struct strip strip;
typedef struct status_line status_line;
typedef struct banner banner;
typedef struct crash_note crash_note;

struct window {
    bh_object *object, *splitter, *tabs, *data_stack, *run_page, *compare_page;
    project *project;
    settings *settings;
    const options *options;
    data_page *data;
    fetch_page *fetches;
    tree *tree;
    strip *strip;
    status_line *status;
    banner *banner;
    crash_note *crash_note;
    bool refreshing;
    bool close_when_idle, closing; /* a person has said Wait; or Stop and close */
    bool asking;                   /* whether to close */
    store_opened found;            /* when the project was opened */
    bool found_dismissed;
    char *added; /* the file that a person has added last, to be shown as soon as it is there; NULL: none */
    struct {
        bh_object *new_run, *stop, *kill, *resume, *resume_all, *predict, *export;
    } actions;
};

/* What is selected in the tree: a row of TABLE, or with ID 0 all of them; TABLE 0: nothing. */
typedef struct selected {
    store_table table;
    int64_t id;
} selected;

/* tree.c */
tree *tree_create(window *self, bh_object *parent);
void tree_destroy(tree *self); /* not its widget, which is the window's */
bool tree_update(tree *self);  /* as strip_update */
selected tree_selected(const tree *self);
void tree_select(tree *self, store_table table, int64_t id); /* once its row is made, if it is not yet */

/* tree_menu.c: what can be done with a row. */
void tree_menu_open(window *self, selected what, bh_point at);
void tree_menu_remove(window *self, selected what); /* as the menu does; nothing if it is busy */

/* strip.c: a line for each job. */
strip *strip_create(window *self, bh_object *parent);
void strip_destroy(strip *self);
bh_object *strip_object(const strip *self);
void strip_job(strip *self, int64_t id, const project_job *job);
bool strip_update(strip *self); /* false: it has more to show than it could at once */

/* menus.c */
void menus_create(window *self);
void menus_update(window *self);

/* status.c, banner.c, closing.c */
status_line *status_create(window *self);
void status_wake(status_line *self); /* something may run, or be seen; NULL does nothing */
banner *banner_create(window *self, bh_object *parent);
bh_object *banner_object(const banner *self);
void banner_update(banner *self);
void banner_tell(banner *self, const char *sentence); /* what has failed; stays until it is dismissed */
void banner_resume(banner *self);                     /* all that was interrupted */
void banner_dismiss(banner *self);
void closing_create(window *self);
void closing_ask(window *self); /* at once if nothing runs */
void closing_idle(window *self);

/* crash_note.c: what crashed last time; tells of each crash once. */
crash_note *crash_note_create(window *self, bh_object *parent);
bh_object *crash_note_object(const crash_note *self);
void crash_note_destroy(crash_note *self); /* not its widget, which is the window's */
bool crash_note_is_shown(const crash_note *self);
void crash_note_add(crash_note *self, const char *left, bool resumable); /* what the crash has left; "": nothing */

/* window.c */
void window_refresh(window *self);               /* soon */
void window_select(window *self, selected what); /* shows what belongs to it */
void window_add_files(window *self, const char *const *paths);
void window_complain(window *self, const char *sentence);

#endif
