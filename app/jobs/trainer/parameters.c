/* The table of parameters, and what can be said about values before anything runs. */
#include "jobs/trainer/parameters.h"

#include "jobs/trainer/fail.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const objectives[] = {"auto", "binary", "multi-class", "regression", NULL};
static const char *const methods[] = {"hist", "exact", NULL};
static const char *const metrics[] = {"auto", "logloss", "error", "auc", "aucpr", "mlogloss", "merror", "rmse", "mae", NULL};

enum { LOGLOSS = 1, ERROR_RATE, AUC, AUCPR, MLOGLOSS, MERROR, RMSE, MAE };

const parameter parameters[PARAMETER_COUNT] = {
    [PARAMETER_OBJECTIVE] = {"objective", PARAMETER_CHOICE, OBJECTIVE_AUTO, 0, 0, false, objectives,
                             "What is predicted: one of two classes, one of several, or a number; auto tells it by the target."},
    [PARAMETER_ROUNDS] = {"rounds", PARAMETER_INT, 100, 1, 100000, false, NULL,
                          "How many rounds of boosting; each adds a tree, or one for each class."},
    [PARAMETER_ETA] = {"eta", PARAMETER_REAL, 0.3, 0, 1, true, NULL,
                       "Learning rate: how much of each new tree is taken; smaller needs more rounds and overfits less."},
    [PARAMETER_MAX_DEPTH] = {"max_depth", PARAMETER_INT, 6, 1, 30, false, NULL,
                             "How many questions deep a tree may grow; deeper fits more and overfits sooner."},
    [PARAMETER_MIN_CHILD_WEIGHT] = {"min_child_weight", PARAMETER_REAL, 1, 0, 1e9, false, NULL,
                                    "The least weight of rows in a leaf; greater makes more cautious trees."},
    [PARAMETER_SUBSAMPLE] = {"subsample", PARAMETER_REAL, 1, 0, 1, true, NULL,
                             "The part of the rows that each round looks at, drawn anew each time."},
    [PARAMETER_COLSAMPLE] = {"colsample_bytree", PARAMETER_REAL, 1, 0, 1, true, NULL,
                             "The part of the features that each tree may use, drawn anew for each."},
    [PARAMETER_GAMMA] = {"gamma", PARAMETER_REAL, 0, 0, 1e9, false, NULL,
                         "The least gain for which a leaf is split; greater makes smaller trees."},
    [PARAMETER_LAMBDA] = {"lambda", PARAMETER_REAL, 1, 0, 1e9, false, NULL,
                          "L2 regularisation: pulls the values of leaves towards zero."},
    [PARAMETER_ALPHA] = {"alpha", PARAMETER_REAL, 0, 0, 1e9, false, NULL,
                         "L1 regularisation: sets small values of leaves to zero."},
    [PARAMETER_TREE_METHOD] = {"tree_method", PARAMETER_CHOICE, TREE_HIST, 0, 0, false, methods,
                               "How splits are found: among bins of values, which is fast, or among all of them."},
    [PARAMETER_MAX_BIN] = {"max_bin", PARAMETER_INT, 256, 2, 4096, false, NULL,
                           "Into how many bins hist sorts the values of a feature; more is finer and slower."},
    [PARAMETER_SCALE_POS_WEIGHT] = {"scale_pos_weight", PARAMETER_REAL, 1, 0, 1e9, true, NULL,
                                    "How much more a row of the second of two classes counts; for classes of unequal size."},
    [PARAMETER_METRIC] = {"eval_metric", PARAMETER_CHOICE, METRIC_AUTO, 0, 0, false, metrics,
                          "What the curves show and early stopping goes by; auto is logloss, mlogloss or rmse."},
    [PARAMETER_EARLY_STOPPING] =
        {"early_stopping_rounds", PARAMETER_INT, 0, 0, 100000, false, NULL,
         "Stop when the validation metric has not improved for so many rounds, and keep the best; 0: never."},
    [PARAMETER_SEED] = {"seed", PARAMETER_INT, 0, 0, 2000000000, false, NULL,
                        "Begins the random choices of rows and features: the same seed gives the same model."},
    [PARAMETER_THREADS] = {"nthread", PARAMETER_INT, 0, 0, 256, false, NULL,
                           "Processors that a round uses at a time; 0: as many as the process may use."},
};

void parameters_init(parameter_values *values)
{
    for (int i = 0; i < PARAMETER_COUNT; i++)
        values->value[i] = parameters[i].fallback;
}

bh_status parameters_check_value(parameter_id id, double value, table_error *error)
{
    const parameter *p = &parameters[id];
    if (p->kind == PARAMETER_INT && value != floor(value))
        return train_fail(error, BH_ERROR_TYPE, "%s is %g: it must be a whole number", p->name, value);
    if (p->kind == PARAMETER_CHOICE || (value >= p->least && value <= p->most && !(p->above && value == p->least)))
        return BH_OK;
    return train_fail(error, BH_ERROR_RANGE, "%s is %.12g: it must be %s %.12g and at most %.12g", p->name, value,
                      p->above ? "above" : "at least", p->least, p->most);
}

static bh_status read_choice(bh_message_view view, parameter_id id, double *value, table_error *error)
{
    const parameter *p = &parameters[id];
    const char *text;
    char all[256] = "";
    if (bh_message_view_type(view) != BH_MESSAGE_STRING || bh_message_read_string(view, NULL, &text))
        return train_fail(error, BH_ERROR_TYPE, "%s is %s: it must be one of its choices, a string", p->name,
                          bh_message_type_name(bh_message_view_type(view)));
    for (int i = 0; p->choices[i]; i++) {
        if (strcmp(p->choices[i], text) == 0) {
            *value = i;
            return BH_OK;
        }
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", p->choices[i]);
    }
    return train_fail(error, BH_ERROR_NAME, "%s is '%.60s': it must be one of %s", p->name, text, all);
}

static bh_status read_one(bh_message_view view, parameter_id id, double *value, table_error *error)
{
    bh_message_type type = bh_message_view_type(view);
    if (type == BH_MESSAGE_NOTHING || type == BH_MESSAGE_NULL)
        return BH_OK;
    if (parameters[id].kind == PARAMETER_CHOICE)
        return read_choice(view, id, value, error);
    if ((type != BH_MESSAGE_INT && type != BH_MESSAGE_DOUBLE) || bh_message_read_double(view, NULL, value))
        return train_fail(error, BH_ERROR_TYPE, "%s is %s: it must be a number", parameters[id].name, bh_message_type_name(type));
    return parameters_check_value(id, *value, error);
}

bh_status parameters_read(bh_message_view arguments, parameter_values *values, table_error *error)
{
    bh_status status = BH_OK;
    parameters_init(values);
    for (int i = 0; !status && i < PARAMETER_COUNT; i++)
        status = read_one(bh_message_view_find(arguments, parameters[i].name), (parameter_id)i, &values->value[i], error);
    return status;
}

static bh_status settle_objective(parameter_values *values, size_t classes, table_error *error)
{
    double *objective = &values->value[PARAMETER_OBJECTIVE];
    if (*objective == OBJECTIVE_AUTO)
        *objective = classes == 0 ? OBJECTIVE_REGRESSION : classes == 2 ? OBJECTIVE_BINARY : OBJECTIVE_MULTI_CLASS;
    if (*objective == OBJECTIVE_REGRESSION)
        return classes == 0
                   ? BH_OK
                   : train_fail(error, BH_ERROR_TYPE, "the objective is regression, but the target has %zu classes", classes);
    if (*objective == OBJECTIVE_BINARY && classes != 2)
        return train_fail(error, BH_ERROR_RANGE, "the objective is binary, but the target has %zu classes: it needs 2", classes);
    if (classes < 2)
        return train_fail(error, BH_ERROR_RANGE, "the target has %zu class%s: there is nothing to tell apart", classes,
                          classes == 1 ? "" : "es");
    return BH_OK;
}

static bh_status settle_metric(parameter_values *values, table_error *error)
{
    static const int first[] = {[OBJECTIVE_BINARY] = LOGLOSS, [OBJECTIVE_MULTI_CLASS] = MLOGLOSS, [OBJECTIVE_REGRESSION] = RMSE};
    static const int last[] = {[OBJECTIVE_BINARY] = AUCPR, [OBJECTIVE_MULTI_CLASS] = MERROR, [OBJECTIVE_REGRESSION] = MAE};
    int objective = (int)values->value[PARAMETER_OBJECTIVE], metric = (int)values->value[PARAMETER_METRIC];
    if (metric == METRIC_AUTO)
        values->value[PARAMETER_METRIC] = metric = first[objective];
    if (metric >= first[objective] && metric <= last[objective])
        return BH_OK;
    return train_fail(error, BH_ERROR_RANGE, "eval_metric is %s: it does not fit the objective %s; %s does", metrics[metric],
                      objectives[objective], metrics[first[objective]]);
}

bh_status parameters_settle(parameter_values *values, size_t classes, bool validation, bool categories, table_error *error)
{
    bh_status status = settle_objective(values, classes, error);
    if (!status)
        status = settle_metric(values, error);
    if (status)
        return status;
    if (values->value[PARAMETER_SCALE_POS_WEIGHT] != 1 && values->value[PARAMETER_OBJECTIVE] != OBJECTIVE_BINARY)
        return train_fail(error, BH_ERROR_RANGE, "scale_pos_weight is %g: it is for two classes only",
                          values->value[PARAMETER_SCALE_POS_WEIGHT]);
    if (values->value[PARAMETER_EARLY_STOPPING] > 0 && !validation)
        return train_fail(error, BH_ERROR_RANGE, "early_stopping_rounds is %g, but there are no validation rows to go by",
                          values->value[PARAMETER_EARLY_STOPPING]);
    if (values->value[PARAMETER_TREE_METHOD] == TREE_EXACT && categories)
        return train_fail(error, BH_ERROR_RANGE, "tree_method is exact, which knows no categories: take hist");
    return BH_OK;
}

const char *parameters_choice(const parameter_values *values, parameter_id id)
{
    return parameters[id].choices[(int)values->value[id]];
}

bool parameters_greater_is_better(const parameter_values *values)
{
    int metric = (int)values->value[PARAMETER_METRIC];
    return metric == AUC || metric == AUCPR;
}

bool parameters_draw(const parameter_values *values)
{
    const double *value = values->value;
    return value[PARAMETER_TREE_METHOD] == TREE_HIST && (value[PARAMETER_SUBSAMPLE] < 1 || value[PARAMETER_COLSAMPLE] < 1);
}

void parameters_write(const parameter_values *values, bh_message *message)
{
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        if (parameters[i].kind == PARAMETER_CHOICE)
            bh_message_add_string(message, parameters[i].name, parameters_choice(values, (parameter_id)i));
        else if (parameters[i].kind == PARAMETER_INT)
            bh_message_add_int(message, parameters[i].name, (int64_t)values->value[i]);
        else
            bh_message_add_double(message, parameters[i].name, values->value[i]);
    }
}

/* As few digits as tell it from any other number. */
static void print_number(char *out, size_t size, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, size, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            return;
    }
}

void parameters_text(const parameter_values *values, char *out)
{
    char number[32];
    size_t used = 0;
    for (int i = 0; i < PARAMETER_COUNT; i++) {
        if (i == PARAMETER_THREADS)
            continue;
        const char *text = number;
        if (parameters[i].kind == PARAMETER_CHOICE)
            text = parameters_choice(values, (parameter_id)i);
        else
            print_number(number, sizeof number, values->value[i]);
        used += (size_t)snprintf(out + used, PARAMETERS_TEXT - used, "%s=%s\n", parameters[i].name, text);
    }
}
