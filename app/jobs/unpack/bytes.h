/* Where libarchive has an archive's bytes from: the file; or, if that was compressed with gzip, zlib, which looks at the checksums that libarchive
 * leaves unread. */
#ifndef UNPACK_BYTES_H
#define UNPACK_BYTES_H

#include <archive.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct bytes bytes;

/* NULL: no memory. */
bytes *bytes_open(const char *file);
bool bytes_are_gzip(const bytes *self);

/* ARCHIVE_OK, or what is wrong stands in ARCHIVE. SELF must live as long as it. */
int bytes_give(bytes *self, struct archive *archive);

/* What is left behind the end of an archive, up to the last checksum: fewer than MOST bytes of it. NULL: all is well; or what is wrong. */
const char *bytes_finish(bytes *self, int64_t most);
int64_t bytes_done(const bytes *self, struct archive *archive); /* of the file */
void bytes_close(bytes *self);

#endif
