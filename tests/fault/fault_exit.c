/* The end of the process, whichever way it comes: finalisers run once and in time, and the exit report names what is left. Each case is
 * a process of its own: this program, called with a verb. */
#include "child.h"

#include <bulkhead/bulkhead.h>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/* --- what the child does */

static bh_status say(void *text)
{
    printf("finaliser %s\n", (const char *)text);
    fflush(stdout);
    return BH_OK;
}

static bh_status hang(void *text)
{
    say(text);
    while (pause())
        ;
    return BH_OK;
}

static bh_status exit_from_it(void *text)
{
    say(text);
    exit(5);
}

static char one[] = "one", two[] = "two", three[] = "three";

static void add_three(bh_status (*second)(void *text), int timeout_ms)
{
    bh_finalizer_add(one, say, one, 10000);
    bh_finalizer_add(two, second, two, timeout_ms);
    bh_finalizer_add(three, say, three, 10000);
}

static void quit(void *user)
{
    (void)user;
    bh_app_quit(0);
}

static void exit_now(void *user)
{
    (void)user;
    exit(4);
}

static void *exit_elsewhere(void *user)
{
    exit_now(user);
    return NULL;
}

static void start_exit_elsewhere(void *user)
{
    pthread_t thread;
    (void)user;
    pthread_create(&thread, NULL, exit_elsewhere, NULL);
}

static void run_loop(void (*fn)(void *user))
{
    bh_timer_single_shot(0, fn, NULL);
    bh_app_exec();
}

static bh_status ignore_cancel(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    while (pause())
        ;
    return BH_OK;
}

static const bh_class deaf = {BH_CLASS_INIT, .name = "Deaf", .run = ignore_cancel};

static void region(void *counter)
{
    atomic_fetch_add((_Atomic int *)counter, 1);
}

/* As a library with "#pragma omp parallel" in it does. */
static int use_openmp(void)
{
    _Atomic int counted = 0;
    void *library = dlopen("libgomp.so.1", RTLD_NOW);
    void *found = library ? dlsym(library, "GOMP_parallel") : NULL;
    void (*parallel)(void (*fn)(void *), void *data, unsigned threads, unsigned flags);
    if (!found)
        return 77;
    memcpy(&parallel, &found, sizeof found);
    parallel(region, &counted, 4, 0);
    bh_exit_report *report;
    size_t openmp = 0;
    while (openmp < 3) { /* they spin for a moment, and cannot be told then */
        openmp = 0;
        if (bh_exit_report_get(&report))
            return 1;
        for (size_t i = 0; i < report->thread_count; i++)
            openmp += report->threads[i].kind == BH_THREAD_OPENMP;
        bh_free(report);
    }
    bh_app_destroy();
    if (bh_exit_report_get(&report))
        return 1;
    printf("counted %d, released %zu, left %zu\n", atomic_load(&counted), report->openmp_released, report->thread_count);
    bh_free(report);
    return 0;
}

static int leave_worker_running(void)
{
    bh_worker *worker = bh_worker_create(&deaf, NULL);
    bh_worker_start(worker);
    run_loop(quit);
    return 0;
}

static int fork_and_exit(void)
{
    int status;
    pid_t pid = fork();
    if (pid == 0)
        exit(9); /* which runs the handlers of its parent, too */
    waitpid(pid, &status, 0);
    printf("child has exited\n");
    fflush(stdout);
    return 0;
}

/* The first one makes Qt make what the second one needs when it goes. */
static int leave_a_window(void)
{
    bh_object *windows[2];
    for (int i = 0; i < 2; i++) {
        windows[i] = bh_create("QWidget", NULL);
        bh_call(windows[i], "show");
    }
    run_loop(quit);
    bh_destroy(windows[0]);
    return 3;
}

static int be_child(const char *verb)
{
    if (strcmp(verb, "no-app") == 0) {
        add_three(say, 10000);
        return 3;
    }
    if (!bh_app_create(0, NULL))
        return 1;
    if (strcmp(verb, "openmp") == 0)
        return use_openmp();
    if (strcmp(verb, "worker") == 0)
        return leave_worker_running();
    if (strcmp(verb, "window") == 0)
        return leave_a_window();
    bool hangs = strstr(verb, "hang") != NULL;
    add_three(hangs ? hang : strcmp(verb, "exit-inside") == 0 ? exit_from_it : say, hangs ? 50 : 10000);
    if (strcmp(verb, "exit") == 0 || strcmp(verb, "exit-hang") == 0)
        run_loop(exit_now);
    else if (strcmp(verb, "exit-elsewhere") == 0)
        run_loop(start_exit_elsewhere);
    else if (strcmp(verb, "fork") == 0)
        return fork_and_exit();
    else if (strcmp(verb, "destroyed") == 0)
        bh_app_destroy();
    else if (strcmp(verb, "no-loop") != 0)
        run_loop(quit);
    return 3;
}

/* --- the tests */

static void after_return_from_main(void **state)
{
    (void)state;
    static const char *const verbs[] = {"no-app", "no-loop", "loop", "destroyed"};
    for (int i = 0; i < 4; i++) {
        child self;
        child_run(&self, verbs[i], NULL);
        assert_code(&self, 3);
        assert_order(&self, "finaliser three\n", "finaliser two\n", "finaliser one\n");
        assert_null(strstr(strstr(self.text, "finaliser one") + 1, "finaliser")); /* never twice */
    }
}

static void at_exit_in_a_handler_and_on_another_thread(void **state)
{
    (void)state;
    static const char *const verbs[] = {"exit", "exit-elsewhere"};
    for (int i = 0; i < 2; i++) {
        child self;
        child_run(&self, verbs[i], NULL);
        assert_code(&self, 4);
        assert_order(&self, "finaliser three\n", "finaliser two\n", "finaliser one\n", "Thread: GUI, gui");
    }
}

static void one_that_hangs_does_not_keep_the_program(void **state)
{
    (void)state;
    static const char *const verbs[] = {"hang", "exit-hang"};
    for (int i = 0; i < 2; i++) {
        child self;
        child_run(&self, verbs[i], NULL);
        assert_code(&self, i ? 4 : 3);
        assert_order(&self, "finaliser three\n", "finaliser two\n",
                     "finaliser 'two': has not ended within 50 ms and is left running", "finaliser one\n",
                     "Thread: bh-finalizer, library, daemon, alive: finaliser 'two' for ",
                     "warning: exit: Finaliser timed out: two");
    }
}

static void one_may_call_exit_itself(void **state)
{
    (void)state;
    child self;
    child_run(&self, "exit-inside", NULL);
    assert_code(&self, 5);
    assert_order(&self, "finaliser three\n", "finaliser two\n", "finaliser one\n");
}

static void a_forked_child_leaves_them_alone(void **state)
{
    (void)state;
    child self;
    child_run(&self, "fork", NULL);
    assert_code(&self, 0);
    assert_order(&self, "child has exited\n", "finaliser three\n", "finaliser two\n", "finaliser one\n");
    assert_true(strstr(self.text, "finaliser") > strstr(self.text, "child has exited\n"));
}

static void a_worker_left_running_is_named(void **state)
{
    (void)state;
    child self;
    child_run(&self, "worker", NULL);
    assert_code(&self, 0);
    assert_order(&self, "worker 'Deaf' did not end in time and is left running",
                 "warning: exit: Thread: Deaf, worker, awaited, alive: Deaf for ", " of a thread of ours",
                 "warning: exit: Objects still alive");
}

static void a_window_that_is_left_behind_goes(void **state)
{
    (void)state;
    child self;
    child_run(&self, "window", NULL);
    assert_code(&self, 3);
}

static void threads_of_openmp_are_released(void **state)
{
    (void)state;
    child self;
    child_run(&self, "openmp", NULL);
    if (WIFEXITED(self.status) && WEXITSTATUS(self.status) == 77)
        skip();
    assert_code(&self, 0);
    assert_order(&self, "counted 4, released 3, left 1\n");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return be_child(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_return_from_main),
        cmocka_unit_test(at_exit_in_a_handler_and_on_another_thread),
        cmocka_unit_test(one_that_hangs_does_not_keep_the_program),
        cmocka_unit_test(one_may_call_exit_itself),
        cmocka_unit_test(a_forked_child_leaves_them_alone),
        cmocka_unit_test(a_worker_left_running_is_named),
        cmocka_unit_test(a_window_that_is_left_behind_goes),
        cmocka_unit_test(threads_of_openmp_are_released),
    };
    setenv("BH_LOG", "debug", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
