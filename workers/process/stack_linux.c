/* Running bulkhead-crash on a record: posix_spawn, with the record in a memory file as its standard input. */
#include "process/stack.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "process/crash_record.h"
#include "process/memory_file.h"
#include "process/reactor.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 16 * 1024, PATIENCE_MS = 3000 };

struct bh__stack {
    bh__source on_output;
    pid_t pid;
    int64_t late_ms;
    void (*done)(void *user);
    void *user;
    char *record;
    size_t used;
    char text[MOST]; /* of it the first line says where, the others are the frames */
    char *frames;
};

/* --- the program */

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

/* Beside this library, as where it was built, or where an installation puts both. */
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

/* Nothing of ours but the three; signals as a program expects them. */
static int spawn(const char *program, int input, int output, pid_t *pid)
{
    char name[] = "bulkhead-crash", how[] = "--frames", from[] = "-";
    char *arguments[] = {name, how, from, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawn_file_actions_init(&actions))
        return ENOMEM;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    int error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    error = error ? error : posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    error = error ? error : posix_spawnattr_setsigmask(&attributes, &none);
    error = error ? error : posix_spawnattr_setsigdefault(&attributes, &all);
    error = error ? error : posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error = error ? error : posix_spawn(pid, program, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* --- its answer */

static void print_raw(bh__stack *stack)
{
    bh__crash_record *record = bh__malloc(sizeof *record);
    stack->text[0] = 0;
    stack->frames = stack->text;
    if (record && bh__crash_record_read(stack->record, record))
        bh__crash_print_frames(record, stack->text, sizeof stack->text);
    bh__free(record);
}

/* Lines of UTF-8, the first of which says where. */
static bool read_answer(bh__stack *stack)
{
    stack->text[stack->used] = 0;
    char *end = strchr(stack->text, '\n');
    if (!end)
        return false;
    for (char *line = stack->text; end; line = end + 1, end = strchr(line, '\n')) {
        *end = 0;
        bh__clean_text(line);
        *end = '\n';
    }
    end = strchr(stack->text, '\n');
    *end = 0;
    stack->frames = end + 1;
    size_t length = strlen(stack->frames);
    while (length > 0 && stack->frames[length - 1] == '\n')
        stack->frames[--length] = 0;
    return length > 0;
}

static void finish(bh__stack *stack, bool whole)
{
    int status = 0;
    pid_t ended = 0;
    if (stack->on_output.descriptor >= 0) {
        bh__reactor_forget(&stack->on_output);
        close(stack->on_output.descriptor);
        stack->on_output.descriptor = -1;
    }
    if (stack->pid > 0) {
        if (!whole)
            kill(stack->pid, SIGKILL);
        do
            ended = waitpid(stack->pid, &status, 0);
        while (ended < 0 && errno == EINTR);
    }
    bool well = whole && ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!well || !read_answer(stack))
        print_raw(stack);
    bh__free(stack->record);
    stack->record = NULL;
    stack->done(stack->user);
}

static void on_output(void *user, uint32_t events)
{
    bh__stack *stack = user;
    (void)events;
    if (stack->on_output.descriptor < 0)
        return;
    ssize_t got = read(stack->on_output.descriptor, stack->text + stack->used, sizeof stack->text - 1 - stack->used);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        stack->used += (size_t)got;
    else
        finish(stack, got == 0 && stack->used < sizeof stack->text - 1);
}

/* --- beginning */

static bool start(bh__stack *stack, size_t size)
{
    char program[4096];
    int ends[2];
    if (!bh__crash_program_find(program, sizeof program))
        return false;
    int input = bh__memory_file_create(stack->record, size);
    if (input < 0)
        return false;
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK)) {
        close(input);
        return false;
    }
    stack->on_output = (bh__source){on_output, stack, ends[0]};
    lseek(input, 0, SEEK_SET);
    bool runs = fcntl(ends[1], F_SETFL, 0) == 0 && spawn(program, input, ends[1], &stack->pid) == 0;
    close(input);
    close(ends[1]);
    if (runs && bh__reactor_watch(&stack->on_output, EPOLLIN))
        return true;
    if (!runs)
        stack->pid = -1;
    return false;
}

bh__stack *bh__stack_begin(const char *record, size_t size, void (*done)(void *user), void *user)
{
    bh__stack *stack = size ? bh__calloc(1, sizeof *stack) : NULL;
    char *copy = stack ? bh__malloc(size + 1) : NULL;
    if (!copy) {
        bh__free(stack);
        return NULL;
    }
    memcpy(copy, record, size);
    copy[size] = 0;
    stack->record = copy;
    stack->done = done;
    stack->user = user;
    stack->pid = -1;
    stack->on_output.descriptor = -1;
    /* Without that program there is nothing to wait for. */
    stack->late_ms = bh__clock_ms() + (start(stack, size) ? PATIENCE_MS : 0);
    return stack;
}

int64_t bh__stack_due(const bh__stack *stack)
{
    return stack->late_ms;
}

void bh__stack_late(bh__stack *stack)
{
    finish(stack, false);
}

const char *bh__stack_where(const bh__stack *stack)
{
    return stack->frames == stack->text ? "" : stack->text;
}

const char *bh__stack_frames(const bh__stack *stack)
{
    return stack->frames;
}

void bh__stack_free(bh__stack *stack)
{
    if (stack)
        bh__free(stack->record);
    bh__free(stack);
}
