/* Rows of a table: divided at random into those to train with and those to validate with, and taken by number. */
#include "jobs/table/error.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64: whole numbers only, so it is the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A number below BOUND, each as likely as the others. */
static uint64_t below(uint64_t *state, uint64_t bound)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound, number;
    do
        number = next(state);
    while (number >= limit);
    return number % bound;
}

bh_status table_split_make(size_t rows, double validation, uint64_t seed, table_split *split, table_error *error)
{
    *split = (table_split){0};
    if (!(validation >= 0 && validation <= 1))
        return table__fail(error, BH_ERROR_RANGE, 0, "the validation part is %g: it must be between 0 and 1", validation);
    size_t *numbers = calloc(rows + 1, sizeof *numbers), *order = calloc(rows + 1, sizeof *order);
    if (!numbers || !order) {
        free(numbers);
        free(order);
        return table__no_memory(error);
    }
    size_t wanted = (size_t)((double)rows * validation + 0.5);
    for (size_t i = 0; i < rows; i++)
        order[i] = i;
    for (size_t i = 0; i < wanted; i++) { /* the first ones of a shuffle are marked */
        size_t other = i + (size_t)below(&seed, rows - i), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
        numbers[order[i]] = 1;
    }
    size_t train = 0, valid = 0;
    for (size_t i = 0; i < rows; i++)
        order[numbers[i] ? rows - wanted + valid++ : train++] = i;
    free(numbers);
    *split = (table_split){train, valid, order, order + train};
    return BH_OK;
}

static bool make_arrays(table *out, const table *data, size_t entries)
{
    size_t values;
    if (__builtin_mul_overflow(out->rows + 1, data->features * sizeof *data->dense + 1, &values))
        return false;
    out->line = malloc((out->rows + 1) * sizeof *out->line);
    out->label = data->label ? malloc((out->rows + 1) * sizeof *out->label) : NULL;
    out->dense = data->dense ? malloc(values) : NULL;
    if (data->begin) {
        out->begin = malloc((out->rows + 1) * sizeof *out->begin);
        out->index = malloc((entries + 1) * sizeof *out->index);
        out->value = malloc((entries + 1) * sizeof *out->value);
    }
    return out->line && (!data->label || out->label) && (!data->dense || out->dense) &&
           (!data->begin || (out->begin && out->index && out->value));
}

static void copy_row(table *out, size_t to, const table *data, size_t from)
{
    out->line[to] = data->line[from];
    if (data->label)
        out->label[to] = data->label[from];
    if (data->dense)
        memcpy(out->dense + to * data->features, data->dense + from * data->features, data->features * sizeof *data->dense);
    if (data->begin) {
        uint64_t begin = data->begin[from], count = data->begin[from + 1] - begin, used = out->begin[to];
        memcpy(out->index + used, data->index + begin, count * sizeof *data->index);
        memcpy(out->value + used, data->value + begin, count * sizeof *data->value);
        out->begin[to + 1] = used + count;
    }
}

bh_status table_take(const table *data, const size_t *rows, size_t count, table **out, table_error *error)
{
    size_t entries = 0;
    *out = NULL;
    for (size_t i = 0; i < count; i++) {
        if (rows[i] >= data->rows)
            return table__fail(error, BH_ERROR_RANGE, 0, "there is no row %zu among %zu", rows[i], data->rows);
        entries += data->begin ? data->begin[rows[i] + 1] - data->begin[rows[i]] : 0;
    }
    table *taken = calloc(1, sizeof *taken);
    if (!taken)
        return table__no_memory(error);
    taken->rows = count;
    taken->features = data->features;
    if (!make_arrays(taken, data, entries)) {
        table_destroy(taken);
        return table__no_memory(error);
    }
    if (taken->begin)
        taken->begin[0] = 0;
    for (size_t i = 0; i < count; i++)
        copy_row(taken, i, data, rows[i]);
    *out = taken;
    return BH_OK;
}
