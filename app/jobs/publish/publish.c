/* Names for what is ready. */
#include "jobs/publish/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool publish_rename(int folder, const char *from, const char *to)
{
    if (renameat2(folder, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS) /* of file systems that cannot do it in one step */
        return false;
    if (access(to, F_OK) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(folder, from, AT_FDCWD, to) == 0;
}

bool publish_sync(const char *name)
{
    char *copy = strdup(name);
    int folder = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool fine = folder >= 0 && (fsync(folder) == 0 || errno == EINVAL); /* some file systems have nothing to sync */
    int failure = errno;
    if (folder >= 0)
        close(folder);
    free(copy);
    errno = failure;
    return fine;
}
