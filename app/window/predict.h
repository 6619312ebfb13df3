/* The dialog that applies a run's model to a file. */
#ifndef APP_WINDOW_PREDICT_H
#define APP_WINDOW_PREDICT_H

#include "project/project.h"

/* Opens it over WINDOW with RUN chosen; 0: the newest run that has a model. One that is open already is raised. */
void predict_open(bh_object *window, project *project, int64_t run);

#endif
