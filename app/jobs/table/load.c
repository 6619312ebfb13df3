/* Loading: the numbers of a file, as a schema says what they mean. */
#include "jobs/table/error.h"
#include "jobs/table/number.h"
#include "jobs/table/schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 1024, FIRST_ENTRIES = 8192, SHOWN = 24 };

/* A column of the schema in this file. */
typedef struct place {
    const table_column *column;
    size_t number;    /* of the cell */
    dictionary codes; /* categories by text; their numbers are the codes */
} place;

typedef struct loader {
    const table_schema *schema;
    table_reader *reader;
    table_error *error;
    bool with_target;
    size_t count; /* of places: features, and the target last */
    place *places;
    table *data;
    size_t row_room, entry_room;
} loader;

/* --- where the columns are */

/* Columns without names are found by number, so their number must be right; a file to predict may lack the target at its end. */
static bh_status check_unnamed(const loader *work, const table_facts *facts)
{
    const table_schema *schema = work->schema;
    bool target_last = schema->has_target && schema->target.number + 1 == schema->columns;
    if (facts->columns == schema->columns || (!work->with_target && target_last && facts->columns + 1 == schema->columns))
        return BH_OK;
    return table__fail(work->error, BH_ERROR_NAME, 0,
                       "the file has %zu columns, not %zu: without names in a header they must be the same", facts->columns,
                       schema->columns);
}

static bh_status find_place(loader *work, const table_facts *facts, const table_column *column)
{
    place *found = &work->places[work->count++];
    int64_t number = (int64_t)column->number;
    if (work->schema->named && !work->schema->sparse)
        number = schema_find_column(facts, column->name, work->error);
    if (number < 0)
        return BH_ERROR_NAME;
    found->column = column;
    found->number = (size_t)number;
    for (size_t i = 0; i < column->category_count; i++)
        if (dictionary_count(&found->codes, column->categories[i], strlen(column->categories[i]), TABLE_MAX_CATEGORIES) !=
            (int64_t)i)
            return table__fail(work->error, BH_ERROR_FORMAT, 0,
                               "the categories of column '%s' cannot be told apart: train the model again", column->name);
    return BH_OK;
}

static bh_status find_places(loader *work, const table_facts *facts)
{
    const table_schema *schema = work->schema;
    bool sparse = facts->options.format == TABLE_LIBSVM;
    if (sparse != schema->sparse)
        return table__fail(work->error, BH_ERROR_FORMAT, 0, "this is a %s file, but the columns are those of a %s file",
                           sparse ? "libsvm" : "CSV", schema->sparse ? "libsvm" : "CSV");
    if (!sparse && schema->named && facts->options.header != TABLE_YES)
        return table__fail(work->error, BH_ERROR_NAME, 0, "the file has no header: columns are found by their names, '%s'…",
                           schema->features[0].name);
    size_t features = sparse ? 0 : schema->feature_count;
    work->places = calloc(features + 1, sizeof *work->places);
    bh_status status = work->places ? BH_OK : table__no_memory(work->error);
    if (!status && !sparse && !schema->named)
        status = check_unnamed(work, facts);
    for (size_t i = 0; !status && i < features; i++)
        status = find_place(work, facts, &schema->features[i]);
    if (!status && work->with_target)
        status = find_place(work, facts, &schema->target);
    return status;
}

/* --- one value */

static bh_status reject_cell(loader *work, const table_row *row, const place *at, const char *what, const char *text,
                             size_t length)
{
    char shown[SHOWN + 1];
    table_clean(shown, sizeof shown, text, length);
    return table_reader_reject(work->reader, row, work->error, "'%s' in column '%.40s' %s", shown, at->column->name, what);
}

/* The cell as a float. GOOD false: the row has been rejected. */
static bh_status read_value(loader *work, const table_row *row, const place *at, const char *text, size_t length, float *value,
                            bool *good)
{
    double number;
    while (length && *text == ' ')
        text++, length--;
    while (length && text[length - 1] == ' ')
        length--;
    bool target = at->column == &work->schema->target;
    *good = true;
    *value = NAN;
    if (at->column->kind == TABLE_NUMBER) {
        number_kind kind = table__number(text, length, &number);
        if ((kind == NUMBER_INTEGER || kind == NUMBER_REAL) && fabs(number) <= 3.4028234663852886e38) {
            *value = (float)number;
            return BH_OK;
        }
        *good = kind == NUMBER_NONE && table__is_missing(text, length) && !target;
        return *good ? BH_OK
                     : reject_cell(work, row, at, kind == NUMBER_NONE ? "is no number" : "is too great a number", text, length);
    }
    int64_t code = dictionary_find(&at->codes, text, length);
    bool missing = code < 0 && table__is_missing(text, length);
    if (code >= 0)
        *value = (float)code;
    else if (target)
        *good = false;
    else if (!missing)
        work->data->unknown++;
    return *good ? BH_OK
                 : reject_cell(work, row, at, missing ? "is no class" : "is a class that was not there before", text, length);
}

/* --- rows */

static bool grow(void *array, size_t count, size_t size)
{
    void **pointer = array, *grown = NULL;
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || !(grown = realloc(*pointer, bytes ? bytes : 1)))
        return false;
    *pointer = grown;
    return true;
}

static bool set_row_room(loader *work, size_t room)
{
    table *data = work->data;
    work->row_room = room;
    if (!grow(&data->line, room, sizeof *data->line) || (work->with_target && !grow(&data->label, room, sizeof *data->label)))
        return false;
    if (work->schema->sparse)
        return grow(&data->begin, room + 1, sizeof *data->begin);
    return grow(&data->dense, room, work->schema->feature_count * sizeof *data->dense);
}

static bool set_entry_room(loader *work, size_t room)
{
    work->entry_room = room;
    return grow(&work->data->index, room, sizeof *work->data->index) && grow(&work->data->value, room, sizeof *work->data->value);
}

static bh_status load_dense(loader *work, const table_row *row, bool *good)
{
    table *data = work->data;
    size_t features = work->schema->feature_count, missing = 0;
    float *values = data->dense + data->rows * features;
    uint64_t unknown = data->unknown;
    bh_status status = BH_OK;
    *good = true;
    for (size_t i = 0; !status && *good && i < features; i++) {
        const table_cell *cell = &row->cells[work->places[i].number];
        status = read_value(work, row, &work->places[i], cell->text, cell->length, &values[i], good);
        missing += isnan(values[i]) != 0;
    }
    if (!status && *good && data->label) {
        const table_cell *cell = &row->cells[work->places[features].number];
        status = read_value(work, row, &work->places[features], cell->text, cell->length, &data->label[data->rows], good);
    }
    if (*good)
        data->missing += missing;
    else
        data->unknown = unknown;
    return status;
}

static bh_status load_sparse(loader *work, const table_row *row, bool *good)
{
    table *data = work->data;
    uint32_t base = work->schema->index_base;
    size_t used = data->begin[data->rows], needed = used + row->count;
    char label[40];
    *good = row->count == 0 || row->index[0] >= base;
    if (!*good)
        return table_reader_reject(work->reader, row, work->error, "index 0, where the first one is 1");
    if (needed > work->entry_room && !set_entry_room(work, needed > 2 * work->entry_room ? needed : 2 * work->entry_room))
        return table__no_memory(work->error);
    for (size_t i = 0; i < row->count; i++) {
        if (row->index[i] - base >= work->schema->feature_count) {
            data->unknown++;
            continue;
        }
        data->index[used] = row->index[i] - base;
        data->value[used++] = (float)row->value[i];
    }
    data->begin[data->rows + 1] = used;
    if (!work->with_target)
        return BH_OK;
    int length = snprintf(label, sizeof label, "%.17g", row->label);
    return read_value(work, row, &work->places[0], label, (size_t)length, &data->label[data->rows], good);
}

static bh_status load_rows(loader *work)
{
    table *data = work->data;
    const table_row *row;
    bh_status status;
    bool good;
    if (!set_row_room(work, FIRST_ROWS) || (work->schema->sparse && !set_entry_room(work, FIRST_ENTRIES)))
        return table__no_memory(work->error);
    if (work->schema->sparse)
        data->begin[0] = 0;
    while (!(status = table_reader_next(work->reader, &row, work->error)) && row) {
        if (data->rows == work->row_room && !set_row_room(work, work->row_room * 2))
            return table__no_memory(work->error);
        status = work->schema->sparse ? load_sparse(work, row, &good) : load_dense(work, row, &good);
        if (status)
            return status;
        if (good)
            data->line[data->rows++] = row->line;
    }
    if (!status && data->rows == 0)
        return table__fail(work->error, BH_ERROR_FORMAT, 0, "the file has no good row%s%s",
                           table_reader_bad(work->reader)->kept ? "; the first one is bad because of " : "",
                           table_reader_bad(work->reader)->kept ? table_reader_bad(work->reader)->first[0].reason : "");
    if (!status && (!set_row_room(work, data->rows) || (work->schema->sparse && !set_entry_room(work, data->begin[data->rows]))))
        return table__no_memory(work->error);
    return status;
}

bh_status table_load(const char *path, const table_options *options, const table_schema *schema, bool with_target, table **out,
                     table_error *error)
{
    loader work = {.schema = schema, .error = error, .with_target = with_target};
    *out = NULL;
    if (with_target && !schema->has_target)
        return table__fail(error, BH_ERROR_NAME, 0, "no target was chosen when the columns were looked at: choose one");
    bh_status status = table_reader_open(path, options, &work.reader, error);
    if (status)
        return status;
    work.data = calloc(1, sizeof *work.data);
    status = work.data ? find_places(&work, table_reader_facts(work.reader)) : table__no_memory(error);
    if (!status) {
        work.data->features = schema->feature_count;
        status = load_rows(&work);
    }
    if (work.data)
        work.data->bad = *table_reader_bad(work.reader);
    for (size_t i = 0; i < work.count; i++)
        dictionary_clear(&work.places[i].codes);
    free(work.places);
    table_reader_close(work.reader);
    if (status)
        table_destroy(work.data);
    else
        *out = work.data;
    return status;
}

void table_destroy(table *data)
{
    if (!data)
        return;
    free(data->dense);
    free(data->begin);
    free(data->index);
    free(data->value);
    free(data->label);
    free(data->line);
    free(data);
}
