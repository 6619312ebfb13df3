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

void bh__system_open(bh__system *self, int gui_tid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/schedstat", gui_tid);
    self->schedstat = open(path, O_RDONLY | O_CLOEXEC);
}

void bh__system_close(bh__system *self)
{
    if (self->schedstat >= 0)
        close(self->schedstat);
    self->schedstat = -1;
}

/* "RAN_NS QUEUED_NS TIMES" */
void bh__system_times(const bh__system *self, int64_t *ran_ms, int64_t *queued_ms)
{
    char text[96], *second = text;
    ssize_t got = self->schedstat >= 0 ? pread(self->schedstat, text, sizeof text - 1, 0) : 0;
    text[got > 0 ? got : 0] = 0;
    *ran_ms = (int64_t)(strtoull(text, &second, 10) / 1000000);
    *queued_ms = (int64_t)(strtoull(second, NULL, 10) / 1000000);
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
