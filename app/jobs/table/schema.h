/* Schemas, for the files that make them. */
#ifndef TABLE_SCHEMA_H
#define TABLE_SCHEMA_H

#include "jobs/table/dictionary.h"
#include "jobs/table/table.h"

/* Columns that are numbers in the file: "#3", or a name. -1 after having failed. */
int64_t schema_find_column(const table_facts *facts, const char *name, table_error *error);

/* The categories in their order, as the column's. False: there is no memory. */
bool schema_set_categories(table_column *column, const dictionary *words);

/* Whether strings A and B, which are categories, are in order: numbers by number, and by bytes what is equal. */
int schema_compare(const char *a, const char *b, bool numbers);

void schema_clear_column(table_column *column);

#endif
