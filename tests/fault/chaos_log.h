/* What the functions of the chaos run write down by themselves, past the pool: the truth that its futures are held against. */
#ifndef FAULT_CHAOS_LOG_H
#define FAULT_CHAOS_LOG_H

#include "base/clock.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHAOS_LOG "BH_CHAOS_LOG"

/* What a task is going to do. */
typedef enum fate {
    FATE_WELL, /* more often than the others: all from FATE_COUNT on */
    FATE_LARGE,
    FATE_PRINT,
    FATE_FAIL,
    FATE_FULL_DISK,
    FATE_SEGV,
    FATE_ABORT,
    FATE_EXIT,
    FATE_KILL,
    FATE_DEAF,
    FATE_STOP,
    FATE_LEAVE,
    FATE_COUNT
} fate;

typedef struct chaos_entry {
    uint32_t task;
    uint32_t begin; /* 1: the function begins; 0: it is about to return */
    int64_t time_ns;
    uint64_t value;
} chaos_entry;

static inline uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* One write to the end of the file: whole, or not at all. */
static inline void note(uint32_t task, bool begin, uint64_t value)
{
    const char *path = getenv(CHAOS_LOG);
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    chaos_entry what = {task, begin, bh__clock_ns(), value};
    if (file < 0 || write(file, &what, sizeof what) != (ssize_t)sizeof what)
        abort(); /* without the log the run says nothing */
    close(file);
}

/* Entries of a log, all of them; NULL if there is none. */
static inline chaos_entry *read_log(const char *path, size_t *count)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    chaos_entry *entries = NULL;
    *count = 0;
    if (file >= 0 && !fstat(file, &facts) && (entries = malloc((size_t)facts.st_size + 1)) &&
        read(file, entries, (size_t)facts.st_size) == facts.st_size)
        *count = (size_t)facts.st_size / sizeof *entries;
    if (file >= 0)
        close(file);
    return entries;
}

static inline void die_of(fate what)
{
    volatile uintptr_t nowhere = 24;
    if (what == FATE_SEGV)
        *(volatile int *)nowhere = 1;
    if (what == FATE_ABORT)
        abort();
    if (what == FATE_EXIT)
        exit(0);
    if (what == FATE_KILL)
        kill(getpid(), SIGKILL);
    if (what == FATE_STOP)
        kill(getpid(), SIGSTOP);
    if (what == FATE_DEAF)
        signal(SIGTERM, SIG_IGN);
    while (what == FATE_DEAF || what == FATE_STOP)
        pause();
    if (what == FATE_LEAVE && system("setsid sleep 300 >/dev/null 2>&1 & sleep 300 >/dev/null 2>&1 &") == 0)
        kill(getpid(), SIGKILL);
}

static inline bh_status write_to_full_disk(bh_job *self)
{
    int file = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ssize_t written = write(file, "x", 1);
    close(file);
    return written == 1 ? BH_OK : bh_job_fail(self, BH_ERROR_IO, "the disk is full");
}

static inline void talk(bh_job *self, fate what)
{
    bh_job_percent(self, 50, "halfway");
    for (int i = 0; what == FATE_PRINT && i < 3000; i++)
        printf("line %06d of what nobody wanted to know\n", i);
}

static inline bh_status chaos_function(bh_job *self, bh_message_view arguments, bh_message *result)
{
    static unsigned char bytes[80000];
    uint32_t task = (uint32_t)bh_message_get_int(arguments, "task", -1);
    fate what = (fate)bh_message_get_int(arguments, "fate", FATE_WELL);
    uint64_t value = mix(bh_message_get_uint(arguments, "seed", 0) + task);
    note(task, true, value);
    talk(self, what);
    die_of(what);
    if (what == FATE_FAIL)
        return bh_job_fail(self, BH_ERROR_RANGE, "as it was told to");
    if (what == FATE_FULL_DISK)
        return write_to_full_disk(self);
    bh_message_add_uint(result, "value", value);
    if (what == FATE_LARGE)
        bh_message_add_bytes(result, "bytes", bytes, sizeof bytes);
    note(task, false, value);
    return BH_OK;
}

#endif
