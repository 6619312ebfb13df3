/* All bytes are there: the checksum, the disk, the final name. In this order: nothing has the final name before it is right. */
#include "jobs/fetch/fetch.h"

#include "jobs/fetch/fault.h"
#include "jobs/publish/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 18, WAIT_MS = 50 };

/* --- checksum */

static bh_status hash_here(fetch *f, int file, int64_t total)
{
    static unsigned char block[BLOCK];
    digest state;
    if (!digest_begin(&state, &f->options.hash, total))
        return bh_job_fail(f->self, BH_ERROR_SYSTEM, "cannot compute the checksum %s", f->options.hash.name);
    for (int64_t at = 0; at < total;) {
        ssize_t got = pread(file, block, sizeof block, at);
        bool cancelled = bh_job_cancelled(f->self);
        if (got <= 0 || cancelled || !digest_add(&state, block, (size_t)got)) {
            digest_drop(&state);
            return cancelled ? BH_CANCELLED
                             : bh_job_fail(f->self, BH_ERROR_IO, "cannot read the file to check it: %s", strerror(errno));
        }
        at += got;
    }
    return digest_end(&state, &f->options.hash, &f->found) ? BH_OK
                                                           : bh_job_fail(f->self, BH_ERROR_SYSTEM, "cannot compute the checksum");
}

static bh_status hash_behind(fetch *f)
{
    int64_t hashed = 0;
    char text[96];
    while (!behind_wait(&f->behind, WAIT_MS, &hashed)) {
        if (bh_job_cancelled(f->self))
            return BH_CANCELLED;
        snprintf(text, sizeof text, "checking: %lld %%", (long long)(hashed * 100 / f->facts.total));
        fetch_show(f, text);
    }
    int error = behind_end(&f->behind);
    if (error)
        return bh_job_fail(f->self, BH_ERROR_IO, "cannot read or sync %s: %s", f->part, strerror(error));
    f->behind.hashing = false;
    digest_end(&f->behind.digest, &f->options.hash, &f->found);
    return BH_OK;
}

static bh_status hash(fetch *f)
{
    if (!*f->options.hash.name)
        return BH_OK;
    return f->behind.running && f->behind.hashing ? hash_behind(f) : hash_here(f, f->file, f->facts.total);
}

bh_status fetch_check_existing(fetch *f, bool *matches)
{
    struct stat facts;
    *matches = false;
    int file = open(f->options.output, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? BH_OK
                               : bh_job_fail(f->self, BH_ERROR_IO, "cannot read %s: %s", f->options.output, strerror(errno));
    bh_status status = BH_OK;
    if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && *f->options.hash.name) {
        status = hash_here(f, file, facts.st_size);
        *matches = !status && f->found.as;
        f->facts.total = facts.st_size;
    }
    close(file);
    return status;
}

/* --- the name */

static bool rename_part(const fetch *f)
{
    const char *to = f->options.output;
    if (f->options.overwrite)
        return rename(f->part, to) == 0;
    return publish_rename(AT_FDCWD, f->part, to);
}

static bh_status give_name(fetch *f)
{
    fault_step();
    if (fsync(f->file) || !journal_complete(&f->journal, *f->found.text ? f->found.text : "-"))
        return bh_job_fail(f->self, BH_ERROR_IO, "cannot sync %s: %s", f->part, strerror(errno));
    fault_step();
    if (!rename_part(f))
        return bh_job_fail(f->self, errno == EEXIST ? BH_ERROR_EXISTS : BH_ERROR_IO, "cannot rename %s to %s: %s", f->part,
                           f->options.output, strerror(errno));
    fault_step();
    if (!publish_sync(f->options.output))
        return bh_job_fail(f->self, BH_ERROR_IO, "cannot sync the folder of %s: %s", f->options.output, strerror(errno));
    journal_remove(&f->journal);
    fault_step();
    return BH_OK;
}

/* Bytes of an earlier run, or of several answers, may not belong together: one answer alone is to be believed sooner. */
static bh_status mismatch(fetch *f)
{
    if ((f->resumed_any || f->requests > 1) && !f->checked_whole) {
        f->checked_whole = true;
        return part_start_over(f, f->file_url ? FETCH_UNKNOWN : FETCH_WHOLE) ? BH_OK : f->status;
    }
    journal_remove(&f->journal);
    unlink(f->part);
    return bh_job_fail(
        f->self, BH_ERROR_FORMAT,
        "the checksum of %.*s is %s, and not %s:%s: what was fetched is not kept; the file has changed, or the list is wrong",
        (int)strcspn(f->options.url, "?#"), f->options.url, f->found.text, f->options.hash.name, f->options.hash.digits);
}

bh_status fetch_finish(fetch *f)
{
    bh_status status = ftruncate(f->file, f->facts.total)
                           ? bh_job_fail(f->self, BH_ERROR_IO, "cannot cut %s: %s", f->part, strerror(errno))
                           : hash(f);
    if (status)
        return status;
    if (*f->options.hash.digits && !f->found.as)
        return mismatch(f);
    status = give_name(f);
    f->named = !status;
    return status;
}
