/* A record for people: what bulkhead-crash says of it, in a process of its own, as reading debug information takes memory and
 * may meet what is broken. */
#include "core/door.h"
#include "process/crash_program.h"
#include "process/crash_record.h"

#include <bulkhead/crash.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1024 * 1024, PATIENCE_MS = 10000 };

/* --- reading */

/* All that comes until the end, MOST bytes, or the deadline; as text. NULL without memory, or if it comes to none of the first
 * two. */
static char *read_until(int file, int64_t deadline)
{
    struct pollfd on = {file, POLLIN, 0};
    char *text = bh__malloc(MOST + 1);
    size_t used = 0;
    ssize_t got = 1;
    while (text && got > 0 && used < MOST) {
        int64_t left = deadline - bh__clock_ms();
        int ready = poll(&on, 1, left > 0 ? (int)left : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        got = ready > 0 ? read(file, text + used, MOST - used) : -1;
        if (got < 0 && ready > 0 && errno == EINTR)
            got = 1;
        else if (got > 0)
            used += (size_t)got;
    }
    if (text && got >= 0) {
        text[used] = 0;
        text[bh__utf8_prefix(text, used)] = 0;
        return text;
    }
    bh__free(text);
    return NULL;
}

static char *read_file(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = file >= 0 ? read_until(file, bh__clock_ms() + PATIENCE_MS) : NULL;
    if (file >= 0)
        close(file);
    return text;
}

/* --- the program */

static int add_actions(posix_spawn_file_actions_t *actions, int output)
{
    int error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    return error ? error : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int spawn(const char *program, const char *path, int output, pid_t *pid)
{
    char *arguments[] = {(char *)program, (char *)path, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    int error = bh__spawn_attributes(&attributes, false);
    if (!error) {
        error = add_actions(&actions, output);
        error = error ? error : posix_spawn(pid, program, &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* NULL if it does not come to a good end. */
static char *ask(const char *program, const char *path)
{
    int ends[2], status = 1;
    pid_t pid = -1, ended;
    if (pipe2(ends, O_CLOEXEC))
        return NULL;
    int error = spawn(program, path, ends[1], &pid);
    close(ends[1]);
    char *text = error ? NULL : read_until(ends[0], bh__clock_ms() + PATIENCE_MS);
    close(ends[0]);
    if (error)
        return NULL;
    if (!text)
        kill(pid, SIGKILL);
    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (text && text[0] && ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return text;
    bh__free(text);
    return NULL;
}

bh_status(bh_crash_read)(const char *path, char **out)
{
    char program[4096];
    if (out)
        *out = NULL;
    if (!path || !out)
        return bh__fail(BH_ERROR_NULL, "bh_crash_read", "%s is NULL: pass %s", path ? "out" : "path",
                        path ? "where the text is to go" : "what a report has as its path");
    bool known = access(path, R_OK) == 0;
    int error = errno;
    if (known && bh__crash_program_find(program, sizeof program))
        *out = ask(program, path);
    if (known && !*out) {
        *out = read_file(path);
        error = errno;
    }
    return *out ? BH_OK : bh__fail(BH_ERROR_IO, "bh_crash_read", "'%s' cannot be read: %s", path, strerror(error));
}
