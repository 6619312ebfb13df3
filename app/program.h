/* The program, but for its window: benchmarks start it with hooks of their own. */
#ifndef APP_PROGRAM_H
#define APP_PROGRAM_H

#include "options.h"
#include "project/project.h"
#include "settings.h"

typedef struct program_face {
    /* Makes the main window and shows it. The project is being opened, or is open; all three live as long as the window. NULL: reported.
     * CREATE NULL: there is no window. */
    bh_object *(*create)(project *of, settings *kept, const options *asked);
    void (*shown)(bh_object *window); /* may be NULL */
    void (*compare)(void);            /* the demo is over: shows its runs beside each other; may be NULL */
} program_face;

/* face.c: what the program shows. */
extern const program_face program_usual_face;

/* All of main behind bh_main_guard. Returns what main shall. */
int program_run(int argc, char **argv, const program_face *face);

#endif
