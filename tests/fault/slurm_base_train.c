/* Trainings in worker processes that Slurm starts: they end well, are stopped, killed and resumed as local ones are, and a node that goes
 * away is an error in good time. Run by slurm.py. */
#include "unit/progress.h"
#include "unit/train.h"

#include "base/clock.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <fcntl.h>

static const char *worker, *folder;

static bh_process_pool *make_pool(void)
{
    bh_process_pool_options options = {
        BH_PROCESS_POOL_OPTIONS_INIT, .program = worker,        .workers = 2,  .threads = -1, .launch = "srun -Q -n1 -c1",
        .silence_ms = 3000,           .cancel_grace_ms = 20000, .idle_ms = 500};
    bh_process_pool *pool = bh_process_pool_create(&options);
    assert_non_null(pool);
    return pool;
}

static void close_pool(bh_process_pool *pool)
{
    if (bh_process_pool_close(pool, 15000))
        fail_msg("close: %s", bh_last_error());
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
}

static void write_data(void)
{
    char path[512];
    uint64_t state = 5;
    snprintf(path, sizeof path, "%s/data.csv", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "a,b,c,target\n");
    for (int i = 0; i < 4000; i++) {
        double a = next_random(&state), b = next_random(&state), c = next_random(&state);
        fprintf(file, "%.5f,%.5f,%.5f,%.5f\n", a, b, c, a * b - c * c + 0.1 * next_random(&state));
    }
    assert_int_equal(fclose(file), 0);
}

static bh_future *train(bh_process_pool *pool, const char *run, int rounds, bool resume)
{
    char path[512];
    bh_message *arguments = bh_message_create();
    snprintf(path, sizeof path, "%s/data.csv", folder);
    bh_message_add_string(arguments, "file", path);
    bh_message_add_string(arguments, "target", "target");
    snprintf(path, sizeof path, "%s/%s", folder, run);
    bh_message_add_string(arguments, "run", path);
    bh_message_add_int(arguments, "rounds", rounds);
    bh_message_add_int(arguments, "checkpoint_every", 5);
    bh_message_add_int(arguments, "nthread", 1);
    bh_message_add_bool(arguments, "resume", resume);
    bh_future *future = bh_process_pool_submit(pool, "train", arguments, NULL);
    assert_non_null(future);
    bh_message_destroy(arguments);
    return future;
}

static void assert_done(bh_future *future)
{
    bh_process_failure failure;
    assert_int_equal(bh_future_wait(future, 60000), BH_OK);
    if (bh_future_get_state(future) != BH_FUTURE_DONE && bh_future_failure(future, &failure) == BH_OK)
        fail_msg("%s; output: %s", failure.text, failure.output);
}

static bh_process_failure assert_ended(bh_future *future, bh_future_state state)
{
    bh_process_failure failure;
    assert_int_equal(bh_future_wait(future, 60000), BH_OK);
    assert_int_equal(bh_future_get_state(future), state);
    assert_int_equal(bh_future_failure(future, &failure), BH_OK);
    return failure;
}

static void wait_for_round(bh_future *future, int round)
{
    for (int i = 0; i < 60000; i++) {
        if (progress_of(future, "round") >= round)
            return;
        usleep(1000);
    }
    fail_msg("there is no progress");
}

static bool same_file(const char *one, const char *other, const char *name)
{
    char command[1024];
    snprintf(command, sizeof command, "cmp -s '%s/%s/%s' '%s/%s/%s'", folder, one, name, folder, other, name);
    return system(command) == 0;
}

/* Slurm has no job any more. */
static void assert_no_jobs(void)
{
    for (int i = 0; i < 300; i++) {
        if (system("test -z \"$(squeue -h)\"") == 0)
            return;
        usleep(100000);
    }
    system("squeue");
    fail_msg("Slurm still has jobs");
}

static pid_t parent_of(pid_t pid)
{
    char path[64], line[256];
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "PPid: %d", &parent);
    if (file)
        fclose(file);
    return (pid_t)parent;
}

/* A bulkhead-worker of this cluster, and of no other one on the machine, with MARK in its command line; 0: there is none. */
static pid_t find_process(const char *mark)
{
    char command[1024];
    int pid = 0;
    snprintf(command, sizeof command,
             "for p in $(grep -lsF 'SLURM_CONF=%s/slurm.conf' /proc/[0-9]*/environ | cut -d/ -f3); do "
             "tr '\\0' ' ' 2>/dev/null </proc/$p/cmdline | grep -q -- '^[^ ]*bulkhead-worker %s ' && echo $p; done | head -n1",
             folder, mark);
    FILE *output = popen(command, "re");
    assert_non_null(output);
    if (fscanf(output, "%d", &pid) != 1)
        pid = 0;
    pclose(output);
    return (pid_t)pid;
}

/* PID is one process, and not all of a group. */
static void send_signal(pid_t pid, int number)
{
    assert_true(pid > 1);
    assert_int_equal(kill(pid, number), 0);
}

static void assert_no_process(const char *mark, int ms)
{
    for (int i = 0; i < ms / 50 && find_process(mark); i++)
        usleep(50000);
    assert_int_equal(find_process(mark), 0);
}

/* --- tests */

static void a_training_is_stopped_and_resumed(void **state)
{
    enum { ROUNDS = 60 };
    bh_process_pool *pool = make_pool();
    (void)state;
    bh_future *whole = train(pool, "whole", ROUNDS, false);
    assert_done(whole);
    bh_future *part = train(pool, "part", 100000, false);
    wait_for_round(part, 12);
    bh_future_cancel(part);
    assert_ended(part, BH_FUTURE_CANCELLED);
    bh_future *short_run = train(pool, "parts", ROUNDS, false);
    wait_for_round(short_run, 3);
    bh_future_cancel(short_run);
    bh_future_wait(short_run, 60000);
    bh_future *rest = train(pool, "parts", ROUNDS, true);
    assert_done(rest);
    assert_true(same_file("whole", "parts", TRAINER_MODEL));
    bh_future *const all[] = {whole, part, short_run, rest};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        bh_future_destroy(all[i]);
    close_pool(pool);
    assert_no_jobs();
}

/* By the person: at once. By somebody on the node: an error that names the signal. Both go on from the checkpoint. */
static void a_training_is_killed_and_resumed(void **state)
{
    bh_process_pool *pool = make_pool();
    (void)state;
    bh_future *first = train(pool, "killed", 100000, false);
    wait_for_round(first, 12);
    int64_t begun = bh__clock_ms();
    bh_future_kill(first);
    assert_ended(first, BH_FUTURE_CANCELLED);
    assert_true(bh__clock_ms() - begun < 5000);
    bh_future *second = train(pool, "killed", 100000, true);
    wait_for_round(second, 20);
    send_signal(find_process("--bulkhead-worker"), SIGKILL);
    assert_int_equal(assert_ended(second, BH_FUTURE_FAILED).signal, SIGKILL);
    bh_future *third = train(pool, "killed", 100000, true);
    wait_for_round(third, 25);
    bh_future_cancel(third);
    assert_ended(third, BH_FUTURE_CANCELLED);
    bh_future_destroy(first);
    bh_future_destroy(second);
    bh_future_destroy(third);
    close_pool(pool);
    assert_no_process("--bulkhead", 5000);
    assert_no_jobs();
}

static void assert_fails_soon(bh_future *future, int within_ms)
{
    int64_t begun = bh__clock_ms();
    bh_process_failure failure = assert_ended(future, BH_FUTURE_FAILED);
    print_message("%s\n", failure.text);
    assert_true(bh__clock_ms() - begun < within_ms);
}

static void a_killed_step_is_an_error(void **state)
{
    bh_process_pool *pool = make_pool();
    (void)state;
    bh_future *scancelled = train(pool, "one", 100000, false);
    wait_for_round(scancelled, 2);
    assert_int_equal(system("scancel -u $(id -un)"), 0);
    assert_fails_soon(scancelled, 15000);
    bh_future *orphaned = train(pool, "two", 100000, false);
    wait_for_round(orphaned, 2);
    send_signal(parent_of(find_process("--bulkhead-stream")), SIGKILL); /* slurmstepd */
    assert_fails_soon(orphaned, 20000);
    assert_no_process("--bulkhead", 15000);
    bh_future_destroy(scancelled);
    bh_future_destroy(orphaned);
    close_pool(pool);
}

/* srun killed: the node knows nothing of it, but what runs there hears nothing any more. */
static void a_killed_launcher_leaves_nothing_running(void **state)
{
    bh_process_pool *pool = make_pool();
    (void)state;
    bh_future *future = train(pool, "three", 100000, false);
    wait_for_round(future, 2);
    char command[128];
    snprintf(command, sizeof command, "pgrep -x -P %d srun | xargs kill -9", (int)getpid());
    assert_int_equal(system(command), 0);
    assert_fails_soon(future, 5000);
    assert_no_process("--bulkhead", 10000);
    bh_future_destroy(future);
    close_pool(pool);
    assert_int_equal(system("scancel -u $(id -un)"), 0); /* Slurm keeps what was allotted to an srun that is gone */
    assert_no_jobs();
}

/* All that runs on the node dies at once, and nobody there says so. */
static void a_node_that_goes_away_is_an_error(void **state)
{
    bh_process_pool *pool = make_pool();
    const char *daemon = getenv("SLURMD_PID");
    (void)state;
    bh_future *future = train(pool, "four", 100000, false);
    wait_for_round(future, 2);
    pid_t relay = find_process("--bulkhead-stream"), step = parent_of(relay);
    assert_non_null(daemon);
    send_signal((pid_t)atoi(daemon), SIGKILL);
    send_signal(step, SIGSTOP); /* a machine that is gone sends nothing, not even an end */
    send_signal(relay, SIGSTOP);
    assert_fails_soon(future, 20000);
    kill(relay, SIGKILL); /* both were found above, and may have ended */
    kill(step, SIGKILL);
    assert_no_process("--bulkhead", 10000);
    bh_future_destroy(future);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    if (argc != 3)
        return 2;
    worker = argv[1];
    folder = argv[2];
    write_data();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_is_stopped_and_resumed), cmocka_unit_test(a_training_is_killed_and_resumed),
        cmocka_unit_test(a_killed_step_is_an_error),         cmocka_unit_test(a_killed_launcher_leaves_nothing_running),
        cmocka_unit_test(a_node_that_goes_away_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
