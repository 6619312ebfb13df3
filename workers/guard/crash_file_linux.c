/* Files of crash records: "20261122-233000-4711.crash", which sorts by time; ".shown" once somebody has seen it. */
#include "core/door.h"
#include "guard/crash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { RESERVED = 64 * 1024, TRIES = 8 };

bool bh__crash_folder_default(char *out, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (state && state[0] == '/') /* the specification: any other is to be ignored */
        length = snprintf(out, size, "%s/%s/crashes", state, program_invocation_short_name);
    else if (home && home[0])
        length = snprintf(out, size, "%s/.local/state/%s/crashes", home, program_invocation_short_name);
    return length > 0 && (size_t)length < size;
}

static bool make_folders(const char *folder)
{
    char path[4096];
    struct stat facts;
    if (snprintf(path, sizeof path, "%s", folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(path, 0700) && errno != EEXIST)
            return false;
        *slash = '/';
    }
    if (mkdir(path, 0700) && errno != EEXIST)
        return false;
    if (stat(path, &facts))
        return false;
    errno = ENOTDIR;
    return S_ISDIR(facts.st_mode);
}

/* --- lists */

static int compare(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void add_name(bh__crash_names *names, const char *name)
{
    char **more = bh__realloc(names->name, (size_t)(names->count + 1) * sizeof *more);
    if (!more)
        return;
    names->name = more;
    more[names->count] = bh__strdup(name);
    names->count += more[names->count] != NULL;
}

bh__crash_names bh__crash_names_read(const char *folder, const char *suffix)
{
    bh__crash_names names = {NULL, 0};
    const struct dirent *entry;
    DIR *list = opendir(folder);
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (list && (entry = readdir(list))) {
        size_t length = strlen(entry->d_name), end = strlen(suffix);
        if (length > end && strcmp(entry->d_name + length - end, suffix) == 0)
            add_name(&names, entry->d_name);
    }
    if (list)
        closedir(list);
    if (names.count)
        qsort(names.name, (size_t)names.count, sizeof *names.name, compare);
    return names;
}

void bh__crash_names_free(bh__crash_names *names)
{
    for (int i = 0; i < names->count; i++)
        bh__free(names->name[i]);
    bh__free(names->name);
    *names = (bh__crash_names){NULL, 0};
}

/* --- files */

static bool is_empty(int file)
{
    struct stat facts;
    return fstat(file, &facts) == 0 && facts.st_size == 0;
}

/* What is empty, and locked by nobody, was left by a process that did not end well, and did not crash either. */
static void remove_left_over(const char *folder)
{
    char path[8192];
    bh__crash_names names = bh__crash_names_read(folder, BH__CRASH_NEW);
    for (int i = 0; i < names.count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names.name[i]);
        int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (file < 0)
            continue;
        if (is_empty(file) && flock(file, LOCK_EX | LOCK_NB) == 0 && is_empty(file))
            unlink(path);
        close(file);
    }
    bh__crash_names_free(&names);
}

/* Another process may have taken it for left over before it was locked. */
static bool is_still_there(int file)
{
    struct stat facts;
    return fstat(file, &facts) == 0 && facts.st_nlink > 0;
}

static bool make_file(const char *folder, int number, bh__crash_file *out)
{
    char when[32] = "", again[16] = "";
    struct tm parts;
    time_t now = time(NULL);
    if (gmtime_r(&now, &parts))
        strftime(when, sizeof when, "%Y%m%d-%H%M%S", &parts);
    if (number)
        snprintf(again, sizeof again, "-%d", number);
    if (snprintf(out->path, sizeof out->path, "%s/%s-%d%s" BH__CRASH_NEW, folder, when, (int)getpid(), again) >=
        (int)sizeof out->path) {
        errno = ENAMETOOLONG;
        return false;
    }
    out->descriptor = open(out->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out->descriptor < 0)
        return false;
    if (flock(out->descriptor, LOCK_EX | LOCK_NB) == 0 && is_still_there(out->descriptor))
        return true;
    close(out->descriptor);
    out->descriptor = -1;
    errno = EEXIST;
    return false;
}

bool bh__crash_file_create(const char *folder, bh__crash_file *out)
{
    out->descriptor = -1;
    if (!make_folders(folder))
        return false;
    remove_left_over(folder);
    for (int i = 0; i < TRIES; i++) {
        if (make_file(folder, i, out)) {
            int reserved = fallocate(out->descriptor, FALLOC_FL_KEEP_SIZE, 0, RESERVED);
            (void)reserved; /* some file systems cannot; the record is tried all the same */
            return true;
        }
        if (errno != EEXIST)
            return false;
    }
    return false;
}

void bh__crash_file_remove(bh__crash_file *file)
{
    if (file->descriptor < 0)
        return;
    if (is_empty(file->descriptor))
        unlink(file->path);
    close(file->descriptor);
    file->descriptor = -1;
}
