/* What became of tests, for people, for readers of TAP, and for readers of JUnit's XML. */
#ifndef PILOT_REPORT_H
#define PILOT_REPORT_H

#include "../wire.h"
#include "options.h"

typedef enum result_kind {
    RESULT_PASS,
    RESULT_SKIP,
    RESULT_FLAKY,
    RESULT_FAIL,
    RESULT_WRONG,
    RESULT_CRASH,
    RESULT_TIMEOUT,
    RESULT_KINDS
} result_kind;

typedef struct result {
    char *script, *test, *message;
    result_kind kind;
    double ms;
} result;

typedef struct report {
    const pilot_options *options;
    result *results;
    size_t count, room;
    double began_ms;
} report;

void report_begin(report *self, const pilot_options *options);

/* Copies its texts, and prints a line. */
void report_add(report *self, const char *script, const char *test, result_kind kind, const char *message, double ms);

/* Prints the sum, writes the XML, frees all. Returns what the program ends with. */
int report_end(report *self);

result_kind report_kind(const char *word);

#endif
