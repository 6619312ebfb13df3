/* What inspect learns about one column, value by value. */
#ifndef INSPECT_COLUMN_H
#define INSPECT_COLUMN_H

#include "jobs/table/dictionary.h"
#include "jobs/table/table.h"

enum {
    COLUMN_MAX_UNIQUE = 10000,     /* up to here different values are counted */
    COLUMN_MAX_TEXT = 256,         /* bytes of a value; longer ones are told apart by beginning and hash */
    COLUMN_MOST_CATEGORIES = 1000, /* a text with more different values is no category */
    COLUMN_TOP = 10                /* most frequent values that are named */
};

typedef struct column {
    uint64_t missing, numbers, integers, infinite, dates, booleans, texts;
    double least, greatest, sum; /* of finite numbers */
    char first_date[24], last_date[24];
    uint64_t first_bad_utf8; /* line; 0: all is UTF-8 */
    dictionary values;       /* as they are written, without spaces around */
    bool uncounted;          /* there were too many different ones: their number is a lower bound */
    bool closed;             /* and they are not even looked up any more: nearly all differ */
} column;

/* One more value. ROOM: a new one may be added to those that are counted. False: there is no memory. */
bool column_add(column *in, const char *text, size_t length, uint64_t line, bool room);

/* One more value of a libsvm file. Values of it are looked up by their bytes: column_top knows. */
bool column_add_number(column *in, double number, bool room);

/* "integer", "number", "boolean", "date", "category", "text", "empty". ODD: values that are not of the type; a few texts
 * among many numbers. */
const char *column_type(const column *in, uint64_t *odd);

/* Numbers of the most frequent values, at most COLUMN_TOP, the most frequent first. Returns how many. */
size_t column_top(const column *in, size_t *top);

#endif
