/* Chaos: pools whose workers, parent, memory, sockets, starts and disks fail, at each step of the protocol in turn and at random. Each round
 * is a process of its own, since it may be the parent that is killed. After it every future has completed once, with what the functions'
 * own log says; and nothing is left.
 *
 *     chaos_process --seconds 600 --seed 7
 *     chaos_process round SWEEP AT SEED      one round again, as a failure names it */
#include "fault/chaos_check.h"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>

extern char **environ;

static const bh_process_function functions[] = {{"chaos", chaos_function}, {0}};

/* --- one round */

static void ignore(const bh_error *error, void *user)
{
    (void)error;
    (void)user;
}

/* What the reactor keeps for good is there from here on. */
static left warm_up(void)
{
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_process_pool_close(pool, 2000);
    bh_process_pool_destroy(pool);
    return left_now();
}

/* Where the program's own log goes is full. */
static void fill_disk(void)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    dup2(full, STDERR_FILENO);
    dup2(full, STDOUT_FILENO);
    close(full);
}

static int run_round(void)
{
    bh_process_pool_statistics counts = {0};
    report = fdopen(dup(STDERR_FILENO), "w");
    if (round_plan.full_disk)
        fill_disk(); /* the library's own hook goes on writing there */
    else
        bh_set_error_hook((bh_error_hook){ignore, NULL});
    left before = warm_up(), after;
    begin_faults(&round_plan);
    bh_process_pool *pool = make_pool(&round_plan);
    if (pool)
        submit_all(pool, &round_plan);
    if (!round_plan.closes_early)
        wait_for_all();
    bh_status closed = pool ? bh_process_pool_close(pool, round_plan.closes_early ? 50 : 3000) : BH_OK;
    WRONG_IF(closed && !round_plan.stops && !round_plan.closes_early, "the pool does not close: %s", bh_last_error());
    wait_for_all();
    bool hit = was_hit(&round_plan, (pool && !bh_process_pool_get_statistics(pool, &counts)) ? counts.deaths : 0);
    end_faults();
    if (pool)
        check_all(&counts);
    WRONG_IF(pool && bh_process_pool_destroy(pool), "the pool is not destroyed: %s", bh_last_error());
    bool same = left_settles(&before, &after, 3000);
    WRONG_IF(!same, "something is left");
    if (!same) {
        left_print(report, "before", &before);
        left_print(report, "after", &after);
    }
    fclose(report);
    return wrongs ? WRONG : hit ? HIT : NOT_REACHED;
}

/* --- all rounds */

typedef struct run {
    char folder[64], log[96], temporary[96], mark[64];
    char program[4096];
    uint64_t seed, rounds, parents_killed, entries;
    long next[SWEEP_COUNT];
    uint64_t seeds[SWEEP_COUNT];
    int completed[SWEEP_COUNT];
    long longest[SWEEP_COUNT];
} run;

static bool prepare(run *of)
{
    snprintf(of->folder, sizeof of->folder, "/tmp/bulkhead-chaos-XXXXXX");
    if (!mkdtemp(of->folder) || !realpath("/proc/self/exe", of->program))
        return false;
    snprintf(of->log, sizeof of->log, "%s/log", of->folder);
    snprintf(of->temporary, sizeof of->temporary, "%s/tmp", of->folder);
    setenv(CHAOS_LOG, of->log, 1);
    setenv("TMPDIR", of->temporary, 1);
    for (int i = 0; i < SWEEP_COUNT; i++) {
        of->next[i] = 1;
        of->seeds[i] = of->seed;
    }
    return mkdir(of->temporary, 0700) == 0;
}

static pid_t start_round(run *of, sweep which)
{
    char numbers[3][32], value[40];
    char word[] = "round";
    pid_t pid = -1;
    snprintf(numbers[0], sizeof numbers[0], "%d", which);
    snprintf(numbers[1], sizeof numbers[1], "%ld", of->next[which]);
    snprintf(numbers[2], sizeof numbers[2], "%llu", (unsigned long long)of->seeds[which]);
    char *arguments[] = {of->program, word, numbers[0], numbers[1], numbers[2], NULL};
    snprintf(value, sizeof value, "%d.%llu", (int)getpid(), (unsigned long long)of->rounds);
    snprintf(of->mark, sizeof of->mark, LEFT_VARIABLE "=%s", value);
    setenv(LEFT_VARIABLE, value, 1);
    close(open(of->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    return posix_spawn(&pid, of->program, NULL, NULL, arguments, environ) == 0 ? pid : -1;
}

/* Its status, or -1 if it does not end. */
static int await_round(pid_t pid)
{
    struct pollfd end = {(int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0};
    int ready = end.fd >= 0 ? poll(&end, 1, 90000) : 0, status = 0;
    if (end.fd >= 0)
        close(end.fd);
    if (ready != 1)
        kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return ready == 1 ? status : -1;
}

/* What is left of a round whose parent was killed: no process, and a log that says what may be. */
static bool check_dead(run *of)
{
    written log[TASKS] = {0};
    size_t count;
    chaos_entry *entries = read_log(of->log, &count);
    int before = wrongs, running = 1;
    sum_up(entries, count, log);
    free(entries);
    of->entries += count;
    for (int i = 0; i < 3000 && running; i++) {
        running = left_marked(of->mark, 0);
        if (running)
            usleep(1000);
    }
    WRONG_IF(running, "%d processes go on without their parent", left_marked(of->mark, SIGKILL));
    WRONG_IF(left_files(of->temporary), "temporary files are left");
    return wrongs == before;
}

/* False: something is wrong, and was said. */
static bool judge_round(run *of, sweep which, int status)
{
    bool killed = status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && round_plan.parent_dies;
    int code = status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    WRONG_IF(status < 0, "the round does not end");
    WRONG_IF(status >= 0 && !killed && code != HIT && code != NOT_REACHED, "the parent ended with status 0x%x", (unsigned)status);
    of->parents_killed += killed;
    if (!check_dead(of) || wrongs)
        return false;
    if (of->next[which] > of->longest[which])
        of->longest[which] = of->next[which];
    of->next[which]++;
    if (code == NOT_REACHED) {
        of->completed[which]++;
        of->next[which] = 1;
        of->seeds[which] = mix(of->seeds[which]);
    }
    return true;
}

static void print_summary(const run *of)
{
    printf("%llu rounds, %llu parents killed, %llu entries in their logs\n", (unsigned long long)of->rounds,
           (unsigned long long)of->parents_killed, (unsigned long long)of->entries);
    for (int i = 0; i < SWEEP_COUNT; i++)
        printf("%-20s to step %ld, complete %d times\n", sweep_names[i], of->longest[i], of->completed[i]);
}

static void clean_up(const run *of)
{
    unlink(of->log);
    rmdir(of->temporary);
    if (rmdir(of->folder))
        printf("%s is left\n", of->folder);
}

static int run_all(long seconds, uint64_t seed)
{
    static run of;
    of.seed = seed;
    report = stderr;
    left before = left_now();
    if (!prepare(&of)) {
        fprintf(stderr, "no folder in /tmp\n");
        return 2;
    }
    int64_t until = bh__clock_ns() + seconds * 1000000000;
    bool well = true;
    for (; well && bh__clock_ns() < until; of.rounds++) {
        sweep which = (sweep)(of.rounds % SWEEP_COUNT);
        round_plan = make_plan(which, of.next[which], of.seeds[which]);
        pid_t pid = start_round(&of, which);
        well = pid > 0 && judge_round(&of, which, await_round(pid));
        if (!well)
            fprintf(stderr, "to see it again: chaos_process round %d %ld %llu\n", which, round_plan.at,
                    (unsigned long long)round_plan.seed);
    }
    clean_up(&of);
    unsetenv(LEFT_VARIABLE);
    unsetenv("TMPDIR");
    left after = left_now();
    WRONG_IF(!left_same(&before, &after), "the run itself has left something");
    print_summary(&of);
    return wrongs ? 1 : 0;
}

static long option(int argc, char **argv, const char *name, long fallback)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return strtol(argv[i + 1], NULL, 10);
    return fallback;
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    if (argc == 5 && strcmp(argv[1], "round") == 0) {
        round_plan = make_plan((sweep)atoi(argv[2]), atol(argv[3]), strtoull(argv[4], NULL, 10));
        return run_round();
    }
    return run_all(option(argc, argv, "--seconds", 10), (uint64_t)option(argc, argv, "--seed", 1));
}
