/* What a worker prints: the newest bytes of it. */
#ifndef PROCESS_OUTPUT_H
#define PROCESS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bh__output {
    char *kept; /* a ring of SIZE bytes; NULL: nothing is kept */
    size_t size;
    uint64_t total; /* bytes that came */
    uint64_t mark;  /* of them, those before the running task */
} bh__output;

/* SIZE 0, or no memory: what comes is read and forgotten. */
void bh__output_init(bh__output *output, size_t size);
void bh__output_free(bh__output *output);

/* What came by another way. */
void bh__output_add(bh__output *output, const char *bytes, size_t count);

/* Reads what there is now. False at the end of it. */
bool bh__output_read(bh__output *output, int descriptor);

/* Copies what is kept of what came after the mark to OUT, which has room for LENGTH bytes, bh__output_length of them at most. */
size_t bh__output_length(const bh__output *output);
void bh__output_copy(const bh__output *output, char *out, size_t length);

#endif
