/* For tests of tables: files of a few lines, and what a reader makes of them. */
#ifndef TEST_TABLE_H
#define TEST_TABLE_H

#include "heard.h"

#include "jobs/table/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A file of SIZE bytes that is gone when the next one is made. */
static inline const char *file_of(const void *bytes, size_t size)
{
    static char path[64];
    if (*path)
        unlink(path);
    snprintf(path, sizeof path, "/tmp/test_table_%d_XXXXXX", (int)getpid());
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    close(file);
    return path;
}

#define file_with(text) file_of(text, sizeof(text) - 1)

/* One file of a package's data, as the test package_data has put it there. */
static inline const char *package_file(const char *name)
{
    static char path[4096];
    const char *folder = getenv("BULKHEAD_PACKAGE_DATA");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "package-data", name);
    if (access(path, R_OK) != 0)
        fail_msg("%s is not there: run the test package_data first", path);
    return path;
}

/* Rows as text, "[a|b][c|d]", then what is bad, "!3 reason". */
static inline const char *read_all(const char *path, const table_options *options)
{
    static char text[8192];
    table_error error = {0};
    table_reader *reader;
    const table_row *row;
    size_t used = 0;
    text[0] = 0;
    if (table_reader_open(path, options, &reader, &error)) {
        snprintf(text, sizeof text, "%s", error.text);
        return text;
    }
    bh_status status;
    while (!(status = table_reader_next(reader, &row, &error)) && row) {
        used += (size_t)snprintf(text + used, sizeof text - used, "[");
        if (!row->cells)
            used += (size_t)snprintf(text + used, sizeof text - used, "%g", row->label);
        for (size_t i = 0; i < row->count && used < sizeof text; i++)
            if (row->cells)
                used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s", i ? "|" : "", (int)row->cells[i].length,
                                         row->cells[i].text);
            else
                used += (size_t)snprintf(text + used, sizeof text - used, " %u:%g", row->index[i], row->value[i]);
        used += (size_t)snprintf(text + used, sizeof text - used, "]");
    }
    const table_bad *bad = table_reader_bad(reader);
    for (size_t i = 0; i < bad->kept && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "!%d %s", (int)bad->first[i].line, bad->first[i].reason);
    if (status)
        snprintf(text + used, sizeof text - used, "# %s", error.text);
    table_reader_close(reader);
    return text;
}

#define assert_reads(content, expected) assert_string_equal(read_all(file_with(content), NULL), expected)

#endif
