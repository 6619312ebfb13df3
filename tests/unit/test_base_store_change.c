/* The store: transactions, who is told of changes, what is collected, readers, and threads. */
#include "project.h"

#include <sqlite3.h>
#include <time.h>

static int64_t add_run(store *s, const char *name)
{
    int64_t id = 0;
    store_run row = {.name = name, .kind = "train", .rounds = 10};
    assert_int_equal(store_add_run(s, &row, &id), BH_OK);
    return id;
}

static size_t count_runs(store *s)
{
    store_run *rows;
    size_t count;
    assert_int_equal(store_list_runs(s, NULL, &rows, &count), BH_OK);
    store_free(rows);
    return count;
}

static void test_transactions(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    assert_refused(store_commit(s), BH_ERROR_STATE, "no transaction");
    assert_refused(store_rollback(s), BH_ERROR_STATE, "no transaction");
    assert_int_equal(store_begin(s), BH_OK);
    assert_refused(store_begin(s), BH_ERROR_STATE, "open already");
    add_run(s, "a");
    assert_refused(store_set_run_notes(s, 9, "x"), BH_ERROR_NAME, "no run 9"); /* and the other change stays */
    add_run(s, "b");
    assert_int_equal(store_commit(s), BH_OK);
    assert_int_equal(count_runs(s), 2);

    assert_int_equal(store_begin(s), BH_OK);
    int64_t id = add_run(s, "c");
    assert_int_equal(store_set_run_notes(s, 1, "gone"), BH_OK);
    assert_int_equal(access(in_project("runs/3/run.json"), F_OK), 0);
    assert_int_equal(store_rollback(s), BH_OK);
    assert_int_equal(access(in_project("runs/3"), F_OK), -1);
    assert_int_equal(count_runs(s), 2);
    assert_int_equal(add_run(s, "d"), id);

    assert_int_equal(store_begin(s), BH_OK);
    add_run(s, "lost");
    assert_int_equal(store_close(s), BH_OK);
    s = open_project(NULL);
    assert_int_equal(count_runs(s), 3);
    assert_int_equal(store_close(s), BH_OK);
}

static struct {
    char text[512];
    int drops;
    store *s;
    bool again;
} told;

static void hear_change(store_table table, int64_t id, void *user)
{
    assert_ptr_equal(user, &told);
    snprintf(told.text + strlen(told.text), sizeof told.text - strlen(told.text), "%d:%d ", (int)table, (int)id);
    if (!told.again)
        return;
    told.again = false;
    assert_refused(store_close(told.s), BH_ERROR_STATE, "the hook is running");
    assert_int_equal(store_set_setting(told.s, "from the hook", "1"), BH_OK);
}

static void count_drop(void *user)
{
    assert_ptr_equal(user, &told);
    told.drops++;
}

static void check_told(const char *text)
{
    assert_string_equal(told.text, text);
    told.text[0] = 0;
}

static void test_hook(void **state)
{
    (void)state;
    memset(&told, 0, sizeof told);
    store *s = told.s = open_project(NULL);
    store_hook hook = {hear_change, &told, count_drop};
    assert_int_equal(store_set_hook(s, hook), BH_OK);
    add_run(s, "a");
    check_told("3:1 ");
    assert_int_equal(store_begin(s), BH_OK);
    add_run(s, "b");
    assert_int_equal(store_set_run_notes(s, 2, "x"), BH_OK);
    assert_int_equal(store_set_run_notes(s, 1, "y"), BH_OK);
    assert_refused(store_add_event(s, BH_LOG_INFO, 77, 0, "x"), BH_ERROR_RANGE, "77");
    check_told("");
    assert_int_equal(store_commit(s), BH_OK);
    check_told("3:2 3:1 ");
    assert_int_equal(store_begin(s), BH_OK);
    add_run(s, "c");
    assert_int_equal(store_rollback(s), BH_OK);
    check_told("");
    store_data_set row = {.name = "d", .file = "data/d"};
    assert_int_equal(store_add_data_set(s, &row, NULL), BH_OK);
    check_told("1:1 ");
    store_run run = {.kind = "train", .data_set = 1};
    assert_int_equal(store_add_run(s, &run, NULL), BH_OK);
    check_told("3:3 ");
    assert_int_equal(store_remove_data_set(s, 1), BH_OK); /* which changes the run too */
    assert_non_null(strstr(told.text, "1:1 "));
    assert_non_null(strstr(told.text, "3:3 "));
    told.text[0] = 0;
    told.again = true;
    add_run(s, "e");
    assert_non_null(strstr(told.text, "4:1 "));
    assert_false(told.again);
    told.text[0] = 0;

    assert_int_equal(store_set_hook(s, (store_hook){0}), BH_OK);
    assert_int_equal(told.drops, 1);
    add_run(s, "f");
    check_told("");
    assert_int_equal(store_set_hook(s, hook), BH_OK);
    assert_int_equal(store_close(s), BH_OK);
    assert_int_equal(told.drops, 2);
}

static int many_told, tables_told;

static void count_change(store_table table, int64_t id, void *user)
{
    (void)user;
    (void)table;
    if (id)
        many_told++;
    else
        tables_told++;
}

/* More rows than it makes sense to name are told as "the table". */
static void test_many_changes(void **state)
{
    (void)state;
    store *s = open_project(NULL);
    many_told = tables_told = 0;
    assert_int_equal(store_set_hook(s, (store_hook){count_change, NULL, NULL}), BH_OK);
    assert_int_equal(store_begin(s), BH_OK);
    for (int i = 0; i < 6000; i++)
        assert_int_equal(store_add_event(s, BH_LOG_INFO, 0, 0, "x"), BH_OK);
    assert_int_equal(store_commit(s), BH_OK);
    assert_int_equal(many_told, 0);
    assert_int_equal(tables_told, 1);
    assert_int_equal(store_close(s), BH_OK);
}

static void wait_ms(int ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

static int64_t stored_round(void)
{
    char *text = ask_sql("SELECT round FROM runs WHERE id = 1");
    int64_t round = atoll(text);
    free(text);
    return round;
}

static void test_rounds_are_collected(void **state)
{
    (void)state;
    memset(&told, 0, sizeof told);
    store *s = told.s = open_project(NULL);
    add_run(s, "a");
    assert_int_equal(store_start_run(s, 1), BH_OK);
    assert_int_equal(store_set_hook(s, (store_hook){hear_change, &told, count_drop}), BH_OK);
    assert_int_equal(store_flush_due_ms(s), -1);
    for (int i = 1; i <= 100; i++)
        assert_int_equal(store_run_round(s, 1, i, i, "{}"), BH_OK);
    int due = store_flush_due_ms(s);
    assert_true(due >= 0 && due <= 200);
    wait_ms(due + 10);
    assert_int_equal(store_flush_due_ms(s), 0);
    assert_int_equal(store_run_round(s, 1, 101, 101, "{}"), BH_OK); /* writes, as its time has come */
    assert_int_equal(stored_round(), 101);
    check_told("3:1 ");
    assert_int_equal(store_flush_due_ms(s), -1);
    /* A change of another row waits for nothing */
    assert_int_equal(store_run_round(s, 1, 102, 101, NULL), BH_OK);
    assert_int_equal(store_set_setting(s, "a", "b"), BH_OK);
    assert_int_equal(store_flush(s), BH_OK);
    assert_int_equal(stored_round(), 102);
    /* In a transaction they wait for its end */
    assert_int_equal(store_run_round(s, 1, 103, 101, NULL), BH_OK);
    assert_int_equal(store_begin(s), BH_OK);
    wait_ms(store_flush_due_ms(s) + 10);
    assert_int_equal(store_run_round(s, 1, 104, 101, NULL), BH_OK);
    assert_int_equal(store_rollback(s), BH_OK);
    assert_int_equal(stored_round(), 102);
    assert_int_equal(store_close(s), BH_OK); /* which writes them */
    assert_int_equal(stored_round(), 104);
}

static void *on_another_thread(void *user)
{
    store *s = user;
    assert_refused(store_set_setting(s, "a", "b"), BH_ERROR_THREAD, "the thread that opened it");
    assert_refused(store_begin(s), BH_ERROR_THREAD, "the thread that opened it");
    assert_refused(store_flush(s), BH_ERROR_THREAD, "the thread that opened it");
    assert_refused(store_close(s), BH_ERROR_THREAD, "the thread that opened it");
    store_run *rows = (store_run *)&rows;
    size_t count = 1;
    assert_refused(store_list_runs(s, NULL, &rows, &count), BH_ERROR_THREAD, "open a reader");
    assert_null(rows);
    return NULL;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t thread;
    store *s = open_project(NULL);
    assert_int_equal(pthread_create(&thread, NULL, on_another_thread, s), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(store_close(s), BH_OK);
    assert_int_equal(store_close(NULL), BH_OK);
    assert_string_equal(store_folder(NULL), "");
    store_free(NULL);
    assert_refused(store_begin(NULL), BH_ERROR_NULL, "NULL");
    assert_int_equal(store_flush_due_ms(NULL), -1);
}

/* Reads until the writer has ended: what it sees never goes back, and is always whole transactions of ten. */
static void *read_along(void *user)
{
    (void)user;
    size_t count = 0, before = 0;
    store *reader = store_open_reader(project);
    assert_non_null(reader);
    while (count < 100) {
        store_event *rows;
        assert_int_equal(store_list_events(reader, 0, 0, &rows, &count), BH_OK);
        assert_true(count >= before && count % 10 == 0);
        before = count;
        store_free(rows);
    }
    assert_refused(store_set_setting(reader, "a", "b"), BH_ERROR_READ_ONLY, "opened for reading");
    assert_int_equal(store_close(reader), BH_OK);
    return NULL;
}

static void test_readers(void **state)
{
    (void)state;
    pthread_t threads[3];
    store *s = open_project(NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_along, NULL), 0);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(store_begin(s), BH_OK);
        for (int j = 0; j < 10; j++)
            assert_int_equal(store_add_event(s, BH_LOG_INFO, 0, 0, "x"), BH_OK);
        assert_int_equal(store_commit(s), BH_OK);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(store_close(s), BH_OK);
    read_along(NULL); /* also when nobody has it open to write */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_transactions, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_hook, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_many_changes, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_rounds_are_collected, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_threads, with_project, without_project),
        cmocka_unit_test_setup_teardown(test_readers, with_project, without_project),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
