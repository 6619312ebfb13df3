/* See probe.h. */
#include "process/probe.h"

#include "base/host.h"
#include "base/observer.h"
#include "base/status.h"
#include "process/spawn.h"
#include "process/worker_side.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int line = -1;
static char action[32];
static BH_THREAD_LOCAL bool expected;

const char *bh__probe_action(void)
{
    return line >= 0 ? action : NULL;
}

bool bh__probe_has_guard(void)
{
    return bh__is_guarded();
}

void bh__probe_expect_failure(bool is)
{
    expected = is;
}

void bh__probe_say(const char *format, ...)
{
    char text[BH__PROBE_LINE];
    va_list arguments;
    if (line < 0)
        return;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t size = length < (int)sizeof text ? (size_t)length : sizeof text - 1;
    int before = errno;
    ssize_t sent = send(line, text, size, MSG_NOSIGNAL);
    (void)sent; /* a checklist that is gone ends this process, by prctl */
    errno = before;
}

/* --- what is seen all the time */

static void on_failed(const bh_error *error)
{
    const bh__host *host = bh__get_host();
    bool gui = host && host->is_gui_thread();
    if (!expected)
        bh__probe_say("failed status=%d gui=%d app=%d call=%s on '%s': %s", (int)error->status, gui, host != NULL, error->call,
                      error->thread, error->sentence);
}

/* Errors come as failures; and what the library says at the close and at the end is looked at whatever its level. */
static void on_logged(bh_log_level level, const char *category, const char *text)
{
    bool looked_at = strcmp(category, "close") == 0 || strcmp(category, "exit") == 0;
    if (looked_at || (level >= BH_LOG_WARNING && strcmp(category, "error") != 0))
        bh__probe_say("log %s: %s", category, text);
}

static const bh__observer observer = {on_failed, on_logged};

/* --- taking the line up */

static bool open_line(const char *address)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = strlen(address);
    const struct timeval patience = {2, 0};
    if (length == 0 || length >= sizeof to.sun_path - 1)
        return false;
    memcpy(to.sun_path + 1, address, length); /* an abstract one */
    int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (made < 0)
        return false;
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(made, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length))) {
        close(made);
        return false;
    }
    line = made;
    return true;
}

static bool take_up(void)
{
    char address[64], own[128];
    int parent = 0;
    const char *text = getenv(BH__PROBE_VARIABLE);
    if (line >= 0 || !text || sscanf(text, "%63s %d %31s", address, &parent, action) != 3 || getppid() != (pid_t)parent)
        return false;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != (pid_t)parent || !open_line(address))
        return false;
    snprintf(own, sizeof own, "%s %d %s", address, (int)getpid(), action);
    setenv(BH__PROBE_VARIABLE, own, 1);
    bh__observe(&observer);
    return true;
}

/* --- how things stand at the guard */

static int count_entries(const char *folder, int least)
{
    int count = 0;
    const struct dirent *entry;
    DIR *list = opendir(folder);
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (list && (entry = readdir(list)))
        count += entry->d_name[0] >= '0' && entry->d_name[0] <= '9' && atoi(entry->d_name) >= least &&
                 (least == 0 || atoi(entry->d_name) != dirfd(list));
    if (list)
        closedir(list);
    return count;
}

static int cpu_ms(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int)(used.tv_sec * 1000 + used.tv_nsec / 1000000);
}

static void look_at_memory(const char *pid, bh__probe_child *out)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(text, sizeof text, file)) {
        out->has_qt |= strstr(text, "/libQt6") != NULL;
        out->has_windows |= strstr(text, "/platforms/libq") != NULL;
    }
    if (file)
        fclose(file);
}

/* Without unwind tables no exception, and no failed assertion, gets through the program's functions. */
struct dwarf_eh_bases {
    void *text, *data, *function;
};
const void *_Unwind_Find_FDE(void *place, struct dwarf_eh_bases *bases); // NOLINT(bugprone-reserved-identifier): libgcc's

static bool can_unwind(const void *place)
{
    struct dwarf_eh_bases bases;
    return _Unwind_Find_FDE((char *)place - 1, &bases) != NULL;
}

void bh__probe_guard(const void *caller)
{
    int descriptors = getenv(BH__PROBE_VARIABLE) ? count_entries("/proc/self/fd", 3) : 0;
    if (!take_up())
        return;
    unsigned failures = bh__failure_count();
    bh__probe_child self = {0};
    look_at_memory("self", &self);
    bh__probe_say("guard threads=%d descriptors=%d cpu_ms=%d unwinds=%d failures=%u app=%d", count_entries("/proc/self/task", 0),
                  descriptors, cpu_ms(), can_unwind(caller), failures, bh__get_host() || self.has_windows);
    if (failures)
        bh__probe_say("before %s", bh_last_error());
}

void bh__probe_worker(void)
{
    if (take_up())
        bh__probe_say("worker");
}

void bh__probe_app(void)
{
    take_up();
    bh__probe_say("creating guarded=%d", bh__is_guarded());
}

/* --- worker processes */

/* The beginning of a file of /proc. */
static size_t read_file(const char *path, char *out, size_t size)
{
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(out, 1, size - 1, file) : 0;
    if (file)
        fclose(file);
    out[length] = 0;
    return length;
}

/* Of "PID (NAME) STATE PARENT …". */
static pid_t parent_of(const char *pid)
{
    char path[64], text[512];
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    read_file(path, text, sizeof text);
    const char *end = strrchr(text, ')');
    return end && sscanf(end, ") %*c %d", &parent) == 1 ? (pid_t)parent : 0;
}

static bool is_worker(const char *pid, bh__probe_child *out)
{
    char path[64], text[4096], program[4096];
    snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    size_t length = read_file(path, text, sizeof text), first = strlen(text) + 1;
    snprintf(path, sizeof path, "/proc/%.20s/exe", pid);
    ssize_t named = readlink(path, program, sizeof program - 1);
    program[named > 0 ? named : 0] = 0;
    const char *base = strrchr(program, '/');
    snprintf(out->name, sizeof out->name, "%.63s", base ? base + 1 : program);
    return first < length && strcmp(text + first, BH__WORKER_MARK) == 0;
}

void bh__probe_children(void (*visit)(const bh__probe_child *child, void *user), void *user)
{
    const struct dirent *entry;
    DIR *list = opendir("/proc");
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (list && (entry = readdir(list))) {
        bh__probe_child child = {.pid = (pid_t)atoi(entry->d_name)};
        if (child.pid <= 0 || parent_of(entry->d_name) != getpid() || !is_worker(entry->d_name, &child))
            continue;
        look_at_memory(entry->d_name, &child);
        visit(&child, user);
    }
    if (list)
        closedir(list);
}
