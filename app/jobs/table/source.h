/* The bytes of a file, as it lies there or decompressed. */
#ifndef TABLE_SOURCE_H
#define TABLE_SOURCE_H

#include "jobs/table/table.h"

typedef struct source source;

/* Opens a regular file; what compresses it, its first bytes say. The caller's: source_close. */
bh_status source_open(const char *path, source **out, table_error *error);
void source_close(source *from);

/* Up to SIZE bytes into BYTES; GOT 0 is the end. Compressed data that is cut or damaged is an error (BH_ERROR_FORMAT). */
bh_status source_read(source *from, void *bytes, size_t size, size_t *got, table_error *error);

const char *source_encoding(const source *from); /* "plain", "gzip", … */
uint64_t source_size(const source *from);        /* of the file as it lies there */
double source_percent(const source *from);       /* of it read */

#endif
