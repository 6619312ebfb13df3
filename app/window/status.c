/* The status line: what the program takes of the computer, and how late its window answers. */
#include "window/inner.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 50, SHOW_MS = 1000 };

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double resident_mb(void)
{
    long pages = 0;
    FILE *statm = fopen("/proc/self/statm", "re");
    if (!statm || fscanf(statm, "%*s %ld", &pages) != 1)
        pages = 0;
    if (statm)
        fclose(statm);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

/* How much later than asked for the event loop came round: that long a click would have waited. */
static void tick(void *user)
{
    status_line *self = &((window *)user)->status;
    double now = seconds(CLOCK_MONOTONIC), late_ms = (now - self->latest) * 1000 - TICK_MS;
    self->worst_ms = fmax(self->worst_ms, late_ms);
    self->latest = now;
}

static void show(void *user)
{
    status_line *self = &((window *)user)->status;
    double now = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    char text[64];
    snprintf(text, sizeof text, "CPU %.0f %%", 100 * (cpu - self->cpu_seconds) / fmax(now - self->asked_at, 1e-3));
    bh_set_string(self->cpu, "text", text);
    snprintf(text, sizeof text, "Memory %.0f MB", resident_mb());
    bh_set_string(self->memory, "text", text);
    snprintf(text, sizeof text, "Latency %.1f ms", self->worst_ms);
    bh_set_string(self->latency, "text", text);
    self->cpu_seconds = cpu;
    self->asked_at = now;
    self->worst_ms = 0;
}

static bh_object *add_label(bh_object *bar, const char *tip)
{
    bh_object *label = bh_create("QLabel", bar);
    bh_set_string(label, "toolTip", tip);
    bh_status_bar_add_widget(bar, label, true);
    return label;
}

void status_create(window *self)
{
    bh_object *bar = bh_main_window_status_bar(self->object);
    self->status.cpu = add_label(bar, "Processor time of this program in the last second; 100 % is one core");
    self->status.memory = add_label(bar, "Memory of this program");
    self->status.latency = add_label(bar, "How late the window answered, at worst, in the last second");
    self->status.latest = self->status.asked_at = seconds(CLOCK_MONOTONIC);
    self->status.cpu_seconds = seconds(CLOCK_PROCESS_CPUTIME_ID);
    show(self);
    bh_timer_start(TICK_MS, BH_TIMER_PRECISE, self->object, tick, self);
    bh_timer_start(SHOW_MS, BH_TIMER_COARSE, self->object, show, self);
}
