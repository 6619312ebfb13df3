/* Making a schema: one pass over the file, which counts numbers and texts of each column, and collects the categories of those
 * that begin with a text. A second one, where it turns out only later that a column is one of categories. */
#include "jobs/table/error.h"
#include "jobs/table/number.h"
#include "jobs/table/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 16 << 20 }; /* bytes of all categories of a column */

/* What is learnt about one column. */
typedef struct learner {
    size_t column;
    bool forced; /* categories, whatever it holds */
    bool collects, complete, overflows;
    uint64_t numbers, texts;
    dictionary words;
} learner;

typedef struct lesson {
    const char *path;
    const table_options *options;
    const table_choices *choices;
    size_t count; /* features, and the target last */
    learner *learners;
    bool has_target, sparse, named, again;
    size_t columns;
    uint64_t rows;
    uint64_t entries;
    uint32_t greatest; /* index */
    bool zero;         /* there was an index 0 */
} lesson;

/* --- which columns */

static bh_status add_learner(lesson *work, const table_facts *facts, size_t column, bool target, table_error *error)
{
    for (size_t i = 0; i < work->count; i++)
        if (work->learners[i].column == column)
            return table__fail(error, BH_ERROR_EXISTS, 0, "the column '%s' is %s: leave it out of the features",
                               facts->names[column], target ? "the target and a feature" : "named twice");
    work->learners[work->count++] = (learner){.column = column, .complete = true};
    return BH_OK;
}

static bh_status choose_features(lesson *work, const table_facts *facts, int64_t target, table_error *error)
{
    const table_choices *choices = work->choices;
    bh_status status = BH_OK;
    for (size_t i = 0; !status && choices->feature_count == 0 && i < facts->columns; i++)
        if ((int64_t)i != target)
            work->learners[work->count++] = (learner){.column = i, .complete = true};
    for (size_t i = 0; !status && i < choices->feature_count; i++) {
        int64_t column = i < facts->columns ? schema_find_column(facts, choices->features[i], error) : -1;
        if (i >= facts->columns)
            return table__fail(error, BH_ERROR_RANGE, 0, "%zu features are named, but the file has %zu columns",
                               choices->feature_count, facts->columns);
        status = column < 0 ? BH_ERROR_NAME : add_learner(work, facts, (size_t)column, false, error);
    }
    if (!status && work->count == 0)
        return table__fail(error, BH_ERROR_NAME, 0, "no column is left for the features: the file has only the target");
    return status;
}

static bh_status force_categories(lesson *work, const table_facts *facts, table_error *error)
{
    const table_choices *choices = work->choices;
    for (size_t i = 0; i < choices->categorical_count; i++) {
        int64_t column = schema_find_column(facts, choices->categorical[i], error);
        if (column < 0)
            return BH_ERROR_NAME;
        for (size_t k = 0; k < work->count; k++)
            work->learners[k].forced = work->learners[k].forced || work->learners[k].column == (size_t)column;
    }
    if (work->has_target && choices->as == TABLE_TARGET_CLASS)
        work->learners[work->count - 1].forced = true;
    return BH_OK;
}

static bh_status choose(lesson *work, const table_facts *facts, table_error *error)
{
    int64_t target = -1;
    work->named = facts->options.header == TABLE_YES;
    work->columns = facts->columns;
    work->sparse = facts->options.format == TABLE_LIBSVM;
    work->has_target = work->choices->target != NULL;
    work->learners = calloc(facts->columns + 1, sizeof *work->learners);
    if (!work->learners)
        return table__no_memory(error);
    if (work->sparse) {
        work->count = work->has_target;
        work->learners[0] = (learner){.forced = work->choices->as == TABLE_TARGET_CLASS, .complete = true};
        return BH_OK;
    }
    if (work->has_target && (target = schema_find_column(facts, work->choices->target, error)) < 0)
        return BH_ERROR_NAME;
    bh_status status = choose_features(work, facts, target, error);
    if (!status && work->has_target)
        status = add_learner(work, facts, (size_t)target, true, error);
    return status ? status : force_categories(work, facts, error);
}

/* --- one pass */

static bh_status learn_text(learner *pupil, const char *text, size_t length, table_error *error)
{
    double value;
    if (!pupil->forced && table__number(text, length, &value) != NUMBER_NONE)
        pupil->numbers++;
    else if (table__is_missing(text, length))
        return BH_OK;
    else
        pupil->texts++;
    if (pupil->numbers + pupil->texts == 1)
        pupil->collects = pupil->forced || pupil->texts;
    pupil->complete = pupil->complete && pupil->collects;
    if (!pupil->collects || pupil->overflows)
        return BH_OK;
    int64_t number = dictionary_count(&pupil->words, text, length, TABLE_MAX_CATEGORIES);
    if (number == DICTIONARY_NO_MEMORY)
        return table__no_memory(error);
    pupil->overflows = number == DICTIONARY_NONE || pupil->words.used > MOST_TEXT;
    return BH_OK;
}

static bh_status learn_cell(learner *pupil, const table_cell *cell, table_error *error)
{
    const char *text = cell->text;
    size_t length = cell->length;
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    return learn_text(pupil, text, length, error);
}

static bh_status learn_sparse(lesson *work, const table_row *row, table_error *error)
{
    char label[40];
    if (row->count) { /* they rise */
        uint32_t last = row->index[row->count - 1];
        work->zero = work->zero || row->index[0] == 0;
        work->greatest = last > work->greatest ? last : work->greatest;
        work->entries += row->count;
    }
    if (!work->has_target)
        return BH_OK;
    int length = snprintf(label, sizeof label, "%.17g", row->label);
    return learn_text(&work->learners[0], label, (size_t)length, error);
}

static bh_status learn_rows(lesson *work, table_reader *reader, table_error *error)
{
    const table_row *row;
    bh_status status;
    while (!(status = table_reader_next(reader, &row, error)) && row) {
        work->rows++;
        if (work->sparse)
            status = learn_sparse(work, row, error);
        for (size_t i = 0; !work->sparse && !status && i < work->count; i++)
            status = learn_cell(&work->learners[i], &row->cells[work->learners[i].column], error);
        if (status)
            return status;
    }
    return status;
}

/* --- what comes of it */

static bool is_category(const lesson *work, size_t i)
{
    const learner *pupil = &work->learners[i];
    if (work->has_target && i == work->count - 1 && work->choices->as == TABLE_TARGET_NUMBER)
        return false;
    /* A few texts among many numbers are mistakes in the file, not categories. */
    return pupil->forced || pupil->texts * 20 > pupil->numbers + pupil->texts;
}

static bh_status judge(lesson *work, const table_facts *facts, table_error *error)
{
    work->again = false;
    for (size_t i = 0; i < work->count; i++) {
        learner *pupil = &work->learners[i];
        const char *name = work->sparse ? "label" : facts->names[pupil->column];
        if (!is_category(work, i))
            continue;
        if (pupil->overflows)
            return table__fail(
                error, BH_ERROR_RANGE, 0,
                "the column '%s' is text with more than %d different values, or long ones: leave it out of the features", name,
                TABLE_MAX_CATEGORIES);
        if (!pupil->complete) {
            dictionary_clear(&pupil->words);
            *pupil = (learner){.column = pupil->column, .forced = true, .complete = true};
            work->again = true;
        } else if (pupil->words.count == 0) {
            return table__fail(error, BH_ERROR_FORMAT, 0, "the column '%s' has no values: leave it out", name);
        }
    }
    if (work->rows == 0)
        return table__fail(error, BH_ERROR_FORMAT, 0, "the file has no good row");
    if (work->sparse && work->entries == 0)
        return table__fail(error, BH_ERROR_FORMAT, 0, "no row of the file has a value");
    return BH_OK;
}

static bool fill_column(const lesson *work, size_t i, const char *name, table_column *column)
{
    column->kind = is_category(work, i) ? TABLE_CATEGORY : TABLE_NUMBER;
    column->number = work->learners[i].column;
    column->name = table__copy(name, strlen(name));
    return column->name && (column->kind == TABLE_NUMBER || schema_set_categories(column, &work->learners[i].words));
}

static bool fill(const lesson *work, const table_facts *facts, table_schema *schema)
{
    bool memory = true;
    schema->named = work->named;
    schema->columns = work->columns;
    schema->sparse = work->sparse;
    schema->has_target = work->has_target;
    if (work->sparse) {
        schema->index_base = work->zero ? 0 : 1;
        schema->feature_count = work->greatest + 1 - schema->index_base;
        return !work->has_target || fill_column(work, 0, "label", &schema->target);
    }
    size_t count = work->count - work->has_target;
    schema->features = calloc(count + 1, sizeof *schema->features);
    memory = schema->features != NULL;
    schema->feature_count = memory ? count : 0;
    for (size_t i = 0; memory && i < work->count; i++)
        memory = fill_column(work, i, facts->names[work->learners[i].column], i < count ? &schema->features[i] : &schema->target);
    return memory;
}

/* One pass over the file; the second one knows which columns are categories. */
static bh_status pass(lesson *work, table_schema *schema, table_error *error)
{
    table_reader *reader;
    bh_status status = table_reader_open(work->path, work->options, &reader, error);
    if (status)
        return status;
    const table_facts *facts = table_reader_facts(reader);
    if (!work->learners)
        status = choose(work, facts, error);
    else if (facts->columns != work->columns)
        status = table__fail(error, BH_ERROR_IO, 0, "the file has changed while it was read");
    work->rows = 0;
    if (!status)
        status = learn_rows(work, reader, error);
    if (!status)
        status = judge(work, facts, error);
    if (!status && !work->again && !fill(work, facts, schema))
        status = table__no_memory(error);
    table_reader_close(reader);
    return status;
}

bh_status table_schema_make(const char *path, const table_options *options, const table_choices *choices, table_schema **out,
                            table_error *error)
{
    table_choices all;
    table_choices_init(&all);
    lesson work = {.path = path, .options = options, .choices = choices ? choices : &all};
    table_schema *schema = calloc(1, sizeof *schema);
    bh_status status = schema ? pass(&work, schema, error) : table__no_memory(error);
    if (!status && work.again)
        status = pass(&work, schema, error);
    for (size_t i = 0; i < work.count; i++)
        dictionary_clear(&work.learners[i].words);
    free(work.learners);
    if (status) {
        table_schema_destroy(schema);
        schema = NULL;
    }
    *out = schema;
    return status;
}
