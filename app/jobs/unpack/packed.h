/* Where libarchive has an archive's bytes from: the file; or, if that was compressed with gzip, zlib, which looks at the checksums that libarchive
 * leaves unread. */
#ifndef UNPACK_PACKED_H
#define UNPACK_PACKED_H

#include <archive.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct packed packed;

/* NULL: no memory. */
packed *packed_open(const char *file);
bool packed_is_gzip(const packed *self);

/* ARCHIVE_OK, or what is wrong stands in ARCHIVE. SELF must live as long as it. */
int packed_give(packed *self, struct archive *archive);

/* What is left behind the end of an archive, up to the last checksum: fewer than MOST bytes of it. NULL: all is well; or what is wrong. */
const char *packed_finish(packed *self, int64_t most);
int64_t packed_done(const packed *self, struct archive *archive); /* of the file */
void packed_close(packed *self);

#endif
