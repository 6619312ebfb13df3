/* What hangs, what will not end, and what must end with it: closes and cancels at any moment, callbacks that misbehave, parents that are
 * killed, processes that functions leave behind. */
#include "fault/faulty.h"

#include <spawn.h>
#include <sys/resource.h>

extern char **environ;

static char self_path[4096];

/* Starts COUNT processes that outlive it: in the worker's group, or each in a session of its own; by fork alone they keep its socket. */
static bh_status f_litter(bh_job *self, bh_message_view arguments, bh_message *result)
{
    bool session = bh_message_get_bool(arguments, "session", false);
    (void)result;
    for (int i = 0; i < bh_message_get_int(arguments, "count", 4); i++) {
        if (fork() != 0)
            continue;
        if (session)
            setsid();
        for (;;)
            pause();
    }
    if (bh_message_get_bool(arguments, "dies", false))
        kill(getpid(), SIGKILL);
    return bh_job_sleep(self, (int)bh_message_get_int(arguments, "ms", 0));
}

static bh_status f_stop(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    kill(getpid(), SIGSTOP);
    return bh_job_sleep(self, 60000);
}

/* A pool in a worker, in which something is done once more, down to where no pool is made. */
static bh_status f_nested(bh_job *self, bh_message_view arguments, bh_message *result)
{
    bh_process_failure failure;
    bh_message_view inside;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    if (!pool)
        return f_die(self, arguments, result);
    bh_message *inner = bh_message_create();
    bh_message_add_view(inner, NULL, arguments);
    bh_future *future = bh_process_pool_submit(pool, "nested", inner, NULL);
    bh_message_destroy(inner);
    bh_future_wait(future, -1);
    if (bh_future_failure(future, &failure) == BH_OK)
        bh_message_add_int(result, "signal", failure.signal);
    else if (bh_future_result(future, &inside) == BH_OK)
        bh_message_add_view(result, NULL, inside);
    bh_future_destroy(future);
    bh_process_pool_close(pool, 1000);
    bh_process_pool_destroy(pool);
    return BH_OK;
}

static bh_status f_nested_hang(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    bh_process_pool *pool = bh_process_pool_create(NULL);
    bh_future *future = pool ? bh_process_pool_submit(pool, "nested_hang", NULL, NULL) : NULL;
    if (!pool)
        printf("as deep as it goes\n");
    while (!future || bh_future_wait(future, -1))
        pause();
    return BH_OK;
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS,    {"litter", f_litter},           {"stop", f_stop},
                                                {"nested", f_nested}, {"nested_hang", f_nested_hang}, {0}};

/* --- closing */

static void a_close_that_has_to_kill_leaves_no_process(void **state)
{
    bh_future *futures[6];
    (void)state;
    bh_process_pool *pool = tough_pool(4);
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "term", true);
    for (int i = 0; i < 4; i++)
        futures[i] = bh_process_pool_submit(pool, "deaf", arguments, NULL);
    for (int i = 0; i < 4; i++)
        await_running(futures[i]);
    futures[4] = bh_process_pool_submit(pool, "null", NULL, NULL);
    futures[5] = bh_process_pool_submit(pool, "null", NULL, NULL);
    bh_message_destroy(arguments);
    assert_int_equal(bh_process_pool_close(pool, 50), BH_TIMEOUT);
    assert_int_equal(counts_of(pool).workers, 0);
    assert_int_equal(left_children(), 0);
    for (int i = 0; i < 6; i++) {
        assert_fails(futures[i], BH_FAILURE_CLOSED);
        bh_future_destroy(futures[i]);
    }
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
}

static void cancelled_just_before_the_close(void **state)
{
    enum { COUNT = 12 };
    bh_future *futures[COUNT];
    (void)state;
    for (int turn = 0; turn < 30; turn++) {
        bh_process_pool *pool = tough_pool(1 + turn % 3);
        for (int i = 0; i < COUNT; i++)
            futures[i] = call_with(pool, i % 3 ? "null" : "sleep", NULL, 0, NULL, NULL, NULL);
        if (turn % 2)
            await_running(futures[0]);
        for (int i = 0; i < COUNT; i++)
            assert_int_equal(bh_future_cancel(futures[i]), BH_OK);
        assert_int_equal(bh_process_pool_close(pool, 2000), BH_OK);
        for (int i = 0; i < COUNT; i++) {
            bh_process_failure failure;
            assert_true(bh_future_is_done(futures[i]));
            if (!bh_future_failure(futures[i], &failure))
                assert_true(failure.kind == BH_FAILURE_CANCELLED || failure.kind == BH_FAILURE_CLOSED);
            else
                assert_int_equal(bh_future_get_state(futures[i]), BH_FUTURE_DONE);
            bh_future_destroy(futures[i]);
        }
        assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
    }
}

/* --- callbacks */

typedef struct chain {
    bh_process_pool *pool;
    bh_future *victims[8];
    _Atomic int left, ended;
} chain;

/* Blocks the pools' own thread, destroys futures of others and its own, and submits the next. */
static void misbehave(bh_future *future, void *user)
{
    chain *of = user;
    int turns = --of->left;
    usleep(20000);
    if (turns < 8)
        bh_future_destroy(of->victims[turns]);
    bh_future_destroy(future);
    bh_future_cancel(future); /* stale */
    bh_process_pool_wait_for_done(of->pool, -1);
    bh_process_pool_destroy(of->pool);
    bh_future *next = turns > 0 ? bh_process_pool_submit(of->pool, "null", NULL, NULL) : NULL;
    if (next)
        bh_future_when_done(next, NULL, misbehave, of, NULL);
    else
        of->ended = 1;
}

static void callbacks_that_misbehave_harm_nobody(void **state)
{
    chain of = {.left = 16};
    (void)state;
    of.pool = tough_pool(2);
    for (int i = 0; i < 8; i++)
        of.victims[i] = call_with(of.pool, "sleep", "ms", 200, NULL, NULL, NULL);
    bh_future *first = bh_process_pool_submit(of.pool, "null", NULL, NULL);
    assert_int_equal(bh_future_when_done(first, NULL, misbehave, &of, NULL), BH_OK);
    for (int i = 0; i < 20000 && !of.ended; i++) {
        if (i % 50 == 0)
            assert_works(of.pool); /* others are served meanwhile, if late */
        usleep(1000);
    }
    assert_int_equal(of.ended, 1);
    close_pool(of.pool);
}

/* --- replacements that fail */

static void copy_self(const char *path)
{
    static char bytes[1 << 16];
    int from = open(self_path, O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    ssize_t got;
    assert_true(from >= 0 && to >= 0);
    while ((got = read(from, bytes, sizeof bytes)) > 0)
        assert_int_equal(write(to, bytes, (size_t)got), got);
    close(from);
    close(to);
}

static void no_replacement_is_to_be_had(void **state)
{
    enum { COUNT = 10 };
    char path[128];
    bh_future *futures[COUNT];
    (void)state;
    if (test_launcher())
        skip(); /* it is the launcher who finds that out, which is another failure */
    snprintf(path, sizeof path, "%s/worker", left_folder);
    copy_self(path);
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1,      .spares = -1, .program = path,
                                       .budget_deaths = 5,           .budget_ms = 60000};
    bh_process_pool *pool = bh_process_pool_create(&options);
    assert_works(pool);
    assert_int_equal(unlink(path), 0);
    for (int i = 0; i < COUNT; i++)
        futures[i] = call_with(pool, i == 0 ? "die" : "sleep", "ms", 60000, "how", "kill", NULL);
    for (int i = 0; i < COUNT; i++) {
        bh_process_failure failure;
        if (!futures[i])
            continue; /* it had given up by then */
        assert_int_equal(bh_future_wait(futures[i], 20000), BH_OK);
        assert_int_equal(bh_future_failure(futures[i], &failure), BH_OK);
        assert_int_equal(failure.kind, i == 0 ? BH_FAILURE_SIGNAL : BH_FAILURE_BUDGET);
        if (i > 0)
            assert_non_null(strstr(failure.text, "could not be started: No such file or directory"));
        bh_future_destroy(futures[i]);
    }
    assert_true(counts_of(pool).gave_up);
    close_pool(pool);
}

/* The program has no descriptor left: workers cannot be started, and large arguments not be sent, until there are some again. */
static void descriptors_of_the_program_used_up(void **state)
{
    static unsigned char bytes[100000];
    int held[1024], count = 0;
    struct rlimit before, few;
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .budget_deaths = 1000};
    bh_process_pool *pool = bh_process_pool_create(&options);
    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    few.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &few);
    while (count < 1024 && (held[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        count++;
    bh_future *waits = call_with(pool, "add", "a", 7, NULL, NULL, NULL);
    assert_int_equal(bh_future_wait(waits, 100), BH_TIMEOUT);
    assert_true(counts_of(pool).deaths >= 1);
    while (count > 0)
        close(held[--count]);
    assert_int_equal(bh_message_get_int(assert_result(waits), "sum", 0), 7);
    bh_future_destroy(waits);

    while (count < 1024 && (held[count] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        count++;
    bh_message *arguments = bh_message_create();
    bh_message_add_bytes(arguments, "bytes", bytes, sizeof bytes);
    bh_future *large = bh_process_pool_submit(pool, "echo", arguments, NULL);
    if (test_launcher())
        assert_result(large); /* a stream needs none for it */
    else
        assert_fails(large, BH_FAILURE_MEMORY);
    bh_message_destroy(arguments);
    bh_future_destroy(large);
    while (count > 0)
        close(held[--count]);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_works(pool);
    close_pool(pool);
}

/* --- what functions leave behind */

static void litter(bool session, bool dies, int ms, bh_failure_kind kind)
{
    left before = left_now(), after;
    bh_process_pool *pool = tough_pool(1);
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .run_ms = ms ? 100 : 0};
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "session", session);
    bh_message_add_bool(arguments, "dies", dies);
    bh_message_add_int(arguments, "ms", ms);
    bh_future *future = bh_process_pool_submit(pool, "litter", arguments, &options);
    bh_message_destroy(arguments);
    if (kind)
        assert_fails(future, kind); /* at once, although its socket is open in others */
    else
        assert_result(future);
    bh_future_destroy(future);
    assert_works(pool);
    close_pool(pool);
    if (!left_settles(&before, &after, 3000)) {
        left_print(stderr, "before", &before);
        left_print(stderr, "after", &after);
        fail_msg("session %d, dies %d, kind %d: something is left", session, dies, kind);
    }
}

static void what_functions_leave_behind_ends_with_the_worker(void **state)
{
    (void)state;
    for (int session = 0; session <= 1; session++) {
        litter(session, true, 0, BH_FAILURE_SIGNAL);
        litter(session, false, 60000, BH_FAILURE_DEADLINE);
        litter(session, false, 0, BH_FAILURE_NONE);
    }
}

/* --- pools in workers */

static void the_deepest_worker_dies_alone(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_future *future = call_with(pool, "nested", NULL, 0, "how", "segv", NULL);
    assert_int_equal(bh_message_get_int(assert_result(future), "signal", 0),
                     SIGSEGV); /* to whom it matters: nobody else notices */
    bh_future_destroy(future);
    assert_int_equal(counts_of(pool).deaths, 0);
    close_pool(pool);
}

static int relatives(void)
{
    return left_now().relatives;
}

static void all_depths_end_with_the_outermost(void **state)
{
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1, .cancel_grace_ms = 20,
                                           .term_grace_ms = 20};
        bh_process_pool *pool = bh_process_pool_create(&options);
        bh_future *future = bh_process_pool_submit(pool, "nested_hang", NULL, NULL);
        await_running(future);
        int seen = 0;
        for (int i = 0; i < 5000 && (seen = relatives()) < BH_MAX_WORKER_DEPTH; i++)
            usleep(1000);
        assert_true(seen >= BH_MAX_WORKER_DEPTH);
        if (turn == 0)
            bh_future_cancel(future);
        if (turn == 1)
            kill_child(SIGKILL);
        if (turn == 2)
            bh_process_pool_close(pool, 30); /* in good or not */
        assert_int_equal(bh_future_wait(future, 20000), BH_OK);
        assert_int_not_equal(bh_future_get_state(future), BH_FUTURE_DONE);
        bh_future_destroy(future);
        bh_process_pool_close(pool, 2000);
        assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
        for (int i = 0; i < 3000 && relatives() > 0; i++)
            usleep(1000);
        assert_int_equal(relatives(), 0);
    }
}

/* --- the parent is killed */

/* A program of its own: workers that sleep, that do not hear, that are stopped, that run; and then it says so. */
static int be_a_parent(void)
{
    bh_process_pool *pool = tough_pool(4);
    bh_future *stopped = bh_process_pool_submit(pool, "stop", NULL, NULL);
    await_running(stopped);
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "term", true);
    bh_future *deaf = bh_process_pool_submit(pool, "deaf", arguments, NULL);
    bh_future *sleeps = bh_process_pool_submit(pool, "sleep", NULL, NULL);
    await_running(deaf);
    await_running(sleeps);
    for (;;) {
        if (write(STDOUT_FILENO, ".", 1) != 1)
            return 1;
        assert_works(pool);
    }
}

static void a_parent_that_is_killed_leaves_no_orphan(void **state)
{
    static char word[] = "parent";
    char *arguments[] = {self_path, word, NULL};
    char mark[64], dot;
    (void)state;
    snprintf(mark, sizeof mark, LEFT_VARIABLE "=%s", getenv(LEFT_VARIABLE));
    for (int turn = 0; turn < (SANITIZED ? 10 : 50); turn++) {
        posix_spawn_file_actions_t actions;
        int ends[2];
        pid_t pid;
        assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        assert_int_equal(posix_spawn(&pid, self_path, &actions, NULL, arguments, environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        for (int dots = 0; dots <= turn % 7; dots++) /* each turn at another moment */
            assert_int_equal(read(ends[0], &dot, 1), 1);
        assert_true(left_marked(mark, 0) >= 4);
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        close(ends[0]);
        int orphans = 1;
        for (int i = 0; i < 2000 && (orphans = left_marked(mark, 0)) > 0; i++)
            usleep(1000);
        assert_int_equal(orphans, 0);
    }
}

/* --- nothing to do */

static long switches(const char *path)
{
    char line[256];
    long count = -1;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "voluntary_ctxt_switches:", 24) == 0)
            count = atol(line + 24);
    if (file)
        fclose(file);
    return count;
}

/* Of the reactor's thread and of the workers. */
static long all_switches(void)
{
    char path[600], name[32];
    long sum = 0;
    const struct dirent *entry;
    DIR *list = opendir("/proc/self/task");
    while (list && (entry = readdir(list))) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/comm", entry->d_name);
        FILE *file = fopen(path, "re");
        bool reactor = file && fgets(name, sizeof name, file) && strncmp(name, "bh-reactor", 10) == 0;
        if (file)
            fclose(file);
        snprintf(path, sizeof path, "/proc/self/task/%.20s/status", entry->d_name);
        sum += reactor ? switches(path) : 0;
    }
    if (list)
        closedir(list);
    snprintf(path, sizeof path, "/proc/%d/status", pid_of_child());
    return sum + switches(path);
}

static void nobody_wakes_up_for_nothing(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .retries = 1};
    bh_future *future = call_with(pool, "die", NULL, 0, "how", "kill", &options);
    assert_fails(future, BH_FAILURE_QUARANTINED);
    bh_future_destroy(future);
    assert_works(pool);
    long before = -1, now;
    for (int i = 0; i < 100 && (now = all_switches()) != before; i++) { /* until the last worker has started */
        before = now;
        usleep(50000);
    }
    assert_true(before > 0);
    usleep(500000);
    assert_int_equal(all_switches(), before);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    if (!realpath("/proc/self/exe", self_path))
        return 1;
    bh_set_error_hook((bh_error_hook){ignore_errors, NULL});
    if (argc > 1 && strcmp(argv[1], "parent") == 0)
        return be_a_parent();
    const struct CMUnitTest tests[] = {
        FAULT_TEST(a_close_that_has_to_kill_leaves_no_process),
        FAULT_TEST(cancelled_just_before_the_close),
        FAULT_TEST(callbacks_that_misbehave_harm_nobody),
        FAULT_TEST(no_replacement_is_to_be_had),
        FAULT_TEST(descriptors_of_the_program_used_up),
        FAULT_TEST(what_functions_leave_behind_ends_with_the_worker),
        FAULT_TEST(the_deepest_worker_dies_alone),
        FAULT_TEST(all_depths_end_with_the_outermost),
        FAULT_TEST(a_parent_that_is_killed_leaves_no_orphan),
        FAULT_TEST(nobody_wakes_up_for_nothing),
    };
    return cmocka_run_group_tests(tests, faulty_group_setup, faulty_group_teardown);
}
