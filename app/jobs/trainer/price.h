/* How often a run begins its drawing anew, as far as it can be told from sizes: by these, not by the clock, K is chosen, so that the same
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

/* K: after how many rounds, each time, a run may be gone on with. 1 where nothing is drawn. */
int price_every(const training_size *size, const parameter_values *values);

#endif
