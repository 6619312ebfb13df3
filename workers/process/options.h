/* What a pool is made from: the options, checked and copied. */
#ifndef PROCESS_OPTIONS_H
#define PROCESS_OPTIONS_H

#include "process/process_pool.h"

/* Fills the fixed part of POOL. False after having reported; what was allocated until then frees bh__options_free. */
bool bh__options_take(bh__pool *pool, const bh_process_pool_options *options);
void bh__options_free(bh__pool *pool);

/* The environment of workers: [0] is free, NULL ends it. NULL without memory. */
char **bh__environment_make(const char *const *changes, int threads, int depth);
void bh__environment_free(char **environment);

/* A copy of CHANGES, which may be NULL, as one allocation: bh__free. NULL without memory. */
char **bh__environment_copy(const char *const *changes);

#endif
