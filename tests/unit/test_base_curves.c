/* Curves from files: what is read, and what is refused with the line and the reason. */
#include "heard.h"

#include "curves/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/bulkhead-curves-XXXXXX";
static curves got;
static char why[CURVES_REASON_SIZE];

static int setup(void **state)
{
    (void)state;
    strcpy(path, "/tmp/bulkhead-curves-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int teardown(void **state)
{
    (void)state;
    curves_clear(&got);
    return unlink(path);
}

static bh_status read_text(const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    curves_clear(&got);
    return curves_read(path, &got, NULL, NULL, why);
}

static void assert_bad(const char *text, bh_status status, const char *part)
{
    assert_int_equal(read_text(text), status);
    assert_non_null(strstr(why, part));
    assert_true(got.rows == 0 && got.count == 0 && !got.x);
}

static void tables_are_read(void **state)
{
    (void)state;
    assert_int_equal(read_text("round,train,\"valid\"\r\n0, 0.5,0.6\r\n1,nan,\r\n\r\n3,-1e-3,x\r\n"), BH_OK);
    assert_true(got.rows == 3 && got.count == 2);
    assert_string_equal(got.x_name, "round");
    assert_string_equal(got.names[1], "valid");
    assert_true(got.x[2] == 3 && got.y[0][0] == 0.5 && got.y[0][2] == -1e-3);
    assert_true(got.summaries[0].last == -1e-3 && got.summaries[0].lowest == -1e-3 && got.summaries[0].highest == 0.5);
    assert_true(got.summaries[1].last == 0.6);
    assert_true(isnan(got.y[0][1]) && isnan(got.y[1][1]) && isnan(got.y[1][2]));
}

static void names_and_separators_are_found(void **state)
{
    (void)state;
    assert_int_equal(read_text("1\t2\t3\n2\t3\t4"), BH_OK);
    assert_true(got.rows == 2 && got.count == 2 && got.y[1][1] == 4);
    assert_string_equal(got.x_name, "");
    assert_string_equal(got.names[1], "Column 3");
    assert_int_equal(read_text("a;b,c\n1;2\n"), BH_ERROR_FORMAT);
    assert_int_equal(read_text("a;b\n1;2\n"), BH_OK);
    assert_string_equal(got.names[0], "b");
}

static void many_rows_are_read(void **state)
{
    FILE *file = fopen(path, "w");
    (void)state;
    for (int i = 0; i < 5000; i++)
        fprintf(file, "%d,%d\n", i, i * 2);
    fclose(file);
    assert_int_equal(curves_read(path, &got, NULL, NULL, why), BH_OK);
    assert_true(got.rows == 5000 && got.y[0][4999] == 9998);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    assert_bad("", BH_ERROR_FORMAT, "empty");
    assert_bad("a,b\n", BH_ERROR_FORMAT, "no row");
    assert_bad("a\n1\n", BH_ERROR_FORMAT, "line 1: one column");
    assert_bad("a,b\n1,2\n2,3,4\n", BH_ERROR_FORMAT, "line 3: 3 fields, where the first line has 2");
    assert_bad("a,b\n1,2\nx,3\n", BH_ERROR_FORMAT, "line 3: 'x' is no round");
    assert_bad("a,b\n2,2\n1,3\n", BH_ERROR_FORMAT, "line 3: the first column goes back");
    assert_int_equal(curves_read("/nowhere/at/all", &got, NULL, NULL, why), BH_ERROR_IO);
    assert_int_equal(curves_read("/tmp", &got, NULL, NULL, why), BH_ERROR_IO);
    assert_string_equal(why, "this is a folder");
}

static bool refuse(void *user, int percent)
{
    assert_true(percent >= 0 && percent <= 100);
    ++*(int *)user;
    return false;
}

static void it_can_be_stopped(void **state)
{
    int asked = 0;
    (void)state;
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 9000; i++)
        fprintf(file, "%d,1\n", i);
    fclose(file);
    assert_int_equal(curves_read(path, &got, refuse, &asked, why), BH_CANCELLED);
    assert_true(asked == 1 && got.rows == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tables_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(names_and_separators_are_found, setup, teardown),
        cmocka_unit_test_setup_teardown(many_rows_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(it_can_be_stopped, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
