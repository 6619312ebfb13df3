/* What the fault tests of process pools share: a group leaves nothing behind, and neither does each of its tests. */
#ifndef FAULT_FAULTY_H
#define FAULT_FAULTY_H

#include "unit/process_functions.h"

#include "fault/left.h"

#include <fcntl.h>
#include <sys/stat.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static left left_before;
static char left_folder[64];

/* A folder for temporary files, a mark for all processes, and the reactor, which stays. */
static inline int faulty_group_setup(void **state)
{
    char run[32];
    (void)state;
    snprintf(left_folder, sizeof left_folder, "/tmp/bulkhead-fault-XXXXXX");
    if (!mkdtemp(left_folder))
        return -1;
    snprintf(run, sizeof run, "%d", (int)getpid());
    setenv("TMPDIR", left_folder, 1);
    setenv(LEFT_VARIABLE, run, 1);
    bh_process_pool *pool = bh_process_pool_create(NULL);
    close_pool(pool);
    return 0;
}

static inline int faulty_group_teardown(void **state)
{
    (void)state;
    return rmdir(left_folder);
}

static inline int faulty_setup(void **state)
{
    (void)state;
    left_before = left_now();
    return 0;
}

static inline int faulty_teardown(void **state)
{
    left after;
    (void)state;
    if (left_settles(&left_before, &after, 2000))
        return 0;
    left_print(stderr, "before", &left_before);
    left_print(stderr, "after", &after);
    return -1;
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, faulty_setup, faulty_teardown)

static inline void ignore_errors(const bh_error *error, void *user)
{
    (void)error;
    (void)user;
}

/* A pool that a test may kill in as it likes. */
static inline bh_process_pool *tough_pool(int workers)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = workers, .budget_deaths = 10000,
                                       .cancel_grace_ms = 50, .term_grace_ms = 50};
    bh_process_pool *pool = bh_process_pool_create(&options);
    assert_non_null(pool);
    return pool;
}

static inline void await_running(bh_future *future)
{
    for (int i = 0; i < 20000 && bh_future_get_state(future) == BH_FUTURE_QUEUED; i++)
        usleep(1000);
    assert_int_equal(bh_future_get_state(future), BH_FUTURE_RUNNING);
}

static inline int pid_of_worker(bh_process_pool *pool)
{
    bh_future *future = bh_process_pool_submit(pool, "pid", NULL, NULL);
    int pid = (int)bh_message_get_int(assert_result(future), "pid", 0);
    bh_future_destroy(future);
    return pid;
}

/* One of the workers; 0 if there is none. */
static inline int pid_of_child(void)
{
    char path[300];
    int pid = 0;
    const struct dirent *entry;
    DIR *list = opendir("/proc/self/task");
    while (list && !pid && (entry = readdir(list))) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/children", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file && fscanf(file, "%d", &pid) != 1)
            pid = 0;
        if (file)
            fclose(file);
    }
    if (list)
        closedir(list);
    return pid;
}

static inline void kill_child(int number)
{
    int pid = pid_of_child();
    assert_true(pid > 1);
    kill(pid, number);
}

/* It works as before: a worker answers. */
static inline void assert_works(bh_process_pool *pool)
{
    bh_future *future = call_with(pool, "add", "a", 42, NULL, NULL, NULL);
    assert_int_equal(bh_message_get_int(assert_result(future), "sum", 0), 42);
    bh_future_destroy(future);
}

static inline bh_process_pool_statistics counts_of(bh_process_pool *pool)
{
    bh_process_pool_statistics counts;
    assert_int_equal(bh_process_pool_get_statistics(pool, &counts), BH_OK);
    return counts;
}

#endif
