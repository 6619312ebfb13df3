/* Records of crashes: found where Bulkhead puts them, $XDG_STATE_HOME/NAME/crashes, and read by its own program if that is there. */
#include "crash.h"

#include "files.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_MS = 10000 };

/* The newest file that has something in it. False: there is none. */
static bool newest(const program *self, buffer *path)
{
    char pattern[300];
    glob_t found;
    struct stat status;
    time_t time = 0;
    snprintf(pattern, sizeof pattern, "%s/state/*/crashes/*", self->profile);
    if (glob(pattern, 0, NULL, &found) != 0)
        return false;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (stat(found.gl_pathv[i], &status) != 0 || !S_ISREG(status.st_mode) || !status.st_size || status.st_mtime < time)
            continue;
        time = status.st_mtime;
        buffer_clear(path);
        buffer_text(path, found.gl_pathv[i]);
    }
    globfree(&found);
    return path->length;
}

/* In the child: it is beside this program, or in the path */
static void become_reader(const char *path, int out)
{
    buffer places = {0};
    program_folder(&places);
    buffer_format(&places, ":%s", getenv("PATH") ? getenv("PATH") : "/usr/bin");
    setenv("PATH", places.bytes, 1);
    unsetenv("DEBUGINFOD_URLS"); /* a test waits for no server */
    dup2(out, STDOUT_FILENO);
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
    execlp("bulkhead-crash", "bulkhead-crash", path, (char *)NULL);
    _exit(127);
}

static void read_until_end(int fd, buffer *out)
{
    char bytes[4096];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    for (ssize_t got; poll(&wait, 1, READ_MS) > 0 && (got = read(fd, bytes, sizeof bytes)) > 0;)
        buffer_put(out, bytes, (size_t)got);
}

static bool said_by_reader(const char *path, buffer *out)
{
    int ends[2], status = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        become_reader(path, ends[1]);
    close(ends[1]);
    read_until_end(ends[0], out);
    close(ends[0]);
    if (pid > 0) {
        kill(pid, SIGKILL); /* it has ended, or takes too long */
        waitpid(pid, &status, 0);
    }
    return out->length;
}

void crash_record(const program *self, buffer *out)
{
    buffer path = {0};
    if (newest(self, &path) && !said_by_reader(path.bytes, out))
        file_read(path.bytes, out);
    buffer_free(&path);
}
