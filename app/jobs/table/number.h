/* Numbers and dates in cells. */
#ifndef TABLE_NUMBER_H
#define TABLE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum number_kind {
    NUMBER_NONE,    /* no number, or not only one */
    NUMBER_INTEGER, /* digits, with a sign or without one */
    NUMBER_REAL,    /* with a point or an exponent */
    NUMBER_INFINITE /* "inf", "-Infinity", or too great for a double */
} number_kind;

/* The number that LENGTH bytes are, correctly rounded, whatever the locale. Spaces around it do not matter. */
number_kind table__number(const char *text, size_t length, double *value);

/* A date, with a time or without: 2024-02-29, 2024/02/29, 2024-02-29T12:00:00.5Z. Those of one form sort as text. */
bool table__is_date(const char *text, size_t length);

#endif
