/* XGBoost, as far as trainer and predict need it: matrices from tables, calls that end in a sentence, models with what is needed to use
 * them on a file. */
#ifndef TRAINER_BOOSTER_H
#define TRAINER_BOOSTER_H

#include "jobs/trainer/parameters.h"

#include <xgboost/c_api.h>

/* Fills ERROR in with what XGBoost says of its last failure, without its stack. Returns BH_ERROR. */
bh_status booster_failed(const char *call, table_error *error);

/* Copies DATA's numbers, label and kinds of columns. The caller's: XGDMatrixFree. */
bh_status booster_matrix(const table *data, const table_schema *schema, int threads, DMatrixHandle *out, table_error *error);

/* The names of the features and their kinds into the model, as Python expects them. */
bh_status booster_name_features(BoosterHandle booster, const table_schema *schema, table_error *error);

/* XGBoost's parameters for VALUES, settled. */
bh_status booster_set(BoosterHandle booster, const parameter_values *values, size_t classes, int threads, table_error *error);

/* What BOOSTER keeps between rounds and does not save goes, the state of its random numbers among it: as if it were made of what it saves. */
bh_status booster_draw_anew(BoosterHandle booster, const parameter_values *values, size_t classes, int threads,
                            table_error *error);

/* The value of METRIC for NAME in what XGBoosterEvalOneIter has said; NaN if it is not there. */
double booster_metric(const char *text, const char *name, const char *metric);

/* Saves the model as XGBoost does, JSON or, where PATH ends in .ubj, UBJSON; whole or not at all. */
bh_status booster_save(BoosterHandle booster, const char *path, table_error *error);

/* What a file must look like, and what the classes are called, into the model, where Python keeps it and does not mind. */
bh_status booster_describe(BoosterHandle booster, const parameter_values *values, const table_schema *schema, table_error *error);

/* "gain" and "weight" of the features that the trees use, the greatest gain first, under "importance" of RESULT. */
bh_status booster_importance(BoosterHandle booster, const table_schema *schema, bh_message *result, table_error *error);

#endif
