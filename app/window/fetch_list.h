/* The list of files in the fetch dialog, each to be chosen or not. */
#ifndef APP_WINDOW_FETCH_LIST_H
#define APP_WINDOW_FETCH_LIST_H

#include "jobs/manifest/manifest.h"
#include "project/project.h"

typedef struct fetch_list {
    project_fetch_item *items; /* with strings of their own */
    bool *chosen;
    size_t count;
    bh_object *table, *model;
    void (*changed)(void *user); /* a person has chosen otherwise */
    void *user;
} fetch_list;

/* SELF must live until its model is gone. */
void fetch_list_create(fetch_list *self, bh_object *parent);

/* Shows a copy of LIST, all chosen. SOURCE: where it was, or NULL. */
void fetch_list_set(fetch_list *self, const manifest *list, const char *source);
size_t fetch_list_chosen(const fetch_list *self, int64_t *bytes); /* how many, and their sizes as far as they are known */
void fetch_list_choose_all(fetch_list *self, bool chosen);
bh_status fetch_list_start(const fetch_list *self, project *of); /* queues those that are chosen */
void fetch_list_clear(fetch_list *self);

#endif
