/* Fetches of a project: over HTTP on loopback, checked, unpacked, looked at; and what becomes of those that fail. */
#include "sha256.h"
#include "workbench.h"

#include "jobs/manifest/manifest.h"

static bh_process_pool *pool;
static bh_future *server;
static char url[64];

static void on_server(bh_future *future, void *user)
{
    (void)user;
    bh_message_view said;
    bh_message *message = bh_message_create();
    if (bh_future_progress(future, message) == BH_OK && bh_message_complete(message, &said) == BH_OK)
        snprintf(url, sizeof url, "%s", bh_message_get_string(said, "url", ""));
    bh_message_destroy(message);
}

static int with_server(void **state)
{
    int failed = with_bench(state);
    const bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .spares = -1,
                                             .program = project_worker(bench.project)};
    url[0] = 0;
    mkdir(bench_path("served"), 0700);
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "folder", bench_path("served"));
    pool = bh_process_pool_create(&options);
    server = bh_process_pool_submit(pool, "serve", arguments, NULL);
    bh_message_destroy(arguments);
    bh_future_when_progress(server, NULL, on_server, NULL, NULL);
    BENCH_UNTIL(url[0]);
    return failed;
}

static int without_server(void **state)
{
    bh_future_cancel(server);
    bh_process_pool_close(pool, 2000);
    bh_future_destroy(server);
    bh_process_pool_destroy(pool);
    return without_bench(state);
}

static const char *at_server(const char *name)
{
    static char text[4][128];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(text[turn], sizeof text[turn], "%s%s", url, name);
    return text[turn];
}

static const store_fetch *fetch_at(size_t i)
{
    size_t count;
    const store_fetch *const *rows = project_fetches(bench.project, &count);
    assert_true(i < count);
    return rows[i];
}

static void what_is_fetched_and_checked_becomes_a_data_set(void **state)
{
    (void)state;
    bench_table("served/good.csv", 400);
    bench_table("served/bad.csv", 10);
    const project_fetch_item items[] = {
        {at_server("good.csv"), NULL, hash_of(bench_path("served/good.csv")), "list", 0},
        {at_server("bad.csv"), NULL, "sha256:0000000000000000000000000000000000000000000000000000000000000000", NULL, 0},
        {at_server("none.csv"), NULL, NULL, NULL, 0},
        {at_server("good.csv"), NULL, NULL, NULL, 0},
    };
    assert_int_equal(project_add_fetches(bench.project, items, 4), BH_OK);
    bench_finish();
    assert_int_equal(fetch_at(0)->state, STORE_FETCH_DONE);
    const store_data_set *data = project_data_set(bench.project, fetch_at(0)->data_set);
    assert_non_null(data);
    assert_int_equal(data->row_count, 400);
    assert_string_equal(data->file, "data/good.csv");
    assert_int_equal(fetch_at(1)->state, STORE_FETCH_FAILED);
    assert_int_equal(fetch_at(1)->data_set, 0);
    assert_non_null(strstr(fetch_at(1)->error, "checksum"));
    assert_int_equal(fetch_at(2)->state, STORE_FETCH_FAILED);
    assert_non_null(strstr(fetch_at(2)->error, "404"));
    assert_string_equal(fetch_at(3)->name, "good-2.csv");
    assert_int_equal(fetch_at(3)->state, STORE_FETCH_DONE);
    assert_true(bench.events > 0);
}

static void another_address_fetches_what_failed(void **state)
{
    (void)state;
    bench_table("served/moved.csv", 50);
    const project_fetch_item item = {at_server("old.csv"), "table.csv", NULL, NULL, 0};
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_OK);
    bench_finish();
    assert_int_equal(fetch_at(0)->state, STORE_FETCH_FAILED);
    assert_int_equal(project_set_fetch_url(bench.project, fetch_at(0)->id, at_server("moved.csv")), BH_OK);
    bench_finish();
    assert_int_equal(fetch_at(0)->state, STORE_FETCH_DONE);
    assert_int_equal(project_data_set(bench.project, fetch_at(0)->data_set)->row_count, 50);
    assert_int_equal(project_retry_fetch(bench.project, fetch_at(0)->id), BH_ERROR_STATE);
    assert_int_equal(project_remove_fetch(bench.project, fetch_at(0)->id), BH_OK);
    bench_finish();
    size_t count;
    project_fetches(bench.project, &count);
    assert_int_equal(count, 0);
}

static void what_is_packed_is_unpacked(void **state)
{
    (void)state;
    char command[512];
    bench_table("inner.csv", 60);
    bench_table("other.csv", 70);
    snprintf(command, sizeof command,
             "cd '%s' && gzip -c inner.csv > served/one.csv.gz && tar cf served/both.tar inner.csv other.csv", bench.base);
    assert_int_equal(system(command), 0);
    const project_fetch_item items[] = {{at_server("one.csv.gz"), NULL, NULL, NULL, 0},
                                        {at_server("both.tar"), NULL, NULL, NULL, 0}};
    assert_int_equal(project_add_fetches(bench.project, items, 2), BH_OK);
    bench_finish();
    size_t count;
    const store_data_set *const *sets = project_data_sets(bench.project, &count);
    assert_int_equal(count, 3);
    assert_string_equal(sets[0]->file, "data/both/inner.csv");
    assert_int_equal(sets[0]->row_count, 60);
    assert_string_equal(sets[1]->name, "both/other.csv");
    assert_string_equal(sets[2]->file, "data/one.csv");
    assert_int_equal(fetch_at(0)->state, STORE_FETCH_DONE);
    assert_int_equal(fetch_at(0)->data_set, sets[2]->id);
}

static bool listed;

static void on_list(void *user, const manifest *list)
{
    (void)user;
    listed = true;
    assert_int_equal(list->count, 2);
    assert_string_equal(list->items[1].name, "b.csv");
}

static void lists_are_read(void **state)
{
    (void)state;
    listed = false;
    const char *text = "http://example.org/a.csv\nhttp://example.org/b.csv\n";
    assert_int_equal(project_read_list(bench.project, NULL, text, on_list, NULL), BH_OK);
    BENCH_UNTIL(listed);
    assert_int_equal(project_read_list(bench.project, NULL, NULL, on_list, NULL), BH_ERROR_NULL);
}

static void what_makes_no_sense_is_refused(void **state)
{
    (void)state;
    const project_fetch_item item = {"ftp://example.org/x", NULL, NULL, NULL, 0};
    assert_int_equal(project_add_fetches(bench.project, &item, 1), BH_ERROR_FORMAT);
    assert_int_equal(project_add_fetches(bench.project, NULL, 1), BH_ERROR_NULL);
    assert_int_equal(project_add_fetches(NULL, &item, 1), BH_ERROR_NULL);
    assert_int_equal(project_retry_fetch(bench.project, 77), BH_ERROR_NAME);
    assert_int_equal(project_stop(bench.project, 77), BH_ERROR_STALE);
    assert_int_equal(project_add_file(bench.project, "/there/is/none.csv"), BH_OK); /* that is found out later */
    BENCH_UNTIL(bench.events > 0);
    assert_non_null(strstr(bench.last_event, "/there/is/none.csv"));
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, with_server, without_server)
    const struct CMUnitTest all[] = {
        TEST(what_is_fetched_and_checked_becomes_a_data_set),
        TEST(another_address_fetches_what_failed),
        TEST(what_is_packed_is_unpacked),
        TEST(lists_are_read),
        TEST(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

int main(int argc, char **argv)
{
    return bench_main(argc, argv, tests);
}
