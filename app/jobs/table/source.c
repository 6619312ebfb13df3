/* The bytes of a file: read(2) for plain ones, zlib for gzip, libarchive for the others. Only the filters that are named here
 * are switched on: others of libarchive's start programs. */
#include "jobs/table/source.h"

#include "jobs/table/error.h"
#include "jobs/table/gzip.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 128 << 10 };

struct source {
    int file;
    gzip *gzip; /* these are NULL for plain files */
    struct archive *archive;
    const char *encoding;
    uint64_t size, done; /* of the file, in bytes; DONE: plain only */
    char path[256];      /* its end, for sentences */
};

static const struct {
    const char *name, *magic;
    size_t length;
    int (*add)(struct archive *);
} filters[] = {
    {"zstd", "\x28\xB5\x2F\xFD", 4, archive_read_support_filter_zstd},
    {"xz", "\xFD\x37zXZ", 6, archive_read_support_filter_xz},
    {"bzip2", "BZh", 3, archive_read_support_filter_bzip2},
};

static bh_status damaged(const source *from, const char *why, table_error *error)
{
    return table__fail(error, BH_ERROR_FORMAT, 0, "%s is damaged or cut (%s: %s): fetch it again", from->path, from->encoding,
                       why ? why : "it cannot be decompressed");
}

static bh_status open_archive(source *from, size_t filter, table_error *error)
{
    struct archive_entry *entry;
    from->encoding = filters[filter].name;
    from->archive = archive_read_new();
    if (!from->archive)
        return table__no_memory(error);
    if (filters[filter].add(from->archive) != ARCHIVE_OK || archive_read_support_format_raw(from->archive) != ARCHIVE_OK ||
        archive_read_support_format_empty(from->archive) != ARCHIVE_OK ||
        archive_read_open_fd(from->archive, from->file, BLOCK) != ARCHIVE_OK ||
        archive_read_next_header(from->archive, &entry) < ARCHIVE_WARN)
        return damaged(from, archive_error_string(from->archive), error);
    return BH_OK;
}

/* The file is open. */
static bh_status look(source *from, table_error *error)
{
    struct stat facts;
    char begin[8];
    if (fstat(from->file, &facts))
        return table__fail(error, BH_ERROR_IO, 0, "cannot read %s: %s", from->path, strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return table__fail(error, BH_ERROR_IO, 0, "%s is no file: choose one", from->path);
    from->size = (uint64_t)facts.st_size;
    from->encoding = "plain";
    ssize_t got = pread(from->file, begin, sizeof begin, 0);
    if (got >= 2 && memcmp(begin, "\x1F\x8B", 2) == 0) {
        from->encoding = "gzip";
        from->gzip = gzip_open(from->file);
        return from->gzip ? BH_OK : table__no_memory(error);
    }
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (got >= (ssize_t)filters[i].length && memcmp(begin, filters[i].magic, filters[i].length) == 0)
            return open_archive(from, i, error);
    posix_fadvise(from->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    return BH_OK;
}

bh_status source_open(const char *path, source **out, table_error *error)
{
    *out = NULL;
    if (!path || !*path)
        return table__fail(error, BH_ERROR_NULL, 0, "there is no file: name one");
    source *from = calloc(1, sizeof *from);
    if (!from)
        return table__no_memory(error);
    size_t length = strlen(path);
    snprintf(from->path, sizeof from->path, "%s", length < sizeof from->path ? path : path + length + 1 - sizeof from->path);
    from->file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe without a writer does not block */
    bh_status status = from->file < 0 ? table__fail(error, BH_ERROR_IO, 0, "cannot open %s: %s", from->path, strerror(errno))
                                      : look(from, error);
    if (status) {
        source_close(from);
        return status;
    }
    *out = from;
    return BH_OK;
}

void source_close(source *from)
{
    if (!from)
        return;
    gzip_close(from->gzip);
    if (from->archive)
        archive_read_free(from->archive);
    if (from->file >= 0)
        close(from->file);
    free(from);
}

static bh_status read_compressed(source *from, void *bytes, size_t size, size_t *got, table_error *error)
{
    const char *why = NULL;
    ptrdiff_t count = from->gzip ? gzip_read(from->gzip, bytes, size, &why) : archive_read_data(from->archive, bytes, size);
    if (count < 0) {
        if (from->archive)
            why = archive_error_string(from->archive);
        return damaged(from, why, error);
    }
    *got = (size_t)count;
    return BH_OK;
}

bh_status source_read(source *from, void *bytes, size_t size, size_t *got, table_error *error)
{
    *got = 0;
    if (from->archive || from->gzip)
        return read_compressed(from, bytes, size, got, error);
    ssize_t count;
    do
        count = read(from->file, bytes, size);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return table__fail(error, BH_ERROR_IO, 0, "cannot read %s: %s", from->path, strerror(errno));
    *got = (size_t)count;
    from->done += *got;
    return BH_OK;
}

const char *source_encoding(const source *from)
{
    return from->encoding;
}

uint64_t source_size(const source *from)
{
    return from->size;
}

double source_percent(const source *from)
{
    double done = (double)from->done;
    if (from->gzip)
        done = (double)gzip_done(from->gzip);
    else if (from->archive)
        done = (double)archive_filter_bytes(from->archive, -1);
    return from->size ? (done >= (double)from->size ? 100 : done * 100 / (double)from->size) : 100;
}
