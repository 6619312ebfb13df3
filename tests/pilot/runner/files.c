/* Files, whole ones at a time. */
#include "files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, buffer *out)
{
    char bytes[16384];
    FILE *file = fopen(path, "rbe");
    if (!file)
        return false;
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buffer_put(out, bytes, got);
    bool whole = !ferror(file);
    fclose(file);
    return whole;
}

static void make_folders(const char *path)
{
    char *copy = strdup(path);
    for (char *slash = copy ? strchr(copy + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(copy, 0777);
        *slash = '/';
    }
    free(copy);
}

bool file_write(const char *path, const void *bytes, size_t length)
{
    make_folders(path);
    FILE *file = fopen(path, "wbe");
    if (!file)
        return false;
    bool whole = fwrite(bytes, 1, length, file) == length;
    return fclose(file) == 0 && whole;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    remove(path);
    return 0;
}

void file_remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void file_stem(const char *path, buffer *out)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    buffer_put(out, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

void file_folder(const char *path, buffer *out)
{
    const char *slash = strrchr(path, '/');
    buffer_put(out, path, slash ? (size_t)(slash - path) + 1 : 0);
}
