/* Texts of a form's fields as lists of values, and all combinations of them. No window here. */
#ifndef APP_WINDOW_NEW_RUN_GRID_H
#define APP_WINDOW_NEW_RUN_GRID_H

#include "jobs/trainer/parameters.h"

#include <stddef.h>

enum { GRID_MOST_VALUES = 200, GRID_MOST_RUNS = 200, GRID_SENTENCE = 256 };

typedef struct grid_values {
    double list[GRID_MOST_VALUES];
    int count; /* 0: wrong */
    char wrong[GRID_SENTENCE];
} grid_values;

/* "0.3", "0.1, 0.3", "3..6": each checked. "" is the default. Choices are by name. */
void grid_read(parameter_id id, const char *text, grid_values *out);

typedef struct grid {
    grid_values values[PARAMETER_COUNT];
} grid;

/* How many runs; 0: a value is wrong. Not bounded by GRID_MOST_RUNS. */
double grid_count(const grid *self);

/* The values of run NUMBER, from 0; what comes first in the table changes least often. */
void grid_at(const grid *self, size_t number, double out[PARAMETER_COUNT]);

/* "eta 0.1, max_depth 3": what differs among the runs; "" for a single one. */
void grid_name(const grid *self, const double values[PARAMETER_COUNT], char *out, size_t size);

#endif
