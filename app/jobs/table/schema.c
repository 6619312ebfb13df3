/* What columns mean: found by name, categories in an order that does not depend on the order of rows. */
#include "jobs/table/schema.h"

#include "jobs/table/error.h"
#include "jobs/table/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Letters to change to make B of A, of names that are not long. */
static size_t distance(const char *a, const char *b)
{
    size_t row[64], length = strlen(b);
    if (length >= sizeof row / sizeof row[0])
        return SIZE_MAX;
    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < length; k++) {
            size_t change = corner + (a[i] != b[k]), least = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;
            corner = row[k + 1];
            row[k + 1] = change < least ? change : least;
        }
    }
    return row[length];
}

static int64_t no_column(const table_facts *facts, const char *name, table_error *error)
{
    size_t best = SIZE_MAX, nearest = 0;
    for (size_t i = 0; i < facts->columns && i < 1000; i++) {
        size_t far = distance(name, facts->names[i]);
        nearest = far < best ? i : nearest;
        best = far < best ? far : best;
    }
    if (best <= 3 && best < strlen(name))
        table__fail(error, BH_ERROR_NAME, 0, "there is no column '%s' among %zu: did you mean '%s'?", name, facts->columns,
                    facts->names[nearest]);
    else
        table__fail(error, BH_ERROR_NAME, 0, "there is no column '%s' among %zu: they begin with '%s'%s%s%s", name,
                    facts->columns, facts->names[0], facts->columns > 1 ? ", '" : "", facts->columns > 1 ? facts->names[1] : "",
                    facts->columns > 1 ? "'" : "");
    return -1;
}

int64_t schema_find_column(const table_facts *facts, const char *name, table_error *error)
{
    char *end;
    for (size_t i = 0; i < facts->columns; i++)
        if (strcmp(facts->names[i], name) == 0)
            return (int64_t)i;
    if (name[0] == '#' && name[1] >= '1' && name[1] <= '9') {
        unsigned long number = strtoul(name + 1, &end, 10);
        if (!*end && number <= facts->columns)
            return (int64_t)number - 1;
    }
    return no_column(facts, name, error);
}

int schema_compare(const char *a, const char *b, bool numbers)
{
    double left = 0, right = 0;
    if (numbers) {
        table__number(a, strlen(a), &left);
        table__number(b, strlen(b), &right);
    }
    return left < right ? -1 : left > right ? 1 : strcmp(a, b);
}

static int by_number(const void *a, const void *b)
{
    return schema_compare(*(char *const *)a, *(char *const *)b, true);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool schema_set_categories(table_column *column, const dictionary *words)
{
    bool numbers = true;
    double value;
    column->categories = calloc(words->count + 1, sizeof *column->categories);
    for (size_t i = 0; column->categories && i < words->count; i++) {
        const char *text = dictionary_text(words, i);
        numbers = numbers && table__number(text, words->entries[i].length, &value) != NUMBER_NONE;
        column->categories[i] = table__copy(text, words->entries[i].length);
        if (!column->categories[i])
            return false;
        column->category_count = i + 1;
    }
    if (!column->categories)
        return false;
    qsort(column->categories, column->category_count, sizeof *column->categories, numbers ? by_number : by_bytes);
    return true;
}

void schema_clear_column(table_column *column)
{
    for (size_t i = 0; i < column->category_count; i++)
        free(column->categories[i]);
    free(column->categories);
    free(column->name);
    *column = (table_column){0};
}

void table_schema_destroy(table_schema *schema)
{
    if (!schema)
        return;
    for (size_t i = 0; schema->features && i < schema->feature_count; i++)
        schema_clear_column(&schema->features[i]);
    free(schema->features);
    schema_clear_column(&schema->target);
    free(schema);
}

const char *table_schema_feature(const table_schema *schema, size_t i, char *out)
{
    if (schema->features && i < schema->feature_count)
        return schema->features[i].name;
    snprintf(out, 16, "%u", (unsigned)(i + schema->index_base));
    return out;
}
