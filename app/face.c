/* What the program shows: nothing as yet. */
#include "program.h"

const program_face program_usual_face = {NULL, NULL};
