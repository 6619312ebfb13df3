/* The first records of a CSV file: whether there is a count line, and whether there is a header. */
#include "jobs/table/sample.h"

#include "jobs/table/error.h"
#include "jobs/table/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_CELLS = 4 * TABLE_MAX_COLUMNS, LEADING = 10 };

static bool keep(sample *out, const split_record *record)
{
    size_t needed = out->cell_count + record->count;
    if (needed > out->cell_room) {
        size_t room = needed * 2;
        table_cell *cells = realloc(out->cells, room * sizeof *cells);
        if (!cells)
            return false;
        out->cells = cells;
        out->cell_room = room;
    }
    memcpy(out->cells + out->cell_count, record->cells, record->count * sizeof *record->cells);
    out->rows[out->count].first = out->cell_count;
    out->rows[out->count++].count = record->count;
    out->cell_count = needed;
    return true;
}

bool sample_take(sample *out, char *bytes, size_t size, bool whole, char delimiter, char quote)
{
    split_rules rules;
    split_record record = {0};
    char *end = bytes + size;
    bool memory = true;
    *out = (sample){.quote = quote};
    split_rules_make(&rules, delimiter, quote);
    while (memory && bytes < end && out->count < SAMPLE_ROWS && out->cell_count < MOST_CELLS) {
        split_end found = split_next(&rules, bytes, end, whole, &record);
        if (found == SPLIT_MORE || found == SPLIT_OPEN)
            break;
        bytes = record.next;
        memory = !record.no_memory && (found == SPLIT_BLANK || keep(out, &record));
    }
    free(record.cells);
    return memory;
}

void sample_clear(sample *taken)
{
    free(taken->cells);
    taken->cells = NULL;
}

size_t sample_columns(const sample *taken, size_t *agree)
{
    size_t most = 0, begin = taken->count > 2;
    *agree = 0;
    for (size_t i = begin; i < taken->count; i++) {
        size_t same = 0;
        for (size_t k = begin; k < taken->count; k++)
            same += taken->rows[k].count == taken->rows[i].count;
        if (same > *agree || (same == *agree && taken->rows[i].count > most)) {
            *agree = same;
            most = taken->rows[i].count;
        }
    }
    if (begin && taken->rows[0].count == most)
        ++*agree;
    return most;
}

static const table_cell *cell_of(const sample *taken, size_t row, size_t column)
{
    return &taken->cells[taken->rows[row].first + column];
}

static bool is_number(const table_cell *cell)
{
    double value;
    return table__number(cell->text, cell->length, &value) != NUMBER_NONE;
}

/* A cell of the file as it will be shown: quotes undone, UTF-8, not too long. NULL if there is no memory. */
static char *text_of(const sample *taken, const table_cell *cell)
{
    char plain[TABLE_MAX_NAME * 2], clean[TABLE_MAX_NAME];
    size_t used = 0;
    for (uint32_t i = 0; i < cell->length && used < sizeof plain; i++) {
        plain[used++] = cell->text[i];
        i += cell->quoted && cell->text[i] == taken->quote;
    }
    size_t begin = 0;
    while (begin < used && plain[begin] == ' ')
        begin++;
    while (used > begin && plain[used - 1] == ' ')
        used--;
    table_clean(clean, sizeof clean, plain + begin, used - begin);
    return table__copy(clean, strlen(clean));
}

/* --- count line */

/* "569,30,malignant,benign": rows, features, names of classes. Where it has as many cells as other rows, what is not
 * "rows,features" must be something else than what the columns hold. */
static bool is_count_line(const sample *taken, size_t columns)
{
    double rows, features;
    if (taken->count < 2 || taken->rows[0].count < 2)
        return false;
    const table_cell *first = cell_of(taken, 0, 0), *second = cell_of(taken, 0, 1);
    if (table__number(first->text, first->length, &rows) != NUMBER_INTEGER ||
        table__number(second->text, second->length, &features) != NUMBER_INTEGER)
        return false;
    if (rows < 0 || features + 1 != (double)columns)
        return false;
    size_t count = taken->rows[0].count;
    bool other = count != columns;
    for (size_t i = 2; i < count && !is_number(cell_of(taken, 0, i)); i++)
        other = other || i == count - 1;
    return other;
}

static bool take_count_line(const sample *taken, sniffed *out)
{
    double rows;
    size_t count = taken->rows[0].count;
    const table_cell *first = cell_of(taken, 0, 0);
    out->count_line = 0;
    if (table__number(first->text, first->length, &rows) == NUMBER_INTEGER && rows >= 0 && rows < 1e15)
        out->count_line_rows = (int64_t)rows;
    out->classes = calloc(count, sizeof *out->classes);
    for (size_t i = 2; out->classes && i < count; i++) {
        if (cell_of(taken, 0, i)->length == 0)
            continue;
        out->classes[out->class_count] = text_of(taken, cell_of(taken, 0, i));
        if (!out->classes[out->class_count++])
            return false;
    }
    return out->classes != NULL;
}

/* --- header */

static bool is_word(const table_cell *cell, const char *word)
{
    return cell->length == strlen(word) && strncasecmp(cell->text, word, cell->length) == 0;
}

/* No number, no date, not true or false. */
static bool may_be_name(const table_cell *cell)
{
    return !is_number(cell) && !table__is_date(cell->text, cell->length) && !is_word(cell, "true") && !is_word(cell, "false");
}

static bool same(const table_cell *a, const table_cell *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* A name does not stand among the values of its column. */
static bool occurs_below(const sample *taken, size_t row, size_t column)
{
    for (size_t i = row + 1; i < taken->count; i++)
        if (column < taken->rows[i].count && same(cell_of(taken, row, column), cell_of(taken, i, column)) &&
            cell_of(taken, row, column)->length)
            return true;
    return false;
}

static bool is_header(const sample *taken, size_t row)
{
    size_t named = 0;
    for (size_t i = 0; i < taken->rows[row].count; i++) {
        const table_cell *cell = cell_of(taken, row, i);
        bool missing = table__is_missing(cell->text, cell->length);
        if (!may_be_name(cell) || (!missing && occurs_below(taken, row, i)))
            return false;
        named += !missing;
    }
    return named * 2 >= taken->rows[row].count;
}

/* Where the header is; lines before it that have another number of cells are bad rows. */
static int find_header(const sample *taken, size_t columns, const sniffed *found)
{
    size_t begin = (size_t)(found->count_line + 1) + (size_t)found->options.lead;
    if (found->options.header == TABLE_YES)
        return begin < taken->count ? (int)begin : -1;
    for (size_t i = begin; found->options.header == TABLE_DETECT && i < taken->count && i < begin + LEADING; i++) {
        size_t count = taken->rows[i].count;
        if (count == columns || (i == begin && count + 1 == columns && taken->count > begin + 1))
            return is_header(taken, i) ? (int)i : -1;
    }
    return -1;
}

/* --- names */

static bool add_suffix(char **name, size_t number)
{
    char text[TABLE_MAX_NAME + 32];
    snprintf(text, sizeof text, "%s (%zu)", *name, number);
    free(*name);
    *name = table__copy(text, strlen(text));
    return *name != NULL;
}

static int by_text(const void *a, const void *b)
{
    char **const *left = a, **const *right = b;
    int order = strcmp(**left, **right);
    return order ? order : (*left > *right) - (*left < *right);
}

/* Names that occur twice get a number, until none does. */
static bool make_unique(char **names, size_t count)
{
    bool memory = true, again = count > 1;
    char ***order = malloc((count + 1) * sizeof *order);
    for (int round = 0; order && memory && again && round < LEADING; round++) {
        again = false;
        for (size_t i = 0; i < count; i++)
            order[i] = &names[i];
        qsort(order, count, sizeof *order, by_text);
        for (size_t i = 1, first = 0; memory && i < count; i++) {
            bool twice = strcmp(*order[i], *order[first]) == 0;
            first = twice ? first : i;
            again = again || twice;
            memory = !twice || add_suffix(order[i], i - first + 1);
        }
    }
    free(order);
    return memory && order;
}

static bool name_columns(const sample *taken, sniffed *out)
{
    out->names = calloc(out->columns + 1, sizeof *out->names);
    size_t named = out->header < 0 ? 0 : taken->rows[out->header].count;
    size_t shift = out->header >= 0 && named + 1 == out->columns; /* names of rows have no name in R's files */
    for (size_t i = 0; out->names && i < out->columns; i++) {
        char text[32];
        if (out->header >= 0 && i >= shift && i - shift < named)
            out->names[i] = text_of(taken, cell_of(taken, (size_t)out->header, i - shift));
        if (out->names[i] && *out->names[i])
            continue;
        free(out->names[i]);
        snprintf(text, sizeof text, "column %zu", i + 1);
        out->names[i] = table__copy(text, strlen(text));
        if (!out->names[i])
            return false;
    }
    return out->names && make_unique(out->names, out->columns);
}

bh_status sample_decide(const sample *taken, sniffed *out, table_error *error)
{
    size_t agree, columns = sample_columns(taken, &agree);
    table_options *options = &out->options;
    if (options->count_line == TABLE_YES || (options->count_line == TABLE_DETECT && is_count_line(taken, columns)))
        if (!take_count_line(taken, out))
            return table__no_memory(error);
    out->header = find_header(taken, columns, out);
    if (out->header >= 0 && taken->rows[out->header].count + 1 != columns)
        columns = taken->rows[out->header].count;
    options->count_line = out->count_line >= 0 ? TABLE_YES : TABLE_NO;
    options->header = out->header >= 0 ? TABLE_YES : TABLE_NO;
    options->lead = out->header >= 0 ? out->header - out->count_line - 1 : 0;
    out->columns = columns;
    return name_columns(taken, out) ? BH_OK : table__no_memory(error);
}
