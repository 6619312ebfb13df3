/* What a worker does to itself before it works. None of it holds against an attacker: it keeps accidents from spreading. */
#include "process/worker_side.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    ssize_t written = write(file, text, strlen(text));
    (void)written; /* a worker without it is worth more than none */
    close(file);
}

static bool limit(int what, uint64_t soft, uint64_t hard)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)what, &now))
        return false;
    if (now.rlim_max != RLIM_INFINITY && hard > now.rlim_max)
        hard = now.rlim_max;
    now.rlim_max = hard;
    now.rlim_cur = soft < hard ? soft : hard;
    return setrlimit((__rlimit_resource_t)what, &now) == 0;
}

bool bh__worker_setup(const bh__setup *setup, char *why, size_t size)
{
    write_file("/proc/self/oom_score_adj", "1000"); /* rather this process than the window */
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* what daemons of a function are left come to us, and bh__worker_left_any knows */
    if (setup->niceness)
        setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + setup->niceness);
    const char *failed = NULL;
    if (!limit(RLIMIT_CORE, setup->core, setup->core))
        failed = "core";
    if (setup->memory && !limit(RLIMIT_AS, setup->memory, setup->memory))
        failed = "memory";
    if (setup->descriptors && !limit(RLIMIT_NOFILE, (uint64_t)setup->descriptors, (uint64_t)setup->descriptors))
        failed = "descriptors";
    if (setup->file && !limit(RLIMIT_FSIZE, setup->file, setup->file))
        failed = "file";
    if (failed)
        snprintf(why, size, "the limit '%s' of the pool cannot be set", failed);
    return !failed;
}

void bh__worker_limit_task(const bh__setup *setup)
{
    struct rusage used;
    if (!setup->cpu_s || getrusage(RUSAGE_SELF, &used))
        return;
    /* The soft limit moves with each task; the hard one stays out of its way. */
    struct rlimit now;
    if (getrlimit(RLIMIT_CPU, &now))
        return;
    rlim_t spent = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1;
    now.rlim_cur = spent + (rlim_t)setup->cpu_s;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_cur > now.rlim_max)
        now.rlim_cur = now.rlim_max;
    setrlimit(RLIMIT_CPU, &now);
}

uint64_t bh__worker_memory(void)
{
    char text[128] = "";
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t got = read(file, text, sizeof text - 1);
    close(file);
    const char *second = got > 0 ? strchr(text, ' ') : NULL;
    return second ? strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

bool bh__worker_left_any(void)
{
    pid_t pid;
    do
        pid = waitpid(-1, NULL, WNOHANG);
    while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid == 0;
}
