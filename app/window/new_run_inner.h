/* Inside the form for new runs. */
#ifndef APP_WINDOW_NEW_RUN_INNER_H
#define APP_WINDOW_NEW_RUN_INNER_H

#include "window/new_run.h"
#include "window/new_run_grid.h"
#include "window/parts.h"
#include "window/text.h"

typedef struct new_run {
    bh_object *dialog;
    project *project;
    int64_t *data_sets; /* of the box */
    size_t data_count;
    bh_object *data, *target, *name, *notes, *validation, *seed, *split_note, *in_process, *in_thread, *mode_note;
    bh_object *more, *more_fields, *help, *says, *start;
    struct {
        struct new_run *self;
        bh_object *edit, *note;
    } fields[PARAMETER_COUNT];
    grid grid;
    bool filling, trainable;
} new_run;

/* new_run_make.c */
void new_run_make(new_run *self);

/* new_run_fields.c: texts in and out of the fields. */
void new_run_field_text(const new_run *self, parameter_id id, char out[GRID_SENTENCE]);
void new_run_set_field(const new_run *self, parameter_id id, const char *text);
void new_run_check(new_run *self);       /* all fields; says what is wrong beside them, and how many runs */
void new_run_choose_data(new_run *self); /* fills in what belongs to the data set */
void new_run_look_again(new_run *self);  /* the data set has changed; what was filled in stays */
void new_run_show_help(new_run *self, parameter_id id);
int64_t new_run_data_set(const new_run *self); /* 0: there is none */

/* new_run_start.c */
void new_run_start(new_run *self);
void new_run_remember(const new_run *self, int64_t data_set);
bool new_run_recall(new_run *self, int64_t data_set);

/* Title of a parameter's field, with its mnemonic. */
const char *new_run_label(parameter_id id);

#endif
