/* The job inspect, run as the program runs it, on files of packages and on files that are none. */
#include "table.h"

#include "message.h"

#include "jobs/table/row_index.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <sys/resource.h>
#include <time.h>

static bh_process_pool *pool;

static int open_pool(void **state)
{
    (void)state;
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 64);
    if (length < 0)
        return -1;
    program[length] = 0;
    strcpy(strrchr(program, '/'), "/../workers/bulkhead-worker");
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 1, .program = program};
    pool = bh_process_pool_create(&options);
    return pool ? 0 : -1;
}

static int close_pool(void **state)
{
    (void)state;
    file_of("", 0);
    bh_process_pool_close(pool, 2000);
    return bh_process_pool_destroy(pool);
}

static bh_future *start(const char *path, const char *index)
{
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "file", path);
    if (index)
        bh_message_add_string(arguments, "index", index);
    bh_future *future = bh_process_pool_submit(pool, "inspect", arguments, NULL);
    bh_message_destroy(arguments);
    assert_non_null(future);
    return future;
}

static bh_message_view wait_for(bh_future *future)
{
    bh_message_view view;
    assert_int_equal(bh_future_wait(future, 120000), BH_OK);
    if (bh_future_get_state(future) != BH_FUTURE_DONE) {
        bh_process_failure failure;
        bh_future_failure(future, &failure);
        fail_msg("%s", failure.text);
    }
    assert_int_equal(bh_future_result(future, &view), BH_OK);
    return view;
}

static void assert_fails(const char *path, const char *part)
{
    bh_process_failure failure;
    bh_future *future = start(path, NULL);
    assert_int_equal(bh_future_wait(future, 60000), BH_OK);
    assert_int_equal(bh_future_get_state(future), BH_FUTURE_FAILED);
    bh_future_failure(future, &failure);
    if (!strstr(failure.text, part))
        fail_msg("%s, expected %s", failure.text, part);
    bh_future_destroy(future);
}

static bh_message_view column(bh_message_view result, size_t number)
{
    return bh_message_view_at(bh_message_view_find(result, "columns"), number);
}

/* What stands in the real files, counted by hand and by other programs. */
static void files_of_packages_are_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int rows, columns, header, count_line, last_unique;
        const char *delimiter, *first_type;
    } files[] = {
        {"breast_cancer.csv", 569, 31, 0, 1, 2, ",", "number"},
        {"iris.csv", 150, 5, 0, 1, 3, ",", "number"},
        {"wine_data.csv", 178, 14, 0, 1, 3, ",", "number"},
        {"boston_house_prices.csv", 506, 14, 1, 1, 229, ",", "number"},
        {"digits.csv.gz", 1797, 65, 0, 0, 10, ",", "integer"},
        {"diabetes_data_raw.csv.gz", 442, 10, 0, 0, 56, "space", "integer"},
        {"diabetes_target.csv.gz", 442, 1, 0, 0, 214, ",", "number"},
        {"linnerud_exercise.csv", 20, 3, 1, 0, 17, "space", "integer"},
        {"randhie.csv", 20190, 10, 1, 0, 2, ",", "integer"},
        {"fair.csv", 6366, 9, 1, 0, 77, ",", "integer"},
        {"co2.csv", 2284, 2, 1, 0, 581, ",", "integer"},
        {"danish_data.csv", 55, 6, 1, 0, 41, ",", "text"},
        {"heart_scale", 270, 13, 0, 0, 3, "space", "number"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        bh_future *future = start(package_file(files[i].file), NULL);
        bh_message_view result = wait_for(future), options = bh_message_view_find(result, "options");
        size_t columns = bh_message_view_count(bh_message_view_find(result, "columns"));
        int64_t unique = bh_message_get_int(column(result, columns - 1), "unique", -1);
        if (bh_message_get_int(result, "rows", -1) != files[i].rows || (int)columns != files[i].columns ||
            bh_message_get_bool(options, "header", !files[i].header) != (files[i].header != 0) ||
            bh_message_get_bool(options, "count_line", !files[i].count_line) != (files[i].count_line != 0) ||
            unique != files[i].last_unique || strcmp(bh_message_get_string(options, "delimiter", ""), files[i].delimiter) != 0 ||
            strcmp(bh_message_get_string(column(result, 0), "type", ""), files[i].first_type) != 0)
            fail_msg("%s: %s", files[i].file, bh_message_view_json(bh_message_view_find(result, "columns")));
        assert_int_equal(bh_message_get_int(bh_message_view_find(result, "bad_rows"), "count", -1), 0);
        bh_future_destroy(future);
    }
}

static void columns_are_counted(void **state)
{
    (void)state;
    bh_future *future =
        start(file_with("n,x,when,flag,who,none\n1,0.5,2024-01-02,yes,a,\n2,NA,2023-05-06,no,b,NA\n-3,1e3,2024-12-31,"
                        "yes,a,?\n2,inf,2024-01-02,yes,a,\n7\n"),
              NULL);
    bh_message_view result = wait_for(future);
    static const char *const columns[] = {
        "{\"name\":\"n\",\"type\":\"integer\",\"missing\":0,\"unique\":3,\"min\":-3,\"max\":2,\"mean\":0.5,"
        "\"top\":[{\"value\":\"2\",\"times\":2},{\"value\":\"1\",\"times\":1},{\"value\":\"-3\",\"times\":1}]}",
        "{\"name\":\"x\",\"type\":\"number\",\"missing\":1,\"unique\":3,\"min\":0.5,\"max\":1000.0,\"mean\":500.25,\"infinite\":"
        "1,"
        "\"top\":[{\"value\":\"0.5\",\"times\":1},{\"value\":\"1e3\",\"times\":1},{\"value\":\"inf\",\"times\":1}]}",
        "{\"name\":\"when\",\"type\":\"date\",\"missing\":0,\"unique\":3,\"min\":\"2023-05-06\",\"max\":\"2024-12-31\","
        "\"top\":[{\"value\":\"2024-01-02\",\"times\":2},{\"value\":\"2023-05-06\",\"times\":1},{\"value\":\"2024-12-31\","
        "\"times\":1}]}",
        "{\"name\":\"flag\",\"type\":\"boolean\",\"missing\":0,\"unique\":2,"
        "\"top\":[{\"value\":\"yes\",\"times\":3},{\"value\":\"no\",\"times\":1}]}",
        "{\"name\":\"who\",\"type\":\"category\",\"missing\":0,\"unique\":2,"
        "\"top\":[{\"value\":\"a\",\"times\":3},{\"value\":\"b\",\"times\":1}]}",
        "{\"name\":\"none\",\"type\":\"empty\",\"missing\":4,\"unique\":0}",
    };
    for (size_t i = 0; i < 6; i++)
        assert_json(column(result, i), columns[i]);
    assert_json(bh_message_view_find(result, "bad_rows"), "{\"count\":1,\"first\":[{\"line\":6,\"reason\":\"1 cell, not 6\"}]}");
    assert_json(bh_message_view_at(bh_message_view_find(result, "preview"), 4),
                "{\"line\":6,\"bad\":true,\"cells\":[\"7\"],\"all\":1}");
    bh_future_destroy(future);
}

static void a_count_line_that_lies_is_said(void **state)
{
    (void)state;
    bh_future *future = start(file_with("4,2,no,yes\n1,2,0\n3,4,1\n5,6,1\n"), NULL);
    assert_json(bh_message_view_find(wait_for(future), "notes"),
                "[\"the count line promises 4 rows, but 3 good ones are there\"]");
    bh_future_destroy(future);
}

/* Each row by its number: bad ones too, and those behind a quoted line end. */
static void rows_are_found_by_their_index(void **state)
{
    (void)state;
    enum { ROWS = 1000 };
    static char bytes[ROWS * 64];
    char index[128];
    table_error error = {0};
    row_index *rows;
    const table_row *row;
    bool good;
    size_t used = (size_t)sprintf(bytes, "a,b\n");
    for (int i = 0; i < ROWS; i++)
        used += (size_t)sprintf(bytes + used, i % 100 == 77 ? "%d\n" : i % 7 ? "%d,x\n" : "%d,\"x\ny\"\n\n", i);
    const char *path = file_of(bytes, used);
    snprintf(index, sizeof index, "%s.rows", path);
    bh_future *future = start(path, index);
    assert_string_equal(bh_message_get_string(wait_for(future), "index", ""), index);
    assert_int_equal(bh_message_get_int(wait_for(future), "rows", 0), ROWS - ROWS / 100);
    bh_future_destroy(future);
    assert_int_equal(row_index_open(index, path, &rows, &error), BH_OK);
    assert_int_equal(row_index_rows(rows), ROWS);
    for (int i = ROWS - 1; i >= 0; i--) {
        assert_int_equal(row_index_read(rows, (uint64_t)i, &row, &good, &error), BH_OK);
        assert_int_equal(good, i % 100 != 77);
        assert_int_equal(row->count, good ? 2 : 1);
        assert_int_equal(atoi(row->cells[0].text), i);
        assert_int_equal(good ? row->cells[1].length : 0, !good ? 0 : i % 7 ? 1 : 3);
    }
    assert_int_equal(row_index_read(rows, ROWS, &row, &good, &error), BH_ERROR_RANGE);
    assert_null(row);
    assert_int_equal(truncate(path, 10), 0); /* while it is open: an error, no signal */
    assert_int_equal(row_index_read(rows, 500, &row, &good, &error), BH_ERROR_IO);
    row_index_close(rows);
    assert_int_equal(row_index_open(index, path, &rows, &error), BH_ERROR_STATE);
    assert_int_equal(truncate(index, 100), 0);
    assert_int_equal(row_index_open(index, path, &rows, &error), BH_ERROR_FORMAT);
    assert_null(rows);
    unlink(index);
}

static void compressed_files_have_no_index(void **state)
{
    (void)state;
    bh_future *future = start(package_file("digits.csv.gz"), "/tmp/never.rows");
    bh_message_view result = wait_for(future);
    assert_string_equal(bh_message_get_string(result, "index", "none"), "none");
    assert_string_equal(bh_message_get_string(result, "index_refused", ""),
                        "rows of a compressed file (gzip) cannot be indexed: unpack it first");
    assert_int_equal(access("/tmp/never.rows", F_OK), -1);
    bh_future_destroy(future);
}

static void cut_and_damaged_files_fail(void **state)
{
    (void)state;
    static char bytes[1 << 16];
    FILE *file = fopen(package_file("digits.csv.gz"), "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_fails(file_of(bytes, size / 2), "damaged or cut");
    bytes[size / 2] ^= 0x55;
    assert_fails(file_of(bytes, size), "damaged or cut");
    assert_fails("/nowhere", "cannot open /nowhere: No such file or directory");
    assert_fails(file_with("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "binary data");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A file of 1.5 GB, most of it a hole: SIZE bytes, the first of which are TEXT. */
static const char *large_file(const char *text)
{
    const char *path = file_of(text, strlen(text));
    assert_int_equal(truncate(path, 1500 << 20), 0);
    return path;
}

/* Zeros, 1.5 GB without a line end: read to the end in bounded memory; and cancelled at once in the middle. */
static void a_malformed_large_file_takes_no_memory_and_can_be_cancelled(void **state)
{
    (void)state;
    static char text[90000] = "a,b\n";
    for (int i = 0; i < 20000; i++)
        strcat(text + 4 * (size_t)i, "1,2\n");
    const char *path = large_file(text);
    bh_future *future = start(path, NULL);
    bh_message_view result = wait_for(future);
    assert_int_equal(bh_message_get_int(result, "rows", 0), 20000);
    assert_json(bh_message_view_find(result, "bad_rows"),
                "{\"count\":1,\"first\":[{\"line\":20002,\"reason\":\"longer than 16 MiB\"}]}");
    bh_future_destroy(future);
    future = start(path, NULL);
    bh_message *progress = bh_message_create();
    bh_message_view view = {NULL};
    while (!view.value && !bh_future_is_done(future))
        if (bh_future_progress(future, progress) || bh_message_complete(progress, &view) || bh_message_view_count(view) == 0)
            view.value = NULL;
    double begun = seconds();
    assert_int_equal(bh_future_cancel(future), BH_OK);
    assert_int_equal(bh_future_wait(future, 60000), BH_OK);
    assert_true(seconds() - begun < 5);
    assert_int_equal(bh_future_get_state(future), BH_FUTURE_CANCELLED);
    bh_message_destroy(progress);
    bh_future_destroy(future);
    bh_process_pool_close(pool, 2000);
    struct rusage used;
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
    print_message("the greatest worker had %ld MiB\n", used.ru_maxrss / 1024);
#ifndef __SANITIZE_ADDRESS__
    assert_true(used.ru_maxrss < 100 * 1024);
#endif
}

int main(int argc, char **argv)
{
    static const bh_process_function none[] = {{0}};
    bh_main_guard(argc, argv, none);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_packages_are_what_they_are),
        cmocka_unit_test(columns_are_counted),
        cmocka_unit_test(a_count_line_that_lies_is_said),
        cmocka_unit_test(rows_are_found_by_their_index),
        cmocka_unit_test(compressed_files_have_no_index),
        cmocka_unit_test(cut_and_damaged_files_fail),
        cmocka_unit_test(a_malformed_large_file_takes_no_memory_and_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, open_pool, close_pool);
}
