/* The job "train": train_file of jobs/trainer in a worker process; and for a program that loads this module to train on a thread of its own. */
#include "jobs/trainer/train_file.h"

#include <bulkhead/process_job.h>
#include <string.h>

bh_job_function job_train;

static bool cancelled(void *self)
{
    return bh_job_cancelled((bh_job *)self);
}

static void progress(bh_message *message, void *self)
{
    bh_job_progress((bh_job *)self, message);
}

/* A run that is tried again after its worker has died goes on from where it was. */
static bh_message *with_resume(bh_message_view arguments)
{
    bh_message *copy = bh_message_create();
    for (size_t i = 0; i < bh_message_view_count(arguments); i++) {
        const char *key = bh_message_view_key(arguments, i);
        if (strcmp(key, "resume") != 0)
            bh_message_add_view(copy, key, bh_message_view_at(arguments, i));
    }
    bh_message_add_bool(copy, "resume", true);
    return copy;
}

__attribute__((visibility("default"))) bh_status job_train(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const trainer_callbacks callbacks = {cancelled, progress, self};
    table_error error = {.status = BH_OK};
    bh_message *again = bh_job_attempt(self) > 1 ? with_resume(arguments) : NULL;
    bh_status status = again ? bh_message_complete(again, &arguments) : BH_OK;
    if (!status)
        status = train_file(arguments, &callbacks, result, &error);
    bh_message_destroy(again);
    return status && status != BH_CANCELLED && error.status ? bh_job_fail(self, status, "%s", error.text) : status;
}

__attribute__((visibility("default"))) train_here_function train_here;

bh_status train_here(bh_message_view arguments, const trainer_callbacks *callbacks, bh_message *result, table_error *error)
{
    return train_file(arguments, callbacks, result, error);
}
