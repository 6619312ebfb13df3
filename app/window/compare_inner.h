/* Inside the page that compares. */
#ifndef APP_WINDOW_COMPARE_INNER_H
#define APP_WINDOW_COMPARE_INNER_H

#include "window/compare_page.h"
#include "window/compare_rows.h"
#include "window/log_scale.h"
#include "window/parts.h"
#include "window/text.h"

enum { COMPARE_MOST_CURVES = 64, COMPARE_LETTERS = 30 }; /* of a run's name */

typedef struct compare_page {
    bh_object *page, *stack, *chart, *table, *model;
    bh_object *filter, *data, *state, *says, *export;
    log_scale scale; /* of the chart */
    project *project;
    compare_rows rows;
    int64_t *data_sets; /* of the box, behind "All data sets" */
    size_t data_count;
    int64_t selected; /* the run whose differences are shown; 0: none */
    int64_t *listed;  /* the runs of the table, in its order */
    int listed_count;
    int checked;
    bool refreshing, filling, data_changed;
} compare_page;

/* compare_table.c */
bool compare_table_make(compare_page *self, bh_object *parent);
void compare_table_arrange(compare_page *self); /* rows have been arranged */
void compare_table_update(compare_page *self);  /* values have changed */

/* compare_curves.c */
bool compare_check(compare_page *self, compare_entry *entry, bool on); /* false: too many */
void compare_read_curves(compare_page *self);                          /* of all that are checked, where they have grown */
void compare_scale(compare_page *self);                                /* other curves are in the chart */

/* compare_page.c */
void compare_arrange(compare_page *self);
void compare_say(compare_page *self);

#endif
