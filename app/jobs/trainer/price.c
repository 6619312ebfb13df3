/* What it costs to draw anew. */
#include "jobs/trainer/price.h"

#include <math.h>

static const double share = 0.01; /* of the time that it may cost */
static const double most_s = 3;   /* from one to the next, whatever it costs: a machine may be several times slower than this */
static const double entry_s = 1.2e-9; /* a round, for each value, level of the tree and tree */
static const double row_s = 20e-9;    /* a round, for each row and tree: gradient, metric */
static const double anew_s = 0.3e-3;  /* to configure the booster */
static const double cell_s = 5e-9;    /* for each bin of each feature in each node: histograms that are allocated again */

training_size training_size_of(const table *train, const table *validation, size_t classes)
{
    training_size size = {.rows = (double)train->rows, .trees = classes > 2 ? (double)classes : 1};
    size.validation_rows = validation ? (double)validation->rows : 0;
    size.entries =
        train->dense ? size.rows * (double)train->features - (double)train->missing : (double)train->begin[train->rows];
    return size;
}

int price_every(const training_size *size, const parameter_values *values)
{
    const double *value = values->value;
    if (!parameters_draw(values))
        return 1;
    double depth = value[PARAMETER_MAX_DEPTH];
    double entries = size->entries * value[PARAMETER_SUBSAMPLE] * value[PARAMETER_COLSAMPLE];
    double rows = size->rows + size->validation_rows;
    double round = size->trees * (entries * depth * entry_s + rows * row_s);
    double bins = fmin(value[PARAMETER_MAX_BIN], size->rows), nodes = fmin(exp2(depth), size->rows);
    double cost = anew_s + size->entries / size->rows * bins * nodes * cell_s;
    double every = fmin(ceil(cost / (share * round)), floor(most_s / round));
    return every < value[PARAMETER_ROUNDS] ? (int)fmax(every, 1) : (int)value[PARAMETER_ROUNDS];
}
