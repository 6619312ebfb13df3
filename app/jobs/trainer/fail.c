/* Sentences. */
#include "jobs/trainer/fail.h"

#include <stdarg.h>
#include <stdio.h>

bh_status train_fail(table_error *error, bh_status status, const char *format, ...)
{
    if (error) {
        va_list values;
        va_start(values, format);
        error->status = status;
        error->line = 0;
        vsnprintf(error->text, sizeof error->text, format, values);
        va_end(values);
    }
    return status;
}

bh_status train_no_memory(table_error *error)
{
    return train_fail(error, BH_ERROR_MEMORY, "no memory");
}
