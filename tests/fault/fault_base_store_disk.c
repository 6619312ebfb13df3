/* The store on a disk that is full, read-only, locked, or not ours: each is refused with a sentence, and nothing is lost. */
#include "store_scenario.h"
#include "vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>

/* The disk is full at the Nth write and from then on; the step that found it so is undone as a whole, and works when there is
 * room. */
static void fill_disk_in_step(int step, long *at)
{
    vfs_plan(VFS_NONE, 0);
    store *s = open_project(NULL);
    for (int i = 0; i < step; i++)
        assert_int_equal(steps[i](s), BH_OK);
    vfs_plan(VFS_FULL, *at);
    forget_heard();
    bh_status status = steps[step](s);
    bool was_full = vfs.count >= *at;
    vfs_plan(VFS_NONE, 0);
    if (was_full) {
        assert_int_not_equal(status, BH_OK);
        char *state = dump();
        assert_string_equal(state, expected[step]);
        free(state);
        assert_int_equal(steps[step](s), BH_OK);
    }
    char *state = dump();
    assert_string_equal(state, expected[step + 1]);
    free(state);
    assert_int_equal(store_close(s), BH_OK);
    remove_project();
    *at = was_full ? *at + 1 : 0;
}

static void test_full_at_every_write(void **state)
{
    (void)state;
    int faults = 0;
    expect_steps();
    for (int step = 0; step < STEPS; step++)
        for (long at = 1; at; faults++)
            fill_disk_in_step(step, &at);
    forget_steps();
    assert_true(faults > 2 * STEPS);
}

static void test_full_says_so(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    vfs_plan(VFS_FULL, 1);
    assert_refused(setting(s), BH_ERROR_IO, "the disk is full: free some space");
    /* A transaction that the database gave up is refused to its end */
    assert_int_equal(store_begin(s), BH_OK);
    vfs_plan(VFS_NONE, 0);
    assert_int_equal(setting(s), BH_OK);
    vfs_plan(VFS_FULL, 1);
    assert_refused(store_commit(s), BH_ERROR_IO, "the disk is full");
    assert_refused(store_commit(s), BH_ERROR_STATE, "there is no transaction");
    vfs_plan(VFS_NONE, 0);
    char *value;
    assert_int_equal(store_get_setting(s, "window", &value), BH_OK);
    assert_null(value);
    /* Rounds wait for room, and are not lost */
    assert_int_equal(add_data(s), BH_OK);
    assert_int_equal(add_run(s), BH_OK);
    assert_int_equal(start_run(s), BH_OK);
    assert_int_equal(store_run_round(s, 1, 20, 18, "{}"), BH_OK);
    vfs_plan(VFS_FULL, 1);
    assert_refused(store_flush(s), BH_ERROR_IO, "the disk is full");
    assert_true(store_flush_due_ms(s) > 500);
    vfs_plan(VFS_NONE, 0);
    assert_int_equal(store_flush(s), BH_OK);
    char *round = ask_sql("SELECT round FROM runs");
    assert_string_equal(round, "20\n");
    free(round);
    assert_int_equal(store_close(s), BH_OK);
}

static void test_full_while_opening(void **state)
{
    (void)state;
    store *s = NULL;
    long at = 1;
    store_opened opened;
    for (; !s; at++) {
        vfs_plan(VFS_FULL, at);
        forget_heard();
        s = store_open(project, NULL, &opened);
        assert_true(s || opened.status == BH_ERROR_IO);
        assert_true(s || strstr(opened.sentence, "the disk is full"));
        assert_false(opened.damaged);
        vfs_plan(VFS_NONE, 0);
    }
    assert_true(at > 5);
    assert_int_equal(store_close(s), BH_OK);
    assert_int_equal(count_files("project.db.damaged"), 0);
}

/* Files that may not grow: run.json cannot be written, so the run is not added, and leaves no folder. */
static void test_no_room_for_run_file(void **state)
{
    (void)state;
    struct rlimit before;
    store *s = open_project(NULL);
    int64_t id = 7;
    store_run row = {.name = "a", .kind = "train", .notes = "long enough"};
    assert_int_equal(store_begin(s), BH_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {10, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    forget_heard();
    bh_status status = store_add_run(s, &row, &id);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, BH_ERROR_IO);
    assert_heard(BH_ERROR_IO, "run.json");
    assert_int_equal(id, 0);
    assert_int_equal(access(in_project("runs/1"), F_OK), -1);
    assert_int_equal(store_add_run(s, &row, &id), BH_OK);
    assert_int_equal(id, 1);
    assert_int_equal(store_commit(s), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
}

/* As somebody without rights, whoever runs the tests. Ends with 0 if opening is refused so. */
static void open_without_rights(bh_status status, const char *part)
{
    store_opened opened;
    if (geteuid() == 0 && (setgid(65534) || setuid(65534)))
        _exit(2);
    store *s = store_open(project, NULL, &opened);
    if (s || opened.status != status || !strstr(opened.sentence, part)) {
        fprintf(stderr, "%s: %s\n", bh_status_name(opened.status), opened.sentence);
        _exit(1);
    }
    _exit(0);
}

static void check_without_rights(bh_status status, const char *part)
{
    int ended;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        open_without_rights(status, part);
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
}

static void test_no_rights(void **state)
{
    (void)state;
    assert_int_equal(chmod(project_base, 0555), 0);
    check_without_rights(BH_ERROR_READ_ONLY, "cannot make the folder");
    assert_int_equal(chmod(project_base, 0755), 0);
    store *s = open_project(NULL);
    assert_int_equal(setting(s), BH_OK);
    assert_int_equal(store_close(s), BH_OK);

    size_t size, after;
    char *bytes = read_file(in_project("project.db"), &size);
    assert_int_equal(chmod(in_project("project.lock"), 0666), 0);
    assert_int_equal(chmod(in_project("project.db"), 0444), 0);
    check_without_rights(BH_ERROR_READ_ONLY, "project.db cannot be written");
    assert_int_equal(chmod(in_project("project.db"), 0), 0);
    check_without_rights(BH_ERROR_IO, "project.db");
    assert_int_equal(chmod(in_project("project.db"), 0666), 0);
    assert_int_equal(chmod(project, 0555), 0);
    check_without_rights(BH_ERROR_READ_ONLY, "cannot");
    assert_int_equal(chmod(project, 0755), 0);
    assert_int_equal(chmod(in_project("project.lock"), 0444), 0);
    check_without_rights(BH_ERROR_READ_ONLY, "project.lock");
    char *same = read_file(in_project("project.db"), &after);
    assert_int_equal(size, after);
    assert_memory_equal(bytes, same, size);
    free(bytes);
    free(same);
    assert_int_equal(chmod(in_project("project.lock"), 0644), 0);
}

static void test_wrong_places(void **state)
{
    (void)state;
    store_opened opened;
    assert_not_made(store_open(NULL, NULL, &opened), BH_ERROR_NULL, "folder is NULL");
    assert_int_equal(opened.status, BH_ERROR_NULL);
    assert_not_made(store_open("", NULL, NULL), BH_ERROR_NULL, "folder is empty");
    assert_not_made(store_open("/nowhere/at/all", NULL, NULL), BH_ERROR_IO, "No such file");
    assert_not_made(store_open("/dev/null", NULL, NULL), BH_ERROR_IO, "no folder");
    assert_not_made(store_open(project, &(store_options){0}, NULL), BH_ERROR_RANGE, "STORE_OPTIONS_INIT");
    assert_not_made(store_open_reader(project_base), BH_ERROR_NAME, "there is no project");
    assert_int_equal(mkdir(project, 0755), 0);
    write_file(in_project("data"), "x", 1);
    assert_not_made(store_open(project, NULL, &opened), BH_ERROR_IO, "data is no folder");
    assert_non_null(strstr(opened.sentence, "data is no folder"));
}

static void test_locked_by_another_program(void **state)
{
    (void)state;
    sqlite3 *other;
    store_options options = STORE_OPTIONS_INIT;
    options.busy_ms = 20;
    store *s = store_open(project, &options, NULL);
    assert_non_null(s);
    assert_int_equal(sqlite3_open(in_project("project.db"), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_refused(setting(s), BH_TIMEOUT, "another program has locked");
    assert_refused(store_begin(s), BH_TIMEOUT, "another program has locked");
    /* Readers go on */
    store_data_set *rows;
    size_t count;
    assert_int_equal(store_list_data_sets(s, &rows, &count), BH_OK);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(setting(s), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    assert_int_equal(sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT", NULL, NULL, NULL),
                     SQLITE_OK);
    store_opened opened;
    assert_null(store_open(project, &options, &opened));
    assert_int_equal(opened.status, BH_TIMEOUT);
    assert_false(opened.damaged);
    sqlite3_close(other);
    s = open_project(&opened);
    assert_int_equal(store_close(s), BH_OK);
}

static int with_vfs(void **state)
{
    (void)state;
    vfs_install();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full_at_every_write, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_full_says_so, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_full_while_opening, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_no_room_for_run_file, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_no_rights, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_wrong_places, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_locked_by_another_program, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, with_vfs, NULL);
}
