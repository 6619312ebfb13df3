/* The window of what happened: the project's events, newest first. */
#ifndef APP_WINDOW_EVENTS_H
#define APP_WINDOW_EVENTS_H

#include "project/project.h"

/* Opens it beside WINDOW, or raises it. It follows the project until it is closed. */
void events_open(bh_object *window, project *of);

#endif
