/* What libarchive finds in a file, entry by entry, into the tree. */
#include "jobs/unpack/unpack.h"

#include "monotonic.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FREE_OF_RATIO = 256 << 20, BEHIND = 64 << 20 };
static const double EVERY_S = 0.1;

static void show(unpack *u, struct archive *archive)
{
    char text[128];
    double now = monotonic_s();
    u->read = packed_done(u->from, archive);
    if (now - u->shown_at < EVERY_S)
        return;
    u->shown_at = now;
    snprintf(text, sizeof text, "%lld files, %.1f MB", (long long)u->files, (double)u->bytes / 1e6);
    bh_message_clear(u->progress);
    bh_message_add_int(u->progress, "done", u->read);
    bh_message_add_int(u->progress, "total", u->size);
    bh_message_add_int(u->progress, "unpacked", u->bytes);
    bh_message_add_int(u->progress, "files", u->files);
    bh_message_add_string(u->progress, "text", text);
    bh_job_progress(u->self, u->progress);
}

static bh_status check_limits(unpack *u, int64_t more)
{
    int64_t bytes = u->bytes + more;
    if (bytes > u->max_bytes)
        return bh_job_fail(u->self, BH_ERROR_RANGE, "%s holds more than %lld bytes, which is the limit (max_bytes)", u->file,
                           (long long)u->max_bytes);
    if (bytes > FREE_OF_RATIO && bytes / u->max_ratio > u->size)
        return bh_job_fail(u->self, BH_ERROR_RANGE, "%s grows to more than %lld times its size, as only a trap does (max_ratio)",
                           u->file, (long long)u->max_ratio);
    if (u->files > u->max_files)
        return bh_job_fail(u->self, BH_ERROR_RANGE, "%s holds more than %lld files, which is the limit (max_files)", u->file,
                           (long long)u->max_files);
    return BH_OK;
}

static bh_status unreadable(unpack *u, struct archive *archive)
{
    const char *why = archive_error_string(archive);
    return bh_job_fail(u->self, BH_ERROR_FORMAT, "cannot unpack %s: %s, at byte %lld", u->file, why ? why : "it is damaged",
                       (long long)packed_done(u->from, archive));
}

static bh_status write_block(unpack *u, int file, const char *block, size_t size, int64_t at)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = pwrite(file, block + done, size - done, at + (int64_t)done);
        if (wrote < 0 && errno != EINTR)
            return bh_job_fail(u->self, BH_ERROR_IO, "cannot write to %s: %s", u->tree.path, strerror(errno));
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return BH_OK;
}

/* Sparse files keep their holes. */
static bh_status copy_data(unpack *u, struct archive *archive, int file)
{
    const void *block;
    size_t size;
    la_int64_t at, end = 0;
    int got;
    while ((got = archive_read_data_block(archive, &block, &size, &at)) == ARCHIVE_OK) {
        bh_status status = bh_job_cancelled(u->self) ? BH_CANCELLED : check_limits(u, (int64_t)size);
        if (!status && (at < end || at > u->max_bytes))
            status = bh_job_fail(u->self, BH_ERROR_FORMAT, "%s is damaged: a file's bytes lie at %lld", u->file, (long long)at);
        if (!status)
            status = write_block(u, file, block, size, at);
        if (status)
            return status;
        u->bytes += (int64_t)size;
        end = at + (int64_t)size;
        show(u, archive);
    }
    return got == ARCHIVE_EOF ? BH_OK : unreadable(u, archive);
}

static bh_status add_file(unpack *u, struct archive *archive, struct archive_entry *entry, const char *name)
{
    u->files++;
    bh_status status = check_limits(u, 0);
    if (status)
        return status;
    if (!*u->first)
        snprintf(u->first, sizeof u->first, "%s", name);
    int file = tree_add_file(&u->tree, name);
    if (file < 0)
        return bh_job_fail(u->self, BH_ERROR_IO, "cannot make %s in %s: %s", name, u->tree.path, strerror(errno));
    status = copy_data(u, archive, file);
    if (!status && archive_entry_size_is_set(entry) && ftruncate(file, archive_entry_size(entry)))
        status = bh_job_fail(u->self, BH_ERROR_IO, "cannot write %s in %s: %s", name, u->tree.path, strerror(errno));
    if (close(file) && !status)
        status = bh_job_fail(u->self, BH_ERROR_IO, "cannot write %s in %s: %s", name, u->tree.path, strerror(errno));
    return status;
}

static bh_status add_hard_link(unpack *u, const char *name, const char *to)
{
    char target[TREE_NAME];
    u->files++;
    if (!tree_clean_name(to, target, sizeof target))
        return bh_job_fail(u->self, BH_ERROR_FORMAT,
                           "%s has a link that leads out of its folder: '%.200s'; nothing of it is kept", u->file, to);
    if (tree_add_link(&u->tree, name, target))
        return check_limits(u, 0);
    return bh_job_fail(u->self, BH_ERROR_FORMAT, "%s has a link '%.200s' to '%.200s': %s", u->file, name, target,
                       strerror(errno));
}

/* foo.csv.gz holds foo.csv */
static void name_single(const unpack *u, char *out, size_t size)
{
    const char *slash = strrchr(u->file, '/'), *base = slash ? slash + 1 : u->file, *dot = strrchr(base, '.');
    snprintf(out, size, "%.*s", dot && dot > base ? (int)(dot - base) : (int)strlen(base), base);
}

static bh_status add_entry(unpack *u, struct archive *archive, struct archive_entry *entry)
{
    char name[TREE_NAME], single[TREE_NAME];
    const char *path = archive_entry_pathname(entry), *link = archive_entry_hardlink(entry);
    u->single = archive_format(archive) == ARCHIVE_FORMAT_RAW;
    if (u->single) {
        name_single(u, single, sizeof single);
        path = single;
    }
    if (!path || !tree_clean_name(path, name, sizeof name)) {
        if (path && (strcmp(path, "./") == 0 || strcmp(path, ".") == 0))
            return BH_OK;
        return bh_job_fail(u->self, BH_ERROR_FORMAT,
                           "%s has a name that leads out of its folder, or is none: '%.200s'; nothing of it is kept", u->file,
                           path ? path : "");
    }
    if (link)
        return add_hard_link(u, name, link);
    switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
        if (tree_add_folder(&u->tree, name))
            return ++u->files > u->max_files ? check_limits(u, 0) : BH_OK;
        return bh_job_fail(u->self, BH_ERROR_IO, "cannot make the folder %s in %s: %s", name, u->tree.path, strerror(errno));
    case AE_IFREG:
    case 0: /* not said */
        return add_file(u, archive, entry, name);
    default:
        u->skipped++;
        return BH_OK;
    }
}

static bh_status add_all(unpack *u, struct archive *archive)
{
    struct archive_entry *entry;
    int got;
    while ((got = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || got == ARCHIVE_WARN) {
        bool plain =
            archive_format(archive) == ARCHIVE_FORMAT_RAW && archive_filter_count(archive) <= 1 && !packed_is_gzip(u->from);
        if (plain)
            return bh_job_fail(u->self, BH_ERROR_FORMAT,
                               "%s is neither .zip nor .tar, and not compressed (.gz .zst .xz .bz2) either", u->file);
        bh_status status = bh_job_cancelled(u->self) ? BH_CANCELLED : add_entry(u, archive, entry);
        if (status)
            return status;
        show(u, archive);
    }
    bool some = u->files + u->skipped > 0; /* otherwise it is looked at once more, as what it may be */
    const char *why = got == ARCHIVE_EOF && some ? packed_finish(u->from, BEHIND) : NULL;
    if (why)
        return bh_job_fail(u->self, BH_ERROR_FORMAT, "cannot unpack %s: %s, behind its last file", u->file, why);
    return got == ARCHIVE_EOF ? BH_OK : unreadable(u, archive);
}

static bh_status unpack_as(unpack *u, bool archives, bool *compressed)
{
    struct archive *archive = archive_read_new();
    u->from = archive ? packed_open(u->file) : NULL;
    if (!u->from) {
        archive_read_free(archive);
        return bh_job_fail(u->self, BH_ERROR_MEMORY, "no memory");
    }
    if (archives) {
        archive_read_support_format_tar(archive);
        archive_read_support_format_zip(archive);
    }
    archive_read_support_format_raw(archive);
    archive_read_support_filter_zstd(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_lzma(archive);
    archive_read_support_filter_bzip2(archive);
    bh_status status = packed_give(u->from, archive) == ARCHIVE_OK ? add_all(u, archive) : unreadable(u, archive);
    *compressed = packed_is_gzip(u->from) || archive_filter_count(archive) > 1;
    archive_read_free(archive);
    packed_close(u->from);
    u->from = NULL;
    return status;
}

/* A file that begins with zeros looks like the end of a tar. */
bh_status unpack_all(unpack *u)
{
    bool compressed = false;
    bh_status status = unpack_as(u, true, &compressed);
    if (!status && u->files + u->skipped == 0 && compressed)
        status = unpack_as(u, false, &compressed);
    if (!status && u->files + u->skipped == 0)
        status = bh_job_fail(u->self, BH_ERROR_FORMAT, "%s is an archive of nothing", u->file);
    return status;
}
