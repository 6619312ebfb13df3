/* What the program shows: the main window. */
#include "program.h"
#include "window/window.h"

static window *made;

static bh_object *create(project *of, settings *kept, const options *asked)
{
    made = window_create(of, kept, asked);
    return window_object(made);
}

static void compare(void)
{
    window_show_compare(made);
}

const program_face program_usual_face = {create, NULL, compare};
