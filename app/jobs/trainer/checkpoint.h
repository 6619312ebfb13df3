/* Checkpoints: what a run needs to go on as if nothing had happened. The file is replaced as a whole, so after a death at any moment there
 * is the last one or the one before. */
#ifndef TRAINER_CHECKPOINT_H
#define TRAINER_CHECKPOINT_H

#include "jobs/trainer/parameters.h"

#define CHECKPOINT_NAME "checkpoint"

typedef struct checkpoint {
    int round;                        /* rounds that are done */
    int every;                        /* rounds from one checkpoint to the next, fixed when the run began */
    int threads;                      /* likewise */
    int best_round;                   /* from 1; 0: none yet */
    double best, seconds;             /* the metric then; of training so far */
    uint64_t data;                    /* hash of what it is trained on */
    char parameters[PARAMETERS_TEXT]; /* parameters_text */
    const void *booster;              /* what XGBoost needs; NULL before the first round */
    size_t booster_size;
    void *file; /* of one that was read: holds BOOSTER */
} checkpoint;

bh_status checkpoint_write(const checkpoint *self, const char *folder, table_error *error);

/* Into SELF, to be cleared. FOUND false, with BH_OK: there is none. Refused: what is damaged (BH_ERROR_FORMAT). */
bh_status checkpoint_read(checkpoint *self, const char *folder, bool *found, table_error *error);
void checkpoint_clear(checkpoint *self);

/* Whether a run with these PARAMETERS (text) and DATA may go on from it: BH_OK, or BH_ERROR_STATE with what differs. */
bh_status checkpoint_fits(const checkpoint *self, const char *parameters, uint64_t data, table_error *error);

#endif
