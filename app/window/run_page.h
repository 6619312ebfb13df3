/* The page of one run: how it stands, its curve while it grows, what it is made of, and what can be done with it. */
#ifndef APP_WINDOW_RUN_PAGE_H
#define APP_WINDOW_RUN_PAGE_H

#include "project/project.h"

/* A widget under PARENT, which shows no run. It keeps itself up to date until it is destroyed; PROJECT must live as long. NULL, reported. */
bh_object *run_page_create(project *project, bh_object *parent);

/* Shows RUN. 0, or a run that is gone: the empty state. */
void run_page_show(bh_object *page, int64_t run);

/* The run that is shown, or 0. */
int64_t run_page_shown(bh_object *page);

#endif
