/* Lines of libsvm files: "label index:value index:value … # comment". */
#ifndef TABLE_LIBSVM_H
#define TABLE_LIBSVM_H

#include "jobs/table/table.h"

typedef struct libsvm_line {
    double label;
    uint32_t *index; /* with VALUE one block; free it */
    double *value;
    size_t room, count;
    bool blank; /* nothing but spaces and a comment */
    char reason[120];
} libsvm_line;

/* The line from AT to END, without its line end. False: bad, with the reason. */
bool libsvm_read(const char *at, const char *end, libsvm_line *line);

#endif
