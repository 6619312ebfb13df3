/* For bench_start.sh: ROUNDS OURS... -- THEIRS... runs two commands in turn and prints lines "name value": medians of time
 * and of peak memory, and medians of the rounds' ratios.
 *
 * The kernel counts what the parent held at exec among a child's peak memory; this program holds less than a window does. */
#include "bench.h"

#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct run {
    double seconds, mb;
} run;

static run run_command(char **command)
{
    pid_t pid;
    int status;
    struct rusage usage;
    double begun = bench_seconds();
    bench_require(posix_spawnp(&pid, command[0], NULL, NULL, command, environ) == 0, "the command starts");
    bench_require(wait4(pid, &status, 0, &usage) == pid, "the command ends");
    run result = {bench_seconds() - begun, (double)usage.ru_maxrss / 1024};
    bench_require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the command succeeds");
    return result;
}

static void print_medians(const char *unit, double scale, double *ours, double *theirs, const char *what, int rounds)
{
    double ratios[BENCH_MAX_ROUNDS];
    for (int i = 0; i < rounds; i++)
        ratios[i] = ours[i] / theirs[i];
    printf("%s_ratio %.3f\n", what, bench_median(ratios, (size_t)rounds));
    printf("ours_%s %.3f\n", unit, bench_median(ours, (size_t)rounds) * scale);
    printf("theirs_%s %.3f\n", unit, bench_median(theirs, (size_t)rounds) * scale);
}

int main(int argc, char **argv)
{
    bench_require(argc > 4, "usage: bench_start_spawn ROUNDS OURS... -- THEIRS...");
    int rounds = atoi(argv[1]), split = 2;
    while (split < argc && strcmp(argv[split], "--") != 0)
        split++;
    bench_require(rounds > 0 && rounds <= BENCH_MAX_ROUNDS && split > 2 && split < argc - 1, "1 to 64 rounds, and two commands");
    argv[split] = NULL;
    char **commands[2] = {argv + 2, argv + split + 1};

    double seconds[2][BENCH_MAX_ROUNDS], mb[2][BENCH_MAX_ROUNDS];
    for (int i = -1; i < rounds; i++) { /* the first time warms the caches up, uncounted */
        for (int turn = 0; turn < 2; turn++) {
            int which = (turn + i) & 1;
            run result = run_command(commands[which]);
            if (i >= 0)
                seconds[which][i] = result.seconds, mb[which][i] = result.mb;
        }
    }
    print_medians("ms", 1e3, seconds[0], seconds[1], "time", rounds);
    print_medians("mb", 1, mb[0], mb[1], "memory", rounds);
    return 0;
}
