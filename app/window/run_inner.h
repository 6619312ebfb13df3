/* Inside the page of a run. */
#ifndef APP_WINDOW_RUN_INNER_H
#define APP_WINDOW_RUN_INNER_H

#include "window/log_scale.h"
#include "window/parts.h"
#include "window/run_facts.h"
#include "window/run_page.h"
#include "window/run_pairs.h"

typedef struct run_page {
    bh_object *page, *stack;
    project *project;
    int64_t run; /* 0: none */
    bh_object *title, *state, *about, *trouble, *bar, *progress;
    bh_object *stop, *kill, *resume, *predict, *save;
    bh_object *chart, *tabs, *notes;
    log_scale scale; /* of the chart */
    run_pairs *metrics, *features, *parameters;
    int64_t last_round; /* in the chart */
    int train, valid;   /* series; -1: none */
    bool reading, read_again;
    bool notes_edited, filling;
    int notes_turn;                  /* of the newest edit */
    char importance_of[32];          /* which importance is shown: run and time of change */
    int64_t facts_of, parameters_of; /* the run whose parameters are known, and shown */
    run_facts known;
    bool refreshing;
} run_page;

/* run_page_make.c */
bool run_page_make(run_page *self);

/* run_page_state.c: all but the curve, from the run's row and its job. */
void run_page_update(run_page *self);
void run_page_show_title(const run_page *self, const store_run *row);

/* run_page_curve.c */
void run_page_new_curve(run_page *self);
void run_page_read_curve(run_page *self);

/* run_page.c: what buttons and notes do. */
void run_page_save_notes(run_page *self);

#endif
