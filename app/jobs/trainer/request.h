/* What a training was asked for: the arguments of train_file, read. */
#ifndef TRAINER_REQUEST_H
#define TRAINER_REQUEST_H

#include "jobs/trainer/trainer.h"

typedef struct train_request {
    const char *file, *folder, *model;
    table_options options;
    table_choices choices;
    parameter_values values;
    double validation;
    int64_t split_seed, every;
    bool resume;
    const trainer_callbacks *callbacks;
} train_request;

/* Points into ARGUMENTS. Ends in table_choices_clear, whatever it returns. */
bh_status train_request_read(bh_message_view arguments, train_request *self, table_error *error);

#endif
