/* The store, killed with SIGKILL at each write in turn, until none is left: the file is whole, and its state is the one after the
 * last change that had returned, or after the one that was under way. The next start says what was running. */
#include "store_scenario.h"
#include "vfs.h"

#include <sys/mman.h>

static int *done; /* shared with the child: steps that have returned */

/* In a process of its own. Ends with 0 if nothing killed it. */
static void live(vfs_fault fault, long at)
{
    vfs_plan(fault, at);
    store *s = store_open(project, NULL, NULL);
    for (int i = 0; s && i < STEPS; i++)
        if (steps[i](s) == BH_OK)
            *done = i + 1;
    _exit(store_close(s) == BH_OK && *done == STEPS ? 0 : 1);
}

static bool was_killed(vfs_fault fault, long at)
{
    int status;
    *done = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        live(fault, at);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        assert_int_equal(WTERMSIG(status), SIGKILL);
    else
        assert_int_equal(WEXITSTATUS(status), 0);
    return WIFSIGNALED(status);
}

/* A death before the schema was there leaves an empty database, whose dump is empty as that of a new one is. */
static void check_state(long at)
{
    char *state = dump();
    int next = *done < STEPS ? *done + 1 : STEPS;
    if (strcmp(state, expected[*done]) != 0 && strcmp(state, expected[next]) != 0)
        fail_msg("killed at %ld, after %d steps: neither state %d nor %d:\n%s", at, *done, *done, next, state);
    free(state);
    char *check = ask_sql("PRAGMA integrity_check");
    assert_string_equal(check, "ok\n");
    free(check);
    check = ask_sql("PRAGMA foreign_key_check");
    assert_string_equal(check, "");
    free(check);
}

static void check_next_start(void)
{
    store_opened opened;
    char *before = ask_sql("SELECT count(*) FROM runs WHERE state = 'running' UNION ALL"
                           " SELECT count(*) FROM fetches WHERE state = 'running' UNION ALL SELECT sum(opening) FROM data_sets");
    store *s = open_project(&opened);
    assert_false(opened.damaged);
    int runs = 0, fetches = 0, suspects = 0;
    sscanf(before, "%d\n%d\n%d", &runs, &fetches, &suspects);
    assert_int_equal(opened.interrupted_runs, runs);
    assert_int_equal(opened.interrupted_fetches, fetches);
    assert_int_equal(opened.suspects, suspects);
    if (runs || fetches)
        assert_non_null(strstr(opened.sentence, *done < STEPS ? "was killed or crashed" : "Interrupted: "));
    free(before);
    store_run *rows;
    size_t count;
    assert_int_equal(store_list_runs(s, NULL, &rows, &count), BH_OK);
    if (runs)
        assert_int_equal(rows[0].state, STORE_RUN_INTERRUPTED);
    if (count)
        assert_int_equal(access(in_project("runs/1/run.json"), F_OK), 0);
    store_free(rows);
    /* And the project works on */
    store_run more = {.name = "more", .kind = "train"};
    assert_int_equal(store_add_run(s, &more, NULL), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
}

static void kill_everywhere(vfs_fault fault)
{
    vfs_install(); /* which spares the disk here too */
    long at = 1;
    expect_steps();
    for (; was_killed(fault, at); at++) {
        check_state(at);
        check_next_start();
        remove_project();
    }
    check_state(at);
    forget_steps();
    assert_true(at > 60); /* so many writes there are at least */
    print_message("killed at each of %ld writes\n", at - 1);
}

static void test_killed_at_every_write(void **state)
{
    (void)state;
    kill_everywhere(VFS_KILL);
}

static void test_killed_in_every_write(void **state)
{
    (void)state;
    kill_everywhere(VFS_KILL_TORN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_at_every_write, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_killed_in_every_write, with_project, without_project),
    };
    done = mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (done == MAP_FAILED)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
