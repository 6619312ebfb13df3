/* Files that belong to the user. */
#include "project/user_files.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Every folder that lies above the last part of PATH. */
static bool make_folders(char *path)
{
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        bool there = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!there)
            return false;
    }
    return true;
}

bool user_path(char out[USER_PATH], user_folder folder, const char *name, bool make)
{
    const char *base = getenv(folder == USER_DATA ? "XDG_DATA_HOME" : "XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *usual = folder == USER_DATA ? "/.local/share" : "/.config";
    if (base && base[0] == '/')
        usual = "";
    else
        base = home;
    out[0] = 0;
    if (!base || base[0] != '/') {
        errno = ENOENT;
        return false;
    }
    if (snprintf(out, USER_PATH, "%s%s/bulkhead/%s", base, usual, name) >= USER_PATH) {
        errno = ENAMETOOLONG;
        return false;
    }
    return !make || make_folders(out);
}

bool user_file_write(const char *path, const char *format, ...)
{
    char fresh[USER_PATH + 8];
    va_list values;
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    FILE *file = fopen(fresh, "we");
    va_start(values, format);
    bool written = file && vfprintf(file, format, values) > 0;
    va_end(values);
    written = (!file || fclose(file) == 0) && written;
    return written && rename(fresh, path) == 0;
}
