/* A person uses the program, on the display that there is; the plug-in says what that was, and here it is printed. */
#include "watch.h"

#include "files.h"
#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool ask(program *self, const char *verb)
{
    wire_frame request = {0};
    wire_begin(&request);
    wire_add_text(&request, verb);
    wire_add_text(&request, "0");
    bool sent = wire_send(self->fd, &request) && wire_receive(self->fd, &self->in, 20000) == 1;
    wire_free(&request);
    return sent && strcmp(wire_text(&self->in, 0), "ok") == 0;
}

static void print_lines(program *self, const char *indent)
{
    while (wire_receive(self->fd, &self->in, -1) == 1)
        if (strcmp(wire_text(&self->in, 0), "line") == 0) {
            printf("%s%s\n", indent, wire_text(&self->in, 1));
            fflush(stdout);
        }
}

static void record(program *self)
{
    puts("test(\"recorded\", function()");
    int number = 0;
    if (ask(self, "record"))
        print_lines(self, "    ");
    if (program_wait(self, 20000, &number) == PROGRAM_EXITED)
        printf("    same(wait_for_exit(), %d)\n", number);
    puts("end)");
}

/* 1 if there is something to say */
static int lint(program *self)
{
    bool found = ask(self, "lint") && *wire_text(&self->in, 1);
    fputs(wire_text(&self->in, 1), stdout);
    ask(self, "quit");
    return found;
}

int watch_run(const pilot_options *options)
{
    program self = {.pid = -1, .pidfd = -1, .fd = -1};
    pilot_options usual = *options;
    buffer why = {0};
    int code = 0, number;
    const char *folder = getenv("TMPDIR");
    snprintf(self.base, sizeof self.base, "%.100s/bulkhead-pilot-XXXXXX", folder && *folder ? folder : "/tmp");
    usual.headed = getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
    if (!mkdtemp(self.base) || !program_start(&self, &usual, false, 0, NULL, &why)) {
        fprintf(stderr, "bulkhead-pilot: %s\n", buffer_get(&why));
        code = 3;
    } else if (strcmp(options->command, "lint") == 0) {
        code = lint(&self);
    } else if (strcmp(options->command, "record") == 0) {
        record(&self);
    } else if (ask(&self, "inspect")) {
        print_lines(&self, "");
    }
    if (program_wait(&self, 20000, &number) == PROGRAM_RUNS)
        program_kill(&self);
    file_remove_tree(self.base);
    wire_free(&self.in);
    buffer_free(&why);
    return code;
}
