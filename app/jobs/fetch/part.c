/* The part file and its journal: begun, gone on with, or started over. */
#include "jobs/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The name is still that of the file that is open. */
static bool has_its_name(const fetch *f)
{
    struct stat here, there;
    return fstat(f->file, &here) == 0 && stat(f->part, &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

/* False: another process has it, or it was renamed between opening and locking. */
static bool lock(const fetch *f)
{
    return flock(f->file, LOCK_EX | LOCK_NB) == 0 && has_its_name(f);
}

static bool open_part(fetch *f)
{
    f->file = open(f->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (f->file < 0)
        fetch_fail(f, BH_ERROR_IO, "cannot write %s: %s", f->part, strerror(errno));
    else if (!lock(f))
        fetch_fail(f, BH_ERROR_STATE, "another process is fetching to %s: wait for it, or choose another name",
                   f->options.output);
    return !f->status;
}

static bool has_room(fetch *f)
{
    struct statvfs disk;
    int64_t missing = f->facts.total - ranges_size(&f->done);
    if (fstatvfs(f->file, &disk) || disk.f_blocks == 0)
        return true; /* it does not tell */
    int64_t room = (int64_t)(disk.f_bavail * disk.f_frsize);
    if (missing <= room)
        return true;
    fetch_fail(f, BH_ERROR_IO, "%s needs %lld bytes more, but the disk has room for %lld", f->options.output, (long long)missing,
               (long long)room);
    return false;
}

/* The length is known: what watches over it begins. Small files, whose syncs would take longer than their bytes, need none of it as long as
 * they come in one go (keep_small). */
static bool begin_watch(fetch *f)
{
    if (f->facts.total <= FETCH_FIRST && !f->resumed_any)
        return true;
    if (f->mode == FETCH_RANGES && !journal_begin(&f->journal, &f->facts, &f->done)) {
        fetch_fail(f, BH_ERROR_IO, "cannot write %s: %s", f->journal.path, strerror(errno));
        return false;
    }
    if (!behind_begin(&f->behind, f->file, f->facts.total, &f->options.hash)) {
        fetch_fail(f, BH_ERROR_SYSTEM, "cannot begin to compute the checksum %s: no memory or no thread", f->options.hash.name);
        return false;
    }
    behind_advance(&f->behind, ranges_front(&f->done), f->written, f->journal.records);
    return true;
}

bool part_learn(fetch *f, const response *said, fetch_mode mode)
{
    f->mode = mode;
    f->facts.total = said->total;
    snprintf(f->facts.etag, sizeof f->facts.etag, "%s", said->etag);
    snprintf(f->facts.modified, sizeof f->facts.modified, "%s", said->modified);
    return has_room(f) && begin_watch(f);
}

/* --- an earlier run's */

static bool go_on(fetch *f, journal_story *story)
{
    struct stat facts;
    if (fstat(f->file, &facts))
        return false;
    ranges_cut(&story->done, facts.st_size);
    f->facts = story->facts;
    f->done = story->done;
    story->done = (ranges){0};
    f->resumed = ranges_size(&f->done);
    bool of_use = f->resumed > 0 && (*f->facts.etag || *f->facts.modified || *f->options.hash.digits);
    if (!of_use || (f->file_url && local_has_changed(f)))
        return false;
    f->mode = FETCH_RANGES;
    f->resumed_any = true;
    f->complete = f->resumed == f->facts.total;
    if (fdatasync(f->file)) /* the new journal will say that it is on the disk */
        return false;
    return has_room(f) && begin_watch(f);
}

bh_status part_open(fetch *f)
{
    journal_story story;
    if (!open_part(f))
        return f->status;
    journal_read(&f->journal, &story);
    bool going_on = go_on(f, &story);
    ranges_free(&story.done);
    if (!going_on && !f->status && !part_start_over(f, FETCH_UNKNOWN))
        fetch_fail(f, BH_ERROR_IO, "cannot write %s: %s", f->part, strerror(errno));
    return f->status;
}

bool part_start_over(fetch *f, fetch_mode mode)
{
    behind_drop(&f->behind);
    journal_remove(&f->journal);
    ranges_clear(&f->done);
    f->facts = (journal_facts){.total = -1};
    f->mode = mode;
    f->complete = f->resumed_any = false;
    f->resumed = 0;
    if (ftruncate(f->file, 0))
        return false;
    return !f->file_url || local_learn(f);
}

/* One that was stopped, or failed, is gone on with as large ones are: what is there of it is written down now. Where that cannot be done it begins
 * anew, as after SIGKILL. */
static void keep_small(fetch *f)
{
    bool begun = f->mode == FETCH_RANGES && f->journal.file < 0 && !f->named && ranges_size(&f->done) > 0;
    if (begun && has_its_name(f) && fdatasync(f->file) == 0)
        journal_begin(&f->journal, &f->facts, &f->done);
}

void part_close(fetch *f)
{
    struct stat facts;
    behind_drop(&f->behind);
    keep_small(f);
    if (f->file >= 0 && fstat(f->file, &facts) == 0 && facts.st_size == 0 && facts.st_nlink == 1 && f->status != BH_ERROR_STATE)
        unlink(f->part); /* nothing in it: it would be a riddle */
    if (f->file >= 0)
        close(f->file);
    if (f->source >= 0)
        close(f->source);
    journal_free(&f->journal);
    ranges_free(&f->done);
    ranges_free(&f->claimed);
    free(f->part);
}

bool part_was_renamed(fetch *f)
{
    journal_story story;
    struct stat facts;
    bool was = journal_read(&f->journal, &story) && *story.complete && access(f->part, F_OK) != 0 &&
               stat(f->options.output, &facts) == 0 && facts.st_size == story.facts.total;
    ranges_free(&story.done);
    return was;
}
