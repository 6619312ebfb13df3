/* The page of fetches: all of them in a table, and the chosen one with what can be done about it. */
#ifndef APP_WINDOW_FETCH_PAGE_H
#define APP_WINDOW_FETCH_PAGE_H

#include "project/project.h"

typedef struct fetch_page fetch_page;

fetch_page *fetch_page_create(project *of, bh_object *parent);
bh_object *fetch_page_object(const fetch_page *self);
void fetch_page_show(fetch_page *self, int64_t fetch); /* 0: keeps what is chosen */
void fetch_page_update(fetch_page *self);
void fetch_page_destroy(fetch_page *self); /* after its object; NULL does nothing */

#endif
