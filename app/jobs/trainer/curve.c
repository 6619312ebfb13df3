/* The curve file of a run. */
#include "jobs/trainer/curve.h"

#include "jobs/trainer/fail.h"
#include "jobs/trainer/plain.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LINE = 56, LINES_AT_ONCE = 512 };
static const char heading[] = "  round,           train,           valid,       seconds\n";
static const char format[] = "%7d,%16.9g,%16.9g,%14.3f\n";
_Static_assert(sizeof heading == LINE + 2, "all lines are of one length, and a 0");

static bh_status failed(const curve *self, const char *what, table_error *error)
{
    return train_fail(error, BH_ERROR_IO, "cannot %s %.300s: %s", what, self->path, strerror(errno));
}

static bh_status lock(curve *self, table_error *error)
{
    if (flock(self->descriptor, LOCK_EX | LOCK_NB) == 0)
        return BH_OK;
    if (errno == EWOULDBLOCK)
        return train_fail(error, BH_ERROR_STATE,
                          "%.300s is being trained by another process: wait for it, or take another folder", self->path);
    return failed(self, "lock", error);
}

bh_status curve_open(curve *self, const char *folder, table_error *error)
{
    if (snprintf(self->path, sizeof self->path, "%s/%s", folder, CURVE_NAME) >= (int)sizeof self->path)
        return train_fail(error, BH_ERROR_RANGE, "the folder's path is too long");
    self->descriptor = open(self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (self->descriptor < 0)
        return failed(self, "open", error);
    bh_status status = lock(self, error);
    if (status)
        curve_close(self);
    return status;
}

static bh_status put(curve *self, const char *line, int row, table_error *error)
{
    errno = ENOSPC; /* what a short write means */
    return pwrite(self->descriptor, line, LINE + 1, (off_t)row * (LINE + 1)) == LINE + 1 ? BH_OK : failed(self, "write", error);
}

bh_status curve_cut(curve *self, int rounds, table_error *error)
{
    if (ftruncate(self->descriptor, (off_t)(rounds + 1) * (LINE + 1)))
        return failed(self, "cut", error);
    return put(self, heading, 0, error);
}

bh_status curve_add(curve *self, const curve_point *point, table_error *error)
{
    char line[LINE + 64];
    snprintf(line, sizeof line, format, point->round, point->train, point->valid, fmin(point->seconds, 999999999));
    return put(self, line, point->round, error);
}

bh_status curve_sync(curve *self, table_error *error)
{
    return fdatasync(self->descriptor) ? failed(self, "write", error) : BH_OK;
}

void curve_close(curve *self)
{
    close(self->descriptor);
    self->descriptor = -1;
}

static bool parse(const char *line, int round, curve_point *point)
{
    char *end;
    point->round = (int)strtol(line, &end, 10);
    double *fields[] = {&point->train, &point->valid, &point->seconds};
    for (int i = 0; i < 3; i++) {
        if (*end != ',')
            return false;
        *fields[i] = strtod(end + 1, &end);
    }
    return point->round == round && *end == '\n';
}

bh_status curve_read(const char *folder, int after, curve_point *points, size_t room, size_t *count, table_error *error)
{
    curve self;
    char lines[LINES_AT_ONCE * (LINE + 1) + 1];
    *count = 0;
    snprintf(self.path, sizeof self.path, "%s/%s", folder, CURVE_NAME);
    int descriptor = open(self.path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return errno == ENOENT ? BH_OK : failed(&self, "open", error);
    bool more = true;
    plain numbers = plain_begin();
    while (more && *count < room) {
        int row = after + 1 + (int)*count;
        ssize_t got = pread(descriptor, lines, sizeof lines - 1, (off_t)row * (LINE + 1));
        size_t whole = got > 0 ? (size_t)got / (LINE + 1) : 0;
        lines[got > 0 ? got : 0] = 0;
        for (size_t i = 0; i < whole && more && *count < room; i++) {
            more = parse(lines + i * (LINE + 1), row + (int)i, &points[*count]);
            *count += more;
        }
        more = more && whole == LINES_AT_ONCE;
    }
    plain_end(numbers);
    close(descriptor);
    return BH_OK;
}
