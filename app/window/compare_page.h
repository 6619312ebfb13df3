/* The page that compares: a table of all runs to sort and filter, and the curves of those that are checked, one over the other. */
#ifndef APP_WINDOW_COMPARE_PAGE_H
#define APP_WINDOW_COMPARE_PAGE_H

#include "project/project.h"

/* A widget under PARENT. It keeps itself up to date until it is destroyed; PROJECT must live as long. NULL, reported. */
bh_object *compare_page_create(project *project, bh_object *parent);

/* Checks RUN, so that its curve is shown, and scrolls to it. */
void compare_page_select(bh_object *page, int64_t run);

#endif
