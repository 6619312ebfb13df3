/* The page of a data set: what it is, its columns and rows, what is wrong with it, and what is chosen about it. */
#ifndef APP_WINDOW_DATA_PAGE_H
#define APP_WINDOW_DATA_PAGE_H

#include "project/project.h"

typedef struct data_page data_page;

data_page *data_page_create(project *of, bh_object *parent);
bh_object *data_page_object(const data_page *self);
bh_thread_pool *data_page_pool(const data_page *self);  /* that reads rows */
void data_page_show(data_page *self, int64_t data_set); /* 0: keeps what is shown */
int64_t data_page_shown(const data_page *self);
void data_page_update(data_page *self);
void data_page_destroy(data_page *self); /* after its object; NULL does nothing */

#endif
