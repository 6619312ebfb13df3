/* The functions of bulkhead-worker: what the program's own jobs add, they add in functions.c. */
#ifndef PROGRAM_FUNCTIONS_H
#define PROGRAM_FUNCTIONS_H

#include <bulkhead/process_job.h>

/* Ends with {0}. */
extern const bh_process_function worker_functions[];

#endif
