/* The runs of the comparison: which of them are shown, in which order, and which is the best. No window here. */
#ifndef APP_WINDOW_COMPARE_ROWS_H
#define APP_WINDOW_COMPARE_ROWS_H

#include "window/run_facts.h"

typedef enum compare_column {
    COMPARE_NAME,
    COMPARE_DATA,
    COMPARE_STATE,
    COMPARE_METRIC,
    COMPARE_VALID,
    COMPARE_TRAIN,
    COMPARE_PARAMETER, /* and those behind it, one for each parameter */
    COMPARE_VALIDATION = COMPARE_PARAMETER + PARAMETER_COUNT,
    COMPARE_SPLIT,
    COMPARE_BEST,
    COMPARE_ROUND,
    COMPARE_TIME,
    COMPARE_ADDED,
    COMPARE_NOTES,
    COMPARE_COLUMNS
} compare_column;

/* What is known of a run beside its row. */
typedef struct compare_entry {
    int64_t id, changed, data_set;
    int state;
    run_facts facts;
    bool known; /* its parameters and metrics have been read */
    bool checked, best;
    /* the chart's */
    int series;
    int64_t last_round;
    double least; /* value */
    bool reading;
} compare_entry;

typedef struct compare_rows {
    project *project;
    compare_entry *entries; /* by id */
    size_t count, room;
    int *shown; /* places in entries, as they are shown */
    int shown_count;
    bool differs[COMPARE_COLUMNS]; /* among those shown */
    compare_column column;
    bool descending;
    char filter[256];
    int64_t data_set; /* 0: all */
    int state;        /* -1: all */
} compare_rows;

typedef struct compare_change {
    bool rows;    /* runs came or went, or a state changed */
    bool values;  /* something that is shown changed */
    bool unknown; /* there is more to read: call again */
} compare_change;

/* Takes over what has changed in the project; reads the JSON of runs for at most MOST_MS. GONE is called for entries that go. */
compare_change compare_rows_sync(compare_rows *self, double most_ms, void (*gone)(void *user, compare_entry *entry), void *user);

/* Filters and sorts anew. */
void compare_rows_arrange(compare_rows *self);

compare_entry *compare_rows_at(const compare_rows *self, int row);                  /* NULL: there is no such row */
compare_entry *compare_rows_find(const compare_rows *self, int64_t id);             /* NULL: none */
int compare_rows_row_of(const compare_rows *self, int64_t id);                      /* -1: not shown */
double compare_value(const compare_entry *entry, const store_run *row, int column); /* NaN: none, or a text */
void compare_rows_free(compare_rows *self);

#endif
