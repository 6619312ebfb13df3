/* Tasks: their way from start to `done`, results, failures, progress, cancel, and what they come after. */
#include "task_work.h"

static void it_runs_and_is_told_once_on_the_gui_thread(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    bh_task *task = start_with(nothing, &mine, PLAIN);
    assert_non_null(task);
    assert_string_equal(bh_task_get_name(task), "work");
    wait_done(&mine);
    assert_int_equal(mine.runs, 1);
    assert_int_equal(mine.state, BH_TASK_FINISHED);
    assert_string_equal(mine.text, "");
    assert_true(mine.told_on_gui);
    assert_silent();
    assert_refused(bh_task_cancel(task), BH_ERROR_STALE, "task is gone: its `done` has returned; .keep");
    assert_int_equal(bh_task_start(pool, nothing, &mine, NULL) != NULL, true);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_int_equal(mine.runs, 2);
}

/* --- results */

static void check_result(void *user, bh_task *task)
{
    work *mine = user;
    void *result;
    assert_int_equal(bh_task_get_result(task, &result), BH_OK);
    assert_ptr_equal(result, &mine->destroyed);
    on_done(user, task);
}

static void take_result(void *user, bh_task *task)
{
    void *result;
    assert_int_equal(bh_task_take_result(task, &result), BH_OK);
    assert_ptr_equal(result, &((work *)user)->destroyed);
    assert_int_equal(bh_task_get_result(task, &result), BH_OK);
    assert_null(result);
    on_done(user, task);
}

static void a_result_goes_with_the_task_unless_it_is_taken(void **state)
{
    (void)state;
    work mine = {.runs = 0}, taken = {.runs = 0}, kept = {.runs = 0};
    start_with(give, &mine, WITH("work", check_result, .priority = 0));
    wait_done(&mine);
    assert_int_equal(mine.destroyed, 1);
    start_with(give, &taken, WITH("work", take_result, .priority = 0));
    wait_done(&taken);
    assert_int_equal(taken.destroyed, 0);
    bh_task *task = start_with(give, &kept, OPTIONS(.keep = true));
    wait_done(&kept);
    assert_int_equal(kept.destroyed, 0);
    assert_int_equal(bh_task_release(task), BH_OK);
    assert_int_equal(kept.destroyed, 1);
    assert_refused(bh_task_release(task), BH_ERROR_STALE, "task is gone");
    assert_silent();
}

/* --- failures */

static bh_status fail_plainly(bh_task_context *self, void *user)
{
    (void)self;
    (void)user;
    return BH_ERROR_IO;
}

static bh_status touch_widget(bh_task_context *self, void *user)
{
    (void)self;
    return bh_set_string(((work *)user)->widget, "text", "from a task");
}

static bh_status throw(bh_task_context * self, void *user)
{
    (void)self;
    (void)user;
    throw_now(NULL);
    return BH_OK;
}

static bh_status fail_an_assertion(bh_task_context *self, void *user)
{
    int rows = ((work *)user)->last_value;
    (void)self;
    BH_ASSERT_MSG(rows > 0, "%d rows in %s", rows, "data.csv");
    return BH_OK;
}

static void check_failure(bh_task_function fn, work *mine, const char *text)
{
    start_with(fn, mine, PLAIN);
    wait_done(mine);
    assert_int_equal(mine->state, BH_TASK_FAILED);
    if (!strstr(mine->text, text))
        fail_msg("text is \"%s\", not \"%s\"", mine->text, text);
}

static void a_failure_has_text_causes_function_and_line(void **state)
{
    (void)state;
    work told = {.runs = 0}, plain = {.runs = 0}, thrown = {.runs = 0}, asserted = {.runs = 0},
         refused = {.widget = bh_create("QLabel", NULL)};
    check_failure(fail_twice, &told, "cannot load the table: because cannot read data.csv");
    assert_string_equal(told.function, "fail_twice");
    assert_non_null(strstr(told.location, "task_work.h:"));
    check_failure(fail_plainly, &plain, "input or output failed");
    check_failure(throw, &thrown, "threw a C++ exception, contained here: thrown by a test");
    check_failure(fail_an_assertion, &asserted,
                  "assertion failed: rows > 0: 0 rows in data.csv (in fail_an_assertion, test_task.c:");
    assert_string_equal(asserted.function, "fail_an_assertion");
    assert_non_null(strstr(asserted.location, "test_task.c:"));
    assert_silent();
    check_failure(touch_widget, &refused, "the wrong thread: because test_task.c:");
    assert_heard(BH_ERROR_THREAD, "belongs to the GUI thread, called on 'tasks'");
}

static void a_failure_that_nobody_hears_goes_to_the_hook(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    assert_non_null(start_with(fail_twice, &mine, WITH("work", NULL, .priority = 0)));
    pump_until(atomic_load(&mine.drops) == 1);
    assert_heard(BH_ERROR, "task 'work': ❌ Task error: cannot load the table: because cannot read data.csv (in fail_twice)");
    assert_non_null(start_with(fail_an_assertion, &mine, WITH("work", NULL, .priority = 0)));
    pump_until(atomic_load(&mine.drops) == 2);
    assert_heard(BH_ERROR_ASSERTION, "task 'work': ❌ Task error: assertion failed: rows > 0");
}

static void the_pool_goes_on_after_failures(void **state)
{
    (void)state;
    work all[60] = {{.runs = 0}};
    static const bh_task_function kinds[] = {fail_twice, throw, fail_an_assertion, nothing};
    for (int i = 0; i < 60; i++)
        start_with(kinds[i % 4], &all[i], PLAIN);
    for (int i = 0; i < 60; i++)
        wait_done(&all[i]);
    for (int i = 0; i < 60; i++)
        assert_int_equal(all[i].state, i % 4 == 3 ? BH_TASK_FINISHED : BH_TASK_FAILED);
}

/* --- progress */

static bh_status tell_much(bh_task_context *self, void *user)
{
    char text[16];
    (void)user;
    for (int i = 1; i <= 1000; i++) {
        snprintf(text, sizeof text, "row %d", i);
        assert_int_equal(bh_task_progress(self, i, text), BH_OK);
    }
    return BH_OK;
}

static void on_progress(void *user, bh_task *task, int value, const char *text)
{
    work *mine = user;
    char expected[16];
    snprintf(expected, sizeof expected, "row %d", value);
    assert_string_equal(text, expected);
    assert_true(value > mine->last_value);
    assert_string_equal(bh_task_get_name(task), "work");
    mine->last_value = value;
    atomic_fetch_add(&mine->progress, 1);
    if (!mine->trail[0])
        strcat(mine->trail, "p");
}

static void the_newest_progress_comes_before_the_end(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    start_with(tell_much, &mine, OPTIONS(.progress = on_progress));
    wait_until(bh_task_get_state(mine.task) == BH_TASK_FINISHED);
    wait_done(&mine);
    assert_int_equal(mine.last_value, 1000);
    assert_int_equal(mine.progress, 1); /* the GUI thread stood still meanwhile */
    assert_string_equal(mine.trail, "pd");
}

/* --- cancel */

static void cancel_ends_a_running_one(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    bh_task *task = start_with(until_cancelled, &mine, PLAIN);
    wait_until(atomic_load(&mine.runs) == 1);
    assert_int_equal(bh_task_get_state(task), BH_TASK_RUNNING);
    assert_int_equal(bh_task_cancel(task), BH_OK);
    assert_int_equal(bh_task_cancel(task), BH_OK);
    wait_done(&mine);
    assert_int_equal(mine.state, BH_TASK_CANCELLED);
    assert_string_equal(mine.text, "cancelled");
    assert_silent();
}

static void cancel_ends_a_queued_one_at_once_and_it_never_runs(void **state)
{
    (void)state;
    work busy[2] = {{.runs = 0}}, mine = {.runs = 0};
    fill_pool(busy);
    bh_task *task = start_with(nothing, &mine, PLAIN);
    assert_int_equal(bh_task_get_state(task), BH_TASK_QUEUED);
    assert_int_equal(bh_task_cancel(task), BH_OK);
    assert_int_equal(mine.done, 0); /* not inside the call */
    wait_done(&mine);
    assert_int_equal(mine.state, BH_TASK_CANCELLED);
    empty_pool(busy);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_int_equal(mine.runs, 0);
}

static void clearing_the_pool_ends_what_has_not_begun(void **state)
{
    (void)state;
    work busy[2] = {{.runs = 0}}, queued[3] = {{.runs = 0}}, waits = {.runs = 0};
    fill_pool(busy);
    for (int i = 0; i < 3; i++)
        start_with(nothing, &queued[i], PLAIN);
    start_with(nothing, &waits, OPTIONS(.after = &busy[0].task, .after_count = 1));
    assert_int_equal(bh_task_get_state(waits.task), BH_TASK_WAITING);
    assert_refused(bh_thread_pool_destroy(pool), BH_ERROR_STATE, "still has something queued");
    assert_int_equal(bh_thread_pool_clear(pool), BH_OK);
    for (int i = 0; i < 3; i++) {
        wait_done(&queued[i]);
        assert_int_equal(queued[i].state, BH_TASK_CANCELLED);
        assert_string_equal(queued[i].text, "its pool was cleared");
    }
    wait_done(&waits);
    assert_int_equal(waits.state, BH_TASK_CANCELLED);
    empty_pool(busy);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_thread_pool_destroy(pool), BH_OK);
    assert_not_made(bh_task_start(pool, nothing, &waits, NULL), BH_ERROR_STALE, "bh_task_start: pool is gone");
}

static void priorities_choose_the_order(void **state)
{
    (void)state;
    work busy[2] = {{.runs = 0}}, low = {.runs = 0}, high = {.runs = 0};
    bh_thread_pool_set_max_threads(pool, 1);
    start_with(until_open, &busy[0], PLAIN);
    wait_until(atomic_load(&busy[0].runs) == 1);
    start_with(until_open, &low, OPTIONS(.priority = -1));
    start_with(until_open, &high, OPTIONS(.priority = 1));
    gate_open(&busy[0].at);
    wait_until(atomic_load(&high.runs) == 1);
    assert_int_equal(low.runs, 0);
    gate_open(&high.at);
    gate_open(&low.at);
    wait_done(&low);
    wait_done(&high);
    wait_done(&busy[0]);
}

/* --- what comes after */

static void it_starts_when_all_that_it_comes_after_have_finished(void **state)
{
    (void)state;
    work first[2] = {{.runs = 0}}, last = {.runs = 0};
    fill_pool(first);
    bh_task *after[] = {first[0].task, first[1].task, first[0].task};
    start_with(nothing, &last, OPTIONS(.after = after, .after_count = 3));
    gate_open(&first[0].at);
    wait_done(&first[0]);
    assert_int_equal(last.runs, 0);
    assert_int_equal(bh_task_get_state(last.task), BH_TASK_WAITING);
    gate_open(&first[1].at);
    wait_done(&last);
    wait_done(&first[1]);
    assert_int_equal(last.state, BH_TASK_FINISHED);
    assert_silent();
}

static void a_failure_cancels_what_comes_after_with_the_reason(void **state)
{
    (void)state;
    work first = {.runs = 0}, second = {.runs = 0}, third = {.runs = 0}, late = {.runs = 0};
    bh_task *failing = start_with(fail_twice, &first, OPTIONS(.keep = true));
    start_with(nothing, &second, WITH("second", on_done, .after = &first.task, .after_count = 1));
    start_with(nothing, &third, OPTIONS(.after = &second.task, .after_count = 1));
    wait_done(&first);
    wait_done(&second);
    wait_done(&third);
    assert_int_equal(second.state, BH_TASK_CANCELLED);
    assert_non_null(strstr(second.text, "'second' comes after 'work', which failed"));
    assert_int_equal(third.state, BH_TASK_CANCELLED);
    start_with(nothing, &late, OPTIONS(.after = &failing, .after_count = 1));
    wait_done(&late);
    assert_int_equal(late.state, BH_TASK_CANCELLED);
    assert_int_equal(second.runs + third.runs + late.runs, 0);
    assert_int_equal(bh_task_release(failing), BH_OK);
    assert_not_made(start_with(nothing, &late, OPTIONS(.after = &failing, .after_count = 1)), BH_ERROR_STALE, "task is gone");
}

static void a_long_chain_ends_without_a_deep_stack(void **state)
{
    enum { LINKS = 20000 };
    (void)state;
    work *all = calloc(LINKS, sizeof *all);
    start_with(until_open, &all[0], PLAIN);
    for (int i = 1; i < LINKS; i++)
        start_with(nothing, &all[i], OPTIONS(.after = &all[i - 1].task, .after_count = 1));
    assert_int_equal(bh_task_cancel(all[1].task), BH_OK);
    for (int i = 1; i < LINKS; i++)
        wait_done(&all[i]);
    gate_open(&all[0].at);
    wait_done(&all[0]);
    assert_int_equal(all[LINKS - 1].state, BH_TASK_CANCELLED);
    free(all);
}

/* --- where it is told */

static void the_end_comes_on_the_thread_of_its_choice(void **state)
{
    (void)state;
    work mine = {.runs = 0}, late = {.runs = 0};
    side other = start_side("listener");
    start_with(nothing, &mine, OPTIONS(.thread = other.thread));
    wait_until(atomic_load(&mine.drops) == 1);
    assert_ptr_equal(mine.told_on, other.thread);
    start_with(until_open, &late, OPTIONS(.thread = other.thread));
    bh_thread *gone = other.thread;
    stop_side(&other);
    gate_open(&late.at);
    wait_done(&late);
    assert_true(late.told_on_gui);
    assert_not_made(start_with(nothing, &mine, OPTIONS(.thread = gone)), BH_ERROR_STALE, "bh_task_start: thread is gone");
}

/* --- wrong calls */

static bh_status keep_context(bh_task_context *self, void *user)
{
    ((work *)user)->other = (bh_task *)self;
    return BH_OK;
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    work mine = {.runs = 0};
    bh_failure failure;
    void *result;
    assert_not_made(bh_task_start(pool, NULL, NULL, NULL), BH_ERROR_NULL, "fn is NULL");
    assert_not_made(bh_task_start(NULL, nothing, NULL, NULL), BH_ERROR_NULL, "bh_task_start: pool is NULL");
    assert_not_made(bh_task_start(pool, nothing, NULL, &(bh_task_options){.name = "x"}), BH_ERROR_STATE, "BH_TASK_INIT");
    assert_not_made(start_with(nothing, &mine, OPTIONS(.after_count = 1)), BH_ERROR_NULL, "after is NULL, after_count 1");
    bh_task *bad = NULL;
    assert_not_made(start_with(nothing, &mine, OPTIONS(.after = &bad, .after_count = 1)), BH_ERROR_NULL, "task is NULL");
    assert_refused(bh_task_wait(NULL, 0), BH_ERROR_NULL, "task is NULL");
    assert_refused(bh_task_get_failure(NULL, &failure), BH_ERROR_NULL, "task is NULL");
    assert_refused(bh_task_get_failure(NULL, NULL), BH_ERROR_NULL, "failure is NULL");
    assert_refused(bh_task_take_result(NULL, NULL), BH_ERROR_NULL, "result is NULL");
    assert_int_equal(bh_task_release(NULL), BH_OK);
    assert_int_equal(bh_task_group_destroy(NULL), BH_OK);
    bh_task *task = start_with(until_open, &mine, PLAIN);
    assert_refused(bh_task_get_failure(task, &failure), BH_ERROR_STATE, "task 'work' has not ended");
    assert_refused(bh_task_get_result(task, &result), BH_ERROR_STATE, "task 'work' has not ended");
    assert_refused(bh_task_release(task), BH_ERROR_STATE, "is not kept: only .keep");
    gate_open(&mine.at);
    wait_done(&mine);
    work late = {.runs = 0};
    start_with(keep_context, &late, PLAIN);
    wait_done(&late);
    bh_task_context *context = (bh_task_context *)late.other;
    forget_heard();
    assert_true(bh_task_cancelled(context));
    assert_heard(BH_ERROR_STALE, "a context lives only while the task's function runs");
    assert_refused(bh_task_sleep(context, 10), BH_ERROR_STALE, "self is gone");
    assert_refused(bh_task_progress(context, 1, ""), BH_ERROR_STALE, "self is gone");
    assert_refused(bh_task_set_result(context, &mine, NULL), BH_ERROR_STALE, "self is gone");
    assert_int_equal(bh_task_fail(context, BH_OK, "x"), BH_ERROR);
    assert_refused(bh_task_cancel((bh_task *)context), BH_ERROR_CLASS, "task is a bh_task_context *");
    assert_int_equal(late.drops + mine.drops, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_pool, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_runs_and_is_told_once_on_the_gui_thread),
        TEST(a_result_goes_with_the_task_unless_it_is_taken),
        TEST(a_failure_has_text_causes_function_and_line),
        TEST(a_failure_that_nobody_hears_goes_to_the_hook),
        TEST(the_pool_goes_on_after_failures),
        TEST(the_newest_progress_comes_before_the_end),
        TEST(cancel_ends_a_running_one),
        TEST(cancel_ends_a_queued_one_at_once_and_it_never_runs),
        TEST(clearing_the_pool_ends_what_has_not_begun),
        TEST(priorities_choose_the_order),
        TEST(it_starts_when_all_that_it_comes_after_have_finished),
        TEST(a_failure_cancels_what_comes_after_with_the_reason),
        TEST(a_long_chain_ends_without_a_deep_stack),
        TEST(the_end_comes_on_the_thread_of_its_choice),
        TEST(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
