/* What views need to know of a table model. */
#ifndef CORE_TABLE_MODEL_H
#define CORE_TABLE_MODEL_H

#include <stdbool.h>

/* TABLE, of bhs_table_of, has a sort function. */
bool bh__table_sorts(const void *table);

#endif
