/*
 * A person uses the program, on the display that there is; the plug-in says what that was, and here it is printed. The last line waits, as it
 * may still change. When the program ends, in whatever way, the script does too.
 */
#include "watch.h"

#include "family.h"
#include "files.h"
#include "program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t watched; /* the program, or 0 */

/* It ends the program, and so what is done here */
static void pass_on(int signal)
{
    if (watched > 0)
        kill((pid_t)watched, signal);
}

/* A terminal sends SIGINT to the program, too, and the script ends with it; what ends the runner alone must end both */
static void take_signals(pid_t pid)
{
    struct sigaction action = {.sa_handler = pass_on};
    watched = pid;
    signal(SIGINT, SIG_IGN);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

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

static void print_line(buffer *line)
{
    for (char *at = line->bytes; line->length && *at;) {
        size_t length = strcspn(at, "\n");
        printf("    %.*s\n", (int)length, at);
        at += length + (at[length] == '\n');
    }
    fflush(stdout);
    buffer_clear(line);
}

static void print_script(program *self)
{
    buffer line = {0};
    while (wire_receive(self->fd, &self->in, -1) == 1) {
        const char *kind = wire_text(&self->in, 0), *text = wire_text(&self->in, 1);
        if (strcmp(kind, "warning") == 0) {
            fprintf(stderr, "bulkhead-pilot: Qt has warned, and a test fails by that, unless it says allow_warning():\n%s\n",
                    text);
            continue;
        }
        if (strcmp(kind, "line") == 0)
            print_line(&line);
        buffer_clear(&line);
        buffer_text(&line, text);
    }
    print_line(&line);
    buffer_free(&line);
}

static void print_selectors(program *self)
{
    while (wire_receive(self->fd, &self->in, -1) == 1)
        if (strcmp(wire_text(&self->in, 0), "line") == 0) {
            puts(wire_text(&self->in, 1));
            fflush(stdout);
        }
}

/* 3 after a crash: then the script shows the way to it */
static int record(program *self)
{
    int number = 0;
    if (!ask(self, "record"))
        return 3;
    puts("test(\"recorded\", function()");
    fflush(stdout); /* from now on it is seen what is done */
    print_script(self);
    program_end end = program_wait(self, 20000, &number);
    if (end == PROGRAM_EXITED)
        printf("    same(wait_for_exit(), %d)\n", number);
    puts("end)");
    if (end != PROGRAM_SIGNALED || number == SIGINT || number == SIGTERM || number == SIGHUP)
        return 0; /* somebody has ended it */
    fprintf(stderr, "bulkhead-pilot: the program was ended by signal %d (%s)\n", number, strsignal(number));
    return 3;
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
    if (!usual.headed && strcmp(options->command, "lint") != 0) {
        fprintf(stderr, "bulkhead-pilot: to %s a person needs a display, and neither DISPLAY nor WAYLAND_DISPLAY names one\n",
                options->command);
        return 2;
    }
    family_keep();
    bool starts = mkdtemp(self.base) && program_start(&self, &usual, false, 0, NULL, &why);
    take_signals(self.pid);
    if (!starts) {
        fprintf(stderr, "bulkhead-pilot: %s\n", buffer_get(&why));
        code = 3;
    } else if (strcmp(options->command, "lint") == 0) {
        code = lint(&self);
    } else if (strcmp(options->command, "record") == 0) {
        code = record(&self);
    } else if (ask(&self, "inspect")) {
        print_selectors(&self);
    }
    if (program_wait(&self, 20000, &number) == PROGRAM_RUNS)
        program_kill(&self);
    watched = 0;
    family_kill(getpid()); /* what it has left behind */
    file_remove_tree(self.base);
    wire_free(&self.in);
    buffer_free(&why);
    return code;
}
