/* Finalisers within a program that goes on: order, names, limits, failures. What needs the process's end is in fault_exit.c. */
#include "throwing.h"
#include "turns.h"

#include <bulkhead/bulkhead.h>

static char trail[64];
static pthread_t gui;
static char letters[128];

#define LETTER(letter) (letters[(int)(letter)] = (letter), &letters[(int)(letter)])

static bh_status leave(void *letter)
{
    size_t length = strlen(trail);
    assert_false(pthread_equal(pthread_self(), gui));
    assert_null(bh_app());
    trail[length] = *(const char *)letter;
    trail[length + 1] = 0;
    return BH_OK;
}

static int setup(void **state)
{
    gui = pthread_self();
    trail[0] = 0;
    return with_app(state);
}

static int forget(void **state)
{
    (void)state;
    return bh_app() ? bh_app_destroy() != BH_OK : 0;
}

static void they_run_backwards_when_the_application_is_gone(void **state)
{
    (void)state;
    for (const char *letter = "abcd"; *letter; letter++)
        assert_non_null(bh_finalizer_add("one", leave, LETTER(*letter), PATIENCE_MS));
    pump();
    assert_string_equal(trail, "");
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_string_equal(trail, "dcba");
    assert_non_null(bh_app_create(0, NULL));
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_string_equal(trail, "dcba"); /* never twice */
    assert_silent();
}

static void one_that_was_removed_does_not_run(void **state)
{
    (void)state;
    bh_finalizer *made[3];
    for (int i = 0; i < 3; i++)
        made[i] = bh_finalizer_add("one", leave, LETTER("abc"[i]), PATIENCE_MS);
    assert_int_equal(bh_finalizer_remove(made[1]), BH_OK);
    assert_refused(bh_finalizer_remove(made[1]), BH_ERROR_STALE, "finalizer is gone: it has begun to run, or was removed");
    bh_app_destroy();
    assert_string_equal(trail, "ca");
    assert_refused(bh_finalizer_remove(made[0]), BH_ERROR_STALE, "finalizer is gone");
    assert_int_equal(bh_finalizer_remove(NULL), BH_OK);
}

static bh_status fail_in_it(void *user)
{
    (void)user;
    return BH_ERROR_IO;
}

static char reason[] = "no such model";

static bh_status throw_in_it(void *user)
{
    throw_now(user);
    return BH_OK;
}

static void one_that_fails_or_throws_does_not_stop_the_others(void **state)
{
    (void)state;
    bh_exit_report *before, *after;
    assert_int_equal(bh_exit_report_get(&before), BH_OK);
    bh_finalizer_add("first", leave, LETTER('a'), PATIENCE_MS);
    bh_finalizer_add("socket", fail_in_it, NULL, PATIENCE_MS);
    bh_finalizer_add("second", leave, LETTER('b'), PATIENCE_MS);
    bh_app_destroy();
    assert_heard(BH_ERROR_IO, "finaliser 'socket': ended with BH_ERROR_IO");
    assert_string_equal(trail, "ba");
    with_app(state);
    bh_finalizer_add("third", leave, LETTER('c'), PATIENCE_MS);
    bh_finalizer_add("model", throw_in_it, reason, PATIENCE_MS);
    bh_app_destroy();
    assert_heard(BH_ERROR_EXCEPTION, "finaliser 'model': threw a C++ exception, contained here: no such model");
    assert_string_equal(trail, "bac");
    assert_int_equal(bh_exit_report_get(&after), BH_OK);
    assert_int_equal(after->failed_finalizer_count, before->failed_finalizer_count + 2);
    bh_free(before);
    bh_free(after);
}

static void one_that_hangs_is_left_and_named(void **state)
{
    (void)state;
    static gate hangs;
    gate_init(&hangs);
    bh_exit_report *report;
    bh_finalizer_add("first", leave, LETTER('a'), PATIENCE_MS);
    bh_finalizer_add("slow model", wait_at_gate, &hangs, 30);
    int64_t begun = test_now_ms();
    assert_int_equal(bh_app_destroy(), BH_OK);
    assert_true(test_now_ms() - begun >= 30);
    assert_heard(BH_TIMEOUT, "finaliser 'slow model': has not ended within 30 ms and is left running");
    assert_string_equal(trail, "a");
    assert_int_equal(bh_exit_report_get(&report), BH_OK);
    assert_int_equal(report->late_finalizer_count, 1);
    assert_string_equal(report->late_finalizers[0], "slow model");
    size_t found = 0;
    for (size_t i = 0; i < report->thread_count; i++)
        found += report->threads[i].kind == BH_THREAD_LIBRARY && strstr(report->threads[i].what, "slow model");
    assert_int_equal(found, 1);
    bh_free(report);
    gate_open(&hangs);
}

static bh_status add_one_more(void *user)
{
    assert_non_null(bh_finalizer_add("late", leave, LETTER('z'), PATIENCE_MS));
    return leave(user);
}

static void one_may_add_another_which_runs_next(void **state)
{
    (void)state;
    bh_finalizer_add("first", leave, LETTER('a'), PATIENCE_MS);
    bh_finalizer_add("second", add_one_more, LETTER('b'), PATIENCE_MS);
    bh_app_destroy();
    assert_string_equal(trail, "bza");
    assert_silent();
}

static void *add_elsewhere(void *user)
{
    return bh_finalizer_add("elsewhere", leave, user, PATIENCE_MS);
}

static void any_thread_may_add_and_remove(void **state)
{
    (void)state;
    void *made[2];
    for (int i = 0; i < 2; i++)
        pthread_join(start_pthread(add_elsewhere, LETTER("ab"[i])), &made[i]);
    assert_int_equal(bh_finalizer_remove(made[0]), BH_OK);
    bh_app_destroy();
    assert_string_equal(trail, "b");
}

static void without_an_application_too(void **state)
{
    (void)state;
    bh_app_destroy();
    bh_finalizer *before = bh_finalizer_add("before", leave, LETTER('a'), PATIENCE_MS);
    assert_non_null(before);
    bh_finalizer *removed = bh_finalizer_add("removed", leave, LETTER('b'), PATIENCE_MS);
    assert_int_equal(bh_finalizer_remove(removed), BH_OK);
    with_app(state);
    bh_app_destroy();
    assert_string_equal(trail, "a");
    assert_refused(bh_finalizer_remove(before), BH_ERROR_STALE, "it has begun to run");
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    bh_object *object = bh_create("QObject", NULL);
    assert_not_made(bh_finalizer_add(NULL, leave, LETTER('a'), 10), BH_ERROR_NULL, "name is NULL");
    assert_not_made(bh_finalizer_add("one", NULL, NULL, 10), BH_ERROR_NULL, "fn is NULL");
    assert_not_made(bh_finalizer_add("one", leave, LETTER('a'), 0), BH_ERROR_RANGE,
                    "timeout_ms of 'one' is 0: the end of the program never waits without limit");
    assert_refused(bh_finalizer_remove((bh_finalizer *)object), BH_ERROR_CLASS,
                   "finalizer is a bh_object *: pass a bh_finalizer *");
    assert_refused(bh_finalizer_remove((bh_finalizer *)&object), BH_ERROR_NOT_A_HANDLE, "which is no handle");
    bh_app_destroy();
    assert_string_equal(trail, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(they_run_backwards_when_the_application_is_gone),
        TEST(one_that_was_removed_does_not_run),
        TEST(one_that_fails_or_throws_does_not_stop_the_others),
        TEST(one_that_hangs_is_left_and_named),
        TEST(one_may_add_another_which_runs_next),
        TEST(any_thread_may_add_and_remove),
        TEST(without_an_application_too),
        TEST(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
