/* The dialog that starts runs: data set, task, parameters with what they mean and what they may be, single runs and grids. */
#ifndef APP_WINDOW_NEW_RUN_H
#define APP_WINDOW_NEW_RUN_H

#include "project/project.h"

/* Opens it over WINDOW, whose other work goes on. DATA_SET is chosen first; 0: the first one. A form that is open already is raised. */
void new_run_open(bh_object *window, project *project, int64_t data_set);

#endif
