/* Tasks together: who may wait for them, groups, and the end of the application. */
#include "task_work.h"

/* --- waiting */

static bh_status wait_for_other(bh_task_context *self, void *user)
{
    work *mine = user;
    (void)self;
    atomic_fetch_add(&mine->runs, 1);
    mine->status = bh_task_wait(mine->other, -1);
    return BH_OK;
}

static void the_gui_thread_may_not_wait(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    bh_task *task = start_with(until_open, &mine, PLAIN);
    assert_refused(bh_task_wait(task, 1), BH_ERROR_THREAD,
                   "called on the GUI thread, which it would freeze: let `done` tell you");
    gate_open(&mine.at);
    wait_done(&mine);
}

static void a_task_may_wait_for_one_of_its_own_full_pool(void **state)
{
    (void)state;
    work outer = {.runs = 0}, inner = {.runs = 0};
    bh_thread_pool_set_max_threads(pool, 1);
    work busy = {.runs = 0};
    start_with(until_open, &busy, PLAIN);
    start_with(wait_for_other, &outer, OPTIONS(.priority = 1));
    outer.other = start_with(nothing, &inner, OPTIONS(.keep = true));
    gate_open(&busy.at);
    wait_done(&outer);
    wait_done(&inner);
    wait_done(&busy);
    assert_int_equal(outer.status, BH_OK);
    assert_int_equal(bh_task_release(outer.other), BH_OK);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
}

static bh_status wait_for_self(bh_task_context *self, void *user)
{
    work *mine = user;
    (void)self;
    wait_at_gate(&mine->at);
    mine->status = bh_task_wait(mine->task, -1);
    return BH_OK;
}

static bh_status wait_with_deadline(void *user)
{
    work *mine = user;
    assert_int_equal(bh_task_wait(mine->task, 20), BH_TIMEOUT);
    gate_open(&mine->at);
    mine->status = bh_task_wait(mine->task, PATIENCE_MS);
    return BH_OK;
}

static void waits_end_in_time_and_circles_are_refused(void **state)
{
    (void)state;
    work own = {.runs = 0}, pair[2] = {{.runs = 0}}, timed = {.runs = 0};
    start_with(wait_for_self, &own, PLAIN);
    gate_open(&own.at);
    wait_done(&own);
    assert_int_equal(own.status, BH_DEADLOCK);
    assert_heard(BH_DEADLOCK, "task 'work' waits for itself");

    bh_task *after = start_with(until_open, &timed, OPTIONS(.keep = true));
    assert_int_equal(bh_thread_pool_start(pool, wait_with_deadline, &timed, NULL, 0, NULL), BH_OK);
    wait_done(&timed);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_int_equal(timed.status, BH_OK);
    assert_int_equal(bh_task_release(after), BH_OK);

    for (int i = 0; i < 2; i++)
        gate_init(&pair[i].at);
    pair[1].pool = pool;
    bh_task *first = bh_task_start(pool, wait_for_self, &pair[0], OPTIONS(.keep = true));
    bh_task *second = bh_task_start(pool, wait_for_self, &pair[1], OPTIONS(.keep = true));
    pair[0].task = second;
    pair[1].task = first;
    gate_open(&pair[0].at);
    gate_open(&pair[1].at);
    wait_done(&pair[0]);
    wait_done(&pair[1]);
    assert_true((pair[0].status == BH_DEADLOCK) + (pair[1].status == BH_DEADLOCK) == 1);
    assert_heard(BH_DEADLOCK, "cannot end while 'tasks' waits for it");
    assert_int_equal(bh_task_release(first), BH_OK);
    assert_int_equal(bh_task_release(second), BH_OK);
}

/* A runnable asks the GUI thread, which would wait for the pool. */
static bh_status wait_for_pool(void *user)
{
    return ((work *)user)->status = bh_thread_pool_wait_for_done(pool, -1);
}

static bh_status ask_gui(bh_task_context *self, void *user)
{
    (void)self;
    return bh_send(NULL, wait_for_pool, user);
}

static void waiting_for_a_pool_that_waits_is_refused(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    start_with(ask_gui, &mine, PLAIN);
    wait_done(&mine);
    assert_int_equal(mine.status, BH_DEADLOCK);
    assert_int_equal(mine.state, BH_TASK_FAILED);
    assert_heard(BH_DEADLOCK, "a runnable of pool 'tasks' waits for thread 'GUI' already");
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
}

/* --- groups */

typedef struct group_work {
    _Atomic int done, drops;
    int tasks_done;
    work *all;
    int count;
    bh_task_counts counts;
    char text[256];
} group_work;

static void on_group_done(void *user, bh_task_group *group)
{
    group_work *mine = user;
    bh_failure failure;
    for (int i = 0; i < mine->count; i++)
        mine->tasks_done += atomic_load(&mine->all[i].done);
    assert_int_equal(bh_task_group_get_counts(group, &mine->counts), BH_OK);
    assert_int_equal(bh_task_group_get_failure(group, &failure), BH_OK);
    snprintf(mine->text, sizeof mine->text, "%s", failure.text);
    assert_int_equal(bh_task_group_destroy(group), BH_OK);
    atomic_fetch_add(&mine->done, 1);
}

static void on_group_drop(void *user)
{
    atomic_fetch_add(&((group_work *)user)->drops, 1);
}

static bh_task_group *make_group(group_work *mine, work *all, int count, bool cancels)
{
    mine->all = all;
    mine->count = count;
    const bh_task_group_options options = {BH_TASK_GROUP_INIT, .name = "stages",      .done = on_group_done,
                                           .user = mine,       .drop = on_group_drop, .cancel_on_failure = cancels};
    return bh_task_group_create(&options);
}

static void wait_group(group_work *mine)
{
    pump_until(atomic_load(&mine->drops) == 1);
    assert_int_equal(mine->done, 1);
    assert_int_equal(mine->tasks_done, mine->count);
}

static void a_group_is_done_after_all_its_tasks(void **state)
{
    (void)state;
    work all[3] = {{.runs = 0}};
    group_work mine = {.done = 0}, empty = {.done = 0};
    bh_task_group *group = make_group(&mine, all, 3, false);
    start_with(nothing, &all[0], OPTIONS(.group = group));
    start_with(fail_twice, &all[1], OPTIONS(.group = group));
    wait_done(&all[0]);
    wait_done(&all[1]);
    assert_int_equal(mine.done, 0);
    assert_int_equal(bh_task_group_wait(group, 0), BH_ERROR_THREAD);
    start_with(nothing, &all[2], OPTIONS(.group = group));
    assert_refused(bh_task_group_destroy(group), BH_ERROR_STATE, "group 'stages' is not done");
    assert_int_equal(bh_task_group_seal(group), BH_OK);
    assert_not_made(start_with(nothing, &all[2], OPTIONS(.group = group)), BH_ERROR_STATE, "group 'stages' is sealed");
    all[2].task = NULL;
    wait_group(&mine);
    assert_int_equal(mine.counts.tasks, 3);
    assert_int_equal(mine.counts.finished, 2);
    assert_int_equal(mine.counts.failed, 1);
    assert_string_equal(mine.text, "cannot load the table: because cannot read data.csv");
    assert_refused(bh_task_group_seal(group), BH_ERROR_STALE, "group is gone");
    group = make_group(&empty, NULL, 0, false);
    assert_int_equal(bh_task_group_seal(group), BH_OK);
    assert_int_equal(empty.done, 0);
    wait_group(&empty);
    group = make_group(&empty, NULL, 0, false);
    assert_int_equal(bh_task_group_destroy(group), BH_OK);
    assert_int_equal(empty.done, 1);
    assert_int_equal(empty.drops, 2);
}

static void the_first_failure_cancels_the_rest(void **state)
{
    (void)state;
    work all[4] = {{.runs = 0}};
    group_work mine = {.done = 0};
    bh_task_group *group = make_group(&mine, all, 4, true);
    start_with(until_cancelled, &all[0], OPTIONS(.group = group));
    start_with(until_open, &all[1], WITH("breaks", on_done, .group = group));
    start_with(nothing, &all[2], OPTIONS(.group = group, .after = &all[0].task, .after_count = 1));
    wait_until(atomic_load(&all[0].runs) == 1);
    start_with(fail_twice, &all[3], OPTIONS(.group = group, .priority = 1));
    bh_task_group_seal(group);
    gate_open(&all[1].at);
    wait_group(&mine);
    assert_int_equal(all[0].state, BH_TASK_CANCELLED);
    assert_int_equal(all[2].state, BH_TASK_CANCELLED);
    assert_int_equal(all[2].runs, 0);
    assert_int_equal(mine.counts.failed, 1);
    assert_int_equal(mine.counts.cancelled, 2);
    assert_string_equal(mine.text, "cannot load the table: because cannot read data.csv");
}

static bh_status wait_for_group(bh_task_context *self, void *user)
{
    work *mine = user;
    (void)self;
    mine->status = bh_task_group_wait((bh_task_group *)mine->other, -1);
    return BH_OK;
}

static void groups_are_cancelled_and_waited_for_as_one(void **state)
{
    (void)state;
    work all[3] = {{.runs = 0}}, waiter = {.runs = 0}, late = {.runs = 0};
    group_work mine = {.done = 0};
    bh_task_group *group = make_group(&mine, all, 3, false);
    for (int i = 0; i < 3; i++)
        start_with(until_cancelled, &all[i], OPTIONS(.group = group));
    waiter.other = (bh_task *)group;
    start_with(wait_for_group, &waiter, OPTIONS(.priority = 5));
    wait_until(atomic_load(&all[0].runs) + atomic_load(&all[1].runs) == 2);
    assert_int_equal(bh_task_group_cancel(group), BH_OK);
    wait_done(&waiter);
    assert_int_equal(waiter.status, BH_OK);
    start_with(nothing, &late, OPTIONS(.group = group));
    wait_done(&late);
    assert_int_equal(late.state, BH_TASK_CANCELLED);
    bh_task_group_seal(group);
    wait_group(&mine);
    assert_int_equal(mine.counts.cancelled, 4);
    work inside = {.runs = 0};
    group = make_group(&(group_work){.done = 0}, NULL, 0, false);
    inside.other = (bh_task *)group;
    start_with(wait_for_group, &inside, OPTIONS(.group = group));
    wait_done(&inside);
    assert_int_equal(inside.status, BH_DEADLOCK);
    assert_heard(BH_DEADLOCK, "a task of the group cannot end while 'tasks' waits for it");
    assert_int_equal(bh_task_group_destroy(group), BH_OK);
}

/* --- the close of a window that waits for their pool */

static void close_window(void *window)
{
    bh_call(window, "close");
}

static void a_close_cancels_the_tasks_of_its_pool_and_tells_their_ends(void **state)
{
    (void)state;
    work running = {.runs = 0}, queued = {.runs = 0};
    bh_object *window = bh_create("QMainWindow", NULL);
    bh_thread_pool_set_max_threads(pool, 1);
    start_with(until_cancelled, &running, WITH("running", on_done, .keep = true));
    start_with(nothing, &queued, WITH("queued", on_done, .after = &running.task, .after_count = 1));
    wait_until(atomic_load(&running.runs) == 1);
    assert_int_equal(bh_close_waits_for_pool(window, pool, PATIENCE_MS), BH_OK);
    bh_call(window, "show");
    bh_timer_single_shot(0, close_window, window);
    assert_int_equal(bh_app_exec(), 0);
    assert_int_equal(running.done, 1);
    assert_int_equal(running.state, BH_TASK_CANCELLED);
    assert_int_equal(queued.done, 1);
    assert_int_equal(queued.state, BH_TASK_CANCELLED);
    assert_int_equal(queued.runs, 0);
    assert_int_equal(bh_task_release(running.task), BH_OK);
}

static void a_task_that_ignores_the_close_is_named(void **state)
{
    (void)state;
    work stuck = {.runs = 0};
    bh_object *window = bh_create("QMainWindow", NULL);
    start_with(until_open, &stuck, WITH("stuck", on_done, .priority = 0));
    wait_until(atomic_load(&stuck.runs) == 1);
    assert_int_equal(bh_close_waits_for_pool(window, pool, 50), BH_OK);
    bh_call(window, "show");
    bh_timer_single_shot(0, close_window, window);
    assert_int_equal(bh_app_exec(), 0);
    assert_heard(BH_TIMEOUT, "task 'stuck' of pool 'tasks'");
    gate_open(&stuck.at);
    wait_done(&stuck);
}

/* --- the end */

static void the_application_s_end_tells_all(void **state)
{
    work busy[2] = {{.runs = 0}}, queued = {.runs = 0}, waits = {.runs = 0}, kept = {.runs = 0};
    group_work mine = {.done = 0};
    bh_task_group *group = make_group(&mine, &queued, 1, false);
    for (int i = 0; i < 2; i++)
        start_with(until_cancelled, &busy[i], PLAIN);
    wait_until(atomic_load(&busy[0].runs) + atomic_load(&busy[1].runs) == 2);
    start_with(nothing, &queued, OPTIONS(.group = group));
    start_with(nothing, &waits, OPTIONS(.after = &queued.task, .after_count = 1));
    start_with(give, &kept, OPTIONS(.keep = true));
    assert_int_equal(without_app(state), 0);
    const work *all[] = {&busy[0], &busy[1], &queued, &waits, &kept};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(all[i]->done, 1);
        assert_int_equal(all[i]->drops, 1);
        assert_int_equal(all[i]->state, BH_TASK_CANCELLED);
    }
    assert_int_equal(mine.done, 1);
    assert_int_equal(mine.drops, 1);
    assert_refused(bh_task_cancel(kept.task), BH_ERROR_STALE, "task is gone");
    assert_not_made(bh_task_start(pool, nothing, &kept, NULL), BH_ERROR_NO_APP, "bh_task_start");
    assert_not_made(bh_task_group_create(NULL), BH_ERROR_NO_APP, "there is no application");
    with_app(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_pool, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_gui_thread_may_not_wait),
        TEST(a_task_may_wait_for_one_of_its_own_full_pool),
        TEST(waits_end_in_time_and_circles_are_refused),
        TEST(waiting_for_a_pool_that_waits_is_refused),
        TEST(a_group_is_done_after_all_its_tasks),
        TEST(the_first_failure_cancels_the_rest),
        TEST(groups_are_cancelled_and_waited_for_as_one),
        TEST(a_close_cancels_the_tasks_of_its_pool_and_tells_their_ends),
        TEST(a_task_that_ignores_the_close_is_named),
        TEST(the_application_s_end_tells_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
