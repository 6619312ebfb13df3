/* The status line: what the program takes of the computer, and how late its window answers. It looks once a second, and rests while nothing
 * runs and nobody sees it. */
#include "window/inner.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SHOW_MS = 1000 };
static const double least_s = 0.2; /* to tell a share of */

struct status_line {
    window *window;
    bh_object *cpu, *memory, *latency;
    double cpu_seconds, asked_at; /* at the last look */
    bh_timer *timer;              /* NULL: it rests */
};

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

static double seconds_of(int pid)
{
    char path[64], stat[512];
    unsigned long user_ticks = 0, system_ticks = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    const char *at = file && fgets(stat, sizeof stat, file) ? strrchr(stat, ')') : NULL;
    if (!at || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user_ticks, &system_ticks) != 2)
        user_ticks = system_ticks = 0;
    if (file)
        fclose(file);
    return (double)(user_ticks + system_ticks) / (double)sysconf(_SC_CLK_TCK);
}

/* What running workers have used, from /proc, which is memory and no disk. A child is listed with the thread that has started it. */
static double seconds_of_workers(void)
{
    char path[300];
    double sum = 0;
    const struct dirent *thread;
    DIR *threads = opendir("/proc/self/task");
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (threads && (thread = readdir(threads))) {
        snprintf(path, sizeof path, "/proc/self/task/%s/children", thread->d_name);
        FILE *list = thread->d_name[0] == '.' ? NULL : fopen(path, "re");
        for (int pid; list && fscanf(list, "%d", &pid) == 1;)
            sum += seconds_of(pid);
        if (list)
            fclose(list);
    }
    if (threads)
        closedir(threads);
    return sum;
}

static double workers_mb(const project *of)
{
    size_t count;
    double bytes = 0;
    const project_job *const *jobs = project_jobs(of, &count);
    for (size_t i = 0; i < count; i++)
        bytes += (double)jobs[i]->memory;
    return bytes / 1e6;
}

static bool anything_runs(const status_line *self)
{
    size_t count;
    project_jobs(self->window->project, &count);
    return count > 0;
}

static bool is_seen(const status_line *self)
{
    bool visible = false, minimized = false;
    bh_get_bool(self->window->object, "visible", &visible);
    bh_get_bool(self->window->object, "minimized", &minimized);
    return visible && !minimized;
}

static void show_latency(const status_line *self)
{
    char text[200];
    bh_watchdog_latency latency;
    if (bh_watchdog_get_latency(&latency))
        return;
    snprintf(text, sizeof text, "Latency %.1f ms", latency.recent_ms);
    bh_set_string(self->latency, "text", text);
    snprintf(text, sizeof text,
             "How long the window took to answer at worst, just now. Since the program began: %.1f ms or less\n"
             "99 of 100 times, and %.0f ms at worst",
             latency.p99_ms, latency.longest_ms);
    bh_set_string(self->latency, "toolTip", text);
}

static void show(void *user)
{
    status_line *self = user;
    bool runs = anything_runs(self);
    double now = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) + (runs ? seconds_of_workers() : 0);
    char text[64];
    double looked_s = now - self->asked_at, share = looked_s > least_s ? (cpu - self->cpu_seconds) / looked_s : 0;
    snprintf(text, sizeof text, "CPU %.0f %%", fmax(0, 100 * share));
    bh_set_string(self->cpu, "text", text);
    snprintf(text, sizeof text, "Memory %.0f MB", resident_mb() + workers_mb(self->window->project));
    bh_set_string(self->memory, "text", text);
    show_latency(self);
    self->cpu_seconds = cpu;
    self->asked_at = now;
    if (self->timer && !runs && !is_seen(self)) {
        bh_timer_stop(self->timer);
        self->timer = NULL;
    }
}

void status_wake(status_line *self)
{
    if (self && !self->timer)
        self->timer = bh_timer_start(SHOW_MS, BH_TIMER_COARSE, self->window->object, show, self);
}

static bh_event_result on_show(bh_object *object, void *user, const bh_event *event)
{
    (void)object;
    (void)event;
    status_wake(user);
    return BH_EVENT_PASS;
}

static bh_object *add_label(bh_object *bar, const char *name, const char *tip)
{
    bh_object *label = part_label(bar, name, "");
    bh_set_string(label, "toolTip", tip);
    bh_set_int(label, "indent", 10);
    bh_status_bar_add_widget(bar, label, true);
    return label;
}

status_line *status_create(window *w)
{
    status_line *self = calloc(1, sizeof *self);
    bh_object *bar = bh_main_window_status_bar(w->object);
    if (!self)
        return NULL;
    self->window = w;
    self->cpu =
        add_label(bar, "status-cpu", "Processor time of this program and its workers in the last second; 100 % is one core");
    self->memory = add_label(bar, "status-memory", "Memory of this program and its workers");
    self->latency = add_label(bar, "status-latency", "");
    self->asked_at = seconds(CLOCK_MONOTONIC);
    self->cpu_seconds = seconds(CLOCK_PROCESS_CPUTIME_ID);
    show(self);
    bh_on_event(w->object, BH_EVENT_SHOW, on_show, self);
    return self;
}
