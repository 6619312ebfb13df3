/* Processes below another are found in /proc: a process group does not do, as a program may make groups and sessions of its own. */
#include "family.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { ROUNDS = 20 }; /* what is started while others are killed is found in the next */

typedef struct member {
    pid_t pid, parent;
    bool below;
} member;

typedef struct family {
    member *members;
    size_t count, room;
} family;

void family_keep(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* "PID (NAME) STATE PARENT …", where NAME may have parentheses itself */
static bool read_member(const char *pid, member *out)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    line[fread(line, 1, sizeof line - 1, file)] = '\0';
    fclose(file);
    char state, *name = strrchr(line, ')');
    int parent;
    if (!name || sscanf(name + 1, " %c %d", &state, &parent) != 2 || state == 'Z' || state == 'X')
        return false;
    *out = (member){.pid = (pid_t)strtol(pid, NULL, 10), .parent = parent};
    return true;
}

static bool add(family *self, const member *one)
{
    if (self->count == self->room) {
        size_t room = self->room * 2 + 256;
        member *more = realloc(self->members, room * sizeof *more);
        if (!more)
            return false;
        self->members = more;
        self->room = room;
    }
    self->members[self->count++] = *one;
    return true;
}

static void read_all(family *self)
{
    DIR *folder = opendir("/proc");
    member one;
    // cppcheck-suppress readdirCalled ; a folder of its own, and no other thread
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (isdigit((unsigned char)*entry->d_name) && read_member(entry->d_name, &one) && !add(self, &one))
            break;
    if (folder)
        closedir(folder);
}

static bool is_below(const family *self, pid_t parent, pid_t root)
{
    if (parent == root)
        return true;
    for (size_t i = 0; i < self->count; i++)
        if (self->members[i].pid == parent)
            return self->members[i].below;
    return false;
}

/* How many there were */
static size_t kill_all(family *self, pid_t root)
{
    size_t found = 0;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < self->count; i++) {
            member *one = &self->members[i];
            if (one->below || !is_below(self, one->parent, root))
                continue;
            one->below = more = true;
            found += kill(one->pid, SIGKILL) == 0;
        }
    }
    return found;
}

void family_kill(pid_t root)
{
    family all = {0};
    for (int round = 0; round < ROUNDS; round++) {
        all.count = 0;
        read_all(&all);
        if (!kill_all(&all, root))
            break;
    }
    free(all.members);
}
