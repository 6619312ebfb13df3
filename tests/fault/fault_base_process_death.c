/* Workers that die: of each fatal signal, on another thread, before they pick a task up and after its result was sent, while the parent
 * is writing, many at a time. It costs the task that had begun, and no other. */
#include "fault/faulty.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

static void *overflow(void *user)
{
    return deeper(user, 0) ? NULL : user;
}

static void *crash(void *user)
{
    volatile uintptr_t nowhere = 0x2468;
    (void)user;
    *(volatile int *)nowhere = 1;
    return NULL;
}

static void *spin(void *user)
{
    while (user)
        continue;
    return NULL;
}

static void *kill_soon(void *user)
{
    usleep(20000);
    kill(getpid(), SIGKILL);
    return user;
}

static void on_thread(void *(*run)(void *user))
{
    static int something;
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, &something) == 0)
        pthread_detach(thread);
}

static void read_beyond_file(void)
{
    int file = memfd_create("short", MFD_CLOEXEC);
    volatile char *bytes = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (bytes != MAP_FAILED)
        printf("%d\n", bytes[0]);
}

static bh_status f_worse(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const char *how = bh_message_get_string(arguments, "how", "");
    (void)result;
    if (strcmp(how, "bus") == 0)
        read_beyond_file();
    if (strcmp(how, "fpe") == 0)
        raise(SIGFPE);
    if (strcmp(how, "ill") == 0)
        raise(SIGILL);
    if (strcmp(how, "_exit") == 0)
        _exit(0);
    if (strcmp(how, "thread overflows") == 0)
        on_thread(overflow);
    if (strcmp(how, "threads crash") == 0)
        for (int i = 0; i < 4; i++)
            on_thread(crash);
    return bh_job_sleep(self, 60000);
}

/* Well, but something of it goes on. */
static bh_status f_late(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)result;
    if (bh_message_get_bool(arguments, "dies", false))
        on_thread(kill_soon);
    for (int i = 0; i < bh_message_get_int(arguments, "threads", 0); i++)
        on_thread(spin);
    return BH_OK;
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {"worse", f_worse}, {"late", f_late}, {0}};

static void each_way_to_die_costs_one_task(void **state)
{
    static const struct {
        const char *how;
        bh_failure_kind kind;
        int signal;
        uintptr_t address;
    } ways[] = {{"bus", BH_FAILURE_SIGNAL, SIGBUS, 0},
                {"fpe", BH_FAILURE_SIGNAL, SIGFPE, 0},
                {"ill", BH_FAILURE_SIGNAL, SIGILL, 0},
                {"_exit", BH_FAILURE_EXIT, 0, 0},
                {"thread overflows", BH_FAILURE_SIGNAL, SIGSEGV, 0},
                {"threads crash", BH_FAILURE_SIGNAL, SIGSEGV, 0x2468}};
    enum { WAYS = sizeof ways / sizeof ways[0] };
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    for (int i = 0; i < WAYS; i++) {
        bh_future *dies = call_with(pool, "worse", NULL, 0, "how", ways[i].how, NULL);
        bh_future *lives = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        bh_process_failure failure = assert_fails(dies, ways[i].kind);
        assert_int_equal(failure.signal, ways[i].signal);
        assert_int_equal(failure.exit_code, ways[i].kind == BH_FAILURE_EXIT ? 0 : -1);
        if (ways[i].address)
            assert_int_equal(failure.address, ways[i].address);
        assert_int_equal(bh_message_get_int(assert_result(lives), "sum", -1), i);
        bh_future_destroy(dies);
        bh_future_destroy(lives);
    }
    assert_works(pool);
    bh_process_pool_statistics counts = counts_of(pool);
    assert_int_equal(counts.deaths, WAYS);
    assert_int_equal(counts.failed, WAYS);
    close_pool(pool);
}

static void a_worker_is_the_first_victim_of_a_lack_of_memory(void **state)
{
    char path[64], text[16] = "";
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    snprintf(path, sizeof path, "/proc/%d/oom_score_adj", pid_of_worker(pool));
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    assert_int_equal(atoi(text), 1000);
    close_pool(pool);
}

static void races_with_any_number_of_workers(void **state)
{
    static const int numbers[] = {1, 2, 5, 13};
    enum { COUNT = 130 };
    static bh_future *futures[COUNT];
    (void)state;
    for (size_t n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
        bh_process_pool *pool = tough_pool(numbers[n]);
        for (int i = 0; i < COUNT; i++)
            futures[i] = i % 13 == 5 ? call_with(pool, "die", NULL, 0, "how", i % 2 ? "kill" : "exit", NULL)
                                     : call_with(pool, "add", "a", i, NULL, NULL, NULL);
        for (int i = 0; i < COUNT; i++) {
            if (i % 13 == 5)
                assert_fails(futures[i], i % 2 ? BH_FAILURE_SIGNAL : BH_FAILURE_EXIT);
            else
                assert_int_equal(bh_message_get_int(assert_result(futures[i]), "sum", -1), i);
            bh_future_destroy(futures[i]);
        }
        assert_works(pool); /* behind the last death, which is counted by then */
        bh_process_pool_statistics counts = counts_of(pool);
        assert_int_equal(counts.failed, COUNT / 13);
        assert_int_equal(counts.deaths, COUNT / 13);
        close_pool(pool);
    }
}

static void idle_workers_that_are_killed_cost_nothing(void **state)
{
    enum { COUNT = 20 };
    bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    for (int turn = 0; turn < 20; turn++) {
        int pid = pid_of_worker(pool);
        kill(pid, SIGKILL); /* the pool may hear of it before, between or after these */
        for (int i = 0; i < COUNT; i++)
            futures[i] = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        int lost = 0;
        for (int i = 0; i < COUNT; i++) {
            assert_int_equal(bh_future_wait(futures[i], 20000), BH_OK);
            lost += bh_future_get_state(futures[i]) != BH_FUTURE_DONE;
            if (lost)
                assert_fails(futures[i], BH_FAILURE_SIGNAL);
            bh_future_destroy(futures[i]);
        }
        assert_int_equal(lost, 0); /* the signal came before any of them began */
    }
    close_pool(pool);
}

static void a_death_after_the_result_costs_nothing(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_message *arguments = bh_message_create();
    bh_message_add_bool(arguments, "dies", true);
    for (int i = 0; i < 10; i++) {
        bh_future *future = bh_process_pool_submit(pool, "late", arguments, NULL);
        assert_result(future);
        bh_future_destroy(future);
        for (int wait = 0; wait < 20000 && (int)counts_of(pool).deaths <= i; wait++)
            usleep(1000);
        assert_works(pool);
    }
    bh_message_destroy(arguments);
    assert_int_equal(counts_of(pool).deaths, 10);
    assert_int_equal(counts_of(pool).failed, 0);
    close_pool(pool);
}

/* It does not read: its socket is full when it dies, and packets with and without memory file wait for room. */
static void a_death_while_the_parent_is_writing(void **state)
{
    enum { COUNT = 60, SMALL = 30000, LARGE = 1 << 20 };
    static unsigned char bytes[LARGE];
    bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    for (int i = 0; i < 400; i++) { /* tiny tasks: so it gets many at a time */
        bh_future *future = bh_process_pool_submit(pool, "null", NULL, NULL);
        assert_result(future);
        bh_future_destroy(future);
    }
    int pid = pid_of_worker(pool);
    kill(pid, SIGSTOP);
    for (int i = 0; i < COUNT; i++) {
        bh_message *arguments = bh_message_create();
        bh_message_add_int(arguments, "number", i);
        bh_message_add_bytes(arguments, "bytes", bytes, i % 10 == 9 ? LARGE : SMALL);
        futures[i] = bh_process_pool_submit(pool, "echo", arguments, NULL);
        bh_message_destroy(arguments);
    }
    for (int i = 0; i < 20000 && counts_of(pool).running == 0; i++)
        usleep(1000);
    kill(pid, SIGKILL);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(bh_message_get_int(assert_result(futures[i]), "number", -1), i);
        bh_future_destroy(futures[i]);
    }
    assert_int_equal(counts_of(pool).failed, 0);
    assert_true(counts_of(pool).requeued > 0);
    close_pool(pool);
}

/* Idle, and then stopped, or stuck in the kernel: what it is given is begun by another one, if later. */
static void a_worker_that_does_not_even_begin(void **state)
{
    enum { COUNT = 4 };
    bh_future *futures[COUNT];
    (void)state;
    for (int workers = 1; workers <= 2; workers++) {
        bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = workers, .start_timeout_ms = 500};
        bh_process_pool *pool = bh_process_pool_create(&options);
        int stopped = pid_of_worker(pool);
        kill(stopped, SIGSTOP);
        for (int i = 0; i < COUNT; i++)
            futures[i] = bh_process_pool_submit(pool, "pid", NULL, NULL);
        for (int i = 0; i < COUNT; i++) {
            assert_int_not_equal(bh_message_get_int(assert_result(futures[i]), "pid", stopped), stopped);
            bh_future_destroy(futures[i]);
        }
        assert_int_equal(counts_of(pool).failed, 0);
        close_pool(pool);
    }
}

static void both_directions_full_at_once(void **state)
{
    enum { COUNT = 300, SIZE = 30000 };
    static unsigned char bytes[SIZE];
    static bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    for (int i = 0; i < COUNT; i++) {
        bh_message *arguments = bh_message_create();
        bh_message_add_int(arguments, "number", i);
        bh_message_add_bytes(arguments, "bytes", bytes, sizeof bytes);
        futures[i] = bh_process_pool_submit(pool, "echo", arguments, NULL);
        bh_message_destroy(arguments);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(bh_message_get_int(assert_result(futures[i]), "number", -1), i);
        bh_future_destroy(futures[i]);
    }
    close_pool(pool);
}

static void threads_that_a_function_leaves_do_not_hold_up_the_end(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    bh_future *future = call_with(pool, "late", "threads", 4, NULL, NULL, NULL);
    assert_result(future);
    bh_future_destroy(future);
    assert_works(pool);
    close_pool(pool); /* in good, and in time */
}

/* --- spawn only: a fork in here would find malloc's lock taken */

static atomic_bool enough;

static void *allocate(void *user)
{
    while (!atomic_load(&enough))
        free(malloc(100000));
    return user;
}

static void workers_start_while_other_threads_allocate(void **state)
{
    pthread_t threads[2];
    (void)state;
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .tasks_per_worker = 1};
    bh_process_pool *pool = bh_process_pool_create(&options);
    atomic_store(&enough, false);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, allocate, NULL), 0);
    for (int i = 0; i < 40; i++)
        assert_works(pool);
    atomic_store(&enough, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_true(counts_of(pool).spawned >= 40);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    bh_set_error_hook((bh_error_hook){ignore_errors, NULL});
    const struct CMUnitTest tests[] = {
        FAULT_TEST(each_way_to_die_costs_one_task),
        FAULT_TEST(a_worker_is_the_first_victim_of_a_lack_of_memory),
        FAULT_TEST(races_with_any_number_of_workers),
        FAULT_TEST(idle_workers_that_are_killed_cost_nothing),
        FAULT_TEST(a_death_after_the_result_costs_nothing),
        FAULT_TEST(a_death_while_the_parent_is_writing),
        FAULT_TEST(a_worker_that_does_not_even_begin),
        FAULT_TEST(both_directions_full_at_once),
        FAULT_TEST(threads_that_a_function_leaves_do_not_hold_up_the_end),
        FAULT_TEST(workers_start_while_other_threads_allocate),
    };
    return cmocka_run_group_tests(tests, faulty_group_setup, faulty_group_teardown);
}
