/* Inside the life of the program: what the exit report notes on the way, and when it is written. */
#ifndef LIFECYCLE_EXIT_REPORT_H
#define LIFECYCLE_EXIT_REPORT_H

#include <bulkhead/exit_report.h>

/* The moments of the application; GUI thread. */
void bh__exit_report_before_app(void);
void bh__exit_report_app_created(void);
void bh__exit_report_loop_begins(void);
void bh__exit_report_loop_ended(int code);
void bh__exit_report_ending(void);

/* Releases the threads of OpenMP and writes what is left to the log; once for each application. Any thread. */
void bh__exit_report_write(void);

#endif
