/* What a run's JSON says, as numbers: parameters and metrics, for tables, forms and pages. */
#ifndef APP_WINDOW_RUN_FACTS_H
#define APP_WINDOW_RUN_FACTS_H

#include "jobs/trainer/parameters.h"
#include "project/project.h"
#include "window/text.h"

typedef struct run_facts {
    double value[PARAMETER_COUNT]; /* a choice: its place; the default where it is not given */
    double validation, split_seed;
    double train, valid; /* NaN: none */
    char metric[24];     /* what these are; "" if not known yet */
} run_facts;

/* Parameters never change, metrics do. */
void run_facts_parameters(const store_run *row, run_facts *out);
void run_facts_metrics(const store_run *row, run_facts *out);

/* Whether the run with A is better than that with B; only where both have the same metric. */
bool run_facts_better(const run_facts *a, const run_facts *b);

/* What is compared: validation where there is one, else training. */
double run_facts_score(const run_facts *facts);

/* "0.3", "hist"; "" where it is not given. */
const char *run_parameter_text(parameter_id id, double value, char out[TEXT_SIZE]);
const char *run_number_text(double value, char out[TEXT_SIZE]);
const char *run_date_text(int64_t ms, char out[TEXT_SIZE]);

/* "running", "interrupted" … for a person, and the colour for it. */
const char *run_state_text(const store_run *row, const project_job *job);
bh_color run_state_color(const store_run *row, const project_job *job);

#endif
