/* The cost of checkpoints. */
#include "jobs/trainer/price.h"

#include <math.h>

static const double share = 0.02;        /* of the time that checkpoints may cost */
static const double most_lost_s = 10;    /* of training, by a death; whatever checkpoints cost */
static const double entry_s = 1.2e-9;    /* a round, for each value, level of the tree and tree */
static const double row_s = 20e-9;       /* a round, for each row and tree: gradient, metric */
static const double node_s = 150e-9;     /* a checkpoint, for each node of all trees: written, read */
static const double question_s = 1.5e-9; /* a checkpoint, for each row, tree and level: predicting anew where the trees lead to */
static const double checkpoint_s = 0.005; /* a checkpoint, whatever its size: the disk */

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
    double rows = size->rows + size->validation_rows, depth = value[PARAMETER_MAX_DEPTH];
    double entries = size->entries * value[PARAMETER_SUBSAMPLE] * value[PARAMETER_COLSAMPLE];
    double round = size->trees * (entries * depth * entry_s + rows * row_s);
    double nodes = fmin(exp2(depth + 1), 2 * size->rows);
    double trees = size->trees * value[PARAMETER_ROUNDS] / 2; /* that there are, on the average */
    double cost = checkpoint_s + trees * (nodes * node_s + rows * depth * question_s);
    double every = fmin(ceil(cost / (share * round)), floor(most_lost_s / round));
    return every < value[PARAMETER_ROUNDS] ? (int)fmax(every, 1) : (int)value[PARAMETER_ROUNDS];
}
