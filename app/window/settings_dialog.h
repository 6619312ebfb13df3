/* The dialog for what the project goes by: how much at once, and how nice. */
#ifndef APP_WINDOW_SETTINGS_DIALOG_H
#define APP_WINDOW_SETTINGS_DIALOG_H

#include "project/project.h"

void settings_dialog_open(bh_object *window, project *of);

#endif
