/* The bytes of a gzip file by zlib: one member after another, each with its checksum and length; zeros may follow. */
#include "jobs/table/gzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { BLOCK = 128 << 10, WITH_HEADER = 15 + 16 };

struct gzip {
    int file;
    bool last, between; /* nothing more can be read; a member has ended */
    uint64_t read;
    z_stream stream;
    unsigned char block[BLOCK];
};

gzip *gzip_open(int file)
{
    gzip *from = calloc(1, sizeof *from);
    if (!from)
        return NULL;
    from->file = file;
    if (inflateInit2(&from->stream, WITH_HEADER) != Z_OK) {
        free(from);
        return NULL;
    }
    return from;
}

void gzip_close(gzip *from)
{
    if (!from)
        return;
    inflateEnd(&from->stream);
    free(from);
}

static bool more(gzip *from, const char **why)
{
    ssize_t got;
    do
        got = read(from->file, from->block, sizeof from->block);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        *why = strerror(errno);
        return false;
    }
    from->last = got == 0;
    from->read += (uint64_t)got;
    from->stream.next_in = from->block;
    from->stream.avail_in = (uInt)got;
    return true;
}

/* Behind a member: over zeros, to the next one, if there is one. */
static void begin_next(gzip *from)
{
    z_stream *stream = &from->stream;
    while (stream->avail_in && *stream->next_in == 0)
        stream->next_in++, stream->avail_in--;
    if (stream->avail_in && inflateReset(stream) == Z_OK)
        from->between = false;
}

ptrdiff_t gzip_read(gzip *from, void *bytes, size_t size, const char **why)
{
    z_stream *stream = &from->stream;
    stream->next_out = bytes;
    stream->avail_out = (uInt)(size < BLOCK * 64 ? size : BLOCK * 64);
    size_t wanted = stream->avail_out;
    while (stream->avail_out == wanted) {
        if (!stream->avail_in && !from->last && !more(from, why))
            return -1;
        if (from->between)
            begin_next(from);
        if (from->between && from->last)
            return 0;
        if (from->between)
            continue;
        int found = inflate(stream, Z_NO_FLUSH);
        from->between = found == Z_STREAM_END;
        if (found != Z_OK && found != Z_STREAM_END && found != Z_BUF_ERROR) {
            *why = stream->msg ? stream->msg : "it is no gzip";
            return -1;
        }
        if (from->last && !from->between && stream->avail_out == wanted) {
            *why = "it ends too early";
            return -1;
        }
    }
    return (ptrdiff_t)(wanted - stream->avail_out);
}

uint64_t gzip_done(const gzip *from)
{
    return from->read - from->stream.avail_in;
}
