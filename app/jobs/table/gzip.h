/* The bytes of a gzip file, checked: libarchive reads it too, but leaves its checksum unread. */
#ifndef TABLE_GZIP_H
#define TABLE_GZIP_H

#include <stddef.h>
#include <stdint.h>

typedef struct gzip gzip;

/* FILE stays the caller's. NULL: there is no memory. */
gzip *gzip_open(int file);
void gzip_close(gzip *from); /* NULL does nothing */

/* Up to SIZE bytes into BYTES; how many, 0 at the end. -1: what is wrong stands in WHY, a static string. */
ptrdiff_t gzip_read(gzip *from, void *bytes, size_t size, const char **why);

uint64_t gzip_done(const gzip *from); /* compressed bytes used up */

#endif
