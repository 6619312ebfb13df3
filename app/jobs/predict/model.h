/* A model, and what a file must look like for it. */
#ifndef PREDICT_MODEL_H
#define PREDICT_MODEL_H

#include "jobs/table/table.h"

#include <xgboost/c_api.h>

typedef struct model {
    BoosterHandle booster;
    table_schema *schema; /* features in their order, categories, the classes of the target */
} model;

/* Refused: what is no model of XGBoost, and one that was not trained here, which does not say what its columns mean (BH_ERROR_FORMAT). To be
 * closed if it succeeds. */
bh_status model_open(model *self, const char *path, table_error *error);
void model_close(model *self);

#endif
