/* One archive that is being unpacked. */
#ifndef UNPACK_UNPACK_H
#define UNPACK_UNPACK_H

#include "jobs/unpack/packed.h"
#include "jobs/unpack/tree.h"

#include <bulkhead/process_job.h>

typedef struct unpack {
    bh_job *self;
    const char *file, *output;
    int64_t max_bytes, max_ratio, max_files;
    int64_t size, bytes, files, skipped;
    int64_t read; /* bytes of the archive */
    bool single;  /* no archive, but one compressed file */
    char first[TREE_NAME];
    double shown_at;
    bh_message *progress;
    packed *from;
    tree tree;
} unpack;

/* archive.c: everything from the file into the tree. */
bh_status unpack_all(unpack *u);

#endif
