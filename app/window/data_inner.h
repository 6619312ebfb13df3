/* Inside the page of data: what its files share. */
#ifndef APP_WINDOW_DATA_INNER_H
#define APP_WINDOW_DATA_INNER_H

#include "window/choices.h"
#include "window/data_page.h"
#include "window/parts.h"
#include "window/rows.h"

struct data_page {
    project *project;
    bh_thread_pool *pool;
    bh_object *object, *empty, *body, *title, *says, *train, *again;
    bh_object *notice, *notice_text, *open, *bar, *stop;
    bh_object *tabs, *columns, *columns_model, *rows_view, *rows_model, *bad, *bad_model, *notes;
    int64_t shown, seen; /* the data set; when its row had changed last */
    facts *facts;        /* NULL: none yet */
    rows *rows;
    choices choices;
    int generation; /* of readings of facts */
    bool gone;
    int refs; /* the window, the models of tables, and readings that are under way */
};

/* data_tables.c: the tables of columns, rows and bad rows. */
void data_tables_create(data_page *self, bh_object *parent);
void data_tables_show(data_page *self, facts *fresh); /* takes FRESH, NULL: nothing is known */
void data_tables_marked(data_page *self);             /* the choices have changed */

/* data_page.c: whoever counts in refs lets go. */
void data_page_unref(void *page);

#endif
