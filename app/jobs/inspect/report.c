/* The result of inspect:
 *
 *     rows, blank_lines, bytes, encoding, utf8, first_not_utf8 (line)
 *     options       as found out, fit as arguments of inspect, train and predict
 *     count_line    rows, classes; if there is one
 *     notes         sentences about what is odd
 *     bad_rows      count, first: [{line, reason}]
 *     columns       [{name, type, missing, odd, unique, unique_is_more, min, max, mean, infinite, top: [{value, times}]}]
 *     label, greatest_index, entries: of libsvm files, whose columns are their features
 *     preview       [{line, bad, cells: [strings], all: how many cells it has}]: the first rows, bad ones too
 *     index         path of the index of rows, or index_refused: why there is none; if one was asked for
 *
 * Of a column, what does not apply is left out. Its type is integer, number, boolean, date, category, text or empty; min and max
 * of dates are strings; odd values are those that are no number among numbers. */
#include "jobs/inspect/inspect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- columns */

static void write_value(bh_message *out, const inspection *work, const char *bytes, size_t length)
{
    char text[PREVIEW_TEXT];
    double number;
    if (work->sparse) {
        memcpy(&number, bytes, sizeof number);
        snprintf(text, sizeof text, "%.15g", number);
    } else {
        table_clean(text, sizeof text, bytes, length);
    }
    bh_message_add_string(out, "value", text);
}

static void write_top(bh_message *out, const inspection *work, const column *in, size_t *size)
{
    size_t top[COLUMN_TOP + 1], count = column_top(in, top);
    if (count == 0 || *size > MAX_TOP_SIZE)
        return;
    bh_message_begin_array(out, "top");
    for (size_t i = 0; i < count; i++) {
        const dictionary_entry *entry = &in->values.entries[top[i]];
        bh_message_begin_map(out, NULL);
        write_value(out, work, dictionary_text(&in->values, top[i]), entry->length);
        bh_message_add_uint(out, "times", entry->times);
        bh_message_end(out);
        *size += entry->length + 64;
    }
    bh_message_end(out);
}

/* A number as an integer where the column has such only. */
static void write_number(bh_message *out, const char *key, double value, bool integer)
{
    if (integer && fabs(value) < 9e15)
        bh_message_add_int(out, key, (int64_t)value);
    else
        bh_message_add_double(out, key, value);
}

static void write_column(bh_message *out, const inspection *work, const column *in, const char *key, const char *name,
                         size_t *size)
{
    uint64_t odd, finite = in->numbers - in->infinite;
    const char *type = column_type(in, &odd);
    bool integer = strcmp(type, "integer") == 0, number = integer || strcmp(type, "number") == 0;
    bh_message_begin_map(out, key);
    bh_message_add_string(out, "name", name);
    bh_message_add_string(out, "type", type);
    bh_message_add_uint(out, "missing", work->sparse && !key ? table_reader_rows(work->reader) - in->numbers : in->missing);
    if (odd)
        bh_message_add_uint(out, "odd", odd);
    bh_message_add_uint(out, "unique", in->values.count);
    if (in->uncounted)
        bh_message_add_bool(out, "unique_is_more", true);
    if (number && finite) {
        write_number(out, "min", in->least, integer);
        write_number(out, "max", in->greatest, integer);
        bh_message_add_double(out, "mean", in->sum / (double)finite);
    }
    if (in->infinite)
        bh_message_add_uint(out, "infinite", in->infinite);
    if (strcmp(type, "date") == 0) {
        bh_message_add_string(out, "min", in->first_date);
        bh_message_add_string(out, "max", in->last_date);
    }
    write_top(out, work, in, size);
    bh_message_end(out);
}

static void write_columns(bh_message *out, const inspection *work, const table_facts *facts)
{
    size_t size = 0;
    char name[24];
    if (work->sparse) {
        write_column(out, work, &work->columns[0], "label", "label", &size);
        bh_message_add_uint(out, "greatest_index", work->greatest);
        bh_message_add_uint(out, "entries", work->entries);
    }
    bh_message_begin_array(out, "columns");
    for (size_t i = work->sparse; i < work->count; i++) {
        if (work->sparse && i == 1 && work->columns[1].numbers == 0)
            continue; /* index 0 of a file that begins with 1 */
        snprintf(name, sizeof name, "%zu", i - work->sparse);
        write_column(out, work, &work->columns[i], NULL, work->sparse ? name : facts->names[i], &size);
    }
    bh_message_end(out);
}

/* --- rows */

static void write_bad(bh_message *out, const table_bad *bad)
{
    bh_message_begin_map(out, "bad_rows");
    bh_message_add_uint(out, "count", bad->count);
    bh_message_begin_array(out, "first");
    for (size_t i = 0; i < bad->kept; i++) {
        bh_message_begin_map(out, NULL);
        bh_message_add_uint(out, "line", bad->first[i].line);
        bh_message_add_string(out, "reason", bad->first[i].reason);
        bh_message_end(out);
    }
    bh_message_end(out);
    bh_message_end(out);
}

static void write_preview(bh_message *out, const inspection *work)
{
    bh_message_begin_array(out, "preview");
    for (size_t i = 0; i < work->preview_rows; i++) {
        const preview_row *row = &work->preview[i];
        const char *text = work->texts + row->first;
        bh_message_begin_map(out, NULL);
        bh_message_add_uint(out, "line", row->line);
        bh_message_add_bool(out, "bad", row->bad);
        bh_message_begin_array(out, "cells");
        for (size_t k = 0; k < row->count; k++, text += strlen(text) + 1)
            bh_message_add_string(out, NULL, text);
        bh_message_end(out);
        bh_message_add_uint(out, "all", row->all);
        bh_message_end(out);
    }
    bh_message_end(out);
}

/* --- the file */

static void write_notes(bh_message *out, const inspection *work, const table_facts *facts)
{
    char text[200];
    uint64_t rows = table_reader_rows(work->reader);
    bh_message_begin_array(out, "notes");
    if (facts->count_line_rows >= 0 && (uint64_t)facts->count_line_rows != rows) {
        snprintf(text, sizeof text, "the count line promises %lld rows, but %llu good ones are there",
                 (long long)facts->count_line_rows, (unsigned long long)rows);
        bh_message_add_string(out, NULL, text);
    }
    if (rows == 0)
        bh_message_add_string(out, NULL, "there is no good row");
    if (work->full)
        bh_message_add_string(out, NULL, "there are too many different values to count them in all columns");
    if (work->sparse && work->greatest >= MAX_SPARSE) {
        snprintf(text, sizeof text, "features from %d on are not looked at one by one; the greatest is %u", MAX_SPARSE,
                 work->greatest);
        bh_message_add_string(out, NULL, text);
    }
    bh_message_end(out);
}

static void write_file(bh_message *out, const inspection *work, const table_facts *facts)
{
    uint64_t line = 0;
    for (size_t i = 0; i < work->count; i++) {
        uint64_t other = work->columns[i].first_bad_utf8;
        line = other && (!line || other < line) ? other : line;
    }
    bh_message_add_uint(out, "rows", table_reader_rows(work->reader));
    bh_message_add_uint(out, "blank_lines", table_reader_blank(work->reader));
    bh_message_add_uint(out, "bytes", facts->bytes);
    bh_message_add_string(out, "encoding", facts->encoding);
    bh_message_add_bool(out, "utf8", line == 0);
    if (line)
        bh_message_add_uint(out, "first_not_utf8", line);
    bh_message_begin_map(out, "options");
    table_options_write(&facts->options, out);
    bh_message_end(out);
    if (facts->options.count_line != TABLE_YES)
        return;
    bh_message_begin_map(out, "count_line");
    bh_message_add_int(out, "rows", facts->count_line_rows);
    bh_message_begin_array(out, "classes");
    for (size_t i = 0; i < facts->class_count; i++)
        bh_message_add_string(out, NULL, facts->classes[i]);
    bh_message_end(out);
    bh_message_end(out);
}

bh_status inspection_report(const inspection *work, bh_message *result)
{
    const void *data;
    size_t size;
    const table_facts *facts = table_reader_facts(work->reader);
    write_file(result, work, facts);
    write_notes(result, work, facts);
    write_bad(result, table_reader_bad(work->reader));
    write_columns(result, work, facts);
    write_preview(result, work);
    if (work->index)
        bh_message_add_string(result, "index", work->index);
    if (*work->index_refused)
        bh_message_add_string(result, "index_refused", work->index_refused);
    return bh_message_data(result, &data, &size);
}
