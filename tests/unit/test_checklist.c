/* The checklist: a program that keeps all practices passes every row, and for each row there is a twin of it that breaks the
 * practice, for which the row must say fail. */
#include "heard.h"

#include <bulkhead/bulkhead.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { TIMEOUT_MS = 20000, HUNG_MS = 8000 };
#else
enum { TIMEOUT_MS = 15000, HUNG_MS = 2500 };
#endif

static char program[PATH_MAX + 32], bare[PATH_MAX + 32]; /* beside this one */

static bh_checklist_result *look(const char *which, const char *twin, const char *only, int timeout_ms)
{
    bh_checklist_result *result = NULL;
    const bh_checklist_options options = {BH_CHECKLIST_INIT, .program = which, .only = only, .timeout_ms = timeout_ms};
    if (twin)
        setenv("TWIN", twin, 1);
    else
        unsetenv("TWIN");
    assert_int_equal(bh_checklist_run(&options, &result), BH_OK);
    assert_non_null(result);
    assert_int_equal(result->passed + result->failed, result->count);
    unsetenv("TWIN");
    return result;
}

static void every_row_passes_for_a_program_that_keeps_them(void **state)
{
    (void)state;
    bh_checklist_result *result = look(program, NULL, NULL, TIMEOUT_MS);
    assert_int_equal(result->count, 16);
    for (size_t i = 0; i < result->count; i++)
        if (!result->rows[i].passed || !result->rows[i].seen[0])
            fail_msg("%s: %s", result->rows[i].name, result->rows[i].seen);
    assert_int_equal(result->failed, 0);
    bh_free(result);
}

/* --- negative twins */

static const struct {
    const char *row, *twin, *seen;
} broken[] = {
    {"golden-main", "no-guard", "went on as a program"},
    {"golden-main", "hidden-arguments", "went on as a program"},
    {"golden-freeze", "no-guard", "went on as a program"},
    {"golden-freeze", "hidden-arguments", "went on as a program"},
    {"golden-close", "no-wait-pool", "while 1 of its pools ('files') were at work"},
    {"golden-close", "no-wait-worker", "threads were at work: worker 'Counter'"},
    {"golden-close", "leave-at-close", "without the end of its event loop"},
    {"golden-threads", "leave-at-close", "listed no threads"},
    {"golden-finally", "dying-hook", "died of SIGABRT in die ("},
    {"golden-atexit", "leave-at-end", "its finalisers did not run"},
    {"golden-atexit", "no-records", "left no record"},
    {"golden-signals", "touch", "touched what is the GUI thread's"},
    {"golden-staged", "window-first", "visible before the event loop ran"},
    {"do-main", "thread-first", "started 1 threads"},
    {"do-main", "no-guard", "bh_main_guard was not called"},
    {"do-freeze", "no-guard", "cannot have worker processes"},
    {"do-delay", "label-first", "before there was an application: "},
    {"do-window", "window-at-load", "outside of main"},
    {"do-window", "no-guard", "without bh_main_guard"},
    {"dont-module", "splash-at-load", "bh_splash_show"},
    {"dont-module", "timer-at-load", "bh_timer_single_shot"},
    {"dont-module", "qtimer-at-load", "Qt complains of what was made before the application: QObject::startTimer"},
    {"dont-qt", "qt-in-worker", "a worker process asked for Qt: "},
    {"dont-global", "app-at-load", "before bh_main_guard"},
    {"dont-global", "app-first", "before bh_main_guard"},
    {"dont-global", "qapplication-at-load", "before bh_main_guard"},
    {"do-main", "qapplication-at-load", "there was an application before bh_main_guard"},
    {"do-main", "computing-first", "ms of processor time"},
    {"dont-ui", "no-guard", "it opened a window"},
};

static void assert_fails(const char *which, const char *twin, const char *row, const char *seen)
{
    bh_checklist_result *result = look(which, twin, row, TIMEOUT_MS);
    assert_int_equal(result->count, 1);
    if (result->rows[0].passed || !strstr(result->rows[0].seen, seen))
        fail_msg("%s of %s %s: %s: %s", row, which, twin ? twin : "", result->rows[0].passed ? "pass" : "fail",
                 result->rows[0].seen);
    bh_free(result);
}

static void each_row_fails_for_a_twin_that_breaks_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_fails(program, broken[i].twin, broken[i].row, broken[i].seen);
}

static void no_row_is_without_a_twin(void **state)
{
    (void)state;
    bh_checklist_result *result = look("/bin/false", NULL, NULL, TIMEOUT_MS);
    assert_int_equal(result->failed, result->count); /* what is no program of ours passes none */
    for (size_t i = 0; i < result->count; i++) {
        size_t at = 0;
        while (at < sizeof broken / sizeof broken[0] && strcmp(broken[at].row, result->rows[i].name) != 0)
            at++;
        if (at == sizeof broken / sizeof broken[0])
            fail_msg("%s has no twin", result->rows[i].name);
    }
    bh_free(result);
}

static void code_without_unwind_tables_is_found(void **state)
{
    (void)state;
    assert_fails(bare, NULL, "golden-finally", "no unwind tables");
}

static void what_hangs_or_crashes_fails_and_is_not_the_end(void **state)
{
    (void)state;
    bh_checklist_result *result = look(program, "never-close", "golden-close", HUNG_MS);
    assert_false(result->rows[0].passed);
    assert_non_null(strstr(result->rows[0].seen, "its windows were closed, and it did not end within"));
    bh_free(result);
    result = look(program, "crash", NULL, TIMEOUT_MS);
    assert_int_equal(result->count, 16);
    for (size_t i = 0; i < result->count; i++) { /* what is about workers has not come that far */
        bool worker = strcmp(result->rows[i].name, "golden-main") == 0 || strcmp(result->rows[i].name, "golden-freeze") == 0 ||
                      strcmp(result->rows[i].name, "dont-ui") == 0;
        if (result->rows[i].passed != worker)
            fail_msg("%s: %s", result->rows[i].name, result->rows[i].seen);
    }
    bh_free(result);
}

/* --- the call */

static int told;

static void on_row(void *user, const bh_checklist_row *row, size_t index, size_t count, bool done)
{
    (void)user;
    assert_true(index < count);
    assert_true(done == (row->seen[0] != 0));
    told++;
}

static bool stop_soon(void *user)
{
    (void)user;
    return told == 3;
}

static void it_can_be_stopped(void **state)
{
    (void)state;
    bh_checklist_result *result = (void *)&told;
    const bh_checklist_options options = {BH_CHECKLIST_INIT, .program = "/bin/false", .row = on_row, .stopped = stop_soon};
    told = 0;
    assert_int_equal(bh_checklist_run(&options, &result), BH_CANCELLED);
    assert_null(result);
    assert_int_equal(told, 3); /* the first row's beginning and end, and the second one's beginning */
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    bh_checklist_result *result = (void *)&told;
    assert_refused(bh_checklist_run(NULL, NULL), BH_ERROR_NULL, "out is NULL");
    assert_refused(bh_checklist_run(&(bh_checklist_options){.size = 4}, &result), BH_ERROR_RANGE, "BH_CHECKLIST_INIT");
    assert_null(result);
    assert_refused(bh_checklist_run(&(bh_checklist_options){BH_CHECKLIST_INIT, .timeout_ms = -1}, &result), BH_ERROR_RANGE,
                   "timeout_ms");
    assert_refused(bh_checklist_run(&(bh_checklist_options){BH_CHECKLIST_INIT, .only = "golden"}, &result), BH_ERROR_NAME,
                   "golden-main");
    assert_refused(bh_checklist_run(&(bh_checklist_options){BH_CHECKLIST_INIT, .program = "/nowhere"}, &result), BH_ERROR_IO,
                   "/nowhere");
    assert_null(bh_checklist_text(NULL));
    assert_null(bh_checklist_json(NULL));
    forget_heard();
    assert_non_null(bh_app_create(0, NULL));
    assert_refused(bh_checklist_run(NULL, &result), BH_DEADLOCK, "GUI thread");
    assert_int_equal(bh_app_destroy(), BH_OK);
}

static void a_result_is_text_and_json(void **state)
{
    (void)state;
    const bh_checklist_row rows[] = {
        {.name = "one", .list = "DO", .practice = "Say \"so\"", .why = "", .here = "here", .passed = true, .seen = "it was"},
        {.name = "two",
         .list = "DON'T",
         .practice = "Break",
         .why = "It hurts",
         .here = "there",
         .seen = "it broke",
         .took_ms = 5},
    };
    const bh_checklist_result result = {"/bin/it", 2, rows, 1, 1};
    char *text = bh_checklist_text(&result), *json = bh_checklist_json(&result);
    assert_non_null(strstr(text, "Checklist of /bin/it\n\nDO\npass  Say \"so\"\n      here: here\n      seen: it was\n"));
    assert_non_null(strstr(text, "\nDON'T\nfail  Break \xE2\x80\x94 It hurts\n"));
    assert_non_null(strstr(text, "\n2 rows: 1 pass, 1 fail\n"));
    assert_string_equal(json,
                        "{\"program\":\"/bin/it\",\"passed\":1,\"failed\":1,\"rows\":["
                        "{\"name\":\"one\",\"list\":\"DO\",\"practice\":\"Say \\\"so\\\"\",\"why\":\"\",\"here\":\"here\","
                        "\"passed\":true,\"seen\":\"it was\",\"took_ms\":0},"
                        "{\"name\":\"two\",\"list\":\"DON'T\",\"practice\":\"Break\",\"why\":\"It hurts\",\"here\":\"there\","
                        "\"passed\":false,\"seen\":\"it broke\",\"took_ms\":5}]}");
    bh_free(text);
    bh_free(json);
}

static void find_programs(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(length > 0);
    path[length] = 0;
    *strrchr(path, '/') = 0;
    snprintf(program, sizeof program, "%s/checklist_program", path);
    snprintf(bare, sizeof bare, "%s/checklist_bare", path);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* programs that are ended as they should not be leave things behind */
    bh_set_error_hook((bh_error_hook){hear, NULL});
    find_programs();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_passes_for_a_program_that_keeps_them),
        cmocka_unit_test(each_row_fails_for_a_twin_that_breaks_it),
        cmocka_unit_test(no_row_is_without_a_twin),
        cmocka_unit_test(code_without_unwind_tables_is_found),
        cmocka_unit_test(what_hangs_or_crashes_fails_and_is_not_the_end),
        cmocka_unit_test(it_can_be_stopped),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(a_result_is_text_and_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
