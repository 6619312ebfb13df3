/* Opening, every step and every list of the store with the Nth allocation failing, N = 1, 2, 3 … in growing steps until none
 * does: SQLite's allocations and the store's own are one allocator. What fails says so and has changed nothing. */
#include "store_scenario.h"
#include "vfs.h"

static sqlite3_mem_methods usual;
static long countdown; /* 0: none fails */
static bool failed;

static bool fails_now(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    failed = true;
    return true;
}

static void *fallible_malloc(int size)
{
    return fails_now() ? NULL : usual.xMalloc(size);
}

static void *fallible_realloc(void *memory, int size)
{
    return fails_now() ? NULL : usual.xRealloc(memory, size);
}

static void plan(long at)
{
    failed = false;
    countdown = at;
}

static int with_memory(void **state)
{
    (void)state;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual), SQLITE_OK);
    sqlite3_mem_methods ours = usual;
    ours.xMalloc = fallible_malloc;
    ours.xRealloc = fallible_realloc;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &ours), SQLITE_OK);
    /* Without a cache of its own for small pieces, so that each allocation comes by */
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0), SQLITE_OK);
    vfs_install();
    vfs_plan(VFS_NONE, 0);
    return 0;
}

/* Whole sentences: "no memory", or what SQLite makes of it. */
static void check_reason(bh_status status)
{
    if (status != BH_ERROR_MEMORY && status != BH_ERROR_IO && status != BH_ERROR_STATE)
        fail_msg("%s: %s", bh_status_name(status), bh_last_error());
}

static void test_opening(void **state)
{
    (void)state;
    store *s = NULL;
    long at = 1;
    for (bool done = false; !done; at += 1 + at / 60) {
        store_opened opened;
        plan(at);
        s = store_open(project, NULL, &opened);
        done = !failed;
        plan(0);
        if (opened.damaged)
            fail_msg("allocation %ld: %s", at, opened.sentence);
        if (s)
            assert_int_equal(store_close(s), BH_OK);
        else
            check_reason(opened.status);
        assert_true(s || opened.sentence[0]);
    }
    assert_int_equal(count_files("project.db.damaged"), 0);
    assert_true(at > 1000);
}

static void fail_in_step(int step, long *at)
{
    store *s = open_project(NULL);
    for (int i = 0; i < step; i++)
        assert_int_equal(steps[i](s), BH_OK);
    plan(*at);
    bh_status status = steps[step](s);
    bool was = failed;
    plan(0);
    char *now = dump();
    assert_true(was || !status);
    if (status)
        check_reason(status);
    assert_string_equal(now, expected[status ? step : step + 1]);
    free(now);
    if (status)
        assert_int_equal(steps[step](s), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    remove_project();
    *at = was ? *at + 1 + *at / 8 : 0;
}

static void test_steps(void **state)
{
    (void)state;
    expect_steps();
    for (int step = 0; step < STEPS; step++)
        for (long at = 1; at;)
            fail_in_step(step, &at);
    forget_steps();
}

static bh_status list_runs(store *s)
{
    store_run *rows;
    size_t count;
    store_run_query query = STORE_RUN_QUERY_INIT;
    query.sort = "metric:auc";
    bh_status status = store_list_runs(s, &query, &rows, &count);
    assert_int_equal(count, status ? 0 : 1);
    assert_true(status ? !rows : strlen(rows[0].notes) == 20000);
    store_free(rows);
    return status;
}

static bh_status list_fetches(store *s)
{
    store_fetch *rows;
    size_t count;
    bh_status status = store_list_fetches(s, &rows, &count);
    assert_int_equal(count, status ? 0 : 39);
    store_free(rows);
    return status;
}

static bh_status get_setting(store *s)
{
    char *value;
    bh_status status = store_get_setting(s, "window", &value);
    assert_true(status ? !value : !strcmp(value, "100 200"));
    store_free(value);
    return status;
}

static bh_status get_folder(store *s)
{
    char *folder;
    bh_status status = store_run_folder(s, 1, &folder);
    assert_true(status ? !folder : !strcmp(folder, in_project("runs/1")));
    store_free(folder);
    return status;
}

static void test_lists(void **state)
{
    (void)state;
    bh_status (*const lists[])(store *) = {list_runs, list_fetches, get_setting, get_folder};
    store *s = open_project(NULL);
    for (int i = 0; i < STEPS; i++)
        assert_int_equal(steps[i](s), BH_OK);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        long at = 0;
        do {
            plan(++at);
            bh_status status = lists[i](s);
            assert_true(failed || !status);
            if (status)
                check_reason(status);
        } while (failed);
        plan(0);
        assert_true(at > 1);
    }
    assert_int_equal(store_close(s), BH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_opening, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_steps, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_lists, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, with_memory, NULL);
}
