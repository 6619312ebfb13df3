/* A file or folder that is ready gets its name, and keeps it when the power goes. */
#ifndef JOBS_PUBLISH_H
#define JOBS_PUBLISH_H

#include <stdbool.h>

/* Renames FROM, relative to FOLDER (AT_FDCWD: where the process is), to TO unless something of that name is there: false, errno EEXIST. */
bool publish_rename(int folder, const char *from, const char *to);

/* The folder that NAME is in is on the disk. False with errno. */
bool publish_sync(const char *name);

#endif
