/* The parameters of a training: names, ranges, defaults, and a sentence of help for each. The form that asks for them and the job that
 * uses them read this one table. No XGBoost here. */
#ifndef TRAINER_PARAMETERS_H
#define TRAINER_PARAMETERS_H

#include "jobs/table/table.h"

typedef enum parameter_kind { PARAMETER_INT, PARAMETER_REAL, PARAMETER_CHOICE } parameter_kind;

typedef struct parameter {
    const char *name; /* as in a job's arguments, and as XGBoost calls it where it has it */
    parameter_kind kind;
    double fallback;            /* a choice: its place among choices */
    double least, most;         /* both allowed… */
    bool above;                 /* …but least not, where this is set */
    const char *const *choices; /* ends with NULL; NULL for numbers */
    const char *help;           /* one sentence */
} parameter;

/* Places in the table. */
typedef enum parameter_id {
    PARAMETER_OBJECTIVE,
    PARAMETER_ROUNDS,
    PARAMETER_ETA,
    PARAMETER_MAX_DEPTH,
    PARAMETER_MIN_CHILD_WEIGHT,
    PARAMETER_SUBSAMPLE,
    PARAMETER_COLSAMPLE,
    PARAMETER_GAMMA,
    PARAMETER_LAMBDA,
    PARAMETER_ALPHA,
    PARAMETER_TREE_METHOD,
    PARAMETER_MAX_BIN,
    PARAMETER_SCALE_POS_WEIGHT,
    PARAMETER_METRIC,
    PARAMETER_EARLY_STOPPING,
    PARAMETER_SEED,
    PARAMETER_THREADS,
    PARAMETER_COUNT
} parameter_id;

extern const parameter parameters[PARAMETER_COUNT];

enum { OBJECTIVE_AUTO, OBJECTIVE_BINARY, OBJECTIVE_MULTI_CLASS, OBJECTIVE_REGRESSION };
enum { TREE_HIST, TREE_EXACT };
enum { METRIC_AUTO };

enum { PARAMETERS_TEXT = 1024 }; /* room for parameters_text */

typedef struct parameter_values {
    double value[PARAMETER_COUNT]; /* a choice: its place */
} parameter_values;

/* All at their defaults. */
void parameters_init(parameter_values *values);

/* Those of ARGUMENTS that are there, the others at their defaults. Refused, with a sentence: a value of another type, one out of range, no
 * choice of that name. */
bh_status parameters_read(bh_message_view arguments, parameter_values *values, table_error *error);

/* One value, as a form has it. */
bh_status parameters_check_value(parameter_id id, double value, table_error *error);

/* Whether they fit each other and the data: CLASSES of the target, 0 for a number; whether there are VALIDATION rows, and columns that are
 * CATEGORIES. Replaces "auto" by what it stands for. */
bh_status parameters_settle(parameter_values *values, size_t classes, bool validation, bool categories, table_error *error);

/* The name of the choice that was made. */
const char *parameters_choice(const parameter_values *values, parameter_id id);

/* True where a greater value of the metric is better. */
bool parameters_greater_is_better(const parameter_values *values);

/* True where each round draws some of the rows or columns, and the method keeps between rounds what it draws with. */
bool parameters_draw(const parameter_values *values);

/* All of them, to a map of MESSAGE. */
void parameters_write(const parameter_values *values, bh_message *message);

/* A line "name=value" each: all that the model depends on, but not nthread. OUT has room for PARAMETERS_TEXT. */
void parameters_text(const parameter_values *values, char *out);

#endif
