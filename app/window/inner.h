/* Inside the window: what its files share. */
#ifndef APP_WINDOW_INNER_H
#define APP_WINDOW_INNER_H

#include "curves/curves.h"
#include "window/window.h"

#include <bulkhead/bulkhead.h>

typedef enum file_state {
    FILE_READING,
    FILE_WAITING, /* read, but one that was opened before is not: they are shown in their order */
    FILE_READ,
    FILE_FAILED
} file_state;

/* A file of curves, and how its reading goes on. */
typedef struct file {
    window *window;
    char *path;
    const char *name; /* in it */
    file_state state;
    curves curves;                /* the worker's while it reads */
    char why[CURVES_REASON_SIZE]; /* it failed */
    bh_worker *worker;            /* NULL once it has been read */
    bh_tree_item *item;
    int color;                            /* in the comparison */
    int series[CURVES_MOST];              /* there */
    bool hidden[CURVES_MOST];             /* there */
    bh_object *row, *bar, *says, *button; /* in the strip; NULL once it has been read */
    struct file *next;
} file;

typedef struct status_line {
    bh_object *cpu, *memory, *latency;
    double latest, worst_ms;      /* tick, and how late one came */
    double cpu_seconds, asked_at; /* at the last look */
} status_line;

struct window {
    bh_object *object;
    settings *settings;
    const options *options;
    file *files, *current;
    int opened, failed;
    bool started, idle_told;
    bh_object *tree, *tabs, *run_title, *run_chart, *compare_chart, *table, *model, *strip, *strip_layout;
    bh_tree_item *runs;
    bh_object *save, *export, *close, *log;
    status_line status;
};

/* files.c: a file's life. */
void file_dismiss(file *self); /* stops the reading, or takes it out of the window */
file *file_find(const window *self, const bh_tree_item *item);

/* panels.c: the tabs. */
bool panels_create(window *self, bh_object *tabs);
void panels_show_run(window *self); /* self->current, or that there is none */
void panels_add_curves(file *of);   /* to the comparison */
void panels_remove_curves(file *of);
void panels_set_log(window *self, bool on);
bool panels_export(const window *self, const char *path);

/* strip.c: a row for each job. */
bool strip_create(window *self, bh_object *parent);
void strip_add(file *of);
void strip_progress(void *of, int percent);
void strip_fail(file *of);
void strip_remove(file *of);

/* menus.c, status.c */
void menus_create(window *self);
void menus_update(window *self);
void status_create(window *self);

/* window.c: nothing is being read any more, or all of it is gone. */
void window_changed(window *self);

#endif
