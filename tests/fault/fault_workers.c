/* Workers and tasks that fail, and that will not stop: what is refused, what goes on, and in which time. */
#include "unit/task_work.h"

#include <unistd.h>

/* --- those that fail, side by side with one that does not */

typedef struct runner {
    bh_status (*run)(bh_worker_context *self);
    _Atomic int finished;
    char error[256];
} runner;

static bh_status run_error(bh_worker_context *self)
{
    return bh_fail(self, BH_ERROR_IO, "cannot read %s", "a");
}

static bh_status run_throw(bh_worker_context *self)
{
    (void)self;
    throw_now(NULL);
    return BH_OK;
}

static bh_status run_assert(bh_worker_context *self)
{
    BH_ASSERT(!self);
    return BH_OK;
}

static bh_status run_well(bh_worker_context *self)
{
    return bh_worker_sleep(self, 20);
}

static bh_status run_runner(bh_worker_context *self, void *user)
{
    return ((runner *)user)->run(self);
}

static const bh_class runner_class = {BH_CLASS_INIT, .name = "Runner", .run = run_runner};

static void on_runner_finished(void *user)
{
    atomic_fetch_add(&((runner *)user)->finished, 1);
}

static void on_runner_error(void *user, const char *text)
{
    snprintf(((runner *)user)->error, sizeof((runner *)user)->error, "%s", text);
}

static bh_worker *start_runner(runner *mine)
{
    bh_worker *worker = bh_worker_create(&runner_class, mine);
    bh_connect(bh_worker_object(worker), "finished", BH_CALLBACK(on_runner_finished), mine, NULL);
    bh_connect(bh_worker_object(worker), "error", BH_CALLBACK(on_runner_error, const char *), mine, NULL);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    return worker;
}

static void a_worker_that_fails_takes_no_other_down(void **state)
{
    (void)state;
    runner all[] = {{.run = run_error}, {.run = run_throw}, {.run = run_assert}, {.run = run_well}};
    static const char *const texts[] = {"cannot read a", "threw a C++ exception, contained here: thrown by a test",
                                        "assertion failed: !self (in run_assert, fault_workers.c:", ""};
    bh_worker *workers[4];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++)
            if (round)
                assert_int_equal(bh_worker_restart(workers[i]), BH_OK);
            else
                workers[i] = start_runner(&all[i]);
        for (int i = 0; i < 4; i++) {
            assert_int_equal(bh_worker_wait(workers[i], PATIENCE_MS), BH_OK);
            assert_int_equal(bh_worker_get_state(workers[i]), i < 3 ? BH_WORKER_FAILED : BH_WORKER_FINISHED);
            assert_int_equal(all[i].finished, round + 1);
            assert_non_null(strstr(all[i].error, texts[i]));
        }
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(bh_worker_destroy(workers[i]), BH_OK);
    assert_silent();
}

/* --- those that will not stop */

typedef enum block { IN_MUTEX, IN_READ, IN_LOOP, BLOCKS } block;

typedef struct stubborn {
    block kind;
    pthread_mutex_t lock;
    int channel[2];
    _Atomic bool go, reached;
    _Atomic int finished, done, drops;
    bh_task_state state;
    char text[256];
} stubborn;

static void block_at(stubborn *mine)
{
    char byte;
    atomic_store(&mine->reached, true);
    switch (mine->kind) {
    case IN_MUTEX:
        pthread_mutex_lock(&mine->lock);
        pthread_mutex_unlock(&mine->lock);
        break;
    case IN_READ:
        while (read(mine->channel[0], &byte, 1) < 0)
            continue;
        break;
    default:
        while (!atomic_load(&mine->go))
            continue;
    }
}

static void stubborn_init(stubborn *mine, block kind)
{
    memset(mine, 0, sizeof *mine);
    mine->kind = kind;
    pthread_mutex_init(&mine->lock, NULL);
    pthread_mutex_lock(&mine->lock);
    assert_int_equal(pipe(mine->channel), 0);
}

static void let_go(stubborn *mine)
{
    atomic_store(&mine->go, true);
    pthread_mutex_unlock(&mine->lock);
    assert_int_equal(write(mine->channel[1], "x", 1), 1);
}

static void stubborn_end(stubborn *mine)
{
    close(mine->channel[0]);
    close(mine->channel[1]);
    pthread_mutex_destroy(&mine->lock);
}

static bh_status run_stubborn(bh_worker_context *self, void *user)
{
    (void)self;
    block_at(user);
    return BH_OK;
}

static void slot_stubborn(bh_object *self, void *user, int value)
{
    (void)self;
    if (value)
        block_at(user);
}

static const bh_class stubborn_class = {BH_CLASS_INIT, .name = "Stubborn", .slots = {BH_SLOT("block(int)", slot_stubborn, int)},
                                        .run = run_stubborn};

static void on_stubborn_finished(void *user)
{
    atomic_fetch_add(&((stubborn *)user)->finished, 1);
}

static void what_ignores_a_cancel_is_refused_and_may_end_later(void **state)
{
    (void)state;
    for (int kind = IN_MUTEX; kind < BLOCKS; kind++) {
        stubborn mine;
        stubborn_init(&mine, (block)kind);
        bh_worker *worker = bh_worker_create(&stubborn_class, &mine);
        bh_connect(bh_worker_object(worker), "finished", BH_CALLBACK(on_stubborn_finished), &mine, NULL);
        assert_int_equal(bh_worker_start(worker), BH_OK);
        wait_until(atomic_load(&mine.reached));
        assert_int_equal(bh_worker_cancel(worker), BH_OK);
        int64_t begun = test_now_ms();
        assert_int_equal(bh_worker_wait(worker, 30), BH_TIMEOUT);
        assert_in_range(test_now_ms() - begun, 30, PATIENCE_MS);
        assert_refused(bh_worker_destroy(worker), BH_ERROR_STATE, "worker 'Stubborn' runs");
        assert_int_equal(bh_worker_get_state(worker), BH_WORKER_RUNNING);
        let_go(&mine);
        assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
        assert_int_equal(mine.finished, 1);
        assert_int_equal(bh_worker_destroy(worker), BH_OK);
        stubborn_end(&mine);
    }
}

static void a_slot_that_will_not_return_keeps_its_worker(void **state)
{
    (void)state;
    stubborn mine;
    stubborn_init(&mine, IN_READ);
    mine.reached = true;
    bh_object *slider = bh_create("QSlider", NULL);
    bh_worker *worker = bh_worker_create(&stubborn_class, &mine);
    bh_connect_slot(slider, "valueChanged", bh_worker_object(worker), "block", BH_CONNECTION_AUTO);
    bh_worker_start(worker);
    let_go(&mine);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    atomic_store(&mine.reached, false);
    bh_set_int(slider, "value", 1);
    wait_until(atomic_load(&mine.reached));
    assert_refused(bh_worker_destroy(worker), BH_TIMEOUT, "a slot of worker 'Stubborn' is still running after 1000 ms");
    let_go(&mine);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
    stubborn_end(&mine);
}

static bh_status run_stubborn_task(bh_task_context *self, void *user)
{
    static int late;
    block_at(user);
    bh_task_progress(self, 100, "after the end");
    bh_task_set_result(self, &late, NULL);
    return bh_task_fail(self, BH_ERROR, "%s", "late");
}

static void on_stubborn_done(void *user, bh_task *task)
{
    stubborn *mine = user;
    bh_failure failure;
    mine->state = bh_task_get_state(task);
    bh_task_get_failure(task, &failure);
    snprintf(mine->text, sizeof mine->text, "%s", failure.text);
    atomic_fetch_add(&mine->done, 1);
}

static void on_stubborn_drop(void *user)
{
    atomic_fetch_add(&((stubborn *)user)->drops, 1);
}

/* In the time of the library, they are named, each is told its end once, and what they do afterwards harms nobody. */
static void the_application_ends_without_those_that_ignore_it(void **state)
{
    enum { MOST_MS = 5000 };
    stubborn task, worker;
    stubborn_init(&task, IN_MUTEX);
    stubborn_init(&worker, IN_READ);
    const bh_task_options options = {BH_TASK_INIT, .name = "stubborn", .done = on_stubborn_done, .drop = on_stubborn_drop,
                                     .keep = true};
    assert_non_null(bh_task_start(pool, run_stubborn_task, &task, &options));
    bh_worker_start(bh_worker_create(&stubborn_class, &worker));
    wait_until(atomic_load(&task.reached) && atomic_load(&worker.reached));
    int64_t begun = test_now_ms();
    assert_int_equal(without_app(state), 0);
    assert_in_range(test_now_ms() - begun, 1500, MOST_MS);
    assert_int_equal(task.done, 1);
    assert_int_equal(task.state, BH_TASK_FAILED);
    assert_non_null(strstr(task.text, "is left running"));
    assert_int_equal(task.drops, 0); /* its function still uses what would be dropped */
    let_go(&task);
    let_go(&worker);
    wait_until(atomic_load(&task.drops) == 1);
    assert_int_equal(task.done, 1);
    with_app(state);
    stubborn_end(&task);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_pool, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_worker_that_fails_takes_no_other_down),
        TEST(what_ignores_a_cancel_is_refused_and_may_end_later),
        TEST(a_slot_that_will_not_return_keeps_its_worker),
        TEST(the_application_ends_without_those_that_ignore_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
