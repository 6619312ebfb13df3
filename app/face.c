/* What the program shows: the main window. */
#include "program.h"
#include "window/window.h"

static bh_object *create(project *of, settings *kept, const options *asked)
{
    return window_object(window_create(of, kept, asked));
}

const program_face program_usual_face = {create, NULL};
