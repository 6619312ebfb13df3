/* The lock of a project: it belongs to the process, so that kill -9 frees it, and tells a second start from the start after a
 * death. */
#include "store/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static bh_status refuse(store *s, const char *call, const char *path)
{
    int reason = errno;
    bool read_only = reason == EROFS || reason == EACCES || reason == EPERM;
    return store__fail(s, read_only ? BH_ERROR_READ_ONLY : BH_ERROR_IO, call, "cannot write %s (%s)%s", path, strerror(reason),
                       read_only ? ": give yourself the right to write in the project's folder, or copy the project" : "");
}

static bh_status other_has_it(store *s, const char *call, store_opened *opened)
{
    char text[64] = "";
    ssize_t length = pread(s->lock, text, sizeof text - 1, 0);
    opened->other_pid = length > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
    if (opened->other_pid <= 0) {
        opened->other_pid = 0;
        return store__fail(s, BH_ERROR_EXISTS, call, "the project %s is open already, in another window or program", s->folder);
    }
    return store__fail(s, BH_ERROR_EXISTS, call, "the project %s is open already, in process %ld: work there, or close it there",
                       s->folder, (long)opened->other_pid);
}

static bh_status write_pid(store *s, const char *call, const char *path)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(s->lock, 0) || pwrite(s->lock, text, (size_t)length, 0) != length)
        return refuse(s, call, path);
    return BH_OK;
}

bh_status store__lock(store *s, const char *call, store_opened *opened)
{
    char *path = sqlite3_mprintf("%s/project.lock", s->folder);
    if (!path)
        return store__fail(s, BH_ERROR_MEMORY, call, "no memory");
    bh_status status;
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->lock < 0)
        status = refuse(s, call, path);
    else if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
        status = write_pid(s, call, path);
    else
        status = errno == EWOULDBLOCK ? other_has_it(s, call, opened) : refuse(s, call, path);
    sqlite3_free(path);
    return status;
}
