/* What went wrong in a training, as a table's error: one type for all that can go wrong between a file and its model. */
#ifndef TRAINER_FAIL_H
#define TRAINER_FAIL_H

#include "jobs/table/table.h"

/* Fills ERROR in (may be NULL) and returns STATUS. FORMAT as printf's, UTF-8. */
bh_status train_fail(table_error *error, bh_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
bh_status train_no_memory(table_error *error);

#endif
