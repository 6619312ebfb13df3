/* Workers that crash leave a record, and their pool says where: the function, the file and the line, of each fatal signal, after an
 * overflow of the stack or damage to the heap, on several threads at once, with a stack that leads nowhere, and without descriptors. */
#include "fault/faulty.h"

#include "process/crash_record.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__) /* which walks the stack itself, before the handler */
#define CAN_LOSE 1
#else
#define CAN_LOSE 0
#endif

static volatile uintptr_t nowhere = 0x2468;
static volatile int zero;

#define CRASH(name, ...)                                                  \
    __attribute__((noinline)) static void name(void)                      \
    {                                                                     \
        __VA_ARGS__;                                                      \
        zero = 0; /* so that it is no jump, and has a frame of its own */ \
    }

static char *nothing(void)
{
    int file = memfd_create("short", MFD_CLOEXEC);
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
}

static void damage_heap(void)
{
    enum { BLOCKS = 64 };
    char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(40);
    volatile char *first = blocks[0] - 4096;
    for (long i = 0; i < 65536; i++) /* all that malloc remembers of them, and more */
        if (((uintptr_t)(first + i) & 4095) != 0)
            first[i] = 0x41;
}

static void use_all_descriptors(void)
{
    const struct rlimit few = {16, 16};
    setrlimit(RLIMIT_NOFILE, &few);
    while (dup(STDIN_FILENO) >= 0)
        continue;
}

static void *crash_too(void *user)
{
    *(volatile int *)nowhere = 1;
    return user;
}

static void start_four(void)
{
    pthread_t thread;
    for (int i = 0; i < 4; i++)
        if (pthread_create(&thread, NULL, crash_too, NULL) == 0)
            pthread_detach(thread);
    pause();
}

static void crash_in_child(void)
{
    if (fork() == 0)
        crash_too(NULL);
    wait(NULL);
}

CRASH(crash_segv, *(volatile int *)nowhere = 1)
CRASH(crash_bus, *(volatile char *)nothing() = 1)
CRASH(crash_raised_fpe, raise(SIGFPE))
CRASH(crash_ill, __builtin_trap())
CRASH(crash_abort, abort())
CRASH(crash_trap, raise(SIGTRAP))
CRASH(crash_overflow, deeper(NULL, 0))
CRASH(crash_call, ((void (*)(void))nowhere)())
CRASH(crash_heap, damage_heap(); free(malloc(5000)); *(volatile int *)nowhere = 1)
CRASH(crash_descriptors, use_all_descriptors(); *(volatile int *)nowhere = 1)
CRASH(crash_threads, start_four())
CRASH(crash_after_child, crash_in_child(); *(volatile int *)nowhere = 1)

static const struct way {
    const char *name;
    void (*crash)(void);
    int signal;
    uintptr_t address; /* 1: some */
    const char *in;    /* a function that the stack names */
} ways[] = {{"segv", crash_segv, SIGSEGV, 0x2468, "crash_segv"},
            {"bus", crash_bus, SIGBUS, 1, "crash_bus"},
            {"fpe", crash_raised_fpe, SIGFPE, 0, "crash_raised_fpe"},
            {"ill", crash_ill, SIGILL, 1, "crash_ill"},
            {"abort", crash_abort, SIGABRT, 0, "crash_abort"},
            {"trap", crash_trap, SIGTRAP, 0, "crash_trap"},
            {"overflow", crash_overflow, SIGSEGV, 1, "deeper"},
            {"call", crash_call, SIGSEGV, 0x2468, "crash_call"},
            {"descriptors", crash_descriptors, SIGSEGV, 0x2468, "crash_descriptors"},
            {"threads", crash_threads, SIGSEGV, 0x2468, "crash_too"},
            {"child", crash_after_child, SIGSEGV, 0x2468, "crash_after_child"}};
enum { WAYS = sizeof ways / sizeof ways[0] };

static bh_status f_crash(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const char *how = bh_message_get_string(arguments, "how", "");
    (void)self;
    (void)result;
    for (int i = 0; i < WAYS; i++)
        if (strcmp(how, ways[i].name) == 0)
            ways[i].crash();
    if (strcmp(how, "heap") == 0)
        crash_heap();
    return BH_OK;
}

/* The stack pointer is somewhere else: whoever walks the stack crashes. */
static bh_status f_lost(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
#if defined(__x86_64__)
    __asm__ volatile("mov $0x1000, %rsp\n\tmov $0x1000, %rbp\n\tud2");
#endif
    return BH_OK;
}

static const bh_process_function functions[] = {PROCESS_FUNCTIONS, {"crash", f_crash}, {"lost", f_lost}, {0}};

/* "#0  function (path/FILE:LINE) [" */
static void assert_names(const char *stack, const char *function)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s (", function);
    const char *at = strstr(stack, wanted);
    if (!at)
        print_error("no %s in\n%s\n", function, stack);
    assert_non_null(at);
    assert_non_null(strstr(at, ".c:") ? strstr(at, ".c:") : strstr(at, ".h:"));
    assert_int_equal(strncmp(stack, "#0 ", 3), 0);
}

static void each_crash_says_where(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    for (int i = 0; i < WAYS; i++) {
        bh_future *future = call_with(pool, "crash", NULL, 0, "how", ways[i].name, NULL);
        bh_process_failure failure = assert_fails(future, BH_FAILURE_SIGNAL);
        assert_int_equal(failure.signal, ways[i].signal);
        if (ways[i].address == 1)
            assert_int_not_equal(failure.address, 0);
        else
            assert_int_equal(failure.address, ways[i].address);
        assert_names(failure.stack, ways[i].in);
        assert_non_null(strstr(failure.text, ", in "));
        bh_future_destroy(future);
    }
    assert_works(pool);
    close_pool(pool);
}

/* Whether it is malloc that notices or the crash behind it. */
static void a_damaged_heap_says_where(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_future *future = call_with(pool, "crash", NULL, 0, "how", "heap", NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_SIGNAL);
    assert_true(failure.signal == SIGABRT || failure.signal == SIGSEGV);
    if (!SANITIZED) /* where the heap is not the C library's */
        assert_names(failure.stack, "crash_heap");
    bh_future_destroy(future);
    close_pool(pool);
}

#if CAN_LOSE
static void a_crash_of_the_handler_keeps_what_was_written(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_future *future = bh_process_pool_submit(pool, "lost", NULL, NULL);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_SIGNAL);
    assert_int_equal(failure.signal, SIGILL);
    assert_names(failure.stack, "f_lost");
    bh_future_destroy(future);
    close_pool(pool);
}
#endif

static void a_task_that_is_tried_again_shows_its_last_stack(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    const bh_submit_options again = {BH_SUBMIT_OPTIONS_INIT, .retries = 3};
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "how", "segv");
    bh_future *future = bh_process_pool_submit(pool, "crash", arguments, &again);
    bh_message_destroy(arguments);
    bh_process_failure failure = assert_fails(future, BH_FAILURE_QUARANTINED);
    assert_int_equal(failure.attempts, 2);
    assert_names(failure.stack, "crash_segv");
    bh_future_destroy(future);
    close_pool(pool);
}

static void what_does_not_crash_has_no_stack(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_future *future = call_with(pool, "die", NULL, 0, "how", "kill", NULL);
    assert_string_equal(assert_fails(future, BH_FAILURE_SIGNAL).stack, "");
    bh_future_destroy(future);
    future = bh_process_pool_submit(pool, "fail", NULL, NULL);
    assert_string_equal(assert_fails(future, BH_FAILURE_RETURNED).stack, "");
    bh_future_destroy(future);
    close_pool(pool);
}

/* Closing does not wait for stacks beyond its time, and loses no failure. */
static void a_close_in_between_completes_all(void **state)
{
    enum { COUNT = 6 };
    bh_future *futures[COUNT];
    (void)state;
    bh_process_pool *pool = tough_pool(COUNT);
    for (int i = 0; i < COUNT; i++)
        futures[i] = call_with(pool, "crash", NULL, 0, "how", "segv", NULL);
    await_running(futures[0]);
    bh_process_pool_close(pool, 5);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(bh_future_wait(futures[i], 10000), BH_OK);
        assert_int_not_equal(bh_future_get_state(futures[i]), BH_FUTURE_DONE);
        bh_future_destroy(futures[i]);
    }
    bh_process_pool_destroy(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    bh_set_error_hook((bh_error_hook){ignore_errors, NULL});
    const struct CMUnitTest tests[] = {
        FAULT_TEST(each_crash_says_where),
        FAULT_TEST(a_damaged_heap_says_where),
#if CAN_LOSE
        FAULT_TEST(a_crash_of_the_handler_keeps_what_was_written),
#endif
        FAULT_TEST(a_task_that_is_tried_again_shows_its_last_stack),
        FAULT_TEST(what_does_not_crash_has_no_stack),
        FAULT_TEST(a_close_in_between_completes_all),
    };
    return cmocka_run_group_tests(tests, faulty_group_setup, faulty_group_teardown);
}
