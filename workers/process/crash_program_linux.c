/* See crash_program.h. */
#include "process/crash_program.h"

#include "base/spawn_attributes.h"
#include "base/text.h"
#include "process/memory_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

bool bh__crash_program_find(char *out, size_t size)
{
    static const char *const places[] = {"bulkhead-crash", BH_CRASH_PROGRAM};
    Dl_info here;
    if (!dladdr((void *)(uintptr_t)&is_program, &here) || !here.dli_fname)
        return false;
    const char *slash = strrchr(here.dli_fname, '/');
    int folder = slash ? (int)(slash + 1 - here.dli_fname) : 0;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (snprintf(out, size, "%.*s%s", folder, here.dli_fname, places[i]) < (int)size && is_program(out))
            return true;
    return false;
}

/* Nothing of ours but the three. */
static int spawn(const char *program, int input, int output, pid_t *pid)
{
    char name[] = "bulkhead-crash", how[] = "--frames", from[] = "-";
    char *arguments[] = {name, how, from, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions))
        return ENOMEM;
    if (bh__spawn_attributes(&attributes, false)) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    int error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    error = error ? error : posix_spawn(pid, program, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool bh__crash_program_start(const char *program, const char *record, size_t size, pid_t *pid, int *output)
{
    int ends[2], input = bh__memory_file_create(record, size);
    *pid = *output = -1;
    if (input < 0)
        return false;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK)) {
        close(input);
        return false;
    }
    lseek(input, 0, SEEK_SET);
    bool runs = fcntl(ends[1], F_SETFL, 0) == 0 && spawn(program, input, ends[1], pid) == 0;
    close(input);
    close(ends[1]);
    if (runs) {
        *output = ends[0];
        return true;
    }
    *pid = -1;
    close(ends[0]);
    return false;
}

/* Lines of UTF-8. */
static void clean_lines(char *text)
{
    for (char *line = text, *end = strchr(line, '\n'); end; line = end + 1, end = strchr(line, '\n')) {
        *end = 0;
        bh__clean_text(line);
        *end = '\n';
    }
}

char *bh__crash_program_answer(char *text)
{
    char *end = strchr(text, '\n');
    if (!end)
        return NULL;
    clean_lines(text);
    end = strchr(text, '\n');
    *end = 0;
    char *frames = end + 1;
    size_t length = strlen(frames);
    while (length > 0 && frames[length - 1] == '\n')
        frames[--length] = 0;
    return length > 0 ? frames : NULL;
}
