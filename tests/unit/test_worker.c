/* Workers: their run from start to finished, errors, cancel, and what is refused. */
#include "job.h"

static void check_run(job *mine, bh_worker_state state, const char *trail)
{
    bh_worker *worker = make_worker(mine, true);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_READY);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_get_state(worker), state);
    assert_string_equal(mine->trail, trail);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
    pump();
    assert_string_equal(mine->trail, trail);
}

static void a_run_is_told_in_order_and_once(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    check_run(&mine, BH_WORKER_FINISHED, "s123f");
    assert_silent();
}

static void an_error_comes_before_finished(void **state)
{
    (void)state;
    job fails = {.kind = FAIL}, plainly = {.kind = FAIL_PLAINLY}, throws = {.kind = THROW};
    check_run(&fails, BH_WORKER_FAILED, "sef");
    assert_string_equal(fails.error, "cannot read data.csv");
    check_run(&plainly, BH_WORKER_FAILED, "sef");
    assert_string_equal(plainly.error, "the operating system refused");
    assert_silent();
    check_run(&throws, BH_WORKER_FAILED, "sef");
    assert_non_null(strstr(throws.error, "thrown by a test"));
}

static void an_error_that_nobody_hears_goes_to_the_hook(void **state)
{
    (void)state;
    job mine = {.kind = FAIL};
    bh_worker *worker = make_worker(&mine, false);
    bh_worker_start(worker);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_heard(BH_ERROR_IO, "TestWorker: ❌ Worker error: cannot read data.csv");
    assert_string_equal(mine.trail, "sf");
    bh_worker_destroy(worker);
}

static void wait_until_asleep(job *mine)
{
    wait_until(atomic_load(&mine->runs) > 0);
}

static void cancel_wakes_a_sleeping_worker(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    bh_worker *worker = make_worker(&mine, true);
    bh_worker_start(worker);
    wait_until_asleep(&mine);
    assert_int_equal(bh_worker_wait(worker, 20), BH_TIMEOUT);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_RUNNING);
    int64_t start = test_now_ms();
    assert_int_equal(bh_worker_cancel(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, -1), BH_OK);
    assert_true(test_now_ms() - start < PATIENCE_MS);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_CANCELLED);
    assert_string_equal(mine.trail, "sf");
    assert_silent();
    bh_worker_destroy(worker);
}

static void what_is_emitted_after_a_cancel_arrives(void **state)
{
    (void)state;
    job mine = {.kind = LAST_WORDS};
    bh_worker *worker = make_worker(&mine, true);
    bh_worker_start(worker);
    wait_until_asleep(&mine);
    bh_worker_cancel(worker);
    bh_worker_wait(worker, -1);
    assert_string_equal(mine.trail, "s123f");
    bh_worker_destroy(worker);
}

static void it_runs_again_with_its_connections(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    bh_worker *worker = make_worker(&mine, true);
    assert_refused(bh_worker_restart(worker), BH_ERROR_STATE,
                   "worker 'TestWorker' was not started: restart is for one that has ended");
    bh_worker_start(worker);
    assert_refused(bh_worker_restart(worker), BH_ERROR_STATE, "worker 'TestWorker' runs");
    bh_worker_cancel(worker);
    bh_worker_wait(worker, -1);
    assert_refused(bh_worker_start(worker), BH_ERROR_STATE, "was cancelled: bh_worker_restart runs one again that has ended");
    mine.kind = COUNT_UP;
    assert_int_equal(bh_worker_restart(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, -1), BH_OK);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_FINISHED);
    assert_string_equal(mine.trail, "sfs123f");
    assert_int_equal(mine.runs, 2);
    bh_worker_destroy(worker);
}

static void connecting_after_the_start_is_refused(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    bh_object *label = bh_create("QLabel", NULL);
    bh_worker *worker = make_worker(&mine, true);
    bh_object *object = bh_worker_object(worker);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    const char *part = "TestWorker runs already: what it has emitted would be missed; connect before bh_worker_start";
    assert_not_made(bh_connect(object, "finished", BH_CALLBACK(on_finished), &mine, NULL), BH_ERROR_STATE, part);
    assert_not_made(bh_connect_slot(object, "finished", label, "clear", BH_CONNECTION_AUTO), BH_ERROR_STATE, part);
    assert_refused(bh_worker_start(worker), BH_ERROR_STATE, "worker 'TestWorker' runs: bh_worker_restart");
    assert_refused(bh_worker_destroy(worker), BH_ERROR_STATE,
                   "worker 'TestWorker' runs: bh_worker_cancel and bh_worker_wait first");
    bh_worker_cancel(worker);
    bh_worker_wait(worker, -1);
    assert_string_equal(mine.trail, "sf");
    bh_worker_destroy(worker);
}

static void a_worker_may_not_touch_widgets_nor_wait_for_itself(void **state)
{
    (void)state;
    job touches = {.kind = TOUCH_WIDGET, .widget = bh_create("QLabel", NULL)}, waits = {.kind = WAIT_FOR_SELF};
    bh_set_name(touches.widget, "status");
    check_run(&touches, BH_WORKER_FINISHED, "sf");
    assert_int_equal(touches.status, BH_ERROR_THREAD);
    check_run(&waits, BH_WORKER_FINISHED, "sf");
    assert_int_equal(waits.status, BH_DEADLOCK);
}

static void its_slots_run_on_its_thread(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    bh_object *slider = bh_create("QSlider", NULL);
    bh_worker *worker = make_worker(&mine, true);
    assert_non_null(bh_connect_slot(slider, "valueChanged", bh_worker_object(worker), "touch", BH_CONNECTION_AUTO));
    bh_worker_start(worker);
    bh_worker_wait(worker, -1);
    bh_set_int(slider, "value", 42);
    wait_until(atomic_load(&mine.touched) == 42);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
    bh_set_int(slider, "value", 43);
    assert_silent();
}

static bh_status end_at_once(bh_worker_context *self, void *user)
{
    (void)self;
    (void)user;
    return BH_OK;
}

static void wrong_workers_are_refused(void **state)
{
    (void)state;
    static const bh_class no_run = {BH_CLASS_INIT, .name = "NoRun"},
                          widget = {BH_CLASS_INIT, .name = "WorkerWidget", .base = "QWidget", .run = end_at_once};
    assert_not_made(bh_worker_create(&no_run, NULL), BH_ERROR_NULL, "class 'NoRun' has no run function: set .run");
    assert_not_made(bh_worker_create(&widget, NULL), BH_ERROR_CLASS, "a widget cannot live on another thread");
    assert_not_made(bh_worker_create(NULL, NULL), BH_ERROR_NULL, "bh_worker_create");
    assert_refused(bh_worker_start(NULL), BH_ERROR_NULL, "worker is NULL");
    assert_refused(bh_worker_cancel(NULL), BH_ERROR_NULL, "worker is NULL");
    assert_refused(bh_worker_wait(NULL, 0), BH_ERROR_NULL, "worker is NULL");
    assert_not_made(bh_worker_object(NULL), BH_ERROR_NULL, "worker is NULL");
    forget_heard();
    assert_true(bh_cancelled(NULL)); /* a loop on a bad handle ends */
    assert_heard(BH_ERROR_NULL, "self is NULL");
    assert_refused(bh_worker_sleep(NULL, 10), BH_ERROR_NULL, "self is NULL");
    assert_int_equal(bh_fail(NULL, BH_ERROR_IO, "x"), BH_ERROR_IO);
    assert_heard(BH_ERROR_NULL, "self is NULL");
    assert_refused(bh_emit((bh_worker_context *)NULL, 0), BH_ERROR_NULL, "is NULL");
}

static void handles_are_stale_after_destroy(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    bh_worker *worker = make_worker(&mine, true);
    bh_object *object = bh_worker_object(worker);
    bh_worker_start(worker);
    bh_worker_wait(worker, -1);
    bh_worker_destroy(worker);
    assert_false(bh_is_alive(object));
    assert_refused(bh_worker_start(worker), BH_ERROR_STALE, "worker is gone");
    assert_refused(bh_worker_cancel(worker), BH_ERROR_STALE, "worker is gone");
    assert_refused(bh_worker_destroy(worker), BH_ERROR_STALE, "worker is gone");
    assert_refused(bh_emit(mine.context, PROGRESS, 1, "x"), BH_ERROR_CLASS, "is a bh_worker_context *");
    forget_heard();
    assert_true(bh_cancelled(mine.context));
    assert_heard(BH_ERROR_STALE, "self is gone");
    bh_worker *never_started = bh_worker_create(&worker_class, &mine);
    assert_int_equal(bh_worker_destroy(never_started), BH_OK);
}

/* --- the end */

static void destroy_worker(void *from)
{
    job *mine = from;
    leave(mine, 'd');
    assert_int_equal(bh_worker_destroy(mine->worker), BH_OK);
}

static void it_may_be_destroyed_in_its_last_signal(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    bh_worker *worker = make_worker(&mine, true);
    bh_connect(bh_worker_object(worker), "finished", BH_CALLBACK(destroy_worker), &mine, NULL);
    bh_worker_start(worker);
    pump_until(strchr(mine.trail, 'd') != NULL);
    pump();
    assert_string_equal(mine.trail, "s123fd");
    assert_refused(bh_worker_wait(worker, 0), BH_ERROR_STALE, "worker is gone");
}

static void the_application_s_end_cancels_and_waits(void **state)
{
    job jobs[3] = {{.kind = SLEEP}, {.kind = LAST_WORDS}, {.kind = SLEEP}};
    bh_worker *workers[3];
    for (int i = 0; i < 3; i++) {
        workers[i] = make_worker(&jobs[i], true);
        bh_worker_start(workers[i]);
    }
    bh_worker *ready = bh_worker_create(&worker_class, &jobs[0]);
    without_app(state);
    assert_string_equal(jobs[0].trail, "sf");
    assert_string_equal(jobs[1].trail, "s123f");
    assert_silent();
    assert_refused(bh_worker_start(workers[0]), BH_ERROR_NO_APP, "there is no application");
    assert_refused(bh_worker_cancel(ready), BH_ERROR_NO_APP, "worker was destroyed with the application");
    with_app(state);
}

/* The library waits for each worker at the application's end, and the last signal of each destroys it. */
static void workers_may_be_destroyed_while_the_application_ends(void **state)
{
    job jobs[3] = {{.kind = SLEEP}, {.kind = SLEEP}, {.kind = SLEEP}};
    for (int i = 0; i < 3; i++) {
        make_worker(&jobs[i], true);
        bh_connect(bh_worker_object(jobs[i].worker), "finished", BH_CALLBACK(destroy_worker), &jobs[i], NULL);
        bh_worker_start(jobs[i].worker);
    }
    assert_int_equal(without_app(state), 0);
    for (int i = 0; i < 3; i++)
        assert_string_equal(jobs[i].trail, "sfd");
    with_app(state);
}

/* --- circles */

typedef struct pair {
    bh_worker *other;
    _Atomic int *ready;
    _Atomic int deadlocks;
} pair;

static bh_status wait_for_other(bh_worker_context *self, void *user)
{
    pair *mine = user;
    (void)self;
    atomic_fetch_add(mine->ready, 1);
    wait_until(atomic_load(mine->ready) == 2);
    if (bh_worker_wait(mine->other, -1) == BH_DEADLOCK)
        atomic_fetch_add(&mine->deadlocks, 1);
    return BH_OK;
}

static const bh_class waiting_class = {BH_CLASS_INIT, .name = "Waiting", .signals = {"ask()"}, .run = wait_for_other};

static void two_that_wait_for_each_other_are_told(void **state)
{
    (void)state;
    _Atomic int ready = 0;
    pair pairs[2] = {{.ready = &ready}, {.ready = &ready}};
    bh_worker *workers[2] = {bh_worker_create(&waiting_class, &pairs[0]), bh_worker_create(&waiting_class, &pairs[1])};
    for (int i = 0; i < 2; i++)
        pairs[i].other = workers[1 - i];
    for (int i = 0; i < 2; i++)
        bh_worker_start(workers[i]);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bh_worker_wait(workers[i], PATIENCE_MS), BH_OK);
    assert_int_equal(pairs[0].deadlocks + pairs[1].deadlocks, 1);
    for (int i = 0; i < 2; i++)
        bh_worker_destroy(workers[i]);
}

static bh_status ask(bh_worker_context *self, void *user)
{
    (void)user;
    return bh_emit(self, 0);
}

static const bh_class asking_class = {BH_CLASS_INIT, .name = "Asking", .signals = {"ask()"}, .run = ask};

static void wait_for_who_asks(void *worker)
{
    assert_refused(bh_worker_wait(*(bh_worker **)worker, -1), BH_DEADLOCK, "Asking");
}

/* The worker waits for the callback, which would wait for the worker. */
static void waiting_for_a_worker_that_waits_is_refused(void **state)
{
    (void)state;
    const bh_connect_options blocking = {BH_CONNECT_INIT, .type = BH_CONNECTION_BLOCKING_QUEUED};
    bh_worker *worker = bh_worker_create(&asking_class, NULL);
    bh_connect(bh_worker_object(worker), "ask", BH_CALLBACK(wait_for_who_asks), &worker, &blocking);
    bh_worker_start(worker);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_FINISHED);
    bh_worker_destroy(worker);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_app, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_is_told_in_order_and_once),
        TEST(an_error_comes_before_finished),
        TEST(an_error_that_nobody_hears_goes_to_the_hook),
        TEST(cancel_wakes_a_sleeping_worker),
        TEST(what_is_emitted_after_a_cancel_arrives),
        TEST(it_runs_again_with_its_connections),
        TEST(connecting_after_the_start_is_refused),
        TEST(a_worker_may_not_touch_widgets_nor_wait_for_itself),
        TEST(its_slots_run_on_its_thread),
        TEST(wrong_workers_are_refused),
        TEST(handles_are_stale_after_destroy),
        TEST(it_may_be_destroyed_in_its_last_signal),
        TEST(the_application_s_end_cancels_and_waits),
        TEST(workers_may_be_destroyed_while_the_application_ends),
        TEST(two_that_wait_for_each_other_are_told),
        TEST(waiting_for_a_worker_that_waits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
