/* The close against work that does not end: the window goes at its deadline, the process follows, and what was left is named. Each case
 * is a process of its own: this program, called with a verb. */
#include "child.h"

#include "base/clock.h"

#include <bulkhead/bulkhead.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    TIMEOUT_MS = 300,
    LATE_MS = 100,   /* what the library promises */
    NOISE_MS = 1500, /* what a loaded machine, and a start under a sanitizer, may add */
};

/* --- what the child does */

enum { RESULT };

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static int never[2]; /* a pipe that nobody writes to */
static _Atomic bool begun;
static bh_object *window;

static bh_status block_in_mutex(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    atomic_store(&begun, true);
    pthread_mutex_lock(&held);
    return BH_OK;
}

static bh_status block_in_read(bh_worker_context *self, void *user)
{
    char byte;
    (void)self;
    (void)user;
    atomic_store(&begun, true);
    return read(never[0], &byte, 1) < 0 ? BH_ERROR_IO : BH_OK;
}

static bh_status spin(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    for (atomic_store(&begun, true); atomic_load(&begun);)
        continue;
    return BH_OK;
}

static bh_status emit_for_ever(bh_worker_context *self, void *user)
{
    (void)user;
    atomic_store(&begun, true);
    for (int i = 0; atomic_load(&begun); i++)
        bh_emit(self, RESULT, i);
    return BH_OK;
}

static bh_status obey(bh_worker_context *self, void *user)
{
    (void)user;
    atomic_store(&begun, true);
    while (bh_worker_sleep(self, 1000) == BH_OK)
        continue;
    bh_emit(self, RESULT, 42);
    return BH_CANCELLED;
}

static bh_status block_runnable(void *user)
{
    return block_in_mutex(NULL, user);
}

static const bh_class classes[] = {
    {BH_CLASS_INIT, .name = "Mutex", .signals = {"result(int)"}, .run = block_in_mutex},
    {BH_CLASS_INIT, .name = "Read", .signals = {"result(int)"}, .run = block_in_read},
    {BH_CLASS_INIT, .name = "Spin", .signals = {"result(int)"}, .run = spin},
    {BH_CLASS_INIT, .name = "Emit", .signals = {"result(int)"}, .run = emit_for_ever},
    {BH_CLASS_INIT, .name = "Obey", .signals = {"result(int)"}, .run = obey},
};

static void on_result(void *user, int number)
{
    (void)user;
    printf("result %d\n", number);
    fflush(stdout);
}

static void hang_on_result(void *user, int number)
{
    on_result(user, number);
    pthread_mutex_lock(&held);
}

static void ignore_result(void *user, int number)
{
    (void)user;
    (void)number;
}

static bh_status say_finalised(void *user)
{
    (void)user;
    printf("finalised\n");
    fflush(stdout);
    return BH_OK;
}

static void close_window(void *user)
{
    (void)user;
    if (!atomic_load(&begun)) {
        bh_timer_single_shot(1, close_window, NULL);
        return;
    }
    printf("closing at %lld\n", (long long)bh__clock_ms());
    fflush(stdout);
    bh_call(window, "close");
}

static void close_twice(void *user)
{
    close_window(user);
    if (atomic_load(&begun))
        bh_call(window, "close");
}

static void raise_only(void *user)
{
    (void)user;
    raise(SIGTERM);
}

/* The signal comes while the window waits. */
static void close_and_raise(void *user)
{
    close_window(user);
    bh_timer_single_shot(50, raise_only, user);
}

static void raise_term(void *user)
{
    (void)user;
    printf("closing at %lld\n", (long long)bh__clock_ms());
    fflush(stdout);
    raise(SIGTERM);
}

static void ask_and_raise(void *user)
{
    bh_message_box(window, BH_MESSAGE_QUESTION, "Question", "Well?", BH_BUTTON_YES | BH_BUTTON_CANCEL, NULL, NULL);
    bh_timer_single_shot(0, raise_term, user);
}

static bh_worker *start(const char *name, bh_callback on)
{
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strcmp(classes[i].name, name) != 0)
            continue;
        bh_worker *worker = bh_worker_create(&classes[i], NULL);
        bh_connect(bh_worker_object(worker), "result(int)", on, NULL, NULL);
        bh_close_waits_for(window, worker, TIMEOUT_MS);
        bh_worker_start(worker);
        return worker;
    }
    return NULL;
}

static void start_pool(void)
{
    bh_thread_pool *pool = bh_thread_pool_create("stuck", 1);
    for (int i = 0; i < 3; i++)
        bh_thread_pool_start(pool, block_runnable, NULL, NULL, 0, NULL);
    bh_close_waits_for_pool(window, pool, TIMEOUT_MS);
}

static int be_child(const char *verb, const char *class_name)
{
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
    pthread_mutex_lock(&held);
    if (pipe(never) || !bh_app_create(0, NULL))
        return 9;
    bh_finalizer_add("say", say_finalised, NULL, 10000);
    window = bh_create("QMainWindow", NULL);
    bh_call(window, "show");
    bool hangs = strcmp(verb, "gui") == 0;
    if (strcmp(class_name, "pool") == 0)
        start_pool();
    else
        start(class_name, hangs                             ? BH_CALLBACK(hang_on_result, int)
                          : strcmp(class_name, "Emit") == 0 ? BH_CALLBACK(ignore_result, int)
                                                            : BH_CALLBACK(on_result, int));
    if (strcmp(verb, "term") == 0)
        bh_timer_single_shot(0, raise_term, NULL);
    else if (strcmp(verb, "dialog") == 0)
        bh_timer_single_shot(0, ask_and_raise, NULL);
    else if (strcmp(verb, "closing") == 0)
        bh_timer_single_shot(50, close_and_raise, NULL);
    else
        bh_timer_single_shot(0, strcmp(verb, "twice") == 0 ? close_twice : close_window, NULL);
    int code = bh_app_exec();
    printf("ended\n");
    return code;
}

/* --- what the test asks */

/* Ended with CODE, not later than it may. */
static void check_end(child *self, int code, int line)
{
    int64_t end = bh__clock_ms();
    check_code(self, code, __FILE__, line);
    const char *at = strstr(self->text, "closing at ");
    long long closing = at ? atoll(at + strlen("closing at ")) : 0;
    if (closing && end - closing <= TIMEOUT_MS + LATE_MS + NOISE_MS)
        return;
    print_error("line %d: took %lld ms:\n%s\n", line, (long long)end - closing, self->text);
    fail();
}

static void hung_workers_are_left_and_named(void **state)
{
    static const char *const names[] = {"Mutex", "Read", "Spin", "Emit"};
    static child self;
    (void)state;
    for (int i = 0; i < 4; i++) {
        char sentence[96];
        snprintf(sentence, sizeof sentence, "worker '%s' has not ended within 300 ms and is left running", names[i]);
        child_run(&self, "close", names[i]);
        check_end(&self, 0, __LINE__);
        assert_order(&self, "closing at", "Main window is closing", "Top-level widget: QMainWindow",
                     "Waiting for threads to shut down...", sentence, "Thread: ", "ended", "finalised");
    }
}

static void a_hung_pool_is_left_and_named(void **state)
{
    static child self;
    (void)state;
    child_run(&self, "close", "pool");
    check_end(&self, 0, __LINE__);
    assert_order(&self, "1 runnable of pool 'stuck' has not ended within 300 ms", "ended", "finalised");
}

static void what_obeys_is_waited_for(void **state)
{
    static child self;
    (void)state;
    child_run(&self, "close", "Obey");
    check_end(&self, 0, __LINE__);
    assert_order(&self, "closing at", "result 42", "Main window is closing", "ended", "finalised");
    assert_null(strstr(self.text, "left running"));
}

static void a_second_close_changes_nothing(void **state)
{
    static child self;
    (void)state;
    child_run(&self, "twice", "Mutex");
    check_end(&self, 0, __LINE__);
    assert_order(&self, "Main window is closing", "left running", "ended");
    assert_null(strstr(strstr(self.text, "Main window is closing") + 1, "Main window is closing"));
}

static void a_signal_takes_the_same_path(void **state)
{
    static const char *const verbs[] = {"term", "dialog"};
    static child self;
    (void)state;
    for (int i = 0; i < 2; i++) {
        child_run(&self, verbs[i], "Mutex");
        check_end(&self, 128 + SIGTERM, __LINE__);
        assert_order(&self, "SIGTERM", "Main window is closing", "worker 'Mutex' has not ended", "ended", "finalised");
        child_run(&self, verbs[i], "Obey");
        check_end(&self, 128 + SIGTERM, __LINE__);
        assert_order(&self, "SIGTERM", "result 42", "Main window is closing", "ended", "finalised");
    }
}

static void a_signal_during_the_close_changes_the_code_only(void **state)
{
    static child self;
    (void)state;
    child_run(&self, "closing", "Mutex");
    check_end(&self, 128 + SIGTERM, __LINE__);
    assert_order(&self, "closing at", "SIGTERM", "Main window is closing", "worker 'Mutex' has not ended", "ended", "finalised");
    assert_null(strstr(strstr(self.text, "Main window is closing") + 1, "Main window is closing"));
}

static void a_window_that_hangs_is_ended_by_the_guard(void **state)
{
    static child self;
    (void)state;
    child_run(&self, "gui", "Obey");
    check_end(&self, 1, __LINE__);
    assert_order(&self, "closing at", "result 42", "the window's thread hangs past the deadline", "thread Obey, worker",
                 "finalised");
    assert_null(strstr(self.text, "ended\n"));
}

int main(int argc, char **argv)
{
    if (argc > 2)
        return be_child(argv[1], argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hung_workers_are_left_and_named),
        cmocka_unit_test(a_hung_pool_is_left_and_named),
        cmocka_unit_test(what_obeys_is_waited_for),
        cmocka_unit_test(a_second_close_changes_nothing),
        cmocka_unit_test(a_signal_takes_the_same_path),
        cmocka_unit_test(a_signal_during_the_close_changes_the_code_only),
        cmocka_unit_test(a_window_that_hangs_is_ended_by_the_guard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
