/* crash.record_ms_p50: from the instruction that crashes to the handler that was there before ours, which runs when the record is written;
 * the median of all. crash.end_ms_p50: the same to the end of the process, which the kernel takes apart.
 * crash.records_of_1000: how many of 1,000 crashes at random places and in random ways have left exactly one whole record.
 *
 * Each is a process of its own, this program called with a place and a way; it writes when it is about to crash, and when it has. */
#include "bench.h"

#include "fault/crasher.h"

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

enum { CRASHES = 1000 };

static char folder[4096];

static void say_when(void)
{
    double now = bench_seconds();
    ssize_t written = write(STDOUT_FILENO, &now, sizeof now);
    (void)written;
}

static void on_signal(int number)
{
    say_when();
    raise(number); /* SA_RESETHAND */
}

static int run_child(const char *where, const char *how)
{
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        sigaction(fatal[i], &action, NULL);
    crasher_before = say_when;
    return crasher_run(where, how);
}

/* Milliseconds from the crash to the record, and to the end. */
static void crash(const char *where, const char *how, double *to_record, double *to_end)
{
    int ends[2], status;
    double said[2] = {0, 0};
    pid_t pid;
    posix_spawn_file_actions_t actions;
    char *arguments[] = {(char *)"/proc/self/exe", (char *)where, (char *)how, NULL};
    bench_require(pipe(ends) == 0, "there is a pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    bench_require(posix_spawn(&pid, "/proc/self/exe", &actions, NULL, arguments, environ) == 0, "it starts");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    bench_require(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status), "it dies of a signal");
    double ended = bench_seconds();
    bench_require(read(ends[0], said, sizeof said) == sizeof said, "it says when");
    close(ends[0]);
    *to_record = (said[1] - said[0]) * 1000;
    *to_end = (ended - said[0]) * 1000;
}

static bool is_whole(const char *path)
{
    char text[1 << 18];
    FILE *file = fopen(path, "re");
    size_t used = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    return used > 4 && memcmp(text + used - 4, "end\n", 4) == 0;
}

/* How many there are now; and removes them. */
static int take_records(int *whole)
{
    char path[8192];
    int count = 0;
    const struct dirent *entry;
    DIR *list = opendir(folder);
    *whole = 0;
    while (list && (entry = readdir(list))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        count++;
        *whole += is_whole(path);
        unlink(path);
    }
    if (list)
        closedir(list);
    return count;
}

int main(int argc, char **argv)
{
    static double times[CRASHES], ends[CRASHES];
    char top[] = "/tmp/bulkhead-crash-XXXXXX";
    int good = 0, whole;
    if (argc == 3)
        return run_child(argv[1], argv[2]);
    bench_require(mkdtemp(top) != NULL, "there is a folder");
    snprintf(folder, sizeof folder, "%s/exe/crashes", top);
    setenv("XDG_STATE_HOME", top, 1);
    setenv("QT_QPA_PLATFORM", "offscreen", 1);
    srand(1);
    for (int i = 0; i < CRASHES; i++) {
        const char *where = crasher_places[rand() % CRASHER_PLACES], *how = crasher_ways[rand() % CRASHER_WAYS];
        crash(where, how, &times[i], &ends[i]);
        bool one = take_records(&whole) == 1 && whole == 1;
        if (!one)
            fprintf(stderr, "bench: no record, or more than one: %s %s\n", where, how);
        good += one;
    }
    bench_figure("crash.record_ms_p50", bench_percentile(times, CRASHES, 0.5), "ms");
    bench_figure("crash.record_ms_p99", bench_percentile(times, CRASHES, 0.99), "ms");
    bench_figure("crash.end_ms_p50", bench_percentile(ends, CRASHES, 0.5), "ms");
    bench_figure("crash.records_of_1000", good, "records");
    snprintf(folder, sizeof folder, "rm -r %s", top);
    return system(folder) ? 1 : 0;
}
