/* Where the program's other parts are: absolute paths. False if they are not there, or if there is no room. Any thread. */
#ifndef APP_PROJECT_PLACES_H
#define APP_PROJECT_PLACES_H

#include <stdbool.h>
#include <stddef.h>

bool place_worker(char *out, size_t size);
bool place_module(const char *worker, const char *name, char *out, size_t size); /* of a job, for the worker program there */
bool place_resource(const char *name, char *out, size_t size);                   /* "demo" */

#endif
