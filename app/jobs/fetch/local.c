/* file: addresses. There is no server to ask, but a file system; and libcurl would copy the whole file in one call. */
#include "jobs/fetch/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 18 };

static void open_source(fetch *f)
{
    const char *path = f->options.url + strlen("file:");
    if (strncmp(path, "//", 2) == 0)
        path = strchr(path + 2, '/');
    char *decoded = path ? curl_unescape(path, 0) : NULL;
    if (decoded) /* a pipe that nobody writes to must not block here */
        f->source = open(decoded, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f->source < 0)
        fetch_fail(f, BH_ERROR_IO, "cannot fetch %s: %s", f->options.url, decoded ? strerror(errno) : "it has no path");
    curl_free(decoded);
}

static bool describe(fetch *f, response *said)
{
    struct stat facts;
    if (f->source < 0)
        open_source(f);
    if (f->status)
        return false;
    if (fstat(f->source, &facts) || !S_ISREG(facts.st_mode)) {
        fetch_fail(f, BH_ERROR_IO, "cannot fetch %s: it is no regular file", f->options.url);
        return false;
    }
    *said = (response){.total = facts.st_size};
    snprintf(said->modified, sizeof said->modified, "%lld.%09ld", (long long)facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec);
    return true;
}

bool local_learn(fetch *f)
{
    response said;
    if (!describe(f, &said) || !part_learn(f, &said, FETCH_RANGES))
        return false;
    f->complete = f->facts.total == 0;
    return true;
}

bool local_has_changed(fetch *f)
{
    response said;
    return !describe(f, &said) || said.total != f->facts.total || strcmp(said.modified, f->facts.modified) != 0;
}

static void copy_piece(fetch *f, connection *c, const range *gap)
{
    static char block[BLOCK];
    c->at = c->recorded = gap->from;
    while (c->at < gap->to && !f->status) {
        size_t size = gap->to - c->at < BLOCK ? (size_t)(gap->to - c->at) : BLOCK;
        ssize_t got = pread(f->source, block, size, c->at);
        if (bh_job_cancelled(f->self))
            f->status = BH_CANCELLED;
        else if (got <= 0 && errno != EINTR)
            fetch_fail(f, BH_ERROR_IO, "cannot read %s: %s", f->options.url, got ? strerror(errno) : "it has become shorter");
        else if (got > 0)
            connection_take(c, block, (size_t)got);
        if (fetch_ahead_s(f) > 0)
            bh_job_sleep(f->self, (int)(fetch_ahead_s(f) * 1000));
        fetch_show(f, NULL);
    }
    connection_record(c);
}

bh_status fetch_run_local(fetch *f)
{
    range gap;
    f->status = BH_OK;
    while (!f->status && ranges_gap(&f->done, f->facts.total, &gap))
        copy_piece(f, f->connections, &gap);
    f->complete = !f->status;
    return f->status;
}
