/* A table of names and values, as parameters and metrics are shown. */
#ifndef APP_WINDOW_RUN_PAIRS_H
#define APP_WINDOW_RUN_PAIRS_H

#include <bulkhead/bulkhead.h>

typedef struct run_pairs run_pairs;

/* A table under PARENT, which it goes with, of a static const DESCRIPTION made by RUN_PAIRS. NULL: no memory. */
run_pairs *run_pairs_create(bh_object *parent, const char *name, const char *accessible, const bh_table_model *description);

/* Of a description: RUN_PAIRS(2, titles). */
void run_pairs_cell(void *user, int row, int column, bh_table_role role, bh_value *out);
void run_pairs_destroyed(void *user);
#define RUN_PAIRS(count, names)                                                                                              \
    {                                                                                                                        \
        BH_TABLE_MODEL_INIT, .columns = (count), .titles = (names), .cell = run_pairs_cell, .destroyed = run_pairs_destroyed \
    }

bh_object *run_pairs_table(const run_pairs *self);

/* New contents: begin, add each row, show. TIP may be NULL; SHARE is 0 to 1, negative for no bar; BOLD marks a row. */
void run_pairs_begin(run_pairs *self);
void run_pairs_add(run_pairs *self, const char *const *texts, const char *tip, double share, bool bold);
void run_pairs_show(run_pairs *self);

#endif
