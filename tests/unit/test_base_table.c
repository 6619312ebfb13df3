/* Tables: rows of CSV and libsvm files, and what is bad in them, by line. */
#include "table.h"

#include "jobs/table/number.h"

#include <string.h>
#include <sys/stat.h>

static void quotes_are_those_of_rfc_4180(void **state)
{
    (void)state;
    assert_reads("a,b\n\"x,1\",2\n", "[x,1|2]");
    assert_reads("a,b\r\n\"say \"\"hi\"\"\",2\r\n\"\",\"\"\"\"\r\n", "[say \"hi\"|2][|\"]");
    assert_reads("a,b\n\"two\nlines\",2\n3,4\n", "[two\nlines|2][3|4]");
    assert_reads("a,b\n5\" pipe,2\n", "[5\" pipe|2]");
    assert_reads("a,b\n1,2\n3,\"4\"", "[1|2][3|4]");
    assert_reads("\xEF\xBB\xBFname,b\nx,2\ny,3\n", "[x|2][y|3]");
    assert_reads("a,b\r1,2\r3,4\r", "[1|2][3|4]");
}

static void what_makes_no_sense_is_bad_with_its_line(void **state)
{
    (void)state;
    assert_reads("a,b\n1,2\n3\n4,5,6\n7,8\n", "[1|2][7|8]!3 1 cell, not 2!4 3 cells, not 2");
    assert_reads("a,b\n\"two\nlines\",2\n3\n4,5\n", "[two\nlines|2][4|5]!4 1 cell, not 2");
    assert_reads("a,b\n\"x\"y,2\n3,4\n", "[3|4]!2 text behind the closing quote of cell 1");
    assert_reads("a,b\n1,2\n3,\0\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n19,20\n21,22\n",
                 "[1|2][5|6][7|8][9|10][11|12][13|14][15|16][17|18][19|20][21|22]!3 a zero byte in cell 2");
}

static void a_quote_that_does_not_end_costs_one_line(void **state)
{
    (void)state;
    assert_reads("a,b\n1,2\n3,\"4\n5,6\n7,8\n", "[1|2][5|6][7|8]!3 the quote that begins cell 2 does not end");
    assert_reads("a,b\n1,2\n3,\"4\n5,6\n7,\"x\"\n9,10\n", "[1|2][5|6][7|x][9|10]!3 the quote that begins cell 2 does not end");
}

static void bad_rows_can_end_the_reading(void **state)
{
    (void)state;
    table_options options;
    table_options_init(&options);
    options.bad_rows = TABLE_STOP;
    assert_string_equal(read_all(file_with("a,b\n1,2\n3\n4,5\n"), &options),
                        "[1|2]!3 1 cell, not 2# line 3: 1 cell, not 2: mend it, or choose to skip bad rows");
}

static void delimiter_and_header_are_found(void **state)
{
    (void)state;
    assert_reads("a;b;c\n1,5;2;3\n4,5;5;6\n", "[1,5|2|3][4,5|5|6]");
    assert_reads("a\tb\n1\t2\n", "[1|2]");
    assert_reads("a|b\n1|x, y\n2|z, w\n", "[1|x, y][2|z, w]");
    assert_reads("1 2  3\n 4 5 6 \n", "[1|2|3][4|5|6]");
    assert_reads("1,2\n3,4\n", "[1|2][3|4]");
    assert_reads("one\ntwo\nthree\n1\n", "[two][three][1]");
    assert_reads("x,y\n\"r1\",1,2\n\"r2\",3,4\n", "[r1|1|2][r2|3|4]");                 /* R: rows have names, which have none */
    assert_reads("Report\n\na,b,c\n1,2,3\n4,5,6\n", "[1|2|3][4|5|6]!1 1 cell, not 3"); /* a title */
    assert_reads("x,none,y\n1,2,3\n", "[1|2|3]");
    assert_reads("2020-01-01,5\n2020-01-02,6\n", "[2020-01-01|5][2020-01-02|6]");
}

static void a_count_line_is_no_row_and_no_header(void **state)
{
    (void)state;
    table_reader *reader;
    assert_reads("3,2,no,yes\n1,2,0\n3,4,1\n5,6,1\n", "[1|2|0][3|4|1][5|6|1]");
    assert_reads("2,3,no,yes\n1,2,3,0\n3,4,5,1\n", "[1|2|3|0][3|4|5|1]"); /* it has as many cells as the others */
    assert_reads("2,3,,\nw,x,y,z\n1,2,3,0\n3,4,5,1\n", "[1|2|3|0][3|4|5|1]");
    assert_reads("2,3,7,8\n1,2,3,0\n3,4,5,1\n", "[2|3|7|8][1|2|3|0][3|4|5|1]");
    assert_int_equal(table_reader_open(file_with("3,2,no,yes\n1,2,0\n3,4,1\n"), NULL, &reader, NULL), BH_OK);
    const table_facts *facts = table_reader_facts(reader);
    assert_int_equal(facts->count_line_rows, 3);
    assert_int_equal(facts->class_count, 2);
    assert_string_equal(facts->classes[1], "yes");
    assert_string_equal(facts->names[2], "column 3");
    table_reader_close(reader);
}

static void names_are_each_once(void **state)
{
    (void)state;
    table_reader *reader;
    assert_int_equal(table_reader_open(file_with(",a,a,a,\"b \"\"c\",a (2)\n1,2,3,4,5,6\n"), NULL, &reader, NULL), BH_OK);
    char *const *names = table_reader_facts(reader)->names;
    assert_string_equal(names[0], "column 1");
    assert_string_equal(names[4], "b \"c");
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(names[i], names[k]);
    table_reader_close(reader);
}

static void libsvm_indices_are_checked(void **state)
{
    (void)state;
    assert_reads("+1 1:0.5 3:-2e3 # first\n\n-1 2:1 \n", "[1 1:0.5 3:-2000][-1 2:1]");
    assert_reads("1 1:2\n0 99999999999:1\n0 2:1\n0 x\n",
                 "[1 1:2][0 2:1]!2 an index greater than 100000000: '99999999999:1'!4 this is no index:value: 'x'");
    assert_reads("1 1:2\n0 3:1 2:1\n1 2:1 2:1\n", "[1 1:2]!2 an index that is not greater than the one before: '2:1'"
                                                  "!3 an index that is not greater than the one before: '2:1'");
}

static void libsvm_lines_that_are_none_are_bad(void **state)
{
    (void)state;
    table_options options;
    table_options_init(&options);
    options.format = TABLE_LIBSVM;
    assert_string_equal(
        read_all(file_with("1 1:2\nx 3:1\n1 5\n1 -1:1\n1 1:inf\n1 1:\n1 1:2x\n"), &options),
        "[1 1:2]!2 a label that is no number: 'x'!3 this is no index:value: '5'!4 this is no index:value: '-1:1'"
        "!5 a value that is too great: '1:inf'!6 a value that is no number: '1:'!7 a value that is no number: '1:2x'");
}

/* "a,b", "1,2", "3,4" as each program writes it; whole, and without its last bytes, and with one byte changed. */
static void compressed_files_are_read_and_checked(void **state)
{
    (void)state;
    static const struct {
        const char *encoding;
        size_t size, place; /* of the byte to change */
        const char *bytes;
    } files[] = {
        {"gzip", 32, 14,
         "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x4B\xD4\x49\xE2\x32\xD4\x31\xE2\x32\xD6\x31\xE1\x02\x00\xE5\xE9\xD6\xCE\x0C"
         "\x00\x00\x00"},
        {"zstd", 25, 12, "\x28\xB5\x2F\xFD\x04\x58\x61\x00\x00\x61\x2C\x62\x0A\x31\x2C\x32\x0A\x33\x2C\x34\x0A\xE1\xB3\xCB\x2E"},
        {"xz", 68, 30,
         "\xFD\x37\x7A\x58\x5A\x00\x00\x04\xE6\xD6\xB4\x46\x02\x00\x21\x01\x16\x00\x00\x00\x74\x2F\xE5\xA3\x01\x00\x0B\x61\x2C"
         "\x62\x0A\x31\x2C\x32\x0A\x33\x2C\x34\x0A\x00\x10\x55\xE3\x96\x32\x2F\x91\x5E\x00\x01\x24\x0C\xA6\x18\xD8\xD8\x1F\xB6"
         "\xF3\x7D\x01\x00\x00\x00\x00\x04\x59\x5A"},
        {"bzip2", 50, 30,
         "\x42\x5A\x68\x39\x31\x41\x59\x26\x53\x59\x03\x0C\x1F\x1B\x00\x00\x05\x59\x00\x00\x10\x00\x04\x3C\x00\x30\x00\x20\x00"
         "\x22\x1E\xA1\x88\x43\x02\x27\x34\xE3\x80\x1E\x2E\xE4\x8A\x70\xA1\x20\x06\x18\x3E\x36"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char copy[200];
        memcpy(copy, files[i].bytes, files[i].size);
        assert_string_equal(read_all(file_of(copy, files[i].size), NULL), "[1|2][3|4]");
        assert_non_null(strstr(read_all(file_of(copy, files[i].size - 3), NULL), "is damaged or cut"));
        copy[files[i].place] ^= 1;
        assert_non_null(strstr(read_all(file_of(copy, files[i].size), NULL), "is damaged or cut"));
    }
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    table_reader *reader;
    table_error error = {0};
    assert_reads("", "the file has no rows: nothing is in it");
    assert_reads(" \n\n", "the file has no rows: nothing is in it");
    assert_reads("\xFF\xFE"
                 "a\0",
                 "this is no table but text in UTF-16: save it as UTF-8");
    assert_reads("PK\3\4....", "this is no table but a zip archive, or a document that is one: unpack it, or save it as CSV");
    assert_reads("<!DOCTYPE html><p>404", "this is no table but a web page: the address is that of a page, not of the data");
    assert_reads("{\"a\": 1}", "this is no table but JSON: save it as CSV");
    assert_reads("ab\0\0\0\0\1\2\3cd", "this is no table but binary data");
    assert_int_equal(table_reader_open("/nowhere/x.csv", NULL, &reader, &error), BH_ERROR_IO);
    assert_null(reader);
    assert_string_equal(error.text, "cannot open /nowhere/x.csv: No such file or directory");
    assert_int_equal(table_reader_open("/tmp", NULL, &reader, &error), BH_ERROR_IO);
    assert_string_equal(error.text, "/tmp is no file: choose one");
    assert_int_equal(table_reader_open(NULL, NULL, &reader, &error), BH_ERROR_NULL);
    char pipe[64];
    snprintf(pipe, sizeof pipe, "/tmp/test_table_%d", (int)getpid());
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(table_reader_open(pipe, NULL, &reader, &error), BH_ERROR_IO); /* and does not wait for a writer */
    unlink(pipe);
}

static void lines_of_all_lengths_cross_the_blocks(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    static char bytes[ROWS * 700];
    size_t used = (size_t)sprintf(bytes, "a,b\r\n");
    for (int i = 0; i < ROWS; i++)
        used += (size_t)sprintf(bytes + used, "%d,\"%0*d\"\"\r\n\"\r\n", i, 1 + i * 7 % 613, i);
    table_reader *reader;
    const table_row *row;
    assert_int_equal(table_reader_open(file_of(bytes, used), NULL, &reader, NULL), BH_OK);
    for (int i = 0; i < ROWS; i++) {
        char expected[700];
        int length = sprintf(expected, "%0*d\"\r\n", 1 + i * 7 % 613, i);
        assert_int_equal(table_reader_next(reader, &row, NULL), BH_OK);
        assert_non_null(row);
        assert_int_equal(row->line, 2 + 2 * i);
        assert_int_equal(atoi(row->cells[0].text), i);
        assert_int_equal(row->cells[1].length, length);
        assert_memory_equal(row->cells[1].text, expected, (size_t)length);
    }
    assert_int_equal(table_reader_next(reader, &row, NULL), BH_OK);
    assert_null(row);
    assert_int_equal(table_reader_bad(reader)->count, 0);
    table_reader_close(reader);
}

/* A row of 20 MiB between others: skipped, and the lines are still counted. */
static void a_row_without_end_is_bad_and_bounded(void **state)
{
    (void)state;
    size_t size = 20 << 20, used = 0;
    char *bytes = malloc(size + 100);
    used += (size_t)sprintf(bytes, "a,b\n1,2\n3,4\n5,6\n");
    memset(bytes + used, 'x', size);
    used += size;
    used += (size_t)sprintf(bytes + used, "\n7,8\n9\n");
    const char *path = file_of(bytes, used);
    free(bytes);
    assert_string_equal(read_all(path, NULL), "[1|2][3|4][5|6][7|8]!5 longer than 16 MiB!7 1 cell, not 2");
}

static bool stop_soon(double percent, uint64_t rows, void *user)
{
    (void)percent;
    (void)rows;
    return ++*(int *)user < 3;
}

static void reading_can_be_cancelled(void **state)
{
    (void)state;
    static char bytes[2 << 20];
    int calls = 0;
    table_options options;
    table_reader *reader;
    const table_row *row;
    table_error error;
    memset(bytes, '1', sizeof bytes);
    for (size_t i = 99; i < sizeof bytes; i += 100)
        bytes[i] = '\n';
    table_options_init(&options);
    options.go_on = stop_soon;
    options.user = &calls;
    assert_int_equal(table_reader_open(file_of(bytes, sizeof bytes), &options, &reader, NULL), BH_OK);
    bh_status status;
    while (!(status = table_reader_next(reader, &row, &error)))
        assert_non_null(row);
    assert_int_equal(status, BH_CANCELLED);
    assert_int_equal(error.status, BH_CANCELLED);
    assert_null(row);
    table_reader_close(reader);
}

static void numbers_are_what_strtod_says(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "1.5",
                                        ".5",
                                        "5.",
                                        "1e5",
                                        "1E-5",
                                        "+3",
                                        " 7 ",
                                        "1e400",
                                        "inf",
                                        "-Infinity",
                                        "1e-400",
                                        "123456789012345678901234567890",
                                        "0.1",
                                        "4.35",
                                        "9007199254740993",
                                        "0.30000000000000004",
                                        "1.7976931348623157e308",
                                        "5e-324",
                                        "179769313486231580793e289",
                                        "2.2250738585072011e-308",
                                        "8.5e22",
                                        "1e23",
                                        "-1.0e+2"};
    static const char *const others[] = {"",     " ",   "+",   "-",   ".",     "e5",  "1e",      "1e+",
                                         "0x10", "1,5", "1 2", "--1", "1.2.3", "nan", "infinit", "1_0"};
    double value;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_not_equal(table__number(texts[i], strlen(texts[i]), &value), NUMBER_NONE);
        double expected = strtod(texts[i], NULL);
        assert_memory_equal(&value, &expected, sizeof value);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(table__number(others[i], strlen(others[i]), &value), NUMBER_NONE);
    srand(1);
    for (int i = 0; i < 200000; i++) {
        char text[64];
        int digits = 1 + rand() % 20, exponent = rand() % 60 - 30;
        int length = snprintf(text, sizeof text, "%.*e", digits, (double)rand() * rand() / (1 + rand()));
        length = snprintf(strchr(text, 'e'), 8, "e%d", exponent) + (int)(strchr(text, 'e') - text);
        double expected = strtod(text, NULL);
        assert_int_not_equal(table__number(text, (size_t)length, &value), NUMBER_NONE);
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void dates_are_days_that_there_are(void **state)
{
    (void)state;
    static const char *const dates[] = {"2024-02-29", "1999/12/31", "2024-01-01T00:00", "2024-01-01 23:59:59.123Z",
                                        "2024-01-01T12:00:00+02:00"};
    static const char *const others[] = {"2024-02-30",  "2024-13-01",       "2024-1-1",   "20240101",
                                         "2024-01-01x", "2024-01-01T24:00", "2024-01/01", "2024-01-01T12"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
        assert_true(table__is_date(dates[i], strlen(dates[i])));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(table__is_date(others[i], strlen(others[i])));
}

static void text_is_cleaned_for_show(void **state)
{
    (void)state;
    char out[16];
    table_clean(out, sizeof out,
                "gr\xC3\xB6\xDF"
                "e\n\x01",
                8);
    assert_string_equal(out, "gr\xC3\xB6\xEF\xBF\xBD"
                             "e \xEF\xBF\xBD");
    table_clean(out, 4, "ab\xC3\xB6", 4);
    assert_string_equal(out, "ab");
    table_clean(out, sizeof out, "\xED\xA0\x80", 3); /* half of a surrogate pair */
    assert_string_equal(out, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_are_those_of_rfc_4180),
        cmocka_unit_test(what_makes_no_sense_is_bad_with_its_line),
        cmocka_unit_test(a_quote_that_does_not_end_costs_one_line),
        cmocka_unit_test(bad_rows_can_end_the_reading),
        cmocka_unit_test(delimiter_and_header_are_found),
        cmocka_unit_test(a_count_line_is_no_row_and_no_header),
        cmocka_unit_test(names_are_each_once),
        cmocka_unit_test(libsvm_indices_are_checked),
        cmocka_unit_test(libsvm_lines_that_are_none_are_bad),
        cmocka_unit_test(compressed_files_are_read_and_checked),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(lines_of_all_lengths_cross_the_blocks),
        cmocka_unit_test(a_row_without_end_is_bad_and_bounded),
        cmocka_unit_test(reading_can_be_cancelled),
        cmocka_unit_test(numbers_are_what_strtod_says),
        cmocka_unit_test(dates_are_days_that_there_are),
        cmocka_unit_test(text_is_cleaned_for_show),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    file_of("", 0);
    return failed;
}
