/* The end of worker processes: signals to their groups, collecting them, and finding what they have left behind. */
#include "process/spawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* While a child is not collected its number belongs to it, and so does its group. */
static bool is_ours(int pidfd, siginfo_t *facts)
{
    memset(facts, 0, sizeof *facts);
    int result;
    do
        result = waitid(P_PIDFD, (id_t)pidfd, facts, WEXITED | WNOHANG | WNOWAIT);
    while (result && errno == EINTR);
    return result == 0;
}

void bh__signal_group(pid_t pid, int pidfd, int signal)
{
    siginfo_t facts;
    if (is_ours(pidfd, &facts) && pid > 1)
        kill(-pid, signal);
}

bh__end bh__collect(pid_t pid, int pidfd)
{
    siginfo_t facts;
    if (!is_ours(pidfd, &facts))
        return (bh__end){false, 0, -1};
    if (pid > 1)
        kill(-pid, SIGKILL);
    memset(&facts, 0, sizeof facts);
    if (waitid(P_PIDFD, (id_t)pidfd, &facts, WEXITED | WNOHANG) || facts.si_pid == 0)
        return (bh__end){false, 0, -1};
    if (facts.si_code == CLD_EXITED)
        return (bh__end){true, 0, facts.si_status};
    return (bh__end){true, facts.si_status, -1};
}

typedef enum tagged { NOT_TAGGED, TAGGED, NOT_YET_KNOWN } tagged;

/* Whether /proc/PID/environ has TAG as one of its entries. It is empty for a process which is just becoming another program, as it is for
 * threads of the kernel and for zombies; but those have no program. */
static tagged look_for_tag(const char *pid, const char *tag)
{
    char path[64], text[16384 + 1];
    size_t length = strlen(tag) + 1, kept = 0, whole = 0;
    snprintf(path, sizeof path, "/proc/%.20s/environ", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool found = false;
    ssize_t got;
    while (file >= 0 && !found && (got = read(file, text + kept, sizeof text - 1 - kept)) > 0) {
        size_t size = kept + (size_t)got;
        whole += (size_t)got;
        found = memmem(text, size, tag, length) != NULL;
        kept = size < length ? size : length;
        memmove(text, text + size - kept, kept);
    }
    if (file < 0)
        return NOT_TAGGED;
    close(file);
    snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
    if (!found && whole == 0 && readlink(path, text, sizeof text) > 0)
        return NOT_YET_KNOWN;
    return found ? TAGGED : NOT_TAGGED;
}

static void kill_one(const char *pid, const char *tag)
{
    int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)atoi(pid), 0);
    if (pidfd < 0)
        return;
    if (look_for_tag(pid, tag) == TAGGED) /* the number may have gone to another one before it was opened */
        syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
    close(pidfd);
}

/* True if there may be more: what was killed may have started another one before. */
static bool kill_once(DIR *list, const char *tag)
{
    bool more = false;
    const struct dirent *entry;
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while ((entry = readdir(list))) {
        bool process = entry->d_name[0] >= '1' && entry->d_name[0] <= '9';
        tagged how = process ? look_for_tag(entry->d_name, tag) : NOT_TAGGED;
        if (how == TAGGED)
            kill_one(entry->d_name, tag);
        more = more || how != NOT_TAGGED;
    }
    return more;
}

void bh__kill_tagged(const char *tag)
{
    enum { MOST_LOOKS = 5 };                      /* some programs have an empty environment for good */
    DIR *list = tag[0] ? opendir("/proc") : NULL; /* an empty one would be everybody's */
    for (int i = 0; list && i < MOST_LOOKS && kill_once(list, tag); i++)
        rewinddir(list);
    if (list)
        closedir(list);
}
