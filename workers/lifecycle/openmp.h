/* The threads that OpenMP keeps. */
#ifndef LIFECYCLE_OPENMP_H
#define LIFECYCLE_OPENMP_H

#include <stddef.h>

/* Ends those of the calling thread, which is in no parallel region, and returns how many went; 0 where no OpenMP is loaded. OpenMP makes
 * new ones when it needs some. */
size_t bh__openmp_release(void);

#endif
