/* What must not be left behind: descriptors, memory files, processes, zombies, temporary files. Linux. */
#ifndef FAULT_LEFT_H
#define FAULT_LEFT_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* All that comes from one run has this in its environment. */
#define LEFT_VARIABLE "BH_TEST_RUN"

typedef struct left {
    int descriptors, memory_files, mappings;
    int children;  /* zombies included */
    int relatives; /* processes with our mark, this one not counted */
    int files;     /* in TMPDIR */
} left;

static inline int left_files(const char *folder)
{
    int count = 0;
    const struct dirent *entry;
    DIR *list = folder ? opendir(folder) : NULL;
    while (list && (entry = readdir(list))) {
        if (strncmp(entry->d_name, "tsan.", 5) == 0) /* ThreadSanitizer's own, of a process that was killed while it started */
            unlinkat(dirfd(list), entry->d_name, 0);
        else
            count += entry->d_name[0] != '.';
    }
    if (list)
        closedir(list);
    return count;
}

static inline void left_descriptors(left *out)
{
    char target[256];
    const struct dirent *entry;
    DIR *list = opendir("/proc/self/fd");
    while (list && (entry = readdir(list))) {
        ssize_t length = readlinkat(dirfd(list), entry->d_name, target, sizeof target - 1);
        if (length < 0 || atoi(entry->d_name) == dirfd(list))
            continue;
        target[length] = 0;
        out->descriptors++;
        out->memory_files += strncmp(target, "/memfd:", 7) == 0;
    }
    if (list)
        closedir(list);
}

static inline int left_mappings(void)
{
    char line[1024];
    int count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    while (maps && fgets(line, sizeof line, maps))
        count += strstr(line, "/memfd:bulkhead") != NULL;
    if (maps)
        fclose(maps);
    return count;
}

/* Counts the processes that have MARK ("NAME=value") in their environment, zombies not; kills them with SIGNAL unless it is 0. */
static inline int left_marked(const char *mark, int signal_number)
{
    static char text[1 << 17];
    char path[300];
    int count = 0;
    const struct dirent *entry;
    DIR *list = opendir("/proc");
    while (list && (entry = readdir(list))) {
        int pid = atoi(entry->d_name);
        if (pid <= 1 || pid == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/%d/environ", pid);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t size = 0, got;
        while (file >= 0 && (got = read(file, text + size, sizeof text - (size_t)size)) > 0)
            size += got;
        if (file >= 0)
            close(file);
        if (size <= 0 || !memmem(text, (size_t)size, mark, strlen(mark) + 1))
            continue;
        count++;
        if (signal_number)
            kill(pid, signal_number);
    }
    if (list)
        closedir(list);
    return count;
}

static inline int left_children(void)
{
    char path[300], text[4096];
    int count = 0;
    const struct dirent *entry;
    DIR *list = opendir("/proc/self/task");
    while (list && (entry = readdir(list))) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/children", entry->d_name);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t got = file >= 0 ? read(file, text, sizeof text) : 0;
        for (ssize_t i = 0; i < got; i++)
            count += text[i] == ' ';
        if (file >= 0)
            close(file);
    }
    if (list)
        closedir(list);
    return count;
}

static inline left left_now(void)
{
    left now = {0};
    char mark[128];
    const char *run = getenv(LEFT_VARIABLE);
    left_descriptors(&now);
    now.mappings = left_mappings();
    now.children = left_children();
    snprintf(mark, sizeof mark, LEFT_VARIABLE "=%s", run ? run : "");
    now.relatives = run ? left_marked(mark, 0) : 0;
    now.files = left_files(getenv("TMPDIR"));
    return now;
}

static inline bool left_same(const left *before, const left *after)
{
    return memcmp(before, after, sizeof *before) == 0;
}

/* Compares until nothing more is there than BEFORE, for at most MS: what was killed is gone only when the kernel says so. */
static inline bool left_settles(const left *before, left *after, int ms)
{
    for (int i = 0; i <= ms; i++) {
        *after = left_now();
        if (left_same(before, after))
            return true;
        usleep(1000);
    }
    return false;
}

static inline void left_print(FILE *out, const char *name, const left *what)
{
    fprintf(out, "%s: %d descriptors (%d memory files), %d mapped, %d children, %d marked processes, %d temporary files\n", name,
            what->descriptors, what->memory_files, what->mappings, what->children, what->relatives, what->files);
}

#endif
