/* A folder that nothing gets out of: see its header. */
#include "jobs/unpack/tree.h"

#include "jobs/publish/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

enum { DESCRIPTORS = 16, SAME_NAMES = 10000, FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

/* --- beginning and end */

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    (void)facts;
    (void)kind;
    return where->level > 0 ? remove(path) : 0;
}

bool tree_begin(tree *t, const char *path)
{
    *t = (tree){.path = strdup(path), .folder = -1};
    if (!t->path || (mkdir(path, 0777) && errno != EEXIST))
        return false;
    t->folder = open(path, FOLDER);
    if (t->folder < 0)
        return false;
    if (flock(t->folder, LOCK_EX | LOCK_NB) == 0)
        return nftw(path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS) == 0;
    close(t->folder);
    t->folder = -1;
    errno = EWOULDBLOCK;
    return false;
}

bool tree_publish(tree *t, const char *inside, const char *name)
{
    if (syncfs(t->folder) || !publish_rename(inside ? t->folder : AT_FDCWD, inside ? inside : t->path, name))
        return false;
    if (!inside) { /* there is nothing left to remove */
        close(t->folder);
        t->folder = -1;
    }
    return publish_sync(name);
}

void tree_end(tree *t)
{
    if (t->folder >= 0) {
        nftw(t->path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
        rmdir(t->path);
        close(t->folder);
    }
    free(t->path);
    *t = (tree){.folder = -1};
}

/* --- names */

/* One component. False: it does not fit, or it leads up. */
static bool clean_component(const char *part, size_t length, char *out, size_t size, size_t *used)
{
    if (length == 2 && memcmp(part, "..", 2) == 0)
        return false;
    mbstate_t state = {0};
    for (size_t i = 0; i < length;) {
        size_t bytes = mbrlen(part + i, length - i, &state);
        bool odd = bytes == 0 || bytes > length - i || (bytes == 1 && ((unsigned char)part[i] < 32 || part[i] == 127));
        if (*used + 5 > size)
            return false;
        if (odd) {
            *used += (size_t)snprintf(out + *used, size - *used, "%%%02X", (unsigned char)part[i++]);
            state = (mbstate_t){0};
        } else {
            for (size_t k = 0; k < bytes && *used + 1 < size; k++)
                out[(*used)++] = part[i++];
        }
    }
    out[*used] = 0;
    return true;
}

bool tree_clean_name(const char *name, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    if (*name == '/')
        return false;
    while (*name) {
        size_t length = strcspn(name, "/"), before = used;
        bool skip = length == 0 || (length == 1 && *name == '.');
        if (!skip && used > 0 && used + 2 < size)
            out[used++] = '/';
        if (!skip && (!clean_component(name, length, out, size, &used) || used - before > 255))
            return false;
        name += length + (name[length] == '/');
    }
    return used > 0;
}

/* --- what is made */

/* The folder that NAME lies in, made if need be. LAST is its last component. */
static int open_parent(const tree *t, const char *name, const char **last)
{
    char part[TREE_NAME];
    int folder = dup(t->folder);
    const char *slash;
    for (; folder >= 0 && (slash = strchr(name, '/')); name = slash + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
        int made = mkdirat(folder, part, 0777), why = errno;
        int next = made == 0 || why == EEXIST ? openat(folder, part, FOLDER) : -1;
        why = made && why != EEXIST ? why : errno;
        close(folder);
        folder = next;
        errno = why;
    }
    *last = name;
    return folder;
}

bool tree_add_folder(tree *t, const char *name)
{
    const char *last;
    int parent = open_parent(t, name, &last);
    if (parent < 0)
        return false;
    bool fine = mkdirat(parent, last, 0777) == 0 || errno == EEXIST;
    int why = errno;
    close(parent);
    errno = why;
    return fine;
}

int tree_add_file(tree *t, const char *name)
{
    const char *last;
    char other[264];
    int parent = open_parent(t, name, &last), flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    if (parent < 0)
        return -1;
    int file = openat(parent, last, flags, 0666);
    t->renamed += file < 0 && errno == EEXIST;
    for (int i = 2; file < 0 && errno == EEXIST && i < SAME_NAMES; i++) {
        snprintf(other, sizeof other, "%.245s~%d", last, i);
        file = openat(parent, other, flags, 0666);
    }
    int why = errno;
    close(parent);
    errno = why;
    return file;
}

bool tree_add_link(tree *t, const char *name, const char *to)
{
    const char *last, *target;
    int parent = open_parent(t, name, &last), home = open_parent(t, to, &target);
    bool fine = parent >= 0 && home >= 0 && linkat(home, target, parent, last, 0) == 0;
    int why = errno;
    if (parent >= 0)
        close(parent);
    if (home >= 0)
        close(home);
    errno = why;
    return fine;
}
