/* Descriptors, from /proc/self/fd. The system does not tell who has opened one; when it was opened does, in part. A socket or pipe that was
 * opened where another one was closed is told apart by its number; an eventfd and the like is not. */
#include "lifecycle/descriptors.h"

#include "core/door.h"
#include "process/process_door.h"

#include <ctype.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what was noted */
static struct {
    bool known; /* false: there was no memory, or there never was an application */
    bh_descriptor_info *at;
    size_t count, room;
} noted;

/* --- what is open */

/* From "anon_inode:[eventfd]" and the like; false for files and devices, which bring no events of their own. */
static bool describe(int fd, bh_descriptor_info *out)
{
    static const char anonymous[] = "anon_inode:";
    char path[64], target[128];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length <= 0)
        return false;
    target[length] = 0;
    *out = (bh_descriptor_info){.fd = fd, .owner = BH_DESCRIPTOR_UNKNOWN};
    if (strncmp(target, "socket:", 7) == 0 || strncmp(target, "pipe:", 5) == 0)
        bh__copy_text(out->what, sizeof out->what, target);
    else if (strncmp(target, anonymous, sizeof anonymous - 1) == 0)
        bh__copy_text(out->what, sizeof out->what, target + sizeof anonymous - 1);
    else
        return false;
    size_t end = strlen(out->what) - 1;
    if (out->what[0] == '[' && out->what[end] == ']') {
        memmove(out->what, out->what + 1, end - 1);
        out->what[end - 1] = 0;
    }
    return true;
}

static void each_open(void (*visit)(const bh_descriptor_info *descriptor, void *user), void *user)
{
    DIR *open_ones = opendir("/proc/self/fd");
    struct dirent *entry;
    // cppcheck-suppress readdirCalled ; the stream is this function's own
    while (open_ones && (entry = readdir(open_ones))) {
        bh_descriptor_info info;
        if (isdigit((unsigned char)entry->d_name[0]) && describe(atoi(entry->d_name), &info))
            visit(&info, user);
    }
    if (open_ones)
        closedir(open_ones);
}

/* --- what was open at which moment; under the lock */

static bh_descriptor_info *find_noted(const bh_descriptor_info *wanted)
{
    for (size_t i = 0; i < noted.count; i++)
        if (noted.at[i].fd == wanted->fd && strcmp(noted.at[i].what, wanted->what) == 0)
            return &noted.at[i];
    return NULL;
}

static void note(const bh_descriptor_info *descriptor, void *owner)
{
    if (find_noted(descriptor))
        return;
    if (noted.count == noted.room) {
        size_t room = noted.room ? 2 * noted.room : 32;
        bh_descriptor_info *grown = bh__realloc(noted.at, room * sizeof *grown);
        noted.known = noted.known && grown;
        if (!grown)
            return;
        noted.at = grown;
        noted.room = room;
    }
    noted.at[noted.count] = *descriptor;
    noted.at[noted.count++].owner = *(bh_descriptor_owner *)owner;
}

void bh__descriptors_before_app(void)
{
    bh_descriptor_owner owner = BH_DESCRIPTOR_EARLIER;
    pthread_mutex_lock(&lock);
    noted.count = 0;
    noted.known = true;
    each_open(note, &owner);
    pthread_mutex_unlock(&lock);
}

void bh__descriptors_app_created(void)
{
    bh_descriptor_owner owner = BH_DESCRIPTOR_QT;
    pthread_mutex_lock(&lock);
    each_open(note, &owner);
    pthread_mutex_unlock(&lock);
}

/* --- whose they are */

typedef struct search {
    bh__loops loops; /* whose eventfd was not seen yet */
    void (*visit)(const bh_descriptor_info *descriptor, void *user);
    void *user;
} search;

static bh_descriptor_owner owner_of_loop(bh__loops *left)
{
    if (left->ours) {
        left->ours--;
        return BH_DESCRIPTOR_OURS;
    }
    if (!left->qt)
        return BH_DESCRIPTOR_UNKNOWN;
    left->qt--;
    return BH_DESCRIPTOR_QT;
}

static void tell(const bh_descriptor_info *descriptor, void *from)
{
    search *self = from;
    bh_descriptor_info info = *descriptor;
    pthread_mutex_lock(&lock);
    const bh_descriptor_info *before = find_noted(descriptor);
    info.owner = !noted.known ? BH_DESCRIPTOR_EARLIER : before ? before->owner : BH_DESCRIPTOR_UNKNOWN;
    pthread_mutex_unlock(&lock);
    if (info.owner == BH_DESCRIPTOR_UNKNOWN && bh__process_door_owns(info.fd))
        info.owner = BH_DESCRIPTOR_OURS;
    if (info.owner == BH_DESCRIPTOR_UNKNOWN && strcmp(info.what, "eventfd") == 0)
        info.owner = owner_of_loop(&self->loops);
    self->visit(&info, self->user);
}

void bh__descriptors_each(bh__loops loops, void (*visit)(const bh_descriptor_info *descriptor, void *user), void *user)
{
    search self = {loops, visit, user};
    each_open(tell, &self);
}
