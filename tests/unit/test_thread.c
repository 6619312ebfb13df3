/* Threads: their life, what may move to them, functions sent to them, and waits that would never end. */
#include "turns.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>

static _Atomic int count, drops;

static int setup(void **state)
{
    int status = with_app(state);
    atomic_store(&count, 0);
    atomic_store(&drops, 0);
    return status;
}

/* --- their life */

static char name_there[32], system_name[16];

static bh_status note_name(void *user)
{
    (void)user;
    strncpy(name_there, bh_thread_name(NULL), sizeof name_there - 1);
    pthread_getname_np(pthread_self(), system_name, sizeof system_name);
    return BH_OK;
}

static void names_are_the_program_s(void **state)
{
    (void)state;
    bh_thread *unnamed = bh_thread_create(NULL);
    assert_string_equal(bh_thread_name(unnamed), "bh-thread");
    assert_string_equal(bh_thread_name(NULL), "GUI");
    assert_null(bh_thread_current());
    side one = start_side("a rather long name");
    assert_string_equal(bh_thread_name(one.thread), "a rather long name");
    assert_int_equal(bh_send(one.object, note_name, NULL), BH_OK);
    assert_string_equal(name_there, "a rather long name");
    assert_string_equal(system_name, "a rather long n");
    stop_side(&one);
    forget_heard();
    assert_string_equal(bh_thread_name(one.thread), "");
    assert_heard(BH_ERROR_STALE, "thread is gone");
    bh_thread_destroy(unnamed);
}

static void a_thread_starts_once(void **state)
{
    (void)state;
    bh_thread *thread = bh_thread_create("once");
    assert_false(bh_thread_is_running(thread));
    assert_int_equal(bh_thread_wait(thread, 0), BH_OK);
    assert_int_equal(bh_thread_quit(thread), BH_OK);
    assert_int_equal(bh_thread_start(thread), BH_OK);
    assert_true(bh_thread_is_running(thread));
    assert_refused(bh_thread_start(thread), BH_ERROR_STATE, "thread 'once' runs already");
    assert_int_equal(bh_thread_quit(thread), BH_OK);
    assert_int_equal(bh_thread_wait(thread, -1), BH_OK);
    assert_false(bh_thread_is_running(thread));
    assert_refused(bh_thread_start(thread), BH_ERROR_STATE, "thread 'once' has ended: a thread runs once, make a new one");
    assert_int_equal(bh_thread_destroy(thread), BH_OK);
    assert_refused(bh_thread_start(thread), BH_ERROR_STALE, "thread is gone");
}

static void wait_times_out_and_destroy_is_refused_while_it_runs(void **state)
{
    (void)state;
    gate at;
    side one = start_side("busy");
    hold(&one, &at);
    int64_t start = test_now_ms();
    assert_int_equal(bh_thread_wait(one.thread, 30), BH_TIMEOUT);
    assert_true(test_now_ms() - start >= 29);
    assert_refused(bh_thread_destroy(one.thread), BH_ERROR_STATE,
                   "thread 'busy' is running: bh_thread_quit and bh_thread_wait first");
    gate_open(&at);
    stop_side(&one);
}

static bh_status use_stack(void *bytes)
{
    volatile char *place = __builtin_alloca((size_t)(intptr_t)bytes);
    for (size_t i = 0; i < (size_t)(intptr_t)bytes; i += 4096)
        place[i] = 1;
    return BH_OK;
}

static void the_stack_has_the_size_asked_for(void **state)
{
    (void)state;
    enum { BIG = 48 * 1024 * 1024 };
    side one = {bh_thread_create("deep"), bh_create("QObject", NULL)};
    assert_refused(bh_thread_set_stack_size(one.thread, 1), BH_ERROR_RANGE, "1 bytes");
    assert_refused(bh_thread_set_stack_size(one.thread, SIZE_MAX), BH_ERROR_RANGE, "2 GiB");
    assert_int_equal(bh_thread_set_stack_size(one.thread, BIG), BH_OK);
    bh_move_to_thread(one.object, one.thread);
    assert_int_equal(bh_thread_start(one.thread), BH_OK);
    assert_int_equal(bh_send(one.object, use_stack, (void *)(BIG - 1024 * 1024)), BH_OK);
    assert_refused(bh_thread_set_stack_size(one.thread, BIG), BH_ERROR_STATE, "runs already");
    stop_side(&one);
}

static void priorities_are_checked(void **state)
{
    (void)state;
    side one = start_side("prior");
    for (int i = BH_PRIORITY_IDLE; i <= BH_PRIORITY_INHERIT; i++)
        assert_int_equal(bh_thread_set_priority(one.thread, (bh_thread_priority)i), BH_OK);
    assert_refused(bh_thread_set_priority(one.thread, (bh_thread_priority)8), BH_ERROR_RANGE, "priority is 8");
    assert_refused(bh_thread_set_priority(one.thread, (bh_thread_priority)-1), BH_ERROR_RANGE, "priority is -1");
    stop_side(&one);
    bh_thread *idle = bh_thread_create("idle");
    assert_int_equal(bh_thread_set_priority(idle, BH_PRIORITY_LOWEST), BH_OK);
    assert_int_equal(bh_thread_start(idle), BH_OK);
    bh_thread_quit(idle);
    bh_thread_wait(idle, -1);
    bh_thread_destroy(idle);
    assert_silent();
}

static void on_signal(void *counter)
{
    count_run(counter);
}

static void its_qthread_tells_of_start_and_end(void **state)
{
    (void)state;
    bh_thread *thread = bh_thread_create("tells");
    bh_object *qthread = bh_thread_object(thread);
    assert_true(bh_inherits(qthread, "QThread"));
    assert_non_null(bh_connect(qthread, "started", BH_CALLBACK(on_signal), &count, NULL));
    assert_non_null(bh_connect(qthread, "finished", BH_CALLBACK(on_signal), &count, NULL));
    assert_refused(bh_destroy(qthread), BH_ERROR_STATE, "bh_thread_destroy");
    bh_thread_start(thread);
    pump_until(atomic_load(&count) == 1);
    bh_thread_quit(thread);
    pump_until(atomic_load(&count) == 2);
    bh_thread_wait(thread, -1);
    bh_thread_destroy(thread);
    assert_false(bh_is_alive(qthread));
}

static void the_system_s_refusal_is_an_error(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip(); /* which takes more address space than the limit below */
#endif
    struct rlimit old, none;
    bh_thread *thread = bh_thread_create("too big");
    bh_thread_set_stack_size(thread, (size_t)1 << 30);
    getrlimit(RLIMIT_AS, &old);
    none = old;
    none.rlim_cur = (rlim_t)900 << 20;
    if (setrlimit(RLIMIT_AS, &none))
        skip();
    bh_status status = bh_thread_start(thread);
    setrlimit(RLIMIT_AS, &old);
    assert_int_equal(status, BH_ERROR_SYSTEM);
    assert_heard(BH_ERROR_SYSTEM, "the system gives no more threads");
    assert_false(bh_thread_is_running(thread));
    assert_int_equal(bh_thread_set_stack_size(thread, 0), BH_OK);
    assert_int_equal(bh_thread_start(thread), BH_OK);
    bh_thread_quit(thread);
    assert_int_equal(bh_thread_wait(thread, -1), BH_OK);
    assert_int_equal(bh_thread_destroy(thread), BH_OK);
}

/* --- moving */

static bh_status note_thread(void *thread)
{
    *(bh_thread **)thread = bh_thread_current();
    return BH_OK;
}

static void a_tree_moves_with_its_root(void **state)
{
    (void)state;
    bh_thread *there = NULL;
    side one = start_side("home");
    bh_object *root = bh_create("QObject", NULL), *child = bh_create("QTimer", root);
    assert_refused(bh_move_to_thread(child, one.thread), BH_ERROR_STATE,
                   "QTimer has a parent: only a whole tree can move, move its root");
    assert_int_equal(bh_move_to_thread(root, one.thread), BH_OK);
    assert_int_equal(bh_send(child, note_thread, &there), BH_OK);
    assert_ptr_equal(there, one.thread);
    assert_refused(bh_set_int(child, "interval", 5), BH_ERROR_THREAD, "QTimer belongs to thread 'home', called on 'GUI'");
    assert_refused(bh_move_to_thread(root, NULL), BH_ERROR_THREAD, "belongs to thread 'home'");
    bh_destroy(root);
    stop_side(&one);
}

static void a_thread_that_was_not_started_is_not_waited_for(void **state)
{
    bh_thread *there = NULL, *thread = bh_thread_create("later");
    bh_object *object = bh_create("QObject", NULL);
    (void)state;
    assert_int_equal(bh_move_to_thread(object, thread), BH_OK);
    assert_refused(bh_send(object, note_thread, &there), BH_ERROR_STATE, "thread 'later' was not started");
    assert_null(there);
    assert_int_equal(bh_thread_start(thread), BH_OK);
    assert_int_equal(bh_send(object, note_thread, &there), BH_OK);
    assert_ptr_equal(there, thread);
    side one = {thread, object};
    stop_side(&one);
}

static bh_status move_back(void *object)
{
    return bh_move_to_thread(object, NULL);
}

static void moving_is_refused_with_the_reason(void **state)
{
    (void)state;
    side one = start_side("target");
    bh_object *label = bh_create("QLabel", NULL), *object = bh_create("QObject", NULL);
    bh_object *model = bh_create("QStringListModel", NULL);
    assert_refused(bh_move_to_thread(model, one.thread), BH_ERROR_CLASS, "QStringListModel stays on the GUI thread");
    bh_destroy(model);
    assert_refused(bh_move_to_thread(label, one.thread), BH_ERROR_CLASS, "QLabel stays on the GUI thread");
    assert_refused(bh_move_to_thread(bh_app(), one.thread), BH_ERROR_CLASS, "belongs to the library and stays where it is");
    assert_refused(bh_move_to_thread(bh_thread_object(one.thread), one.thread), BH_ERROR_CLASS, "belongs to the library");
    assert_refused(bh_move_to_thread(NULL, one.thread), BH_ERROR_NULL, "object is NULL");
    assert_refused(bh_move_to_thread(object, (bh_thread *)object), BH_ERROR_CLASS, "thread is a bh_object *");
    assert_int_equal(bh_send(one.object, move_back, one.object), BH_OK);
    assert_int_equal(bh_set_name(one.object, "back"), BH_OK);
    bh_thread_quit(one.thread);
    bh_thread_wait(one.thread, -1);
    assert_refused(bh_move_to_thread(object, one.thread), BH_ERROR_CLOSED, "thread 'target' has ended: nothing runs there");
    stop_side(&one);
}

/* --- posting */

static void post_runs_on_the_object_s_thread(void **state)
{
    (void)state;
    bh_thread *there = NULL;
    side one = start_side("posts");
    assert_int_equal(bh_post(one.object, note_thread, &there, NULL), BH_OK);
    assert_int_equal(bh_post(one.object, count_run, &count, count_drop), BH_OK);
    wait_until(atomic_load(&count) == 2);
    assert_ptr_equal(there, one.thread);
    assert_refused(bh_post(one.object, NULL, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_refused(bh_send(one.object, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_refused(bh_post_completion(one.thread, NULL, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_refused(bh_post((bh_object *)&count, count_run, &count, count_drop), BH_ERROR_NOT_A_HANDLE, "context is");
    stop_side(&one);
    assert_int_equal(count, 2);
}

static void post_before_the_start_runs_after_it(void **state)
{
    (void)state;
    side one = {bh_thread_create("later"), bh_create("QObject", NULL)};
    bh_move_to_thread(one.object, one.thread);
    for (int i = 0; i < 10; i++)
        assert_int_equal(bh_post(one.object, count_run, &count, NULL), BH_OK);
    assert_int_equal(count, 0);
    bh_thread_start(one.thread);
    wait_until(atomic_load(&count) == 10);
    stop_side(&one);
}

static void a_thread_that_never_started_drops(void **state)
{
    (void)state;
    side one = {bh_thread_create("never"), bh_create("QObject", NULL)};
    bh_move_to_thread(one.object, one.thread);
    bh_post(one.object, count_run, &count, count_drop);
    bh_thread_destroy(one.thread);
    assert_int_equal(count, 1); /* the drop */
    assert_refused(bh_post(one.object, count_run, &count, count_drop), BH_ERROR_CLOSED, "thread 'never' receives nothing more");
    assert_int_equal(bh_destroy(one.object), BH_OK);
    assert_int_equal(count, 1);
}

static void a_context_that_is_gone_only_drops(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    bh_post(context, count_run, &count, count_drop);
    bh_post(context, count_run, &count, count_drop);
    bh_destroy(context);
    pump();
    assert_int_equal(count, 2);
    assert_refused(bh_post(context, count_run, &count, count_drop), BH_ERROR_STALE, "context is gone");
    pump();
    assert_int_equal(count, 2);
}

/* --- sending */

static bh_status answer(void *status)
{
    count_run(&count);
    return (bh_status)(intptr_t)status;
}

static void send_waits_for_the_answer(void **state)
{
    (void)state;
    side one = start_side("answers");
    assert_int_equal(bh_send(one.object, answer, (void *)BH_OK), BH_OK);
    assert_int_equal(bh_send(one.object, answer, (void *)BH_ERROR_IO), BH_ERROR_IO);
    assert_int_equal(count, 2);
    assert_int_equal(bh_send(NULL, answer, (void *)BH_CANCELLED), BH_CANCELLED); /* on the own thread: directly */
    assert_int_equal(count, 3);
    assert_silent();
    forget_heard();
    assert_int_equal(bh_send(one.object, answer, (void *)BH_ERROR_CLOSED), BH_ERROR_CLOSED);
    assert_silent(); /* the function's own answer: its thread is well */
    stop_side(&one);
}

static side first, second;

static bh_status back_to_first(void *user)
{
    (void)user;
    return bh_send(first.object, answer, NULL);
}

static bh_status on_to_second(void *user)
{
    (void)user;
    return bh_send(second.object, back_to_first, NULL);
}

static void a_circle_of_sends_is_refused(void **state)
{
    (void)state;
    first = start_side("first");
    second = start_side("second");
    forget_heard();
    assert_int_equal(bh_send(first.object, on_to_second, NULL), BH_DEADLOCK);
    assert_heard(BH_DEADLOCK, "thread 'first' waits for thread 'second' already: neither would ever go on; use bh_post");
    assert_int_equal(count, 0);
    assert_int_equal(bh_send(second.object, back_to_first, NULL), BH_OK);
    assert_int_equal(count, 1);
    stop_side(&first);
    stop_side(&second);
}

static bh_status to_gui(void *user)
{
    return bh_send(NULL, answer, user);
}

static void a_send_back_to_the_gui_thread_that_waits_is_refused(void **state)
{
    (void)state;
    side one = start_side("back");
    forget_heard();
    assert_int_equal(bh_send(one.object, to_gui, NULL), BH_DEADLOCK);
    assert_heard(BH_DEADLOCK, "thread 'GUI' waits for thread 'back' already");
    stop_side(&one);
}

typedef struct crossing {
    bh_object *to;
    _Atomic int *ready;
    bh_status status;
} crossing;

static bh_status cross(void *from)
{
    crossing *way = from;
    atomic_fetch_add(way->ready, 1);
    wait_until(atomic_load(way->ready) == 2);
    way->status = bh_send(way->to, answer, NULL);
    count_run(&drops);
    return BH_OK;
}

/* Both send at the same moment: one gets through, the other is refused, or they come one after the other. */
static void two_that_send_to_each_other_go_on(void **state)
{
    (void)state;
    first = start_side("first");
    second = start_side("second");
    for (int i = 1; i <= 200; i++) {
        _Atomic int ready = 0;
        crossing there = {second.object, &ready, BH_OK}, back = {first.object, &ready, BH_OK};
        bh_post(first.object, cross, &there, NULL);
        bh_post(second.object, cross, &back, NULL);
        wait_until(atomic_load(&drops) == 2 * i);
        assert_true(there.status == BH_OK || there.status == BH_DEADLOCK);
        assert_true(back.status == BH_OK || back.status == BH_DEADLOCK);
        assert_true(there.status == BH_OK || back.status == BH_OK);
    }
    stop_side(&first);
    stop_side(&second);
}

static void sending_to_an_ended_thread_is_refused(void **state)
{
    (void)state;
    side one = start_side("ended");
    bh_thread_quit(one.thread);
    bh_thread_wait(one.thread, -1);
    assert_refused(bh_send(one.object, answer, NULL), BH_ERROR_CLOSED, "thread 'ended' has ended");
    assert_refused(bh_post(one.object, count_run, &count, count_drop), BH_ERROR_CLOSED, "thread 'ended' receives nothing more");
    assert_int_equal(count, 0);
    stop_side(&one);
}

static void *send_to_first(void *status)
{
    *(bh_status *)status = bh_send(first.object, answer, NULL);
    return NULL;
}

static void a_send_that_waits_when_the_thread_ends_is_answered(void **state)
{
    (void)state;
    gate at;
    bh_status status = BH_OK;
    first = start_side("ending");
    hold(&first, &at);
    pthread_t sender = start_pthread(send_to_first, &status);
    wait_until(stats_of(first.thread).waiting == 1);
    bh_thread_quit(first.thread);
    gate_open(&at);
    pthread_join(sender, NULL);
    assert_int_equal(status, BH_ERROR_CLOSED);
    assert_int_equal(count, 0);
    stop_side(&first);
}

/* --- waiting */

static bh_status wait_for_self(void *user)
{
    (void)user;
    assert_refused(bh_thread_wait(bh_thread_current(), -1), BH_DEADLOCK, "thread 'self' cannot end while 'self' waits for it");
    assert_refused(bh_thread_destroy(bh_thread_current()), BH_ERROR_STATE, "is running");
    return BH_OK;
}

static void waiting_for_oneself_is_refused(void **state)
{
    (void)state;
    side one = start_side("self");
    assert_int_equal(bh_send(one.object, wait_for_self, NULL), BH_OK);
    stop_side(&one);
}

static bh_status ask_gui_and_quit(void *user)
{
    bh_status status = bh_send(NULL, answer, NULL);
    bh_post(NULL, count_run, &count, NULL);
    bh_thread_quit(bh_thread_current());
    *(bh_status *)user = status;
    return BH_OK;
}

static void waiting_delivers_the_mailbox_meanwhile(void **state)
{
    (void)state;
    bh_status status = BH_ERROR;
    side one = start_side("asks");
    bh_post(one.object, ask_gui_and_quit, &status, NULL);
    assert_int_equal(bh_thread_wait(one.thread, -1), BH_OK);
    assert_int_equal(status, BH_OK);
    pump();
    assert_int_equal(count, 2);
    stop_side(&one);
}

static bh_status wait_for_first(void *user)
{
    (void)user;
    return bh_thread_wait(first.thread, -1);
}

static bh_status wait_through_send(void *user)
{
    (void)user;
    return bh_send(second.object, wait_for_first, NULL);
}

/* The second thread runs a call of the first one: it would wait for the end of a thread that waits for its answer. */
static void waiting_for_the_end_of_who_waits_for_me_is_refused(void **state)
{
    (void)state;
    first = start_side("first");
    second = start_side("second");
    forget_heard();
    assert_int_equal(bh_send(first.object, wait_through_send, NULL), BH_DEADLOCK);
    assert_heard(BH_DEADLOCK, "thread 'first' cannot end while 'second' waits for it");
    stop_side(&first);
    stop_side(&second);
}

static bh_status wait_for_end_of(void *from)
{
    side *other = from;
    bh_status status = bh_thread_wait(other->thread, -1);
    atomic_fetch_add(status == BH_DEADLOCK ? &drops : &count, 1);
    return BH_OK;
}

/* Each is asked to wait until the other has ended. */
static void two_that_wait_for_each_other_s_end_are_told(void **state)
{
    (void)state;
    first = start_side("first");
    second = start_side("second");
    bh_post(first.object, wait_for_end_of, &second, NULL);
    bh_post(second.object, wait_for_end_of, &first, NULL);
    wait_until(atomic_load(&drops) == 1);
    bh_thread_quit(first.thread);
    bh_thread_quit(second.thread);
    assert_int_equal(bh_thread_wait(first.thread, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_thread_wait(second.thread, PATIENCE_MS), BH_OK);
    assert_int_equal(count, 1);
    stop_side(&first);
    stop_side(&second);
}

static void the_application_s_end_ends_threads(void **state)
{
    side one = start_side("left over"), idle = {bh_thread_create("idle"), NULL};
    for (int i = 0; i < 100; i++)
        bh_post(one.object, count_run, &count, NULL);
    without_app(state);
    assert_false(bh_is_alive(one.object));
    assert_refused(bh_thread_start(idle.thread), BH_ERROR_NO_APP, "thread was destroyed with the application");
    setup(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_the_program_s),
        TEST(a_thread_starts_once),
        TEST(wait_times_out_and_destroy_is_refused_while_it_runs),
        TEST(the_stack_has_the_size_asked_for),
        TEST(priorities_are_checked),
        TEST(its_qthread_tells_of_start_and_end),
        TEST(the_system_s_refusal_is_an_error),
        TEST(a_thread_that_was_not_started_is_not_waited_for),
        TEST(a_tree_moves_with_its_root),
        TEST(moving_is_refused_with_the_reason),
        TEST(post_runs_on_the_object_s_thread),
        TEST(post_before_the_start_runs_after_it),
        TEST(a_thread_that_never_started_drops),
        TEST(a_context_that_is_gone_only_drops),
        TEST(send_waits_for_the_answer),
        TEST(a_circle_of_sends_is_refused),
        TEST(a_send_back_to_the_gui_thread_that_waits_is_refused),
        TEST(two_that_send_to_each_other_go_on),
        TEST(sending_to_an_ended_thread_is_refused),
        TEST(a_send_that_waits_when_the_thread_ends_is_answered),
        TEST(waiting_for_oneself_is_refused),
        TEST(waiting_delivers_the_mailbox_meanwhile),
        TEST(waiting_for_the_end_of_who_waits_for_me_is_refused),
        TEST(two_that_wait_for_each_other_s_end_are_told),
        TEST(the_application_s_end_ends_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
