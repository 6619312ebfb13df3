/* The bytes of an archive: see the header. */
#include "jobs/unpack/packed.h"

#include "jobs/table/gzip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 17 };

struct packed {
    const char *name;
    int file;
    gzip *gzip; /* NULL: it is none */
    char block[BLOCK];
};

packed *packed_open(const char *file)
{
    unsigned char magic[2] = {0};
    packed *self = malloc(sizeof *self);
    if (!self)
        return NULL;
    self->name = file;
    self->gzip = NULL;
    self->file = open(file, O_RDONLY | O_CLOEXEC);
    if (self->file < 0 || pread(self->file, magic, 2, 0) != 2 || magic[0] != 0x1F || magic[1] != 0x8B)
        return self;
    self->gzip = gzip_open(self->file);
    if (self->gzip)
        return self;
    packed_close(self);
    return NULL;
}

bool packed_is_gzip(const packed *self)
{
    return self->gzip != NULL;
}

static la_ssize_t give(struct archive *archive, void *user, const void **block)
{
    packed *self = user;
    const char *why = "it is damaged";
    ptrdiff_t got = gzip_read(self->gzip, self->block, BLOCK, &why);
    *block = self->block;
    if (got < 0)
        archive_set_error(archive, EINVAL, "%s", why);
    return got;
}

int packed_give(packed *self, struct archive *archive)
{
    if (self->gzip)
        return archive_read_open(archive, self, NULL, give, NULL);
    return archive_read_open_filename(archive, self->name, BLOCK);
}

const char *packed_finish(packed *self, int64_t most)
{
    const char *why = "it is damaged";
    ptrdiff_t got = self->gzip ? 1 : 0;
    while (got > 0 && most > 0) {
        got = gzip_read(self->gzip, self->block, BLOCK, &why);
        most -= got;
    }
    return got < 0 ? why : got > 0 ? "there is too much behind its end" : NULL;
}

int64_t packed_done(const packed *self, struct archive *archive)
{
    return self->gzip ? (int64_t)gzip_done(self->gzip) : archive_filter_bytes(archive, -1);
}

void packed_close(packed *self)
{
    gzip_close(self->gzip);
    if (self->file >= 0)
        close(self->file);
    free(self);
}
