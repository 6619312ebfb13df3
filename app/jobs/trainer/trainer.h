/* A training: rounds of XGBoost, with checkpoints, a curve, early stopping, and a model at the end. Knows nothing of processes: the job calls
 * it in a worker process, the program may call it on a thread of its own. All of its calls, on one thread.
 *
 * Stopping and going on changes nothing. Each round has a seed of its own, and what comes of it depends on the trees that there are, and on
 * that seed, alone. Where rows or columns are drawn it does not: what XGBoost draws with is kept between rounds, and is not in what it saves.
 * There a run begins its drawing anew every K rounds, also when nothing interrupts it, and can be gone on with at multiples of K; K and the
 * number of threads are of the run: they are in the checkpoint from the start, and hold when it is resumed. Where nothing is drawn K is 1.
 * So a run that was stopped, or killed, goes on from its last checkpoint to the same model, byte for byte, whenever that was written: which is
 * before a death would cost more than 10 s of training, and more often where it is cheap. A round cannot be interrupted, so stopping takes
 * up to one round; killing the process takes none.
 *
 * In the folder of a run: curve.csv (curve.h), checkpoint (checkpoint.h), model.json or model.ubj. */
#ifndef TRAINER_TRAINER_H
#define TRAINER_TRAINER_H

#include "jobs/trainer/parameters.h"

#define TRAINER_MODEL "model.json"

typedef struct trainer trainer;

typedef struct trainer_callbacks {
    bool (*cancelled)(void *user); /* asked before each round; NULL: never */

    /* The newest state, at most 50 times a second: {"phase": "train", "round", "rounds", "metric", "train", "valid" (null without
     * validation), "best_round", "best", "seconds", "seconds_per_round", "eta_s", "rss" (bytes)}. PROGRESS is the callee's during the call. NULL: none. */
    void (*progress)(bh_message *progress, void *user);
    void *user;
} trainer_callbacks;

typedef struct trainer_options {
    const char *folder;   /* of the run; must be there */
    const char *model;    /* the file's name in it; NULL: TRAINER_MODEL; .ubj: UBJSON */
    int checkpoint_every; /* K, with a checkpoint each time; 0: K by the size of data and parameters, so the same each time, and
                             checkpoints by the clock, for at most 2 % of the time unless more than 10 s could be lost */
    bool resume;          /* go on from the folder's checkpoint if there is one; false: there must be none (BH_ERROR_EXISTS) */
    double (*clock)(void *user); /* seconds, for tests, with the callbacks' user; NULL: the system's */
} trainer_options;

/* Checks VALUES and copies the numbers of TRAIN and VALIDATION (NULL: none) into XGBoost's own form: both may go when this returns.
 * SCHEMA must outlive the trainer. The trainer is the caller's: trainer_destroy. Blocks, for as long as copying takes. */
bh_status trainer_create(const table *train, const table *validation, const table_schema *schema, const parameter_values *values,
                         trainer **out, table_error *error);

/* Trains, until the end or cancelled (BH_CANCELLED: what is in the folder can be resumed). Once per trainer. Adds to RESULT "model" (path),
 * "rounds", "best_round", "best", "metric", "objective", "metrics" ({"train": {name: value…}, "valid": …} of the model), "seconds",
 * "resumed_from", "checkpoint_every", "threads", "importance" ({"features", "gain", "weight"}). Blocks. Refused: what is in the folder does
 * not fit (BH_ERROR_STATE), files (BH_ERROR_IO), XGBoost (BH_ERROR). */
bh_status trainer_run(trainer *self, const trainer_options *options, const trainer_callbacks *callbacks, bh_message *result,
                      table_error *error);
void trainer_destroy(trainer *self);

#endif
