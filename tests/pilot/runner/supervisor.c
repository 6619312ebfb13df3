/*
 * A process per script, in a process group of its own together with the program that it starts. What it does it says as it happens; so when it
 * dies, or its time is up and the group is killed, it is known in which test.
 */
#include "supervisor.h"

#include "family.h"
#include "files.h"
#include "report.h"
#include "script.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct job {
    const char *script;
    pid_t pid; /* 0: not in use */
    int fd;
    double began, test_began;
    char base[160];
    buffer test; /* that runs */
    bool wrong;  /* said so */
    char *place; /* see script.h */
} job;

typedef struct supervisor {
    const pilot_options *options;
    report report;
    job *jobs;
    int next;          /* script */
    sigset_t as_found; /* the signals that were blocked: while it waits, and in what it starts */
    wire_frame frame;
} supervisor;

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    interrupted = signal;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void make_base(job *self)
{
    const char *folder = getenv("TMPDIR");
    snprintf(self->base, sizeof self->base, "%.100s/bulkhead-pilot-XXXXXX", folder && *folder ? folder : "/tmp");
    if (!mkdtemp(self->base)) {
        fprintf(stderr, "bulkhead-pilot: cannot make a folder %s: %s\n", self->base, strerror(errno));
        exit(2);
    }
}

static void start(supervisor *self, job *one, const char *script)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        exit(2);
    make_base(one);
    one->script = script;
    one->began = one->test_began = now();
    one->wrong = false;
    *one->place = '\0';
    buffer_clear(&one->test);
    fflush(NULL);
    one->pid = fork();
    if (one->pid < 0)
        exit(2);
    if (one->pid == 0) {
        setpgid(0, 0);
        family_keep();
        setvbuf(stdout, NULL, _IOLBF, 0); /* what a script prints comes before what became of its test */
        if (self->options->tap)
            dup2(STDERR_FILENO, STDOUT_FILENO); /* and is no line of TAP */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        sigprocmask(SIG_SETMASK, &self->as_found, NULL);
        close(ends[0]);
        int code = script_run(self->options, script, one->base, ends[1], one->place);
        fflush(NULL);
        family_kill(getpid()); /* what programs have left behind */
        _exit(code);
    }
    setpgid(one->pid, one->pid);
    close(ends[1]);
    one->fd = ends[0];
}

static void hear(supervisor *self, job *one)
{
    const char *what = wire_text(&self->frame, 0), *test = wire_text(&self->frame, 1);
    if (strcmp(what, "start") == 0) {
        buffer_clear(&one->test);
        buffer_text(&one->test, test);
        one->test_began = now();
    } else if (strcmp(what, "end") == 0) {
        buffer_clear(&one->test);
        report_add(&self->report, one->script, test, report_kind(wire_text(&self->frame, 2)), wire_text(&self->frame, 3),
                   strtod(wire_text(&self->frame, 4), NULL));
    } else if (strcmp(what, "wrong") == 0) {
        one->wrong = true;
        report_add(&self->report, one->script, "(the script)", RESULT_WRONG, test, now() - one->began);
    }
}

static void finish(supervisor *self, job *one, bool late)
{
    char message[120 + PLACE_SIZE];
    int status = 0;
    kill(one->pid, SIGSTOP); /* starts no more */
    family_kill(one->pid);   /* the program, and what that has started */
    kill(-one->pid, SIGKILL);
    waitpid(one->pid, &status, 0);
    const char *test = one->test.length ? one->test.bytes : "(the script)";
    if (late) {
        snprintf(message, sizeof message, "the script's limit of %d s was reached%s%s", self->options->limit_ms / 1000,
                 *one->place ? "; it was at\n" : "", one->place);
        report_add(&self->report, one->script, test, RESULT_TIMEOUT, message, now() - one->test_began);
    } else if (!interrupted && !one->wrong && (one->test.length || (WIFEXITED(status) && WEXITSTATUS(status)))) {
        snprintf(message, sizeof message, "the runner itself ended within it%s%s", *one->place ? ", at\n" : "", one->place);
        report_add(&self->report, one->script, test, RESULT_CRASH, message, now() - one->test_began);
    }
    close(one->fd);
    file_remove_tree(one->base);
    one->pid = 0;
}

static int listen_to(supervisor *self, struct pollfd *waits, int *index)
{
    int count = 0;
    double nearest = -1;
    for (int i = 0; i < self->options->jobs; i++) {
        job *one = &self->jobs[i];
        if (!one->pid && self->next < self->options->script_count && !interrupted)
            start(self, one, self->options->scripts[self->next++]);
        if (!one->pid)
            continue;
        double left = one->began + self->options->limit_ms - now();
        nearest = nearest < 0 || left < nearest ? left : nearest;
        waits[count] = (struct pollfd){.fd = one->fd, .events = POLLIN};
        index[count++] = i;
    }
    long ms = nearest > 0 ? (long)nearest + 1 : 0;
    struct timespec wait = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    if (count)
        ppoll(waits, (nfds_t)count, &wait, &self->as_found); /* a signal that came before ends it, too */
    return count;
}

static void run(supervisor *self)
{
    struct pollfd *waits = calloc((size_t)self->options->jobs, sizeof *waits);
    int *index = calloc((size_t)self->options->jobs, sizeof *index);
    for (int count; waits && index && (count = listen_to(self, waits, index)) > 0;) {
        for (int i = 0; i < count; i++) {
            job *one = &self->jobs[index[i]];
            double left = one->began + self->options->limit_ms - now();
            bool late = left < 0;
            /* What has begun to come comes whole, however busy the machine is */
            if (waits[i].revents && wire_receive(one->fd, &self->frame, left > 1000 ? (int)left : 1000) == 1)
                hear(self, one);
            else if (waits[i].revents || late || interrupted)
                finish(self, one, late && !waits[i].revents);
        }
    }
    free(waits);
    free(index);
}

/* Signals are taken while it waits, and at no other time: so none is missed */
static void take_signals(supervisor *self)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = interrupt}, was;
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigaddset(&blocked, signals[i]);
        if (sigaction(signals[i], &action, &was) == 0 && was.sa_handler == SIG_IGN)
            sigaction(signals[i], &was, NULL); /* as nohup wants it */
    }
    sigprocmask(SIG_BLOCK, &blocked, &self->as_found);
}

int supervisor_run(const pilot_options *options)
{
    supervisor self = {.options = options, .jobs = calloc((size_t)options->jobs, sizeof(job))};
    size_t size = (size_t)options->jobs * PLACE_SIZE;
    char *places = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!self.jobs || places == MAP_FAILED) {
        free(self.jobs);
        return 2;
    }
    for (int i = 0; i < options->jobs; i++)
        self.jobs[i].place = places + (size_t)i * PLACE_SIZE;
    take_signals(&self);
    report_begin(&self.report, options);
    run(&self);
    for (int i = 0; i < options->jobs; i++)
        buffer_free(&self.jobs[i].test);
    free(self.jobs);
    munmap(places, size);
    wire_free(&self.frame);
    if (interrupted)
        fprintf(stderr, "bulkhead-pilot: interrupted by signal %d\n", (int)interrupted);
    int code = report_end(&self.report);
    return interrupted ? 2 : code;
}
