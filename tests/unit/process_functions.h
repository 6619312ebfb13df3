/* Functions for worker processes that do what functions should not, and a few that do what they should. */
#ifndef UNIT_PROCESS_FUNCTIONS_H
#define UNIT_PROCESS_FUNCTIONS_H

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static inline bh_status f_null(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    return BH_OK;
}

static inline bh_status f_add(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    return bh_message_add_int(result, "sum", bh_message_get_int(arguments, "a", 0) + bh_message_get_int(arguments, "b", 0));
}

static inline bh_status f_echo(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    return bh_message_add_view(result, NULL, arguments);
}

static inline bh_status f_pid(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    bh_message_add_int(result, "attempt", bh_job_attempt(self));
    return bh_message_add_int(result, "pid", getpid());
}

static inline bh_status f_fail(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    printf("before it failed\n");
    return bh_job_fail(self, BH_ERROR_IO, "cannot read %s", "moon.csv");
}

static inline bh_status f_silent(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    return BH_ERROR_RANGE;
}

/* What ends a process at once; "how" says how. */
static inline bh_status f_die(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)result;
    const char *how = bh_message_get_string(arguments, "how", "");
    fprintf(stderr, "about to %s\n", how);
    if (strcmp(how, "segv") == 0)
        *(volatile int *)(uintptr_t)bh_message_get_int(arguments, "at", 8) = 1;
    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "exit") == 0)
        exit((int)bh_message_get_int(arguments, "code", 0));
    if (strcmp(how, "kill") == 0)
        kill(getpid(), SIGKILL);
    return BH_OK;
}

static inline volatile char *deeper(volatile char *above, int depth)
{
    volatile char here[4096];
    here[0] = above ? above[0] : 1;
    return depth < 0 ? above : deeper(here, depth + 1) + (here[0] - here[0]);
}

static inline bh_status f_overflow(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    return deeper(NULL, 0) ? BH_OK : BH_ERROR;
}

/* Sleeps as one should. */
static inline bh_status f_sleep(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    return bh_job_sleep(self, (int)bh_message_get_int(arguments, "ms", 60000));
}

/* Does not hear. */
static inline bh_status f_deaf(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)result;
    if (bh_message_get_bool(arguments, "term", false))
        signal(SIGTERM, SIG_IGN);
    while (getppid() > 0)
        pause();
    return BH_OK;
}

static inline bh_status f_progress(bh_job *self, bh_message_view arguments, bh_message *result)
{
    int count = (int)bh_message_get_int(arguments, "count", 100);
    for (int i = 1; i <= count; i++)
        bh_job_percent(self, i, "on its way");
    bh_job_sleep(self, (int)bh_message_get_int(arguments, "ms", 0));
    return bh_message_add_int(result, "count", count);
}

/* Dies until it has been tried "tries" times. */
static inline bh_status f_retry(bh_job *self, bh_message_view arguments, bh_message *result)
{
    if (bh_job_attempt(self) < bh_message_get_int(arguments, "tries", 2))
        kill(getpid(), SIGKILL);
    return bh_message_add_int(result, "attempt", bh_job_attempt(self));
}

static inline bh_status f_env(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    const char *value = getenv(bh_message_get_string(arguments, "name", "")), *folder;
    char here[4096];
    folder = getcwd(here, sizeof here);
    bh_message_add_string(result, "value", value ? value : "(none)");
    return bh_message_add_string(result, "folder", folder ? folder : "");
}

static inline bh_status f_big(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    size_t size = (size_t)bh_message_get_int(arguments, "size", 1 << 24);
    unsigned char *bytes = malloc(size);
    if (!bytes)
        return BH_ERROR_MEMORY;
    memset(bytes, 0x5a, size);
    bh_status status = bh_message_add_bytes(result, "bytes", bytes, size);
    free(bytes);
    return status;
}

static inline bh_status f_fail_initialiser(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    if (bh_message_get_bool(arguments, "die", false))
        kill(getpid(), SIGKILL);
    setenv("INITIALISED", "yes", 1);
    return bh_message_get_bool(arguments, "well", false) ? BH_OK : bh_job_fail(self, BH_ERROR_IO, "no licence");
}

#define PROCESS_FUNCTIONS                                                                                                       \
    {"null", f_null}, {"add", f_add}, {"echo", f_echo}, {"pid", f_pid}, {"fail", f_fail}, {"silent", f_silent}, {"die", f_die}, \
        {"overflow", f_overflow}, {"sleep", f_sleep}, {"deaf", f_deaf}, {"progress", f_progress}, {"retry", f_retry},           \
        {"env", f_env}, {"big", f_big},                                                                                         \
    {                                                                                                                           \
        "initialise", f_fail_initialiser                                                                                        \
    }

/* --- for the parent */

/* With TEST_LAUNCH in the environment all pools of a test that do not say otherwise have that launcher: what holds for local workers
 * holds for those behind one. */
static inline const char *test_launcher(void)
{
    const char *launch = getenv("TEST_LAUNCH");
    return launch && launch[0] ? launch : NULL;
}

static inline bh_process_pool *create_for_test(const bh_process_pool_options *given)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT};
    if (given)
        options = *given;
    if (!options.launch)
        options.launch = test_launcher();
    return bh_process_pool_create(&options);
}

#undef bh_process_pool_create
#define bh_process_pool_create(...) create_for_test(__VA_ARGS__)

/* A submitted call with one int and one string, either of which may have no key. */
static inline bh_future *call_with(bh_process_pool *pool, const char *function, const char *key, int64_t number,
                                   const char *text_key, const char *text, const bh_submit_options *options)
{
    bh_message *arguments = bh_message_create();
    if (key)
        bh_message_add_int(arguments, key, number);
    if (text_key)
        bh_message_add_string(arguments, text_key, text);
    bh_future *future = bh_process_pool_submit(pool, function, arguments, options);
    bh_message_destroy(arguments);
    return future;
}

/* Waits, checks that it failed with KIND, and leaves the future. */
static inline bh_process_failure assert_fails(bh_future *future, bh_failure_kind kind)
{
    bh_process_failure failure;
    assert_non_null(future);
    assert_int_equal(bh_future_wait(future, 20000), BH_OK);
    assert_int_equal(bh_future_failure(future, &failure), BH_OK);
    if (failure.kind != kind)
        fail_msg("%s (%s), expected %s; output: %s", bh_failure_kind_name(failure.kind), failure.text, bh_failure_kind_name(kind),
                 failure.output);
    return failure;
}

static inline bh_message_view assert_result(bh_future *future)
{
    bh_message_view view = {NULL};
    bh_process_failure failure;
    assert_non_null(future);
    assert_int_equal(bh_future_wait(future, 20000), BH_OK);
    if (bh_future_get_state(future) != BH_FUTURE_DONE && bh_future_failure(future, &failure) == BH_OK)
        fail_msg("%s: %s; output: %s", bh_failure_kind_name(failure.kind), failure.text, failure.output);
    assert_int_equal(bh_future_result(future, &view), BH_OK);
    return view;
}

static inline void close_pool(bh_process_pool *pool)
{
    bh_status status = bh_process_pool_close(pool, 2000);
    if (status)
        fail_msg("close: %s", bh_last_error());
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
}

#endif
