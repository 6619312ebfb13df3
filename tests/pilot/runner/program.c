/*
 * The program under test. It gets folders of its own and the same surroundings on each machine, the plug-in by its command line, and one end of
 * a socket pair, whose maker is this process: by that the plug-in knows that it is its parent.
 */
#include "program.h"

#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 20000, ARGUMENTS_MAX = 64 };

void program_folder(buffer *out)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(path, '/');
    buffer_put(out, path, slash ? (size_t)(slash - path) : 0);
}

/* What belongs to this program: beside it in a build, else where it is installed */
static void folder_of(const char *name, const char *installed, buffer *out)
{
    buffer here = {0};
    program_folder(&here);
    buffer_format(out, "%s/%s", here.bytes, name);
    if (access(out->bytes, R_OK) != 0) {
        buffer_clear(out);
        buffer_format(out, "%s/%s", here.bytes, installed);
    }
    buffer_free(&here);
}

static void make_folder(program *self, const char *variable, const char *name, bool headed)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", self->profile, name);
    mkdir(path, 0700);
    /* The runtime folder holds the sockets of a display, too */
    if (*variable && !(headed && strcmp(variable, "XDG_RUNTIME_DIR") == 0))
        setenv(variable, path, 1);
}

static void set_folders(program *self, bool headed)
{
    mkdir(self->profile, 0700);
    make_folder(self, "HOME", "home", headed);
    make_folder(self, "XDG_CONFIG_HOME", "config", headed);
    make_folder(self, "XDG_DATA_HOME", "data", headed);
    make_folder(self, "XDG_CACHE_HOME", "cache", headed);
    make_folder(self, "XDG_STATE_HOME", "state", headed);
    make_folder(self, "XDG_RUNTIME_DIR", "runtime", headed);
    make_folder(self, "TMPDIR", "tmp", headed);
    make_folder(self, "", "files", headed);
}

/* Letters look the same on each machine: there are these fonts only, and they are drawn in one way. What was learnt of them is kept for the
   script's next start. */
static bool set_fonts(const program *self)
{
    static const char *const aliases[][2] = {{"sans-serif", "DejaVu Sans"},
                                             {"serif", "DejaVu Sans"},
                                             {"monospace", "DejaVu Sans Mono"},
                                             {"fixed", "DejaVu Sans Mono"}};
    buffer text = {0}, folder = {0};
    char path[240];
    folder_of("fonts", PILOT_FONTS, &folder);
    buffer_format(&text, "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n<dir>%s</dir>\n",
                  folder.bytes);
    buffer_format(&text, "<cachedir>%s/fonts</cachedir>\n", self->base);
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        buffer_format(&text, "<alias binding=\"same\"><family>%s</family><prefer><family>%s</family></prefer></alias>\n",
                      aliases[i][0], aliases[i][1]);
    buffer_text(
        &text,
        "<match target=\"pattern\"><edit name=\"family\" mode=\"append_last\"><string>DejaVu Sans</string></edit></match>\n"
        "<match target=\"font\"><edit name=\"antialias\"><bool>true</bool></edit><edit name=\"hinting\"><bool>false</bool></edit>"
        "<edit name=\"hintstyle\"><const>hintnone</const></edit><edit name=\"rgba\"><const>none</const></edit></match>\n"
        "</fontconfig>\n");
    snprintf(path, sizeof path, "%s/fonts.conf", self->base);
    bool there = access(folder.bytes, R_OK) == 0 && file_write(path, text.bytes, text.length);
    setenv("FONTCONFIG_FILE", path, 1);
    buffer_free(&text);
    buffer_free(&folder);
    return there;
}

static bool begins_with(const char *text, const char *const *begins)
{
    for (; *begins; begins++)
        if (strncmp(text, *begins, strlen(*begins)) == 0)
            return true;
    return false;
}

/* What the person who runs the test has set for programs of Qt's, but for what finds a display */
static void forget_surroundings(bool headed)
{
    static const char *const gone[] = {"QT_", "XDG_", "LC_", "FONTCONFIG_", "FC_", NULL};
    static const char *const kept[] = {"XDG_RUNTIME_DIR=", "XDG_SESSION_TYPE=", "QT_X11", "QT_XCB", "QT_WAYLAND", NULL};
    for (char **at = environ; *at;) {
        buffer name = {0};
        buffer_put(&name, *at, strcspn(*at, "="));
        bool goes = begins_with(*at, gone) && !(headed && begins_with(*at, kept));
        if (!goes || unsetenv(name.bytes) != 0) /* what follows moves up */
            at++;
        buffer_free(&name);
    }
}

/* What a window looks like, and what a number or a time reads like, must not depend on who runs the test */
static void set_surroundings(const pilot_options *options)
{
    static const char *const fixed[][2] = {
        {"LC_ALL", "C.UTF-8"},
        {"LANG", "C.UTF-8"},
        {"LANGUAGE", ""},
        {"TZ", "UTC"},
        {"QT_SCALE_FACTOR", "1"},
        {"QT_FONT_DPI", "96"},
        {"QT_STYLE_OVERRIDE", "fusion"},
        {"QT_NO_GLIB", "1"},
        {"QT_FORCE_STDERR_LOGGING", "1"},
        {"QT_ENABLE_HIGHDPI_SCALING", "0"},
        {"QT_HASH_SEED", "0"},
    };
    static const char *const none[] = {"SESSION_MANAGER", "DBUS_SESSION_BUS_ADDRESS"};
    buffer plugins = {0};
    folder_of("plugins", PILOT_PLUGINS, &plugins);
    if (getenv("QT_PLUGIN_PATH")) /* where the program's own are, maybe */
        buffer_format(&plugins, ":%s", getenv("QT_PLUGIN_PATH"));
    forget_surroundings(options->headed);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        setenv(fixed[i][0], fixed[i][1], 1);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        unsetenv(none[i]);
    if (!options->headed) /* else the display's own */
        setenv("QT_QPA_PLATFORM", "offscreen", 1);
    setenv("QT_PLUGIN_PATH", plugins.bytes, 1);
    buffer_free(&plugins);
}

/* In the child, up to the program's own main. */
static void become(program *self, const pilot_options *options, int fd, int count, const char *const *arguments)
{
    char specification[40], path[300], *argv[ARGUMENTS_MAX];
    int n = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    fcntl(fd, F_SETFD, 0);
    set_surroundings(options);
    set_folders(self, options->headed);
    snprintf(path, sizeof path, "%s/output", self->profile);
    int out = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(in, STDIN_FILENO);
    if (!set_fonts(self)) {
        fputs("bulkhead-pilot: its fonts are not where they belong: it is not installed as a whole\n", stderr);
        _exit(127);
    }
    snprintf(specification, sizeof specification, "bulkheadpilot:fd=%d", fd);
    argv[n++] = options->program[0];
    argv[n++] = (char *)"-plugin";
    argv[n++] = specification;
    for (int i = 1; i < options->program_count && n < ARGUMENTS_MAX - 1; i++)
        argv[n++] = options->program[i];
    for (int i = 0; i < count && n < ARGUMENTS_MAX - 1; i++)
        argv[n++] = (char *)arguments[i];
    argv[n] = NULL;
    execvp(argv[0], argv);
    fprintf(stderr, "cannot start %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static bool wait_for_hello(program *self, buffer *why)
{
    int number, got = wire_receive(self->fd, &self->in, START_MS);
    if (got == 1)
        return true;
    program_end end = program_wait(self, got == 0 ? 2000 : 0, &number);
    if (end == PROGRAM_RUNS) {
        program_kill(self);
        buffer_text(why, "the program does not come to its event loop, or does not pass its arguments to QApplication");
    } else {
        buffer_format(why, "the program ended with %s %d before its event loop ran", end == PROGRAM_SIGNALED ? "signal" : "code",
                      number);
    }
    buffer_text(why, "; it wrote:\n");
    program_output(self, 2000, why);
    return false;
}

bool program_start(program *self, const pilot_options *options, bool keep, int count, const char *const *arguments, buffer *why)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        buffer_format(why, "no socket: %s", strerror(errno));
        return false;
    }
    if (!keep || !self->starts) {
        snprintf(self->profile, sizeof self->profile, "%s/%d", self->base, ++self->starts);
        self->told = 0;
    }
    fflush(NULL);
    self->pid = fork();
    if (self->pid == 0)
        become(self, options, ends[1], count, arguments);
    close(ends[1]);
    self->fd = ends[0];
    self->pidfd = self->pid > 0 ? (int)syscall(SYS_pidfd_open, self->pid, 0) : -1;
    if (self->pidfd >= 0)
        return wait_for_hello(self, why);
    buffer_format(why, "no process: %s", strerror(errno));
    program_kill(self);
    return false;
}

program_end program_wait(program *self, int limit_ms, int *number)
{
    struct pollfd wait = {.fd = self->pidfd, .events = POLLIN};
    int status;
    *number = 0;
    if (self->pid <= 0)
        return PROGRAM_EXITED;
    if (poll(&wait, 1, limit_ms) <= 0 || waitpid(self->pid, &status, 0) != self->pid)
        return PROGRAM_RUNS;
    close(self->pidfd);
    close(self->fd);
    self->pid = self->pidfd = self->fd = -1;
    *number = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return WIFSIGNALED(status) ? PROGRAM_SIGNALED : PROGRAM_EXITED;
}

void program_kill(program *self)
{
    int number;
    if (self->pid > 0)
        kill(self->pid, SIGKILL);
    program_wait(self, 5000, &number);
}

/* The end of its output, beginning at `from` or after it; how long the output is */
static long read_output(const program *self, long from, size_t most, buffer *out)
{
    char path[300], bytes[4096];
    snprintf(path, sizeof path, "%s/output", self->profile);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return 0;
    fseek(file, 0, SEEK_END);
    long size = ftell(file), last = size > (long)most ? size - (long)most : 0;
    fseek(file, from > last ? from : last, SEEK_SET);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buffer_put(out, bytes, got);
    fclose(file);
    return size;
}

void program_output(const program *self, size_t most, buffer *out)
{
    read_output(self, 0, most, out);
}

void program_written(program *self, size_t most, buffer *out)
{
    self->told = read_output(self, self->told, most, out);
}

void program_file(const program *self, const char *name, buffer *out)
{
    const char *last = strrchr(name, '/'); /* files of a test stay in its folder */
    buffer_format(out, "%s/files/%s", self->profile, last ? last + 1 : name);
}
