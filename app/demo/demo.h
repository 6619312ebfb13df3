/* The demo: data that come with the program are served over HTTP on loopback, fetched by their list of checksums, looked at, and trained on
 * with a small grid each. What is there already, of a demo that was cut off, is gone on with. GUI thread. */
#ifndef APP_DEMO_DEMO_H
#define APP_DEMO_DEMO_H

#include "project/project.h"

typedef struct demo demo;

/* PROJECT is open, and outlives it. FAILED is called if the demo itself cannot go on, with a sentence. NULL: reported. */
demo *demo_create(project *of, void (*failed)(void *user, const char *sentence), void *user);

/* The project is idle: takes the next step. False if there is none, and the demo is over. */
bool demo_advance(demo *self);
void demo_destroy(demo *self);

#endif
