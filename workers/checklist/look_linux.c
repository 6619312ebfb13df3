/* See look.h. The program gets a process group, folders and an address for what is seen inside of it; whatever it does it is
 * over at the deadline, and nothing of it stays. */
#include "checklist/look.h"

#include "core/door.h"
#include "process/probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLICE_MS = 50, LINES = 4096 };

/* --- folder and line */

static bool make_folder(bh__look *look)
{
    static const char *const inside[] = {"config", "data", "state", "cache", "run", "tmp"};
    const char *above = getenv("TMPDIR");
    char path[sizeof look->folder + 16];
    if (snprintf(look->folder, sizeof look->folder, "%s/bh-checklist-XXXXXX", above && above[0] == '/' ? above : "/tmp") >=
            (int)sizeof look->folder ||
        !mkdtemp(look->folder)) {
        look->folder[0] = 0;
        return false;
    }
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", look->folder, inside[i]);
        if (mkdir(path, 0700))
            return false;
    }
    return true;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path) && errno != ENOENT ? -1 : 0;
}

/* An address that the system chooses: no file, and nobody else's. */
static bool make_line(bh__look *look)
{
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    socklen_t size = sizeof own;
    const int on = 1;
    look->line = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (look->line < 0 || bind(look->line, (struct sockaddr *)&own, sizeof own.sun_family) ||
        getsockname(look->line, (struct sockaddr *)&own, &size) ||
        setsockopt(look->line, SOL_SOCKET, SO_PASSCRED, &on, sizeof on))
        return false;
    size_t length = size - offsetof(struct sockaddr_un, sun_path) - 1;
    if (length >= sizeof look->address)
        return false;
    memcpy(look->address, own.sun_path + 1, length);
    look->address[length] = 0;
    return true;
}

bool bh__look_open(bh__look *look, const bh__look_at *at)
{
    *look = (bh__look){.at = at, .line = -1, .output_end = -1, .exit_code = -1, .begun_ms = bh__clock_ms()};
    if (make_folder(look) && make_line(look))
        return true;
    snprintf(look->why, sizeof look->why, "no folder or no address can be made for it: %s", strerror(errno));
    return false;
}

/* --- hearing */

static void keep_line(bh__look *look, pid_t pid, const char *text)
{
    if (look->count >= LINES)
        return;
    if (look->count == look->room) {
        size_t room = look->room ? 2 * look->room : 64;
        bh__look_line *grown = bh__realloc(look->lines, room * sizeof *grown);
        if (!grown)
            return;
        look->lines = grown;
        look->room = room;
    }
    char *copy = bh__strdup(text);
    if (copy)
        look->lines[look->count++] = (bh__look_line){pid, copy};
}

/* One datagram; false if there is none. Those of other users are not listened to. */
static bool hear_line(bh__look *look)
{
    char text[BH__PROBE_LINE + 1];
    union {
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } control;
    struct iovec into = {text, sizeof text - 1};
    struct msghdr message = {
        .msg_iov = &into, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t length = recvmsg(look->line, &message, 0);
    const struct cmsghdr *head = length >= 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (length < 0)
        return false;
    if (head && head->cmsg_type == SCM_CREDENTIALS) {
        struct ucred from;
        memcpy(&from, CMSG_DATA(head), sizeof from);
        text[length] = 0;
        bh__clean_text(text);
        if (from.uid == geteuid())
            keep_line(look, from.pid, text);
    }
    return true;
}

static void hear_output(bh__look *look)
{
    char rest[1024] = "";
    ssize_t got = 1;
    while (got > 0) {
        size_t room = sizeof look->output - 1 - look->printed;
        got = read(look->output_end, room ? look->output + look->printed : rest, room ? room : sizeof rest);
        if (got > 0 && room)
            look->printed += (size_t)got;
    }
    look->output[look->printed] = 0;
}

void bh__look_hear(bh__look *look, int wait_ms)
{
    struct pollfd on[] = {{look->line, POLLIN, 0}, {look->output_end, POLLIN, 0}};
    poll(on, 2, wait_ms);
    while (hear_line(look))
        continue;
    if (look->output_end >= 0)
        hear_output(look);
}

/* --- the environment */

bool bh__look_changes(const bh__look *look, const char *action, char *changes[BH__LOOK_CHANGES])
{
    static const struct {
        const char *name, *folder;
    } folders[] = {{"HOME", "data"},
                   {"XDG_CONFIG_HOME", "config"},
                   {"XDG_DATA_HOME", "data"},
                   {"XDG_STATE_HOME", "state"},
                   {"XDG_CACHE_HOME", "cache"},
                   {"XDG_RUNTIME_DIR", "run"},
                   {"TMPDIR", "tmp"}};
    static const char *const others[] = {"QT_QPA_PLATFORM=offscreen", "DBUS_SESSION_BUS_ADDRESS=disabled:", "DISPLAY",
                                         "WAYLAND_DISPLAY", "BH_QUIT_AFTER_MS"};
    enum { FOLDERS = sizeof folders / sizeof folders[0], OTHERS = sizeof others / sizeof others[0] };
    char text[sizeof look->folder + 64];
    int count = 0;
    memset(changes, 0, BH__LOOK_CHANGES * sizeof *changes);
    snprintf(text, sizeof text, "%s=%s %d %s", BH__PROBE_VARIABLE, look->address, (int)getpid(), action);
    bool well = (changes[count++] = bh__strdup(text)) != NULL;
    for (int i = 0; well && i < FOLDERS; i++) {
        snprintf(text, sizeof text, "%s=%s/%s", folders[i].name, look->folder, folders[i].folder);
        well = (changes[count++] = bh__strdup(text)) != NULL;
    }
    for (int i = 0; well && i < OTHERS; i++)
        well = (changes[count++] = bh__strdup(others[i])) != NULL;
    return well;
}

void bh__look_changes_free(char *changes[BH__LOOK_CHANGES])
{
    for (int i = 0; i < BH__LOOK_CHANGES; i++)
        bh__free(changes[i]);
}

static bool is_changed(const char *entry, char *const *changes)
{
    size_t length = strcspn(entry, "=");
    for (; *changes; changes++)
        if (strncmp(*changes, entry, length) == 0 && (!(*changes)[length] || (*changes)[length] == '='))
            return true;
    return false;
}

/* Borrows all its strings. */
static char **make_environment(char **changes)
{
    size_t count = 0, used = 0;
    while (environ && environ[count])
        count++;
    char **list = bh__calloc(count + BH__LOOK_CHANGES + 1, sizeof *list);
    for (size_t i = 0; list && i < count; i++)
        if (!is_changed(environ[i], changes))
            list[used++] = environ[i];
    for (; list && *changes; changes++)
        if (strchr(*changes, '='))
            list[used++] = *changes;
    return list;
}

/* --- starting it */

static int add_actions(posix_spawn_file_actions_t *actions, int output)
{
    int error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, output, STDERR_FILENO);
    return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int spawn(bh__look *look, char **words, char **environment, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    int error = bh__spawn_attributes(&attributes, true);
    if (!error) {
        error = add_actions(&actions, output);
        error = error ? error : posix_spawn(&look->pid, look->at->program, &actions, &attributes, words, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        look->pid = 0;
    return error;
}

static int start(bh__look *look, const char *action, const char *const *words)
{
    static const char *const nothing[] = {NULL};
    char *changes[BH__LOOK_CHANGES];
    int ends[2], error = ENOMEM;
    size_t count = 0;
    if (pipe2(ends, O_CLOEXEC))
        return errno;
    look->output_end = ends[0];
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (!words)
        words = look->at->arguments ? look->at->arguments : nothing;
    while (words[count])
        count++;
    const char **arguments = bh__calloc(count + 2, sizeof *arguments);
    char **environment = bh__look_changes(look, action, changes) ? make_environment(changes) : NULL;
    if (arguments && environment) {
        arguments[0] = look->at->program;
        memcpy(arguments + 1, words, count * sizeof *words);
        error = spawn(look, (char **)arguments, environment, ends[1]);
    }
    bh__free(environment);
    bh__free(arguments);
    bh__look_changes_free(changes);
    close(ends[1]);
    return error;
}

/* --- to its end */

bool bh__look_is_over(bh__look *look)
{
    look->stopped = look->at->stopped && look->at->stopped(look->at->user);
    look->timed_out = !look->stopped && bh__clock_ms() - look->begun_ms > look->at->timeout_ms;
    return look->stopped || look->timed_out;
}

/* True once it has ended, and was collected. */
static bool has_ended(bh__look *look)
{
    int status;
    pid_t done = waitpid(look->pid, &status, WNOHANG);
    if (done == 0 || (done < 0 && errno == EINTR))
        return false;
    if (done == look->pid && WIFEXITED(status))
        look->exit_code = WEXITSTATUS(status);
    if (done == look->pid && WIFSIGNALED(status))
        look->signal = WTERMSIG(status);
    return true;
}

/* Processes with the address in their environment, whoever their parents are: sends them NUMBER (0: nothing), and counts them. */
static int signal_left(const bh__look *look, int number)
{
    char tag[128], path[64], text[65536];
    int count = 0;
    size_t length = (size_t)snprintf(tag, sizeof tag, "%s=%s ", BH__PROBE_VARIABLE, look->address);
    const struct dirent *entry;
    DIR *list = opendir("/proc");
    // cppcheck-suppress readdirCalled ; it is safe for a DIR that no other thread has
    while (list && (entry = readdir(list))) {
        pid_t pid = (pid_t)atoi(entry->d_name);
        snprintf(path, sizeof path, "/proc/%.20s/environ", entry->d_name);
        int file = pid > 1 && pid != getpid() ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        ssize_t size = file >= 0 ? read(file, text, sizeof text) : 0;
        if (file >= 0)
            close(file);
        if (size > 0 && memmem(text, (size_t)size, tag, length) && kill(pid, number) == 0)
            count++;
    }
    if (list)
        closedir(list);
    return count;
}

/* What dies with its parent, or has been told to end, gets a moment for it. */
static int kill_left(const bh__look *look)
{
    enum { MOMENT_MS = 500, STEP_MS = 20 };
    int64_t until = bh__clock_ms() + MOMENT_MS;
    while (signal_left(look, 0) > 0 && bh__clock_ms() < until)
        poll(NULL, 0, STEP_MS);
    return signal_left(look, SIGKILL);
}

static void see_to_the_end(bh__look *look)
{
    while (!has_ended(look)) {
        bh__look_hear(look, SLICE_MS);
        if (!look->timed_out && !look->stopped && bh__look_is_over(look))
            kill(-look->pid, SIGKILL);
    }
    look->took_ms = bh__clock_ms() - look->begun_ms;
    bh__look_hear(look, 0);
}

bool bh__look_run(bh__look *look, const bh__look_at *at, const char *action, const char *const *words)
{
    if (!bh__look_open(look, at))
        return false;
    int error = start(look, action, words);
    if (error) {
        snprintf(look->why, sizeof look->why, "it cannot be started: %s", strerror(error));
        return false;
    }
    see_to_the_end(look);
    look->left = kill_left(look);
    return true;
}

void bh__look_end(bh__look *look)
{
    if (look->address[0])
        kill_left(look);
    for (size_t i = 0; i < look->count; i++)
        bh__free(look->lines[i].text);
    bh__free(look->lines);
    if (look->line >= 0)
        close(look->line);
    if (look->output_end >= 0)
        close(look->output_end);
    if (look->folder[0])
        nftw(look->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    look->lines = NULL;
    look->count = 0;
    look->line = look->output_end = -1;
    look->folder[0] = look->address[0] = 0;
}

/* --- what was heard */

const char *bh__look_find(const bh__look *look, const char *begins)
{
    size_t length = strlen(begins);
    for (size_t i = 0; i < look->count; i++)
        if (strncmp(look->lines[i].text, begins, length) == 0)
            return look->lines[i].text + length;
    return NULL;
}

int bh__look_count(const bh__look *look, const char *begins)
{
    int count = 0;
    for (size_t i = 0; i < look->count; i++)
        count += strncmp(look->lines[i].text, begins, strlen(begins)) == 0;
    return count;
}
