/* For faults that end a process: the test runs itself again with a verb, and looks at how it ended and what it wrote. */
#ifndef TEST_CHILD_H
#define TEST_CHILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

typedef struct child {
    pid_t pid;
    int output; /* its stdout and stderr */
    int status; /* as of waitpid */
    size_t length;
    char text[1 << 16];
} child;

static inline void child_start(child *self, const char *verb, const char *argument)
{
    int ends[2];
    char *arguments[] = {(char *)"/proc/self/exe", (char *)verb, (char *)argument, NULL};
    posix_spawn_file_actions_t actions;
    memset(self, 0, sizeof *self);
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    assert_int_equal(posix_spawn(&self->pid, "/proc/self/exe", &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    self->output = ends[0];
}

/* Reads until TEXT has come, or, with NULL, to the end. */
static inline void child_read(child *self, const char *text)
{
    ssize_t got = 1;
    while (got > 0 && !(text && strstr(self->text, text))) {
        got = read(self->output, self->text + self->length, sizeof self->text - 1 - self->length);
        self->length += got > 0 ? (size_t)got : 0;
        self->text[self->length] = 0;
    }
}

static inline void child_end(child *self)
{
    child_read(self, NULL);
    assert_int_equal(waitpid(self->pid, &self->status, 0), self->pid);
    close(self->output);
}

static inline void child_run(child *self, const char *verb, const char *argument)
{
    child_start(self, verb, argument);
    child_end(self);
}

/* It ended with CODE; what it wrote is shown if not. */
static inline void check_code(const child *self, int code, const char *file, int line)
{
    if (WIFEXITED(self->status) && WEXITSTATUS(self->status) == code)
        return;
    print_error("ended with status 0x%x, expected code %d:\n%s\n", (unsigned)self->status, code, self->text);
    _fail(file, line);
}

/* PARTS, up to NULL, were written in this order. */
static inline void check_order(const child *self, const char *const *parts, const char *file, int line)
{
    const char *at = self->text;
    for (; *parts; parts++) {
        const char *found = strstr(at, *parts);
        if (!found) {
            print_error("'%s' is missing in its place in:\n%s\n", *parts, self->text);
            _fail(file, line);
            return;
        }
        at = found + strlen(*parts);
    }
}

#define assert_code(self, code) check_code(self, code, __FILE__, __LINE__)
#define assert_order(self, ...) check_order(self, (const char *const[]){__VA_ARGS__, NULL}, __FILE__, __LINE__)

#endif
