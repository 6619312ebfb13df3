/* A line on standard output for each job that ends, and whether all went well: what a script wants to know. GUI thread. */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "project/project.h"

typedef struct report report;

/* PRINT false: counts only. PROJECT outlives it. NULL: no memory. */
report *report_create(project *of, bool print);
int report_failures(const report *self); /* jobs that did not succeed so far */
void report_destroy(report *self);

#endif
