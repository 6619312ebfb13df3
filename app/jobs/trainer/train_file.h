/* From a job's arguments to a model: reads the file, divides it, trains. The same in a worker process and on a thread of the program. */
#ifndef TRAINER_TRAIN_FILE_H
#define TRAINER_TRAIN_FILE_H

#include "jobs/trainer/trainer.h"

/* ARGUMENTS is a map of
 *   "file"                  what to train on
 *   "run"                   the folder of the run, made if need be
 *   "target"                the column to predict; a libsvm file needs none
 *   "features", "categorical", "target_is", "format", "delimiter", "quote", "header", "count_line", "bad_rows": as table.h has them
 *   "validation"            the part of the rows that is held back to validate, 0 to 0.9 [0.2]
 *   "split_seed"            which rows these are [1]
 *   "checkpoint_every"      rounds; 0: so that it costs about 2 % or less [0]
 *   "resume"                go on from the run's checkpoint if there is one [false]
 *   "model"                 the model's name in the folder [model.json]; model.ubj is smaller
 * and parameters of parameters.h by name. What is none of these is refused, so that no misspelt parameter is silently at its default.
 *
 * CALLBACKS->progress gets {"phase": "read", "percent"} as well, from reading. RESULT gets, besides what trainer_run gives, "rows",
 * "validation_rows", "features", "bad_rows", and "classes" (names; not for numbers). */
bh_status train_file(bh_message_view arguments, const trainer_callbacks *callbacks, bh_message *result, table_error *error);

/* train_file, as the module of the job "train" exports it under the name train_here. */
typedef bh_status train_here_function(bh_message_view arguments, const trainer_callbacks *callbacks, bh_message *result,
                                      table_error *error);

/* Whether ARGUMENTS would be taken, as far as that can be told without looking at the file. */
bh_status train_file_check(bh_message_view arguments, table_error *error);

#endif
