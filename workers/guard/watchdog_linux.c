/* What the watchdog asks the system. */
#include "guard/watchdog.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Atomic int64_t slept_ms; /* tests */

void bh__watchdog_sleep_machine(int64_t ms)
{
    atomic_fetch_add(&slept_ms, ms);
}

int64_t bh__system_boot_ms(void)
{
    return bh__clock_read_ns(CLOCK_BOOTTIME) / 1000000 + atomic_load(&slept_ms);
}

static int open_own(int tid, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", tid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

void bh__system_open(bh__system *self, int gui_tid)
{
    *self = (bh__system){.schedstat = open_own(gui_tid, "schedstat"), .stat = open_own(gui_tid, "stat")};
}

void bh__system_close(bh__system *self)
{
    if (self->schedstat >= 0)
        close(self->schedstat);
    if (self->stat >= 0)
        close(self->stat);
    self->schedstat = self->stat = -1;
}

static void read_text(int file, char *out, size_t size)
{
    ssize_t got = file >= 0 ? pread(file, out, size - 1, 0) : 0;
    out[got > 0 ? got : 0] = 0;
}

/* "TID (NAME) STATE …" */
static bool is_ready(const bh__system *self)
{
    char text[256];
    read_text(self->stat, text, sizeof text);
    const char *end = strrchr(text, ')');
    return end && strncmp(end, ") R", 3) == 0;
}

/* "RAN_NS QUEUED_NS TIMES". The kernel counts a wait when it is over: one that goes on is a thread that is ready and has not run. */
void bh__system_times(bh__system *self, int64_t now_ms, int64_t *ran_ms, int64_t *queued_ms)
{
    char text[96], *second = text;
    read_text(self->schedstat, text, sizeof text);
    uint64_t ran = strtoull(text, &second, 10), queued = strtoull(second, NULL, 10);
    *ran_ms = (int64_t)(ran / 1000000);
    *queued_ms = (int64_t)(queued / 1000000);
    if (ran != self->ran_ns || queued != self->queued_ns) {
        self->ran_ns = ran;
        self->queued_ns = queued;
        self->since_ms = now_ms;
    } else if (is_ready(self)) {
        *queued_ms += now_ms - self->since_ms;
    }
}

bool bh__system_has_debugger(void)
{
    static const char word[] = "\nTracerPid:";
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, sizeof text - 1) : 0;
    if (file >= 0)
        close(file);
    text[got > 0 ? got : 0] = 0;
    const char *at = strstr(text, word);
    return at && atoi(at + sizeof word - 1) != 0;
}
