/* The note of what crashed last time: what, when, of which signal and where; once; with all of the record, to read and to copy. What
 * crashes is this program, in a process of its own. */
#include "shell.h"

#include "folder.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

static char records[96];

/* --- the child */

static volatile uintptr_t nowhere = 0x2468;

__attribute__((noinline)) static int lose_everything(void)
{
    *(volatile int *)nowhere = 1;
    return 1;
}

static int crash_in(const char *folder)
{
    bh_crash_set_folder(folder);
    if (!bh_app_create(0, NULL))
        return 2;
    bh_crash_note("job", "losing everything");
    return lose_everything();
}

static void crash(void)
{
    char program[] = "/proc/self/exe", word[] = "crash";
    char *arguments[] = {program, word, records, NULL};
    pid_t pid;
    int status;
    posix_spawn_file_actions_t quietly;
    posix_spawn_file_actions_init(&quietly);
    posix_spawn_file_actions_addopen(&quietly, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    assert_int_equal(posix_spawn(&pid, program, &quietly, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&quietly);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status));
    assert_int_equal(files_with(records, ".crash") > 0, true);
}

/* --- */

static int with_records(void **state)
{
    if (with_shell(state))
        return -1;
    snprintf(records, sizeof records, "%s/crashes", bench.base);
    if (bh_crash_set_folder(records))
        return -1;
    shell_options.quit_when_idle = false;
    return 0;
}

static int without_records(void **state)
{
    return bh_crash_set_folder("") || without_shell(state);
}

static void nothing_is_said_where_nothing_crashed(void **state)
{
    (void)state;
    shell_start_again();
    assert_false(shell_shows("crash-note"));
}

static void a_crash_is_told_with_its_place_and_once(void **state)
{
    char *text = NULL;
    (void)state;
    crash();
    shell_start_again();
    assert_true(shell_shows("crash-note"));
    assert_true(shell_says("crash-note-text", "test_window_crash crashed on "));
    assert_true(shell_says("crash-note-text", "SIGSEGV at address 0x2468"));
    BENCH_UNTIL(shell_says("crash-note-text", "in lose_everything (test_window_crash.c:"));
    shell_shot("crash-note");
    shell_click("crash-note-details");
    assert_int_equal(bh_get_string(shell_find("crash-text"), "plainText", &text), BH_OK);
    assert_non_null(strstr(text, "losing everything"));
    assert_non_null(strstr(text, "#0  lose_everything ("));
    bh_free(text);
    shell_click("crash-copy");
    shell_click("crash-close");
    BENCH_UNTIL(!shell_has("crash"));
    shell_click("crash-note-dismiss");
    assert_false(shell_shows("crash-note"));
    shell_start_again();
    assert_false(shell_shows("crash-note"));
}

/* One death, one note: what crashed, what that has left, and what can be done about both. */
static void what_it_has_left_is_told_with_it(void **state)
{
    (void)state;
    crash();
    shell_open_interrupted(false);
    BENCH_UNTIL(shell_says("crash-note-text", ". 2 trainings and 1 fetch were interrupted."));
    assert_true(shell_shows("crash-note-resume"));
    assert_false(shell_shows("recovery-banner"));
    BENCH_UNTIL(shell_says("crash-note-text", "in lose_everything ("));
    shell_shot("crash-note-left");
    shell_click("crash-note-resume");
    BENCH_UNTIL(!shell_shows("crash-note-resume"));
    assert_true(shell_shows("crash-note"));
    assert_false(shell_says("crash-note-text", "interrupted"));
    bench_finish();
}

static void both_are_dismissed_at_once(void **state)
{
    (void)state;
    crash();
    shell_open_interrupted(true);
    BENCH_UNTIL(shell_shows("crash-note-resume"));
    assert_true(
        shell_says("crash-note-text", " 1 data set was being read when the program ended, and is not opened by itself again."));
    shell_click("crash-note-dismiss");
    bh_app_process_events(100);
    assert_false(shell_shows("crash-note") || shell_shows("recovery-banner"));
}

static void several_are_counted(void **state)
{
    (void)state;
    crash();
    crash();
    shell_start_again();
    BENCH_UNTIL(shell_says("crash-note-text", "in lose_everything ("));
    assert_true(shell_says("crash-note-text", "It crashed 2 times since this was looked at."));
}

static void who_watches_nothing_is_told_nothing(void **state)
{
    (void)state;
    crash();
    shell_options.quit_when_idle = true;
    shell_start_again();
    assert_false(shell_shows("crash-note"));
    shell_options.quit_when_idle = false;
    shell_start_again();
    assert_true(shell_shows("crash-note"));
}

static int tests(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(nothing_is_said_where_nothing_crashed, with_records, without_records),
        cmocka_unit_test_setup_teardown(a_crash_is_told_with_its_place_and_once, with_records, without_records),
        cmocka_unit_test_setup_teardown(what_it_has_left_is_told_with_it, with_records, without_records),
        cmocka_unit_test_setup_teardown(both_are_dismissed_at_once, with_records, without_records),
        cmocka_unit_test_setup_teardown(several_are_counted, with_records, without_records),
        cmocka_unit_test_setup_teardown(who_watches_nothing_is_told_nothing, with_records, without_records),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "crash") == 0)
        return crash_in(argv[2]);
    return bench_main(argc, argv, tests);
}
