/* What a checkpoint costs beside a round, as far as it can be told from sizes: by these, not by the clock, K is chosen, so that the same
 * data and parameters give the same model on any day. */
#ifndef TRAINER_PRICE_H
#define TRAINER_PRICE_H

#include "jobs/trainer/parameters.h"

typedef struct training_size {
    double rows, validation_rows;
    double entries; /* of the training rows that have a value */
    double trees;   /* a round */
} training_size;

training_size training_size_of(const table *train, const table *validation, size_t classes);

/* How many rounds from one checkpoint to the next. */
int price_every(const training_size *size, const parameter_values *values);

#endif
