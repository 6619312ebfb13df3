/* Modules of bulkhead-worker. */
#ifndef PROGRAM_MODULE_H
#define PROGRAM_MODULE_H

#include <bulkhead/process_job.h>

/* Loads the module NAME, if it is not loaded yet, and runs its function job_NAME. */
bh_status module_run(const char *name, bh_job *self, bh_message_view arguments, bh_message *result);

#endif
