/* bulkhead-crash on the record of a worker, on the reactor's thread. */
#include "process/stack.h"

#include "base/clock.h"
#include "base/memory.h"
#include "process/crash_program.h"
#include "process/crash_record.h"
#include "process/reactor.h"

#include <errno.h>
#include <signal.h>
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
    stack->text[well ? stack->used : 0] = 0;
    stack->frames = bh__crash_program_answer(stack->text);
    if (!stack->frames)
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
    stack->on_output = (bh__source){on_output, stack, -1};
    if (!bh__crash_program_find(program, sizeof program) ||
        !bh__crash_program_start(program, stack->record, size, &stack->pid, &stack->on_output.descriptor))
        return false;
    return bh__reactor_watch(&stack->on_output, EPOLLIN);
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
