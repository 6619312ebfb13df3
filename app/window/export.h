/* Runs and models as files for other programs. Both ask for the file's name, and write on a pool thread. */
#ifndef APP_WINDOW_EXPORT_H
#define APP_WINDOW_EXPORT_H

#include "project/project.h"

/* All runs with their parameters and metrics, as CSV or, if the name ends in .json, as JSON. */
void export_runs(bh_object *window, project *project);

/* Each round of RUN's curve, as CSV. */
void export_curve(bh_object *window, project *project, int64_t run);

/* RUN's model in XGBoost's own format, byte for byte. */
void export_model(bh_object *window, project *project, int64_t run);

#endif
